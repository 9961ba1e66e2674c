#pragma once

namespace flowdb::backend::postgresql {

/// Tells OpenSSL to leave its memory to the operating system when the process ends, instead of
/// freeing it in a handler of exit(): a thread that is still connecting (libpq's connect cannot be
/// interrupted, so nobody waits for it) would go on with freed memory and crash the process. Called
/// before main() in a program that makes connections, and before the first one; without effect when
/// OpenSSL is initialised already.
/// https://www.openssl.org/docs/man3.0/man3/OPENSSL_init_crypto.html
void keep_openssl_until_exit();

}  // namespace flowdb::backend::postgresql
