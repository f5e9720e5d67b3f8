#include "core/security/https_client.hpp"

#include <netdb.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/security/certificate.hpp"
#include "core/security/openssl_handles.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::size_t kLongestAnswer = 1U << 20;
constexpr std::string_view kScheme = "https://";

struct Url {
  std::string host;  // without brackets
  std::string port = "443";
  std::string path = "/";
  std::string authority;  // as written, for the Host header
};

Result<Url> ParseUrl(const std::string& text) {
  const auto refuse = [&](const char* why) {
    return Fail(ErrorCode::kInvalidArgument, "'" + text + "' is no address of central: " + why,
                "it looks like https://central.example:8443");
  };
  if (!text.starts_with(kScheme)) return refuse("it does not begin with https://");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '@' || c == '#') return refuse("it has a character too many");
  }
  Url url;
  const std::size_t slash = std::min(text.find('/', kScheme.size()), text.size());
  url.authority = text.substr(kScheme.size(), slash - kScheme.size());
  if (slash < text.size()) url.path = text.substr(slash);
  std::string_view rest = url.authority;
  if (rest.starts_with('[')) {
    const std::size_t bracket = rest.find(']');
    if (bracket == std::string_view::npos) return refuse("']' is missing");
    url.host = rest.substr(1, bracket - 1);
    rest.remove_prefix(bracket + 1);
  } else {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    url.host = rest.substr(0, colon);
    rest.remove_prefix(colon);
  }
  if (url.host.empty()) return refuse("the host is missing");
  if (!rest.empty()) {
    url.port = rest.substr(1);
    const bool digits = !url.port.empty() && url.port.size() <= 5 &&
                        std::all_of(url.port.begin(), url.port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (rest.front() != ':' || !digits) return refuse("the port is no number");
  }
  return url;
}

class Socket {
 public:
  explicit Socket(int number = -1) : number_(number) {}
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Result<Socket> Connect(const Url& url, std::chrono::seconds timeout) {
  addrinfo wish{};
  wish.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &wish, &found); failed != 0) {
    return Fail(ErrorCode::kUnavailable, "the name " + url.host + " cannot be resolved: " + ::gai_strerror(failed));
  }
  int problem = 0;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Socket socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol));
    const timeval limit{timeout.count(), 0};  // on Linux it bounds connect as well
    ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(socket.number(), one->ai_addr, one->ai_addrlen) == 0) {
      ::freeaddrinfo(found);
      return socket;
    }
    problem = errno;
  }
  ::freeaddrinfo(found);
  if (problem == EINPROGRESS) problem = ETIMEDOUT;
  return Fail(ErrorCode::kUnavailable,
              "nothing answers at " + url.host + " port " + url.port + ": " + std::generic_category().message(problem),
              "see whether central runs and the address is right");
}

/// Which roots count: the given ones, or the one the server sent that has the fingerprint.
Result<std::string> RootsFor(const ServerTrust& trust, const std::vector<std::string>& sent) {
  if (trust.root_check.empty()) return trust.roots_pem;
  for (const std::string& pem : sent) {
    YB_ASSIGN(const CertificateInfo info, InspectCertificate(pem));
    const bool fits = trust.root_check.size() <= info.fingerprint.size() &&
                      std::equal(trust.root_check.begin(), trust.root_check.end(), info.fingerprint.begin());
    if (info.is_authority && fits) return pem;
  }
  return Fail(ErrorCode::kRefused, "the server is not the central that the enrolment code is for",
              "check the address; nothing secret was sent");
}

Status CheckServer(ssl_st* ssl, const Url& url, const ServerTrust& trust, base::UtcTime now) {
  const STACK_OF(X509)* stack = SSL_get_peer_cert_chain(ssl);
  std::vector<std::string> sent;
  std::string chain;
  for (int i = 0; i < sk_X509_num(stack); ++i) {
    sent.push_back(ToPem(sk_X509_value(stack, i)));
    chain += sent.back();
  }
  if (sent.empty()) return Fail(ErrorCode::kRefused, "the server has no certificate");
  YB_ASSIGN(const std::string roots, RootsFor(trust, sent));
  return VerifyChain(chain, roots, Purpose::kServer, now, url.host);
}

