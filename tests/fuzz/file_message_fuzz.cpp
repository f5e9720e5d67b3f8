// What comes on the lane `file`: any bytes give a message or an error; a message read can be written and read again,
// and a chunk lies within its file.
#include "core/files/file_messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = yb::files::DecodeFileMessage({data, size});
  if (!message) return 0;
  if (const auto* chunk = std::get_if<yb::files::FileChunk>(&*message)) {
    YB_CHECK(chunk->bytes.size() <= chunk->size && chunk->offset <= chunk->size - chunk->bytes.size(),
             "a chunk lies outside of its file");
  }
  const yb::base::Bytes written = yb::files::EncodeMessage(*message);
  const auto again = yb::files::DecodeFileMessage(written);
  YB_CHECK(again && yb::files::EncodeMessage(*again) == written, "a message does not survive writing");
  return 0;
}
