// The data identifiers of DL/T 645-2007 (annex A) that this program can name, single and as blocks.
// Pure functions; no threads.
#pragma once

#include <optional>
#include <vector>

#include "core/base/result.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/dlt645/item_format.hpp"

namespace yb::field::dlt645 {

/// "00010000", eight hex digits; kInvalidArgument otherwise.
[[nodiscard]] base::Result<Di2007> ParseDi2007(std::string_view text);

/// The items of an answer to `di` with `size` value bytes, in wire order. A block (FF in DI2, DI1 or DI0) has as many
/// items as fit, because meters send the tariffs they are set to. Empty for an identifier outside the table.
[[nodiscard]] std::vector<PlacedItem> Items2007(Di2007 di, std::size_t size);

/// Whether `di` asks for several items at once.
[[nodiscard]] bool IsBlock2007(Di2007 di);

}  // namespace yb::field::dlt645
