// Whether somebody could do an act at all: the role's half, and an act filled in so that only what it says can still be
// wrong with it. Pure functions.
#pragma once

#include "core/casework/case_roles.hpp"
#include "core/casework/reference.hpp"
#include "core/domain/cases/case_state.hpp"

namespace yb::casework {

/// kPermission where the role does not do this act at this side, or where the department has no part in the case.
[[nodiscard]] base::Status CheckRole(const Worker& worker, cases::Side side, const cases::CaseState& state,
                                     cases::ActKind act);

/// Whether the park itself decides on the case: it did, or it has the case under an instrument that covers it.
[[nodiscard]] bool ParkDecides(const base::SiteId& site, const cases::CaseState& state, const ReferenceData& reference,
                               calendar::CivilDate today);

/// An act of the kind that the table of transitions allows where any of its kind is allowed.
[[nodiscard]] cases::Act Probe(cases::ActKind act, const base::SiteId& site, const cases::CaseState& state,
                               cases::Side side, const ReferenceData& reference, calendar::CivilDate today);

}  // namespace yb::casework
