// What a CJ/T 188 answer to 901F (计量数据) says.
// Pure functions over the data field; no threads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "edge/field/cjt188/frame.hpp"
#include "edge/field/wire_value.hpp"

namespace yb::field::cjt188 {

/// Where heat meters send the unit byte: behind the value as the standard says, or before it as some makers do. A
/// property of the meter's profile.
enum class UnitPlace : std::uint8_t { kAfterValue, kBeforeValue };

struct CounterAnswer {
  std::vector<WireValue> values;
  base::Bytes extra;        // behind the last known field; all of them where the layout is unknown
  bool is_heat = false;     // values have a UnitPlace
  bool unverified = false;  // 未验证: decoded by a layout that no real frame has confirmed yet (2018 heat)
};

/// The identifier of a data field in written order, 0x901F, whichever way round it was sent; kCorrupt where there is
/// none. Identifiers of both orders are told by their known first byte (90, 91, 81, D1 …).
[[nodiscard]] base::Result<std::uint16_t> DiOf(base::ByteView data);

/// `data` is the whole data field of an 81H answer to 901F. kCorrupt where it fits no layout of the type, or where the
/// unit bytes are plainly at the other place.
[[nodiscard]] base::Result<CounterAnswer> DecodeCounter(std::uint8_t type, base::ByteView data, UnitPlace place);

/// Where the units stand in a heat answer, by the codes found there; nullopt where neither place fits. For
/// commissioning and for the decoder tool only, never for polling.
[[nodiscard]] std::optional<UnitPlace> ProposeUnitPlace(base::ByteView data);

}  // namespace yb::field::cjt188
