// ReferenceDocuments puts published documents in force in a program, over the files it was started with, which are only
// what it has until the city has published.
//
// Safe from any thread; one document is taken up after another.
#pragma once

#include <mutex>

#include "core/casework/reference.hpp"
#include "core/documents/document.hpp"
#include "core/ledger/ledger_store.hpp"

namespace yb::casework {

class ReferenceDocuments {
 public:
  /// `reference` and `ledger` outlive this.
  ReferenceDocuments(Reference& reference, ledger::LedgerStore& ledger) : reference_(reference), ledger_(ledger) {}

  /// Reads it strictly with the reader of the file: kInvalidArgument says what is wrong and where. kUnsupported for a
  /// directory.
  [[nodiscard]] static base::Status Read(const documents::Document& document);
  /// What is in it, for a person who is about to publish it: "2 items: …".
  [[nodiscard]] static base::Result<base::Words> Summary(const documents::Document& document);
  /// Read, and whether it fits what is in force: a delegation names an item of the catalogue.
  [[nodiscard]] base::Status Check(const documents::Document& document);
  /// Puts it in force, or changes nothing; deadlines are reckoned anew with another calendar.
  [[nodiscard]] base::Status Apply(const documents::Document& document) { return ApplyAll({document}); }
  /// Several that fit each other, at a start.
  [[nodiscard]] base::Status ApplyAll(const std::vector<documents::Document>& all);

 private:
  struct Changed {
    std::optional<ReferenceData> data;
    std::optional<calendar::WorkingCalendar> calendar;
  };
  [[nodiscard]] base::Result<Changed> With(const std::vector<documents::Document>& all) const;

  Reference& reference_;
  ledger::LedgerStore& ledger_;
  std::mutex mutex_;  // of changes
};

}  // namespace yb::casework
