// Any bytes after any request are a reply to it or none, and any registers are a value or none.
#include "core/base/result.hpp"
#include "edge/field/modbus/frame.hpp"
#include "edge/field/modbus/register_value.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb::field::modbus;
  using yb::field::Candidate;
  using yb::field::Verdict;
  if (size < 4) return 0;
  const ReadRequest request{.unit = data[0],
                            .table = (data[1] & 1) != 0 ? Table::kInput : Table::kHolding,
                            .first = 0,
                            .count = static_cast<std::uint16_t>(data[2] % kMostRegisters + 1)};
  const yb::base::ByteView stream(data + 3, size - 3);
  for (const Framing framing : {Framing::kRtu, Framing::kTcp}) {
    const Candidate candidate = ExamineReply(framing, request, stream);
    if (candidate.verdict != Verdict::kFrame) continue;
    YB_CHECK(candidate.length <= stream.size(), "a frame longer than its bytes");
    const Reply reply = ParseReply(framing, stream.first(candidate.length));
    YB_CHECK(reply.exception || reply.registers.size() == request.count, "another number of registers than asked");
  }
  const std::vector<std::uint16_t> registers = RegistersOf(stream);
  for (const Encoding encoding : {Encoding::kU16, Encoding::kI16, Encoding::kU32, Encoding::kI32, Encoding::kU64,
                                  Encoding::kI64, Encoding::kF32, Encoding::kF64}) {
    if (registers.size() < RegisterCount(encoding)) continue;
    for (const ByteOrder order : {ByteOrder::kAbcd, ByteOrder::kCdab, ByteOrder::kBadc, ByteOrder::kDcba}) {
      (void)DecodeRegisters(std::span(registers).first(RegisterCount(encoding)), encoding, order);
    }
  }
  return 0;
}
