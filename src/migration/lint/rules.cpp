#include "migration/lint/rules.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace flowdb::migration::lint {

namespace {

constexpr std::array<LintRule, kRuleCount> kRules{{
    {"adding-field-with-default",
     "Each row needs a value of its own, so the table is rewritten while nobody can read it.",
     "Add the column without the default, set the default in a statement of its own, and fill in "
     "the rows in batches."},
    {"adding-foreign-key-constraint",
     "Both tables cannot be written to while every row is checked.",
     "Add the constraint with NOT VALID, and VALIDATE CONSTRAINT in a migration of its own."},
    {"adding-not-nullable-field", "The table is read from end to end while nobody can use it.",
     "Add CHECK (column IS NOT NULL) NOT VALID, validate it in a migration of its own, then SET "
     "NOT "
     "NULL, which finds the proof there, and drop the check."},
    {"adding-required-field",
     "A NOT NULL column without a default cannot be added to a table that has rows, and programs "
     "that do not know it cannot insert.",
     "Give it a constant default, or leave out the NOT NULL until every row has a value."},
    {"adding-serial-primary-key-field",
     "The index behind a primary key is built while nobody can read the table.",
     "Build a unique index with CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … "
     "PRIMARY KEY USING INDEX."},
    {"ban-alter-domain-with-add-constraint",
     "Every table that uses the domain is read while nobody can write to it.",
     "Use a CHECK constraint of the table instead, added with NOT VALID."},
    {"ban-char-field", "char(n) pads with spaces, which cost room and surprise in comparisons.",
     "Use text, with a CHECK on its length if there is a limit."},
    {"ban-concurrent-index-creation-in-transaction",
     "CREATE INDEX CONCURRENTLY cannot run in the transaction that the script's other statements "
     "need.",
     "Put it into a migration of its own."},
    {"ban-create-domain-with-constraint",
     "A domain's constraint cannot be changed later without checking every table that uses it.",
     "Use the plain type, and a CHECK constraint of each table."},
    {"ban-drop-column", "Programs that still run may read or write the column; its data are lost.",
     "Drop it when no program that knows it runs any more, and say so with an ignore comment."},
    {"ban-drop-database", "The database and all its data are lost.",
     "Drop it by hand, not in a migration."},
    {"ban-drop-not-null", "Programs that still run may not expect to read NULL there.",
     "Drop it when they do, and say so with an ignore comment."},
    {"ban-drop-table", "Programs that still run may use the table; its data are lost.",
     "Drop it when no program that knows it runs any more, and say so with an ignore comment."},
    {"ban-duplicate-column-assignments", "The statement sets the same column twice.",
     "Remove one of the assignments."},
    {"ban-truncate-cascade", "CASCADE empties every table that refers to this one as well.",
     "Name the tables that are to be emptied, without CASCADE."},
    {"changing-column-type",
     "Most changes of a type rewrite the table while nobody can read it, and programs that still "
     "run expect the old one.",
     "Add a column of the new type, write to both, fill in the rows in batches, then drop the old "
     "one."},
    {"constraint-missing-not-valid", "Every row is checked while nobody can write to the table.",
     "Add the constraint with NOT VALID, and VALIDATE CONSTRAINT in a migration of its own."},
    {"disallowed-unique-constraint",
     "The index behind a unique constraint is built while nobody can read the table.",
     "Build a unique index with CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … "
     "UNIQUE USING INDEX."},
    {"identifier-too-long", "The server cuts a name behind its 63rd byte.", "Shorten the name."},
    {"prefer-bigint-over-int", "The numbers of a 32-bit column can run out.", "Use bigint."},
    {"prefer-bigint-over-smallint", "The numbers of a 16-bit column can run out.", "Use bigint."},
    {"prefer-identity",
     "A serial column's sequence has rights and an owner of its own, and anybody may write to the "
     "column.",
     "Use bigint GENERATED ALWAYS AS IDENTITY."},
    {"prefer-repack", "The table is rewritten while nobody can read it.",
     "Use pg_repack, or VACUUM without FULL."},
    {"prefer-robust-stmts",
     "The script runs statement by statement: what was done before a failure stays, and the "
     "statement fails when it runs again.",
     "Write IF NOT EXISTS, or IF EXISTS."},
    {"prefer-text-field", "Another limit for varchar(n) needs a lock that stops everybody.",
     "Use text, with a CHECK on its length."},
    {"prefer-timestamp-tz",
     "A timestamp without time zone does not say which moment it is: that depends on who reads it.",
     "Use timestamptz."},
    {"renaming-column", "Programs that still run use the old name.",
     "Add a new column, write to both, and drop the old one later."},
    {"renaming-table", "Programs that still run use the old name.",
     "Give the new name to a view first, or rename when no such program runs, and say so with an "
     "ignore comment."},
    {"require-concurrent-index-creation", "Nobody can write to the table while the index is built.",
     "CREATE INDEX CONCURRENTLY, in a migration of its own."},
    {"require-concurrent-index-deletion",
     "Nobody can use the table while the index waits to be dropped.",
     "DROP INDEX CONCURRENTLY, in a migration of its own."},
    {"require-concurrent-partition-detach",
     "Nobody can use the whole partitioned table while the partition is detached.",
     "DETACH PARTITION … CONCURRENTLY, in a migration of its own."},
    {"require-concurrent-reindex", "Nobody can write to the table while its index is built anew.",
     "REINDEX … CONCURRENTLY, in a migration of its own."},
    {"require-enum-value-ordering", "The value comes last in the order, perhaps by oversight.",
     "Say where it belongs: BEFORE or AFTER another value."},
    {"require-lock-timeout",
     "A statement that waits for its lock stops everybody who comes behind it.",
     "Begin the script with SET LOCAL lock_timeout = '5s';, or let the migrator set one."},
    {"require-table-schema", "Which table it is depends on the session's search_path.",
     "Name the schema: schema.table.", true},
    {"syntax-error", "PostgreSQL's parser does not understand the statement.", "Correct it."},
    {"transaction-nesting",
     "The migrator begins and commits the transaction that a script runs in.",
     "Remove the statement."},
    {"unused-ignore", "The comment silences nothing.", "Remove it, or correct the rule's name."},
}};

struct OtherName {
  std::string_view name;
  Rule rule;
};
constexpr OtherName kOtherNames[] = {
    {"prefer-timestamptz", Rule::prefer_timestamp_tz},
    {"require-timeout-settings", Rule::require_lock_timeout},
    {"prefer-big-int", Rule::prefer_bigint_over_int},
};

}  // namespace

const LintRule& describe(Rule rule) noexcept {
  return kRules[static_cast<std::size_t>(rule)];
}

std::optional<Rule> find_rule(std::string_view name) noexcept {
  const auto* found = std::find_if(kRules.begin(), kRules.end(),
                                   [&](const LintRule& rule) { return rule.name == name; });
  if (found != kRules.end()) return static_cast<Rule>(found - kRules.begin());
  const auto* other = std::find_if(std::begin(kOtherNames), std::end(kOtherNames),
                                   [&](const OtherName& entry) { return entry.name == name; });
  if (other != std::end(kOtherNames)) return other->rule;
  return std::nullopt;
}

}  // namespace flowdb::migration::lint
