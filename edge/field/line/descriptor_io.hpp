// Reading, writing and waiting on non-blocking descriptors, the same for sockets and serial ports.
// Blocking where it says so; any thread.
#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace yb::field::line {

enum class Ready : std::uint8_t { kDescriptor, kStop, kTimeout };

/// Waits at most `limit` until `descriptor` can be read (or written), or `stop` can be read.
[[nodiscard]] Ready WaitReadable(int descriptor, int stop, base::Duration limit);
[[nodiscard]] Ready WaitWritable(int descriptor, int stop, base::Duration limit);

/// What has come in; kUnavailable when the other side has closed or the descriptor has failed.
[[nodiscard]] base::Result<base::Bytes> ReadSome(int descriptor);

/// Writes all bytes, waiting at most 500 ms for room.
[[nodiscard]] base::Status WriteAll(int descriptor, base::ByteView bytes);

/// kRefused, kTimeout, kNotFound or, for all else, kUnavailable: what an errno of opening means.
[[nodiscard]] base::ErrorCode CodeOf(int number);

/// "Connection refused" for an errno.
[[nodiscard]] std::string ErrnoText(int number);

}  // namespace yb::field::line
