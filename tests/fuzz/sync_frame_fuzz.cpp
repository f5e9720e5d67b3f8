// What comes from the broker: any bytes give a message or an error; a message read can be written and read again.
#include "core/sync/frame_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const yb::base::ByteView bytes(data, size);
  if (const auto up = yb::sync::DecodeUp(bytes)) {
    if (const auto* frame = std::get_if<yb::sync::Frame>(&*up)) {
      const auto again = yb::sync::DecodeUp(yb::sync::EncodeUp(*frame));
      YB_CHECK(again && std::get<yb::sync::Frame>(*again).bodies == frame->bodies, "a frame does not survive writing");
    }
  }
  (void)yb::sync::DecodeDown(bytes);
  return 0;
}
