#include "backend/redaction.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "backend/value_text.hpp"
#include "core/ascii.hpp"

namespace flowdb::backend {
namespace {

/// From this length on a value is hidden wherever it appears; a shorter one only as a word of its
/// own, or `1` would riddle every message.
constexpr std::size_t kHideAnywhere = 6;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  const bool free_left = begin == 0 || !is_word(text[begin - 1]) || !is_word(text[begin]);
  const bool free_right = end == text.size() || !is_word(text[end]) || !is_word(text[end - 1]);
  return free_left && free_right;
}

/// Servers fold the case of what they take for a name: letters are compared without it.
std::size_t find_in_any_case(std::string_view text, std::string_view value, std::size_t from) {
  const auto* const found =
      std::search(text.begin() + from, text.end(), value.begin(), value.end(),
                  [](char left, char right) { return upper(left) == upper(right); });
  return found == text.end() ? std::string_view::npos
                             : static_cast<std::size_t>(found - text.begin());
}

void hide_value(std::string& text, std::string_view value) {
  std::size_t position = 0;
  while ((position = find_in_any_case(text, value, position)) != std::string_view::npos) {
    if (value.size() < kHideAnywhere && !stands_alone(text, position, position + value.size())) {
      ++position;
      continue;
    }
    text.replace(position, value.size(), "?");
    ++position;
  }
}

/// Replaces all from `begin`, where a quotation opens, to the last such quote: what is quoted may
/// hold quotes itself.
void hide_from(std::string& text, std::size_t begin) {
  const std::size_t last = text.rfind(text[begin]);
  const std::size_t end = last > begin ? last : text.size();
  text.replace(begin + 1, end - begin - 1, "?");
}

/// Hides what stands in double quotes, but for names in `keep` before it.
void hide_quoted(std::string& text, const std::vector<std::string>& keep) {
  std::size_t begin = text.find('"');
  while (begin != std::string::npos) {
    const std::size_t end = text.find('"', begin + 1);
    const bool closed = end != std::string::npos;
    if (!closed || std::find(keep.begin(), keep.end(), text.substr(begin + 1, end - begin - 1)) ==
                       keep.end()) {
      hide_from(text, begin);
      return;
    }
    begin = text.find('"', end + 1);
  }
}

/// An apostrophe within a word (`isn't`) opens no literal, but for those of `E'…'` and its kin.
bool opens_literal(std::string_view text, std::size_t quote) {
  if (quote == 0 || !is_word(text[quote - 1])) {
    return true;
  }
  const bool is_prefix = std::string_view{"EeBbXxNn"}.find(text[quote - 1]) != std::string::npos;
  return is_prefix && (quote == 1 || !is_word(text[quote - 2]));
}

void hide_literals(std::string& text) {
  std::size_t quote = text.find('\'');
  while (quote != std::string::npos && !opens_literal(text, quote)) {
    quote = text.find('\'', quote + 1);
  }
  if (quote != std::string::npos) {
    hide_from(text, quote);
  }
}

void fold_lines(std::string& text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  while (!text.empty() && text.back() == ' ') {
    text.pop_back();
  }
}

void add_texts(const Value& value, std::vector<std::string>& texts) {
  if (const auto* array = std::get_if<Array>(&value.data())) {
    for (const auto& element : array->elements) {
      add_texts(element, texts);
    }
    return;
  }
  if (const auto* instant = std::get_if<TimestampTz>(&value.data())) {
    // As the server writes it, up to the zone.
    texts.push_back(Timestamp{instant->since_epoch}.to_string());
  }
  const auto text = value_text(value);
  if (const auto core = trim(text); !core.empty()) {
    texts.emplace_back(core);
  }
}

}  // namespace

void Redactor::hide_values(const Params& params) {
  for (const auto& param : params) {
    add_texts(param.value, values_);
  }
  std::sort(values_.begin(), values_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void Redactor::hide_secret(const Secret& secret) {
  if (!secret.empty()) {
    values_.insert(values_.begin(), secret.reveal());
  }
}

void Redactor::keep_name(std::string_view name) {
  if (!name.empty()) {
    names_.emplace_back(name);
  }
}

std::string Redactor::hide(std::string_view text) const {
  std::string cleaned{text};
  for (const auto& value : values_) {
    hide_value(cleaned, value);
  }
  fold_lines(cleaned);
  return cleaned;
}

std::string Redactor::clean(std::string_view text, bool quotes_hold_values) const {
  std::string cleaned{text};
  for (const auto& value : values_) {
    hide_value(cleaned, value);  // while they are whole
  }
  if (quotes_hold_values) {
    hide_quoted(cleaned, names_);
  }
  hide_literals(cleaned);
  fold_lines(cleaned);
  return cleaned;
}

}  // namespace flowdb::backend
