// Streams of the series format: runs of equal values, and zstd frames (core/contract/series-format.md).
// Pure functions; any thread.
#pragma once

#include "core/telemetry/byte_codec.hpp"

namespace yb::telemetry {

/// Equal neighbours as (value, length); length 0: all the rest.
template <class ValueOf>
void PutRuns(base::Bytes& head, std::size_t count, ValueOf value_of) {
  for (std::size_t begin = 0; begin < count;) {
    const std::uint64_t value = value_of(begin);
    std::size_t end = begin + 1;
    while (end < count && value_of(end) == value) ++end;
    PutVarint(head, value);
    PutVarint(head, end == count ? 0 : end - begin);
    begin = end;
  }
}

/// Calls take(index, value) for `count` values of at most `most`; false for runs that are not so.
template <class Take>
bool TakeRuns(ByteReader& head, std::size_t count, std::uint64_t most, Take take) {
  for (std::size_t done = 0; done < count;) {
    const std::uint64_t value = head.Varint();
    const std::uint64_t length = head.Varint();
    if (!head.ok() || value > most || length > count - done) return false;
    const std::size_t end = length == 0 ? count : done + length;
    for (; done < end; ++done) take(done, value);
  }
  return true;
}

/// A zstd frame with content size and checksum; no bytes for no bytes.
[[nodiscard]] base::Bytes PackStream(const base::Bytes& plain);
/// kCorrupt for what is no such frame, or unpacks to more than 32 MiB.
[[nodiscard]] base::Result<base::Bytes> UnpackStream(base::ByteView packed);

}  // namespace yb::telemetry
