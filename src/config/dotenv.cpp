#include "config/dotenv.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <flowdb/error.hpp>

#include "config/dotenv_interpolation.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

/// Without a byte order mark, and with every line ending in `\n`.
std::string with_plain_line_ends(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (!is_pair) {
      result += text[i] == '\r' ? '\n' : text[i];
    }
  }
  return result;
}

/// The character that a backslash and `c` stand for between `quote`s, or NUL when they stand for
/// themselves.
char unescaped(char c, char quote) {
  if (c == '\\' || c == '\'') {
    return c;
  }
  if (quote == '\'') {
    return '\0';
  }
  constexpr std::string_view kLetters = "abfnrtv\"";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\"";
  const auto index = kLetters.find(c);
  return index == std::string_view::npos ? '\0' : kMeanings[index];
}

class Parser {
 public:
  Parser(std::string text, const std::string& shown_name, const VariableLookup& environment,
         const DotenvValues& earlier_file)
      : text_(std::move(text)),
        shown_name_(shown_name),
        environment_(environment),
        earlier_file_(earlier_file) {}

  DotenvValues run() {
    if (const auto nul = text_.find('\0'); nul != std::string::npos) {
      fail(nul, "a NUL character; a .env file is plain text");
    }
    for (skip_while(is_space); !at_end(); skip_while(is_space)) {
      read_statement();
    }
    return std::move(values_);
  }

 private:
  static bool is_blank(char c) { return c != '\n' && is_space(c); }
  static bool is_in_line(char c) { return c != '\n'; }
  static bool is_key_character(char c) {
    return is_alphanumeric(c) || c == '_' || c == '.' || c == '-';
  }

  bool at_end() const { return position_ == text_.size(); }
  char peek() const { return at_end() ? '\n' : text_[position_]; }

  template <typename Predicate>
  std::string_view skip_while(Predicate predicate) {
    const auto start = position_;
    while (!at_end() && predicate(text_[position_])) {
      ++position_;
    }
    return std::string_view{text_}.substr(start, position_ - start);
  }

  [[noreturn]] void fail(std::size_t position, const std::string& why) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(position);
    const auto line = 1 + std::count(text_.begin(), end, '\n');
    throw ConfigurationError(shown_name_ + ":" + std::to_string(line) + ": " + why);
  }

  void read_statement() {
    if (peek() == '#') {
      skip_while(is_in_line);
      return;
    }
    const auto key = read_key();
    skip_while(is_blank);
    if (peek() != '=') {
      fail(position_, "expected KEY=value; an empty value is written KEY=");
    }
    ++position_;
    skip_while(is_blank);
    values_.insert_or_assign(key, Secret{read_value()});
    finish_line();
  }

  void finish_line() {
    skip_while(is_blank);
    if (peek() == '#') {
      skip_while(is_in_line);
    }
    if (peek() != '\n') {
      fail(position_, "text behind the closing quote, where only a comment may follow");
    }
  }

  std::string read_key() {
    const auto start = position_;
    constexpr std::string_view kExport = "export";
    if (text_.compare(start, kExport.size(), kExport) == 0) {
      position_ += kExport.size();
      if (skip_while(is_blank).empty()) {
        position_ = start;
      }
    }
    const bool is_quoted = peek() == '\'';
    position_ += is_quoted ? 1U : 0U;
    const std::string key{skip_while(is_key_character)};
    if (key.empty() || (is_quoted && peek() != '\'')) {
      fail(start, "expected KEY=value, with a KEY of letters, digits, '_', '.' and '-'");
    }
    position_ += is_quoted ? 1U : 0U;
    return key;
  }

  std::string read_value() {
    const char first = peek();
    const bool is_quoted = first == '"' || first == '\'';
    const auto lookup = [this](std::string_view name) { return look_up(name); };
    // python-dotenv looks for ${…} whatever the quotes: in its dotenv_values(), resolve_variables()
    // sees only values.
    return interpolate(is_quoted ? read_quoted(first) : read_unquoted(), lookup);
  }

  std::string read_unquoted() {
    auto value = skip_while(is_in_line);
    for (std::size_t i = 1; i < value.size(); ++i) {
      if (value[i] == '#' && is_blank(value[i - 1])) {
        value = value.substr(0, i);
        break;
      }
    }
    return std::string{trim(value)};
  }

  std::string read_quoted(char quote) {
    const auto start = position_++;
    std::string value;
    while (!at_end() && text_[position_] != quote) {
      const char c = text_[position_++];
      const char meaning = c == '\\' && !at_end() ? unescaped(text_[position_], quote) : '\0';
      if (meaning != '\0') {
        ++position_;
      }
      value += meaning != '\0' ? meaning : c;
    }
    if (at_end()) {
      fail(start, "the quote that begins in this line is not closed");
    }
    ++position_;
    return value;
  }

  std::optional<std::string> look_up(std::string_view name) const {
    if (auto value = environment_(name)) {
      return value;
    }
    for (const auto* values : {&std::as_const(values_), &earlier_file_}) {
      if (const auto found = values->find(name); found != values->end()) {
        return found->second.reveal();
      }
    }
    return std::nullopt;
  }

  std::string text_;
  const std::string& shown_name_;
  const VariableLookup& environment_;
  const DotenvValues& earlier_file_;
  std::size_t position_ = 0;
  DotenvValues values_;
};

}  // namespace

DotenvValues parse_dotenv(std::string_view text, const std::string& shown_name,
                          const VariableLookup& environment, const DotenvValues& earlier_file) {
  return Parser{with_plain_line_ends(text), shown_name, environment, earlier_file}.run();
}

}  // namespace flowdb::config
