#pragma once

#include <cstddef>
#include <string>

#include "sql/token.hpp"

namespace flowdb::sql {

/// Builds ParsedStatement::fingerprint() from the tokens.
class Fingerprint {
 public:
  static constexpr std::size_t kMaxCharacters = 240;

  /// Takes each token in turn but comments, whose place is a blank as white space is.
  void add(const Token& token);

  /// The finished text: valid UTF-8 without control characters, `…` at the end when it was cut.
  std::string take();

 private:
  std::string text_;
  std::size_t end_ = 0;  // of the token before
};

}  // namespace flowdb::sql
