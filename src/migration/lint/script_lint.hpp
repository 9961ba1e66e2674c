#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <flowdb/lint.hpp>

#include "migration/lint/rules.hpp"

namespace flowdb::migration::lint {

/// Which rules are on.
class RuleSet {
 public:
  /// \throws InvalidArgument for a name that is no rule's.
  explicit RuleSet(const LintOptions& options);
  bool has(Rule rule) const { return on_[static_cast<std::size_t>(rule)]; }

 private:
  std::array<bool, kRuleCount> on_{};
};

/// Looks at one script and adds what it finds, in the script's order; counts what it has looked at.
/// `contents` is without a byte order mark.
void lint_script(const std::string& script, std::string_view contents, const RuleSet& rules,
                 const LintOptions& options, LintReport& report);

}  // namespace flowdb::migration::lint
