#include "backend/postgresql/wire.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include <poll.h>

namespace flowdb::backend::postgresql {
namespace {

constexpr std::chrono::milliseconds kLongestPoll{std::chrono::hours{1}};

int poll_timeout(const Deadline& deadline) {
  // Rounded up: poll() must not wake before the deadline only to be called again.
  const auto remaining = std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining());
  return static_cast<int>(std::min(remaining, kLongestPoll).count());
}

}  // namespace

Readiness wait_for_socket(PGconn* connection, bool for_write, const Deadline& deadline) {
  for (;;) {
    pollfd descriptor{PQsocket(connection), POLLIN, 0};
    if (descriptor.fd < 0) {
      return Readiness::lost;
    }
    if (for_write) {
      descriptor.events |= POLLOUT;
    }
    const int count = poll(&descriptor, 1, poll_timeout(deadline));
    if (count > 0) {
      return Readiness::ready;
    }
    if (count < 0 && errno != EINTR) {
      return Readiness::lost;
    }
    if (deadline.has_passed()) {
      return Readiness::timed_out;
    }
  }
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
