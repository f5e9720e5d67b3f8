#include "tests/chaos/verdict.hpp"

#include <algorithm>

namespace yb::chaos {
namespace {

using test::StoredValue;
using test::TruthValue;

/// Whether the box may have stamped an answer of `answered` with `stamped`.
bool TimeFits(base::UtcTime answered, base::UtcTime stamped, const std::vector<ClockOffset>& clock,
              base::Duration apart) {
  for (std::size_t i = 0; i < clock.size(); ++i) {
    const bool began = clock[i].from <= answered + apart;
    const bool goes_on = i + 1 == clock.size() || clock[i + 1].from >= answered - apart;
    const base::Duration off = stamped - (answered + clock[i].offset);
    if (began && goes_on && off >= -apart && off <= apart) return true;
  }
  return false;
}

std::string Describe(const std::string& point, base::UtcTime time, const std::string& value) {
  return point + " " + base::ToIso(time) + " " + value;
}

/// Takes the stored reading that is this answer out of `candidates`.
bool TakeMatch(std::vector<StoredValue>& candidates, const TruthValue& answer, const std::vector<ClockOffset>& clock,
               base::Duration apart) {
  const auto match = std::ranges::find_if(candidates, [&](const StoredValue& stored) {
    return stored.unit == answer.unit && TimeFits(answer.time, stored.time, clock, apart);
  });
  if (match == candidates.end()) return false;
  candidates.erase(match);
  return true;
}

bool LostByARestore(const ReadingId& id, const Excuses& excuses) {
  const auto found = excuses.only_before_a_restore.find(id);
  if (found == excuses.only_before_a_restore.end()) return false;
  const auto& [at, time] = found->second;
  const bool by_record = std::ranges::any_of(excuses.named, [&](const telemetry::MissingRange& range) {
    const bool goes_on = range.last == 0 || range.last >= at.seq;
    return range.epoch == at.epoch && range.first <= at.seq && goes_on;
  });
  return by_record || std::ranges::any_of(excuses.without_records,
                                          [&](const test::Span& span) { return time >= span.from && time <= span.to; });
}

/// Counts the reading off the tombstone that names its time.
bool TakeDeclared(base::UtcTime answered, std::vector<telemetry::Tombstone>& tombstones,
                  const std::vector<ClockOffset>& clock, base::Duration apart) {
  const auto found = std::ranges::find_if(tombstones, [&](const telemetry::Tombstone& tombstone) {
    return tombstone.rule == telemetry::DropRule::kUnsentThinned && tombstone.count > 0 &&
           std::ranges::any_of(clock, [&](const ClockOffset& on) {
             const base::UtcTime stamped = answered + on.offset;
             return stamped >= tombstone.from - apart && stamped <= tombstone.to + apart;
           });
  });
  if (found == tombstones.end()) return false;
  --found->count;
  return true;
}

/// For whoever looks into it.
std::string WhereItWas(const ReadingId& id, const Excuses& excuses) {
  const auto found = excuses.only_before_a_restore.find(id);
  if (found == excuses.only_before_a_restore.end()) return "";
  const auto& [at, time] = found->second;
  return ", in a replaced database as " + std::to_string(at.epoch) + "/" + std::to_string(at.seq) + " of " +
         base::ToIso(time) + ", which central does not name as missing";
}

}  // namespace

Verdict Judge(const Answers& answers, const Stored& stored, const Excuses& excuses,
              const std::vector<ClockOffset>& clock, base::Duration apart) {
  std::map<ReadingId, std::vector<StoredValue>> left;
  for (const auto& [point, values] : stored) {
    for (const StoredValue& value : values) left[{point, value.value}].push_back(value);
  }
  const auto killed = [&](base::UtcTime time) {
    return std::ranges::any_of(excuses.kills,
                               [&](const test::Span& span) { return time >= span.from && time <= span.to; });
  };
  std::vector<telemetry::Tombstone> tombstones = excuses.tombstones;
  Verdict verdict;
  for (const auto& [point, values] : answers) {
    for (const TruthValue& answer : values) {
      ++verdict.answered;
      const ReadingId id{point, answer.value};
      const auto candidates = left.find(id);
      if (candidates != left.end() && TakeMatch(candidates->second, answer, clock, apart)) {
        ++verdict.compared;
      } else if (TakeDeclared(answer.time, tombstones, clock, apart)) {
        ++verdict.excused_tombstone;
      } else if (LostByARestore(id, excuses)) {
        ++verdict.excused_restore;  // it was on disk: the kill before the restore did not take it
      } else if (killed(answer.time)) {
        ++verdict.excused_kill;
      } else {
        verdict.lost.push_back(Describe(point, answer.time, answer.value) + WhereItWas(id, excuses));
      }
    }
  }
  for (const telemetry::MissingRange& range : excuses.named) {
    verdict.named.push_back(std::to_string(range.epoch) + "/" + std::to_string(range.first) + "…" +
                            (range.last == 0 ? "" : std::to_string(range.last)));
  }
  for (const auto& [id, values] : left) {
    for (const StoredValue& value : values) {
      verdict.duplicated.push_back(Describe(id.first, value.time, value.value));
    }
  }
  return verdict;
}

}  // namespace yb::chaos
