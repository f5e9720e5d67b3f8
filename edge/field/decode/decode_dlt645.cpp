#include "edge/field/decode/decode_dlt645.hpp"

#include <algorithm>
#include <optional>

#include "edge/field/dlt645/frame.hpp"
#include "edge/field/dlt645/item_format.hpp"
#include "edge/field/packed_bcd.hpp"

namespace yb::field::decode {
namespace {

using dlt645::DataAnswer;
using dlt645::Edition;
using dlt645::Frame;

constexpr std::uint8_t kBroadcastTime = 0x08;

// Function codes of both editions.
struct Functions {
  std::uint8_t read, follow_up, read_address;
};
Functions FunctionsOf(Edition edition) {
  if (edition == Edition::k2007) return {0x11, 0x12, 0x13};
  return {0x01, 0x02, 0xFF};  // 1997 has no address read
}

std::string DiText(Edition edition, base::ByteView data) {
  return HexHighFirst(data.first(dlt645::DiSize(edition)));
}

Report Head(const Frame& frame) {
  Report report;
  report.control = base::ToHex(base::Bytes{frame.control});
  report.address = frame.address.ToString();
  return report;
}

void AddSingleValue(Report& report, const dlt645::ItemFormat& format, base::ByteView field) {
  report.values.push_back(dlt645::DecodeItem({0, format}, field));
  report.has_values = true;
}

void AddValues(Report& report, Edition edition, std::uint32_t di, base::ByteView bytes) {
  base::Result<DataAnswer> answer = dlt645::DecodeAnswer(edition, di, bytes);
  if (!answer) {
    report.reject = "short_data";
    return;
  }
  if (answer->values.empty()) {
    report.raw_data = std::move(answer->extra);
    return;
  }
  const auto is_invalid = [](const WireValue& value) { return value.state == WireValue::State::kInvalid; };
  if (std::all_of(answer->values.begin(), answer->values.end(), is_invalid)) report.reject = "invalid_bcd";
  report.values = std::move(answer->values);
  report.has_values = true;
  report.extra = std::move(answer->extra);
}

Report DecodeRequest(Edition edition, const Frame& frame) {
  Report report = Head(frame);
  const Functions functions = FunctionsOf(edition);
  const std::size_t di_size = dlt645::DiSize(edition);
  if (frame.Function() == kBroadcastTime && frame.data.size() >= 6) {
    AddSingleValue(report, {"datetime", "", 6, 0, false, dlt645::Shape::kSecond}, base::ByteView(frame.data).first(6));
    return report;
  }
  const bool is_read = frame.Function() == functions.read || frame.Function() == functions.follow_up;
  if (!is_read || frame.data.size() < di_size) {
    report.raw_data = frame.data;
    return report;
  }
  report.di = DiText(edition, frame.data);
  const base::ByteView rest = base::ByteView(frame.data).subspan(di_size);
  if (frame.Function() == functions.follow_up && rest.size() == 1) {
    report.sequence = rest[0];
  } else {
    report.extra.assign(rest.begin(), rest.end());
  }
  return report;
}

Report DecodeError(Edition edition, const Frame& frame) {
  Report report = Head(frame);
  if (frame.data.empty()) {
    report.reject = "short_data";
    return report;
  }
  report.error_byte = frame.data.front();
  for (std::string_view bit : dlt645::ErrorBits(edition, frame.data.front())) report.error_bits.emplace_back(bit);
  if (frame.data.size() > 1) report.extra.assign(frame.data.begin() + 1, frame.data.end());
  return report;
}

// The answer that `replies` end with: its first frame, then its follow-ups, the bytes joined.
Report DecodeJoined(Edition edition, const std::vector<Frame>& replies) {
  const Functions functions = FunctionsOf(edition);
  const std::size_t di_size = dlt645::DiSize(edition);
  Report report = Head(replies.back());
  const auto is_follow_up = [&](const Frame& frame) { return frame.Function() == functions.follow_up; };
  std::size_t first = replies.size() - 1;
  while (first > 0 && is_follow_up(replies[first])) --first;
  base::Bytes joined;
  for (std::size_t i = first; i < replies.size(); ++i) {
    const Frame& frame = replies[i];
    const std::size_t trailer = is_follow_up(frame) && edition == Edition::k2007 ? 1 : 0;
    if (frame.data.size() < di_size + trailer) {
      report.reject = "short_data";
      return report;
    }
    if (trailer == 1) report.sequence = frame.data.back();
    const bool same_answer = frame.address == replies[first].address &&
                             std::equal(frame.data.begin(), frame.data.begin() + static_cast<std::ptrdiff_t>(di_size),
                                        replies[first].data.begin());
    const bool in_order = trailer == 0 || is_follow_up(replies[first]) || frame.data.back() == i - first;
    if (!same_answer || !in_order) {
      report.di = DiText(edition, frame.data);
      report.reject = "sequence_mismatch";
      return report;
    }
    joined.insert(joined.end(), frame.data.begin() + static_cast<std::ptrdiff_t>(di_size),
                  frame.data.end() - static_cast<std::ptrdiff_t>(trailer));
  }
  report.di = DiText(edition, replies.back().data);
  report.more_follows = replies.back().MoreFollows();
  if (is_follow_up(replies[first])) {
    report.raw_data = joined;  // the beginning is missing, and a cut may fall inside a value
    return report;
  }
  AddValues(report, edition, *dlt645::DiOf(edition, replies.back().data), joined);
  return report;
}

Report DecodeReply(Edition edition, const std::vector<Frame>& replies) {
  const Functions functions = FunctionsOf(edition);
  const Frame& last = replies.back();
  if (last.IsError()) return DecodeError(edition, last);
  if (last.Function() == functions.read || last.Function() == functions.follow_up) {
    return DecodeJoined(edition, replies);
  }
  Report report = Head(last);
  if (last.Function() == functions.read_address) {
    if (last.data.size() < 6) {
      report.reject = "short_data";
      return report;
    }
    AddSingleValue(report, {"address", "", 6, 0, false, dlt645::Shape::kDigits}, base::ByteView(last.data).first(6));
    report.extra.assign(last.data.begin() + 6, last.data.end());
    return report;
  }
  report.raw_data = last.data;
  return report;
}

}  // namespace

Report DecodeDlt645(Edition edition, const std::vector<base::Bytes>& inputs) {
  std::vector<base::Bytes> wholes;
  bool in_envelope = false;
  for (const base::Bytes& input : inputs) {
    FoundFrames found = FindFrames(dlt645::ExamineFrame, input);
    in_envelope = in_envelope || (found.in_envelope && !found.frames.empty());
    wholes.insert(wholes.end(), found.frames.begin(), found.frames.end());
  }
  if (wholes.empty()) return NoFrame(dlt645::ExamineFrame, inputs);
  std::vector<Frame> replies;
  for (const base::Bytes& whole : wholes) {
    Frame frame = dlt645::ParseFrame(whole);
    if (frame.IsReply()) replies.push_back(std::move(frame));
  }
  Report report =
      replies.empty() ? DecodeRequest(edition, dlt645::ParseFrame(wholes.back())) : DecodeReply(edition, replies);
  if (wholes.size() > 1 || in_envelope) report.frames = std::move(wholes);
  return report;
}

}  // namespace yb::field::decode
