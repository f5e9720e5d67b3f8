// What the operating system says of this process, under the names that every Prometheus client uses, and how much it
// has written.
#pragma once

#include "core/base/time.hpp"
#include "core/metrics/metrics.hpp"

namespace yb::metrics {

/// `process_resident_memory_bytes`, `process_cpu_seconds_total`, `process_open_fds`, `process_start_time_seconds`
/// (`start`), and `yb_written_bytes_total`: what the process has given to disks, by the kernel's account.
void AddProcessMetrics(Metrics& metrics, base::UtcTime start);

/// `yb_flash_life_days` (预计写入寿命): how long flash that endures `endurance_bytes` lasts at the rate of writing
/// since `start`. Absent during the first ten minutes, whose rate says nothing. `clock` outlives `metrics`' last
/// Render.
void AddFlashLife(Metrics& metrics, double endurance_bytes, const base::Clock& clock);

/// `yb_certificate_end_time_seconds`: when the certificate ends with which the program speaks to the broker.
void AddCertificateEnd(Metrics& metrics, base::UtcTime end);

/// Bytes this process has given to disks; less what was thrown away before it was written.
[[nodiscard]] double WrittenBytes();

}  // namespace yb::metrics
