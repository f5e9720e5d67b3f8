// One column of a series block or of a packed slice: integers that resemble their neighbours, as small residuals, in
// byte planes, which zstd then packs, or coded one by one (residual_coder.hpp). core/contract/series-format.md has the
// format ("Columns"). Arithmetic wraps at 64 bits, so that any integers go through and hostile bytes give odd numbers,
// never undefined ones.
// Pure functions; any thread.
#pragma once

#include <span>
#include <vector>

#include "core/telemetry/byte_codec.hpp"
#include "core/telemetry/residual_coder.hpp"

namespace yb::telemetry {

/// How a column's values are foretold; the numbers are stored.
enum class ColumnModel : std::uint8_t {
  kLevel = 0,      // from one level: noise around a value
  kStep = 1,       // from the value before, plus a usual step
  kTrend = 2,      // from the value before, plus the step before
  kReference = 3,  // from the reference column, plus a usual distance
};

/// Appends the column: its model and parameters to `head`, residuals to `planes`, residuals too wide for these to
/// `wide`. `reference` is empty or as long as `values`. The model that needs fewest bits is chosen.
void PutColumn(std::span<const std::int64_t> values, std::span<const std::int64_t> reference, base::Bytes& head,
               base::Bytes& planes, base::Bytes& wide);

/// Reads `count` values. kCorrupt for an unknown model, a missing reference, or bytes that end too early.
[[nodiscard]] base::Result<std::vector<std::int64_t>> TakeColumn(std::size_t count,
                                                                 std::span<const std::int64_t> reference,
                                                                 ByteReader& head, ByteReader& planes,
                                                                 ByteReader& wide);

/// The same with the residuals coded.
void PutCodedColumn(std::span<const std::int64_t> values, std::span<const std::int64_t> reference, base::Bytes& head,
                    ResidualEncoder& residuals);
[[nodiscard]] base::Result<std::vector<std::int64_t>> TakeCodedColumn(std::size_t count,
                                                                      std::span<const std::int64_t> reference,
                                                                      ByteReader& head, ResidualDecoder& residuals);

}  // namespace yb::telemetry
