#include "backend/postgresql/login_responder.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/postgresql/handles.hpp"

namespace flowdb::backend::postgresql {
namespace {

using namespace std::chrono_literals;

/// Variables of the environment, until it goes.
class Environment {
 public:
  explicit Environment(std::vector<std::pair<std::string, std::string>> variables)
      : variables_(std::move(variables)) {
    for (const auto& [name, value] : variables_) setenv(name.c_str(), value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const auto& [name, value] : variables_) unsetenv(name.c_str());
  }

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

void expect_service(const LoginResponder& responder) {
  const ConnectionHandle client{PQconnectdb(responder.conninfo().c_str())};
  ASSERT_EQ(PQstatus(client.get()), CONNECTION_OK) << PQerrorMessage(client.get());
  EXPECT_EQ(PQserverVersion(client.get()), 150000);
  for (int i = 0; i < 2; ++i) {
    const ResultHandle answer{PQexec(client.get(), "SET extra_float_digits = 3")};
    EXPECT_EQ(PQresultStatus(answer.get()), PGRES_COMMAND_OK) << PQerrorMessage(client.get());
  }
  EXPECT_EQ(PQtransactionStatus(client.get()), PQTRANS_IDLE);
}

TEST(LoginResponder, ServesAClient) {
  const LoginResponder first;
  const LoginResponder second;
  expect_service(second);
  expect_service(first);
}

TEST(LoginResponder, IsReachedWhateverTheEnvironmentSays) {
  const auto file = testing::TempDir() + "flowdb_services.conf";
  std::ofstream{file} << "[elsewhere]\nhost=192.0.2.1\nport=1\nsslmode=verify-full\n"
                         "options=-c geqo=off\nreplication=database\nconnect_timeout=2\n";
  const Environment hostile{{{"PGHOST", "192.0.2.1"},
                             {"PGHOSTADDR", "192.0.2.1"},
                             {"PGPORT", "1,2"},
                             {"PGDATABASE", "other"},
                             {"PGUSER", "other"},
                             {"PGPASSWORD", "other"},
                             {"PGPASSFILE", "/"},
                             {"PGSERVICE", "elsewhere"},
                             {"PGSERVICEFILE", file},
                             {"PGCONNECT_TIMEOUT", "never"},
                             {"PGOPTIONS", "-c geqo=off"},
                             {"PGTARGETSESSIONATTRS", "standby"},
                             {"PGREQUIREPEER", "nobody"},
                             {"PGREQUIREAUTH", "scram-sha-256"},
                             {"PGCHANNELBINDING", "require"},
                             {"PGGSSENCMODE", "require"},
                             {"PGSSLMODE", "verify-full"},
                             {"PGSSLNEGOTIATION", "direct"},
                             {"PGSSLCERTMODE", "require"},
                             {"PGSSLMINPROTOCOLVERSION", "none"},
                             {"PGSSLMAXPROTOCOLVERSION", "none"},
                             {"PGCLIENTENCODING", "none"}}};
  expect_service(LoginResponder{});
}

TEST(LoginResponder, DoesNotWaitForAClientThatNeverComes) {
  const auto begin = std::chrono::steady_clock::now();
  { const LoginResponder responder; }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST(LoginResponder, ServesItsOwnProcessAlone) {
  const LoginResponder responder;
  const auto conninfo = responder.conninfo();
  const pid_t child = fork();
  if (child == 0) {
    const ConnectionHandle client{PQconnectdb(conninfo.c_str())};
    _exit(PQstatus(client.get()) == CONNECTION_OK ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  expect_service(responder);
}

}  // namespace
}  // namespace flowdb::backend::postgresql
