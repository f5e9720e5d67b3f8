#include "core/persons/person_vault.hpp"

#include <algorithm>

#include "core/base/log.hpp"
#include "core/base/uuid.hpp"

namespace yb::persons {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using storage::Rows;
using storage::Statement;
using storage::Transaction;

constexpr std::array<std::string_view, 1> kMigrations = {R"(
  CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (
    site    TEXT    NOT NULL,  -- empty: of the city itself
    person  TEXT    NOT NULL,
    mark    INTEGER NOT NULL,  -- MarkOf
    bucket  INTEGER NOT NULL,  -- BucketOf
    wrapped BLOB,              -- the key, sealed under the master key; NULL: erased
    told    INTEGER NOT NULL,  -- 1: the other side has synced it
    PRIMARY KEY (site, person, mark)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_waiting ON entry (site, person) WHERE told = 0;
  CREATE INDEX entry_summary ON entry (site, bucket, mark);
)"};

constexpr std::string_view kCheck = "yuanban persons.db";
constexpr std::size_t kHashBytes = 16;

const base::Logger kLog("persons");

tl::unexpected<base::Error> Erased() {
  return Fail(ErrorCode::kErased,
              base::Words{"the person's fields were erased for good", "该个人信息已删除，不可恢复"});
}

/// What a key is bound to where it is kept, and sealed fields are.
base::Bytes Bound(std::string_view site, std::string_view person) {
  base::Bytes bound(site.begin(), site.end());
  bound.push_back(0);
  bound.insert(bound.end(), person.begin(), person.end());
  return bound;
}

Status CheckPerson(const std::string& person) {
  if (base::IsUuid(person)) return {};
  return Fail(ErrorCode::kInvalidArgument,
              base::Words{"'" + person + "' is no identity of a person", "个人标识不正确"});
}

}  // namespace

struct PersonVault::Statements {
  std::unique_ptr<Statement> keys, erased, put, destroy, sites, summary, waiting, told, compare, tell_erasure, to_scrub,
      is_to_scrub, scrubbed;
};

/// The entries of one site, each method under the vault's lock.
class PersonVault::SiteEntries final : public PersonEntries {
 public:
  SiteEntries(PersonVault& vault, std::string site) : vault_(vault), site_(std::move(site)) {}

  Result<PersonSummary> Summary() override {
    const std::scoped_lock lock(vault_.mutex_);
    Statement& rows = vault_.statements_->summary->Bind(1, std::string_view(site_));
    const Rows reset(rows);
    PersonSummary summary{};
    while (true) {
      YB_ASSIGN(const bool row, rows.Step());
      if (!row) return summary;
      summary[static_cast<std::size_t>(rows.Int(0)) % summary.size()] ^= static_cast<std::uint64_t>(rows.Int(1));
    }
  }

  Status Compare(const PersonSummary& other) override {
    YB_ASSIGN(const PersonSummary own, Summary());
    if (own == other) return {};
    return vault_.Change([&]() -> Status {
      for (std::size_t bucket = 0; bucket < own.size(); ++bucket) {
        if (own[bucket] == other[bucket]) continue;
        YB_TRY(vault_.statements_->compare->Bind(1, std::string_view(site_))
                   .Bind(2, static_cast<std::int64_t>(bucket))
                   .Run());
      }
      return {};
    });
  }

  Result<std::vector<PersonEntry>> Waiting(std::size_t most) override {
    const std::scoped_lock lock(vault_.mutex_);
    Statement& rows =
        vault_.statements_->waiting->Bind(1, std::string_view(site_)).Bind(2, static_cast<std::int64_t>(most));
    const Rows reset(rows);
    std::vector<PersonEntry> entries;
    while (true) {
      YB_ASSIGN(const bool row, rows.Step());
      if (!row) return entries;
      PersonEntry entry{std::string(rows.Text(0)), std::nullopt};
      if (!rows.IsNull(1)) {
        YB_ASSIGN(entry.key, vault_.Unwrap(site_, entry.person, rows.Blob(1)));
      }
      entries.push_back(std::move(entry));
    }
  }

