// PublishedDocuments: what the city has published, for all sites or for one, and what each box told of it, in
// `documents.db` of central.
//
// Of a kind the newest that is for a site or for all is to be in force there. Safe from any thread; what is published
// has been synced.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "core/base/guarded.hpp"
#include "core/base/ids.hpp"
#include "core/documents/document.hpp"
#include "core/storage/database.hpp"

namespace yb::documents {

/// One that was published; `site` nullopt: for all.
struct Published {
  Head head;
  std::optional<base::SiteId> site;
  base::UtcTime time;
  std::string who;
};

/// What a box told last.
struct Told {
  State state;
  base::UtcTime time;
};

class PublishedDocuments {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<PublishedDocuments>> Open(storage::DatabaseOpener& opener);

  /// Gives it the next version of its kind, above all that was published here and all that boxes told of: a restored
  /// central goes on above what it forgot. The same text as the newest there makes no new one. Of directories only the
  /// newest text of a site is kept, for the passwords in it.
  [[nodiscard]] base::Result<Head> Publish(Kind kind, const std::optional<base::SiteId>& site, std::string text,
                                           const std::string& who, base::UtcTime now);
  /// Newest first.
  [[nodiscard]] base::Result<std::vector<Published>> All();
  /// What is to be in force at a site, or at central itself.
  [[nodiscard]] base::Result<std::vector<Head>> Desired(const std::optional<base::SiteId>& site);
  /// Exactly this one, where it is for the site; kNotFound.
  [[nodiscard]] base::Result<std::string> Text(const std::optional<base::SiteId>& site, const Head& head);

  [[nodiscard]] base::Status Note(const base::SiteId& site, const State& state, base::UtcTime now);
  [[nodiscard]] base::Result<std::map<base::SiteId, Told>> AllTold();
  /// Nullopt: it never told anything.
  [[nodiscard]] base::Result<std::optional<Told>> ToldOf(const base::SiteId& site);

  /// Called after each publication, on its thread.
  void SetOnChange(std::function<void()> told);

 private:
  explicit PublishedDocuments(std::unique_ptr<storage::Database> database) : database_(std::move(database)) {}

  std::mutex mutex_;
  std::unique_ptr<storage::Database> database_;  // under the mutex
  base::Guarded<std::function<void()>> told_;
};

}  // namespace yb::documents
