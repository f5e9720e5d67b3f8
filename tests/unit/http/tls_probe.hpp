// A plain TLS client for tests of the HTTP server: sends bytes as they are given and shows what came back, so that
// broken requests can be sent too. And a throw-away certificate. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace yb::test {

/// Writes a new key and a self-signed certificate for 127.0.0.1 to `file`; the name tells one from another.
void WriteTestCertificate(const std::filesystem::path& file, const std::string& common_name);

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class TlsProbe {
 public:
  enum class Version : std::uint8_t { kAny, kTls11, kTls12, kTls13 };

  /// Connects to 127.0.0.1; connected() tells whether the handshake succeeded.
  explicit TlsProbe(std::uint16_t port, Version only = Version::kAny);
  ~TlsProbe();
  TlsProbe(const TlsProbe&) = delete;
  TlsProbe& operator=(const TlsProbe&) = delete;

  [[nodiscard]] bool connected() const;
  [[nodiscard]] std::string server_name() const;  // common name in the server's certificate

  void Send(const std::string& bytes);
  /// Reads one answer with Content-Length (none for `bodiless`); no value when the connection ended first.
  std::optional<Answer> Read(bool bodiless = false);
  /// Send and Read.
  std::optional<Answer> Ask(const std::string& bytes) {
    Send(bytes);
    return Read();
  }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace yb::test
