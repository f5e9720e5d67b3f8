// SiteEvent (站点事件): what somebody did about a site as a whole, not about one of its cases. It stands in the streams
// among the events of cases, in the same chain and the same order; no state is folded from it. Values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>

#include "core/domain/cases/case_event.hpp"

namespace yb::ledger {

/// Users of the city may log in at the box until then (市级用户离线登录延期), as an administrator of the box decided.
struct ExtendLogIn {
  base::UtcTime until{};
  friend bool operator==(const ExtendLogIn&, const ExtendLogIn&) = default;
};

/// An act of a later version: kept and passed over. A critical one says that this program needs an upgrade (需升级).
struct UnknownSiteAct {
  bool critical = true;
  friend bool operator==(const UnknownSiteAct&, const UnknownSiteAct&) = default;
};

using SiteAct = std::variant<ExtendLogIn, UnknownSiteAct>;

struct SiteEvent {
  cases::EventId id;
  std::string uid;            // UUIDv7; one act of which a restored box wrote two records is one
  std::uint64_t lamport = 0;  // as of a CaseEvent, like the following
  cases::StreamPosition seen;
  base::UtcTime time{};
  calendar::CivilDate day{};
  cases::Actor actor;
  SiteAct act;
};

/// The last extension of the log-in term among events in fold order; null: none.
[[nodiscard]] inline const SiteEvent* LastExtension(std::span<const SiteEvent> events) {
  const SiteEvent* last = nullptr;
  for (const SiteEvent& event : events) {
    if (std::holds_alternative<ExtendLogIn>(event.act)) last = &event;
  }
  return last;
}

}  // namespace yb::ledger