  Status OnTold(const std::vector<PersonEntry>& entries) override {
    return vault_.Change([&]() -> Status {
      for (const PersonEntry& entry : entries) {
        YB_TRY(vault_.statements_->told->Bind(1, std::string_view(site_))
                   .Bind(2, std::string_view(entry.person))
                   .Bind(3, static_cast<std::int64_t>(MarkOf(entry)))
                   .Run());
      }
      return {};
    });
  }

  Status TakeIn(const std::vector<PersonEntry>& entries) override {
    bool destroyed = false;
    Status changed = vault_.Change([&]() -> Status {
      for (const PersonEntry& entry : entries) {
        YB_ASSIGN(const bool erased, vault_.Erased(site_, entry.person));
        if (!entry.key) {
          destroyed = true;
          YB_TRY(vault_.Destroy(site_, entry.person, true));
        } else if (erased) {
          YB_TRY(vault_.statements_->tell_erasure->Bind(1, std::string_view(site_))
                     .Bind(2, std::string_view(entry.person))
                     .Run());
        } else {
          YB_TRY(vault_.Put(site_, entry, true));
          if (vault_.side_ == VaultSide::kCity) YB_TRY(vault_.RememberCityKey(entry));
        }
      }
      return {};
    });
    if (!changed || !destroyed) return changed;
    const std::scoped_lock lock(vault_.mutex_);
    const Status scrubbed = vault_.Scrub();
    if (!scrubbed) kLog.Warn("an erased key may still be in the file", {{"why", scrubbed.error().Describe()}});
    return {};
  }

