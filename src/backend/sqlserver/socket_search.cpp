#include "backend/sqlserver/socket_search.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace flowdb::backend::sqlserver {
namespace {

constexpr std::string_view kSocket = "socket:";

/// The address without its port, as bytes; empty for what is not IP.
std::string address_bytes(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in ip{};
    std::memcpy(&ip, address, sizeof(ip));
    return {reinterpret_cast<const char*>(&ip.sin_addr), sizeof(ip.sin_addr)};
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 ip{};
    std::memcpy(&ip, address, sizeof(ip));
    const std::string bytes{reinterpret_cast<const char*>(&ip.sin6_addr), sizeof(ip.sin6_addr)};
    return IN6_IS_ADDR_V4MAPPED(&ip.sin6_addr) ? bytes.substr(bytes.size() - sizeof(in_addr))
                                               : bytes;
  }
  return {};
}

int port_of(const sockaddr_storage& address) {
  // Both families have it in the same place.
  sockaddr_in ip{};
  std::memcpy(&ip, &address, sizeof(ip));
  return ntohs(ip.sin_port);
}

std::vector<std::string> resolve(const std::string& host) {
  std::vector<std::string> addresses;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (host.empty() || getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return addresses;
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{found, freeaddrinfo};
  for (const auto* entry = found; entry != nullptr; entry = entry->ai_next) {
    addresses.push_back(address_bytes(entry->ai_addr));
  }
  return addresses;
}

}  // namespace

SocketSearch::SocketSearch(const std::string& host, int port)
    : port_(port), addresses_(resolve(host)), before_(open_sockets()) {}

/// By the links of /proc, `socket:[inode]`: no descriptor of anybody else is touched.
std::vector<SocketSearch::Descriptor> SocketSearch::open_sockets() {
  std::vector<Descriptor> sockets;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd", error}) {
    auto identity = std::filesystem::read_symlink(entry.path(), error).string();
    if (!error && identity.compare(0, kSocket.size(), kSocket) == 0) {
      sockets.push_back({std::atoi(entry.path().filename().c_str()), std::move(identity)});
    }
  }
  return sockets;
}

bool SocketSearch::leads_to_server(int descriptor) const {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0 ||
      (peer.ss_family != AF_INET && peer.ss_family != AF_INET6)) {
    return false;
  }
  const auto address = address_bytes(reinterpret_cast<const sockaddr*>(&peer));
  const bool right_host = addresses_.empty() || std::find(addresses_.begin(), addresses_.end(),
                                                          address) != addresses_.end();
  return right_host && (port_ == 0 || port_of(peer) == port_);
}

SocketSearch::Result SocketSearch::find() const {
  Result result;
  for (const auto& socket : open_sockets()) {
    const bool is_new = std::none_of(before_.begin(), before_.end(), [&](const auto& known) {
      return known.identity == socket.identity;
    });
    if (!is_new || !leads_to_server(socket.number)) {
      continue;
    }
    if (result.outcome == Outcome::found) {
      return {Outcome::several, -1};
    }
    result = {Outcome::found, socket.number};
  }
  return result;
}

}  // namespace flowdb::backend::sqlserver
