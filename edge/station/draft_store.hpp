// DraftStore (草稿): what a clerk has typed at the window and not received yet, in `drafts.db` of the box. It outlives
// log-out and restarts, belongs to one user, and is sealed under a secret derived from the master key: what lies on the
// disk shows no applicant. The title is in the clear; the page masks it.
//
// Stored names, since 0.3: `draft` (`writer`: the page that saved it last). Safe from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/time.hpp"
#include "core/security/master_key.hpp"
#include "core/storage/database.hpp"

namespace yb::edge {

struct Draft {
  std::string id;  // UUID drawn by the page
  std::string title;
  base::UtcTime saved;
  std::string body;    // JSON, the page's own; only where one draft was asked for
  std::string writer;  // UUID of the open page that saves it; only on saving
};

class DraftStore {
 public:
  static constexpr std::size_t kMostOfOne = 100;  // drafts of a user
  static constexpr std::size_t kMostBytes = 64U << 10;
  static constexpr base::Duration kForgottenAfter = std::chrono::hours(24 * 90);

  [[nodiscard]] static base::Result<std::unique_ptr<DraftStore>> Open(storage::DatabaseOpener& opener,
                                                                      const security::MasterKey& master,
                                                                      const base::Clock& clock);
  ~DraftStore();

  /// Newest first, without bodies.
  [[nodiscard]] base::Result<std::vector<Draft>> List(std::int64_t user);
  /// kNotFound, also of another user's. kCorrupt where it was changed.
  [[nodiscard]] base::Result<Draft> Find(std::int64_t user, const std::string& id);
  /// On disk when it returns, in place of the one that its writer knows: its own, or the one saved at `known`. kRefused
  /// where another page has saved or thrown it away since, and nothing is written over. kUnavailable where the user has
  /// too many.
  [[nodiscard]] base::Result<Draft> Save(std::int64_t user, Draft draft, std::optional<base::UtcTime> known);
  /// Success where there is none.
  [[nodiscard]] base::Status ThrowAway(std::int64_t user, const std::string& id);

 private:
  DraftStore(std::unique_ptr<storage::Database> database, const security::MasterKey& master, const base::Clock& clock);

  std::mutex mutex_;
  std::unique_ptr<storage::Database> database_;  // under the mutex
  const security::Sealer sealer_;
  const base::Clock& clock_;
};

}  // namespace yb::edge
