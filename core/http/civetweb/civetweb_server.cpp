#include "core/http/civetweb/civetweb_server.hpp"

#include <arpa/inet.h>
#include <civetweb.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <exception>

#include "core/base/log.hpp"
#include "core/http/civetweb/tls_credentials.hpp"
#include "core/http/error_response.hpp"
#include "core/http/security_headers.hpp"
#include "core/http/url.hpp"

namespace yb::http {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

const base::Logger kLog("http");

constexpr int kCloseConnection = -1;
/// How much of a body that is too long is read before the answer, so that the client gets to see it.
constexpr std::size_t kDrainLimit = 4U << 20;

Status CheckAddress(const std::string& address) {
  in_addr parsed{};
  if (::inet_pton(AF_INET, address.c_str(), &parsed) == 1) return {};
  return Fail(ErrorCode::kInvalidArgument, "'" + address + "' is no IPv4 address", "such as 127.0.0.1, or 0.0.0.0");
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return lower;
}

std::string_view ReasonOf(const mg_connection* connection, int status) {
  const char* text = mg_get_response_code_text(connection, status);
  return text != nullptr ? text : "Status";
}

Response BodyTooLong(std::size_t limit) {
  const std::string bytes = std::to_string(limit);
  return ErrorResponse(
      413,
      {"invalid_argument", {"the body is longer than " + bytes + " bytes", "请求正文超过 " + bytes + " 字节"}, {}});
}

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text, length};
}

enum class Body : std::uint8_t { kRead, kTooLong, kBroken };

Body ReadBody(mg_connection* connection, std::size_t limit, std::string& body) {
  const long long announced = mg_get_request_info(connection)->content_length;
  if (announced > 0 && static_cast<unsigned long long>(announced) > limit) return Body::kTooLong;
  char chunk[16384];
  for (;;) {
    const int count = mg_read(connection, chunk, sizeof chunk);
    if (count < 0) return Body::kBroken;
    if (count == 0) break;
    body.append(chunk, static_cast<std::size_t>(count));
    if (body.size() > limit) return Body::kTooLong;
  }
  return announced > 0 && body.size() != static_cast<std::size_t>(announced) ? Body::kBroken : Body::kRead;
}

void Drain(mg_connection* connection) {
  char chunk[16384];
  std::size_t drained = 0;
  while (drained < kDrainLimit) {
    const int count = mg_read(connection, chunk, sizeof chunk);
    if (count <= 0) return;
    drained += static_cast<std::size_t>(count);
  }
}

Result<Request> ReadHead(const mg_request_info& info) {
  Request request;
  request.method = info.request_method;
  request.remote = info.remote_addr;
  for (int i = 0; i < info.num_headers; ++i) {
    request.headers.emplace(Lower(info.http_headers[i].name), info.http_headers[i].value);
  }
  YB_ASSIGN(request.path, DecodePath(info.local_uri_raw != nullptr ? info.local_uri_raw : ""));
  if (info.query_string != nullptr) {
    YB_ASSIGN(request.query, ParseQuery(info.query_string));
  }
  return request;
}

/// CivetWeb decides by the same rule whether it reads another request from the connection.
bool KeepsAlive(const mg_request_info& info, mg_connection* connection) {
  const char* wish = mg_get_header(connection, "Connection");
  if (wish != nullptr) return Lower(wish).find("keep-alive") != std::string::npos;
  return std::string_view(info.http_version) == "1.1";
}

