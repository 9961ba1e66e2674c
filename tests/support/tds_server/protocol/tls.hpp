#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace flowdb::tds_server {

/// The server's certificate and key, shared by all connections.
class TlsContext {
 public:
  /// Reads PEM files; where both names are empty, makes a key and a certificate for localhost and
  /// 127.0.0.1 that signs itself. Throws std::runtime_error.
  TlsContext(const std::string& certificate_file, const std::string& key_file);

  SSL_CTX* native_handle() const { return context_.get(); }
  /// What a client takes as its authority when the certificate is self-made.
  const std::string& certificate_pem() const { return certificate_pem_; }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::string certificate_pem_;
};

/// One TLS session over memory: bytes of the socket on one side, plain bytes on the other. For one
/// thread. Failures throw ProtocolError.
class TlsSession {
 public:
  explicit TlsSession(const TlsContext& context);

  /// Takes bytes of the handshake, gives those to answer with; done() when it is over.
  std::string handshake(std::string_view received);
  bool done() const { return SSL_is_init_finished(session_.get()) == 1; }

  /// Takes bytes from the socket; returns the plain bytes that are complete.
  std::string decrypt(std::string_view received);
  std::string encrypt(std::string_view plain);

 private:
  std::string take_output();

  std::unique_ptr<SSL, decltype(&SSL_free)> session_;
  BIO* incoming_;  // owned by the session
  BIO* outgoing_;
};

}  // namespace flowdb::tds_server
