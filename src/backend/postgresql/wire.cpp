#include "backend/postgresql/wire.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>

#include <poll.h>

namespace flowdb::backend::postgresql {
namespace {

constexpr std::chrono::milliseconds kLongestPoll{std::chrono::hours{1}};

int poll_timeout(const Deadline& deadline) {
  // Rounded up: poll() must not wake before the deadline only to be called again.
  const auto remaining = std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining());
  return static_cast<int>(std::min(remaining, kLongestPoll).count());
}

/// The first descriptor is the connection's.
template <std::size_t count>
Readiness wait_for_any(std::array<pollfd, count>& descriptors, const Deadline& deadline) {
  if (descriptors[0].fd < 0) {
    return Readiness::lost;
  }
  for (;;) {
    const int ready = poll(descriptors.data(), count, poll_timeout(deadline));
    if (ready > 0) {
      return Readiness::ready;
    }
    if (ready < 0 && errno != EINTR) {
      return Readiness::lost;
    }
    if (deadline.has_passed()) {
      return Readiness::timed_out;
    }
  }
}

}  // namespace

Readiness wait_for_socket(PGconn* connection, bool for_write, const Deadline& deadline) {
  std::array<pollfd, 1> descriptors{{{PQsocket(connection), POLLIN, 0}}};
  if (for_write) {
    descriptors[0].events |= POLLOUT;
  }
  return wait_for_any(descriptors, deadline);
}

Readiness wait_for_socket_or(int wake_descriptor, PGconn* connection, const Deadline& deadline) {
  std::array<pollfd, 2> descriptors{
      {{PQsocket(connection), POLLIN, 0}, {wake_descriptor, POLLIN, 0}}};
  return wait_for_any(descriptors, deadline);
}

Readiness Wire::flush(const Deadline& deadline) {
  for (;;) {
    const int state = PQflush(connection_);
    if (state == 0) {
      return Readiness::ready;
    }
    if (state < 0) {
      return Readiness::lost;
    }
    if (const auto waited = wait_for_socket(connection_, true, deadline);
        waited != Readiness::ready) {
      return waited;
    }
    if (PQconsumeInput(connection_) == 0) {
      return Readiness::lost;
    }
  }
}

Readiness Wire::next(ResultHandle& result, const Deadline& deadline) {
  while (PQisBusy(connection_) != 0) {
    const auto waited = wait_for_socket(connection_, PQflush(connection_) > 0, deadline);
    if (waited == Readiness::timed_out) {
      return waited;
    }
    // A lost connection is reported by PQgetResult, with what the server had still said.
    if (waited == Readiness::lost || PQconsumeInput(connection_) == 0) {
      break;
    }
    // Rows that never cease to arrive must not hide it.
    if (deadline.has_passed()) {
      return Readiness::timed_out;
    }
  }
  result.reset(PQgetResult(connection_));
  return Readiness::ready;
}

Readiness Wire::drain_pipeline(const Deadline& deadline) {
  PQpipelineSync(connection_);  // a further one does no harm, and there may be none yet
  ResultHandle result;
  do {
    if (const auto waited = next(result, deadline); waited != Readiness::ready) {
      return waited;
    }
    if (PQstatus(connection_) != CONNECTION_OK) {
      return Readiness::lost;
    }
    if (deadline.has_passed()) {
      return Readiness::timed_out;
    }
    // Nothing stands between two statements as well as at the end.
  } while (result != nullptr || PQexitPipelineMode(connection_) == 0);
  return Readiness::ready;
}

Readiness Wire::drain(const Deadline& deadline) {
  if (PQpipelineStatus(connection_) != PQ_PIPELINE_OFF) {
    return drain_pipeline(deadline);
  }
  ResultHandle result;
  do {
    if (const auto waited = next(result, deadline); waited != Readiness::ready) {
      return waited;
    }
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      return Readiness::lost;
    }
  } while (result != nullptr);
  return PQstatus(connection_) == CONNECTION_OK ? Readiness::ready : Readiness::lost;
}

Readiness Wire::put_copy_data(const char* data, int size, const Deadline& deadline) {
  if (deadline.has_passed()) {
    return Readiness::timed_out;
  }
  for (;;) {
    const int state = PQputCopyData(connection_, data, size);
    if (state == 1) {
      return flush(deadline);
    }
    if (state < 0) {
      return Readiness::lost;
    }
    if (const auto waited = wait_for_socket(connection_, true, deadline);
        waited != Readiness::ready) {
      return waited;
    }
  }
}

}  // namespace flowdb::backend::postgresql
