#include "core/casework/reference_documents.hpp"

namespace yb::casework {
namespace {

using documents::Document;
using documents::Kind;

/// For messages: "catalogue 7".
std::string NameOf(const Document& document) {
  std::string name(documents::ToString(document.head.kind));
  if (document.head.version != 0) name += " " + std::to_string(document.head.version);
  return name;
}

base::Result<std::vector<calendar::YearNotice>> ReadNotices(const Document& document) {
  YB_ASSIGN(auto notices, ParseNotices(document.text, NameOf(document)));
  if (notices.empty()) {
    return base::Fail(base::ErrorCode::kInvalidArgument,
                      base::Words{"the calendar has no [[year]]", "工作日历中没有 [[year]]"});
  }
  return notices;
}

}  // namespace

base::Result<ReferenceDocuments::Changed> ReferenceDocuments::With(const std::vector<Document>& all) const {
  Changed changed;
  for (const Document& document : all) {
    const Kind kind = document.head.kind;
    if (kind == Kind::kCalendar) {
      YB_ASSIGN(const auto notices, ReadNotices(document));
      changed.calendar = CalendarWith(notices);
      continue;
    }
    if (!changed.data) changed.data = *reference_.Now();
    if (kind == Kind::kCatalogue) {
      YB_ASSIGN(changed.data->catalogue, ParseCatalogue(document.text, NameOf(document)));
    } else if (kind == Kind::kDelegations) {
      YB_ASSIGN(changed.data->delegations, ParseDelegations(document.text, NameOf(document)));
    } else {
      return base::Fail(base::ErrorCode::kUnsupported, NameOf(document) + " is none of the documents of cases");
    }
  }
  if (changed.data) YB_TRY(CheckFit(*changed.data));
  return changed;
}

base::Status ReferenceDocuments::Read(const Document& document) {
  switch (document.head.kind) {
    case Kind::kCalendar: YB_TRY(ReadNotices(document)); return {};
    case Kind::kCatalogue: YB_TRY(ParseCatalogue(document.text, NameOf(document))); return {};
    case Kind::kDelegations: YB_TRY(ParseDelegations(document.text, NameOf(document))); return {};
    case Kind::kDirectory: break;
  }
  return base::Fail(base::ErrorCode::kUnsupported,
                    base::Words{"a directory is made from the users, not published", "用户名录由用户生成，不能发布"});
}

base::Status ReferenceDocuments::Check(const Document& document) {
  const std::scoped_lock lock(mutex_);
  YB_TRY(With({document}));
  return {};
}

base::Status ReferenceDocuments::ApplyAll(const std::vector<Document>& all) {
  const std::scoped_lock lock(mutex_);
  YB_ASSIGN(Changed changed, With(all));
  if (changed.calendar) YB_TRY(ledger_.UseCalendar(std::move(*changed.calendar)));
  if (changed.data) reference_.Apply(std::move(*changed.data));
  return {};
}

}  // namespace yb::casework
