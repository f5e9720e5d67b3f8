// Which file an act brings into its case. Pure.
#pragma once

#include "core/domain/cases/case_event.hpp"

namespace yb::cases {

/// SHA-256 in hex of a material, of a certificate's scan or of a delivery receipt; empty: none.
[[nodiscard]] std::string FileOf(const Act& act);

}  // namespace yb::cases
