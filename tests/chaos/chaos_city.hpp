// ChaosCity: a city of real programs whose meters answer every question with a value of its own, and the faults that
// strike it. It keeps account of what each fault may cost.
//
// Used on one thread.
#pragma once

#include <optional>

#include "tests/chaos/case_traffic.hpp"
#include "tests/chaos/fault_plan.hpp"
#include "tests/chaos/file_traffic.hpp"
#include "tests/chaos/small_disk.hpp"
#include "tests/chaos/verdict.hpp"
#include "tests/support/city.hpp"

namespace yb::chaos {

struct ChaosOptions {
  std::filesystem::path programs;
  std::filesystem::path project;
  std::filesystem::path edge;       // in place of the one in `programs`, where not empty
  std::filesystem::path central;    // the same
  std::chrono::seconds longest{0};  // as long the meters can answer with new values
  std::uint64_t seed = 1;           // of what people do meanwhile
  bool small_disks = true;
};

class ChaosCity {
 public:
  explicit ChaosCity(const ChaosOptions& options);

  /// Starts all programs; the box joins. Comes back when central has readings of it.
  void Start();
  /// Strikes, waits as long as it lasts, and repairs what a person would.
  void Strike(const Fault& fault);
  /// The name of a program that ended by itself; empty while all run.
  [[nodiscard]] std::string Died();
  void EndMeters();
  void EndCases() {
    files_->End();
    cases_->End();
  }
  void EndPrograms();

  /// Whether central has committed all that the box holds.
  [[nodiscard]] bool CaughtUp() const;
  [[nodiscard]] Verdict Judge() const;
  /// How many uploaded files are not yet seen whole at both sides.
  [[nodiscard]] std::size_t FilesMissing() { return files_->Missing(); }
  [[nodiscard]] FileVerdict JudgeFiles() const { return files_->Judge(); }
  /// Both ledgers, once the programs have ended.
  [[nodiscard]] LedgerVerdict JudgeLedgers() const { return cases_->Judge(); }

  /// Of the faults that go down the ladder, those that made the box drop old readings and say so. A later restore may
  /// take what it said with it.
  [[nodiscard]] std::size_t descents_that_dropped() const { return descents_that_dropped_; }
  [[nodiscard]] std::size_t edge_kills() const { return excuses_.kills.size(); }
  /// Most readings that may be excused for the box's kills: kills × rate × interval.
  [[nodiscard]] double MostExcusedByKills(std::size_t answered) const;
  [[nodiscard]] std::string Log(const std::string& program) const { return city_.Read(program + ".log"); }

 private:
  void WriteMeters(std::chrono::seconds longest);
  void SetClock(base::Duration offset);
  void NoteAcknowledged();
  void KillEdge();
  void ReplaceEdge(const std::filesystem::path& copy);
  void StartReplacedEdge(const Fault& fault);
  void RestoreEdge(const Fault& fault);
  void RollBackEdgeFiles(const Fault& fault);
  void LoseEdgeLedger(const Fault& fault);
  void RestoreCentral(const Fault& fault);
  void FillDisk(const Fault& fault);
  void GoDownTheLadder(const Fault& fault);
  [[nodiscard]] std::size_t UnsentDropped() const;
  [[nodiscard]] telemetry::EpochHead NewestOfTheBox() const;
  void JumpClock(const Fault& fault);

  test::City city_;
  std::optional<SmallDisk> edge_disk_, central_disk_;
  std::optional<CaseTraffic> cases_;
  std::optional<FileTraffic> files_;
  Excuses excuses_;
  std::size_t descents_that_dropped_ = 0;
  std::vector<ClockOffset> clock_;
  std::map<std::uint64_t, std::uint64_t>
      acknowledged_;  // by epoch: what the box knew to be at central when it was killed
};

}  // namespace yb::chaos
