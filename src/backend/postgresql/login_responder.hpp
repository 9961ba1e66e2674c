#pragma once

#include <string>
#include <thread>

namespace flowdb::backend::postgresql {

/// Plays, for one client of this process, a PostgreSQL server as far as its login goes: accepts
/// whoever comes, answers each query as if it were a SET, and has no data. It listens on a socket
/// in Linux' abstract namespace, under a name that it alone has bound, and from a thread that lives
/// as long as itself. What it answers is of the protocol's version 3.0:
/// https://www.postgresql.org/docs/15/protocol-flow.html#id-1.10.6.7.3
class LoginResponder {
 public:
  /// \throws std::system_error when there is no socket or no thread to be had.
  LoginResponder();
  LoginResponder(const LoginResponder&) = delete;
  LoginResponder& operator=(const LoginResponder&) = delete;
  /// Waits for the client's end of the conversation, 10 s at most.
  ~LoginResponder();

  /// What PQconnectdb() is to be given (libpq 14 or later). It names every setting that could keep
  /// the client from this server, so that none is taken from the environment.
  std::string conninfo() const;

 private:
  /// A file descriptor that is closed with its owner.
  class Descriptor {
   public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();
    int number() const noexcept { return number_; }

   private:
    int number_;
  };

  void listen_under_name() const;
  void serve() const;
  static void converse(int client);

  std::string name_;
  Descriptor listener_;
  std::thread thread_;
};

}  // namespace flowdb::backend::postgresql
