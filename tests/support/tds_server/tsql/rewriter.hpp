#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/tds_server/protocol/data_type.hpp"
#include "support/tds_server/tsql/lexer.hpp"

namespace flowdb::tds_server {

/// A T-SQL variable or parameter; the value is PostgreSQL's text of it.
struct Variable {
  DataType type{};
  std::optional<std::string> value{};
};
/// By name in lower case, with the `@`.
using Variables = std::map<std::string, Variable, std::less<>>;

/// What a statement is rewritten with.
struct RewriteContext {
  const Variables* variables = nullptr;
  /// The SQL of what only the session knows, such as `@@SPID` or `DB_NAME` (in upper case); nullopt
  /// when it is none of these.
  std::function<std::optional<std::string>(const std::string& name)> fact{};
  std::string database{};
  /// Gives text parameters their declared type as well, where PostgreSQL cannot infer one.
  bool type_all_parameters = false;
  bool identity_insert = false;
};

/// A statement for PostgreSQL.
struct Rewritten {
  std::string sql{};
  /// The variable of each `$n`, in lower case.
  std::vector<std::string> parameters{};
  /// Names of the result's columns as the statement writes them; nullopt stands for the columns of
  /// a `*`.
  std::vector<std::optional<std::string>> labels{};
  /// `SELECT @a = …, @b = …`: the variables the columns go to.
  std::vector<std::string> assigned{};
};

/// Rewrites one query, INSERT, UPDATE, DELETE, MERGE or definition. Throws SqlError for what it
/// does not understand. For one statement.
class Rewriter {
 public:
  Rewriter(const Lexemes& lexemes, const RewriteContext& context)
      : lexemes_{&lexemes}, context_{&context} {}

  Rewritten statement();
  /// One expression, as `SELECT …`.
  Rewritten expression();
  /// A condition, as `SELECT CASE WHEN … THEN 1 ELSE 0 END`.
  Rewritten condition();

 private:
  /// What a query's end still needs.
  struct Tail {
    std::string limit{};
    std::string locking{};
  };

  const Lexeme& at(std::size_t index) const { return (*lexemes_)[index]; }
  std::size_t last() const { return lexemes_->size() - 1; }
  void put(std::string_view text);
  [[noreturn]] void refuse(const std::string& what) const;

  // rewriter.cpp
  void query(std::size_t begin, std::size_t end, bool outermost);
  std::size_t query_piece(std::size_t index, std::size_t end, Tail& tail);
  void range(std::size_t begin, std::size_t end);
  std::size_t piece(std::size_t index, std::size_t end);
  std::size_t parenthesis(std::size_t index);
  std::size_t hints(std::size_t index, Tail& tail);

  // rewriter_names.cpp
  std::size_t name(std::size_t index, std::size_t end);
  void variable(const Lexeme& lexeme, bool typed);

  // rewriter_functions.cpp
  bool empty_set(std::size_t& index);
  bool special_function(std::size_t& index);
  void conversion(std::size_t begin, std::size_t end);
  void arguments(std::size_t begin, std::size_t end, const std::string& function);
  std::vector<std::pair<std::size_t, std::size_t>> split(std::size_t begin, std::size_t end) const;

  // rewriter_select.cpp
  std::size_t select_head(std::size_t index, std::size_t end, bool outermost, Tail& tail);
  void select_item(std::size_t begin, std::size_t end, bool outermost);
  bool typed_item(std::size_t begin, std::size_t end);
  std::string take_range(std::size_t begin, std::size_t end);

  // rewriter_modify.cpp
  void insert(std::size_t begin);
  void update(std::size_t begin);
  void remove(std::size_t begin);
  void merge(std::size_t begin);
  std::string output_clause(std::size_t begin, std::size_t end, const std::string& target);
  std::size_t find_word(std::size_t begin, std::size_t end,
                        std::initializer_list<std::string_view> words) const;
  std::string target_from(std::size_t from, std::size_t end, const std::string& alias,
                          std::size_t& behind);

  // rewriter_definition.cpp
  void create();
  void create_table(std::size_t index);
  void create_index(std::size_t index, bool unique);
  void table_item(std::size_t begin, std::size_t end);
  void column(std::size_t begin, std::size_t end);
  void column_options(std::size_t begin, std::size_t end);
  void alter_table();
  void drop();

  const Lexemes* lexemes_;
  const RewriteContext* context_;
  Rewritten result_;
  std::string out_;
};

/// A name in PostgreSQL's quotes.
std::string quoted_name(std::string_view name);

}  // namespace flowdb::tds_server
