#include "core/metrics/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace yb::metrics {
namespace {

constexpr base::Duration kRateIsKnown = std::chrono::minutes(10);
constexpr double kDay = 86'400e6;

double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = 0;
  statm >> size >> resident;  // pages
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double OpenFiles() {
  std::error_code problem;
  double count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", problem), end; !problem && at != end;
       at.increment(problem)) {
    ++count;
  }
  return count;
}

}  // namespace

double WrittenBytes() {
  std::ifstream io("/proc/self/io");
  double written = 0;
  std::string key;
  for (double value = 0; io >> key >> value;) {
    if (key == "write_bytes:") written += value;
    if (key == "cancelled_write_bytes:") written -= value;
  }
  return written;
}

void AddProcessMetrics(Metrics& metrics, base::UtcTime start) {
  const Gauge resident = metrics.AddGauge("process_resident_memory_bytes", "Resident memory");
  const Gauge files = metrics.AddGauge("process_open_fds", "Open files and sockets");
  const Counter cpu = metrics.AddCounter("process_cpu_seconds_total", "Time spent on processors");
  const Counter written = metrics.AddCounter("yb_written_bytes_total", "Bytes given to disks, by the kernel's account");
  metrics.AddGauge("process_start_time_seconds", "Start, since 1970").Set(static_cast<double>(start.micros) / 1e6);
  metrics.OnCollect([=] {
    resident.Set(ResidentBytes());
    files.Set(OpenFiles());
    cpu.RaiseTo(CpuSeconds());
    written.RaiseTo(WrittenBytes());
  });
}

void AddFlashLife(Metrics& metrics, double endurance_bytes, const base::Clock& clock) {
  metrics.OnCollect([&metrics, &clock, endurance_bytes, start = clock.Steady(), before = WrittenBytes()] {
    const base::Duration running = clock.Steady() - start;
    const double written = WrittenBytes() - before;
    if (running < kRateIsKnown || written <= 0) return;
    metrics.AddGauge("yb_flash_life_days", "How long the flash lasts at the rate of writing since the start")
        .Set(endurance_bytes * static_cast<double>(running.count()) / written / kDay);
  });
}

void AddCertificateEnd(Metrics& metrics, base::UtcTime end) {
  metrics.AddGauge("yb_certificate_end_time_seconds", "End of the certificate for the broker, since 1970")
      .Set(static_cast<double>(end.micros) / 1e6);
}

}  // namespace yb::metrics
