// The columns of contract::Slice, to and from readings; shared by the history and the live lane.
// For implementation files only: it includes the generated contract.
#pragma once

#include <span>
#include <vector>

#include "core/contract/sync.pb.h"
#include "core/domain/metering/reading.hpp"

namespace yb::telemetry {

void WriteColumns(std::span<const metering::Reading> readings, contract::Slice& slice);

/// Replaces the columns by their packed form where that is smaller.
void PackColumns(contract::Slice& slice);
/// The opposite; a slice that is not packed stays as it is. kCorrupt for a packed form that is none.
[[nodiscard]] base::Status UnpackColumns(contract::Slice& slice);

/// kCorrupt unless all columns are of equal length and every value and quality is within its bounds.
[[nodiscard]] base::Status CheckColumns(const contract::Slice& slice);

/// Reading `i` of a slice that passed CheckColumns.
[[nodiscard]] metering::Reading ReadColumn(const contract::Slice& slice, int i);

[[nodiscard]] base::Result<std::vector<metering::Reading>> ReadColumns(const contract::Slice& slice);

}  // namespace yb::telemetry
