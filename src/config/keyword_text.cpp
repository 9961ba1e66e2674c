#include "config/keyword_text.hpp"

#include <cstddef>
#include <utility>

#include "config/connection_string_error.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

class KeywordParser {
 public:
  KeywordParser(const std::string& database_name, std::string_view text)
      : database_name_(database_name), text_(text) {}

  std::vector<KeywordValue> parse() {
    for (skip_spaces(); !at_end(); skip_spaces()) {
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
  [[noreturn]] void refuse(const std::string& why) const {
    refuse_connection_string(database_name_,
                             "keyword " + std::to_string(pairs_.size() + 1) + " " + why);
  }

  void read_pair() {
    const auto start = position_;
    while (!at_end() && peek() != '=' && !is_space(peek())) {
      ++position_;
    }
    const auto name = text_.substr(start, position_ - start);
    skip_spaces();
    if (name.empty() || peek() != '=') {
      refuse("is not followed by '='; a value with spaces is written between single quotes");
    }
    ++position_;
    skip_spaces();
    auto value = peek() == '\'' ? read_quoted() : read_unquoted();
    pairs_.push_back({std::string{name}, std::move(value)});
  }

  std::string read_unquoted() {
    std::string value;
    while (!at_end() && !is_space(peek())) {
      append_character(value);
    }
    return value;
  }

  std::string read_quoted() {
    std::string value;
    ++position_;
    while (!at_end() && peek() != '\'') {
      append_character(value);
    }
    if (at_end()) {
      refuse("has a value whose single quote is not closed; within it write ' as \\'");
    }
    ++position_;
    return value;
  }

  /// A backslash stands for the character behind it.
  void append_character(std::string& value) {
    if (peek() == '\\') {
      ++position_;
    }
    if (!at_end()) {
      value += text_[position_++];
    }
  }

  const std::string& database_name_;
  std::string_view text_;
  std::size_t position_ = 0;
  std::vector<KeywordValue> pairs_;
};

}  // namespace

std::vector<KeywordValue> parse_keyword_text(const std::string& database_name,
                                             std::string_view text) {
  return KeywordParser{database_name, text}.parse();
}

std::string quoted_keyword(std::string_view name, std::string_view value) {
  std::string result{name};
  result += "='";
  for (const char c : value) {
    if (c == '\\' || c == '\'') {
      result += '\\';
    }
    result += c;
  }
  return result + '\'';
}

}  // namespace flowdb::config
