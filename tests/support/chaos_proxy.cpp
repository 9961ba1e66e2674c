#include "support/chaos_proxy.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "support/connection_url.hpp"

namespace flowdb::test_support {
namespace {

using Clock = ChaosStream::Clock;

/// What to wait for on `socket`, which `from` reads and `into` writes. A socket of which nothing is
/// wanted is left out (a negative descriptor), for poll() would report its hang-up again and again.
pollfd watch(const Socket& socket, const ChaosStream& from, const ChaosStream& into) {
  int events = 0;
  if (from.wants_input()) events |= POLLIN;
  if (into.wants_output()) events |= POLLOUT;
  return {events == 0 ? -1 : socket.get(), static_cast<short>(events), 0};
}

}  // namespace

ChaosProxy::ChaosProxy(const std::string& server_url, ChaosOptions options)
    : server_url_{server_url},
      options_{options},
      listener_{listen_on_loopback()},
      port_{local_port(listener_)},
      wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
      armed_{options.cut} {
  ConnectionSettings settings = parse_connection_url(server_url);
  server_host_ = settings["hostaddr"].empty() ? settings["host"] : settings["hostaddr"];
  server_port_ = settings["port"].empty() ? "5432" : settings["port"];
  if (server_host_.empty() || server_host_.find_first_of("/,") != std::string::npos) {
    throw std::invalid_argument("the chaos proxy stands before one host, not a list or a folder");
  }
  thread_ = std::thread{[this] { loop(); }};
}

ChaosProxy::~ChaosProxy() {
  perform([this] { stopping_ = true; });
  thread_.join();
}

std::string ChaosProxy::url(const std::string& server_url) const {
  return with_settings(server_url,
                       {{"host", "127.0.0.1"}, {"hostaddr", ""}, {"port", std::to_string(port_)}});
}

void ChaosProxy::stall() {
  perform([this] { stalled_ = true; });
}

void ChaosProxy::heal() {
  perform([this] { stalled_ = false; });
}

void ChaosProxy::cut_all(CutStyle style) {
  perform([this, style] {
    for (Link& link : links_) cut_link(link, style);
    links_.clear();
  });
}

void ChaosProxy::cut(const Cut& cut) {
  perform([this, cut] {
    armed_ = cut;
    for (Link& link : links_) arm(link);
  });
}

std::size_t ChaosProxy::open_connections() {
  std::size_t count = 0;
  perform([this, &count] { count = links_.size(); });
  return count;
}

std::size_t ChaosProxy::accepted_connections() {
  std::size_t count = 0;
  perform([this, &count] { count = accepted_; });
  return count;
}

std::uint64_t ChaosProxy::bytes(Direction direction) {
  std::uint64_t sum = 0;
  perform([this, direction, &sum] {
    const bool to_server = direction == Direction::to_server;
    sum = to_server ? retired_to_server_ : retired_to_client_;
    for (const Link& link : links_) {
      sum += to_server ? link.to_server.forwarded() : link.to_client.forwarded();
    }
  });
  return sum;
}

std::size_t ChaosProxy::turns() {
  std::size_t count = 0;
  perform([this, &count] { count = turns_; });
  return count;
}

/// Runs `task` on the loop's thread and waits for its end.
void ChaosProxy::perform(const std::function<void()>& task) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return task_ == nullptr; });
  task_ = &task;
  eventfd_write(wake_.get(), 1);
  changed_.wait(lock, [this, &task] { return task_ != &task; });
}

void ChaosProxy::run_pending_task() {
  eventfd_t count = 0;
  eventfd_read(wake_.get(), &count);
  const std::lock_guard lock{mutex_};
  if (task_ == nullptr) return;
  (*task_)();
  task_ = nullptr;
  changed_.notify_all();
}

void ChaosProxy::loop() {
  while (!stopping_) {
    poll_and_serve();
    run_pending_task();
  }
  for (Link& link : links_) cut_link(link, CutStyle::reset);
}

