#include "backend/postgresql/login_responder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string_view>
#include <system_error>

#include <libpq-fe.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace flowdb::backend::postgresql {
namespace {

using namespace std::string_view_literals;

/// libpq makes the socket's name of the host and the port.
constexpr std::string_view kPort = "5432";
/// Nothing is on the way but memory: longer than this, something is wrong.
constexpr int kPatienceSeconds = 10;
constexpr std::uint32_t kLongestMessage = 1024 * 1024;

/// AuthenticationOk, ParameterStatus server_version, ReadyForQuery. Each begins with its kind and
/// the length of what follows the kind.
constexpr auto kGreeting =
    "R\0\0\0\x08\0\0\0\0"
    "S\0\0\0\x18server_version\0"
    "15.0\0"
    "Z\0\0\0\x05I"sv;
/// CommandComplete, ReadyForQuery.
constexpr auto kAnswer =
    "C\0\0\0\x08SET\0"
    "Z\0\0\0\x05I"sv;

[[noreturn]] void throw_system_error(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

int new_socket() {
  const int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (number < 0) {
    throw_system_error("socket");
  }
  return number;
}

/// 128 random bits, so that nobody can have taken the name.
std::string random_name() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kLength = 32;
  std::random_device random;
  std::uniform_int_distribution<std::size_t> digit{0, kDigits.size() - 1};
  std::string name = "flowdb-";
  std::generate_n(std::back_inserter(name), kLength, [&] { return kDigits[digit(random)]; });
  return name;
}

bool is_own_process(int client) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == getpid();
}

bool read_whole(int client, void* target, std::size_t size) {
  for (auto* next = static_cast<char*>(target); size > 0;) {
    const auto count = recv(client, next, size, 0);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    next += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

/// Reads a message's length, which counts itself, and what follows it.
bool skip_body(int client) {
  std::array<unsigned char, 4> bytes{};
  if (!read_whole(client, bytes.data(), bytes.size())) {
    return false;
  }
  std::uint32_t length = 0;
  for (const auto byte : bytes) {
    length = length << 8U | byte;
  }
  if (length < bytes.size() || length > kLongestMessage) {
    return false;
  }
  std::string body(length - bytes.size(), '\0');
  return read_whole(client, body.data(), body.size());
}

bool send_whole(int client, std::string_view text) {
  while (!text.empty()) {
    const auto count = send(client, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return true;
}

bool is_known_to_libpq(std::string_view keyword) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all{
      PQconninfoParse("", nullptr), PQconninfoFree};
  for (const auto* option = all.get(); option != nullptr && option->keyword != nullptr; ++option) {
    if (keyword == option->keyword) {
      return true;
    }
  }
  return false;
}

}  // namespace

LoginResponder::Descriptor::~Descriptor() {
  close(number_);
}

LoginResponder::LoginResponder() : name_(random_name()), listener_(new_socket()) {
  listen_under_name();
  thread_ = std::thread{[this] { serve(); }};
}

LoginResponder::~LoginResponder() {
  shutdown(listener_.number(), SHUT_RDWR);  // wakes the thread if nobody has come
  thread_.join();
}

void LoginResponder::listen_under_name() const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = name_ + "/.s.PGSQL." + std::string{kPort};
  // The first byte stays 0: that is what makes the name an abstract one.
  std::copy(path.begin(), path.end(), std::begin(address.sun_path) + 1);
  const auto size = offsetof(sockaddr_un, sun_path) + 1 + path.size();
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  if (bind(listener_.number(), generic, static_cast<socklen_t>(size)) != 0) {
    throw_system_error("bind");
  }
  if (listen(listener_.number(), SOMAXCONN) != 0) {
    throw_system_error("listen");
  }
}

std::string LoginResponder::conninfo() const {
  struct Keyword {
    std::string_view name;
    std::string_view value;
  };
  // The password is not asked for; with one given, libpq does not look for a file of passwords.
  static constexpr std::array<Keyword, 19> kKeywords = {{{"hostaddr", ""},
                                                         {"port", kPort},
                                                         {"user", "flowdb"},
                                                         {"dbname", "flowdb"},
                                                         {"password", "none"},
                                                         {"connect_timeout", "10"},
                                                         {"options", ""},
                                                         {"replication", ""},
                                                         {"target_session_attrs", "any"},
                                                         {"requirepeer", ""},
                                                         {"require_auth", ""},
                                                         {"channel_binding", "disable"},
                                                         {"gssencmode", "disable"},
                                                         {"sslmode", "disable"},
                                                         {"sslnegotiation", "postgres"},
                                                         {"sslcertmode", "disable"},
                                                         {"ssl_min_protocol_version", ""},
                                                         {"ssl_max_protocol_version", ""},
                                                         {"client_encoding", "UTF8"}}};
  std::string text = "host=@" + name_;
  for (const auto& keyword : kKeywords) {
    if (is_known_to_libpq(keyword.name)) {
      text += " " + std::string{keyword.name} + "='" + std::string{keyword.value} + "'";
    }
  }
  return text;
}

void LoginResponder::serve() const {
  for (;;) {
    const int number = accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC);
    if (number >= 0) {
      const Descriptor client{number};
      if (is_own_process(number)) {
        converse(number);
        return;
      }
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

void LoginResponder::converse(int client) {
  const timeval patience{kPatienceSeconds, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  bool goes_on = skip_body(client) && send_whole(client, kGreeting);
  while (goes_on) {
    char kind = '\0';
    goes_on = read_whole(client, &kind, 1) && kind == 'Q' && skip_body(client) &&
              send_whole(client, kAnswer);
  }
}

}  // namespace flowdb::backend::postgresql
