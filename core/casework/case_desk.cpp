#include "core/casework/case_desk.hpp"

#include <algorithm>

#include "core/base/uuid.hpp"
#include "core/casework/act_probe.hpp"
#include "core/casework/applicant_check.hpp"
#include "core/domain/calendar/civil_day.hpp"
#include "core/domain/cases/act_file.hpp"
#include "core/domain/cases/case_fold.hpp"
#include "core/persons/search_terms.hpp"

namespace yb::casework {
namespace {

using base::Error;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using base::Words;
using ledger::CaseFile;
using ledger::CaseKey;

constexpr int kMostOfPerson = 50;

tl::unexpected<Error> FaultAt(const std::string& field, Words words) {
  Error error{ErrorCode::kInvalidArgument, field + ": " + words.en, "", "", field + "：" + words.zh, ""};
  error.fields.push_back({field, std::move(words)});
  return Fail(std::move(error));
}

/// 补正材料已交, although nothing has come of what the notice asked for. Not in the table of transitions: requests of
/// before there was this are what they were.
Status CheckSupplemented(const CaseFile& file, const Item* item) {
  const cases::CaseEvent* told = ledger::LastOf<cases::CorrectionNotice>(file);
  if (told == nullptr || !file.state.paused()) return {};
  Words names;
  for (const std::string& key : std::get<cases::CorrectionNotice>(told->act).materials) {
    if (std::ranges::find(file.state.missing, key) == file.state.missing.end()) return {};
    const MaterialRule* material = item != nullptr ? item->FindMaterial(key) : nullptr;
    const std::string& name = material != nullptr ? material->name : key;
    names.en += (names.en.empty() ? "" : ", ") + name;
    names.zh += (names.zh.empty() ? "" : "、") + name;
  }
  return Fail(ErrorCode::kRefused,
              Words{"nothing has come yet of what was asked for: " + names.en, "要求补正的材料还没有收到：" + names.zh},
              Words{"put the new file to the material first", "请先在「材料」里放入补正后的文件"});
}

/// 31 characters of the item's code, the day, 4 digits.
bool IsCaseNumber(const std::string& number) {
  constexpr std::size_t kDay = 31, kSerial = 39, kAll = 43;
  if (number.size() != kAll) return false;
  const bool plain =
      std::ranges::all_of(number, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
  const std::string day = number.substr(kDay, 4) + "-" + number.substr(kDay + 4, 2) + "-" + number.substr(kDay + 6, 2);
  return plain && calendar::ParseDate(day) &&
         std::all_of(number.begin() + kSerial, number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

CaseDesk::CaseDesk(CaseDeskOptions options, ledger::LedgerStore& ledger, persons::PersonVault& vault,
                   files::FileStore& files, const Reference& reference, const base::Clock& clock)
    : options_(std::move(options)),
      ledger_(ledger),
      vault_(vault),
      files_(files),
      reference_(reference),
      clock_(clock) {}

calendar::CivilDate CaseDesk::Today() const {
  return calendar::CivilDate(std::chrono::days(calendar::DayOf(clock_.Now())));
}

Result<std::vector<CaseDesk::Place>> CaseDesk::PlacesOf(
    const std::function<Result<std::vector<CaseKey>>(ledger::StreamLog&, ledger::CaseTables&)>& ask) {
  return ledger_.Read([&](ledger::StreamLog& log, ledger::CaseTables& tables) -> Result<std::vector<Place>> {
    YB_ASSIGN(const auto sites, log.Sites());
    YB_ASSIGN(const std::vector<CaseKey> keys, ask(log, tables));
    std::vector<Place> places;
    for (const CaseKey& key : keys) {
      const auto site = std::ranges::find(sites, key.site, [](const auto& one) { return one.first; });
      if (site != sites.end()) places.push_back({site->second, key.case_id});
    }
    return places;
  });
}

/// The person who has that code in another case of the site, so that all of one person's fields are under one key; else
/// a new one.
Result<std::string> CaseDesk::PersonFor(const base::SiteId& site, const std::string& code) {
  YB_ASSIGN(const std::vector<base::Bytes> keys, vault_.SearchKeys(site, code));
  YB_ASSIGN(const std::vector<Place> places, PlacesOf([&](ledger::StreamLog&, ledger::CaseTables& tables) {
              return tables.Search("", keys, kMostOfPerson);
            }));
  for (const Place& place : places) {
    if (place.site != site) continue;
    YB_ASSIGN(const CaseFile file, ledger_.Find(site, place.case_id));
    const PersonView person = PersonOf(site, file.state);
    if (person.state == PersonView::State::kHere && person.applicant.code == code) return file.state.person;
  }
  std::string person = base::DrawUuid7(clock_.Now());
  YB_TRY(vault_.Add(site, person));
  return person;
}

Result<CaseDesk::Received> CaseDesk::Receive(const Worker& worker, Reception reception,
                                             const ledger::Command& command) {
  if (side() != cases::Side::kPark || !options_.own_site) {
    return Fail(ErrorCode::kRefused, Words{"cases are received at the window of a park", "收件在园区窗口办理"});
  }
  const base::SiteId& site = *options_.own_site;
  YB_ASSIGN(std::optional<CaseFile> before, ledger_.Done(command));
  if (before) return Received{std::move(*before), {}};

  const auto reference = reference_.Now();
  const Item* item = reference->catalogue.Find(reception.item);
  Received out;
  Error faults{ErrorCode::kInvalidArgument, "", "", ""};
  if (item == nullptr) faults.fields.push_back({"item", {"is no item of the catalogue", "事项目录中没有此事项"}});
  CheckApplicant(reception.applicant, Today(), faults.fields, out.warnings);
  if (item != nullptr) {
    CheckArea(*item, reception.area_m2, faults.fields);
    CheckForm(*item, reception.applicant.form, faults.fields);
  }
  if (!faults.fields.empty()) {
    const base::FieldFault& first = faults.fields.front();
    faults.message = first.field + ": " + first.words.en;
    faults.message_zh = first.field + "：" + first.words.zh;
    return Fail(std::move(faults));
  }

  ledger::NewCase made;
  made.terms = TermsOf(*item, reference->catalogue.version);
  if (!reception.applicant.agent.empty()) RequireAuthority(*item, made.terms);
  YB_ASSIGN(made.person, PersonFor(site, reception.applicant.code));
  const std::string plain = ledger::EncodeApplicant(reception.applicant);
  YB_ASSIGN(made.applicant, vault_.Seal(site, made.person, base::AsBytes(plain)));
  YB_ASSIGN(made.keys, vault_.KeysOf(site, SearchableOf(reception.applicant)));
  made.area_m2 = reception.area_m2;
  made.urgent = reception.urgent;
  made.receipt_prefix = options_.receipt_prefix;
  YB_ASSIGN(out.file, ledger_.Receive(site, worker.actor, std::move(made), command));
  return out;
}

Status CaseDesk::CheckStored(const std::string& name, std::uint64_t* bytes) {
  const auto sha = files::ParseHex(name);
  if (!sha) return FaultAt("file", {"is no SHA-256 in 64 hex digits", "应为 64 位十六进制的 SHA-256"});
  YB_ASSIGN(const std::optional<files::KeptFile> kept, files_.Find(*sha));
  if (!kept) return FaultAt("file", {"is not stored here: upload it first", "文件尚未上传"});
  if (bytes != nullptr) *bytes = kept->size;
  return {};
}

/// What the program knows better than whoever asks, and what must be there before the act is.
Status CaseDesk::Complete(const base::SiteId& site, const CaseFile& file, cases::Act& act) {
  const auto reference = reference_.Now();
  if (auto* put = std::get_if<cases::PutMaterial>(&act)) {
    YB_TRY(CheckStored(put->file, &put->bytes));
    const Status sealed = Seal(site, file.state, put->name);
    if (sealed || sealed.error().code != ErrorCode::kRefused) return sealed;
    put->name.clear();  // a file is worth more than what it is called: without the person's key it has no name
    return {};
  }
  if (auto* deliver = std::get_if<cases::Deliver>(&act)) {
    // Of an erased person nobody's name is kept; the case can still come to its end.
    YB_ASSIGN(const bool erased, vault_.IsErased(site, file.state.person));
    if (erased) deliver->receiver.clear();
    if (!erased) YB_TRY(Seal(site, file.state, deliver->receiver));
  }
  if (const std::string brought = cases::FileOf(act); !brought.empty()) return CheckStored(brought, nullptr);
  if (const auto* notice = std::get_if<cases::CorrectionNotice>(&act)) {
    // Not in the table of transitions: notices without a day were given before there was one.
    if (!notice->until && side() == cases::Side::kCity) {
      return FaultAt("until", {"is missing: the applicant has to know by when", "必填：须告知申请人补正到哪一天"});
    }
    if (notice->until && *notice->until <= Today()) return FaultAt("until", {"lies not after today", "应晚于今天"});
  }
  if (const auto* request = std::get_if<cases::Request>(&act);
      request != nullptr && request->kind == cases::Request::Kind::kSupplement) {
    return CheckSupplemented(file, reference->catalogue.Find(file.state.terms.item));
  }
  if (const auto* sent = std::get_if<cases::Return>(&act); sent != nullptr && sent->reason.empty()) {
    // Behind the decision it is the next step (转园区制证); before it somebody wants to know why.
    if (!file.state.granted) return FaultAt("text", {"is missing: a return has a reason", "必填：退回须写明理由"});
  }
  if (const auto* accept = std::get_if<cases::Accept>(&act)) {
    const Item* item = reference->catalogue.Find(file.state.terms.item);
    for (const std::string& key : accept->following) {
      const MaterialRule* material = item != nullptr ? item->FindMaterial(key) : nullptr;
      if (material == nullptr || material->may_follow) continue;
      return FaultAt("materials",
                     {"'" + material->name + "' may not follow", "「" + material->name + "」不适用容缺受理"});
    }
  }
  if (auto* decide = std::get_if<cases::Decide>(&act); decide != nullptr && side() == cases::Side::kPark) {
    const DelegationRule* rule = reference->delegations.Find(site, file.state.terms.item, Today());
    decide->delegation = rule != nullptr ? std::optional(rule->delegation) : std::nullopt;
  }
  if (const auto* bind = std::get_if<cases::BindNumber>(&act); bind != nullptr && !IsCaseNumber(bind->number)) {
    return FaultAt("number", {"is no case number: 31 characters of the item's code, the day, 4 digits",
                              "不是办件编号：31 位实施编码、8 位日期、4 位流水号"});
  }
  if (const auto* merge = std::get_if<cases::Merge>(&act)) {
    const auto into = ledger_.Find(site, merge->into);
    if (!into || into->state.phase == cases::Phase::kMerged || into->state.terms.item != file.state.terms.item) {
      return FaultAt("into", {"is no case of this item that can take it up", "不是可并入的同事项办件"});
    }
  }
  return {};
}

Result<CaseFile> CaseDesk::Act(const Worker& worker, const base::SiteId& site, const std::string& case_id,
                               cases::Act act, const ledger::Command& command) {
  YB_ASSIGN(std::optional<CaseFile> before, ledger_.Done(command));
  if (before) return std::move(*before);
  YB_ASSIGN(const CaseFile file, ledger_.Find(site, case_id));
  YB_TRY(CheckRole(worker, side(), file.state, cases::KindOf(act)));
  YB_TRY(Complete(site, file, act));
  // A site is answered only what it may have.
  const auto* put = std::get_if<cases::PutMaterial>(&act);
  const auto sha = put != nullptr ? files::ParseHex(put->file) : std::nullopt;
  if (sha) YB_TRY(files_.Share(*sha, site));
  return ledger_.Act(site, case_id, worker.actor, std::move(act), command);
}

Status CaseDesk::May(const Worker& worker, const base::SiteId& site, const CaseFile& file, cases::ActKind act) const {
  YB_TRY(CheckRole(worker, side(), file.state, act));
  const auto reference = reference_.Now();
  return ledger_.Allows(file, worker.actor, Probe(act, site, file.state, side(), *reference, Today()));
}

std::optional<cases::CaseEvent> CaseDesk::CameBefore(const Worker& worker, const base::SiteId& site,
                                                     const std::string& case_id, cases::Act act) {
  const auto file = ledger_.Find(site, case_id);
  if (!file || file->coming != 0 || !Complete(site, *file, act)) return std::nullopt;
  cases::CaseEvent wanted;
  wanted.id.writer = side();
  wanted.case_id = case_id;
  wanted.day = Today();
  wanted.actor = worker.actor;
  wanted.act = std::move(act);
  const cases::CaseEvent* event = cases::EventThatForbade(file->events, wanted);
  return event != nullptr ? std::optional(*event) : std::nullopt;
}

Result<std::vector<CaseDesk::Place>> CaseDesk::Search(const std::string& text, int most) {
  YB_ASSIGN(const std::vector<base::Bytes> keys, vault_.SearchKeys(options_.own_site, text));
  return PlacesOf([&](ledger::StreamLog&, ledger::CaseTables& tables) { return tables.Search(text, keys, most); });
}

Result<std::vector<CaseDesk::Place>> CaseDesk::DuplicatesOf(const base::SiteId& site, const CaseFile& file) {
  const PersonView person = PersonOf(site, file.state);
  std::vector<base::Bytes> keys;
  if (person.state == PersonView::State::kHere) {
    YB_ASSIGN(keys, vault_.SearchKeys(site, person.applicant.code));
  }
  YB_ASSIGN(const std::vector<Place> places,
            PlacesOf([&](ledger::StreamLog& log, ledger::CaseTables& tables) -> Result<std::vector<CaseKey>> {
              YB_ASSIGN(std::vector<CaseKey> found, tables.Search("", keys, kMostOfPerson));
              YB_ASSIGN(const auto no, log.FindSite(site));
              if (!no) return found;
              YB_ASSIGN(const auto more, tables.OthersOf({*no, file.state.case_id}, file.state.person));
              for (const CaseKey& key : more) {
                if (std::ranges::find(found, key) == found.end()) found.push_back(key);
              }
              return found;
            }));
  YB_ASSIGN(std::vector<Place> out, Unfinished(site, file.state.terms.item, places));
  std::erase_if(out, [&](const Place& place) { return place.case_id == file.state.case_id; });
  return out;
}

Result<std::vector<CaseDesk::Place>> CaseDesk::OpenCasesOf(const base::SiteId& site, const std::string& item,
                                                           const std::string& code) {
  YB_ASSIGN(const std::vector<base::Bytes> keys, vault_.SearchKeys(site, persons::Normalised(code)));
  YB_ASSIGN(const std::vector<Place> places, PlacesOf([&](ledger::StreamLog&, ledger::CaseTables& tables) {
              return tables.Search("", keys, kMostOfPerson);
            }));
  return Unfinished(site, item, places);
}

Result<std::vector<CaseDesk::Place>> CaseDesk::Unfinished(const base::SiteId& site, const std::string& item,
                                                          const std::vector<Place>& places) {
  std::vector<Place> out;
  for (const Place& place : places) {
    if (place.site != site) continue;
    YB_ASSIGN(const CaseFile other, ledger_.Find(site, place.case_id));
    if (!other.state.finished() && other.state.terms.item == item) out.push_back(place);
  }
  return out;
}

bool CaseDesk::Names(const CaseFile& file, std::string_view name) {
  return std::ranges::any_of(file.events,
                             [&](const cases::CaseEvent& event) { return cases::FileOf(event.act) == name; });
}

}  // namespace yb::casework
