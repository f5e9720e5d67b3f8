#include "edge/field/decode/decode_modbus.hpp"

#include <array>
#include <cstdio>

namespace yb::field::decode {
namespace {

using modbus::Framing;

constexpr std::size_t kMbapHeader = 6;
constexpr std::size_t kCrcSize = 2;
constexpr std::uint8_t kExceptionBit = 0x80;

enum class Kind : std::uint8_t { kReply, kException, kRequest };

// Unit, function and what follows, without header and CRC.
struct Adu {
  Kind kind = Kind::kRequest;
  base::Bytes bytes;
};

bool ReadsRegisters(std::uint8_t function) {
  return function == 0x03 || function == 0x04;
}

bool ReadsBits(std::uint8_t function) {
  return function == 0x01 || function == 0x02;
}

// The sizes, unit to last data byte, that a frame with this beginning may have; the most telling first.
struct Shape {
  Kind kind;
  std::size_t size;
};

std::vector<Shape> ShapesOf(base::ByteView adu) {
  if (adu.size() < 2) return {};
  const std::uint8_t function = adu[1];
  if ((function & kExceptionBit) != 0) {
    const std::uint8_t plain = function & 0x7F;
    return plain >= 1 && plain <= 0x2B ? std::vector<Shape>{{Kind::kException, 3}} : std::vector<Shape>{};
  }
  if (ReadsRegisters(function) || ReadsBits(function)) {
    std::vector<Shape> shapes;
    const bool fits = adu.size() > 2 && adu[2] > 0 && adu[2] <= 250 && (ReadsBits(function) || adu[2] % 2 == 0);
    if (fits) shapes.push_back({Kind::kReply, 3 + std::size_t{adu[2]}});
    shapes.push_back({Kind::kRequest, 6});
    return shapes;
  }
  if (function == 0x05 || function == 0x06) return {{Kind::kRequest, 6}};
  if (function == 0x0F || function == 0x10) {
    std::vector<Shape> shapes{{Kind::kReply, 6}};
    if (adu.size() > 6) shapes.push_back({Kind::kRequest, 7 + std::size_t{adu[6]}});
    return shapes;
  }
  return {};
}

Candidate ExamineRtu(base::ByteView view) {
  Candidate best;
  for (const Shape& shape : ShapesOf(view)) {
    if (view.size() < shape.size + kCrcSize) {
      if (best.verdict == Verdict::kNoStart) best.verdict = Verdict::kNeedMore;
      continue;
    }
    Candidate candidate{.verdict = Verdict::kBadChecksum,
                        .length = shape.size + kCrcSize,
                        .stated_check = static_cast<std::uint32_t>(view[shape.size] | view[shape.size + 1] << 8),
                        .computed_check = modbus::Crc(view.first(shape.size))};
    if (candidate.stated_check == candidate.computed_check) {
      candidate.verdict = Verdict::kFrame;
      return candidate;
    }
    if (best.verdict != Verdict::kBadChecksum) best = candidate;
  }
  return best;
}

Candidate ExamineTcp(base::ByteView view) {
  if (view.size() >= 4 && (view[2] != 0 || view[3] != 0)) return {};
  if (view.size() < kMbapHeader) return {.verdict = Verdict::kNeedMore};
  const std::size_t length = static_cast<std::size_t>(view[4] << 8 | view[5]);
  if (length < 3) return {};
  if (length > 254) return {.verdict = Verdict::kTooLong};
  if (view.size() < kMbapHeader + length) return {.verdict = Verdict::kNeedMore};
  for (const Shape& shape : ShapesOf(view.subspan(kMbapHeader))) {
    if (shape.size == length) return {.verdict = Verdict::kFrame, .length = kMbapHeader + length};
  }
  return {};
}

Adu AduOf(Framing framing, base::ByteView whole) {
  const base::ByteView bytes =
      framing == Framing::kTcp ? whole.subspan(kMbapHeader) : whole.first(whole.size() - kCrcSize);
  for (const Shape& shape : ShapesOf(bytes)) {
    if (shape.size == bytes.size()) return {shape.kind, {bytes.begin(), bytes.end()}};
  }
  return {};
}

Report Explain(const Adu& adu) {
  Report report;
  report.control = base::ToHex(base::ByteView(adu.bytes).subspan(1, 1));
  report.address = std::to_string(adu.bytes[0]);
  const base::ByteView data = base::ByteView(adu.bytes).subspan(2);
  if (adu.kind == Kind::kException) {
    report.exception = data[0];
    report.exception_name = modbus::ExceptionName(data[0]);
  } else if (adu.kind == Kind::kReply && ReadsRegisters(adu.bytes[1])) {
    report.registers = modbus::RegistersOf(data.subspan(1));
    report.has_registers = true;
  } else {
    report.raw_data.assign(data.begin(), data.end());
  }
  return report;
}

bool IsWholeTcp(const std::vector<base::Bytes>& inputs) {
  for (const base::Bytes& input : inputs) {
    if (ExamineTcp(input).verdict != Verdict::kFrame) return false;
  }
  return true;
}

}  // namespace

Report DecodeModbus(std::optional<Framing> framing, const std::vector<base::Bytes>& inputs) {
  const Framing used = framing.value_or(IsWholeTcp(inputs) ? Framing::kTcp : Framing::kRtu);
  const Examine examine = used == Framing::kTcp ? ExamineTcp : ExamineRtu;
  std::vector<base::Bytes> wholes;
  for (const base::Bytes& input : inputs) {
    FoundFrames found = FindFrames(examine, input);
    wholes.insert(wholes.end(), found.frames.begin(), found.frames.end());
  }
  Report report;
  if (wholes.empty()) {
    report = NoFrame(examine, inputs);
    if (report.reject == "bad_checksum") report.reject = "bad_crc";
    report.is_crc = report.stated_check.has_value();
  } else {
    Adu chosen = AduOf(used, wholes.front());
    for (const base::Bytes& whole : wholes) {
      Adu adu = AduOf(used, whole);
      if (adu.kind != Kind::kRequest || chosen.kind == Kind::kRequest) chosen = std::move(adu);
    }
    report = Explain(chosen);
    if (wholes.size() > 1) report.frames = std::move(wholes);
  }
  report.layout = used == Framing::kTcp ? "tcp" : "rtu";
  report.layout_detected = !framing;
  return report;
}

}  // namespace yb::field::decode
