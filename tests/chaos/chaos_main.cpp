// chaos: real programs, struck by faults at seeded random moments while meters answer; then every answer is looked for
// at central, every event in both ledgers, and every uploaded file at both sides. The last line on standard output is
// the result in JSON; the status is 0 only if nothing is lost, nothing doubled, and no more excused than was killed.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "tests/chaos/chaos_city.hpp"

namespace {

using yb::chaos::ChaosCity;
using yb::chaos::Fault;
using yb::chaos::Verdict;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostShown = 20;

long SecondsSince(Clock::time_point start) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start).count());
}

void Show(const char* what, const std::vector<std::string>& readings) {
  for (std::size_t i = 0; i < std::min(readings.size(), kMostShown); ++i) {
    std::fprintf(stderr, "%s: %s\n", what, readings[i].c_str());
  }
  if (readings.size() > kMostShown) std::fprintf(stderr, "%s: … %zu in all\n", what, readings.size());
}

void ShowFault(std::FILE* out, const Fault& fault) {
  using yb::chaos::FaultKind;
  std::string how;
  if (fault.kind == FaultKind::kEdgeRestore || fault.kind == FaultKind::kEdgeFileRollback ||
      fault.kind == FaultKind::kEdgeLedgerLost) {
    if (fault.AloneBefore()) how += ", without uplink before";
    if (fault.AloneAfterwards()) how += ", without uplink afterwards";
    if (fault.kind == FaultKind::kEdgeRestore && fault.TakesCentral()) how += ", central killed too";
  }
  if (fault.kind == FaultKind::kDiskFull) how = fault.OfTheBox() ? ", the box's" : ", central's";
  if (fault.kind == FaultKind::kEdgeKill && fault.AmidAnUpload()) how = ", amid an upload";
  if (fault.DownTheLadder()) how += ", old readings waiting";
  std::fprintf(out, "%-18s %ld ms%s\n", std::string(ToString(fault.kind)).c_str(),
               static_cast<long>(fault.length.count()), how.c_str());
}

bool StrikeAll(ChaosCity& city, const std::vector<Fault>& plan, Clock::time_point start) {
  for (std::size_t i = 0; i < plan.size(); ++i) {
    std::this_thread::sleep_for(plan[i].calm);
    if (const std::string died = city.Died(); !died.empty()) {
      std::fprintf(stderr, "%s ended by itself:\n%s\n", died.c_str(), city.Log(died).c_str());
      return false;
    }
    std::fprintf(stderr, "[%3zu/%zu] %4ld s  ", i + 1, plan.size(), SecondsSince(start));
    ShowFault(stderr, plan[i]);
    city.Strike(plan[i]);
  }
  return true;
}

