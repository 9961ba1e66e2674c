// For each rule one statement that it complains about, and the same done well.
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <flowdb/lint.hpp>

namespace flowdb {
namespace {

using testing::Contains;
using testing::Not;

struct RuleCase {
  const char* rule;
  int line;
  int column;
  std::string bad;
  std::string good;
};

const std::vector<RuleCase>& cases() {
  static const std::string long_name(64, 'x');
  static const std::vector<RuleCase> list{
      {"adding-field-with-default", 1, 15,
       "ALTER TABLE t ADD COLUMN id uuid DEFAULT gen_random_uuid();",
       "ALTER TABLE t ADD COLUMN at timestamptz DEFAULT now(), ADD n bigint DEFAULT 1 + 2;"},
      {"adding-field-with-default", 1, 15,
       "ALTER TABLE t ADD n bigint GENERATED ALWAYS AS (a + 1) STORED;",
       "CREATE TABLE u (n bigint GENERATED ALWAYS AS IDENTITY);"},
      {"adding-foreign-key-constraint", 2, 3,
       "ALTER TABLE t\n  ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id);",
       "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id) NOT VALID;"},
      {"adding-foreign-key-constraint", 1, 15, "ALTER TABLE t ADD u_id bigint REFERENCES u (id);",
       "CREATE TABLE v (u_id bigint REFERENCES u (id));"},
      {"adding-not-nullable-field", 1, 30, "ALTER TABLE t ADD a numeric, ALTER b SET NOT NULL;",
       "ALTER TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL) NOT VALID;"},
      {"adding-required-field", 1, 15, "ALTER TABLE t ADD COLUMN a text NOT NULL;",
       "ALTER TABLE t ADD COLUMN a text NOT NULL DEFAULT '';"},
      {"adding-serial-primary-key-field", 1, 15, "ALTER TABLE t ADD PRIMARY KEY (id);",
       "ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX i;"},
      {"adding-serial-primary-key-field", 1, 15, "ALTER TABLE t ADD id bigint PRIMARY KEY;",
       "CREATE TABLE u (id bigint PRIMARY KEY);"},
      {"ban-alter-domain-with-add-constraint", 1, 20,
       "ALTER DOMAIN d ADD CONSTRAINT c CHECK (value > 0);", "ALTER DOMAIN d DROP CONSTRAINT c;"},
      {"ban-char-field", 1, 27, "CREATE TABLE u (a t, char char(3)[]);",
       "CREATE TABLE u (a text, b \"char\");"},
      {"ban-concurrent-index-creation-in-transaction", 2, 1,
       "ALTER TABLE t ADD a text;\nCREATE INDEX CONCURRENTLY i ON t (a);",
       "SET lock_timeout = '5s'; CREATE INDEX CONCURRENTLY i ON t (a);"},
      {"ban-create-domain-with-constraint", 1, 27, "CREATE DOMAIN d AS bigint CHECK (value > 0);",
       "CREATE DOMAIN d AS bigint;"},
      {"ban-drop-column", 1, 56,
       "ALTER TABLE public . \"T\" * ADD /* , */ a numeric(3,2), DROP COLUMN b;",
       "ALTER TABLE t ALTER b DROP DEFAULT;"},
      {"ban-drop-database", 1, 1, "DROP DATABASE d;", "DROP ROLE d;"},
      {"ban-drop-not-null", 1, 15, "ALTER TABLE t ALTER a DROP NOT NULL;",
       "ALTER TABLE t ALTER a DROP DEFAULT;"},
      {"ban-drop-table", 1, 22, "CREATE TABLE a (); ; DROP TABLE a, public.t;",
       "CREATE TABLE s.a (); DROP TABLE s.a;"},
      {"ban-duplicate-column-assignments", 1, 21, "UPDATE t SET a = 1, a = 2;",
       "UPDATE t SET a[1] = 1, a[2] = 2;"},
      {"ban-truncate-cascade", 1, 1, "TRUNCATE t CASCADE;", "TRUNCATE t, u;"},
      {"changing-column-type", 1, 15, "ALTER TABLE t ALTER a TYPE bigint;",
       "CREATE TABLE u (a text); ALTER TABLE u ALTER a TYPE bigint;"},
      {"constraint-missing-not-valid", 1, 15, "ALTER TABLE t ADD CHECK (a > 0);",
       "ALTER TABLE t ADD CHECK (a > 0) NOT VALID;"},
      {"constraint-missing-not-valid", 2, 15,
       "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT "
       "c;",
       "ALTER TABLE t VALIDATE CONSTRAINT c;"},
      {"disallowed-unique-constraint", 1, 15, "ALTER TABLE t ADD UNIQUE (a);",
       "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i;"},
      {"identifier-too-long", 1, 8, "SELECT \"" + long_name + "\";", "SELECT '" + long_name + "';"},
      {"prefer-bigint-over-int", 1, 19, "CREATE TABLE u (a int);", "CREATE TABLE u (a bigint);"},
      {"prefer-bigint-over-smallint", 1, 21, "ALTER TABLE t ADD a smallint;",
       "ALTER TABLE t ADD a int8;"},
      {"prefer-identity", 1, 19, "CREATE TABLE u (a bigserial);",
       "CREATE TABLE u (a bigint GENERATED ALWAYS AS IDENTITY);"},
      {"prefer-repack", 1, 1, "VACUUM (ANALYZE, FULL) t;", "VACUUM (FULL false) t;"},
      {"prefer-repack", 1, 1, "CLUSTER t USING i;", "VACUUM ANALYZE t;"},
      {"prefer-robust-stmts", 1, 1, "CREATE INDEX CONCURRENTLY i ON t (a);",
       "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);"},
      {"prefer-robust-stmts", 1, 1, "DROP INDEX CONCURRENTLY i;",
       "DROP INDEX CONCURRENTLY IF EXISTS i;"},
      {"prefer-text-field", 1, 19, "CREATE TABLE u (a varchar(20));",
       "CREATE TABLE u (a varchar);"},
      {"prefer-timestamp-tz", 2, 21, "SELECT 1;\nALTER TABLE t ADD a timestamp(3);",
       "ALTER TABLE t ADD a timestamp with time zone;"},
      {"renaming-column", 1, 1, "ALTER TABLE t RENAME a TO b;", "ALTER VIEW v RENAME a TO b;"},
      {"renaming-table", 1, 1, "ALTER TABLE t RENAME TO u;",
       "CREATE TEMP TABLE a (); ALTER TABLE a RENAME TO b;"},
      {"require-concurrent-index-creation", 1, 10, "SELECT 1;CREATE UNIQUE INDEX i ON t (a);",
       "CREATE TABLE u AS SELECT 1 AS a; CREATE INDEX i ON u (a);"},
      {"require-concurrent-index-deletion", 1, 1, "DROP INDEX i;", "DROP INDEX CONCURRENTLY i;"},
      {"require-concurrent-partition-detach", 1, 15, "ALTER TABLE t DETACH PARTITION p;",
       "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;"},
      {"require-concurrent-reindex", 1, 1, "REINDEX TABLE t;",
       "REINDEX (VERBOSE, CONCURRENTLY) TABLE t;"},
      {"require-enum-value-ordering", 1, 1, "ALTER TYPE e ADD VALUE 'x';",
       "ALTER TYPE e ADD VALUE 'x' AFTER 'a'; ALTER TYPE e RENAME VALUE 'x' TO 'y';"},
      {"require-lock-timeout", 2, 1, "SET statement_timeout = 1;\nALTER TABLE t ADD a text;",
       "SET LOCAL lock_timeout = '5s'; ALTER TABLE t ADD a text;"},
      {"require-lock-timeout", 1, 1, "TRUNCATE t;",
       "SELECT pg_catalog.set_config('lock_timeout', '5s', true); TRUNCATE t;"},
      {"syntax-error", 2, 14, "SELECT 'ü',\n  '😀', 1 FRM x y;", "SELECT 1 FROM x y;"},
      {"syntax-error", 1, 8, "SELECT 'never closed;", "COPY t FROM STDIN;\n'\n\\.\n"},
      {"transaction-nesting", 2, 1, "SELECT 1;\nCOMMIT AND CHAIN;",
       "SAVEPOINT s; ROLLBACK TO s; RELEASE s;"},
      {"unused-ignore", 1, 1, "-- squawk-ignore ban-drop-table\nSELECT 1;",
       "-- squawk-ignore ban-drop-table\nDROP TABLE t;"},
      {"unused-ignore", 1, 1, "/* flowdb-ignore ban-drop-tabel */ DROP TABLE t;",
       "-- squawk ignores this\nDROP TABLE t;"},
  };
  return list;
}

/// `line:column rule`
std::vector<std::string> findings(const std::string& script, const LintOptions& options = {}) {
  const auto report = lint_script("V1__x.sql", script, options);
  EXPECT_EQ(report.note, "");
  std::vector<std::string> texts;
  for (const auto& finding : report.findings) {
    EXPECT_FALSE(finding.message.empty() || finding.remedy.empty()) << finding.rule;
    texts.push_back(std::to_string(finding.line) + ":" + std::to_string(finding.column) + " " +
                    finding.rule);
  }
  return texts;
}

bool has_rule(const std::vector<std::string>& texts, const std::string& rule) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return text.substr(text.find(' ') + 1) == rule;
  });
}

