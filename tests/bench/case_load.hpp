// CaseLoad: cases by the ten thousand for benches: what a clerk does with one, and what comes from the other side.
// One thread.
#pragma once

#include "core/ledger/ledger_link.hpp"

namespace yb::bench {

class CaseLoad {
 public:
  /// Makes up the stream of `writer`.
  explicit CaseLoad(cases::Side writer) : writer_(writer) {}

  /// One case is received, its materials put in, and accepted: four events. Gives its identity.
  static std::string Accept(ledger::LedgerStore& store, const base::SiteId& site, const cases::Actor& actor);
  static constexpr std::uint64_t kEventsToAccept = 4;

  /// So many cases as a station hands them over, in one frame: most under way, some withdrawn or suspended; or all
  /// `finished`. Gives the count of their events.
  std::uint64_t FillCases(ledger::LedgerStore& store, const base::SiteId& site, int cases, bool finished = false);
  /// Until so many events of the stream are there, in large frames.
  void Fill(ledger::LedgerStore& store, const base::SiteId& site, std::uint64_t events);

  [[nodiscard]] std::uint64_t cases() const { return cases_; }
  /// Of the cases that this makes up, from 1 on.
  [[nodiscard]] static std::string CaseId(std::uint64_t no);

 private:
  base::Bytes Next(const std::string& case_id, cases::Act act);

  const cases::Side writer_;
  std::uint64_t seq_ = 0;  // written
  std::uint64_t cases_ = 0;
};

}  // namespace yb::bench