/// Until nothing is missing, or nothing has come any more for a while.
void WaitUntilCaughtUp(ChaosCity& city) {
  constexpr int kMostSeconds = 180;
  constexpr int kMostWithoutProgress = 60;
  std::size_t missing = 0;
  for (int i = 0, since = 0; i < kMostSeconds && i - since < kMostWithoutProgress; ++i) {
    const std::size_t before = missing;
    const std::size_t readings = city.Judge().lost.size();
    const std::size_t files = city.FilesMissing();
    missing = readings + files;
    const bool caught_up = city.CaughtUp();
    if (caught_up && missing == 0) return;
    if (missing != before) since = i;
    if (i % 10 == 9) {
      std::fprintf(stderr, "waiting for %zu readings and %zu files%s\n", readings, files,
                   caught_up ? ", all sent" : "");
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  std::fprintf(stderr, "central did not catch up\n");
}

}  // namespace

int main(int argc, char** argv) {
  yb::chaos::ChaosOptions options;
  std::size_t faults = 40;
  std::uint64_t seed = std::random_device()();
  std::string kinds;
  bool plan_only = false;
  CLI::App app("Breaks a small city of real programs at random and compares what arrived with what the meters said.");
  app.add_option("--faults", faults, "How many faults")->capture_default_str();
  app.add_option("--seed", seed, "The same seed makes the same plan; drawn and told if not given");
  app.add_option("--plan", kinds, "These faults in this order instead: edge_kill,central_restore,…");
  app.add_flag("--show-plan", plan_only, "Only prints the plan");
  app.add_option("--programs", options.programs, "Folder of the programs")->required();
  app.add_option("--project", options.project, "Root of the sources")->required();
  app.add_option("--edge", options.edge, "Another build of yuanban-edge");
  app.add_option("--central", options.central, "Another build of yuanban-central");
  CLI11_PARSE(app, argc, argv);
  auto plan = kinds.empty() ? yb::base::Result<std::vector<Fault>>(yb::chaos::MakePlan(faults, seed))
                            : yb::chaos::ParsePlan(kinds, seed);
  if (!plan) {
    std::fprintf(stderr, "%s\n", plan.error().Describe().c_str());
    return 2;
  }
  options.small_disks = yb::chaos::PrepareMounts();
  if (!options.small_disks) {
    std::fprintf(stderr, "no mounts are allowed here: disk_full is left out\n");
    std::erase_if(*plan, [](const Fault& fault) { return fault.kind == yb::chaos::FaultKind::kDiskFull; });
  }
  std::fprintf(stderr, "seed %llu, %zu faults\n", static_cast<unsigned long long>(seed), plan->size());
  if (plan_only) {
    for (const Fault& fault : *plan) ShowFault(stdout, fault);
    return 0;
  }

  const Clock::time_point start = Clock::now();
  options.seed = seed;
  options.longest = std::chrono::seconds(600 + 40 * static_cast<long>(plan->size()));
  ChaosCity city(options);
  city.Start();
  const bool survived = StrikeAll(city, *plan, start);
  std::this_thread::sleep_for(std::chrono::seconds(3));
  city.EndMeters();
  city.EndCases();
  std::this_thread::sleep_for(std::chrono::seconds(3));  // the box commits the last answers
  if (survived) WaitUntilCaughtUp(city);
  const yb::chaos::FileVerdict files = city.JudgeFiles();
  Show("lost", files.lost);
  std::fprintf(stderr, "%zu uploads interrupted, of which %zu went on behind their beginning\n", files.interrupted,
               files.gone_on);
  if (survived) city.EndPrograms();

  const Verdict verdict = city.Judge();
  Show("named as missing", verdict.named);
  Show("lost", verdict.lost);
  Show("duplicated", verdict.duplicated);
  const yb::chaos::LedgerVerdict ledgers = survived ? city.JudgeLedgers() : yb::chaos::LedgerVerdict{};
  Show("ledger", ledgers.wrong);
  std::fprintf(stderr, "%zu cases compared, %zu events excused for a restore\n", ledgers.cases_compared,
               ledgers.excused_restore);
  const double most_excused = city.MostExcusedByKills(verdict.answered);
  const bool excused_too_many = static_cast<double>(verdict.excused_kill) > most_excused;
  std::fprintf(stderr, "%ld s; excused for %zu kills of the box: %zu, at most %.0f\n", SecondsSince(start),
               city.edge_kills(), verdict.excused_kill, most_excused);
  nlohmann::ordered_json by_kind;
  for (const auto& [kind, name] : yb::chaos::kFaults) {
    by_kind[std::string(name)] = std::ranges::count(*plan, kind, &Fault::kind);
  }
  const nlohmann::ordered_json result = {{"seed", seed},
                                         {"faults", plan->size()},
                                         {"by_kind", by_kind},
                                         {"answered", verdict.answered},
                                         {"readings_compared", verdict.compared},
                                         {"lost", verdict.lost.size() + files.lost.size()},
                                         {"duplicated", verdict.duplicated.size()},
                                         {"excused_kill", verdict.excused_kill},
                                         {"excused_tombstone", verdict.excused_tombstone},
                                         {"excused_restore", verdict.excused_restore},
                                         {"events_compared", ledgers.events_compared},
                                         {"events_wrong", ledgers.wrong.size()},
                                         {"events_excused", ledgers.excused_restore},
                                         {"conflicts", ledgers.conflicts},
                                         {"files_compared", files.compared},
                                         {"files_lost", files.lost.size()}};
  std::printf("%s\n", result.dump().c_str());
  const auto descents = static_cast<std::size_t>(std::ranges::count_if(*plan, &Fault::DownTheLadder));
  std::fprintf(stderr,
               "%zu times a disk was full with old readings to send; the box dropped of them, and said so, %zu times\n",
               descents, city.descents_that_dropped());
  const bool undeclared = survived && city.descents_that_dropped() < descents;
  const bool good = survived && !undeclared && verdict.compared > 0 && verdict.lost.empty() &&
                    verdict.duplicated.empty() && ledgers.wrong.empty() && ledgers.events_compared > 0 &&
                    files.lost.empty() && files.compared > 0 && !excused_too_many &&
                    !testing::UnitTest::GetInstance()->Failed();
  return good ? 0 : 1;
}
