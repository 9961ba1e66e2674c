#include "sql/fingerprint.hpp"

#include <algorithm>
#include <utility>

#include "core/utf8.hpp"

namespace flowdb::sql {

namespace {

constexpr std::size_t kLongestCodePoint = 4;
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

bool is_control(char c) noexcept {
  const auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7F;
}

std::string_view shown(const Token& token) noexcept {
  switch (token.kind) {
    case TokenKind::string:
    case TokenKind::number:
      return "?";
    case TokenKind::escaped_colon:
      return ":";
    default:
      return token.text;
  }
}

}  // namespace

void Fingerprint::add(const Token& token) {
  if (text_.size() > kMaxCharacters * kLongestCodePoint) return;
  if (token.begin > end_ && !text_.empty()) text_ += ' ';
  // A name of any length is cut to what can still be shown.
  text_ += shown(token).substr(0, (kMaxCharacters + 1) * kLongestCodePoint);
  end_ = token.end();
}

std::string Fingerprint::take() {
  while (!text_.empty() && (text_.back() == ';' || text_.back() == ' ')) text_.pop_back();
  std::replace_if(text_.begin(), text_.end(), is_control, ' ');
  const auto shown_bytes = utf8::byte_offset(text_, kMaxCharacters);
  const bool is_cut = shown_bytes < text_.size();
  if (is_cut) text_.resize(utf8::byte_offset(text_, kMaxCharacters - 1));
  if (!utf8::is_valid(text_)) {
    std::replace_if(
        text_.begin(), text_.end(), [](char c) { return !is_ascii(c); }, '?');
  }
  if (is_cut) text_ += kEllipsis;
  return std::move(text_);
}

}  // namespace flowdb::sql
