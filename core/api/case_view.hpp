// The JSON of a case (办件) as a page shows it: a row of an inbox, and all of it. Personal fields are masked.
//
// Safe from any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/casework/case_desk.hpp"
#include "core/ledger/ledger_link.hpp"

namespace yb::api {

struct CaseViewSources {
  std::function<std::string(const base::SiteId&)> name_of;               // of a site, as shown
  std::function<ledger::LedgerSession(const base::SiteId&)> session_of;  // with the other side
};

class CaseViewer {
 public:
  /// `desk` outlives this.
  CaseViewer(casework::CaseDesk& desk, CaseViewSources sources) : desk_(desk), sources_(std::move(sources)) {}

  /// CaseRow.
  [[nodiscard]] nlohmann::json Row(const base::SiteId& site, const ledger::CaseFile& file) const;
  /// CaseView. `chinese`: the language of names and reasons.
  [[nodiscard]] base::Result<nlohmann::json> View(const casework::Worker& worker, const base::SiteId& site,
                                                  const ledger::CaseFile& file, bool chinese) const;

 private:
  [[nodiscard]] nlohmann::json FormOf(const cases::CaseState& state, const casework::PersonView& person) const;
  [[nodiscard]] nlohmann::json MaterialsOf(const base::SiteId& site, const ledger::CaseFile& file) const;
  [[nodiscard]] nlohmann::json ScansOf(const ledger::CaseFile& file) const;
  /// Empty where the key is not here, or destroyed.
  [[nodiscard]] std::string NameOfFile(const base::SiteId& site, const cases::CaseState& state,
                                       base::ByteView sealed) const;
  [[nodiscard]] base::Result<nlohmann::json> HistoryOf(const base::SiteId& site, const ledger::CaseFile& file,
                                                       bool chinese) const;
  [[nodiscard]] nlohmann::json MayOf(const casework::Worker& worker, const base::SiteId& site,
                                     const ledger::CaseFile& file, bool chinese) const;
  [[nodiscard]] bool ParkDecides(const base::SiteId& site, const cases::CaseState& state) const;
  /// Here and in all; of those that were destroyed with the person's data none is awaited.
  [[nodiscard]] std::pair<int, int> FilesOf(const cases::CaseState& state, bool erased) const;

  casework::CaseDesk& desk_;
  const CaseViewSources sources_;
};

}  // namespace yb::api
