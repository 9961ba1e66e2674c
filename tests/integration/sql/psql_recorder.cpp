#include "integration/sql/psql_recorder.hpp"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>

#include "support/socket.hpp"

namespace flowdb::test_support {

namespace {

/// How long psql may be silent.
constexpr int kPatienceMs = 30'000;
// https://www.postgresql.org/docs/15/protocol-message-formats.html
constexpr std::uint32_t kSslRequest = 80877103;
constexpr std::uint32_t kGssRequest = 80877104;

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFFU);
  return bytes;
}

std::string message(char type, std::string_view body) {
  const auto length = static_cast<std::uint32_t>(body.size() + 4);
  return std::string(1, type) + big_endian(length) + std::string{body};
}

std::string parameter(std::string_view name, std::string_view value) {
  return message('S', std::string{name} + '\0' + std::string{value} + '\0');
}

/// None of the scripts has a comment before or within a COPY.
bool begins_copy_in(std::string_view query) {
  std::string words;
  for (const char c : query) {
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_space) {
      words += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  return words.compare(0, 5, "copy ") == 0 && (words.find(" from stdin") != std::string::npos ||
                                               words.find(" from stdout") != std::string::npos);
}

/// Answers one session.
class FakeServer {
 public:
  explicit FakeServer(const Socket& socket) : socket_(socket) {}

  std::vector<PsqlQuery> serve() {
    start();
    for (;;) {
      const char type = read(1).front();
      auto body = read_body();
      if (type == 'X') return std::move(queries_);
      if (type != 'Q') throw std::runtime_error("psql sent an unexpected message");
      body.pop_back();  // its NUL
      queries_.push_back({body, {}});
      if (begins_copy_in(body)) {
        write(message('G', std::string(3, '\0')));
        read_copy_data();
      }
      write(message('C', std::string_view{"OK\0", 3}) + message('Z', "I"));
    }
  }

 private:
  void start() {
    auto request = read_body();
    while (request.size() == 4 &&
           (number(request) == kSslRequest || number(request) == kGssRequest)) {
      write("N");
      request = read_body();
    }
    write(message('R', std::string(4, '\0')) + parameter("server_version", "15.1") +
          parameter("server_encoding", "UTF8") + parameter("client_encoding", "UTF8") +
          parameter("standard_conforming_strings", "on") + message('K', std::string(8, '\0')) +
          message('Z', "I"));
  }

  void read_copy_data() {
    for (;;) {
      const char type = read(1).front();
      const auto body = read_body();
      if (type != 'd') return;
      queries_.back().copy_data += body;
    }
  }

  static std::uint32_t number(std::string_view bytes) {
    std::uint32_t result = 0;
    for (const char byte : bytes) result = result << 8U | static_cast<unsigned char>(byte);
    return result;
  }

  std::string read_body() { return read(number(read(4)) - 4); }

  std::string read(std::size_t count) {
    while (buffer_.size() - offset_ < count) fill();
    auto bytes = buffer_.substr(offset_, count);
    offset_ += count;
    return bytes;
  }

  void fill() {
    buffer_.erase(0, offset_);
    offset_ = 0;
    wait(POLLIN);
    std::array<char, 65536> bytes{};
    const auto count = recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0) throw std::runtime_error("psql has closed the connection");
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      wait(POLLOUT);
      const auto count = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) throw std::system_error(errno, std::generic_category(), "send");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void wait(short events) {
    pollfd waiting{socket_.get(), events, 0};
    if (poll(&waiting, 1, kPatienceMs) <= 0) throw std::runtime_error("psql is silent");
  }

  const Socket& socket_;
  std::string buffer_;
  std::size_t offset_ = 0;
  std::vector<PsqlQuery> queries_;
};

std::vector<PsqlQuery> serve_one(const Socket& listener) {
  pollfd waiting{listener.get(), POLLIN, 0};
  if (poll(&waiting, 1, kPatienceMs) <= 0) throw std::runtime_error("psql does not connect");
  const auto socket = accept_from(listener);
  return FakeServer{socket}.serve();
}

}  // namespace

std::vector<PsqlQuery> record_psql(const std::filesystem::path& script) {
  const auto listener = listen_on_loopback();
  auto queries = std::async(std::launch::async, [&listener] { return serve_one(listener); });
  const auto command =
      "PATH=\"$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)\" PGCONNECT_TIMEOUT=20"
      " psql --no-psqlrc --quiet --no-password --output=/dev/null --file='" +
      script.string() +
      "' 'host=127.0.0.1 sslmode=disable gssencmode=disable dbname=x user=x port=" +
      std::to_string(local_port(listener)) + "' >/dev/null 2>&1";
  const int status = std::system(command.c_str());
  auto result = queries.get();
  if (status != 0) throw std::runtime_error("psql ended with " + std::to_string(status));
  return result;
}

}  // namespace flowdb::test_support
