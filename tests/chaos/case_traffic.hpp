// CaseTraffic: clerks at the box and departments at central who act on cases while everything breaks, and the account
// of what they did. It writes through the ledger files of both programs as they do themselves, beside them, so that it
// acts at any moment, a program's death included.
//
// Owns its thread. The files may be replaced only while it is Held.
#pragma once

#include <filesystem>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "core/base/digest.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::chaos {

/// How both ledgers stand to each other at the end.
struct LedgerVerdict {
  std::size_t events_compared = 0;  // alike in both ledgers, byte by byte
  std::size_t cases_compared = 0;   // whose states are the same
  std::size_t conflicts = 0;        // events without effect, each a task
  std::size_t excused_restore = 0;  // in a replaced file only, and nowhere else
  std::vector<std::string> wrong;   // everything that is not as it has to be
};

class CaseTraffic {
 public:
  /// Folders of the two programs.
  CaseTraffic(std::filesystem::path box, std::filesystem::path central, base::SiteId site, std::uint64_t seed);
  ~CaseTraffic() { End(); }

  void Start();
  void End();

  /// Nobody acts as long as it lives.
  [[nodiscard]] std::unique_lock<std::mutex> Hold() { return std::unique_lock(files_); }
  /// While held: the file in `folder` is going to be replaced by the one in `copy`; what is nowhere else may be lost.
  void ExcuseReplacing(const std::filesystem::path& folder, const std::filesystem::path& copy);

  /// A case in review to which both sides may add materials; nobody acts on it here. The same for a while. nullopt
  /// where none can be made at this moment. `full_too`: no new one where there is one.
  [[nodiscard]] std::optional<std::string> CaseForFiles(bool full_too);
  /// By the name of a file: a case of CaseForFiles whose events in the box's ledger name it.
  [[nodiscard]] std::map<std::string, std::string> FilesNamed();

  [[nodiscard]] bool CaughtUp() const;
  /// Nobody may use the files.
  [[nodiscard]] LedgerVerdict Judge() const;

 private:
  using Bodies = std::set<base::Digest>;

  void Run(const std::stop_token& stop);
  void ActOnce(cases::Side side);
  /// Received, accepted and handed over; how far it got is in the account of what was done.
  [[nodiscard]] std::optional<std::string> MakeCase(ledger::LedgerStore& box);
  [[nodiscard]] std::unique_ptr<ledger::LedgerStore> Open(const std::filesystem::path& folder, cases::Side side) const;
  [[nodiscard]] Bodies AllIn(const std::filesystem::path& folder) const;
  void NoteDone(cases::Side side, const ledger::CaseFile& file);

  const std::filesystem::path box_, central_;
  const base::SiteId site_;
  base::SystemClock clock_;
  std::mt19937_64 random_;  // thread only
  mutable std::string last_uid_;
  std::mutex files_;
  std::vector<std::string> cases_;            // under files_, as all below
  std::vector<std::string> cases_for_files_;  // the last one is given out
  std::size_t given_ = 0;                     // how often it was
  std::map<base::Digest, std::string> done_;  // returned as done: what it was
  Bodies excused_;
  std::jthread thread_;
};

}  // namespace yb::chaos
