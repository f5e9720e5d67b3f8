// The data identifiers of DL/T 645-1997 (annex A) that this program can name, single and as blocks.
// Pure functions; no threads.
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/dlt645/item_format.hpp"

namespace yb::field::dlt645 {

/// "9010", four hex digits; kInvalidArgument otherwise.
[[nodiscard]] base::Result<Di1997> ParseDi1997(std::string_view text);

/// The items of an answer to `di` with `size` value bytes, in wire order; at least one for a known identifier, even
/// where `size` is too small for it. Empty for an identifier outside the table.
[[nodiscard]] std::vector<PlacedItem> Items1997(Di1997 di, std::size_t size);

/// Whether `di` asks for several items at once (its last digit is F).
[[nodiscard]] bool IsBlock1997(Di1997 di);

}  // namespace yb::field::dlt645
