#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include <httplib.h>
#include <sys/types.h>

#include "core/deadline.hpp"

namespace flowdb::status_server {

/// A client's socket, which it does not own. A client has a time to send its request and the same
/// again for the answer, as a whole: httplib's own limits are for each read, so that one byte now
/// and then would hold a thread for ever. Not thread-safe.
class ClientStream final : public httplib::Stream {
 public:
  ClientStream(socket_t socket, std::chrono::milliseconds limit)
      : socket_(socket), limit_(limit), read_until_(Deadline::after(limit)) {}

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

  /// Says that nothing more comes, and reads what the client still has to say for a moment: it
  /// would lose the answer if the connection were reset.
  void finish();

 private:
  bool wait(short event, const Deadline& deadline) const;
  ssize_t refill();

  socket_t socket_;
  std::chrono::milliseconds limit_;
  Deadline read_until_;
  Deadline write_until_ = Deadline::never();
  bool has_written_ = false;
  std::size_t received_ = 0;
  std::array<char, 4096> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace flowdb::status_server
