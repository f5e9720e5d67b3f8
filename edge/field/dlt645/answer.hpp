// What a DL/T 645 answer says: values of a data answer, bits of an error answer.
// Pure functions over the data field (without the +33H offset); no threads.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/wire_value.hpp"

namespace yb::field::dlt645 {

enum class Edition : std::uint8_t { k1997, k2007 };

/// Bytes of a data identifier: 2 or 4.
[[nodiscard]] std::size_t DiSize(Edition edition);

/// The identifier at the head of a data field; kCorrupt where the field is shorter.
[[nodiscard]] base::Result<std::uint32_t> DiOf(Edition edition, base::ByteView data);

struct DataAnswer {
  std::uint32_t di = 0;
  std::vector<WireValue> values;  // empty for an unknown identifier or a maker's own layout: all bytes are in `extra`
  base::Bytes extra;              // behind the last item
};

/// `values` are the bytes behind the identifier, joined over follow-up frames. kCorrupt where they are fewer than the
/// first item needs. More bytes than the table says are kept in `extra`; where then not even the first item is a
/// value, the layout is the maker's own and all bytes stay raw.
[[nodiscard]] base::Result<DataAnswer> DecodeAnswer(Edition edition, std::uint32_t di, base::ByteView values);

/// Names of the set bits of an error answer's byte, lowest bit first.
[[nodiscard]] std::vector<std::string_view> ErrorBits(Edition edition, std::uint8_t error);

}  // namespace yb::field::dlt645
