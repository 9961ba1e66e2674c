#include "backend/postgresql/openssl_exit.hpp"

#include <openssl/crypto.h>

namespace flowdb::backend::postgresql {

namespace {

/// Before main(): a program may use libpq by itself before it uses flowdb.
[[maybe_unused]] const bool told_before_main = [] {
  keep_openssl_until_exit();
  return true;
}();

}  // namespace

void keep_openssl_until_exit() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

}  // namespace flowdb::backend::postgresql
