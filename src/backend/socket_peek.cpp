#include "backend/socket_peek.hpp"

#include <cerrno>

#include <sys/socket.h>

namespace flowdb::backend {

bool looks_alive(int descriptor) noexcept {
  char byte = 0;
  const auto count = recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace flowdb::backend
