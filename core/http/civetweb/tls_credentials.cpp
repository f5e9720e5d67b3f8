#include "core/http/civetweb/tls_credentials.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <vector>

#include "core/base/guarded.hpp"
#include "core/base/log.hpp"

namespace yb::http {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

struct Pem {
  X509Ptr certificate;
  std::vector<X509Ptr> chain;
  KeyPtr key;
};

Result<Pem> ReadPem(const std::string& file) {
  const auto refuse = [&](std::string what) {
    ERR_clear_error();
    return Fail(ErrorCode::kInvalidArgument, file + ": " + std::move(what),
                "it holds, as PEM, the certificate, then its chain, then the private key");
  };
  const BioPtr bio(BIO_new_file(file.c_str(), "r"));
  if (!bio) return refuse("the certificate file cannot be read");
  Pem pem;
  while (X509Ptr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    if (!pem.certificate) {
      pem.certificate = std::move(certificate);
    } else {
      pem.chain.push_back(std::move(certificate));
    }
  }
  const BioPtr again(BIO_new_file(file.c_str(), "r"));
  if (again) pem.key.reset(PEM_read_bio_PrivateKey(again.get(), nullptr, nullptr, nullptr));
  if (!pem.certificate) return refuse("there is no certificate in it");
  if (!pem.key) return refuse("there is no private key in it");
  if (X509_check_private_key(pem.certificate.get(), pem.key.get()) != 1) {
    return refuse("the private key belongs to another certificate");
  }
  ERR_clear_error();
  return pem;
}

/// What tells one version of the file from the next.
struct FileVersion {
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;
  friend bool operator==(const FileVersion&, const FileVersion&) = default;
};

FileVersion VersionOf(const std::string& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return {info.st_ino, info.st_size, info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec};
}

const base::Logger kLog("http");

struct Current {
  FileVersion version;
  Pem pem;
};

}  // namespace

struct TlsCredentials::State {
  std::string file;
  base::Guarded<Current> newest;

  /// 1 lets the handshake go on, 0 ends it (SSL_CTX_set_cert_cb).
  static int OnHandshake(SSL* ssl, void* argument) {
    auto& self = *static_cast<State*>(argument);
    return self.newest.With([&](Current& current) {
      self.ReloadIfChanged(current);
      SSL_certs_clear(ssl);
      if (SSL_use_certificate(ssl, current.pem.certificate.get()) != 1 ||
          SSL_use_PrivateKey(ssl, current.pem.key.get()) != 1) {
        return 0;
      }
      for (const X509Ptr& certificate : current.pem.chain) {
        if (SSL_add1_chain_cert(ssl, certificate.get()) != 1) return 0;
      }
      return 1;
    });
  }

  void ReloadIfChanged(Current& current) {
    const FileVersion version = VersionOf(file);
    if (version == current.version) return;
    current.version = version;
    Result<Pem> pem = ReadPem(file);
    if (!pem) {
      kLog.Warn("certificate-kept", {{"reason", pem.error().Describe()}});
      return;
    }
    current.pem = std::move(*pem);
    kLog.Info("certificate-reloaded", {{"file", file}});
  }
};

TlsCredentials::TlsCredentials(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsCredentials::~TlsCredentials() = default;

Result<std::unique_ptr<TlsCredentials>> TlsCredentials::Load(std::string file) {
  const FileVersion version = VersionOf(file);
  YB_ASSIGN(Pem pem, ReadPem(file));
  auto state = std::make_unique<State>();
  state->file = std::move(file);
  state->newest.With([&](Current& current) { current = {version, std::move(pem)}; });
  return std::unique_ptr<TlsCredentials>(new TlsCredentials(std::move(state)));
}

void TlsCredentials::InstallIn(ssl_ctx_st* context) {
  SSL_CTX_set_cert_cb(context, &State::OnHandshake, state_.get());
}

}  // namespace yb::http
