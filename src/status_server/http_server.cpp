#include "status_server/http_server.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <system_error>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include <flowdb/error.hpp>

#include "core/ascii.hpp"
#include "logging/log.hpp"
#include "status_server/client_stream.hpp"

namespace flowdb::status_server {
namespace {

constexpr int kListenBacklog = 128;

/// The page and its files come from here, and nothing else is loaded or may show it in a frame.
const httplib::Headers kSecurityHeaders{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

/// httplib ignores SIGPIPE for the whole process, which is not this library's to decide; answers
/// are written without that signal anyway.
class KeptSignal {
 public:
  KeptSignal() { sigaction(SIGPIPE, nullptr, &before_); }
  KeptSignal(const KeptSignal&) = delete;
  KeptSignal& operator=(const KeptSignal&) = delete;
  ~KeptSignal() { sigaction(SIGPIPE, &before_, nullptr); }

 private:
  struct sigaction before_ {};
};

void refuse(httplib::Response& response, int status, const char* reason) {
  response.status = status;
  response.set_content(std::string{reason} + "\n", "text/plain");
}

std::string escaped_pattern(const std::string& path) {
  std::string pattern;
  for (const char character : path) {
    if (character == '.') {
      pattern += '\\';
    }
    pattern += character;
  }
  return pattern;
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || to_lower(address) == "localhost";
}

}  // namespace

bool is_name_of_this_machine(const std::string& host) {
  if (host.empty() || host.front() == '[') {
    return true;  // HTTP/1.0 knows no Host; an IPv6 address is no name
  }
  const auto name = host.substr(0, host.find(':'));
  const bool is_address = std::all_of(name.begin(), name.end(), [](char character) {
    return character == '.' || (character >= '0' && character <= '9');
  });
  return is_address || to_lower(name) == "localhost";
}

std::unique_ptr<HttpServer> HttpServer::make(std::size_t threads,
                                             std::chrono::milliseconds client_timeout) {
  const KeptSignal kept;
  return std::unique_ptr<HttpServer>{new HttpServer{threads, client_timeout}};
}

HttpServer::HttpServer(std::size_t threads, std::chrono::milliseconds client_timeout)
    : threads_(threads), client_timeout_(client_timeout) {
  new_task_queue = [this] { return queue_.release(); };
  set_default_headers(kSecurityHeaders);
  set_socket_options([](socket_t socket) {
    // Not SO_REUSEPORT, httplib's default: another program on the same port would be no error.
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  set_pre_routing_handler(
      [this](const auto& request, auto& response) { return check(request, response); });
  set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.body.empty()) {
      refuse(response, response.status, response.status == 404 ? "not found" : "bad request");
    }
  });
}

HttpServer::~HttpServer() {
  stop_listening();
}

void HttpServer::add_route(const std::string& path, std::function<Answer()> answer) {
  Get(escaped_pattern(path),
      [answer = std::move(answer)](const httplib::Request&, httplib::Response& response) {
        try {
          auto given = answer();
          response.status = given.status;
          response.set_content(std::move(given.body), given.media_type);
        } catch (const std::exception&) {
          logging::write(logging::Level::warning, "the status server could not answer a request");
          refuse(response, 500, "internal error");
        }
      });
}

httplib::Server::HandlerResponse HttpServer::check(const httplib::Request& request,
                                                   httplib::Response& response) const {
  if (request.method != "GET" && request.method != "HEAD") {
    response.set_header("Allow", "GET, HEAD");
    refuse(response, 405, "only GET and HEAD");
    return HandlerResponse::Handled;
  }
  if (!request.ranges.empty()) {
    refuse(response, 416, "only as a whole");  // thousands of ranges would make a large answer
    return HandlerResponse::Handled;
  }
  if (is_local_ && !is_name_of_this_machine(request.get_header_value("Host"))) {
    refuse(response, 403, "this server listens for its own machine alone: ask for 127.0.0.1");
    return HandlerResponse::Handled;
  }
  return HandlerResponse::Unhandled;
}

std::uint16_t HttpServer::start(const std::string& address, std::uint16_t port) {
  is_local_ = is_loopback(address);
  errno = 0;
  const int bound = port == 0 ? bind_to_any_port(address) : bind_to_port(address, port) ? port : -1;
  if (bound <= 0) {
    const auto reason = errno != 0 ? std::generic_category().message(errno) : "no such address";
    throw ConfigurationError("The status server cannot listen on " + address + ", port " +
                             std::to_string(port) + ": " + reason +
                             ". Choose another one in StatusServerOptions, or port 0");
  }
  // Again, for a longer queue in the kernel than httplib's 5, beyond which a client waits for a
  // second.
  ::listen(svr_sock_, kListenBacklog);
  queue_ = std::make_unique<RequestQueue>(threads_);
  listening_ = std::thread{[this] { listen(); }};
  while (!is_running() && !has_ended_) {
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return static_cast<std::uint16_t>(bound);
}

/// Without signals, as one that interrupts accept() would end httplib's loop.
void HttpServer::listen() noexcept {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  listen_after_bind();
  has_ended_ = true;
  if (!is_stopping_) {
    logging::write(logging::Level::error, "the status server has stopped listening");
  }
}

void HttpServer::stop_listening() {
  if (!listening_.joinable()) {
    return;
  }
  {
    const std::lock_guard lock{mutex_};
    is_stopping_ = true;
    for (const auto client : clients_) {
      shutdown(client, SHUT_RD);  // whoever has not sent its request yet
    }
  }
  stop();
  listening_.join();
}

bool HttpServer::admit(socket_t socket) {
  const std::lock_guard lock{mutex_};
  if (!is_stopping_) {
    clients_.insert(socket);
  }
  return !is_stopping_;
}

bool HttpServer::process_and_close_socket(socket_t socket) {
  if (!RequestQueue::is_refused() && admit(socket)) {
    ClientStream stream{socket, client_timeout_};
    bool is_closed = false;
    process_request(stream, true, is_closed, nullptr);
    stream.finish();
    const std::lock_guard lock{mutex_};
    clients_.erase(socket);
  }
  close(socket);
  return true;
}

}  // namespace flowdb::status_server
