#include "integration/sqlserver/sqlserver_under_test.hpp"

#include <atomic>
#include <random>
#include <stdexcept>
#include <utility>

#include <flowdb/error.hpp>

#include "integration/tds_server/tds_target.hpp"

namespace flowdb::test {
namespace {

std::string url_under_test() {
  if (auto given = given_sqlserver_url(); !given.empty()) {
    return given;
  }
  static const TdsTarget own_server;  // for as long as the process lives
  return own_server.url();
}

SqlserverUnderTest look_at_server() {
  SqlserverUnderTest server;
  server.url = url_under_test();
  server.is_babelfish = !given_sqlserver_url().empty() && is_babelfish(server.url);
  return server;
}

/// Where host and port stand in `sqlserver://user:password@host:port/database?…`.
std::pair<std::size_t, std::size_t> host_and_port(const std::string& url) {
  const auto begin = url.find('@') + 1;
  const auto end = url.find('/', begin);
  if (begin == 0 || end == std::string::npos || url.find(':', begin) > end) {
    throw std::runtime_error(
        "FLOWDB_TEST_SQLSERVER must have the form "
        "sqlserver://user:password@host:port/database?…");
  }
  return {begin, end};
}

}  // namespace

std::string SqlserverUnderTest::sleep(std::chrono::seconds time) const {
  const auto text = std::to_string(time.count());
  return is_babelfish ? "EXEC pg_sleep " + text
                      : "WAITFOR DELAY '00:00:" + (text.size() == 1 ? '0' + text : text) + "'";
}

std::string SqlserverUnderTest::address() const {
  const auto [begin, end] = host_and_port(url);
  return "postgresql://" + url.substr(begin, end - begin) + "/any";
}

std::string SqlserverUnderTest::url_through(const test_support::ChaosProxy& proxy) const {
  const auto [begin, end] = host_and_port(url);
  return url.substr(0, begin) + "127.0.0.1:" + std::to_string(proxy.port()) + url.substr(end);
}

const SqlserverUnderTest& sqlserver_under_test() {
  static const auto server = look_at_server();
  return server;
}

std::string unique_table() {
  static const auto process = std::random_device{}();
  static std::atomic<int> number{0};
  return "flowdb_own_" + std::to_string(process) + '_' + std::to_string(++number);
}

Sqlserver::~Sqlserver() {
  for (const auto& table : tables_) {
    try {
      observer_.execute_query("DROP TABLE " + table);
    } catch (const Error& error) {
      ADD_FAILURE() << "cannot drop " << table << ": " << error.what();
    }
  }
}

std::string Sqlserver::make_table(const std::string& columns) {
  tables_.push_back(unique_table());
  observer_.execute_query("CREATE TABLE " + tables_.back() + " (" + columns + ")");
  return tables_.back();
}

}  // namespace flowdb::test
