#include "backend/postgresql/openssl_exit.hpp"

#include <openssl/crypto.h>

namespace flowdb::backend::postgresql {

void keep_openssl_until_exit() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
}

}  // namespace flowdb::backend::postgresql
