#include "migration/progress.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/migration/make_migration.hpp"

namespace flowdb::migration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Progress, GoesOnBehindWhatIsDone) {
  EXPECT_EQ(resume_point({}).next, 0U);
  const ProgressRow done{"2", 1, 0, StatementState::done};
  // Statement 2 sets up the session, and is not recorded.
  const ProgressRow third{"2", 3, 0, StatementState::done};
  auto point = resume_point({done, third});
  EXPECT_EQ(point.next, 3U);
  EXPECT_FALSE(point.is_in_doubt || point.has_failed);
  point = resume_point({done, {"2", 3, 0, StatementState::started}});
  EXPECT_EQ(point.next, 2U);
  EXPECT_TRUE(point.is_in_doubt);
  point = resume_point({done, {"2", 3, 0, StatementState::failed}});
  EXPECT_EQ(point.next, 2U);
  EXPECT_TRUE(point.has_failed);
  EXPECT_FALSE(point.is_in_doubt);
}

TEST(Progress, RefusesAPrefixThatWasEdited_AndNothingElse) {
  const auto& dialect = sql_dialect(DatabaseType::postgresql);
  std::vector<Problem> problems;
  const auto before = make_file("V2__x.sql", "VACUUM a;\nVACUUM b;\nVACUUM c;");
  const auto script = check_script(before, dialect, problems);
  ASSERT_FALSE(script.is_transactional);
  const auto row = [&](int number, StatementState state) {
    return ProgressRow{"2", number, checksum_of(script, static_cast<std::size_t>(number) - 1),
                       state};
  };
  const std::vector<ProgressRow> rows{row(1, StatementState::done),
                                      row(2, StatementState::started)};
  const auto problem_with = [&](const char* contents, const std::vector<ProgressRow>& recorded) {
    const auto file = make_file("V2__x.sql", contents);
    std::vector<Problem> found;
    check_prefix(check_script(file, dialect, found), recorded, found);
    return found.empty() ? std::string{} : found.front().text;
  };
  EXPECT_EQ(problem_with("-- other comments, another end\nVACUUM a; VACUUM b;\n VACUUM d;", rows),
            "");
  EXPECT_THAT(
      problem_with("VACUUM a;\n VACUUM B;", rows),
      AllOf(StartsWith("V2__x.sql:2:2: statement 2 of this script was carried out, or begun"),
            HasSubstr("repair")));
  EXPECT_THAT(problem_with("VACUUM a;", rows), StartsWith("V2__x.sql:1:10: statement 2"));
  // What the server refused is there to be edited.
  EXPECT_EQ(problem_with("VACUUM a;\nVACUUM e;",
                         {row(1, StatementState::done), row(2, StatementState::failed)}),
            "");
}

}  // namespace
}  // namespace flowdb::migration
