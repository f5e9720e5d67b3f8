#include "edge/field/modbus/frame.hpp"

namespace yb::field::modbus {
namespace {

constexpr std::uint8_t kExceptionBit = 0x80;
constexpr std::size_t kMbapHeader = 6;  // transaction, protocol, length; the unit follows
constexpr std::size_t kCrcSize = 2;

std::uint8_t FunctionOf(Table table) {
  return table == Table::kInput ? 0x04 : 0x03;
}

void PutWord(base::Bytes& bytes, std::uint16_t word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

std::uint16_t Word(base::ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

// Judges unit, function, byte count or exception code; `size` is theirs, where they are all there.
Verdict ExamineUnitAndPdu(const ReadRequest& request, base::ByteView view, std::size_t& size) {
  if (view.empty()) return Verdict::kNeedMore;
  if (view[0] != request.unit) return Verdict::kNoStart;
  if (view.size() < 2) return Verdict::kNeedMore;
  const std::uint8_t function = FunctionOf(request.table);
  if (view[1] == (function | kExceptionBit)) {
    size = 3;
  } else if (view[1] == function) {
    if (view.size() < 3) return Verdict::kNeedMore;
    if (view[2] != request.count * 2) return Verdict::kNoStart;
    size = 3 + std::size_t{view[2]};
  } else {
    return Verdict::kNoStart;
  }
  return view.size() < size ? Verdict::kNeedMore : Verdict::kFrame;
}

Candidate ExamineRtu(const ReadRequest& request, base::ByteView view) {
  std::size_t size = 0;
  const Verdict verdict = ExamineUnitAndPdu(request, view, size);
  if (verdict != Verdict::kFrame) return {.verdict = verdict};
  if (view.size() < size + kCrcSize) return {.verdict = Verdict::kNeedMore};
  Candidate candidate{.verdict = Verdict::kFrame,
                      .length = size + kCrcSize,
                      .stated_check = static_cast<std::uint32_t>(view[size] | view[size + 1] << 8),
                      .computed_check = Crc(view.first(size))};
  if (candidate.stated_check != candidate.computed_check) candidate.verdict = Verdict::kBadChecksum;
  return candidate;
}

Candidate ExamineTcp(const ReadRequest& request, base::ByteView view) {
  if (view.size() < kMbapHeader) return {.verdict = view.empty() ? Verdict::kNoStart : Verdict::kNeedMore};
  if (Word(view, 2) != 0) return {};
  const std::size_t length = Word(view, 4);
  std::size_t size = 0;
  const Verdict verdict = ExamineUnitAndPdu(request, view.subspan(kMbapHeader), size);
  if (size != 0 && size != length) return {};
  if (verdict != Verdict::kFrame) return {.verdict = verdict};
  return {.verdict = Verdict::kFrame, .length = kMbapHeader + size};
}

}  // namespace

base::Bytes Encode(Framing framing, const ReadRequest& request, std::uint16_t transaction) {
  base::Bytes frame;
  if (framing == Framing::kTcp) {
    PutWord(frame, transaction);
    PutWord(frame, 0);
    PutWord(frame, 6);
  }
  frame.push_back(request.unit);
  frame.push_back(FunctionOf(request.table));
  PutWord(frame, request.first);
  PutWord(frame, request.count);
  if (framing == Framing::kRtu) {
    const std::uint16_t crc = Crc(frame);
    frame.push_back(static_cast<std::uint8_t>(crc & 0xFF));
    frame.push_back(static_cast<std::uint8_t>(crc >> 8));
  }
  return frame;
}

Candidate ExamineReply(Framing framing, const ReadRequest& request, base::ByteView view) {
  return framing == Framing::kTcp ? ExamineTcp(request, view) : ExamineRtu(request, view);
}

Reply ParseReply(Framing framing, base::ByteView whole) {
  Reply reply;
  base::ByteView pdu = whole.subspan(1);
  if (framing == Framing::kTcp) {
    reply.transaction = Word(whole, 0);
    pdu = whole.subspan(kMbapHeader + 1);
  }
  if ((pdu[0] & kExceptionBit) != 0) {
    reply.exception = pdu[1];
  } else {
    reply.registers = RegistersOf(pdu.subspan(2, pdu[1]));
  }
  return reply;
}

std::uint16_t Crc(base::ByteView bytes) {
  std::uint16_t crc = 0xFFFF;
  for (std::uint8_t byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<std::uint16_t>((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
    }
  }
  return crc;
}

std::vector<std::uint16_t> RegistersOf(base::ByteView bytes) {
  std::vector<std::uint16_t> registers;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) registers.push_back(Word(bytes, at));
  return registers;
}

std::string_view ExceptionName(std::uint8_t exception) {
  switch (exception) {
    case 0x01: return "illegal function";
    case 0x02: return "illegal data address";
    case 0x03: return "illegal data value";
    case 0x04: return "server device failure";
    case 0x05: return "acknowledge";
    case 0x06: return "server device busy";
    case 0x08: return "memory parity error";
    case 0x0A: return "gateway path unavailable";
    case 0x0B: return "gateway target failed to respond";
    default: return "unknown";
  }
}

}  // namespace yb::field::modbus
