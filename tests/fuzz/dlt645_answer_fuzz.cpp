// Any identifier with any bytes is decoded or refused; no byte of the answer is lost or invented.
#include "core/base/result.hpp"
#include "edge/field/dlt645/answer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb::field;
  for (const dlt645::Edition edition : {dlt645::Edition::k1997, dlt645::Edition::k2007}) {
    const yb::base::ByteView all(data, size);
    const yb::base::Result<std::uint32_t> di = dlt645::DiOf(edition, all);
    if (!di) continue;
    const yb::base::ByteView values = all.subspan(dlt645::DiSize(edition));
    const yb::base::Result<dlt645::DataAnswer> answer = dlt645::DecodeAnswer(edition, *di, values);
    if (!answer) continue;
    std::size_t used = answer->extra.size();
    for (const WireValue& value : answer->values) {
      used += value.raw.size();
      YB_CHECK(!value.number || value.state == WireValue::State::kGood, "a number that is no good value");
    }
    YB_CHECK(used == values.size(), "bytes of the answer were lost or invented");
  }
  if (size > 0) (void)dlt645::ErrorBits(dlt645::Edition::k2007, data[0]);
  return 0;
}
