#include "result/array_text.hpp"

#include "core/types/hexadecimal.hpp"
#include "core/types/text_cursor.hpp"

namespace flowdb::result {
namespace {

constexpr std::size_t kDimensionsLimit = 6;

// Takes `[1:2][-1:0]=` away, if there is one; false when it is malformed.
bool skip_bounds(std::string_view& text) {
  const auto open = text.find('{');
  if (open == 0 || open == text.npos) {
    return open == 0;
  }
  core::TextCursor cursor{text.substr(0, open)};
  const auto accept_number = [&] {
    cursor.accept('-');
    return !cursor.digits().empty();
  };
  do {
    if (!cursor.accept('[') || !accept_number() || !cursor.accept(':') || !accept_number() ||
        !cursor.accept(']')) {
      return false;
    }
  } while (!cursor.accept('='));
  text.remove_prefix(open);
  return cursor.at_end();
}

// Reads the entries of one list, from its `{` to its `}`. Every method gives false at a text that
// is malformed.
class ListScanner {
 public:
  explicit ListScanner(std::string_view text) : text_(text) {}

  bool scan(std::vector<ArrayEntry>& entries) {
    if (!accept('{')) {
      return false;
    }
    if (accept('}')) {
      return at_end();
    }
    do {
      if (!scan_entry(entries.emplace_back())) {
        return false;
      }
    } while (accept(','));
    return accept('}') && at_end();
  }

 private:
  bool at_end() const { return place_ == text_.size(); }

  bool accept(char wanted) {
    if (at_end() || text_[place_] != wanted) {
      return false;
    }
    ++place_;
    return true;
  }

  bool scan_entry(ArrayEntry& entry) {
    if (at_end()) {
      return false;
    }
    if (text_[place_] == '{') {
      entry.kind = ArrayEntry::Kind::list;
      return scan_list(entry.text);
    }
    return accept('"') ? scan_quoted(entry.text) : scan_bare(entry);
  }

  // Behind the opening quote.
  bool scan_quoted(std::string& value) {
    while (!at_end()) {
      char character = text_[place_++];
      if (character == '"') {
        return true;
      }
      if (character == '\\') {
        if (at_end()) {
          return false;
        }
        character = text_[place_++];
      }
      value += character;
    }
    return false;
  }

  bool scan_bare(ArrayEntry& entry) {
    const auto end = text_.find_first_of(",}{\"\\ \t\n\r\v\f", place_);
    if (end == text_.npos || end == place_) {
      return false;
    }
    entry.text = text_.substr(place_, end - place_);
    place_ = end;
    if (entry.text == "NULL") {
      entry.kind = ArrayEntry::Kind::null;
      entry.text.clear();
    }
    return true;
  }

  // To the brace that matches the one here; braces within quotes do not count.
  bool scan_list(std::string& list) {
    const auto begin = place_;
    std::size_t depth = 0;
    do {
      if (accept('{')) {
        ++depth;
      } else if (accept('}')) {
        --depth;
      } else if (accept('"')) {
        std::string ignored;
        if (!scan_quoted(ignored)) {
          return false;
        }
      } else {
        ++place_;
      }
    } while (depth > 0 && depth < kDimensionsLimit && !at_end());
    list = text_.substr(begin, place_ - begin);
    return depth == 0;
  }

  std::string_view text_;
  std::size_t place_ = 0;
};

}  // namespace

std::optional<std::vector<ArrayEntry>> split_array(std::string_view text) {
  std::vector<ArrayEntry> entries;
  if (!skip_bounds(text) || !ListScanner{text}.scan(entries)) {
    return std::nullopt;
  }
  return entries;
}

std::optional<std::string> bytes_from_hexadecimal(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) {
    return std::nullopt;
  }
  std::string bytes;
  bytes.reserve(text.size() / 2 - 1);
  for (std::size_t i = 2; i < text.size(); i += 2) {
    const auto high = core::hexadecimal_value(text[i]);
    const auto low = core::hexadecimal_value(text[i + 1]);
    if (!high || !low) {
      return std::nullopt;
    }
    bytes += static_cast<char>(*high * 16 + *low);
  }
  return bytes;
}

}  // namespace flowdb::result
