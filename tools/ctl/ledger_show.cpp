#include <CLI/CLI.hpp>
#include <array>
#include <ostream>

#include "core/casework/paper_of_case.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/domain/cases/case_clock.hpp"
#include "core/domain/cases/transition_table.hpp"
#include "core/papers/clock_words.hpp"
#include "tools/ctl/commands.hpp"
#include "tools/ctl/ledger_file.hpp"
#include "tools/ctl/material_names.hpp"

namespace yb::ctl {
namespace {

using cases::CaseEvent;
using cases::CaseState;
using ledger::CaseFile;
using ledger::CaseKey;

struct Options {
  std::string data;
  std::string which;
  std::string site;
  std::string catalogue;
};

/// In the civil time of the sites, to the second: "2026-03-02 14:08:00 +08:00".
std::string Local(base::UtcTime time) {
  const std::string iso = base::ToIso(time + calendar::kBeijingOffset);
  return iso.substr(0, 10) + " " + iso.substr(11, 8) + " +08:00";
}

std::string_view SideOf(cases::Side side) {
  return side == cases::Side::kPark ? "park 园区" : "city 市级";
}

std::string_view NameOf(cases::Lamp lamp) {
  static constexpr std::array<std::string_view, 5> kNames = {"in time 正常", "due soon 临期", "OVERDUE 超期",
                                                             "suspended 计时暂停", "stopped 计时已停"};
  return kNames.at(static_cast<std::size_t>(lamp));
}

std::string Tail(const std::string& text) {
  return text.size() <= 4 ? "****" : "****" + text.substr(text.size() - 4);
}

std::string Listed(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "、") + part;
  return text;
}

std::string Place(const cases::EventId& id) {
  return std::string(id.writer == cases::Side::kPark ? "park " : "city ") + std::to_string(id.at.epoch) + "/" +
         std::to_string(id.at.seq);
}

std::string RequestInWords(cases::Request::Kind kind) {
  static constexpr std::array<std::string_view, 4> kKinds = {"", "撤回申请", "补正材料已交", "更正申请"};
  return std::string(kKinds.at(static_cast<std::size_t>(kind)));
}

/// What is particular to the act, in the words of the pages; nothing of a person beyond what identifies nobody.
struct Detail {
  const casework::Catalogue& catalogue;
  const std::string& item;

  [[nodiscard]] std::string Name(const std::string& material) const { return MaterialName(catalogue, item, material); }
  [[nodiscard]] std::string Names(std::vector<std::string> materials) const {
    for (std::string& one : materials) one = Name(one);
    return Listed(materials);
  }

