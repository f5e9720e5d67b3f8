// A three-phase electricity meter (三相电能表) of DL/T 645-2007: reads (11), follow-up reads (12) and its address (13).
// It stays silent on everything else, as a meter does on functions it does not have.
#pragma once

#include <memory>

#include "tools/metersim/bus_meter.hpp"
#include "tools/metersim/dlt645_frame.hpp"
#include "tools/metersim/electric_items.hpp"

namespace yb::metersim {

struct Dlt645Options {
  ElectricNameplate nameplate;
  int preamble = 4;                                 // FE before an answer, 0..4
  std::size_t longest_data = kDlt645LongestAnswer;  // data bytes of an answer before it is cut into follow-ups, from 16
  base::Duration clock_error{0};                    // meter clock minus true time
};

class Dlt645Meter2007 final : public BusMeter {
 public:
  Dlt645Meter2007(Dlt645Options options, std::unique_ptr<ElectricSource> source);

  [[nodiscard]] std::optional<Answer> OnRequest(const BusFrame& request, base::UtcTime now) override;
  [[nodiscard]] const std::string& address() const override { return options_.nameplate.address; }
  [[nodiscard]] std::string_view protocol() const override { return "DLT645-2007"; }

 private:
  /// What is left of an answer that did not fit one frame (后续帧).
  struct Rest {
    std::uint32_t di = 0;
    base::Bytes bytes;
    std::vector<SentValue> values;
    std::uint8_t next_sequence = 1;
  };

  [[nodiscard]] Answer Read(base::ByteView data, base::UtcTime now);
  [[nodiscard]] Answer ReadFollowUp(base::ByteView data);
  [[nodiscard]] Answer Refuse(std::uint8_t control, std::string di) const;
  [[nodiscard]] Answer Reply(std::uint8_t control, base::ByteView data, std::string di,
                             std::vector<SentValue> values) const;

  Dlt645Options options_;
  base::Bytes wire_address_;
  std::unique_ptr<ElectricSource> source_;
  Rest rest_;
};

}  // namespace yb::metersim
