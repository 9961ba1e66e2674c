#include "config/postgresql_keywords.hpp"

#include <algorithm>
#include <array>

#include "config/similar_word.hpp"

namespace flowdb::config {
namespace {

constexpr auto kKeywords = std::to_array<std::string_view>({
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssencmode",
    "gsslib",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "options",
    "passfile",
    "password",
    "port",
    "replication",
    "requirepeer",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslmode",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
});

}  // namespace

bool is_postgresql_keyword(std::string_view name) noexcept {
  return std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
}

std::string_view similar_postgresql_keyword(std::string_view name) {
  return similar_word(name, kKeywords);
}

}  // namespace flowdb::config
