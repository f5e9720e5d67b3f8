// ModbusPoll: one poll of one Modbus meter. Made by ModbusDriver.
#pragma once

#include <deque>
#include <optional>

#include "edge/field/frame_scanner.hpp"
#include "edge/field/modbus/modbus_driver.hpp"
#include "edge/field/polled_values.hpp"

namespace yb::field::modbus {

class ModbusPoll final : public Poll {
 public:
  ModbusPoll(ModbusDriver& driver, Instant now);

  std::optional<base::Bytes> NextRequest() override;
  Progress OnBytes(base::ByteView bytes, Instant now) override;
  void OnRetry() override { scanner_.Clear(); }
  void OnSilence(Instant now) override;
  void Abandon(Instant now) override;
  std::vector<PointValue> TakeValues() override { return values_.Take(); }
  PollCounters Counters() const override { return {scanner_.bad_checksums(), stray_}; }
  bool AnswersAreAlike() const override { return driver_.framing_ == Framing::kRtu; }
  std::string LastError() const override { return values_.last_error(); }

 private:
  void OnRegisters(const std::vector<std::uint16_t>& registers, Instant now);
  void OnException(std::uint8_t exception, Instant now);

  ModbusDriver& driver_;
  PolledValues values_;
  std::deque<Block> requests_;  // the first is outstanding
  ReadRequest asked_;
  FrameScanner scanner_;  // for replies to asked_
  std::uint64_t stray_ = 0;
};

}  // namespace yb::field::modbus
