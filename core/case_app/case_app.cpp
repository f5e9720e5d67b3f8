#include "core/case_app/case_app.hpp"

#include <mutex>

#include "core/api/case_file_routes.hpp"
#include "core/base/log.hpp"
#include "core/papers/helper_printer.hpp"
#include "core/security/private_file.hpp"
#include "core/security/sm_ciphers.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"

namespace yb::case_app {
namespace {

const base::Logger kLog("cases");

}  // namespace

/// In the order in which they depend on each other: destroyed from the last to the first.
struct CaseApp::Parts {
  Parts(CaseAppOptions given, ledger::LedgerStore& of_program, const base::Clock& of_machine)
      : options(std::move(given)), ledger(of_program), clock(of_machine) {}

  /// What the links send, until Stop.
  base::Status Publish(const base::SiteId& site, sync::Lane lane, base::ByteView bytes) {
    const std::scoped_lock lock(publishing);
    if (stopped) return base::Fail(base::ErrorCode::kUnavailable, "the program ends");
    return options.publish(site, lane, bytes);
  }

  const CaseAppOptions options;
  std::mutex publishing;
  bool stopped = false;  // under publishing
  ledger::LedgerStore& ledger;
  const base::Clock& clock;
  std::optional<security::MasterKey> master;
  std::unique_ptr<persons::PersonVault> vault;
  std::unique_ptr<files::FileStore> files;
  std::unique_ptr<casework::Reference> reference;
  std::unique_ptr<casework::CaseDesk> desk;
  std::unique_ptr<papers::HelperPrinter> printer;
  std::unique_ptr<casework::PrintQueue> prints;
  std::unique_ptr<casework::Uploads> uploads;
  std::unique_ptr<api::CaseViewer> viewer;
  std::unique_ptr<persons::PersonLink> person_link;
  std::unique_ptr<files::FileLink> file_link;
};

CaseApp::CaseApp(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CaseApp::~CaseApp() = default;

base::Result<std::unique_ptr<CaseApp>> CaseApp::Open(CaseAppOptions given, ledger::LedgerStore& ledger,
                                                     const base::Clock& clock) {
  auto parts = std::make_unique<Parts>(std::move(given), ledger, clock);
  Parts& p = *parts;
  const CaseAppOptions& options = p.options;
  const bool box = options.own_site.has_value();
  YB_ASSIGN(casework::ReferenceData data, casework::LoadReference(options.reference));
  p.reference = std::make_unique<casework::Reference>(std::move(data));
  YB_ASSIGN(p.master, security::MasterKey::LoadOrMake(options.key_dir));
  const std::filesystem::path persons_file = options.data_dir / "persons.db";
  YB_TRY(security::MakePrivateFile(persons_file));
  const auto persons = storage::MakeSqliteOpener({.file = persons_file});
  YB_ASSIGN(p.vault, persons::PersonVault::Open(*persons, *p.master,
                                                box ? persons::VaultSide::kBox : persons::VaultSide::kCity));
  const auto files = storage::MakeSqliteOpener({.file = options.data_dir / "files.db"});
  files::FileStoreOptions kept;
  kept.folder = options.data_dir / "files";
  kept.keep_free = options.files_keep_free;
  YB_ASSIGN(p.files, files::FileStore::Open(*files, kept, *p.master, clock));

  persons::PersonLinkOptions keys;
  keys.publish = [&p](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) {
    return p.Publish(site, lane, bytes);
  };
  keys.on_changed = [&p](const base::SiteId& site, const std::vector<persons::PersonEntry>& entries) {
    p.desk->OnPersonsChanged(site, entries);
  };
  p.person_link = std::make_unique<persons::PersonLink>(std::move(keys), *p.vault, clock);
  files::FileLinkOptions contents;
  contents.only_shared = !box;
  contents.may_have = [&p](const base::SiteId& site, const base::Digest& sha) { return p.desk->MayHave(site, sha); };
  contents.publish = [&p](const base::SiteId& site, sync::Lane lane, base::ByteView bytes) {
    return p.Publish(site, lane, bytes);
  };
  p.file_link = std::make_unique<files::FileLink>(std::move(contents), *p.files, clock);

  casework::CaseDeskOptions desk;
  desk.own_site = options.own_site;
  desk.receipt_prefix = options.receipt_prefix;
  desk.want_file = [&p](const base::SiteId& site, const base::Digest& sha, std::uint64_t size) {
    const base::Status wanted = p.file_link->Want(site, sha, size);
    if (!wanted) kLog.Error("a file cannot be asked for", {{"why", wanted.error().Describe()}});
  };
  p.desk = std::make_unique<casework::CaseDesk>(std::move(desk), ledger, *p.vault, *p.files, *p.reference, clock);
  p.printer = std::make_unique<papers::HelperPrinter>(options.print_program);
  casework::PrintOptions print;
  print.letterhead = options.letterhead;
  print.command = options.print_command;
  const std::filesystem::path prints_file = options.data_dir / "prints.db";
  YB_TRY(security::MakePrivateFile(prints_file));
  const auto prints = storage::MakeSqliteOpener({.file = prints_file});
  YB_ASSIGN(auto journal, casework::PrintJournal::Open(*prints));
  YB_ASSIGN(p.prints, casework::PrintQueue::Open(std::move(print), std::move(journal), *p.desk, *p.printer, clock));
  YB_ASSIGN(p.uploads, casework::Uploads::Open({}, *p.files, clock));
  p.viewer = std::make_unique<api::CaseViewer>(*p.desk, api::CaseViewSources{options.name_of, options.session_of});
  return std::unique_ptr<CaseApp>(new CaseApp(std::move(parts)));
}

void CaseApp::AddRoutes(http::Router& router,
                        std::function<void(std::int64_t user, const std::string& draft)> throw_away) {
  Parts& p = *parts_;
  api::AddReferenceRoutes(router, *p.desk, p.clock);
  api::CaseRouteOptions cases;
  cases.digest_of = [secret = p.master->Derive("commands")](base::ByteView asked) {
    return security::HmacSm3(secret, asked);
  };
  cases.throw_away_draft = std::move(throw_away);
  api::AddCaseRoutes(router, *p.desk, *p.viewer, std::move(cases), p.clock);
  api::AddCaseFileRoutes(router, *p.desk, *p.uploads, *p.prints);
  api::AddLedgerRoute(router, p.ledger, p.options.session_of, p.clock);
}

void CaseApp::Start(const std::vector<base::SiteId>& sites) {
  parts_->person_link->Start(sites);
  parts_->file_link->Start();
  parts_->desk->WantMissingFiles();
}

void CaseApp::Stop() {
  const std::scoped_lock lock(parts_->publishing);
  parts_->stopped = true;
}

void CaseApp::OnLink(bool connected) {
  if (connected) {
    parts_->person_link->OnConnected();
    parts_->file_link->OnConnected();
  } else {
    parts_->person_link->OnDisconnected();
    parts_->file_link->OnDisconnected();
  }
}

void CaseApp::OnOther(const base::SiteId& site, sync::Lane lane, base::ByteView payload) {
  if (lane == sync::Lane::kPerson) parts_->person_link->OnMessage(site, lane, payload);
  if (lane == sync::Lane::kFile) parts_->file_link->OnMessage(site, lane, payload);
}

void CaseApp::OnCasesChanged(const base::SiteId& site, const std::vector<std::string>& case_ids) {
  parts_->desk->OnCasesChanged(site, case_ids);
}

files::FileStore& CaseApp::files() {
  return *parts_->files;
}
const security::MasterKey& CaseApp::master() const {
  return *parts_->master;
}
casework::Reference& CaseApp::reference() {
  return *parts_->reference;
}

}  // namespace yb::case_app
