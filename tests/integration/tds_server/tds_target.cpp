#include "integration/tds_server/tds_target.hpp"

#include <utility>

namespace flowdb::test {
namespace {

tds_server::TdsServerOptions complete(tds_server::TdsServerOptions options,
                                      const test_support::TestDatabase& database) {
  options.postgres = database.url();
  options.user = TdsTarget::kUser;
  options.password = TdsTarget::kPassword;
  return options;
}

}  // namespace

TdsTarget::TdsTarget(tds_server::TdsServerOptions options)
    : server_{complete(std::move(options), database_)} {}

std::string TdsTarget::url_with(const std::string& options, const std::string& password) const {
  return std::string{"sqlserver://"} + kUser + ':' + password +
         "@127.0.0.1:" + std::to_string(server_.port()) + '/' + database_.name() +
         "?driver=FreeTDS&" + options;
}

}  // namespace flowdb::test
