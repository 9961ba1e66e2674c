#include "common/identity.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <random>

#include <unistd.h>

#include <flowdb/types.hpp>

namespace flows {
namespace {

std::string host_name() {
  std::array<char, 92> name{};  // 100, less the hyphen and the digits, plus the closing zero
  if (::gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') {
    return "localhost";
  }
  return name.data();
}

}  // namespace

std::string make_run_id() {
  std::random_device random;
  flowdb::Uuid id;
  for (auto& byte : id.bytes) {
    byte = static_cast<std::uint8_t>(random());
  }
  // Version 4 and the variant of RFC 4122, section 4.4.
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0fU) | 0x40U);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);
  return id.to_string();
}

std::string make_instance_id() {
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x",
                static_cast<unsigned>(std::random_device{}()));
  return host_name() + "-" + digits.data();
}

}  // namespace flows
