// Whether what the window takes down of an applicant can be: codes, telephone, the size of the project. Pure functions.
#pragma once

#include <vector>

#include "core/casework/catalogue.hpp"
#include "core/domain/codes/identity_codes.hpp"
#include "core/ledger/event_codec.hpp"

namespace yb::casework {

/// Brings code and telephone into their one form, notes what is wrong with a field, and what is odd but may be.
void CheckApplicant(ledger::Applicant& applicant, calendar::CivilDate today, std::vector<base::FieldFault>& faults,
                    std::vector<base::Words>& warnings);

void CheckArea(const Item& item, const std::optional<base::Decimal>& area_m2, std::vector<base::FieldFault>& faults);

/// Texts that the item's form asks for; takes out what is empty.
void CheckForm(const Item& item, std::map<std::string, std::string, std::less<>>& form,
               std::vector<base::FieldFault>& faults);

}  // namespace yb::casework
