#include "migration/postgresql/inspection.hpp"

#include <cstddef>
#include <vector>

#include "core/ascii.hpp"
#include "migration/postgresql/identifier.hpp"
#include "sql/lexer.hpp"

namespace flowdb::migration::postgresql {

namespace {

using sql::Token;
using sql::TokenKind;

/// Goes through a statement's tokens, comments left out.
class Reader {
 public:
  explicit Reader(std::string_view statement) : statement_(statement) {
    sql::Lexer lexer{statement, sql::postgresql_dialect()};
    for (auto token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
      if (token.kind != TokenKind::comment) tokens_.push_back(token);
    }
  }

  /// Goes past the words if they come next, in this order.
  template <typename... Words>
  bool skip(Words... words) {
    const std::size_t start = next_;
    const bool found = (take(words) && ...);
    if (!found) next_ = start;
    return found;
  }
  /// Goes behind the word, wherever it comes; false when it does not.
  bool skip_to(std::string_view word) {
    while (next_ < tokens_.size() && !tokens_[next_].is_word(word)) ++next_;
    if (next_ == tokens_.size()) return false;
    ++next_;
    return true;
  }
  bool has(std::string_view word) const {
    for (const auto& token : tokens_) {
      if (token.is_word(word)) return true;
    }
    return false;
  }
  /// `schema.name` as it is written; empty when no name comes next.
  std::string_view name() {
    const std::size_t start = next_;
    while (is_name() && next_ + 1 < tokens_.size() && tokens_[next_ + 1].is_symbol('.')) next_ += 2;
    if (!is_name()) return {};
    const auto begin = tokens_[start].begin;
    last_ = tokens_[next_];
    return statement_.substr(begin, tokens_[next_++].end() - begin);
  }
  /// The last part of the name read last, as the server stores it.
  std::string stored() const { return stored_name(last_); }
  bool is_next(std::string_view word) const {
    return next_ < tokens_.size() && tokens_[next_].is_word(word);
  }

 private:
  bool take(std::string_view word) {
    if (!is_next(word)) return false;
    ++next_;
    return true;
  }
  bool is_name() const {
    return next_ < tokens_.size() && (tokens_[next_].kind == TokenKind::word ||
                                      tokens_[next_].kind == TokenKind::quoted_identifier);
  }

  std::string_view statement_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  Token last_;
};

InspectionQuestion unknown(const std::string& what) {
  return {.advice = "Look whether " + what};
}

/// An object of the whole cluster, by its name in a catalogue.
InspectionQuestion cluster_object(Reader& reader, const char* kind, const char* catalogue,
                                  const char* column, bool makes) {
  reader.skip("IF", "EXISTS");
  const std::string name{reader.name()};
  return {.sql = std::string{"SELECT true AS is_there, false AS is_broken FROM pg_catalog."} +
                 catalogue + " WHERE " + column + " = CAST(:name AS text)",
          .params = {{"name", reader.stored()}},
          .makes = makes,
          .advice = std::string{"Look whether the "} + kind + " " + name + " exists."};
}

InspectionQuestion created_index(Reader& reader) {
  reader.skip("IF", "NOT", "EXISTS");
  if (reader.is_next("ON")) {
    return unknown(
        "the table has the index that this statement creates, and whether it is valid (\\d shows "
        "both). Give indexes a name, and flowdb looks for itself.");
  }
  const std::string written{reader.name()};
  const auto name = reader.stored();
  reader.skip("ON");
  reader.skip("ONLY");
  const std::string table{reader.name()};
  const auto dot = table.rfind('.');
  const auto schema = dot == std::string::npos ? std::string{} : table.substr(0, dot + 1);
  return {.sql =
              "SELECT true AS is_there, NOT i.indisvalid AS is_broken FROM pg_catalog.pg_index i"
              " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
              " WHERE c.relname = CAST(:name AS text)"
              " AND c.relnamespace = (SELECT relnamespace FROM pg_catalog.pg_class"
              " WHERE oid = to_regclass(CAST(:table_name AS text)))",
          .params = {{"name", name}, {"table_name", table}},
          .advice = "An attempt has left the index " + written +
                    " INVALID. Remove it, and run the migrations again: DROP INDEX CONCURRENTLY " +
                    schema + written + ";"};
}

InspectionQuestion dropped_index(Reader& reader) {
  reader.skip("IF", "EXISTS");
  const std::string name{reader.name()};
  // An index that a former attempt has made invalid only can still be dropped.
  return {.sql =
              "SELECT true AS is_there, false AS is_broken"
              " WHERE to_regclass(CAST(:name AS text)) IS NOT NULL",
          .params = {{"name", name}},
          .makes = false,
          .advice = "Look whether the index " + name + " exists."};
}

InspectionQuestion detached_partition(Reader& reader) {
  reader.skip("TABLE");
  reader.skip("IF", "EXISTS");
  reader.skip("ONLY");
  const std::string table{reader.name()};
  reader.skip_to("PARTITION");
  const std::string partition{reader.name()};
  return {.sql =
              "SELECT true AS is_there, inhdetachpending AS is_broken FROM pg_catalog.pg_inherits"
              " WHERE inhrelid = to_regclass(CAST(:partition AS text))"
              " AND inhparent = to_regclass(CAST(:table_name AS text))",
          .params = {{"partition", partition}, {"table_name", table}},
          .makes = false,
          .advice =
              "The partition is half detached. Finish that, and run the migrations again: "
              "ALTER TABLE " +
              table + " DETACH PARTITION " + partition + " FINALIZE;"};
}

InspectionQuestion of_object(Reader& reader, bool makes) {
  if (reader.skip("DATABASE")) {
    return cluster_object(reader, "database", "pg_database", "datname", makes);
  }
  if (reader.skip("TABLESPACE")) {
    return cluster_object(reader, "tablespace", "pg_tablespace", "spcname", makes);
  }
  if (reader.skip("SUBSCRIPTION")) {
    return cluster_object(reader, "subscription", "pg_stat_subscription", "subname", makes);
  }
  reader.skip("UNIQUE");
  if (reader.skip("INDEX", "CONCURRENTLY")) {
    return makes ? created_index(reader) : dropped_index(reader);
  }
  return unknown("the statement was carried out.");
}

}  // namespace

InspectionQuestion inspection_of(std::string_view statement) {
  Reader reader{statement};
  if (reader.skip("CREATE")) return of_object(reader, true);
  if (reader.skip("DROP")) return of_object(reader, false);
  if (reader.is_next("ALTER") && reader.has("DETACH")) {
    reader.skip("ALTER");
    return detached_partition(reader);
  }
  // VACUUM, REINDEX, CLUSTER, DISCARD, ALTER SYSTEM, ALTER DATABASE … SET TABLESPACE: what they
  // bring about is the same however often they run.
  return {.otherwise = Inspection::Outcome::repeatable};
}

}  // namespace flowdb::migration::postgresql
