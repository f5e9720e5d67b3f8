// The routes of cases (办件): inboxes, one case, acts, search, unmasking, erasure; and what a form needs: the
// catalogue, codes, deadlines. The same at a box and at central.
#pragma once

#include "core/api/case_view.hpp"
#include "core/http/router.hpp"

namespace yb::api {

struct CaseRouteOptions {
  /// Of what a page asks for, kept in the ledger's file beside its key: keyed, since names stand in it.
  std::function<base::Digest(base::ByteView asked)> digest_of;
  /// A draft of a user that became a case; null: there are no drafts here.
  std::function<void(std::int64_t user, const std::string& draft)> throw_away_draft;
};

/// `desk`, `viewer` and `clock` outlive the router.
void AddCaseRoutes(http::Router& router, casework::CaseDesk& desk, const CaseViewer& viewer, CaseRouteOptions options,
                   const base::Clock& clock);

/// Catalogue, codes and the calendar.
void AddReferenceRoutes(http::Router& router, casework::CaseDesk& desk, const base::Clock& clock);

/// The streams of the ledger (台账) as both sides know them.
void AddLedgerRoute(http::Router& router, ledger::LedgerStore& ledger,
                    std::function<ledger::LedgerSession(const base::SiteId&)> session_of, const base::Clock& clock);

}  // namespace yb::api
