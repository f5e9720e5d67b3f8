#include <CLI/CLI.hpp>
#include <filesystem>
#include <ostream>

#include "tools/ctl/commands.hpp"
#include "tools/ctl/ledger_file.hpp"

namespace yb::ctl {
namespace {

using ledger::Break;
using ledger::LedgerStore;

constexpr int kBroken = 1;
/// --against a ledger that holds nothing of what this one does: neither sound nor broken.
constexpr int kNothingCompared = 3;

struct Options {
  std::string data;
  std::string against;
  std::string site;
  bool full = false;
};

std::string_view NameOf(cases::Side side) {
  return side == cases::Side::kPark ? "park 园区" : "city 市级";
}

std::string Place(sync::Position at) {
  return "epoch " + std::to_string(at.epoch) + " event " + std::to_string(at.seq);
}

void ShowBreak(const LedgerStore::Verdict& verdict, std::ostream& out) {
  const Break& broken = *verdict.stream.first_break;
  out << verdict.site.text() << "  " << NameOf(verdict.writer) << "  BROKEN at " << Place(broken.at) << ": "
      << ledger::InWords(broken.what).en << "（" << ledger::InWords(broken.what).zh << "）\n";
  if (broken.what == Break::What::kRewritten) {
    out << "  the other side's record agrees up to event " << broken.agreed
        << ": what was rewritten lies between event " << broken.agreed + 1 << " and event " << broken.at.seq << "\n"
        << "  --against DIR of the other side's data folder names the event\n";
  }
}

void ShowWhole(const LedgerStore::Verdict& verdict, const std::vector<ledger::StreamStatus>& statuses,
               std::ostream& out) {
  out << verdict.site.text() << "  " << NameOf(verdict.writer) << "  " << Counted(verdict.stream.events, "event")
      << ", the chain holds";
  for (const ledger::StreamStatus& status : statuses) {
    if (status.site != verdict.site || status.writer != verdict.writer) continue;
    if (!status.heads.empty()) {
      const ledger::StreamHead& head = status.heads.back();
      out << "; head " << base::ToHex(head.chain) << " (" << Place({head.epoch, head.last}) << ")";
      if (head.closed) out << "; closed until its own past is fetched back";
    }
    if (status.attested) {
      out << "; the other side recorded the same at " << Place(status.attested->at) << " on "
          << ForPeople(status.attested->time);
    }
  }
  out << "\n";
}

/// A ledger agrees with itself whatever was done to it.
base::Status RefuseTheSame(const Options& options, Console& console) {
  std::error_code failed;
  const std::filesystem::path one = std::filesystem::path(options.data) / "ledger.db";
  const std::filesystem::path other = std::filesystem::path(options.against) / "ledger.db";
  if (!std::filesystem::equivalent(one, other, failed)) return {};
  console.status = kWronglyCalled;
  return base::Fail(base::ErrorCode::kInvalidArgument,
                    "--data and --against are the same ledger（两个目录是同一份台账）: nothing was compared",
                    "--against is data_dir of the other side: of central for a box, of a box for central");
}

/// Returns whether there was anything to compare.
base::Result<bool> CompareWith(const Options& options, LedgerStore& store, Console& console) {
  YB_ASSIGN(const auto other, OpenLedgerFile(options.against, console.clock));
  YB_ASSIGN(const auto verdicts, other->Verify());
  for (const LedgerStore::Verdict& verdict : verdicts) {
    if (!verdict.stream.first_break) continue;
    console.out << "in " << options.against << ":\n";
    ShowBreak(verdict, console.out);
    console.status = kBroken;
  }
  YB_ASSIGN(const auto differences, store.Compare(*other));
  bool compared = false;
  for (const LedgerStore::Difference& one : differences) {
    console.out << one.site.text() << "  " << NameOf(one.writer) << "  " << Counted(one.streams.events, "event")
                << " with the same chain in both ledgers";
    if (one.streams.differs) {
      console.out << "; THEY DIFFER from " << Place(*one.streams.differs) << " on（两侧台账自此不一致）";
      console.status = kBroken;
    }
    console.out << "\n";
    compared = compared || one.streams.events > 0 || one.streams.differs;
  }
  return compared;
}

std::string Numbered(std::uint64_t no) {
  return "snapshot " + std::to_string(no);
}

std::string Told(ledger::Unsound why) {
  return ledger::InWords(why).en + "（" + ledger::InWords(why).zh + "）";
}

base::Status VerifySnapshots(LedgerStore& store, Console& console) {
  YB_ASSIGN(const auto verdicts, store.VerifySnapshots());
  for (const LedgerStore::SnapshotVerdict& verdict : verdicts) {
    console.out << verdict.site.text() << "  " << Numbered(verdict.no) << " 快照  ";
    if (!verdict.check.unsound) {
      console.out << "of " << ForPeople(verdict.snapshot.time) << ": " << Counted(verdict.snapshot.cases, "case")
                  << " from " << Counted(verdict.snapshot.events, "event") << ", as the events say\n";
      continue;
    }
    if (*verdict.check.unsound == ledger::Unsound::kAhead) {
      console.out << "taken over from central, of " << ForPeople(verdict.snapshot.time) << ": "
                  << Told(*verdict.check.unsound) << "\n";
      continue;
    }
    console.out << "UNSOUND: " << Told(*verdict.check.unsound)
                << (verdict.check.case_id.empty() ? "" : ", case " + verdict.check.case_id)
                << "; the events are not touched by it, and ledger rebuild takes it away\n";
    if (verdict.check.unsound != ledger::Unsound::kFormat) console.status = kBroken;
  }
  return {};
}

base::Status Verify(const Options& options, Console& console) {
  if (!options.against.empty()) YB_TRY(RefuseTheSame(options, console));
  YB_ASSIGN(const auto store, OpenLedgerFile(options.data, console.clock));
  YB_ASSIGN(const auto verdicts, store->Verify());
  YB_ASSIGN(const auto statuses, store->Status());
  if (verdicts.empty()) console.out << "the ledger holds no event yet\n";
  for (const LedgerStore::Verdict& verdict : verdicts) {
    if (verdict.stream.first_break) {
      ShowBreak(verdict, console.out);
      console.status = kBroken;
    } else {
      ShowWhole(verdict, statuses, console.out);
    }
  }
  YB_TRY(VerifySnapshots(*store, console));
  YB_ASSIGN(const auto twice,
            store->Read([](ledger::StreamLog&, ledger::CaseTables& tables) { return tables.DoubleReceipts(); }));
  for (const std::string& number : twice) {
    console.out << "receipt number " << number
                << " was given out twice（收件号重复）: one of the cases needs another\n";
  }
  bool compared = !options.against.empty();
  if (compared) {
    YB_ASSIGN(compared, CompareWith(options, *store, console));
    if (!compared) {
      console.out << "NOTHING WAS COMPARED（没有可比对的内容）: the two ledgers have no event of a site in common; "
                     "--against is "
                     "data_dir of the other side of the same site\n";
    }
  }
  if (console.status == kBroken) {
    console.out << "NOT SOUND（台账有损坏或两侧不一致）: see above\n";
    return {};
  }
  if (!options.against.empty() && !compared) {
    console.out << "this ledger is sound by itself（仅本侧台账完好，没有比对）\n";
    console.status = kNothingCompared;
    return {};
  }
  console.out << (compared ? "sound, and the same on both sides（台账完好，两侧一致）\n" : "sound（台账完好）\n");
  return {};
}

base::Status Rebuild(const Options& options, Console& console) {
  YB_ASSIGN(const auto store, OpenLedgerFile(options.data, console.clock));
  using From = ledger::CaseTables::From;
  YB_ASSIGN(const auto sites, store->Rebuild(options.full ? From::kFirstEvent : From::kSnapshots));
  if (sites.empty()) console.out << "the ledger holds no event yet\n";
  for (const LedgerStore::Rebuilt& site : sites) {
    for (const auto& [no, why] : site.source.refused) {
      console.out << site.site.text() << "  " << Numbered(no) << " 快照 is UNSOUND and was taken away: " << Told(why)
                  << "\n";
      if (why != ledger::Unsound::kFormat) console.status = kBroken;
    }
    console.out << site.site.text() << "  ";
    if (const auto& snapshot = site.source.snapshot) {
      console.out << "from " << Numbered(snapshot->no) << " of " << ForPeople(snapshot->time) << " with "
                  << Counted(snapshot->events, "event");
    } else {
      console.out << "from the first event";
    }
    console.out << ": " << site.source.folded << " of " << Counted(site.events, "event")
                << (site.source.folded == 1 ? " was folded\n" : " were folded\n");
    console.out << site.site.text() << "  before " << site.before << "\n"
                << std::string(site.site.text().size(), ' ') << "  after  " << site.after << "  "
                << (site.before == site.after ? "equal"
                                              : "DIFFERENT: the tables were not what the events say; now they are")
                << "\n";
    if (site.before != site.after) console.status = kBroken;
  }
  return {};
}

base::Status Restored(const Options& options, Console& console) {
  YB_ASSIGN(const base::SiteId site, Typed(console, "--site", base::SiteId::Parse(options.site)));
  YB_ASSIGN(const auto store, CreateLedgerFile(options.data, console.clock));
  YB_TRY(store->NoteRestored(site));
  console.out << "noted; receipt numbers go on under a new epoch, and the station fetches its own records from central "
                 "as soon as it is connected\n";
  return {};
}

using Does = base::Status (*)(const Options&, Console&);

CLI::App* AddOne(CLI::App& group, Action& chosen, const std::shared_ptr<Options>& options, const char* name,
                 const char* help, Does does) {
  CLI::App* command = group.add_subcommand(name, help);
  command->add_option("--data", options->data, "data_dir of the program, of a box or of central")
      ->type_name("DIR")
      ->required();
  command->callback(
      [options, does, &chosen] { chosen = [options, does](Console& console) { return does(*options, console); }; });
  return command;
}

}  // namespace

void AddLedger(CLI::App& app, Action& chosen) {
  CLI::App* group = app.add_subcommand("ledger", "The ledger (台账) of cases (办件): what both sides decided and did");
  group->require_subcommand(1);
  group->footer(
      "Works on ledger.db in the program's data folder, whether the program runs or not; run it as the program's own\n"
      "user.\n"
      "Exit code: 0 all is well, 1 something is broken or cannot be read, 3 the ledger given with verify --against "
      "has\n"
      "nothing in common with this one, 64 wrongly called.");
  auto options = std::make_shared<Options>();  // owned by the callbacks
  CLI::App* verify = AddOne(*group, chosen, options, "verify",
                            "Reads every event, reckons the chains anew and holds them against what the other side has"
                            " recorded, and each snapshot against its events",
                            &Verify);
  verify
      ->add_option("--against", options->against,
                   "data_dir of the other side, or a copy of it: names the first event that differs")
      ->type_name("DIR");
  CLI::App* rebuild =
      AddOne(*group, chosen, options, "rebuild",
             "Makes the tables of cases anew from the newest sound snapshot (快照) and the events since,"
             " and compares",
             &Rebuild);
  rebuild->add_flag("--full", options->full, "From the first event, whatever snapshots there are");
  CLI::App* restored =
      AddOne(*group, chosen, options, "restored",
             "Says that an older copy was put into the data folder, or that this box takes the place of another; the"
             " program has to be stopped",
             &Restored);
  restored->add_option("--site", options->site, "The box's site")->type_name("SITE")->required();
  AddLedgerShow(*group, chosen);
}

}  // namespace yb::ctl
