#include "backend/postgresql/resolved_target.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>

#include <flowdb/error.hpp>

namespace flowdb::backend::postgresql {
namespace {

/// What resolving names may take of the time for a connection.
constexpr std::chrono::seconds kLongestResolution{15};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(comma + 1);
  }
}

/// A local socket, or numeric: nothing to resolve.
bool is_address(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return host.empty() || host.front() == '/' || host.front() == '@' ||
         host.find('%') != std::string::npos || inet_pton(AF_INET, host.c_str(), &v4) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

/// The lists of libpq's keywords, built up host by host.
struct Lists {
  std::string hosts;
  std::string addresses;
  std::string ports;
  bool is_empty = true;

  void add(const std::string& host, const std::string& address, const std::string& port) {
    const char* comma = is_empty ? "" : ",";
    hosts += comma + host;
    addresses += comma + address;
    ports += comma + port;
    is_empty = false;
  }
};

}  // namespace

config::PostgresqlTarget resolved(const config::PostgresqlTarget& target,
                                  const std::string& database_name, NameResolver& resolver,
                                  const Deadline& deadline) {
  const auto hosts = split(target.value("host"));
  bool has_name = false;
  for (const auto& host : hosts) {
    has_name = has_name || !is_address(host);
  }
  if (!has_name || !target.value("hostaddr").empty()) {
    return target;
  }
  const auto ports = split(target.value("port"));
  const auto limit = earlier(deadline, Deadline::after(kLongestResolution));
  Lists lists;
  std::string errors;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto& port = ports.size() == hosts.size() ? ports[i] : ports.front();
    if (is_address(hosts[i])) {
      lists.add(hosts[i], "", port);
      continue;
    }
    const auto resolution = resolver.resolve(hosts[i], limit);
    for (const auto& address : resolution.addresses) {
      lists.add(hosts[i], address, port);
    }
    if (resolution.addresses.empty()) {
      errors += (errors.empty() ? "" : "; ") + ("\"" + hosts[i]) + "\": " + resolution.error;
    }
  }
  if (lists.is_empty) {
    throw ConnectionError(database_name +
                              ": connecting to the server failed: could not translate host name " +
                              errors,
                          {.database_name = database_name, .transient = true});
  }
  auto result = target;
  result.set("host", lists.hosts);
  result.set("hostaddr", lists.addresses);
  if (target.has("port")) {
    result.set("port", lists.ports);
  }
  return result;
}

}  // namespace flowdb::backend::postgresql