 private:
  PersonVault& vault_;
  const std::string site_;
};

PersonVault::PersonVault(VaultSide side, const security::MasterKey& master, std::unique_ptr<storage::Database> database)
    : side_(side), wrap_(master.Derive("persons")), database_(std::move(database)) {}

PersonVault::~PersonVault() = default;

Result<std::unique_ptr<PersonVault>> PersonVault::Open(storage::DatabaseOpener& opener,
                                                       const security::MasterKey& master, VaultSide side) {
  YB_ASSIGN(auto database, opener.Open());
  YB_TRY(database->Execute("PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY"));
  YB_TRY(storage::Migrate(*database, kMigrations));
  std::unique_ptr<PersonVault> vault(new PersonVault(side, master, std::move(database)));
  YB_TRY(vault->CheckMasterKey());
  YB_TRY(vault->Prepare());
  if (side == VaultSide::kCity) {
    YB_TRY(vault->Change([&] { return vault->DrawWhereNone("", std::string(kCitySearchKey)); }));
  }
  // What was erased just before a power cut may still lie in the file or its log.
  const Status scrubbed = vault->Scrub();
  if (!scrubbed) kLog.Warn("an erased key may still be in the file", {{"why", scrubbed.error().Describe()}});
  return vault;
}

Status PersonVault::CheckMasterKey() {
  YB_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
  YB_ASSIGN(const auto find, database_->Prepare("SELECT value FROM about WHERE name = 'check'"));
  {
    const Rows reset(*find);
    YB_ASSIGN(const bool row, find->Step());
    if (row) {
      const auto opened = wrap_.Open(base::AsBytes("check"), find->Blob(0));
      if (opened && base::AsText(*opened) == kCheck) return {};
      return Fail(ErrorCode::kCorrupt, "persons.db was written under another master key",
                  "put back the master.key that belongs to it");
    }
  }
  YB_ASSIGN(const auto put, database_->Prepare("INSERT INTO about (name, value) VALUES ('check', ?)"));
  const base::Bytes sealed = wrap_.Seal(base::AsBytes("check"), base::AsBytes(kCheck));
  YB_TRY(put->Bind(1, base::ByteView(sealed)).Run());
  return transaction.Commit();
}

Status PersonVault::Prepare() {
  auto s = std::make_unique<Statements>();
  const std::array<std::pair<std::unique_ptr<Statement>*, std::string_view>, 13> all = {{
      {&s->keys, "SELECT wrapped FROM entry WHERE site = ? AND person = ? AND wrapped IS NOT NULL ORDER BY mark"},
      {&s->erased, "SELECT 1 FROM entry WHERE site = ? AND person = ? AND wrapped IS NULL"},
      {&s->put,
       "INSERT INTO entry (site, person, mark, bucket, wrapped, told) VALUES (?, ?, ?, ?, ?, ?)"
       " ON CONFLICT (site, person, mark) DO UPDATE SET told = max(told, excluded.told)"},
      {&s->destroy, "DELETE FROM entry WHERE site = ? AND person = ? AND wrapped IS NOT NULL"},
      {&s->sites, "SELECT DISTINCT site FROM entry WHERE site <> '' ORDER BY site"},
      {&s->summary, "SELECT bucket, mark FROM entry WHERE site = ?"},
      {&s->waiting, "SELECT person, wrapped FROM entry WHERE site = ? AND told = 0 ORDER BY person, mark LIMIT ?"},
      {&s->told, "UPDATE entry SET told = 1 WHERE site = ? AND person = ? AND mark = ?"},
      {&s->compare, "UPDATE entry SET told = 0 WHERE site = ? AND bucket = ? AND told = 1"},
      {&s->tell_erasure, "UPDATE entry SET told = 0 WHERE site = ? AND person = ? AND wrapped IS NULL"},
      {&s->to_scrub, "INSERT INTO about (name, value) VALUES ('scrub', x'') ON CONFLICT (name) DO NOTHING"},
      {&s->is_to_scrub, "SELECT 1 FROM about WHERE name = 'scrub'"},
      {&s->scrubbed, "DELETE FROM about WHERE name = 'scrub'"},
  }};
  for (const auto& [statement, sql] : all) {
    YB_ASSIGN(*statement, database_->Prepare(sql));
  }
  statements_ = std::move(s);
  return {};
}

void PersonVault::SetOnChange(std::function<void()> told) {
  told_.With([&](std::function<void()>& current) { current = std::move(told); });
}

void PersonVault::Tell() {
  told_.With([](const std::function<void()>& told) {
    if (told) told();
  });
}

Status PersonVault::Change(const std::function<Status()>& change) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(Transaction transaction, Transaction::Begin(*database_));
  YB_TRY(change());
  return transaction.Commit();
}

// ---- with the lock held ----

Result<security::Secret> PersonVault::Unwrap(std::string_view site, std::string_view person,
                                             base::ByteView wrapped) const {
  YB_ASSIGN(const base::Bytes bytes, wrap_.Open(Bound(site, person), wrapped));
  security::Secret key{};
  if (bytes.size() != key.size()) return Fail(ErrorCode::kCorrupt, "a stored key is not 32 bytes long");
  std::ranges::copy(bytes, key.begin());
  return key;
}

Result<std::vector<security::Secret>> PersonVault::Keys(std::string_view site, std::string_view person) {
  Statement& rows = statements_->keys->Bind(1, site).Bind(2, person);
  const Rows reset(rows);
  std::vector<security::Secret> keys;
  while (true) {
    YB_ASSIGN(const bool row, rows.Step());
    if (!row) return keys;
    YB_ASSIGN(const security::Secret key, Unwrap(site, person, rows.Blob(0)));
    keys.push_back(key);
  }
}

Result<bool> PersonVault::Erased(std::string_view site, std::string_view person) {
  Statement& rows = statements_->erased->Bind(1, site).Bind(2, person);
  const Rows reset(rows);
  return rows.Step();
}

