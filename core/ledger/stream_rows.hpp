// How places of streams are bound to statements and chains are read from rows. For the sources of StreamLog only.
#pragma once

#include <algorithm>

#include "core/ledger/stream_log.hpp"

namespace yb::ledger {

using storage::Signed;
using storage::Unsigned;

inline sync::Chain ToChain(base::ByteView bytes) {
  sync::Chain chain{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), chain.size()), chain.begin());
  return chain;
}

inline storage::Statement& BindStream(storage::Statement& statement, Stream stream) {
  return statement.Bind(1, stream.site).Bind(2, static_cast<std::int64_t>(stream.writer));
}
inline storage::Statement& BindEpoch(storage::Statement& statement, Stream stream, std::uint64_t epoch) {
  return BindStream(statement, stream).Bind(3, Signed(epoch));
}
inline storage::Statement& BindPlace(storage::Statement& statement, Stream stream, sync::Position at) {
  return BindEpoch(statement, stream, at.epoch).Bind(4, Signed(at.seq));
}

/// The head of an epoch, made where there is none.
inline StreamHead& Ensure(std::vector<StreamHead>& heads, std::uint64_t epoch) {
  const auto found = std::ranges::find(heads, epoch, &StreamHead::epoch);
  if (found != heads.end()) return *found;
  StreamHead head;
  head.epoch = epoch;
  return *heads.insert(std::ranges::upper_bound(heads, epoch, {}, &StreamHead::epoch), head);
}

}  // namespace yb::ledger
