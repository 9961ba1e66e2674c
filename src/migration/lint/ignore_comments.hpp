#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migration/lint/rules.hpp"
#include "sql/script.hpp"

namespace flowdb::migration::lint {

/// A comment that silences rules: `-- squawk-ignore ban-drop-column, renaming-table -- why`.
struct IgnoreComment {
  std::size_t offset = 0;
  /// Into the script's statements; nullopt: it is for the whole script.
  std::optional<std::size_t> statement;
  std::vector<Rule> rules;  ///< empty: all
  std::vector<std::string> unknown_names;
  bool silences_all = false;

  bool silences(Rule rule, std::size_t statement_index) const;
};

/// The comments of a script. One is for the statement that it stands in, or behind on its last
/// line, else for the next one.
std::vector<IgnoreComment> find_ignore_comments(
    std::string_view script, const std::vector<sql::ScriptStatement>& statements);

}  // namespace flowdb::migration::lint
