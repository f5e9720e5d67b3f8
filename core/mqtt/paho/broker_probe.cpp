#include "core/mqtt/paho/broker_probe.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace yb::mqtt {
namespace {

std::string ErrnoText(int number) {
  return std::error_code(number, std::system_category()).message();
}

class Socket {
 public:
  explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

timeval AsTimeval(base::Duration limit) {
  return {static_cast<time_t>(limit.count() / 1'000'000), static_cast<suseconds_t>(limit.count() % 1'000'000)};
}

/// 0, or the errno of connecting; the socket then blocks for at most `limit` at a time.
int Connect(const addrinfo& address, base::Duration limit, Socket& connected) {
  Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return errno;
  int error = ::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd watched{socket.get(), POLLOUT, 0};
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    socklen_t size = sizeof error;
    if (::poll(&watched, 1, static_cast<int>(wait)) <= 0) {
      error = ETIMEDOUT;
    } else if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
      error = errno;
    }
  }
  if (error != 0) return error;
  ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) & ~O_NONBLOCK);
  const timeval time = AsTimeval(limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  connected = std::move(socket);
  return 0;
}

Fault TlsFault(const std::string& otherwise) {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return {FaultKind::kTls, reason != nullptr ? reason : otherwise};
}

Fault ProbeTls(const MqttOptions& options, const std::string& host, int descriptor) {
  ERR_clear_error();
  const std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &::SSL_CTX_free);
  if (SSL_CTX_load_verify_locations(context.get(), options.trust_file.c_str(), nullptr) != 1 ||
      SSL_CTX_use_certificate_chain_file(context.get(), options.certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return TlsFault("its certificates cannot be read");
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const std::unique_ptr<SSL, decltype(&::SSL_free)> session(SSL_new(context.get()), &::SSL_free);
  SSL_set_fd(session.get(), descriptor);
  X509_VERIFY_PARAM* const expected = SSL_get0_param(session.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) != 1) {
    ERR_clear_error();
    X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size());
  }
  if (SSL_connect(session.get()) != 1) {
    const long verified = SSL_get_verify_result(session.get());
    if (verified != X509_V_OK) return {FaultKind::kTls, X509_verify_cert_error_string(verified)};
    return TlsFault("the handshake does not end");
  }
  // Whether the broker takes our certificate is told after the handshake (TLS 1.3); it says nothing where it does.
  char byte = 0;
  const int read = SSL_read(session.get(), &byte, 1);
  if (read <= 0 && SSL_get_error(session.get(), read) == SSL_ERROR_SSL) return TlsFault("the session is ended");
  return {};
}

}  // namespace

Fault ProbeBroker(const MqttOptions& options, base::Duration limit) {
  const std::string& broker = options.broker;
  const std::size_t scheme = broker.find("://");
  const std::string place = scheme == std::string::npos ? broker : broker.substr(scheme + 3);
  const std::size_t colon = place.rfind(':');
  if (colon == std::string::npos) return {FaultKind::kOther, "'" + broker + "' names no port"};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(place.substr(0, colon).c_str(), place.substr(colon + 1).c_str(), &hints, &found);
  if (code != 0) return {FaultKind::kNameUnknown, ::gai_strerror(code)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  const std::string host = place.substr(0, colon);
  Socket socket;
  int error = ETIMEDOUT;
  for (const addrinfo* address = found; address != nullptr && error != 0; address = address->ai_next) {
    error = Connect(*address, limit, socket);
  }
  if (error == 0) return ProbeTls(options, host, socket.get());
  return {error == ECONNREFUSED ? FaultKind::kTcpRefused : FaultKind::kTcpNoAnswer, ErrnoText(error)};
}

}  // namespace yb::mqtt
