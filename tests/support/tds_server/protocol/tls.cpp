#include "support/tds_server/protocol/tls.hpp"

#include <array>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "support/tds_server/protocol/bytes.hpp"

namespace flowdb::tds_server {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string openssl_error(const char* what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return std::string{what} + ": " + text.data();
}

void require(bool succeeded, const char* what) {
  if (!succeeded) throw std::runtime_error(openssl_error(what));
}

void add_extension(X509* certificate, int name, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, name, value);
  require(extension != nullptr, "certificate extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate make_certificate(EVP_PKEY* key) {
  Certificate certificate{X509_new(), &X509_free};
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 365L * 24 * 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  const std::string common_name = "localhost";
  X509_NAME_add_entry_by_NID(
      name, NID_commonName, MBSTRING_ASC,
      static_cast<const unsigned char*>(static_cast<const void*>(common_name.data())),
      static_cast<int>(common_name.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  require(X509_sign(certificate.get(), key, EVP_sha256()) != 0, "sign the certificate");
  return certificate;
}

std::string pem_text(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory{BIO_new(BIO_s_mem()), &BIO_free};
  PEM_write_bio_X509(memory.get(), certificate);
  std::string text(BIO_ctrl_pending(memory.get()), '\0');
  BIO_read(memory.get(), text.data(), static_cast<int>(text.size()));
  return text;
}

}  // namespace

TlsContext::TlsContext(const std::string& certificate_file, const std::string& key_file)
    : context_{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free} {
  require(context_ != nullptr, "TLS context");
  // TDS 7.4 wraps the handshake into packets, which TLS 1.3's tickets behind it do not fit; a
  // resumed session would likewise end with the client's word and not the server's.
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context_.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
  if (!certificate_file.empty()) {
    require(
        SSL_CTX_use_certificate_chain_file(context_.get(), certificate_file.c_str()) == 1 &&
            SSL_CTX_use_PrivateKey_file(context_.get(), key_file.c_str(), SSL_FILETYPE_PEM) == 1,
        "certificate and key");
    certificate_pem_ = pem_text(SSL_CTX_get0_certificate(context_.get()));
    return;
  }
  const Key key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
  require(key != nullptr, "make a key");
  const Certificate certificate = make_certificate(key.get());
  require(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1,
          "use the certificate");
  certificate_pem_ = pem_text(certificate.get());
}

TlsSession::TlsSession(const TlsContext& context)
    : session_{SSL_new(context.native_handle()), &SSL_free},
      incoming_{BIO_new(BIO_s_mem())},
      outgoing_{BIO_new(BIO_s_mem())} {
  SSL_set_bio(session_.get(), incoming_, outgoing_);
  SSL_set_accept_state(session_.get());
}

std::string TlsSession::handshake(std::string_view received) {
  BIO_write(incoming_, received.data(), static_cast<int>(received.size()));
  const int result = SSL_do_handshake(session_.get());
  if (result != 1 && SSL_get_error(session_.get(), result) != SSL_ERROR_WANT_READ) {
    throw ProtocolError(openssl_error("TLS handshake"));
  }
  return take_output();
}

std::string TlsSession::decrypt(std::string_view received) {
  BIO_write(incoming_, received.data(), static_cast<int>(received.size()));
  std::string plain;
  std::array<char, 16384> piece{};
  for (;;) {
    const int count = SSL_read(session_.get(), piece.data(), static_cast<int>(piece.size()));
    if (count > 0) {
      plain.append(piece.data(), static_cast<std::size_t>(count));
      continue;
    }
    const int error = SSL_get_error(session_.get(), count);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_ZERO_RETURN) return plain;
    throw ProtocolError(openssl_error("TLS"));
  }
}

std::string TlsSession::encrypt(std::string_view plain) {
  if (SSL_write(session_.get(), plain.data(), static_cast<int>(plain.size())) <= 0) {
    throw ProtocolError(openssl_error("TLS"));
  }
  return take_output();
}

std::string TlsSession::take_output() {
  std::string output(BIO_ctrl_pending(outgoing_), '\0');
  if (!output.empty()) BIO_read(outgoing_, output.data(), static_cast<int>(output.size()));
  return output;
}

}  // namespace flowdb::tds_server