void ChaosProxy::poll_and_serve() {
  std::vector<pollfd> watched{{wake_.get(), POLLIN, 0}};
  if (!stalled_) {
    watched.push_back({listener_.get(), POLLIN, 0});
    for (const Link& link : links_) {
      watched.push_back(watch(link.client, link.to_server, link.to_client));
      watched.push_back(watch(link.server, link.to_client, link.to_server));
    }
  }
  poll(watched.data(), watched.size(), wait_time());
  if (stalled_) return;
  std::size_t index = 2;
  for (Link& link : links_) {
    serve(link, watched[index].revents != 0, watched[index + 1].revents != 0);
    index += 2;
  }
  links_.remove_if([this](Link& link) { return retire_if_over(link); });
  if (watched[1].revents != 0) accept_waiting();
}

/// Milliseconds until the next piece is due; -1 when nothing is.
int ChaosProxy::wait_time() const {
  if (stalled_) return -1;
  std::optional<Clock::time_point> next;
  for (const Link& link : links_) {
    for (const auto due : {link.to_server.due(), link.to_client.due()}) {
      if (due && (!next || *due < *next)) next = due;
    }
  }
  if (!next) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

void ChaosProxy::accept_waiting() {
  Socket client = accept_from(listener_);
  if (client.get() < 0) return;
  // Each stream has its own seed, so that its choices do not depend on what others do meanwhile.
  const std::uint64_t seed = options_.seed + 2 * accepted_++;
  try {
    Socket server = connect_to(server_host_, server_port_);
    links_.push_back({std::move(client), std::move(server),
                      ChaosStream{options_.to_server_delay, options_.slice, seed, true},
                      ChaosStream{options_.to_client_delay, options_.slice, seed + 1, false}});
    arm(links_.back());
  } catch (const std::exception&) {
    client.close_with_reset();
  }
}

void ChaosProxy::arm(Link& link) {
  link.to_server.forget_cut();
  link.to_client.forget_cut();
  if (!armed_ || armed_->times == 0) return;
  auto& stream = armed_->direction == Direction::to_server ? link.to_server : link.to_client;
  if (armed_->message) {
    stream.cut_at(*armed_->message);
  } else {
    stream.cut_after(armed_->after_bytes);
  }
}

void ChaosProxy::serve(Link& link, bool client_ready, bool server_ready) {
  const auto now = Clock::now();
  if (client_ready && link.to_server.wants_input()) link.to_server.receive(link.client.get(), now);
  if (server_ready && link.to_client.wants_input()) link.to_client.receive(link.server.get(), now);
  const auto asked = link.to_server.forwarded();
  link.to_server.forward(link.server.get(), now);
  if (link.to_server.forwarded() > asked && !link.client_spoke_last) {
    ++turns_;
    link.client_spoke_last = true;
  }
  const auto answered = link.to_client.forwarded();
  link.to_client.forward(link.client.get(), now);
  if (link.to_client.forwarded() > answered) link.client_spoke_last = false;
}

/// Closes a connection that came to its end, by itself or by a cut; says whether it did.
bool ChaosProxy::retire_if_over(Link& link) {
  using State = ChaosStream::State;
  const State states[] = {link.to_server.state(), link.to_client.state()};
  const auto has = [&states](State state) { return states[0] == state || states[1] == state; };
  if (has(State::cut_due) && armed_ && armed_->times > 0) {
    const CutStyle style = armed_->style;
    if (--armed_->times == 0) {
      for (Link& other : links_) arm(other);
    }
    if (style == CutStyle::client_only) link.client.close_with_reset();
    if (style == CutStyle::silence || style == CutStyle::client_only) {
      link.to_server.silence();
      link.to_client.silence();
      return false;
    }
    cut_link(link, style);
    return true;
  }
  if (has(State::broken)) {
    cut_link(link, CutStyle::reset);
    return true;
  }
  if (states[0] == State::ended && states[1] == State::ended) {
    cut_link(link, CutStyle::close);
    return true;
  }
  return false;
}

void ChaosProxy::cut_link(Link& link, CutStyle style) {
  retired_to_server_ += link.to_server.forwarded();
  retired_to_client_ += link.to_client.forwarded();
  for (Socket* socket : {&link.client, &link.server}) {
    if (style == CutStyle::reset) {
      socket->close_with_reset();
    } else {
      socket->close();
    }
  }
}

}  // namespace flowdb::test_support
