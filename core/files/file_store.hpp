// FileStore (文件库): materials, printed documents and reference documents, each under the SHA-256 of its content, in a
// folder of containers with `files.db` beside them. What is called kept has been synced, content and name. Contents
// are sealed under a secret derived from the master key, so that a stolen disk shows no material; sizes and hashes are
// in the clear. Erasing a person leaves their files: Remove them, too (docs/security.md).
//
// Folder: `<2 hex>/<64 hex>` are kept; `incoming/` holds what is written or still comes. Stored names in `files.db`,
// since 0.3: `file` (what is kept), `incoming` (synced progress of what comes, by where from), `wanted` (by which
// site), `shared` (which site may have a file), `draft` (what is put in over the end of the program). The contents in
// the folder are the truth: one that `files.db` does not know, since it was set back, is taken in when it is asked for.
//
// Safe from any thread.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/files/container.hpp"
#include "core/security/master_key.hpp"
#include "core/storage/database.hpp"

namespace yb::files {

struct FileStoreOptions {
  std::filesystem::path folder;
  std::uint64_t largest = 200U << 20;    // of one file
  std::uint64_t quota = 0;               // of all that is kept, bytes of content; 0: the disk's
  std::uint64_t keep_free = 256U << 20;  // of the disk, for the databases of the program
};

struct KeptFile {
  base::Digest sha{};
  std::uint64_t size = 0;
};

struct WantedFile {
  base::SiteId site;
  base::Digest sha{};
  std::uint64_t size = 0;
};

/// 64 hex digits in lower case, as events and file names have them.
[[nodiscard]] std::string HexOf(const base::Digest& sha);
[[nodiscard]] std::optional<base::Digest> ParseHex(std::string_view hex);

class FileStore {
 public:
  /// Makes the folder. Contents that are kept and not there any more are named by Missing().
  [[nodiscard]] static base::Result<std::unique_ptr<FileStore>> Open(storage::DatabaseOpener& opener,
                                                                     FileStoreOptions options,
                                                                     const security::MasterKey& master,
                                                                     const base::Clock& clock);
  ~FileStore();
  [[nodiscard]] const FileStoreOptions& options() const { return options_; }

  /// What is known of a draft that outlives the program.
  struct DraftNote {
    std::string id;  // a UUID
    std::string owner;
    std::string name;
    std::uint64_t size = 0;   // announced
    std::uint64_t kept = 0;   // synced: it can be gone on with there
    base::UtcTime touched{};  // when that was noted
  };
  /// A file that is being put in: all of it is kept by Finish, or nothing. Holds less than two pieces in memory. One
  /// with a note outlives this object until it is finished or discarded, as far as it was synced, which it is with each
  /// MiB.
  class Draft {
   public:
    ~Draft();
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    /// kInvalidArgument where it grows beyond the largest; kDiskFull by the quota or the disk.
    [[nodiscard]] base::Status Append(base::ByteView bytes);
    /// Kept when it returns. The same content twice is one file.
    [[nodiscard]] base::Result<KeptFile> Finish();
    [[nodiscard]] std::uint64_t synced() const { return synced_; }

   private:
    friend class FileStore;
    Draft(FileStore& store, std::filesystem::path file, std::string noted, ContainerWriter writer);
    FileStore& store_;
    const std::filesystem::path file_;
    const std::string noted_;  // id; empty: none
    std::optional<ContainerWriter> writer_;
    std::uint64_t synced_ = 0;
  };
  [[nodiscard]] base::Result<std::unique_ptr<Draft>> Begin();
  /// One that outlives the program; `kept` and `touched` are none yet.
  [[nodiscard]] base::Result<std::unique_ptr<Draft>> Begin(const DraftNote& note);
  /// Behind what is kept of it, which is read once. kNotFound and kCorrupt where that is not there.
  [[nodiscard]] base::Result<std::unique_ptr<Draft>> GoOn(const DraftNote& note);
  [[nodiscard]] base::Result<std::vector<DraftNote>> Drafts();
  /// Nobody is at work with it. Success where there is none.
  [[nodiscard]] base::Status Discard(const std::string& draft);
  [[nodiscard]] base::Result<KeptFile> PutFile(const std::filesystem::path& file);

  /// A content that lies in the folder only is read, and kept from then on.
  [[nodiscard]] base::Result<std::optional<KeptFile>> Find(const base::Digest& sha);
  [[nodiscard]] bool Has(const base::Digest& sha);
  /// kNotFound; kCorrupt where its beginning was changed. Reading says whether the rest was.
  [[nodiscard]] base::Result<ContainerReader> OpenFile(const base::Digest& sha);
  /// Deletes a file that is kept or comes, and what is known of it. Success where there is none.
  [[nodiscard]] base::Status Remove(const base::Digest& sha);
  [[nodiscard]] std::uint64_t bytes_kept() const;

