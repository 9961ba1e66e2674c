#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <flowdb/lint.hpp>

namespace flowdb::migration::lint {

/// One for each name; see https://squawkhq.com/docs/rules, whose names they have.
enum class Rule : std::size_t {
  adding_field_with_default,
  adding_foreign_key_constraint,
  adding_not_nullable_field,
  adding_required_field,
  adding_serial_primary_key_field,
  ban_alter_domain_with_add_constraint,
  ban_char_field,
  ban_concurrent_index_creation_in_transaction,
  ban_create_domain_with_constraint,
  ban_drop_column,
  ban_drop_database,
  ban_drop_not_null,
  ban_drop_table,
  ban_duplicate_column_assignments,
  ban_truncate_cascade,
  changing_column_type,
  constraint_missing_not_valid,
  disallowed_unique_constraint,
  identifier_too_long,
  prefer_bigint_over_int,
  prefer_bigint_over_smallint,
  prefer_identity,
  prefer_repack,
  prefer_robust_stmts,
  prefer_text_field,
  prefer_timestamp_tz,
  renaming_column,
  renaming_table,
  require_concurrent_index_creation,
  require_concurrent_index_deletion,
  require_concurrent_partition_detach,
  require_concurrent_reindex,
  require_enum_value_ordering,
  require_lock_timeout,
  require_table_schema,
  syntax_error,
  transaction_nesting,
  unused_ignore,
};
inline constexpr std::size_t kRuleCount = static_cast<std::size_t>(Rule::unused_ignore) + 1;

/// By the rules' order.
const LintRule& describe(Rule rule) noexcept;

/// Squawk's other names for a rule are known as well.
std::optional<Rule> find_rule(std::string_view name) noexcept;

}  // namespace flowdb::migration::lint
