#include "core/case_app/box_documents.hpp"

#include "core/base/log.hpp"

namespace yb::case_app {
namespace {

using documents::Document;
using documents::Kind;

const base::Logger kLog("documents");

}  // namespace

base::Status BoxDocuments::PutInForce() {
  std::vector<Document> all;
  for (const Kind kind : documents::kAllKinds) {
    if (kind == Kind::kDirectory) continue;  // its users are in the store of users
    YB_ASSIGN(std::optional<Document> document, kept_->Find(kind));
    if (document) all.push_back(std::move(*document));
  }
  const base::Status together = reference_.ApplyAll(all);
  if (together) return {};
  kLog.Error("the documents last taken up do not fit each other", {{"why", together.error().Describe()}});
  for (const Document& document : all) {
    const base::Status applied = reference_.Apply(document);
    if (applied) continue;
    kLog.Error("a document last taken up is not in force, the file's is",
               {{"kind", std::string(documents::ToString(document.head.kind))}, {"why", applied.error().Describe()}});
  }
  return {};
}

base::Result<std::unique_ptr<BoxDocuments>> BoxDocuments::Open(BoxDocumentsOptions options,
                                                               storage::DatabaseOpener& opener,
                                                               casework::Reference& reference,
                                                               ledger::LedgerStore& ledger, const base::Clock& clock) {
  YB_ASSIGN(auto kept, documents::AppliedDocuments::Open(opener));
  std::unique_ptr<BoxDocuments> out(new BoxDocuments(std::move(kept), reference, ledger));
  YB_TRY(out->PutInForce());
  BoxDocuments& box = *out;
  documents::DocumentLinkOptions link;
  link.make_end = [&box, &clock, directory = std::move(options.directory),
                   current = std::move(options.on_directory_current)](const base::SiteId&) {
    return std::make_unique<documents::DocumentReader>(
        documents::ExchangeOptions{}, *box.kept_,
        [&box, directory](const Document& document) {
          return document.head.kind == Kind::kDirectory ? directory(document) : box.reference_.Apply(document);
        },
        [current](Kind kind) {
          if (kind == Kind::kDirectory) current();
        },
        clock);
  };
  link.publish = std::move(options.publish);
  out->link_ = std::make_unique<documents::DocumentLink>(std::move(link), clock);
  return out;
}

}  // namespace yb::case_app
