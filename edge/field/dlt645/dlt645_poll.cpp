#include "edge/field/dlt645/dlt645_poll.hpp"

#include <algorithm>
#include <chrono>

#include "edge/field/dlt645/items_1997.hpp"
#include "edge/field/dlt645/items_2007.hpp"
#include "edge/field/meter_clock.hpp"

namespace yb::field::dlt645 {
namespace {

// A refused identifier is asked again after a day: the meter may have been set up meanwhile.
constexpr base::Duration kRefusalMemory = std::chrono::hours(24);
// The standard allows 255 follow-up frames; no answer we ask for needs more than a few.
constexpr std::uint8_t kMostFollowUps = 16;
constexpr std::uint8_t kNoSuchData = 0x02;
// Enough for any block of the table: with it, the table names every item a block may hold.
constexpr std::size_t kWholeBlock = kMostData;

std::vector<PlacedItem> ItemsOf(Edition edition, std::uint32_t di, std::size_t size) {
  return edition == Edition::k2007 ? Items2007(di, size) : Items1997(static_cast<Di1997>(di), size);
}

std::string Name(Edition edition, std::uint32_t di) {
  const std::size_t digits = DiSize(edition) * 2;
  std::string text(digits, '0');
  for (std::size_t i = digits; i > 0; --i, di >>= 4) text[i - 1] = "0123456789ABCDEF"[di & 0xF];
  return text;
}

}  // namespace

Dlt645Poll::Dlt645Poll(Dlt645Driver& driver, Instant now) : driver_(driver), values_(driver.rules_) {
  Plan(now);
}

void Dlt645Poll::Plan(Instant now) {
  const auto is_refused = [&](std::uint32_t di) {
    const auto found = driver_.refused_.find(di);
    return found != driver_.refused_.end() && now.steady - found->second < kRefusalMemory;
  };
  std::vector<bool> planned(driver_.rules_.size(), false);
  for (std::uint32_t block : driver_.blocks_) {
    if (is_refused(block)) continue;
    Request request{.di = block, .points = {}, .is_block = true};
    for (const PlacedItem& item : ItemsOf(driver_.edition_, block, kWholeBlock)) {
      for (std::size_t point = 0; point < driver_.rules_.size(); ++point) {
        if (planned[point] || driver_.point_dis_[point] != item.di) continue;
        planned[point] = true;
        request.points.push_back(point);
      }
    }
    if (!request.points.empty()) requests_.push_back(std::move(request));
  }
  for (std::size_t point = 0; point < driver_.rules_.size(); ++point) {
    if (planned[point]) continue;
    if (is_refused(driver_.point_dis_[point])) {
      values_.MarkInvalid(point, now.utc);
      continue;
    }
    requests_.push_back({.di = driver_.point_dis_[point], .points = {point}, .is_block = false});
  }
}

std::optional<base::Bytes> Dlt645Poll::NextRequest() {
  scanner_.Clear();
  if (requests_.empty()) return std::nullopt;
  const std::uint32_t di = requests_.front().di;
  if (driver_.edition_ == Edition::k2007) {
    return sequence_ == 0 ? EncodeRead(driver_.address_, di) : EncodeReadFollowUp(driver_.address_, di, sequence_);
  }
  const auto di_1997 = static_cast<Di1997>(di);
  return sequence_ == 0 ? EncodeRead1997(driver_.address_, di_1997) : EncodeReadFollowUp1997(driver_.address_, di_1997);
}

bool Dlt645Poll::Answers(const Frame& frame) const {
  const std::uint8_t first = driver_.edition_ == Edition::k2007 ? 0x11 : 0x01;
  const std::uint8_t expected = sequence_ == 0 ? first : static_cast<std::uint8_t>(first + 1);
  return frame.Function() == expected && driver_.address_.Covers(frame.address) && !requests_.empty();
}

Progress Dlt645Poll::OnBytes(base::ByteView bytes, Instant now) {
  scanner_.Push(bytes);
  while (const std::optional<base::Bytes> whole = scanner_.Next()) {
    const Frame frame = ParseFrame(*whole);
    if (!frame.IsReply()) continue;  // our own echo
    if (!Answers(frame)) {
      ++stray_;
      continue;
    }
    const Progress progress = frame.IsError() ? OnError(frame, now) : OnReply(frame, now);
    if (progress != Progress::kWaiting) return progress;
  }
  return Progress::kWaiting;
}

Progress Dlt645Poll::OnReply(const Frame& frame, Instant now) {
  Request& request = requests_.front();
  const bool is_2007 = driver_.edition_ == Edition::k2007;
  const base::Result<std::uint32_t> di = DiOf(driver_.edition_, frame.data);
  const std::size_t trailer = is_2007 && sequence_ != 0 ? 1 : 0;  // SEQ behind the values of a follow-up
  if (!di || *di != request.di || frame.data.size() < DiSize(driver_.edition_) + trailer ||
      (trailer == 1 && frame.data.back() != sequence_)) {
    ++stray_;
    return Progress::kWaiting;
  }
  joined_.insert(joined_.end(), frame.data.begin() + static_cast<std::ptrdiff_t>(DiSize(driver_.edition_)),
                 frame.data.end() - static_cast<std::ptrdiff_t>(trailer));
  if (frame.MoreFollows() && sequence_ < kMostFollowUps) {
    ++sequence_;
    return Progress::kAnswered;  // NextRequest asks for the rest
  }
  Finish(request, now);
  return Progress::kAnswered;
}

void Dlt645Poll::Finish(const Request& request, Instant now) {
  const base::Result<DataAnswer> answer = DecodeAnswer(driver_.edition_, request.di, joined_);
  if (!answer) values_.NoteError(answer.error().At(Name(driver_.edition_, request.di)).Describe());
  for (std::size_t point : request.points) {
    bool found = false;
    if (answer) {
      for (const WireValue& value : answer->values) {
        if (value.id != driver_.point_dis_[point]) continue;
        const bool is_clock = !value.number && !value.text.empty();
        values_.Accept(point, is_clock ? ClockOffset(value, now.utc) : value, now.utc);
        found = true;
        break;
      }
    }
    if (!found) values_.MarkInvalid(point, now.utc);
  }
  requests_.pop_front();
  joined_.clear();
  sequence_ = 0;
}

Progress Dlt645Poll::OnError(const Frame& frame, Instant now) {
  const Request request = requests_.front();
  const std::uint8_t error = frame.data.empty() ? 0 : frame.data.front();
  std::string names;
  for (std::string_view bit : ErrorBits(driver_.edition_, error))
    names += (names.empty() ? "" : ", ") + std::string(bit);
  values_.NoteError(Name(driver_.edition_, request.di) + " was refused: " + (names.empty() ? "no reason" : names));
  if ((error & kNoSuchData) != 0) driver_.refused_[request.di] = now.steady;
  requests_.pop_front();
  joined_.clear();
  sequence_ = 0;
  if (request.is_block) {
    AskSingly(request, now);
  } else {
    for (std::size_t point : request.points) values_.MarkInvalid(point, now.utc);
  }
  return Progress::kRefused;
}

void Dlt645Poll::AskSingly(const Request& block, Instant now) {
  for (auto point = block.points.rbegin(); point != block.points.rend(); ++point) {
    const std::uint32_t di = driver_.point_dis_[*point];
    const auto found = driver_.refused_.find(di);
    if (found != driver_.refused_.end() && now.steady - found->second < kRefusalMemory) {
      values_.MarkInvalid(*point, now.utc);
    } else {
      requests_.push_front({.di = di, .points = {*point}, .is_block = false});
    }
  }
}

void Dlt645Poll::OnSilence(Instant now) {
  if (requests_.empty()) return;
  for (std::size_t point : requests_.front().points) values_.MarkUnreachable(point, now.utc);
  requests_.pop_front();
  joined_.clear();
  sequence_ = 0;
}

void Dlt645Poll::Abandon(Instant now) {
  requests_.clear();
  values_.MarkRestUnreachable(now.utc);
}

}  // namespace yb::field::dlt645
