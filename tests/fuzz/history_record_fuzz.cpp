// Bodies of the history lane and live frames: any bytes give a record or an error; a slice read can be written again.
#include "core/telemetry/history_record.hpp"
#include "core/telemetry/live_frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const yb::base::ByteView bytes(data, size);
  if (const auto record = yb::telemetry::DecodeHistoryRecord(bytes)) {
    if (const auto* slice = std::get_if<yb::telemetry::Slice>(&*record)) {
      for (const auto& reading : slice->readings) {
        if (reading.value) (void)reading.value->ToString();
      }
    }
  }
  (void)yb::telemetry::DecodeLive(bytes);
  return 0;
}
