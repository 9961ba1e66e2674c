#pragma once

namespace flowdb::backend::postgresql {

/// Tells OpenSSL to leave its memory to the operating system when the process ends, instead of
/// freeing it in a handler of exit(): a thread that is still connecting (libpq's connect cannot be
/// interrupted, so nobody waits for it) would go on with freed memory and crash the process. To be
/// called before the first connection; without effect when the program has initialised OpenSSL by
/// itself. https://www.openssl.org/docs/man3.0/man3/OPENSSL_init_crypto.html
void keep_openssl_until_exit();

}  // namespace flowdb::backend::postgresql