  // ---- What other sites may have and what is wanted of them ----
  /// `site` may have it; also when it comes later. Without a site: all may.
  [[nodiscard]] base::Status Share(const base::Digest& sha, const std::optional<base::SiteId>& site);
  [[nodiscard]] base::Result<bool> IsShared(const base::Digest& sha, const base::SiteId& site);
  /// Remembered until Told. True: it is here already. A site may have what was wanted of it, so who can name a SHA-256
  /// in its ledger is taken to have the file.
  [[nodiscard]] base::Result<bool> Want(const base::SiteId& site, const base::Digest& sha, std::uint64_t size);
  [[nodiscard]] base::Result<std::vector<WantedFile>> Wanted();
  /// Whoever wanted it knows that it is here.
  [[nodiscard]] base::Status Told(const base::SiteId& site, const base::Digest& sha);

  /// A wanted file on its way in from a site; survives a restart as far as it was synced.
  class Incoming {
   public:
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    /// What is here; bytes are appended behind it.
    [[nodiscard]] std::uint64_t have() const { return writer_.size(); }
    /// kDiskFull keeps what is there. Progress is synced with each 256 KiB.
    [[nodiscard]] base::Status Append(base::ByteView bytes);
    /// Once all is there. kCorrupt where the content is another than wanted: nothing of it is left, and it begins
    /// anew.
    [[nodiscard]] base::Result<KeptFile> Finish();

   private:
    friend class FileStore;
    Incoming(FileStore& store, base::SiteId from, KeptFile wanted, std::filesystem::path file, ContainerWriter writer);
    FileStore& store_;
    const base::SiteId from_;
    const KeptFile wanted_;
    const std::filesystem::path file_;
    ContainerWriter writer_;
    std::uint64_t synced_ = 0;
  };
  /// Begins, or goes on where it was synced. kAlreadyExists where it is kept; kInvalidArgument where it is too large.
  [[nodiscard]] base::Result<std::unique_ptr<Incoming>> Receive(const base::SiteId& from, const base::Digest& sha,
                                                                std::uint64_t size);
  /// What is synced of it.
  [[nodiscard]] base::Result<std::uint64_t> Progress(const base::SiteId& from, const base::Digest& sha);

  // ---- Checking ----
  /// Kept by `files.db` with no container of their length: to be wanted anew.
  [[nodiscard]] base::Result<std::vector<KeptFile>> Missing();
  struct Checked {
    std::uint64_t whole = 0;             // files that were read and are what they are called
    std::vector<base::Digest> broken;    // missing or changed
    std::vector<base::Digest> taken_in;  // were there, and not in `files.db`
  };
  /// Reads everything; takes in all whole containers that `files.db` does not know.
  [[nodiscard]] base::Result<Checked> Check();

 private:
  struct Statements;
  FileStore(FileStoreOptions options, const security::MasterKey& master, const base::Clock& clock,
            std::unique_ptr<storage::Database> database);
  [[nodiscard]] base::Status Prepare();
  /// Deletes what is left of drafts, and of what came without being noted.
  [[nodiscard]] base::Status Sweep();
  [[nodiscard]] std::filesystem::path PathOf(const base::Digest& sha) const;
  [[nodiscard]] std::filesystem::path FileOf(const std::string& draft) const;
  [[nodiscard]] std::filesystem::path PartOf(const base::SiteId& from, const base::Digest& sha) const;
  [[nodiscard]] bool IsThere(const KeptFile& file) const;
  /// Whether a file of `size` may be kept, and the disk has room for `more` bytes.
  [[nodiscard]] base::Status Room(std::uint64_t size, std::uint64_t more) const;
  /// Moves a finished container to its name, and records it; both synced.
  [[nodiscard]] base::Result<KeptFile> Keep(const std::filesystem::path& draft, const KeptFile& file);
  [[nodiscard]] base::Status Record(const KeptFile& file, bool fresh);
  [[nodiscard]] base::Result<std::optional<KeptFile>> Known(const base::Digest& sha);
  /// A content that `files.db` does not know, where there is one and it is whole.
  [[nodiscard]] base::Result<std::optional<KeptFile>> TakeIn(const base::Digest& sha);
  [[nodiscard]] base::Status NoteDraft(const std::string& draft, std::uint64_t kept);
  [[nodiscard]] base::Status ForgetDraft(const std::string& draft);
  [[nodiscard]] base::Status NoteProgress(const base::SiteId& from, const base::Digest& sha, std::uint64_t kept);
  [[nodiscard]] base::Status ForgetProgress(const base::SiteId& from, const base::Digest& sha);
  [[nodiscard]] base::Status RemoveParts(const base::Digest& sha);
  [[nodiscard]] base::Result<std::vector<KeptFile>> All();

  const FileStoreOptions options_;
  const security::Sealer sealer_;
  const base::Clock& clock_;
  std::mutex keeping_;                // names in the folder; taken before `mutex_`
  std::set<base::Digest> not_whole_;  // under keeping_: containers that are not known and were read in vain
  mutable std::mutex mutex_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Statements> statements_;
  std::uint64_t bytes_kept_ = 0;
};

}  // namespace yb::files
