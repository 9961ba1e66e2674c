#include "support/tds_server/tds_server.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "support/tds_server/session/session.hpp"

namespace flowdb::tds_server {

TdsServer::TdsServer(TdsServerOptions options)
    : options_{std::move(options)},
      tls_{options_.certificate_file, options_.key_file},
      listener_{test_support::listen_on_loopback(options_.port)},
      port_{test_support::local_port(listener_)},
      stop_{eventfd(0, EFD_CLOEXEC)} {
  if (stop_.get() < 0) throw std::runtime_error("no eventfd");
  acceptor_ = std::thread{[this] { accept_connections(); }};
}

TdsServer::~TdsServer() {
  // Nobody reads it: it stays readable for all that wait.
  eventfd_write(stop_.get(), 1);
  acceptor_.join();
  for (Served& served : served_) served.thread.join();
}

void TdsServer::set_faults(FaultPlan plan) {
  const std::lock_guard lock{mutex_};
  plan_ = std::move(plan);
}

FaultPlan TdsServer::faults() const {
  const std::lock_guard lock{mutex_};
  return plan_;
}

void TdsServer::accept_connections() {
  for (;;) {
    std::array<pollfd, 2> watched{{{stop_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}}};
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
    if (watched[0].revents != 0) return;
    test_support::Socket socket = test_support::accept_from(listener_);
    served_.remove_if([](Served& served) {
      if (served.is_over) served.thread.join();
      return served.is_over.load();
    });
    if (socket.get() < 0) continue;
    Served& served = served_.emplace_back();
    ++connections_;
    served.thread = std::thread{
        [this, &served](test_support::Socket accepted) { serve(std::move(accepted), served); },
        std::move(socket)};
  }
}

void TdsServer::serve(test_support::Socket socket, Served& served) {
  {
    Session session{std::move(socket), stop_.get(), ++last_id_,
                    options_,          tls_,        [this] { return faults(); }};
    session.run();
    sent_bytes_ += session.sent_bytes();
  }
  --connections_;
  served.is_over = true;
}

}  // namespace flowdb::tds_server
