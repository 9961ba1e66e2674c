#include "config/sqlserver_tls.hpp"

#include "config/connection_string_error.hpp"
#include "config/local_host.hpp"
#include "config/variable_name.hpp"

namespace flowdb::config {

using Encryption = SqlserverTarget::Encryption;

bool is_local(const SqlserverTarget& target) {
  return !target.host.empty() && is_local_host(target.host);
}

void apply_tls_rule(const std::string& database_name, bool allow_plaintext, bool is_given,
                    SqlserverTarget& target) {
  const bool local = is_local(target);
  if (!is_given) {
    target.encryption = local ? Encryption::optional : Encryption::mandatory;
  }
  const bool is_weak =
      target.encryption == Encryption::off || target.encryption == Encryption::optional;
  if (is_weak && !local && !allow_plaintext) {
    refuse_connection_string(database_name,
                             "without encryption it sends data in plain text to a host that is not "
                             "local; leave Encrypt=yes, or set " +
                                 variable_part(database_name) +
                                 "_ALLOW_PLAINTEXT=true to allow that");
  }
  target.plaintext = is_weak && !local;
}

}  // namespace flowdb::config
