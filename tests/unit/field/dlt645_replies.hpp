// Builds the replies a DL/T 645 meter would send; the program itself can build requests only.
#pragma once

#include "edge/field/dlt645/frame.hpp"

namespace yb::field::dlt645 {

inline base::Bytes Reply(std::string_view address, std::uint8_t control, const base::Bytes& data) {
  base::Bytes frame{0x68};
  const Address meter = *Address::Parse(address);
  frame.insert(frame.end(), meter.wire.begin(), meter.wire.end());
  frame.push_back(0x68);
  frame.push_back(control);
  frame.push_back(static_cast<std::uint8_t>(data.size()));
  for (std::uint8_t byte : data) frame.push_back(static_cast<std::uint8_t>(byte + 0x33));
  frame.push_back(ByteSum(frame));
  frame.push_back(0x16);
  return frame;
}

}  // namespace yb::field::dlt645
