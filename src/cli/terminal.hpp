#pragma once

#include <string>
#include <string_view>

namespace flowdb::cli {

enum class Style { plain, bold, faint, good, warning, bad };

/// Text for people: colours where they are seen, and nothing that would move the cursor.
class Terminal {
 public:
  explicit Terminal(bool has_colours) noexcept : has_colours_(has_colours) {}

  std::string styled(Style style, std::string_view text) const;

 private:
  bool has_colours_;
};

/// The stream with that descriptor is a terminal that knows colours, and NO_COLOR is not set
/// (https://no-color.org).
bool wants_colours(int descriptor);

/// Control characters but line ends and tabs as `?`: text may come from a database or a file.
std::string printable(std::string_view text);

/// Columns that the text takes in a terminal, wide characters counted as one.
std::size_t width_of(std::string_view text);

}  // namespace flowdb::cli
