// Reads on another server with the same data.
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <flowdb/error.hpp>

#include "integration/log_capture.hpp"
#include "integration/manager_for.hpp"
#include "integration/tds_server/tds_target.hpp"
#include "integration/thrown_by.hpp"

namespace flowdb::test {
namespace {

TEST(TdsReplica, ReadsThere_OrAtThePrimaryWhenItIsGone) {
  const LogCapture log;
  TdsTarget primary;
  std::optional<TdsTarget> replica{std::in_place};
  primary.database().exec("CREATE TABLE who AS SELECT 'primary'::text AS name");
  replica->database().exec("CREATE TABLE who AS SELECT 'replica'::text AS name");
  auto db = manager_for(primary.url(), {.replica_connection_string = replica->url()});
  const QueryOptions tolerant{.read_preference = ReadPreference::prefer_replica};
  const auto question = "SELECT name FROM who";
  const auto who_answers = [&] {
    const auto name = db.execute_query(question, {}, tolerant).scalar<std::string>();
    for (const auto& row : db.stream_query(question, {}, tolerant)) {
      EXPECT_EQ(row["name"].as<std::string>(), name);
    }
    const auto in_transaction = db.transaction(
        [&](Transaction& tx) { return tx.execute_query(question).scalar<std::string>(); },
        {.read_only = true, .read_preference = ReadPreference::prefer_replica});
    EXPECT_EQ(in_transaction, name);
    return name;
  };
  EXPECT_EQ(db.execute_query(question).scalar<std::string>(), "primary");
  EXPECT_EQ(who_answers(), "replica");
  thrown_by<InvalidArgument>([&] { db.execute_query("DELETE FROM who", {}, tolerant); });
  replica.reset();
  EXPECT_EQ(who_answers(), "primary");
  EXPECT_EQ(db.health_check().replica->connection, false);
}

}  // namespace
}  // namespace flowdb::test
