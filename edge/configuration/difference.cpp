#include "edge/configuration/difference.hpp"

#include <algorithm>

#include "edge/field/line_channel.hpp"

namespace yb::edge {
namespace {

using base::Words;
using field::LineConfig;
using field::MeterConfig;

std::string Seconds(base::Duration duration) {
  return std::to_string(duration.count() / 1'000'000) + " s";
}

/// Collects "what before → after".
class Details {
 public:
  void Note(const Words& what, const std::string& before, const std::string& after) {
    if (before == after) return;
    const std::string gap = words_.en.empty() ? "" : ", ";
    words_.en += gap + what.en + " " + before + " → " + after;
    words_.zh += (gap.empty() ? "" : "，") + what.zh + " " + before + " → " + after;
  }
  [[nodiscard]] bool empty() const { return words_.en.empty(); }
  [[nodiscard]] const Words& words() const { return words_; }

 private:
  Words words_;
};

std::string RatedOf(const MeterConfig& meter) {
  return meter.rated ? meter.rated->ToString() : "—";
}

Details DetailsOf(const MeterConfig& before, const MeterConfig& after) {
  Details details;
  details.Note({"name", "名称"}, before.name, after.name);
  details.Note({"profile", "表型"}, before.profile, after.profile);
  details.Note({"protocol", "规约"}, before.protocol, after.protocol);
  details.Note({"address", "表号"}, before.settings.address, after.settings.address);
  details.Note({"interval", "间隔"}, Seconds(before.interval), Seconds(after.interval));
  details.Note({"phase", "错峰"}, Seconds(before.phase), Seconds(after.phase));
  details.Note({"ct", "电流互感器变比"}, before.ct.ToString(), after.ct.ToString());
  details.Note({"pt", "电压互感器变比"}, before.pt.ToString(), after.pt.ToString());
  details.Note({"rated", "额定"}, RatedOf(before), RatedOf(after));
  details.Note({"clock limit", "表钟限差"}, Seconds(before.clock_limit), Seconds(after.clock_limit));
  return details;
}

std::string WayOf(const LineConfig& line) {
  return field::MakeChannel(line)->Describe();
}

Details DetailsOf(const LineConfig& before, const LineConfig& after) {
  Details details;
  details.Note({"way", "通道"}, WayOf(before), WayOf(after));
  if (before.dial_in.registration != after.dial_in.registration) {
    details.Note({"registration packet", "注册包"}, base::ToHex(before.dial_in.registration),
                 base::ToHex(after.dial_in.registration));
  }
  const auto times = [](const field::line::LineTiming& timing) {
    std::string text;
    for (const base::Duration one : {timing.reply_timeout, timing.idle_timeout, timing.pause, timing.late_window}) {
      text += (text.empty() ? "" : "/") + std::to_string(one.count() / 1000);
    }
    return text + " ms";
  };
  details.Note({"waiting times", "等待时间"}, times(before.timing), times(after.timing));
  details.Note({"repeats", "重试次数"}, std::to_string(before.timing.extra_tries),
               std::to_string(after.timing.extra_tries));
  details.Note({"silences until reconnection", "重连前的无应答次数"},
               std::to_string(before.timing.reconnect_after_silences),
               std::to_string(after.timing.reconnect_after_silences));
  return details;
}

/// Address, port, serial settings and registration.
bool IsTheSameWay(const LineConfig& a, const LineConfig& b) {
  return a.kind == b.kind && a.host == b.host && a.port == b.port && a.dial_in == b.dial_in && a.serial == b.serial;
}

void CompareMeters(const LineConfig& before, const LineConfig& after, Difference& difference) {
  for (const MeterConfig& meter : after.meters) {
    const auto old = std::ranges::find(before.meters, meter.key, &MeterConfig::key);
    if (old == before.meters.end()) {
      const std::string what = meter.key + " " + meter.name + " · " + meter.profile + " · " + meter.settings.address;
      difference.changes.push_back({ChangeKind::kAdded, after.key, meter.key, {"meter " + what, "表 " + what}});
    } else if (!(*old == meter)) {
      const Details details = DetailsOf(*old, meter);
      const Words what =
          details.empty() ? Words{"the file of its profile has changed", "表型文件有改动"} : details.words();
      difference.changes.push_back({ChangeKind::kChanged,
                                    after.key,
                                    meter.key,
                                    {"meter " + meter.key + ": " + what.en, "表 " + meter.key + "：" + what.zh}});
    }
  }
  for (const MeterConfig& meter : before.meters) {
    if (std::ranges::find(after.meters, meter.key, &MeterConfig::key) != after.meters.end()) continue;
    const std::string what = meter.key + " " + meter.name;
    difference.changes.push_back(
        {ChangeKind::kRemoved,
         before.key,
         meter.key,
         {"meter " + what + ": its history stays, it is not read any more", "表 " + what + "：历史保留，不再采集"}});
  }
}

}  // namespace

std::string_view ToString(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kAdded: return "added";
    case ChangeKind::kChanged: return "changed";
    case ChangeKind::kRemoved: return "removed";
  }
  return "changed";
}

Difference Compare(const std::vector<LineConfig>& running, const std::vector<LineConfig>& wanted) {
  Difference difference;
  for (const LineConfig& line : wanted) {
    const auto old = std::ranges::find(running, line.key, &LineConfig::key);
    if (old == running.end()) {
      difference.changes.push_back({ChangeKind::kAdded,
                                    line.key,
                                    "",
                                    {"line " + line.key + " " + WayOf(line), "线路 " + line.key + " " + WayOf(line)}});
      CompareMeters({}, line, difference);
      continue;
    }
    if (*old == line) {
      ++difference.untouched_lines;
      difference.untouched_meters += line.meters.size();
      continue;
    }
    if (!IsTheSameWay(*old, line)) difference.needs_keeping = true;
    const Details details = DetailsOf(*old, line);
    if (!details.empty()) {
      difference.changes.push_back(
          {ChangeKind::kChanged,
           line.key,
           "",
           {"line " + line.key + ": " + details.words().en, "线路 " + line.key + "：" + details.words().zh}});
    }
    CompareMeters(*old, line, difference);
    if (old->meters.size() > 0) difference.stand_still.push_back({line.key, old->meters.size()});
  }
  for (const LineConfig& line : running) {
    if (std::ranges::find(wanted, line.key, &LineConfig::key) != wanted.end()) continue;
    difference.changes.push_back({ChangeKind::kRemoved,
                                  line.key,
                                  "",
                                  {"line " + line.key + " " + WayOf(line), "线路 " + line.key + " " + WayOf(line)}});
    LineConfig nothing;
    nothing.key = line.key;
    CompareMeters(line, nothing, difference);
  }
  return difference;
}

}  // namespace yb::edge
