#include "support/tds_server/session/raised_message.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "support/tds_server/protocol/sql_error.hpp"
#include "support/tds_server/tsql/lexer.hpp"

namespace flowdb::tds_server {
namespace {

constexpr int kWidest = 2047;  // as long as a whole message may be

bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string first_characters(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  while (end < text.size() && (count > 0 || !begins_character(text[end]))) {
    if (begins_character(text[end++])) --count;
  }
  return text.substr(0, end);
}

std::string in_base(std::uint32_t value, int base) {
  std::string digits(11, '\0');  // 32 bits in octal
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  digits.resize(static_cast<std::size_t>(end - digits.data()));
  return digits;
}

/// Goes through a pattern from its front to its end, and through the arguments with it.
class MessageWriter {
 public:
  MessageWriter(std::string_view pattern, const std::vector<std::optional<std::string>>& arguments)
      : pattern_{pattern}, arguments_{&arguments} {}

  std::string write() {
    std::string message;
    while (at_ < pattern_.size()) {
      if (pattern_[at_] != '%') {
        message += pattern_[at_++];
      } else if (here(1) == '%') {
        message += '%';
        at_ += 2;
      } else {
        message += place();
      }
    }
    return message;
  }

 private:
  char here(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
  }

  std::size_t number() {
    if (here() == '*') {
      ++at_;
      return static_cast<std::size_t>(std::clamp<std::int64_t>(integer(argument()), 0, kWidest));
    }
    std::size_t value = 0;
    while (here() >= '0' && here() <= '9' && value <= kWidest) {
      value = value * 10 + static_cast<std::size_t>(pattern_[at_++] - '0');
    }
    return value;
  }

  /// What no argument is given for is shown as NULL is.
  std::optional<std::string> argument() {
    return next_ < arguments_->size() ? (*arguments_)[next_++] : std::nullopt;
  }

  static std::int64_t integer(const std::optional<std::string>& text) {
    std::int64_t value = 0;
    const std::string digits = text.value_or("0");
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (end.ec != std::errc{} || end.ptr != digits.data() + digits.size()) {
      throw SqlError{
          2786,
          "The data type of a substitution parameter does not match the expected type of "
          "the format specification."};
    }
    return value;
  }

  std::string place() {
    const std::size_t begin = at_++;
    std::string flags;
    while (here() != '\0' && std::string_view{"-+0# "}.find(here()) != std::string_view::npos) {
      flags += pattern_[at_++];
    }
    const std::size_t width = number();
    std::optional<std::size_t> precision;
    if (here() == '.') {
      ++at_;
      precision = number();
    }
    if (here() == 'h' || here() == 'l') ++at_;
    const char type = here();
    if (type == '\0' || std::string_view{"diosuxX"}.find(type) == std::string_view::npos) {
      throw SqlError{2787, "Invalid format specification: '" +
                               std::string{pattern_.substr(begin, at_ + 1 - begin)} + "'."};
    }
    ++at_;
    const auto given = argument();
    std::string text = given ? shown(*given, type, flags, precision) : std::string{"(null)"};
    const std::size_t length = character_count(text);
    if (length >= width) return text;
    const bool left = flags.find('-') != std::string::npos;
    const bool zeros = !left && type != 's' && flags.find('0') != std::string::npos;
    const std::size_t sign = zeros && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    return text.insert(left ? text.size() : sign, width - length, zeros ? '0' : ' ');
  }

  static std::string shown(const std::string& given, char type, const std::string& flags,
                           std::optional<std::size_t> precision) {
    if (type == 's') return precision ? first_characters(given, *precision) : given;
    const std::int64_t value = integer(given);
    const auto bits = static_cast<std::uint32_t>(value);
    const bool alternate = flags.find('#') != std::string::npos;
    switch (type) {
      case 'u':
        return std::to_string(bits);
      case 'o':
        return (alternate ? "0" : "") + in_base(bits, 8);
      case 'x':
        return (alternate ? "0x" : "") + in_base(bits, 16);
      case 'X':
        return (alternate ? "0X" : "") + upper_case(in_base(bits, 16));
      default:
        break;
    }
    const bool plus = value >= 0 && flags.find('+') != std::string::npos;
    return (plus ? "+" : "") + std::to_string(value);
  }

  std::string_view pattern_;
  const std::vector<std::optional<std::string>>* arguments_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;
};

}  // namespace

std::string raised_message(std::string_view pattern,
                           const std::vector<std::optional<std::string>>& arguments) {
  return MessageWriter{pattern, arguments}.write();
}

}  // namespace flowdb::tds_server
