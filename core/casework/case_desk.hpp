// CaseDesk: what people do with cases (办件) in one program: receives, acts, looks, searches, erases. It brings the
// parts together that each know a piece of it: the ledger decides by the table of transitions and keeps the events, the
// vault seals the applicant's fields, the file store holds materials, the reference documents say what may be received
// and what a park may decide. The same at a box and at central.
//
// Safe from any thread.
#pragma once

#include <functional>

#include "core/casework/case_roles.hpp"
#include "core/casework/reference.hpp"
#include "core/files/file_store.hpp"
#include "core/ledger/event_codec.hpp"
#include "core/ledger/ledger_store.hpp"
#include "core/persons/person_vault.hpp"

namespace yb::casework {

struct CaseDeskOptions {
  std::optional<base::SiteId> own_site;  // of a box
  std::string receipt_prefix;            // "JY03"
  /// Gets a file of a case from the other side of the site. Null: nothing is fetched.
  std::function<void(const base::SiteId&, const base::Digest&, std::uint64_t size)> want_file;
};

/// 收件: what the window takes down.
struct Reception {
  std::string item;
  ledger::Applicant applicant;
  std::optional<base::Decimal> area_m2;
  bool urgent = false;
};

/// What an applicant can be found by.
[[nodiscard]] persons::Searchable SearchableOf(const ledger::Applicant& applicant);

/// The applicant as far as the key lets see.
struct PersonView {
  enum class State : std::uint8_t { kHere, kAwaited, kErased };
  State state = State::kAwaited;
  ledger::Applicant applicant;  // where it is here
};

class CaseDesk {
 public:
  /// All of them outlive this.
  CaseDesk(CaseDeskOptions options, ledger::LedgerStore& ledger, persons::PersonVault& vault, files::FileStore& files,
           const Reference& reference, const base::Clock& clock);

  [[nodiscard]] cases::Side side() const { return ledger_.side(); }
  [[nodiscard]] ledger::LedgerStore& ledger() { return ledger_; }
  [[nodiscard]] files::FileStore& files() { return files_; }
  [[nodiscard]] const Reference& reference() const { return reference_; }
  [[nodiscard]] ledger::CaseTables::Calendar calendar() const { return ledger_.calendar(); }
  [[nodiscard]] const std::optional<base::SiteId>& own_site() const { return options_.own_site; }
  [[nodiscard]] calendar::CivilDate Today() const;

  struct Received {
    ledger::CaseFile file;
    std::vector<base::Words> warnings;  // such as a credit code that fails its check
  };
  /// kInvalidArgument with the fields that are wrong; kRefused at central.
  [[nodiscard]] base::Result<Received> Receive(const Worker& worker, Reception reception,
                                               const ledger::Command& command);
  /// What is personal in it is in the clear, and sealed here. kPermission where the role may not; kRefused with the
  /// reason where the table of transitions does not let it happen now; kInvalidArgument with fields; kNotFound.
  [[nodiscard]] base::Result<ledger::CaseFile> Act(const Worker& worker, const base::SiteId& site,
                                                   const std::string& case_id, cases::Act act,
                                                   const ledger::Command& command);
  /// Whether the worker could do the act now, whatever is written in it.
  [[nodiscard]] base::Status May(const Worker& worker, const base::SiteId& site, const ledger::CaseFile& file,
                                 cases::ActKind act) const;

  /// Why an act was refused: what was done before, since when it is not possible any more. Nullopt where it never was.
  [[nodiscard]] std::optional<cases::CaseEvent> CameBefore(const Worker& worker, const base::SiteId& site,
                                                           const std::string& case_id, cases::Act act);

  [[nodiscard]] PersonView PersonOf(const base::SiteId& site, const cases::CaseState& state);
  /// What was sealed under the key of the case's person, such as the name of a file; nullopt where the key is not here
  /// or destroyed.
  [[nodiscard]] std::optional<base::Bytes> Unsealed(const base::SiteId& site, const cases::CaseState& state,
                                                    base::ByteView sealed);
  /// Who signed for the delivery; nullopt before it, and where the key is not here or destroyed.
  [[nodiscard]] std::optional<ledger::Receiver> ReceiverOf(const base::SiteId& site, const ledger::CaseFile& file);
  /// The applicant in full; that somebody looked is an event on disk before. kNotFound: the key has not come; kErased.
  [[nodiscard]] base::Result<ledger::Applicant> Unmask(const Worker& worker, const base::SiteId& site,
                                                       const std::string& case_id, const std::string& reason);
  /// Destroys the key of the applicant, what the person could be found by, and the files of the person's cases that
  /// nobody else's case names. The other side follows.
  [[nodiscard]] base::Result<ledger::CaseFile> Erase(const base::SiteId& site, const std::string& case_id);

  struct Place {
    base::SiteId site;
    std::string case_id;
  };
  /// By a number of the case, or by what the applicant can be found by; at most `most`.
  [[nodiscard]] base::Result<std::vector<Place>> Search(const std::string& text, int most);
  /// 疑似重复: other cases of the same applicant and item that are not finished.
  [[nodiscard]] base::Result<std::vector<Place>> DuplicatesOf(const base::SiteId& site, const ledger::CaseFile& file);
  /// The same of what is not received yet, of what this side knows. `code` as it is typed.
  [[nodiscard]] base::Result<std::vector<Place>> OpenCasesOf(const base::SiteId& site, const std::string& item,
                                                             const std::string& code);

  // ---- What came from the other side; on the links' threads ----
  void OnCasesChanged(const base::SiteId& site, const std::vector<std::string>& case_ids);
  void OnPersonsChanged(const base::SiteId& site, const std::vector<persons::PersonEntry>& entries);
  /// At the start: files of unfinished cases that are not here; the own ones as well, as after a set-back.
  void WantMissingFiles();
  /// A case of the site names the file.
  [[nodiscard]] bool MayHave(const base::SiteId& site, const base::Digest& sha);
  /// Whether a case names the file, in an event that is there.
  [[nodiscard]] static bool Names(const ledger::CaseFile& file, std::string_view name);

 private:
  [[nodiscard]] base::Result<std::string> PersonFor(const base::SiteId& site, const std::string& code);
  [[nodiscard]] base::Status Complete(const base::SiteId& site, const ledger::CaseFile& file, cases::Act& act);
  /// `text` under the key of the case's person, in its place.
  [[nodiscard]] base::Status Seal(const base::SiteId& site, const cases::CaseState& state, base::Bytes& text);
  [[nodiscard]] base::Status CheckStored(const std::string& name, std::uint64_t* bytes);
  void WantFiles(const base::SiteId& site, const ledger::CaseFile& file);
  void MakeFindable(const base::SiteId& site, const ledger::CaseFile& file);
  [[nodiscard]] base::Status ForgetPerson(const base::SiteId& site, const std::string& person);
  [[nodiscard]] base::Result<std::vector<Place>> Unfinished(const base::SiteId& site, const std::string& item,
                                                            const std::vector<Place>& places);
  [[nodiscard]] base::Result<std::vector<Place>> PlacesOf(
      const std::function<base::Result<std::vector<ledger::CaseKey>>(ledger::StreamLog&, ledger::CaseTables&)>& ask);

  const CaseDeskOptions options_;
  ledger::LedgerStore& ledger_;
  persons::PersonVault& vault_;
  files::FileStore& files_;
  const Reference& reference_;
  const base::Clock& clock_;
};

}  // namespace yb::casework
