#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowdb::result {

/// One entry of an array's outermost list.
struct ArrayEntry {
  enum class Kind { value, null, list };

  Kind kind = Kind::value;
  std::string text;  ///< of a value without quotes and backslashes; of a list as written, `{…}`
};

/// Takes PostgreSQL's text form of an array apart: `{1,NULL,"a \"b\"",{…}}`, with or without a
/// prefix of bounds `[0:2]=`. One level at a time: a list among the entries goes through here
/// again. Source of the form: PostgreSQL's documentation, "Array Input and Output Syntax". Its only
/// type with another delimiter than the comma is box; flowdb reads arrays of that as text. nullopt
/// for any other text, and for one nested deeper than PostgreSQL's six dimensions.
std::optional<std::vector<ArrayEntry>> split_array(std::string_view text);

/// The bytes of bytea's text form `\x0a1b`, which is what arrays hold; nullopt for another text.
std::optional<std::string> bytes_from_hexadecimal(std::string_view text);

}  // namespace flowdb::result