Status PersonVault::Put(std::string_view site, const PersonEntry& entry, bool told) {
  Statement& put = statements_->put->Bind(1, site)
                       .Bind(2, std::string_view(entry.person))
                       .Bind(3, static_cast<std::int64_t>(MarkOf(entry)))
                       .Bind(4, static_cast<std::int64_t>(BucketOf(entry.person)))
                       .BindNull(5)
                       .Bind(6, static_cast<std::int64_t>(told));
  if (entry.key) {
    const base::Bytes wrapped = wrap_.Seal(Bound(site, entry.person), *entry.key);
    put.Bind(5, base::ByteView(wrapped));
  }
  return put.Run();
}

Status PersonVault::Destroy(std::string_view site, const std::string& person, bool told) {
  YB_TRY(statements_->destroy->Bind(1, site).Bind(2, std::string_view(person)).Run());
  YB_TRY(statements_->to_scrub->Run());
  return Put(site, PersonEntry{person, std::nullopt}, told);
}

Status PersonVault::DrawWhereNone(std::string_view site, const std::string& name) {
  YB_ASSIGN(const auto keys, Keys(site, name));
  if (!keys.empty()) return {};
  return Put(site, PersonEntry{name, security::DrawSecret()}, false);
}

Status PersonVault::GiveCityKeys(std::string_view site) {
  YB_ASSIGN(const auto keys, Keys("", kCitySearchKey));
  for (const security::Secret& key : keys) YB_TRY(Put(site, {std::string(kCitySearchKey), key}, false));
  return {};
}

Status PersonVault::RememberCityKey(const PersonEntry& entry) {
  // One that this city drew before it lost its file: searched with, since it made old hashes; none is made with it.
  if (entry.person != kCitySearchKey) return {};
  YB_ASSIGN(const auto own, Keys("", kCitySearchKey));
  if (std::ranges::find(own, *entry.key) != own.end()) return {};
  return Put("", {std::string(kSiteSearchKey), entry.key}, true);
}

