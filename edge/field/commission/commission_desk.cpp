#include "edge/field/commission/commission_desk.hpp"

#include <algorithm>

#include "edge/field/protocols.hpp"

namespace yb::field::commission {

using base::ErrorCode;
using base::Fail;

struct CommissionDesk::Job {
  std::atomic<bool> stop{false};
  base::Guarded<JobView> view;
};

namespace {

base::Status CheckProtocol(const std::string& protocol) {
  if (!SourceKey(protocol).empty()) return {};
  return Fail(ErrorCode::kInvalidArgument,
              base::Words{"there is no protocol '" + protocol + "'", "没有规约 " + protocol},
              base::Words{"dlt645-2007, dlt645-1997, cjt188, modbus-rtu or modbus-tcp",
                          "可用 dlt645-2007、dlt645-1997、cjt188、modbus-rtu、modbus-tcp"});
}

/// A register map is the same whichever Modbus carries it.
bool ReadsAs(std::string_view profile_protocol, std::string_view protocol) {
  return profile_protocol == protocol ||
         (SourceKey(protocol) == "register" && SourceKey(profile_protocol) == "register");
}

/// The one profile, read as it is: a person has chosen it.
base::Result<Proposal> ReadWith(LineProbe& probe, const ReadWish& wish, const MeterProfile& profile) {
  const MeterSettings settings = SettingsFor(profile, wish.address);
  YB_ASSIGN(const std::unique_ptr<FieldDriver> driver, MakeDriver(wish.protocol, settings));
  YB_ASSIGN(OnceRead read, probe.Read(*driver));
  if (!read.answered) return Fail(ErrorCode::kTimeout, base::Words{read.error, "没有应答"});
  Proposal proposal{.profile = profile.name, .reasons = {}, .sample = {}};
  for (std::size_t i = 0; i < settings.points.size(); ++i) {
    proposal.sample.push_back({settings.points[i].quantity, settings.points[i].unit, read.values[i]});
  }
  return proposal;
}

}  // namespace

std::string_view ToString(JobState state) {
  switch (state) {
    case JobState::kWaiting: return "waiting";
    case JobState::kRunning: return "running";
    case JobState::kDone: return "done";
    case JobState::kStopped: return "stopped";
    case JobState::kFailed: return "failed";
  }
  return "failed";
}

line::LineTiming CommissionDesk::TimingOf(const std::string& line) const {
  const std::vector<LineConfig> lines = field_.Configurations();
  const auto config = std::ranges::find(lines, line, &LineConfig::key);
  return config == lines.end() ? line::LineTiming{} : config->timing;
}

base::Result<std::uint64_t> CommissionDesk::Begin(const std::string& line, JobView view, Work work) {
  view.no = ++last_no_;
  view.started = clock_.Now();
  const auto job = std::make_shared<Job>();
  job->view.With([&](JobView& shown) { shown = view; });
  // The loan outlives this desk where the box ends: it refers to nothing of it.
  YB_TRY(field_.Lend(line, [&clock = clock_, job, timing = TimingOf(line), work = std::move(work)](
                               base::Result<line::ByteChannel*> channel, const std::stop_token& stop) {
    job->view.With([](JobView& shown) { shown.state = JobState::kRunning; });
    const auto stopped = [&] { return job->stop || stop.stop_requested(); };
    base::Status done = channel ? base::Status() : base::Status(Fail(channel.error()));
    if (done) {
      const auto count = [&](const Exchange&) { job->view.With([](JobView& shown) { ++shown.asked; }); };
      LineProbe probe(**channel, timing, clock, count, stopped);
      done = work(*job, probe);
    }
    job->view.With([&](JobView& shown) {
      shown.ended = clock.Now();
      shown.left.reset();
      shown.state = done ? JobState::kDone : stopped() ? JobState::kStopped : JobState::kFailed;
      if (!done && !stopped()) {
        const base::Error& error = done.error();
        shown.error = {error.Describe(), error.message_zh.empty() ? error.Describe() : error.message_zh};
      }
    });
  }));
  jobs_.With([&](auto& jobs) { jobs[line] = job; });
  return view.no;
}

base::Result<std::uint64_t> CommissionDesk::Scan(const std::string& line, ScanPlan plan) {
  for (const std::string& protocol : plan.protocols) YB_TRY(CheckProtocol(protocol));
  const line::LineTiming timing = TimingOf(line);
  const base::Duration each = timing.reply_timeout + timing.pause;
  const auto work = [each, plan = std::move(plan)](Job& job, LineProbe& probe) -> base::Status {
    MeterScan scan(
        probe, [&](const std::string& what) { job.view.With([&](JobView& shown) { shown.step = what; }); },
        [&](const FoundMeter& meter) { job.view.With([&](JobView& shown) { shown.meters.push_back(meter); }); },
        [&](int questions) { job.view.With([&](JobView& shown) { shown.left = each * std::max(questions, 0); }); });
    YB_ASSIGN(const ScanFindings findings, scan.Run(plan));
    job.view.With([&](JobView& shown) { shown.notes = findings.notes; });
    return {};
  };
  JobView view;
  view.is_scan = true;
  return Begin(line, std::move(view), work);
}

base::Result<std::uint64_t> CommissionDesk::Read(const std::string& line, ReadWish wish) {
  YB_TRY(CheckProtocol(wish.protocol));
  YB_ASSIGN(MeterProfiles profiles, LoadProfiles(profiles_));
  const auto chosen = profiles.find(wish.profile);
  if (!wish.profile.empty() && chosen == profiles.end()) {
    return Fail(ErrorCode::kNotFound,
                base::Words{"there is no profile '" + wish.profile + "'", "没有表型 " + wish.profile});
  }
  // An address that the protocol does not know is told at once, not after the line has been lent.
  const auto example =
      wish.profile.empty()
          ? std::ranges::find_if(profiles,
                                 [&](const auto& entry) { return ReadsAs(entry.second.protocol, wish.protocol); })
          : chosen;
  if (example != profiles.end()) YB_TRY(MakeDriver(wish.protocol, SettingsFor(example->second, wish.address)));
  JobView view;
  view.is_scan = false;
  view.read = wish;
  const auto work = [&clock = clock_, wish, profiles = std::move(profiles)](Job& job,
                                                                            LineProbe& probe) -> base::Status {
    const base::Monotonic begun = clock.Steady();
    std::optional<Proposal> proposal;
    if (wish.profile.empty()) {
      YB_ASSIGN(proposal, ProposeProfile(probe, {wish.protocol, wish.address, {}, {}}, profiles));
    } else {
      YB_ASSIGN(proposal, ReadWith(probe, wish, profiles.at(wish.profile)));
    }
    if (!proposal)
      return Fail(ErrorCode::kTimeout,
                  base::Words{"no answer, or no profile gets a value from it", "没有应答，或没有一个表型能从它读到值"});
    job.view.With([&](JobView& shown) {
      shown.proposal = std::move(proposal);
      shown.answer_time = clock.Steady() - begun;
    });
    return {};
  };
  return Begin(line, std::move(view), work);
}

void CommissionDesk::Stop(const std::string& line) {
  const JobPtr job = jobs_.With([&](auto& jobs) -> JobPtr {
    const auto found = jobs.find(line);
    return found == jobs.end() ? nullptr : found->second;
  });
  if (job) job->stop = true;
}

std::optional<JobView> CommissionDesk::Find(const std::string& line) const {
  return jobs_.With([&](const auto& jobs) -> std::optional<JobView> {
    const auto found = jobs.find(line);
    if (found == jobs.end()) return std::nullopt;
    return found->second->view.With([](const JobView& view) { return view; });
  });
}

}  // namespace yb::field::commission
