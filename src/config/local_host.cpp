#include "config/local_host.hpp"

#include <arpa/inet.h>

#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

bool is_loopback_address(const std::string& text) {
  in_addr version4{};
  if (::inet_pton(AF_INET, text.c_str(), &version4) == 1) {
    return (ntohl(version4.s_addr) >> 24) == 127;
  }
  in6_addr version6{};
  return ::inet_pton(AF_INET6, text.c_str(), &version6) == 1 && IN6_IS_ADDR_LOOPBACK(&version6);
}

}  // namespace

bool is_local_host(const std::string& host) {
  return host.empty() || host.front() == '/' || host.front() == '@' ||
         to_lower(host) == "localhost" || is_loopback_address(host);
}

}  // namespace flowdb::config
