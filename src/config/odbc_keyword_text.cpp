#include "config/odbc_keyword_text.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "config/connection_string_error.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

class OdbcKeywordParser {
 public:
  OdbcKeywordParser(const std::string& database_name, std::string_view text)
      : database_name_(database_name), text_(text) {}

  std::vector<KeywordValue> parse() {
    for (skip_separators(); !at_end(); skip_separators()) {
      read_pair();
    }
    return std::move(pairs_);
  }

 private:
  bool at_end() const { return position_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[position_]; }
  void skip_spaces() {
    while (is_space(peek())) {
      ++position_;
    }
  }
  void skip_separators() {
    while (is_space(peek()) || peek() == ';') {
      ++position_;
    }
  }
  std::string_view take_until(std::string_view ends) {
    const auto start = position_;
    position_ = std::min(text_.find_first_of(ends, start), text_.size());
    return text_.substr(start, position_ - start);
  }
  [[noreturn]] void refuse(const std::string& why) const {
    refuse_connection_string(database_name_,
                             "keyword " + std::to_string(pairs_.size() + 1) + " " + why);
  }

  void read_pair() {
    const auto name = trim(take_until("=;"));
    const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
      return is_alphanumeric(c) || c == '_' || c == ' ' || c == '-';
    });
    if (peek() != '=' || name.empty() || !is_plain) {
      refuse("is not a name followed by '='; a value with a ';' is written between braces");
    }
    ++position_;
    skip_spaces();
    auto value = peek() == '{' ? read_braced() : std::string{trim(take_until(";"))};
    pairs_.push_back({std::string{name}, std::move(value)});
  }

  std::string read_braced() {
    std::string value;
    for (++position_; !at_end(); ++position_) {
      if (peek() == '}') {
        ++position_;
        if (peek() != '}') {
          expect_end();
          return value;
        }
      }
      value += peek();
    }
    refuse("has a value whose brace is not closed; within braces write } as }}");
  }

  void expect_end() {
    skip_spaces();
    if (!at_end() && peek() != ';') {
      refuse("has text behind its closing brace; within braces write } as }}");
    }
  }

  const std::string& database_name_;
  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<KeywordValue> pairs_;
};

}  // namespace

std::vector<KeywordValue> parse_odbc_keyword_text(const std::string& database_name,
                                                  std::string_view text) {
  return OdbcKeywordParser{database_name, text}.parse();
}

std::string odbc_value(std::string_view value) {
  constexpr std::string_view kPlain = "_-.:/\\";
  const bool is_plain = std::all_of(value.begin(), value.end(), [&](char c) {
    return is_alphanumeric(c) || kPlain.find(c) != std::string_view::npos;
  });
  if (is_plain) {
    return std::string{value};
  }
  std::string result = "{";
  for (const char c : value) {
    result += c;
    if (c == '}') {
      result += c;
    }
  }
  return result + '}';
}

}  // namespace flowdb::config
