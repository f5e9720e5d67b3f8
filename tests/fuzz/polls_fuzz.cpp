// A poll of each protocol, answered with any bytes, ends with one value per point, and none where it is no good one.
#include <array>

#include "edge/field/protocols.hpp"

namespace {

using namespace yb::field;

struct Case {
  const char* protocol;
  MeterSettings settings;
};

const std::array<Case, 5>& Cases() {
  static const std::array<Case, 5> kCases{{
      {"dlt645-2007",
       {.address = "123456789012",
        .points = {{.quantity = "e", .unit = "kWh", .source = "00010000"},
                   {.quantity = "t", .unit = "kWh", .source = "00010200"},
                   {.quantity = "u", .unit = "V", .source = "02010300"}},
        .blocks = {"0001FF00", "0201FF00"}}},
      {"dlt645-1997", {.address = "123456789012", .points = {{.quantity = "e", .unit = "kWh", .source = "9010"}}}},
      {"cjt188",
       {.address = "51327643",
        .points = {{.quantity = "v", .unit = "m3", .source = "current_volume"}},
        .blocks = {},
        .options = {{"unit-of-none", "m3"}}}},
      {"modbus-rtu",
       {.address = "1",
        .points = {{.quantity = "a", .unit = "", .source = "0", .encoding = "f32"},
                   {.quantity = "b", .unit = "", .source = "2", .encoding = "i16"},
                   {.quantity = "c", .unit = "", .source = "9", .encoding = "u32", .order = "cdab"}}}},
      {"modbus-tcp", {.address = "1", .points = {{.quantity = "a", .unit = "", .source = "0", .encoding = "u16"}}}},
  }};
  return kCases;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 1024) return 0;
  const Case& chosen = Cases()[data[0] % Cases().size()];
  const auto driver = MakeDriver(chosen.protocol, chosen.settings);
  YB_CHECK(driver.has_value(), "the fuzz target's own settings are refused");
  const Instant now{{0}, {1}};
  const auto poll = (*driver)->BeginPoll(now);
  const std::size_t portion = data[1] % 32 + 1;
  std::size_t at = 2;
  while (poll->NextRequest()) {
    Progress progress = Progress::kWaiting;
    while (progress == Progress::kWaiting && at < size) {
      const std::size_t length = std::min(portion, size - at);
      progress = poll->OnBytes({data + at, length}, now);
      at += length;
    }
    if (progress == Progress::kWaiting) poll->OnSilence(now);
  }
  const std::vector<PointValue> values = poll->TakeValues();
  YB_CHECK(values.size() == chosen.settings.points.size(), "not one value per point");
  for (const PointValue& value : values) {
    YB_CHECK(value.value.has_value() == (value.quality == yb::metering::Quality::kGood), "a value that is not good");
    YB_CHECK(value.time.micros == 1, "a point that nobody settled");
  }
  return 0;
}
