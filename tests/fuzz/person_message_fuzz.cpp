// What comes on the lane `person`: any bytes give a message or an error; a message read can be written and read again.
#include "core/persons/person_messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = yb::persons::DecodePersonMessage({data, size});
  if (!message) return 0;
  const yb::base::Bytes written = yb::persons::EncodeMessage(*message);
  const auto again = yb::persons::DecodePersonMessage(written);
  YB_CHECK(again && yb::persons::EncodeMessage(*again) == written, "a message does not survive writing");
  return 0;
}
