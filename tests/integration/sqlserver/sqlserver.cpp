#include "integration/sqlserver/sqlserver.hpp"

#include <stdexcept>
#include <utility>

namespace flowdb::test {
namespace {

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

std::string Sqlserver::address() const {
  const auto [begin, end] = host_and_port(url());
  return "postgresql://" + url().substr(begin, end - begin) + "/any";
}

std::string Sqlserver::url_through(const test_support::ChaosProxy& proxy) const {
  const auto [begin, end] = host_and_port(url());
  return url().substr(0, begin) + "127.0.0.1:" + std::to_string(proxy.port()) + url().substr(end);
}

}  // namespace flowdb::test
