#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "support/chaos_options.hpp"
#include "support/chaos_stream.hpp"
#include "support/socket.hpp"

namespace flowdb::test_support {

/// A TCP proxy on 127.0.0.1 that disturbs what passes through it. Thread-safe; each call returns
/// when it has taken effect. The destructor resets all connections.
class ChaosProxy {
 public:
  /// Stands before the server of `server_url`, which must name one host.
  explicit ChaosProxy(const std::string& server_url, ChaosOptions options = {});
  ~ChaosProxy();
  ChaosProxy(const ChaosProxy&) = delete;
  ChaosProxy& operator=(const ChaosProxy&) = delete;

  std::uint16_t port() const { return port_; }
  /// `server_url`, or any other URL of the same server, by way of this proxy.
  std::string url() const { return url(server_url_); }
  std::string url(const std::string& server_url) const;

  /// A black hole: nothing is forwarded, and who connects finds an open connection without an
  /// answer.
  void stall();
  /// Ends a stall: what was held back is forwarded.
  void heal();
  /// Cuts every connection now.
  void cut_all(CutStyle style = CutStyle::reset);
  /// Arms a cut; bytes count from now for open connections and from their beginning for new ones.
  void cut(const Cut& cut);

  std::size_t open_connections();
  std::size_t accepted_connections();
  /// Forwarded over all connections so far.
  std::uint64_t bytes(Direction direction);
  /// How often a client has begun to speak, at first or after its server had: round trips.
  std::size_t turns();

  /// The seed and all settings, for the message of a failed test.
  std::string describe() const { return test_support::describe(options_); }

 private:
  struct Link {
    Socket client;
    Socket server;
    ChaosStream to_server;
    ChaosStream to_client;
    bool client_spoke_last = false;
  };

  void loop();
  void perform(const std::function<void()>& task);
  void run_pending_task();
  void accept_waiting();
  void arm(Link& link);
  void serve(Link& link, bool client_ready, bool server_ready);
  bool retire_if_over(Link& link);
  void cut_link(Link& link, CutStyle style);
  int wait_time() const;
  void poll_and_serve();

  std::string server_url_;
  ChaosOptions options_;
  std::string server_host_;
  std::string server_port_;
  Socket listener_;
  std::uint16_t port_;
  Socket wake_;

  // Touched by the loop's thread alone.
  std::list<Link> links_;
  std::optional<Cut> armed_;
  bool stalled_ = false;
  bool stopping_ = false;
  std::size_t accepted_ = 0;
  std::size_t turns_ = 0;
  std::uint64_t retired_to_server_ = 0;
  std::uint64_t retired_to_client_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* task_ = nullptr;  // guarded by mutex_

  std::thread thread_;
};

}  // namespace flowdb::test_support
