// Any meter type with any bytes is decoded or refused, in both places of the unit.
#include "core/base/result.hpp"
#include "edge/field/cjt188/answer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb::field;
  if (size == 0) return 0;
  const yb::base::ByteView body(data + 1, size - 1);
  (void)cjt188::DiOf(body);
  (void)cjt188::ProposeUnitPlace(body);
  for (const cjt188::UnitPlace place : {cjt188::UnitPlace::kAfterValue, cjt188::UnitPlace::kBeforeValue}) {
    const yb::base::Result<cjt188::CounterAnswer> answer = cjt188::DecodeCounter(data[0], body, place);
    if (!answer) continue;
    std::size_t used = 3 + answer->extra.size();
    for (const WireValue& value : answer->values) used += value.raw.size();
    YB_CHECK(used == body.size(), "bytes of the answer were lost or invented");
  }
  return 0;
}