  std::string operator()(const cases::Receive& a) const {
    return a.receipt_no + " " + a.terms.name + ", applicant sealed (" + Counted(a.applicant.size(), "byte") + ")";
  }
  std::string operator()(const cases::PutMaterial& a) const {
    return Name(a.material) + " (" + Counted(a.bytes, "byte") + ", SHA-256 " + a.file.substr(0, 16) + ")";
  }
  std::string operator()(const cases::Accept& a) const {
    return a.following.empty() ? "" : "容缺 " + Names(a.following);
  }
  std::string operator()(const cases::DeclineToAccept& a) const { return a.ground; }
  std::string operator()(const cases::CorrectionNotice& a) const {
    return Names(a.materials) + " " + a.text + (a.until ? "，至 " + calendar::ToString(*a.until) : "");
  }
  std::string operator()(const cases::Return& a) const { return a.reason; }
  std::string operator()(const cases::Assign& a) const { return a.name; }
  std::string operator()(const cases::ChangeSigners& a) const { return "+" + Listed(a.add) + " -" + Listed(a.remove); }
  std::string operator()(const cases::Sign& a) const { return (a.agrees ? "同意 " : "不同意 ") + a.opinion; }
  std::string operator()(const cases::Pause& a) const {
    return std::string(papers::GroundInWords(a.ground)) + " " + a.document;
  }
  std::string operator()(const cases::Extend& a) const { return std::to_string(a.days) + " 个工作日 " + a.reason; }
  std::string operator()(const cases::Decide& a) const {
    return (a.granted ? "准予 " : "不予许可 ") + a.ground + (a.delegation ? " " + a.delegation->instrument : "");
  }
  std::string operator()(const cases::CorrectDecision& a) const { return a.text; }
  std::string operator()(const cases::Certify& a) const { return a.number; }
  std::string operator()(const cases::CorrectCertificate& a) const { return a.number + " " + a.reason; }
  std::string operator()(const cases::Dispatch& a) const { return a.courier + " " + Tail(a.waybill); }
  std::string operator()(const cases::Deliver& a) const {
    return "receiver sealed (" + Counted(a.receiver.size(), "byte") + ")" +
           (a.signed_on ? ", signed on " + calendar::ToString(*a.signed_on) : "");
  }
  std::string operator()(const cases::Rate& a) const {
    static constexpr std::array<std::string_view, 6> kStars = {"",         "非常不满意", "不满意",
                                                               "基本满意", "满意",       "非常满意"};
    const std::string stars = std::to_string(a.stars) + " 星";
    return a.stars < kStars.size() ? stars + " " + std::string(kStars.at(a.stars)) : stars;
  }
  std::string operator()(const cases::Withdraw& a) const { return a.reason; }
  std::string operator()(const cases::Request& a) const { return RequestInWords(a.kind) + " " + a.text; }
  std::string operator()(const cases::Answer& a) const {
    return (a.confirmed ? "同意 " : "不同意 ") + Place(a.request) + " " + a.text;
  }
  std::string operator()(const cases::Remind& a) const { return a.text; }
  std::string operator()(const cases::Supervise& a) const { return a.text; }
  std::string operator()(const cases::BindNumber& a) const { return a.number; }
  std::string operator()(const cases::Merge& a) const { return a.into; }
  std::string operator()(const cases::Unmask& a) const { return a.reason; }
  std::string operator()(const cases::Print& a) const {
    const auto kind = casework::ParsePaper(a.paper);
    return (kind ? std::string(papers::TitleOf(*kind)) : a.paper) + (a.again ? " 重打" : "");
  }
  std::string operator()(const cases::Settle& a) const { return Place(a.event) + " " + a.text; }
  std::string operator()(const cases::UnknownAct& a) const { return a.critical ? "需升级" : "of a later version"; }
  std::string operator()(const auto& /*none*/) const { return ""; }
};

void ShowClock(const char* name, const cases::ClockReading& clock, std::ostream& out) {
  out << "  " << name << "  " << Counted(clock.limit_days, "working day") << ", until "
      << calendar::ToString(clock.deadline) << (clock.provisional ? " 暂定" : "") << ", used " << clock.used_days
      << ", left " << clock.left_days << ", suspended " << clock.paused_days << ": " << NameOf(clock.lamp) << "\n";
}

void ShowState(const base::SiteId& site, const CaseState& state, std::ostream& out) {
  const base::Words phase = cases::InWords(state.phase);
  out << "case " << state.case_id << " at " << site.text() << "\n"
      << "  收件号 " << state.receipt_no << (state.number.empty() ? "" : "  办件编号 " + state.number) << "\n"
      << "  " << state.terms.name << ": " << phase.en << " " << phase.zh
      << (state.awaits_applicant() ? "，待申请人补正"
          : state.paused()         ? "，挂起"
                                   : "")
      << "; held by the " << SideOf(state.holder) << (state.needs_upgrade ? "; NEEDS A NEWER PROGRAM 需升级" : "")
      << "\n";
  for (const cases::OpenRequest& open : state.requests) {
    out << "  待对方确认: " << RequestInWords(open.kind) << " " << open.text << " (" << Place(open.event) << ")\n";
  }
  for (const cases::Ineffective& one : state.ineffective) {
    out << "  未生效: " << Place(one.event) << ": " << one.reason_en << " " << one.reason_zh
        << (one.settled ? " (dealt with 已处理)" : " (a task 待处理)") << "\n";
  }
}

void ShowEvents(const CaseFile& file, const casework::Catalogue& catalogue, std::ostream& out) {
  const Detail detail{catalogue, file.state.terms.item};
  const CaseEvent* decided = ledger::LastOf<cases::Decide>(file);
  for (const CaseEvent& event : file.events) {
    const bool after = decided != nullptr && cases::FoldsBefore(*decided, event);
    const base::Words act = cases::NameOf(cases::KindOf(event.act), after ? file.state.granted : std::nullopt);
    out << "  " << Local(event.time) << "  " << SideOf(event.id.writer) << "  " << act.zh << " " << act.en << "  "
        << event.actor.name << (event.actor.department.empty() ? "" : "（" + event.actor.department + "）") << "  "
        << std::visit(detail, event.act) << "  [" << Place(event.id) << ", Lamport " << event.lamport << "]\n";
  }
}

base::Result<std::vector<std::pair<base::SiteId, CaseFile>>> Find(ledger::LedgerStore& store,
                                                                  const std::string& which) {
  using Found = base::Result<std::vector<std::pair<base::SiteId, CaseFile>>>;
  return store.Read([&](ledger::StreamLog& log, ledger::CaseTables& tables) -> Found {
    YB_ASSIGN(const auto sites, log.Sites());
    YB_ASSIGN(std::vector<CaseKey> keys, tables.Search(which, {}, 10));
    for (const auto& [no, site] : sites) keys.push_back({no, which});
    std::vector<std::pair<base::SiteId, CaseFile>> found;
    for (const CaseKey& key : keys) {
      auto file = tables.Load(key);
      if (!file && file.error().code == base::ErrorCode::kNotFound) continue;
      if (!file) return base::Fail(file.error());
      const auto site = std::ranges::find(sites, key.site, [](const auto& one) { return one.first; });
      found.emplace_back(site->second, std::move(*file));
    }
    return found;
  });
}

/// As the events of a case are shown, with the year until when.
struct SiteDetail {
  std::string operator()(const ledger::ExtendLogIn& a) const {
    return "市级用户离线登录延期 log-in of users of the city extended until " + Local(a.until);
  }
  std::string operator()(const ledger::UnknownSiteAct& a) const {
    return a.critical ? "NEEDS A NEWER PROGRAM 需升级" : "更高版本的事件 of a later version";
  }
};

base::Status ShowSite(const Options& options, Console& console) {
  YB_ASSIGN(const base::SiteId site, Typed(console, "--site", base::SiteId::Parse(options.site)));
  YB_ASSIGN(const auto store, OpenLedgerFile(options.data, console.clock));
  YB_ASSIGN(const std::vector<base::SiteId> sites, store->Sites());
  if (std::ranges::find(sites, site) == sites.end()) {
    std::vector<std::string> names;
    for (const base::SiteId& one : sites) names.push_back(one.text());
    return base::Fail(base::ErrorCode::kNotFound, "the ledger holds nothing of a site " + site.text(),
                      names.empty() ? "it holds no event yet" : "it holds " + Listed(names));
  }
  YB_ASSIGN(const auto events, store->SiteEvents(site));
  console.out << "site " << site.text() << ": " << Counted(events.size(), "event") << " 站点事件\n";
  for (const ledger::SiteEvent& event : events) {
    console.out << "  " << Local(event.time) << "  " << SideOf(event.id.writer) << "  "
                << std::visit(SiteDetail(), event.act) << "  " << event.actor.name << "  [" << Place(event.id)
                << ", Lamport " << event.lamport << "]\n";
  }
  return {};
}

base::Status Show(const Options& options, Console& console) {
  if (!options.site.empty()) return ShowSite(options, console);
  YB_ASSIGN(const auto store, OpenLedgerFile(options.data, console.clock));
  YB_ASSIGN(const casework::Catalogue catalogue, CatalogueFor(options.data, options.catalogue));
  YB_ASSIGN(const auto found, Find(*store, options.which));
  if (found.empty()) {
    return base::Fail(
        base::ErrorCode::kNotFound, "no case " + options.which,
        "give the case's identity, its receipt number (收件号) or its 43-character number (办件编号), in full");
  }
  const calendar::CivilDate today(std::chrono::days(calendar::DayOf(console.clock.Now())));
  for (const auto& [site, file] : found) {
    ShowState(site, file.state, console.out);
    if (const auto clocks = cases::ReadClocks(file.state, *store->calendar(), today)) {
      ShowClock("承诺 promised ", clocks->promised, console.out);
      ShowClock("法定 statutory", clocks->statutory, console.out);
    }
    ShowEvents(file, catalogue, console.out);
  }
  return {};
}

}  // namespace

