#include "core/secret.hpp"

#include <cstddef>

namespace flowdb {

Secret::~Secret() {
  // A volatile write: the compiler may not leave out the wiping of memory about to be freed.
  volatile char* bytes = text_.data();
  for (std::size_t i = 0; i < text_.size(); ++i) {
    bytes[i] = '\0';
  }
}

std::string redact(std::string text, const Secret& secret) {
  static constexpr std::string_view kMask = "***";
  if (secret.empty()) {
    return text;
  }
  std::size_t position = 0;
  while ((position = text.find(secret.reveal(), position)) != std::string::npos) {
    text.replace(position, secret.reveal().size(), kMask);
    position += kMask.size();
  }
  return text;
}

}  // namespace flowdb