Result<std::string> Exchange(ssl_st* ssl, std::string_view request) {
  if (SSL_write(ssl, request.data(), static_cast<int>(request.size())) <= 0) {
    return Fail(ErrorCode::kUnavailable, "the request could not be sent: " + OpenSslReason());
  }
  std::string answer;
  char chunk[8192];
  for (;;) {
    errno = 0;
    const int count = SSL_read(ssl, chunk, sizeof chunk);
    if (count > 0) {
      answer.append(chunk, static_cast<std::size_t>(count));
      if (answer.size() > kLongestAnswer) return Fail(ErrorCode::kCorrupt, "the answer is longer than 1 MiB");
      continue;
    }
    const int problem = SSL_get_error(ssl, count);
    const bool timed_out = errno == EAGAIN || errno == EWOULDBLOCK;
    static_cast<void>(OpenSslReason());
    if (problem == SSL_ERROR_ZERO_RETURN) return answer;
    if (timed_out) return Fail(ErrorCode::kTimeout, "the server does not answer");
    return answer;  // closed without a farewell: Content-Length tells whether something is missing
  }
}

Result<HttpsAnswer> ParseAnswer(const std::string& text) {
  const auto broken = [] { return Fail(ErrorCode::kCorrupt, "the server's answer is no HTTP or was cut off"); };
  const std::size_t head_end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.") || head_end == std::string::npos || text.size() < 12) return broken();
  HttpsAnswer answer;
  for (const char c : text.substr(9, 3)) {
    if (c < '0' || c > '9') return broken();
    answer.status = answer.status * 10 + (c - '0');
  }
  answer.body = text.substr(head_end + 4);
  std::string head = text.substr(0, head_end + 2);
  std::transform(head.begin(), head.end(), head.begin(),
                 [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  constexpr std::string_view kLength = "\r\ncontent-length:";
  if (const std::size_t at = head.find(kLength); at != std::string::npos) {
    const unsigned long long length = std::strtoull(head.c_str() + at + kLength.size(), nullptr, 10);
    if (answer.body.size() != length) return broken();
  }
  return answer;
}

std::string TokenHeader(const ServerTrust& trust) {
  return trust.token.empty() ? "" : "Authorization: Bearer " + trust.token + "\r\n";
}

/// `head_and_body` is what follows the request line.
Result<HttpsAnswer> Send(std::string_view method, const Url& url, std::string_view head_and_body,
                         const ServerTrust& trust, base::UtcTime now, std::chrono::seconds timeout) {
  YB_ASSIGN(const Socket socket, Connect(url, timeout));
  const OpenSslPtr<ssl_ctx_st> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);  // CheckServer verifies, by a rule OpenSSL has not
  const OpenSslPtr<ssl_st> ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), socket.number());
  SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(url.host.c_str()));
  if (SSL_connect(ssl.get()) != 1) {
    return Fail(ErrorCode::kUnavailable, "no TLS with " + url.authority + ": " + OpenSslReason(),
                "see whether the address is that of central's pages");
  }
  YB_TRY(CheckServer(ssl.get(), url, trust, now));

  // HTTP/1.0, so that the answer comes in one piece and ends the connection.
  const std::string request = std::string(method) + " " + url.path + " HTTP/1.0\r\nHost: " + url.authority +
                              "\r\nAccept: application/json\r\n" + TokenHeader(trust) + std::string(head_and_body);
  YB_ASSIGN(const std::string answer, Exchange(ssl.get(), request));
  return ParseAnswer(answer);
}

}  // namespace

Result<HttpsAnswer> PostJson(const std::string& text, std::string_view body, const ServerTrust& trust,
                             base::UtcTime now, std::chrono::seconds timeout) {
  YB_ASSIGN(const Url url, ParseUrl(text));
  const std::string length = std::to_string(body.size());
  return Send("POST", url,
              "Content-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n" + std::string(body), trust,
              now, timeout);
}

Result<HttpsAnswer> GetJson(const std::string& text, const ServerTrust& trust, base::UtcTime now,
                            std::chrono::seconds timeout) {
  YB_ASSIGN(const Url url, ParseUrl(text));
  return Send("GET", url, "\r\n", trust, now, timeout);
}

}  // namespace yb::security
