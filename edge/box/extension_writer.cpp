#include "edge/box/extension_writer.hpp"

#include <algorithm>

#include "core/base/log.hpp"

namespace yb::edge {
namespace {

constexpr base::Duration kBetweenLooks = std::chrono::seconds(60);

const base::Logger kLog("identity");

}  // namespace

void ExtensionWriter::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

base::Status ExtensionWriter::Look() {
  if (ledger_.Recovering(site_)) return {};
  YB_ASSIGN(const std::vector<identity::DirectoryExtension> extensions, users_.Extensions());
  YB_ASSIGN(const std::vector<ledger::SiteEvent> known, ledger_.SiteEvents(site_));
  for (const identity::DirectoryExtension& one : extensions) {
    if (std::ranges::find(known, one.uid, &ledger::SiteEvent::uid) != known.end()) continue;
    ledger::SiteEvent event;
    event.uid = one.uid;
    event.time = one.time;
    event.actor = {one.who, one.name, ""};
    event.act = ledger::ExtendLogIn{one.until()};
    YB_ASSIGN(const bool wrote, ledger_.ActOfSite(site_, std::move(event)));
    if (wrote) kLog.Info("an extension of the log-in term is in the ledger", {{"who", one.who}});
  }
  return {};
}

void ExtensionWriter::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const base::Status looked = Look();
    if (!looked) {
      kLog.Error("extensions of the log-in term are not in the ledger yet, it is tried again",
                 {{"why", looked.error().Describe()}});
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, kBetweenLooks, [] { return false; });
  }
}

}  // namespace yb::edge