void Send(mg_connection* connection, const Response& response, bool with_body, bool keep_alive) {
  const bool bodiless = response.status == 204 || response.status == 304;
  std::string message;
  message.reserve(1024 + (with_body ? response.body.size() : 0));
  const auto add = [&](std::string_view name, std::string_view value) {
    message.append(name).append(": ");
    // A header cannot break out of its line, whatever it was made from.
    std::copy_if(value.begin(), value.end(), std::back_inserter(message),
                 [](char c) { return c != '\r' && c != '\n'; });
    message.append("\r\n");
  };
  message.append("HTTP/1.1 ")
      .append(std::to_string(response.status))
      .append(" ")
      .append(ReasonOf(connection, response.status));
  message.append("\r\n");
  add("Date", HttpDate());
  add("Connection", keep_alive ? "keep-alive" : "close");
  if (!keep_alive) mg_disable_connection_keep_alive(connection);
  if (!bodiless) {
    add("Content-Type", response.content_type);
    if (response.stream) {
      add("Transfer-Encoding", "chunked");
    } else {
      add("Content-Length", std::to_string(response.body.size()));
    }
  }
  for (const auto& [name, value] : SecurityHeaders()) add(name, value);
  for (const auto& [name, value] : response.headers) add(name, value);
  message.append("\r\n");
  if (with_body && !bodiless) message.append(response.body);
  mg_write(connection, message.data(), message.size());
}

/// Piece by piece as chunks (RFC 9112, 7.1). False where it did not come to its end: the connection is of no more use.
bool SendStream(mg_connection* connection, const Response& response) {
  while (true) {
    const Result<std::string> piece = response.stream();
    if (!piece) {
      kLog.Error("an answer breaks off", {{"reason", piece.error().Describe()}});
      return false;
    }
    if (mg_send_chunk(connection, piece->data(), static_cast<unsigned>(piece->size())) < 0) return false;
    if (piece->empty()) return true;
  }
}

class CivetWebServer final : public HttpServer {
 public:
  CivetWebServer(ServerOptions options, Handler handler, std::unique_ptr<TlsCredentials> credentials)
      : options_(std::move(options)), handler_(std::move(handler)), credentials_(std::move(credentials)) {
    mg_init_library(MG_FEATURES_TLS);
  }
  ~CivetWebServer() override {
    if (context_ != nullptr) mg_stop(context_);
    mg_exit_library();
  }
  CivetWebServer(const CivetWebServer&) = delete;
  CivetWebServer& operator=(const CivetWebServer&) = delete;

