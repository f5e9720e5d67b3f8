// ByteChannel: the way to the meters of one line, a TCP connection or a serial port. A resource, owned by a LineRunner
// and used on its thread only; opening blocks, but ends when `stop` becomes readable.
#pragma once

#include <string>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::field::line {

class ByteChannel {
 public:
  virtual ~ByteChannel() = default;

  /// Opens the way, within `limit`. kRefused (refused, or registered wrongly), kTimeout (no connection, nobody dialled
  /// in), kNotFound (no such name or port) and kUnavailable say why not. `stop` is a file descriptor that becomes
  /// readable when the line has something else to do: then kUnavailable comes back at once.
  [[nodiscard]] virtual base::Status Open(base::Duration limit, int stop) = 0;

  /// To be polled for reading; valid while open. Non-blocking.
  [[nodiscard]] virtual int descriptor() const = 0;

  /// What has come in, at least one byte; kUnavailable when the other side has closed or the line has failed.
  [[nodiscard]] virtual base::Result<base::Bytes> Read() = 0;

  /// Hands all bytes over; kUnavailable when the line has failed or does not take them.
  [[nodiscard]] virtual base::Status Write(base::ByteView bytes) = 0;

  virtual void Close() = 0;

  /// Whether Open waits for the other side to come, so that trying again at once hurts nobody.
  [[nodiscard]] virtual bool WaitsForPeer() const { return false; }

  /// "tcp 10.0.3.7:4001", for people.
  [[nodiscard]] virtual std::string Describe() const = 0;
};

}  // namespace yb::field::line
