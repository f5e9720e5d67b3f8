// CaseApp: the composition root of what both programs have for cases (办件): master key, persons' vault, file store,
// reference documents, desk, papers, their routes, and the links that bring keys and files to the other side. The
// ledger itself is the program's.
//
// Files in the data folder: persons.db, files.db, files/, prints.db; master.key in `key_dir`.
#pragma once

#include <filesystem>

#include "core/api/case_routes.hpp"
#include "core/casework/print_queue.hpp"
#include "core/casework/uploads.hpp"
#include "core/files/file_link.hpp"
#include "core/http/router.hpp"
#include "core/persons/person_link.hpp"

namespace yb::case_app {

struct CaseAppOptions {
  std::filesystem::path data_dir;
  std::filesystem::path key_dir;
  std::optional<base::SiteId> own_site;  // of a box; none: central
  std::string receipt_prefix;
  casework::ReferenceFiles reference;
  casework::Letterhead letterhead;
  std::uint64_t files_keep_free = 256U << 20;  // bytes that no file takes from the disk
  std::vector<std::string> print_command;
  std::filesystem::path print_program;  // yuanban-print
  /// Sends on a lane of a site; from the links' threads.
  std::function<base::Status(const base::SiteId&, sync::Lane, base::ByteView)> publish;
  std::function<std::string(const base::SiteId&)> name_of;
  std::function<ledger::LedgerSession(const base::SiteId&)> session_of;
};

class CaseApp {
 public:
  /// `ledger` and `clock` outlive this.
  [[nodiscard]] static base::Result<std::unique_ptr<CaseApp>> Open(CaseAppOptions options, ledger::LedgerStore& ledger,
                                                                   const base::Clock& clock);
  ~CaseApp();

  void AddRoutes(http::Router& router, std::function<void(std::int64_t user, const std::string& draft)> throw_away);
  /// Begins to exchange keys and files; `sites`: whose other side to ask at once.
  void Start(const std::vector<base::SiteId>& sites);
  /// Publishes nothing any more.
  void Stop();

  // Of the way to the other side; any thread.
  void OnLink(bool connected);
  void OnOther(const base::SiteId& site, sync::Lane lane, base::ByteView payload);
  /// Cases that the other side's events changed; on the ledger link's thread.
  void OnCasesChanged(const base::SiteId& site, const std::vector<std::string>& case_ids);

  [[nodiscard]] files::FileStore& files();
  [[nodiscard]] const security::MasterKey& master() const;
  /// The one place to take up reference documents that central publishes.
  [[nodiscard]] casework::Reference& reference();

 private:
  struct Parts;
  explicit CaseApp(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace yb::case_app
