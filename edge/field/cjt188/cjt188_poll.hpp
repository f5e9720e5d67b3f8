// Cjt188Poll: one read of one CJ/T 188 meter. Made by Cjt188Driver.
#pragma once

#include "edge/field/cjt188/cjt188_driver.hpp"
#include "edge/field/frame_scanner.hpp"
#include "edge/field/polled_values.hpp"

namespace yb::field::cjt188 {

class Cjt188Poll final : public Poll {
 public:
  explicit Cjt188Poll(Cjt188Driver& driver) : driver_(driver), values_(driver.rules_) {}

  std::optional<base::Bytes> NextRequest() override;
  Progress OnBytes(base::ByteView bytes, Instant now) override;
  void OnRetry() override { scanner_.Clear(); }
  void OnSilence(Instant now) override { Abandon(now); }
  void Abandon(Instant now) override;
  std::vector<PointValue> TakeValues() override { return values_.Take(); }
  PollCounters Counters() const override { return {scanner_.bad_checksums(), stray_}; }
  std::string LastError() const override { return values_.last_error(); }

 private:
  void OnCounter(const Frame& frame, Instant now);
  void OnError(const Frame& frame, Instant now);
  void Accept(std::size_t point, WireValue value, Instant now);

  Cjt188Driver& driver_;
  PolledValues values_;
  FrameScanner scanner_{ExamineFrame};
  bool asked_ = false;
  std::uint64_t stray_ = 0;
};

}  // namespace yb::field::cjt188
