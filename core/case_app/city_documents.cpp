#include "core/case_app/city_documents.hpp"

#include "core/base/log.hpp"
#include "core/documents/document_writer.hpp"
#include "core/domain/calendar/civil_day.hpp"

namespace yb::case_app {
namespace {

using documents::Document;
using documents::Head;
using documents::Kind;

constexpr base::Duration kWarnEvery = std::chrono::hours(24);

const base::Logger kLog("documents");

}  // namespace

base::Result<std::unique_ptr<CityDocuments>> CityDocuments::Open(CityDocumentsOptions options,
                                                                 storage::DatabaseOpener& opener,
                                                                 casework::Reference& reference,
                                                                 ledger::LedgerStore& ledger,
                                                                 const base::Clock& clock) {
  YB_ASSIGN(auto published, documents::PublishedDocuments::Open(opener));
  std::unique_ptr<CityDocuments> out(
      new CityDocuments(std::move(options), std::move(published), reference, ledger, clock));
  CityDocuments& city = *out;
  YB_TRY(city.PutInForce());
  documents::DocumentLinkOptions link;
  link.make_end = [&city](const base::SiteId& site) {
    return std::make_unique<documents::DocumentWriter>(documents::ExchangeOptions{}, site, *city.published_,
                                                       city.clock_);
  };
  link.publish = city.options_.publish;
  link.on_look = [&city] { city.Look(); };
  city.link_ = std::make_unique<documents::DocumentLink>(std::move(link), clock);
  city.published_->SetOnChange([&city] { city.link_->OnChanged(); });
  return out;
}

CityDocuments::~CityDocuments() {
  published_->SetOnChange(nullptr);
}

base::Status CityDocuments::PutInForce() {
  YB_ASSIGN(const std::vector<Head> desired, published_->Desired(std::nullopt));
  std::vector<Document> all;
  for (const Head& head : desired) {
    if (head.kind == Kind::kDirectory) continue;
    YB_ASSIGN(std::string text, published_->Text(std::nullopt, head));
    all.push_back({head, std::move(text)});
  }
  const base::Status applied = reference_.ApplyAll(all);
  if (!applied) {
    kLog.Error("what was published is not in force here, the files are", {{"why", applied.error().Describe()}});
  }
  return {};
}

std::optional<int> CityDocuments::MissingYear() const {
  const calendar::CivilDate today(std::chrono::days(calendar::DayOf(clock_.Now())));
  return casework::MissingYear(*ledger_.calendar(), today);
}

base::Result<std::map<base::SiteId, std::string>> CityDocuments::Directories() {
  // A site that had one gets an empty one when its last user is gone.
  YB_ASSIGN(const std::vector<documents::Published> all, published_->All());
  std::set<base::SiteId> also;
  for (const documents::Published& one : all) {
    if (one.head.kind == Kind::kDirectory && one.site) also.insert(*one.site);
  }
  return options_.directories(also);
}

void CityDocuments::Look() {
  const std::optional<int> missing = MissingYear();
  if (missing && clock_.Now() - warned_ >= kWarnEvery) {
    warned_ = clock_.Now();
    kLog.Warn("the calendar of next year is missing, deadlines in it are provisional",
              {{"year", std::to_string(*missing)}, {"hint", "yuanbanctl document publish calendar FILE"}});
  }
  const auto directories = Directories();
  if (!directories) {
    kLog.Error("the directories of users are not made", {{"why", directories.error().Describe()}});
    return;
  }
  for (const auto& [site, text] : *directories) {
    const auto head = published_->Publish(Kind::kDirectory, site, text, "central", clock_.Now());
    if (!head) {
      kLog.Error("the directory of users is not published", {{"site", site.text()}, {"why", head.error().Describe()}});
    }
  }
}

}  // namespace yb::case_app