Status PersonVault::Scrub() {
  bool needed = false;
  {
    const Rows reset(*statements_->is_to_scrub);
    YB_ASSIGN(needed, statements_->is_to_scrub->Step());
  }
  // Deleted rows are overwritten; copies that SQLite left when it moved rows between pages are not. So all pages are
  // written anew.
  if (needed) YB_TRY(database_->Execute("VACUUM"));
  {
    YB_ASSIGN(const auto checkpoint, database_->Prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
    YB_ASSIGN(const bool row, checkpoint->Step());
    if (row && checkpoint->Int(0) != 0) {
      return Fail(ErrorCode::kUnavailable, "persons.db is open elsewhere, its log cannot be emptied",
                  "close what reads it and try again");
    }
  }
  return needed ? statements_->scrubbed->Run() : Status();
}

// ---- what is called from outside ----

Status PersonVault::Add(const base::SiteId& site, const std::string& person) {
  YB_TRY(CheckPerson(person));
  Status changed = Change([&]() -> Status {
    YB_ASSIGN(const bool erased, this->Erased(site.text(), person));
    if (erased) return yb::persons::Erased();
    return DrawWhereNone(site.text(), person);
  });
  if (changed) Tell();
  return changed;
}

Result<std::vector<security::Secret>> PersonVault::KeysToUse(const base::SiteId& site, const std::string& person) {
  YB_TRY(CheckPerson(person));
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(const bool erased, this->Erased(site.text(), person));
  if (erased) return yb::persons::Erased();
  YB_ASSIGN(std::vector<security::Secret> keys, Keys(site.text(), person));
  if (keys.empty()) {
    return Fail(ErrorCode::kNotFound,
                base::Words{"there is no key of this person here yet", "该个人信息的密钥尚未到达"},
                base::Words{"it comes with the next connection to the other side", "与对方连通后自动到达"});
  }
  return keys;
}

Result<base::Bytes> PersonVault::Seal(const base::SiteId& site, const std::string& person, base::ByteView plain) {
  YB_ASSIGN(const auto keys, KeysToUse(site, person));
  return security::Sealer(keys.front()).Seal(Bound(site.text(), person), plain);
}

Result<base::Bytes> PersonVault::Open(const base::SiteId& site, const std::string& person, base::ByteView sealed) {
  YB_ASSIGN(const auto keys, KeysToUse(site, person));
  Result<base::Bytes> opened = Fail(ErrorCode::kCorrupt, "no key opens it");
  for (const security::Secret& key : keys) {
    opened = security::Sealer(key).Open(Bound(site.text(), person), sealed);
    if (opened) break;
  }
  return opened;
}

Status PersonVault::Erase(const base::SiteId& site, const std::string& person) {
  YB_TRY(CheckPerson(person));
  Status changed = Change([&]() -> Status {
    YB_ASSIGN(const bool erased, this->Erased(site.text(), person));
    if (erased) return {};
    return Destroy(site.text(), person, false);
  });
  if (!changed) return changed;
  Tell();
  const std::scoped_lock lock(mutex_);
  return Scrub();
}

Result<bool> PersonVault::IsErased(const base::SiteId& site, const std::string& person) {
  const std::scoped_lock lock(mutex_);
  return this->Erased(site.text(), person);
}

Result<std::vector<base::Bytes>> PersonVault::KeysOf(const base::SiteId& site, const Searchable& fields) {
  const std::vector<std::string> terms = TermsOf(fields);
  std::vector<security::Secret> keys;
  bool drawn = false;
  Status changed = Change([&]() -> Status {
    const std::string_view of = side_ == VaultSide::kCity ? std::string_view() : std::string_view(site.text());
    YB_ASSIGN(keys, Keys(of, kCitySearchKey));
    if (!keys.empty()) return {};
    YB_ASSIGN(keys, Keys(of, kSiteSearchKey));
    if (!keys.empty()) return {};
    drawn = true;
    YB_TRY(DrawWhereNone(of, std::string(kSiteSearchKey)));
    YB_ASSIGN(keys, Keys(of, kSiteSearchKey));
    return {};
  });
  if (!changed) return Fail(changed.error());
  if (drawn) Tell();
  return HashesOf(terms, {&keys.front(), 1});
}

Result<std::vector<base::Bytes>> PersonVault::SearchKeys(const std::optional<base::SiteId>& site,
                                                         std::string_view typed) {
  const std::scoped_lock lock(mutex_);
  std::vector<security::Secret> keys;
  for (const std::string_view of : {std::string_view(), site ? std::string_view(site->text()) : std::string_view()}) {
    for (const std::string_view name : {kCitySearchKey, kSiteSearchKey}) {
      YB_ASSIGN(const auto some, Keys(of, name));
      for (const security::Secret& key : some) {
        if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
      }
    }
  }
  return HashesOf(TermsIn(typed), keys);
}

std::vector<base::Bytes> PersonVault::HashesOf(const std::vector<std::string>& terms,
                                               std::span<const security::Secret> keys) {
  std::vector<base::Bytes> hashes;
  for (const security::Secret& key : keys) {
    for (const std::string& term : terms) {
      const security::Sm3Digest hash = security::HmacSm3(key, base::AsBytes(term));
      hashes.emplace_back(hash.begin(), hash.begin() + kHashBytes);
    }
  }
  return hashes;
}

Result<std::vector<base::SiteId>> PersonVault::Sites() {
  const std::scoped_lock lock(mutex_);
  Statement& rows = *statements_->sites;
  const Rows reset(rows);
  std::vector<base::SiteId> sites;
  while (true) {
    YB_ASSIGN(const bool row, rows.Step());
    if (!row) return sites;
    YB_ASSIGN(base::SiteId site, base::SiteId::Parse(rows.Text(0)));
    sites.push_back(std::move(site));
  }
}

Result<std::unique_ptr<PersonEntries>> PersonVault::EntriesOf(const base::SiteId& site) {
  if (side_ == VaultSide::kCity) {
    YB_TRY(Change([&] { return GiveCityKeys(site.text()); }));
  }
  return std::make_unique<SiteEntries>(*this, site.text());
}

}  // namespace yb::persons
