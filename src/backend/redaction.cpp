#include "backend/redaction.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "backend/value_text.hpp"

namespace flowdb::backend {
namespace {

/// From this length on a value is hidden wherever it appears; a shorter one only as a word of its
/// own, or `1` would riddle every message.
constexpr std::size_t kHideAnywhere = 6;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  const bool free_left = begin == 0 || !is_word(text[begin - 1]) || !is_word(text[begin]);
  const bool free_right = end == text.size() || !is_word(text[end]) || !is_word(text[end - 1]);
  return free_left && free_right;
}

void hide(std::string& text, std::string_view value) {
  std::size_t position = 0;
  while ((position = text.find(value, position)) != std::string::npos) {
    if (value.size() < kHideAnywhere && !stands_alone(text, position, position + value.size())) {
      ++position;
      continue;
    }
    text.replace(position, value.size(), "?");
    ++position;
  }
}

/// Replaces what stands between a pair of `quote`s, unless `keep` lists it.
void hide_quoted(std::string& text, char quote, const std::vector<std::string>& keep) {
  std::size_t begin = 0;
  while ((begin = text.find(quote, begin)) != std::string::npos) {
    const std::size_t end = text.find(quote, begin + 1);
    const bool closed = end != std::string::npos;
    const std::string inside = text.substr(begin + 1, closed ? end - begin - 1 : std::string::npos);
    if (std::find(keep.begin(), keep.end(), inside) != keep.end()) {
      begin = end + 1;
      continue;
    }
    text.replace(begin + 1, inside.size(), "?");
    begin += closed ? 3 : text.size();
  }
}

/// An apostrophe within a word (`isn't`) opens no literal.
void hide_literals(std::string& text) {
  const std::size_t begin = text.find('\'');
  if (begin == std::string::npos || (begin > 0 && is_word(text[begin - 1]))) {
    return;
  }
  hide_quoted(text, '\'', {});
}

void fold_lines(std::string& text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; },
                  ' ');
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
  if (std::string text = value_text(value); !text.empty()) {
    texts.push_back(std::move(text));
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

std::string Redactor::clean(std::string_view text, bool quotes_hold_values) const {
  std::string cleaned{text};
  if (quotes_hold_values) {
    hide_quoted(cleaned, '"', names_);
  }
  hide_literals(cleaned);
  for (const auto& value : values_) {
    hide(cleaned, value);
  }
  fold_lines(cleaned);
  return cleaned;
}

}  // namespace flowdb::backend
