// ExtensionWriter brings extensions of the log-in term (市级用户离线登录延期) from the store of users into the box's
// ledger, from where they go to central. An extension is made in the store of users, over the API or by yuanbanctl
// while the program is stopped or runs; whatever of them the ledger does not hold is written into it at the start, then
// once a minute, and at once when one is made over the API. Each has an identity of its own, so that an end between the
// two stores loses none and doubles none.
//
// Owns its thread; Look may be called from any.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/identity/user_store.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::edge {

class ExtensionWriter {
 public:
  /// `users` and `ledger` outlive this.
  ExtensionWriter(base::SiteId site, identity::UserStore& users, ledger::LedgerStore& ledger)
      : site_(std::move(site)), users_(users), ledger_(ledger) {}

  /// Begins to look.
  void Start();
  /// Once all extensions are in the ledger. They wait while the ledger fetches its own past back, which may hold them.
  [[nodiscard]] base::Status Look();

 private:
  void Run(const std::stop_token& stop);

  const base::SiteId site_;
  identity::UserStore& users_;
  ledger::LedgerStore& ledger_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace yb::edge
