#include "cli/terminal.hpp"

#include <cstdlib>

#include <unistd.h>

#include "core/ascii.hpp"
#include "core/utf8.hpp"

namespace flowdb::cli {

namespace {

const char* sequence_of(Style style) {
  switch (style) {
    case Style::plain:
      break;
    case Style::bold:
      return "\x1b[1m";
    case Style::faint:
      return "\x1b[2m";
    case Style::good:
      return "\x1b[32m";
    case Style::warning:
      return "\x1b[33m";
    case Style::bad:
      return "\x1b[31m";
  }
  return "";
}

}  // namespace

std::string Terminal::styled(Style style, std::string_view text) const {
  if (!has_colours_ || style == Style::plain) return std::string{text};
  return sequence_of(style) + std::string{text} + "\x1b[0m";
}

bool wants_colours(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool is_unwanted = no_color != nullptr && *no_color != '\0';
  const bool is_dumb = term == nullptr || std::string_view{term} == "dumb";
  return isatty(descriptor) == 1 && !is_unwanted && !is_dumb;
}

std::string printable(std::string_view text) {
  std::string result{text};
  for (auto& c : result) {
    if (is_control(c) && c != '\n' && c != '\t') c = '?';
  }
  return result;
}

std::size_t width_of(std::string_view text) {
  return utf8::count_code_points(text);
}

}  // namespace flowdb::cli