void AddLedgerShow(CLI::App& ledger, Action& chosen) {
  CLI::App* show = ledger.add_subcommand(
      "show",
      "One case: its state, its clocks and its events, with side and time; or what was done about a site itself");
  auto options = std::make_shared<Options>();
  CLI::Option_group* what = show->add_option_group("what", "What to show");
  what->add_option("CASE", options->which, "Identity, receipt number (收件号) or 43-character number (办件编号)");
  what->add_option("--site", options->site, "A site's own events (站点事件): extensions of the log-in term")
      ->type_name("SITE");
  what->require_option(1);
  show->add_option("--data", options->data, "data_dir of the program, of a box or of central")
      ->type_name("DIR")
      ->required();
  show->add_option(
          "--catalogue", options->catalogue,
          "catalogue.toml (事项目录) for names of materials; else the one that edge.toml or central.toml beside the"
          " data folder names, else keys are shown")
      ->type_name("FILE");
  show->footer(
      "The applicant's fields stay sealed, and names of receivers are masked. Times are those of the sites, +08:00.\n"
      "Exit code: 0 shown, 1 the ledger has no such case or site, or cannot be read, 64 wrongly called.");
  show->callback([options, &chosen] { chosen = [options](Console& console) { return Show(*options, console); }; });
}

}  // namespace yb::ctl
