// CommissionDesk (调试台): what an integrator does with a line of a box in service: scan it, or read one meter. The
// line is lent for it, so that its polls wait and go on afterwards whatever came of it; one job per line.
//
// Owned by the composition root. All methods are safe to call from any thread; jobs run on the threads of their lines.
#pragma once

#include <atomic>
#include <map>
#include <memory>

#include "core/base/guarded.hpp"
#include "edge/field/commission/profile_fit.hpp"
#include "edge/field/field_side.hpp"

namespace yb::field::commission {

/// Reads one meter: with a profile all its points, without one every profile of its protocol is tried.
struct ReadWish {
  std::string protocol;
  std::string address;
  std::string profile;
};

enum class JobState : std::uint8_t { kWaiting, kRunning, kDone, kStopped, kFailed };
/// "waiting" (for the running poll to end), "running", "done", "stopped", "failed".
[[nodiscard]] std::string_view ToString(JobState state);

struct JobView {
  std::uint64_t no = 0;  // 1, 2, 3 … since the start of the box
  bool is_scan = true;
  JobState state = JobState::kWaiting;
  base::UtcTime started{};
  std::optional<base::UtcTime> ended;
  std::string step;                    // what is asked, for people, English
  int asked = 0;                       // questions so far
  std::optional<base::Duration> left;  // time, as far as it is known
  std::vector<FoundMeter> meters;      // a scan's, as they answer
  std::vector<base::Words> notes;      // a scan's, what could not be resolved
  ReadWish read;                       // of a read
  std::optional<Proposal> proposal;    // a read's: profile, reasons and values; none: no answer
  base::Duration answer_time{0};       // of a read: from its first question to the last byte
  base::Words error;                   // of kFailed, for people
};

class CommissionDesk {
 public:
  /// The references outlive this. `profiles` is a folder that is read anew for each job.
  CommissionDesk(const FieldSide& field, std::filesystem::path profiles, const base::Clock& clock)
      : field_(field), profiles_(std::move(profiles)), clock_(clock) {}

  /// Begins a scan, or a read; its number. kNotFound for a line that is not there, kAlreadyExists while it is lent,
  /// kUnsupported for a protocol that there is no scan for.
  [[nodiscard]] base::Result<std::uint64_t> Scan(const std::string& line, ScanPlan plan);
  [[nodiscard]] base::Result<std::uint64_t> Read(const std::string& line, ReadWish wish);

  /// Ends the running job within a second; what it has found stays.
  void Stop(const std::string& line);

  /// The last job of a line; nullopt where there was none.
  [[nodiscard]] std::optional<JobView> Find(const std::string& line) const;

 private:
  struct Job;
  using JobPtr = std::shared_ptr<Job>;  // of the desk, and of the line's loan while it runs
  using Work = std::function<base::Status(Job&, LineProbe&)>;

  [[nodiscard]] line::LineTiming TimingOf(const std::string& line) const;
  [[nodiscard]] base::Result<std::uint64_t> Begin(const std::string& line, JobView view, Work work);

  const FieldSide& field_;
  const std::filesystem::path profiles_;
  const base::Clock& clock_;
  std::atomic<std::uint64_t> last_no_{0};
  base::Guarded<std::map<std::string, JobPtr>> jobs_;
};

}  // namespace yb::field::commission
