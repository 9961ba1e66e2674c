#include "config/postgresql_tls.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "config/connection_string_error.hpp"
#include "config/local_host.hpp"
#include "config/variable_name.hpp"
#include "core/ascii.hpp"

namespace flowdb::config {
namespace {

/// What libpq will use: the keyword, else the process environment's variable.
std::string in_force(const PostgresqlTarget& target, const std::string& keyword,
                     const char* variable) {
  if (target.has(keyword)) {
    return target.value(keyword);
  }
  const char* value = std::getenv(variable);
  return value == nullptr ? std::string{} : std::string{value};
}

/// An address beats the name beside it, as in libpq.
bool all_hosts_are_local(const PostgresqlTarget& target) {
  const auto names = split(in_force(target, "host", "PGHOST"), ',');
  const auto addresses = split(in_force(target, "hostaddr", "PGHOSTADDR"), ',');
  for (std::size_t i = 0; i < std::max(names.size(), addresses.size()); ++i) {
    const auto address = i < addresses.size() ? addresses[i] : std::string{};
    const auto name = i < names.size() ? names[i] : std::string{};
    if (!is_local_host(address.empty() ? name : address)) {
      return false;
    }
  }
  return true;
}

/// 0 for no TLS at all, up to 5 for verify-full; -1 for none of libpq's modes.
int strength(std::string_view sslmode) {
  static constexpr std::array<std::string_view, 6> kModes = {"disable", "allow",     "prefer",
                                                             "require", "verify-ca", "verify-full"};
  const auto* const found = std::find(kModes.begin(), kModes.end(), sslmode);
  return found == kModes.end() ? -1 : static_cast<int>(found - kModes.begin());
}

constexpr int kDisable = 0;
constexpr int kRequire = 3;
constexpr int kVerifyCa = 4;

int sslmode_in_force(const PostgresqlTarget& target) {
  return strength(in_force(target, "sslmode", "PGSSLMODE"));
}

std::string setting(const std::string& database_name) {
  return variable_part(database_name) + "_ALLOW_PLAINTEXT";
}

}  // namespace

void apply_tls_rule(const std::string& database_name, bool allow_plaintext,
                    PostgresqlTarget& target) {
  const bool is_given = target.has("sslmode");
  if (is_given && strength(target.value("sslmode")) < 0) {
    refuse_connection_string(database_name,
                             "sslmode must be one of disable, allow, prefer, require, verify-ca "
                             "and verify-full");
  }
  const bool has_service = !in_force(target, "service", "PGSERVICE").empty();
  if (has_service && !is_given) {
    if (!allow_plaintext) {
      refuse_connection_string(database_name,
                               "it uses a service, whose file is not read here; give "
                               "sslmode=require or verify-full beside it, or set " +
                                   setting(database_name) + "=true");
    }
    target.plaintext = true;
    return;
  }
  const bool is_local = !has_service && all_hosts_are_local(target);
  const int mode = sslmode_in_force(target);
  if (!is_local && mode == kDisable && !allow_plaintext) {
    refuse_connection_string(database_name,
                             "sslmode=disable sends passwords and data in plain text to a host "
                             "that is not local; set " +
                                 setting(database_name) + "=true to allow that");
  }
  const bool is_weak = mode >= kDisable && mode < kRequire;
  const bool stays = mode >= kVerifyCa || (is_weak && (is_local || allow_plaintext));
  if (!stays && !in_force(target, "sslrootcert", "PGSSLROOTCERT").empty()) {
    target.set("sslmode", "verify-full");
  } else if (!stays && !is_local && mode != kRequire) {
    target.set("sslmode", allow_plaintext ? "prefer" : "require");
  }
  target.plaintext = !is_local && sslmode_in_force(target) < kRequire;
}

}  // namespace flowdb::config