TEST(LintRules, KnowTheBadFromTheGood) {
  for (const auto& entry : cases()) {
    SCOPED_TRACE(entry.bad);
    const auto place = std::to_string(entry.line) + ":" + std::to_string(entry.column) + " ";
    EXPECT_THAT(findings(entry.bad), Contains(place + entry.rule));
    const auto of_good = findings(entry.good);
    EXPECT_FALSE(has_rule(of_good, entry.rule)) << entry.good;
    EXPECT_FALSE(has_rule(of_good, "syntax-error")) << entry.good;
  }
}

TEST(LintRules, HaveACaseEach) {
  std::set<std::string> tested{"require-table-schema"};  // below
  for (const auto& entry : cases()) tested.insert(entry.rule);
  std::set<std::string> known;
  for (const auto& rule : lint_rules()) known.insert(std::string{rule.name});
  EXPECT_EQ(tested, known);
  EXPECT_GE(known.size(), 20U);
}

TEST(LintRules, AreOffUnlessNamed_WhenTheyAreOptIn) {
  LintOptions options;
  EXPECT_FALSE(has_rule(findings("CREATE TABLE u ()"), "require-table-schema"));
  options.included_rules = {"require-table-schema"};
  EXPECT_THAT(findings("CREATE TABLE u ()", options), Contains("1:14 require-table-schema"));
  EXPECT_FALSE(has_rule(findings("CREATE TABLE s.u ()", options), "require-table-schema"));
}

}  // namespace
}  // namespace flowdb
