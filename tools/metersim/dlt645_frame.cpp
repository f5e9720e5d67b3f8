#include "tools/metersim/dlt645_frame.hpp"

#include "tools/metersim/bus_frame.hpp"

namespace yb::metersim {

base::Bytes EncodeDlt645(base::ByteView address, std::uint8_t control, base::ByteView data, int preamble) {
  base::Bytes frame(static_cast<std::size_t>(preamble), 0xFE);
  const std::size_t start = frame.size();
  frame.push_back(0x68);
  frame.insert(frame.end(), address.begin(), address.end());
  frame.push_back(0x68);
  frame.push_back(control);
  frame.push_back(static_cast<std::uint8_t>(data.size()));
  for (const std::uint8_t byte : data) frame.push_back(static_cast<std::uint8_t>(byte + 0x33));
  frame.push_back(ByteSum(base::ByteView(frame).subspan(start)));
  frame.push_back(0x16);
  return frame;
}

}  // namespace yb::metersim
