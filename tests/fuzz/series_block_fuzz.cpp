// Series blocks: any bytes give readings or an error; what was read can be written again and then reads the same.
#include <algorithm>
#include <cstdlib>

#include "core/telemetry/series_block.hpp"

namespace {

using yb::telemetry::SeriesReading;

std::vector<SeriesReading> Read(yb::base::ByteView bytes) {
  std::vector<SeriesReading> readings;
  if (!yb::telemetry::DecodeSeriesBlock(bytes, [&](const SeriesReading& r) { readings.push_back(r); })) return {};
  return readings;
}

bool Same(const SeriesReading& a, const SeriesReading& b) {
  return a.reading.point == b.reading.point && a.reading.time == b.reading.time && a.context == b.context &&
         a.reading.quality == b.reading.quality && a.reading.value.has_value() == b.reading.value.has_value() &&
         (!a.reading.value || a.reading.value->SameDigits(*b.reading.value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<SeriesReading> readings = Read({data, size});
  if (readings.empty()) return 0;
  if (!std::ranges::equal(readings, Read(yb::telemetry::EncodeSeriesBlock(readings)), Same)) std::abort();
  return 0;
}
