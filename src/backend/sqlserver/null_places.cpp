#include "backend/sqlserver/null_places.hpp"

#include <cstddef>

#include "sql/lexer.hpp"

namespace flowdb::backend::sqlserver {
namespace {

/// Follows the tokens of a statement.
class PlaceFinder {
 public:
  void add(const sql::Token& token) {
    if (is_open_entry_) {
      // The entry is the parameter alone when the next token ends it.
      places_.back() = token.is_symbol(',') || token.is_symbol(')');
      is_open_entry_ = false;
    }
    if (token.kind == sql::TokenKind::parameter) {
      add_parameter();
    }
    follow_values(token);
    is_first_ = false;
    previous_ = token;
  }

  std::vector<bool> take() { return std::move(places_); }

 private:
  void add_parameter() {
    const bool begins_entry = previous_.is_symbol('(') || previous_.is_symbol(',');
    places_.push_back(is_exec_ || previous_.is_symbol('='));
    is_open_entry_ = !places_.back() && begins_entry && depth_ == row_depth_;
  }

  void follow_values(const sql::Token& token) {
    if (is_first_) {
      is_exec_ = token.is_one_of("EXEC", "EXECUTE");
    }
    if (token.is_symbol('(')) {
      ++depth_;
      if (expects_row_) {
        row_depth_ = depth_;
      }
    } else if (token.is_symbol(')')) {
      if (depth_ == row_depth_) {
        row_depth_ = kNone;
        ended_row_ = true;
        --depth_;
        expects_row_ = false;
        return;
      }
      depth_ -= depth_ > 0 ? 1 : 0;
    }
    expects_row_ = token.is_word("VALUES") || (ended_row_ && token.is_symbol(','));
    ended_row_ = false;
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<bool> places_;
  sql::Token previous_;
  std::size_t depth_ = 0;          // of parentheses
  std::size_t row_depth_ = kNone;  // within a row of VALUES
  bool is_first_ = true;
  bool is_exec_ = false;
  bool expects_row_ = false;
  bool ended_row_ = false;
  bool is_open_entry_ = false;
};

}  // namespace

std::vector<bool> null_places(std::string_view source) {
  sql::Lexer lexer{source, sql::sqlserver_dialect()};
  PlaceFinder finder;
  for (auto token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::comment) {
      finder.add(token);
    }
  }
  return finder.take();
}

}  // namespace flowdb::backend::sqlserver