  Status Start() {
    const std::string listen = options_.listen_address + ":" + std::to_string(options_.port) + "s";
    const std::string threads = std::to_string(std::max(options_.threads, 1));
    const char* settings[] = {"listening_ports",
                              listen.c_str(),
                              "num_threads",
                              threads.c_str(),
                              "enable_keep_alive",
                              "yes",
                              "keep_alive_timeout_ms",
                              "8000",
                              "request_timeout_ms",
                              "10000",
                              "tcp_nodelay",
                              "1",
                              "connection_queue",
                              "256",
                              "ssl_protocol_version",
                              "4",
                              "decode_url",
                              "no",
                              nullptr};
    mg_callbacks callbacks{};
    callbacks.init_ssl = &OnInitTls;
    callbacks.init_connection = &OnConnection;
    callbacks.connection_closed = &OnConnectionClosed;
    callbacks.begin_request = &OnRequest;
    callbacks.log_message = &OnLogMessage;
    callbacks.http_error = &OnHttpError;
    mg_init_data init{&callbacks, this, settings};
    char text[256] = "";
    unsigned code = 0;
    mg_error_data error{&code, text, sizeof text};
    context_ = mg_start2(&init, &error);
    if (context_ == nullptr) {
      return Fail(ErrorCode::kUnavailable,
                  "cannot listen on " + options_.listen_address + ":" + std::to_string(options_.port) + ": " + text,
                  "see whether another program holds the port");
    }
    mg_server_port ports[1];
    YB_CHECK(mg_get_server_ports(context_, 1, ports) == 1, "a started server listens on one port");
    port_ = static_cast<std::uint16_t>(ports[0].port);
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

 private:
  static CivetWebServer& Of(const mg_connection* connection) {
    return *static_cast<CivetWebServer*>(mg_get_user_data(mg_get_context(connection)));
  }

  /// 1: the context is complete.
  static int OnInitTls(void* ssl_context, void* user_data) {
    auto* context = static_cast<SSL_CTX*>(ssl_context);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    static_cast<CivetWebServer*>(user_data)->credentials_->InstallIn(context);
    return 1;
  }

  static int OnLogMessage(const mg_connection* /*connection*/, const char* message) {
    kLog.Debug("civetweb", {{"message", message}});
    return 1;
  }

  /// Errors that CivetWeb finds itself, before there is a request.
  static int OnHttpError(mg_connection* connection, int status, const char* /*message*/) {
    Send(connection, ErrorResponse(status, {"invalid_argument", {std::string(ReasonOf(connection, status)), ""}, {}}),
         true, false);
    return 0;
  }

  /// 0: go on. Called once TLS stands; the end is told of every connection, so that those counted are marked.
  static int OnConnection(const mg_connection* connection, void** data) {
    CivetWebServer& server = Of(connection);
    ++server.connections_;
    *data = &server;
    return 0;
  }
  static void OnConnectionClosed(const mg_connection* connection) {
    if (mg_get_user_connection_data(connection) == nullptr) return;
    mg_set_user_connection_data(connection, nullptr);
    --Of(connection).connections_;
  }

  /// A kept connection holds a thread while its viewer looks at the page. When they become scarce a connection is
  /// closed after its answer: many viewers cost handshakes, never waiting.
  [[nodiscard]] bool HasThreadsToSpare() const { return connections_ * 4 <= options_.threads * 3; }

  static int OnRequest(mg_connection* connection) {
    try {
      return Of(connection).Answer(connection);
    } catch (const std::exception& problem) {
      kLog.Error("request-failed", {{"reason", problem.what()}});
    } catch (...) {
      kLog.Error("request-failed", {{"reason", "an exception of unknown type"}});
    }
    return kCloseConnection;
  }

  int Answer(mg_connection* connection) {
    const mg_request_info& info = *mg_get_request_info(connection);
    const bool with_body = std::string_view(info.request_method) != "HEAD";
    Result<Request> request = ReadHead(info);
    if (!request) return Refuse(connection, ErrorResponse(request.error()), with_body);
    switch (ReadBody(connection, options_.body_limit, request->body)) {
      case Body::kRead: break;
      case Body::kBroken: return kCloseConnection;
      case Body::kTooLong:
        return Refuse(connection, InLanguageOf(*request, BodyTooLong(options_.body_limit)), with_body);
    }
    const Response response = CallHandler(*request);
    Send(connection, response, with_body, KeepsAlive(info, connection) && HasThreadsToSpare());
    if (response.stream && with_body && !SendStream(connection, response)) return kCloseConnection;
    return response.status;
  }

  static int Refuse(mg_connection* connection, const Response& response, bool with_body) {
    Drain(connection);
    Send(connection, response, with_body, false);
    return kCloseConnection;
  }

  [[nodiscard]] Response CallHandler(const Request& request) const {
    try {
      return handler_(request);
    } catch (const std::exception& problem) {
      kLog.Error("handler-threw", {{"path", request.path}, {"reason", problem.what()}});
    } catch (...) {
      kLog.Error("handler-threw", {{"path", request.path}, {"reason", "an exception of unknown type"}});
    }
    return InLanguageOf(request, ErrorResponse(500, {"io",
                                                     {"the program failed to answer", "程序未能答复"},
                                                     {"its log tells why", "原因见程序日志"}}));
  }

  const ServerOptions options_;
  const Handler handler_;
  const std::unique_ptr<TlsCredentials> credentials_;
  std::atomic<int> connections_ = 0;
  mg_context* context_ = nullptr;
  std::uint16_t port_ = 0;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> StartCivetWeb(ServerOptions options, Handler handler) {
  YB_TRY(CheckAddress(options.listen_address));
  YB_ASSIGN(auto credentials, TlsCredentials::Load(options.certificate_file));
  auto server = std::make_unique<CivetWebServer>(std::move(options), std::move(handler), std::move(credentials));
  YB_TRY(server->Start());
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace yb::http
