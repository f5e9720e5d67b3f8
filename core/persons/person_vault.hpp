// PersonVault (个人信息保险箱): a key for each person whose fields a program keeps, in `persons.db`, outside the
// ledger. The ledger, files and backups hold what was sealed under these keys, and the chain covers the sealed bytes.
//
// Erasing a person destroys the key: its row is overwritten (secure_delete), the file written anew (VACUUM), the
// write-ahead log emptied, and a tombstone stays, which wins over every key that comes back. From then on nobody can
// open what was sealed for the person, wherever copies of it lie, **since the key is nowhere else**. For this to hold
//   - `persons.db` is in no backup of the data; its copy is the other side's, which has the erasure too. One who keeps
//     an old copy of `persons.db` *and* `master.key` can open what was sealed before;
//   - a side that was set back to an old copy gets the tombstone again from the other side with the first connection;
//   - flash may hold freed sectors for a while: what lies there is the key sealed under the master key.
//
// Keys are kept sealed under the master key. Persons are kept by site, so that no site can speak for another's.
// Several keys of one person (drawn by a box that had lost the first) are all kept; one of them seals, all open.
//
// Stored names, since 0.3: `entry` (keys and tombstones; `told`: the other side has it), `about` (whether the master
// key fits; whether the file is still to be written anew). The caller makes the file private (0600). Safe from any
// thread; each method is one transaction, synced.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "core/base/guarded.hpp"
#include "core/base/ids.hpp"
#include "core/persons/person_entry.hpp"
#include "core/persons/search_terms.hpp"
#include "core/security/master_key.hpp"
#include "core/storage/database.hpp"

namespace yb::persons {

/// Which side a vault is on: the city draws the search key of all sites, a box one of its own until it has that.
enum class VaultSide : std::uint8_t { kBox, kCity };

class PersonVault {
 public:
  /// kCorrupt where the file was written under another master key.
  [[nodiscard]] static base::Result<std::unique_ptr<PersonVault>> Open(storage::DatabaseOpener& opener,
                                                                       const security::MasterKey& master,
                                                                       VaultSide side);
  ~PersonVault();

  /// Called after each change that the other side has to learn of, on the thread that made it.
  void SetOnChange(std::function<void()> told);

  /// A key for the person (UUID), where there is none; before anything is sealed. kErased where the person was erased.
  [[nodiscard]] base::Status Add(const base::SiteId& site, const std::string& person);
  /// kNotFound where there is no key (yet), kErased.
  [[nodiscard]] base::Result<base::Bytes> Seal(const base::SiteId& site, const std::string& person,
                                               base::ByteView plain);
  /// kNotFound: the key has not come yet. kErased: it was destroyed. kCorrupt: not sealed for this person, or changed.
  [[nodiscard]] base::Result<base::Bytes> Open(const base::SiteId& site, const std::string& person,
                                               base::ByteView sealed);
  /// Destroys the person's keys; of one that is not known, too. kUnavailable where another program holds the file open,
  /// so that the log cannot be emptied: the key is gone from the table; call it again.
  [[nodiscard]] base::Status Erase(const base::SiteId& site, const std::string& person);
  [[nodiscard]] base::Result<bool> IsErased(const base::SiteId& site, const std::string& person);

  /// Keyed hashes (HMAC-SM3, cut to 16 bytes) to store beside a case, under the key to be used from now on.
  [[nodiscard]] base::Result<std::vector<base::Bytes>> KeysOf(const base::SiteId& site, const Searchable& fields);
  /// Hashes to look for, under every key that was ever used for the site; without a site, under the city's.
  [[nodiscard]] base::Result<std::vector<base::Bytes>> SearchKeys(const std::optional<base::SiteId>& site,
                                                                  std::string_view typed);

  // ---- Synchronising ----
  [[nodiscard]] base::Result<std::vector<base::SiteId>> Sites();
  /// The site's entries; a site that was not known begins with the city's search key. Outlived by the vault.
  [[nodiscard]] base::Result<std::unique_ptr<PersonEntries>> EntriesOf(const base::SiteId& site);

 private:
  class SiteEntries;
  struct Statements;
  PersonVault(VaultSide side, const security::MasterKey& master, std::unique_ptr<storage::Database> database);
  [[nodiscard]] base::Status Prepare();
  [[nodiscard]] base::Status CheckMasterKey();
  [[nodiscard]] base::Status Change(const std::function<base::Status()>& change);
  void Tell();

  [[nodiscard]] base::Result<std::vector<security::Secret>> KeysToUse(const base::SiteId& site,
                                                                      const std::string& person);
  [[nodiscard]] static std::vector<base::Bytes> HashesOf(const std::vector<std::string>& terms,
                                                         std::span<const security::Secret> keys);

  // With `mutex_` held. A site that is empty is the city itself.
  [[nodiscard]] base::Result<security::Secret> Unwrap(std::string_view site, std::string_view person,
                                                      base::ByteView wrapped) const;
  [[nodiscard]] base::Result<std::vector<security::Secret>> Keys(std::string_view site, std::string_view person);
  [[nodiscard]] base::Result<bool> Erased(std::string_view site, std::string_view person);
  [[nodiscard]] base::Status Put(std::string_view site, const PersonEntry& entry, bool told);
  [[nodiscard]] base::Status Destroy(std::string_view site, const std::string& person, bool told);
  [[nodiscard]] base::Status DrawWhereNone(std::string_view site, const std::string& name);
  [[nodiscard]] base::Status GiveCityKeys(std::string_view site);
  [[nodiscard]] base::Status RememberCityKey(const PersonEntry& entry);
  /// After an erasure: writes the file anew, and empties the log.
  [[nodiscard]] base::Status Scrub();

  const VaultSide side_;
  const security::Sealer wrap_;
  std::mutex mutex_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Statements> statements_;
  base::Guarded<std::function<void()>> told_;
};

}  // namespace yb::persons
