// TlsCredentials: the server's certificate, its chain and its key, from one PEM file, read again when the file changes.
// Shared by the handshakes of all worker threads; safe from any thread.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.hpp"

struct ssl_ctx_st;

namespace yb::http {

class TlsCredentials {
 public:
  /// kInvalidArgument, naming the file, when it does not hold a certificate and the private key that belongs to it.
  [[nodiscard]] static base::Result<std::unique_ptr<TlsCredentials>> Load(std::string file);
  ~TlsCredentials();

  /// Makes every handshake of `context` (an SSL_CTX) present the newest certificate. This object outlives `context`.
  void InstallIn(ssl_ctx_st* context);

 private:
  struct State;
  explicit TlsCredentials(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace yb::http
