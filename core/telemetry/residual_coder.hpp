// Residuals of columns as one range-coded stream: an adaptive binary range coder, which gives a residual that comes
// often a fraction of a bit. core/contract/series-format.md has the format ("Coded streams"); all arithmetic is of
// integers, so that any machine writes and reads the same. Each column starts with models that have learnt nothing, and
// the two residuals before are what a residual is foretold from: a register that advances by 20 and 21 in turn costs
// little. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/base/bytes.hpp"

namespace yb::telemetry {

struct ResidualModels;

class ResidualEncoder {
 public:
  ResidualEncoder();
  ~ResidualEncoder();
  ResidualEncoder(const ResidualEncoder&) = delete;
  ResidualEncoder& operator=(const ResidualEncoder&) = delete;

  /// A column's residuals, folded (byte_codec.hpp).
  void Put(std::span<const std::uint64_t> residuals);
  /// The stream; nothing for one without residuals. Afterwards this begins anew.
  [[nodiscard]] base::Bytes Finish();

 private:
  struct Range;

  std::unique_ptr<Range> range_;
  std::unique_ptr<ResidualModels> models_;
};

/// Any bytes give some residuals; a block has a checksum of its own.
class ResidualDecoder {
 public:
  /// `stream` outlives this.
  explicit ResidualDecoder(base::ByteView stream);
  ~ResidualDecoder();
  ResidualDecoder(const ResidualDecoder&) = delete;
  ResidualDecoder& operator=(const ResidualDecoder&) = delete;

  /// Fills `residuals` with the next column's.
  void Take(std::span<std::uint64_t> residuals);
  /// No byte beyond the end was asked for.
  [[nodiscard]] bool ok() const;
  /// All has been read, and nothing beyond it.
  [[nodiscard]] bool done() const;

 private:
  struct Range;

  std::unique_ptr<Range> range_;
  std::unique_ptr<ResidualModels> models_;
};

}  // namespace yb::telemetry
