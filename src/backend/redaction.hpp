#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <flowdb/value.hpp>

#include "core/secret.hpp"

namespace flowdb::backend {

/// Takes values out of what a server or a driver says, before it becomes part of an exception or a
/// record. Made only when something has failed.
class Redactor {
 public:
  Redactor() = default;
  /// What must not appear, in whatever case of its letters: the values bound to the statement,
  /// without the blanks around them …
  void hide_values(const Params& params);
  /// … and secrets such as the password.
  void hide_secret(const Secret& secret);
  /// Names that may stay though they stand in quotes: constraint, table, column.
  void keep_name(std::string_view name);

  /// `text` in one line, with every hidden value as `?`, and all else as it is.
  std::string hide(std::string_view text) const;
  /// `text` in one line, with every hidden value as `?` and quoted literals as `'?'`.
  /// `quotes_hold_values`: whatever stands in double quotes is a value, too, unless kept by name
  /// (PostgreSQL's class 22 messages: `invalid input syntax for type integer: "…"`).
  std::string clean(std::string_view text, bool quotes_hold_values) const;

 private:
  std::vector<std::string> values_;
  std::vector<std::string> names_;
};

}  // namespace flowdb::backend
