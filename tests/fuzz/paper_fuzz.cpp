// Any bytes are a paper or are refused; a paper that was read comes out the same when it is written and read again.
#include "core/base/bytes.hpp"
#include "core/papers/paper_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb;
  const base::Result<papers::Paper> paper = papers::Decode(base::AsText({data, size}));
  if (!paper) {
    YB_CHECK(!paper.error().message.empty() && !paper.error().message_zh.empty(), "refused without a word");
    return 0;
  }
  const base::Result<std::string> text = papers::Encode(*paper);
  YB_CHECK(text.has_value(), "a paper that was read cannot be written");
  const base::Result<papers::Paper> again = papers::Decode(*text);
  YB_CHECK(again && *again == *paper, "a paper is another one after it was written");
  return 0;
}
