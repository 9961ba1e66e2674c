#include "migration/lint/parse_tree.hpp"

#ifdef FLOWDB_HAS_PG_QUERY
#include <mutex>

#include <pg_query.h>

#include "sql/text_position.hpp"
#endif

namespace flowdb::migration::lint {

#ifdef FLOWDB_HAS_PG_QUERY

namespace {

/// Of a longer statement, which can hardly be anything but data, only the syntax is looked at: its
/// tree would take a hundred times its length.
constexpr std::size_t kLongestTree = std::size_t{256} * 1024;

/// While it parses, the library turns the process's standard error away, so two threads must not
/// do that at the same time.
std::mutex& parser_mutex() {
  static std::mutex mutex;
  return mutex;
}

/// What the library has allocated, until the scope ends.
class Result {
 public:
  explicit Result(const std::string& statement) : result_(pg_query_parse(statement.c_str())) {}
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  ~Result() { pg_query_free_parse_result(result_); }

  const PgQueryError* error() const noexcept { return result_.error; }
  const char* tree() const noexcept { return result_.parse_tree; }

 private:
  PgQueryParseResult result_;
};

/// The same without the tree as text.
class SyntaxResult {
 public:
  explicit SyntaxResult(const std::string& statement)
      : result_(pg_query_parse_protobuf(statement.c_str())) {}
  SyntaxResult(const SyntaxResult&) = delete;
  SyntaxResult& operator=(const SyntaxResult&) = delete;
  ~SyntaxResult() { pg_query_free_protobuf_parse_result(result_); }

  const PgQueryError* error() const noexcept { return result_.error; }

 private:
  PgQueryProtobufParseResult result_;
};

void take_error(const PgQueryError* error, std::string_view statement, ParseTree& tree) {
  if (error == nullptr) return;
  tree.error = error->message;
  if (error->cursorpos <= 0) return;
  tree.error_offset = sql::byte_of_character(statement, static_cast<std::size_t>(error->cursorpos));
}

}  // namespace

bool has_parser() noexcept {
  return true;
}

ParseTree parse(std::string_view statement) {
  const std::lock_guard lock{parser_mutex()};
  ParseTree tree;
  if (statement.size() > kLongestTree) {
    take_error(SyntaxResult{std::string{statement}}.error(), statement, tree);
    return tree;
  }
  const Result result{std::string{statement}};
  take_error(result.error(), statement, tree);
  if (!tree.error.empty()) return tree;
  auto document = nlohmann::json::parse(result.tree(), nullptr, false);
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
