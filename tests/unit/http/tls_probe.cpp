#include "tests/unit/http/tls_probe.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace yb::test {

void WriteTestCertificate(const std::filesystem::path& file, const std::string& common_name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), std::rand());
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  BIO* bio = BIO_new_file(file.c_str(), "w");
  PEM_write_bio_X509(bio, certificate);
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  BIO_free(bio);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

struct TlsProbe::State {
  int socket = -1;
  SSL_CTX* context = nullptr;
  SSL* ssl = nullptr;
  bool connected = false;
  std::string received;
};

TlsProbe::TlsProbe(std::uint16_t port, Version only) : state_(std::make_unique<State>()) {
  std::signal(SIGPIPE, SIG_IGN);
  state_->socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{10, 0};
  ::setsockopt(state_->socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  state_->context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(state_->context, 0);  // else the client itself would refuse TLS 1.1
  const int version = only == Version::kTls11   ? TLS1_1_VERSION
                      : only == Version::kTls12 ? TLS1_2_VERSION
                      : only == Version::kTls13 ? TLS1_3_VERSION
                                                : 0;
  SSL_CTX_set_min_proto_version(state_->context, version);
  SSL_CTX_set_max_proto_version(state_->context, version);
  state_->ssl = SSL_new(state_->context);
  if (::connect(state_->socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  SSL_set_fd(state_->ssl, state_->socket);
  state_->connected = SSL_connect(state_->ssl) == 1;
}

TlsProbe::~TlsProbe() {
  if (state_->connected) SSL_shutdown(state_->ssl);
  SSL_free(state_->ssl);
  SSL_CTX_free(state_->context);
  if (state_->socket >= 0) ::close(state_->socket);
}

bool TlsProbe::connected() const {
  return state_->connected;
}

std::string TlsProbe::server_name() const {
  X509* certificate = SSL_get1_peer_certificate(state_->ssl);
  if (certificate == nullptr) return {};
  char name[100] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  X509_free(certificate);
  return name;
}

void TlsProbe::Send(const std::string& bytes) {
  SSL_write(state_->ssl, bytes.data(), static_cast<int>(bytes.size()));
}

std::optional<Answer> TlsProbe::Read(bool bodiless) {
  std::string& received = state_->received;
  const auto receive = [&] {
    char chunk[16384];
    const int count = SSL_read(state_->ssl, chunk, sizeof chunk);
    if (count > 0) received.append(chunk, static_cast<std::size_t>(count));
    return count > 0;
  };
  std::size_t head_end = 0;
  while ((head_end = received.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return std::nullopt;
  }
  Answer answer;
  answer.status = std::stoi(received.substr(9, 3));
  for (std::size_t line = received.find("\r\n") + 2; line < head_end + 2;) {
    const std::size_t end = received.find("\r\n", line);
    const std::size_t colon = received.find(": ", line);
    std::string name = received.substr(line, colon - line);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    answer.headers[name] = received.substr(colon + 2, end - colon - 2);
    line = end + 2;
  }
  received.erase(0, head_end + 4);
  const std::size_t length =
      !bodiless && answer.headers.contains("content-length") ? std::stoul(answer.headers["content-length"]) : 0;
  while (received.size() < length) {
    if (!receive()) return std::nullopt;
  }
  answer.body = received.substr(0, length);
  received.erase(0, length);
  return answer;
}

}  // namespace yb::test
