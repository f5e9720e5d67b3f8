// Dlt645Poll: one poll of one DL/T 645 meter, from the first request to the last value. Made by Dlt645Driver.
#pragma once

#include <deque>
#include <vector>

#include "edge/field/dlt645/dlt645_driver.hpp"
#include "edge/field/frame_scanner.hpp"
#include "edge/field/polled_values.hpp"

namespace yb::field::dlt645 {

class Dlt645Poll final : public Poll {
 public:
  Dlt645Poll(Dlt645Driver& driver, Instant now);

  std::optional<base::Bytes> NextRequest() override;
  Progress OnBytes(base::ByteView bytes, Instant now) override;
  void OnRetry() override { scanner_.Clear(); }
  void OnSilence(Instant now) override;
  void Abandon(Instant now) override;
  std::vector<PointValue> TakeValues() override { return values_.Take(); }
  PollCounters Counters() const override { return {scanner_.bad_checksums(), stray_}; }
  std::string LastError() const override { return values_.last_error(); }

 private:
  struct Request {
    std::uint32_t di = 0;
    std::vector<std::size_t> points;
    bool is_block = false;
  };

  void Plan(Instant now);
  [[nodiscard]] bool Answers(const Frame& frame) const;
  [[nodiscard]] Progress OnReply(const Frame& frame, Instant now);
  [[nodiscard]] Progress OnError(const Frame& frame, Instant now);
  void Finish(const Request& request, Instant now);
  void AskSingly(const Request& block, Instant now);

  Dlt645Driver& driver_;
  PolledValues values_;
  FrameScanner scanner_{ExamineFrame};
  std::deque<Request> requests_;  // the first is outstanding
  base::Bytes joined_;            // value bytes of the answer so far
  std::uint8_t sequence_ = 0;     // of the outstanding follow-up request; 0 for the first frame
  std::uint64_t stray_ = 0;
};

}  // namespace yb::field::dlt645
