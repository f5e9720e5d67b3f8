// The decoder tool answers any bytes with JSON. The first byte chooses the protocol; FF FF separates frames.
#include <array>

#include "core/base/result.hpp"
#include "edge/field/decode/decode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb::field::decode;
  struct Choice {
    const char* protocol;
    const char* layout;
  };
  static constexpr std::array<Choice, 8> kChoices{{{"dlt645-2007", ""},
                                                   {"dlt645-1997", ""},
                                                   {"cjt188", ""},
                                                   {"cjt188", "value-unit"},
                                                   {"cjt188", "unit-value"},
                                                   {"modbus", ""},
                                                   {"modbus", "rtu"},
                                                   {"modbus", "tcp"}}};
  if (size < 2 || size > 2048) return 0;
  const Choice choice = kChoices[data[0] % kChoices.size()];
  std::vector<yb::base::Bytes> frames(1);
  for (std::size_t at = 1; at < size; ++at) {
    if (data[at] == 0xFF && at + 1 < size && data[at + 1] == 0xFF) {
      frames.emplace_back();
      ++at;
    } else {
      frames.back().push_back(data[at]);
    }
  }
  const yb::base::Result<DecodeResult> result = Decode(choice.protocol, choice.layout, frames);
  YB_CHECK(!result || !result->json.empty(), "an answer without JSON");
  return 0;
}
