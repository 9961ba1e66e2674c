#include "transaction/engine.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <flowdb/database_manager.hpp>

#include "testing/mock_backend.hpp"
#include "testing/mock_state.hpp"

namespace flowdb {
namespace {

using namespace std::chrono_literals;

/// Nothing here connects.
config::Settings settings_of(const std::string& name) {
  config::Settings settings;
  settings.database_name = name;
  settings.connection_string = Secret{"postgresql://user:word@localhost:1/" + name};
  return settings;
}

TEST(Engine, IsSharedByManagersOfTheSameDatabaseAndPool) {
  const auto settings = settings_of("shared");
  const auto engine = Engine::of(settings);
  EXPECT_EQ(Engine::of(settings), engine);
  auto impatient = settings;
  impatient.timeout = 1s;
  impatient.acquire_timeout = 1ms;
  impatient.retry.max_attempts = 9;
  impatient.slow_statement = 5s;
  impatient.flow_name = "rpa2";
  impatient.replica_max_lag = 1s;  // of another server
  EXPECT_EQ(Engine::of(impatient), engine) << "timeouts and retries are the manager's";
}

TEST(Engine, IsAnotherOne_WhenAnythingDiffersThatMakesAConnectionOrThePool) {
  using Change = std::function<void(config::Settings&)>;
  const auto settings = settings_of("alone");
  const auto engine = Engine::of(settings);
  const Change changes[] = {
      [](auto& s) { s.database_name = "other"; },
      [](auto& s) { s.connection_string = Secret{"postgresql://user:word@localhost:2/alone"}; },
      [](auto& s) { s.read_only = true; },
      [](auto& s) { s.allow_plaintext = true; },
      [](auto& s) { s.is_replica = true, s.replica_max_lag = 1s; },
      [](auto& s) { s.pool.pool_size = 6; },
      [](auto& s) { s.pool.max_overflow = 0; },
      [](auto& s) { s.pool.min_idle = 1; },
      [](auto& s) { s.pool.max_lifetime = 1min; },
      [](auto& s) { s.pool.idle_timeout = 1min; },
      [](auto& s) { s.pool.overflow_idle_timeout = 1min; },
  };
  for (const auto& change : changes) {
    auto changed = settings;
    change(changed);
    EXPECT_NE(Engine::of(changed), engine) << &change - &changes[0];
  }
}

TEST(Engine, IsAnotherOneInAChildProcess) {
  const auto settings = settings_of("forked");
  const auto engine = Engine::of(settings);
  const pid_t child = fork();
  if (child == 0) _exit(Engine::of(settings) != engine ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Engine, IsNeverShared_WhenABackendIsGivenInCode) {
  auto settings = settings_of("scripted");
  settings.backend =
      std::make_shared<testing::MockBackendFactory>(std::make_shared<testing::MockState>());
  EXPECT_NE(Engine::of(settings), Engine::of(settings));
}

TEST(Engine, IsGone_WhenTheLastOfItsManagersGoes) {
  const DatabaseOptions options{.connection_string = "postgresql://user:word@localhost:1/owned"};
  const ConfigManager config{{.environment = "unit-test", .project_root = "/"}};
  auto settings = settings_of("owned");
  settings.connection_string = Secret{*options.connection_string};
  auto first = std::make_unique<DatabaseManager>("owned", config, options);
  const std::weak_ptr<Engine> engine = Engine::of(settings);
  ASSERT_FALSE(engine.expired()) << "the first manager must be its owner";
  auto second = std::make_unique<DatabaseManager>("owned", config, options);
  first.reset();
  EXPECT_FALSE(engine.expired());
  auto moved = std::move(*second);
  second.reset();
  EXPECT_FALSE(engine.expired());
  { const auto last = std::move(moved); }
  EXPECT_TRUE(engine.expired());
}

}  // namespace
}  // namespace flowdb
