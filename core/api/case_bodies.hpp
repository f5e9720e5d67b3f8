// What pages send about cases, read strictly: every fault with its field. Pure functions; any thread.
#pragma once

#include "core/casework/case_desk.hpp"

namespace yb::api {

struct ActWish {
  cases::Act act;
  std::string idempotency_key;
};
/// CaseActRequest: the fields of one act, and no others.
[[nodiscard]] base::Result<ActWish> ReadActWish(const std::string& body);

struct ReceptionWish {
  casework::Reception reception;
  std::string draft;
  std::string idempotency_key;
};
[[nodiscard]] base::Result<ReceptionWish> ReadReceptionWish(const std::string& body);

/// `reason` of an unmasking or an erasure.
[[nodiscard]] base::Result<std::string> ReadReason(const std::string& body);

}  // namespace yb::api
