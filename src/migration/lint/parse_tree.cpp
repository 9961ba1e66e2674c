#include "migration/lint/parse_tree.hpp"

#ifdef FLOWDB_HAS_PG_QUERY
#include <pg_query.h>

#include "sql/text_position.hpp"
#endif

namespace flowdb::migration::lint {

#ifdef FLOWDB_HAS_PG_QUERY

namespace {

/// What the parser has allocated, until the scope ends.
class Result {
 public:
  explicit Result(const std::string& statement) : result_(pg_query_parse(statement.c_str())) {}
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  ~Result() { pg_query_free_parse_result(result_); }

  const PgQueryParseResult& operator*() const noexcept { return result_; }

 private:
  PgQueryParseResult result_;
};

}  // namespace

bool has_parser() noexcept {
  return true;
}

ParseTree parse(std::string_view statement) {
  ParseTree tree;
  const Result parsed{std::string{statement}};
  const auto& result = *parsed;
  if (result.error != nullptr) {
    tree.error = result.error->message;
    const auto position = result.error->cursorpos;
    if (position > 0) {
      tree.error_offset = sql::byte_of_character(statement, static_cast<std::size_t>(position));
    }
    return tree;
  }
  auto document = nlohmann::json::parse(result.parse_tree, nullptr, false);
  if (document.is_object() && document.contains("stmts") && !document["stmts"].empty()) {
    tree.statement = std::move(document["stmts"][0]["stmt"]);
  }
  return tree;
}

#else

bool has_parser() noexcept {
  return false;
}

ParseTree parse(std::string_view) {
  return {};
}

#endif

}  // namespace flowdb::migration::lint
