// The README shows documents in JSON; these are the ones that flowdb writes.
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <flowdb/error.hpp>
#include <flowdb/run_context.hpp>
#include <flowdb/testing/mock_database_manager.hpp>

#include "integration/audit_capture.hpp"

namespace flowdb {
namespace {

using nlohmann::ordered_json;
using testing::MockDatabaseManager;

std::vector<ordered_json> documents_of_readme() {
  std::ifstream readme{FLOWDB_SOURCE_DIR "/README.md"};
  std::vector<ordered_json> documents;
  std::string line;
  while (std::getline(readme, line)) {
    if (line != "```json") continue;
    std::string text;
    while (std::getline(readme, line) && line != "```") text += line + "\n";
    documents.push_back(ordered_json::parse(text));
  }
  return documents;
}

std::vector<std::string> names_in(const ordered_json& document) {
  std::vector<std::string> names;
  for (const auto& [name, value] : document.items()) names.push_back(name);
  return names;
}

TEST(ReadmeDocuments, HaveTheNamesThatFlowdbGivesThem) {
  const auto shown = documents_of_readme();
  ASSERT_EQ(shown.size(), 3U);
  MockDatabaseManager db{"rpa_db"};
  using ::testing::UnorderedElementsAreArray;
  EXPECT_THAT(names_in(db.health_check().to_json()), UnorderedElementsAreArray(names_in(shown[0])));
  EXPECT_THAT(names_in(db.get_pool_status().to_json()),
              UnorderedElementsAreArray(names_in(shown[1])));

  test::AuditCapture audit;
  db.when("DELETE FROM orders").fails_with(ConstraintError{"no", {.sqlstate = "23503"}});
  const RunContext run{{.flow = "rpa1", .task = "load", .run_id = "1", .user = "svc"}};
  EXPECT_THROW(db.execute_query("DELETE FROM orders"), ConstraintError);
  ASSERT_EQ(audit.lines().size(), 1U);
  EXPECT_EQ(names_in(ordered_json::parse(audit.lines()[0])), names_in(shown[2]));
}

}  // namespace
}  // namespace flowdb
