#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include <httplib.h>

#include "status_server/request_queue.hpp"

namespace flowdb::status_server {

/// What a route answers.
struct Answer {
  int status = 200;
  std::string media_type = "application/json";
  std::string body;
};

/// Answers GET and HEAD, each connection one request, with bounds for what clients can make it do.
class HttpServer : private httplib::Server {
 public:
  static std::unique_ptr<HttpServer> make(std::size_t threads,
                                          std::chrono::milliseconds client_timeout);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer() override;

  /// Before start(). `path` is taken literally; `answer` is called by several threads.
  void add_route(const std::string& path, std::function<Answer()> answer);
  /// Listens, and answers on threads of its own from now on. Returns the port.
  /// \throws ConfigurationError when it cannot.
  std::uint16_t start(const std::string& address, std::uint16_t port);

 private:
  HttpServer(std::size_t threads, std::chrono::milliseconds client_timeout);
  /// False: nobody is answered any more.
  bool admit(socket_t socket);
  bool process_and_close_socket(socket_t socket) override;
  HandlerResponse check(const httplib::Request& request, httplib::Response& response) const;
  void stop_listening();

  void listen() noexcept;

  const std::size_t threads_;
  const std::chrono::milliseconds client_timeout_;
  std::unique_ptr<RequestQueue> queue_;  ///< until httplib takes it
  bool is_local_ = true;                 ///< only this machine can reach it
  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> has_ended_{false};
  std::thread listening_;
  std::mutex mutex_;
  std::set<socket_t> clients_;  ///< those that are being answered
};

/// Whether the Host header of a request names this machine as somebody on it would.
bool is_name_of_this_machine(const std::string& host);

}  // namespace flowdb::status_server
