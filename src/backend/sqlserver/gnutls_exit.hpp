#pragma once

namespace flowdb::backend::sqlserver {

/// What keep_openssl_until_exit() is to libpq, for FreeTDS, which Debian builds with GnuTLS: that
/// frees its memory in a destructor of its library, under threads that are still connecting. It
/// counts its initialisations, so that one more is never taken back. To be called while the driver
/// is loaded; without effect when it does not use GnuTLS.
/// https://www.gnutls.org/manual/html_node/Initialization.html
void keep_gnutls_until_exit();

}  // namespace flowdb::backend::sqlserver
