// What comes on the lane `document`: any bytes give a message or an error; a message read can be written and read
// again.
#include "core/documents/document_messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = yb::documents::DecodeDocumentMessage({data, size});
  if (!message) return 0;
  const yb::base::Bytes written = yb::documents::EncodeMessage(*message);
  const auto again = yb::documents::DecodeDocumentMessage(written);
  YB_CHECK(again && yb::documents::EncodeMessage(*again) == written, "a message does not survive writing");
  return 0;
}
