#include "edge/field/modbus/modbus_poll.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <span>

namespace yb::field::modbus {
namespace {

// A refused register is asked again after a day: the meter may have been set up meanwhile.
constexpr base::Duration kRefusalMemory = std::chrono::hours(24);
constexpr std::uint8_t kIllegalDataAddress = 0x02;
constexpr std::uint8_t kIllegalDataValue = 0x03;  // what some meters say to a read that is too long

std::string RegisterName(std::uint16_t number) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%04X", static_cast<unsigned>(number));
  return text.data();
}

// The part of `block` that holds its points [from, past).
Block Part(const Block& block, const std::vector<PlacedPoint>& placed, std::size_t from, std::size_t past) {
  Block part;
  part.points.assign(block.points.begin() + static_cast<std::ptrdiff_t>(from),
                     block.points.begin() + static_cast<std::ptrdiff_t>(past));
  part.first = placed[part.points.front()].first;
  unsigned end = part.first;
  for (std::size_t point : part.points) {
    end = std::max(end, placed[point].first + unsigned{RegisterCount(placed[point].encoding)});
  }
  part.count = static_cast<std::uint16_t>(end - part.first);
  return part;
}

}  // namespace

ModbusPoll::ModbusPoll(ModbusDriver& driver, Instant now)
    : driver_(driver),
      values_(driver.rules_),
      scanner_([this](base::ByteView view) { return ExamineReply(driver_.framing_, asked_, view); }) {
  for (const Block& block : driver_.blocks_) {
    if (block.points.size() == 1) {
      const auto refused = driver_.refused_.find(block.points.front());
      if (refused != driver_.refused_.end() && now.steady - refused->second < kRefusalMemory) {
        values_.MarkInvalid(block.points.front(), now.utc);
        continue;
      }
    }
    requests_.push_back(block);
  }
}

std::optional<base::Bytes> ModbusPoll::NextRequest() {
  scanner_.Clear();
  if (requests_.empty()) return std::nullopt;
  const Block& block = requests_.front();
  asked_ = {.unit = driver_.unit_, .table = driver_.habits_.table, .first = block.first, .count = block.count};
  return Encode(driver_.framing_, asked_, ++driver_.transaction_);
}

Progress ModbusPoll::OnBytes(base::ByteView bytes, Instant now) {
  scanner_.Push(bytes);
  while (const std::optional<base::Bytes> whole = scanner_.Next()) {
    const Reply reply = ParseReply(driver_.framing_, *whole);
    const bool is_other = driver_.framing_ == Framing::kTcp && reply.transaction != driver_.transaction_;
    if (is_other || requests_.empty()) {
      ++stray_;
      continue;
    }
    if (reply.exception) {
      OnException(*reply.exception, now);
      return Progress::kRefused;
    }
    OnRegisters(reply.registers, now);
    return Progress::kAnswered;
  }
  return Progress::kWaiting;
}

void ModbusPoll::OnRegisters(const std::vector<std::uint16_t>& registers, Instant now) {
  const Block& block = requests_.front();
  for (std::size_t point : block.points) {
    const PlacedPoint& placed = driver_.placed_[point];
    const std::size_t at = placed.first - block.first;
    const std::span<const std::uint16_t> mine = std::span(registers).subspan(at, RegisterCount(placed.encoding));
    values_.Accept(point, DecodeRegisters(mine, placed.encoding, placed.order), now.utc);
  }
  requests_.pop_front();
}

void ModbusPoll::OnException(std::uint8_t exception, Instant now) {
  const Block block = requests_.front();
  requests_.pop_front();
  values_.NoteError(RegisterName(block.first) + " and " + std::to_string(block.count - 1) +
                    " more were refused: " + std::string(ExceptionName(exception)));
  const bool is_address = exception == kIllegalDataAddress || exception == kIllegalDataValue;
  if (!is_address || block.points.size() == 1) {
    if (is_address) driver_.refused_[block.points.front()] = now.steady;
    for (std::size_t point : block.points) values_.MarkInvalid(point, now.utc);
    return;
  }
  // Somewhere in the block is a register the meter does not have: ask for the halves, now and from now on.
  const std::size_t middle = block.points.size() / 2;
  const Block low = Part(block, driver_.placed_, 0, middle);
  const Block high = Part(block, driver_.placed_, middle, block.points.size());
  requests_.push_front(high);
  requests_.push_front(low);
  const auto same = std::find_if(driver_.blocks_.begin(), driver_.blocks_.end(),
                                 [&](const Block& known) { return known.points == block.points; });
  if (same == driver_.blocks_.end()) return;
  *same = high;
  driver_.blocks_.insert(same, low);
}

void ModbusPoll::OnSilence(Instant now) {
  if (requests_.empty()) return;
  for (std::size_t point : requests_.front().points) values_.MarkUnreachable(point, now.utc);
  requests_.pop_front();
}

void ModbusPoll::Abandon(Instant now) {
  requests_.clear();
  values_.MarkRestUnreachable(now.utc);
}

}  // namespace yb::field::modbus
