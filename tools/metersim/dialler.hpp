// Dialler: connects out to the box as a cellular DTU (数据传输单元) does, and again when the connection is lost, after
// waits that double up to half a minute.
// One owner, one thread.
#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>

#include "core/base/backoff.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "tools/metersim/file_descriptor.hpp"

namespace yb::metersim {

class Dialler {
 public:
  /// kInvalidArgument where `host` is neither an IPv4 address nor a name that resolves to one.
  [[nodiscard]] static base::Result<Dialler> Create(const std::string& host, std::uint16_t port, std::uint64_t seed);

  /// Begins an attempt where one is due. The connection, where it stands at once.
  [[nodiscard]] std::optional<FileDescriptor> OnTime(base::Monotonic now);
  /// The descriptor of an attempt under way, to be watched for writability; -1 where there is none.
  [[nodiscard]] int pending_fd() const { return attempt_.get(); }
  /// The attempt's descriptor became writable: the connection, or nullopt where it failed.
  [[nodiscard]] std::optional<FileDescriptor> OnWritable(base::Monotonic now);
  /// The connection made was lost.
  void OnLost(base::Monotonic now);

  /// When OnTime is next needed; nullopt while connecting or connected.
  [[nodiscard]] std::optional<base::Monotonic> next_attempt() const { return next_attempt_; }

 private:
  Dialler(const sockaddr_in& address, std::uint64_t seed) : address_(address), seed_(seed) {}
  void Retry(base::Monotonic now);

  sockaddr_in address_;
  std::uint64_t seed_;
  std::uint64_t attempts_ = 0;
  FileDescriptor attempt_;
  std::optional<base::Monotonic> next_attempt_ = base::Monotonic{};
  base::Backoff backoff_{std::chrono::milliseconds(500), std::chrono::seconds(30)};
};

}  // namespace yb::metersim
