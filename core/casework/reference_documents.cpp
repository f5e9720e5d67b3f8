#include "core/casework/reference_documents.hpp"

#include <utility>

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

/// "2 items: a, b" of what `name` says of each.
template <typename Range, typename Name>
base::Words ListOf(const Range& all, const std::string& en, const std::string& zh, const Name& name) {
  base::Words words{std::to_string(all.size()) + " " + en, std::to_string(all.size()) + " " + zh};
  const char* en_before = ": ";
  const char* zh_before = "：";
  for (const auto& one : all) {
    words.en += std::exchange(en_before, ", ") + name(one);
    words.zh += std::exchange(zh_before, "、") + name(one);
  }
  return words;
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
  YB_TRY(Summary(document));
  return {};
}

base::Result<base::Words> ReferenceDocuments::Summary(const Document& document) {
  switch (document.head.kind) {
    case Kind::kCalendar: {
      YB_ASSIGN(const auto notices, ReadNotices(document));
      return ListOf(notices, "years", "个年份", [](const auto& one) { return std::to_string(one.year); });
    }
    case Kind::kCatalogue: {
      YB_ASSIGN(const Catalogue catalogue, ParseCatalogue(document.text, NameOf(document)));
      return ListOf(catalogue.items, "items", "个事项", [](const Item& one) { return one.name; });
    }
    case Kind::kDelegations: {
      YB_ASSIGN(const Delegations delegations, ParseDelegations(document.text, NameOf(document)));
      return ListOf(delegations.rules, "delegations", "条赋权",
                    [](const DelegationRule& one) { return one.site.text() + " " + one.item; });
    }
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
