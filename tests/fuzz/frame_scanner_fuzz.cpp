// Whatever the stream and however it is cut into portions, what the scanners find are whole frames.
#include "core/base/result.hpp"
#include "edge/field/cjt188/frame.hpp"
#include "edge/field/dlt645/frame.hpp"
#include "edge/field/frame_scanner.hpp"

namespace yb::field {
namespace {

std::vector<base::Bytes> Scan(const Examine& examine, base::ByteView stream, std::size_t portion) {
  FrameScanner scanner(examine);
  std::vector<base::Bytes> frames;
  for (std::size_t at = 0; at < stream.size(); at += portion) {
    scanner.Push(stream.subspan(at, std::min(portion, stream.size() - at)));
    while (const std::optional<base::Bytes> frame = scanner.Next()) {
      YB_CHECK(examine(*frame).verdict == Verdict::kFrame, "a frame was found that is none");
      YB_CHECK(examine(*frame).length == frame->size(), "a frame was cut wrongly");
      frames.push_back(*frame);
    }
  }
  return frames;
}

void Check(const Examine& examine, base::ByteView stream) {
  // A frame inside an unfinished larger one may be taken early when bytes come singly; what is found is whole always.
  (void)Scan(examine, stream, 1);
  (void)Scan(examine, stream, 7);
  (void)Scan(examine, stream, stream.size());
  (void)WhyNoFrame(examine, stream);
}

}  // namespace
}  // namespace yb::field

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb::field;
  if (size == 0 || size > 2048) return 0;
  const yb::base::ByteView stream(data, size);
  Check(dlt645::ExamineFrame, stream);
  Check(cjt188::ExamineFrame, stream);
  for (const yb::base::Bytes& frame : Scan(dlt645::ExamineFrame, stream, size)) (void)dlt645::ParseFrame(frame);
  for (const yb::base::Bytes& frame : Scan(cjt188::ExamineFrame, stream, size)) (void)cjt188::ParseFrame(frame);
  return 0;
}
