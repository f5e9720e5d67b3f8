#include "core/sync/lane.hpp"

#include <algorithm>

#include "core/base/digest.hpp"

namespace yb::sync {

std::string_view ToString(Lane lane) {
  switch (lane) {
    case Lane::kAlarm: return "alarm";
    case Lane::kLedger: return "ledger";
    case Lane::kHistory: return "history";
    case Lane::kFile: return "file";
    case Lane::kLive: return "live";
    case Lane::kDecision: return "decision";
    case Lane::kPerson: return "person";
    case Lane::kDocument: return "document";
    case Lane::kSnapshot: return "snapshot";
  }
  return "unknown";
}

std::optional<Lane> ParseLane(std::string_view text) {
  for (const Lane lane : {Lane::kAlarm, Lane::kLedger, Lane::kHistory, Lane::kFile, Lane::kLive, Lane::kDecision,
                          Lane::kPerson, Lane::kDocument, Lane::kSnapshot}) {
    if (text == ToString(lane)) return lane;
  }
  return std::nullopt;
}

Chain NextChain(const Chain& previous, base::ByteView body) {
  const base::Digest digest = base::Sha256(previous, body);
  Chain next{};
  std::copy_n(digest.begin(), next.size(), next.begin());
  return next;
}

}  // namespace yb::sync
