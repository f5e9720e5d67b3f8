// Whose cases they are, and what of them is here: looking, erasing, being found, files to fetch.
#include <algorithm>

#include "core/base/log.hpp"
#include "core/casework/case_desk.hpp"
#include "core/domain/cases/act_file.hpp"

namespace yb::casework {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using base::Words;
using ledger::CaseFile;
using ledger::CaseKey;

const base::Logger kLog("cases");

/// Unfinished cases that are looked through at a time at the start.
constexpr std::int64_t kBatch = 200;

/// What the vault refused, to whoever wanted to see or write something of the applicant's.
tl::unexpected<base::Error> WithoutKey(const base::Error& why) {
  if (why.code == ErrorCode::kErased) {
    return Fail(ErrorCode::kRefused, Words{"the applicant was erased", "申请人信息已删除"});
  }
  if (why.code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kRefused, Words{"the applicant's key has not come yet", "申请人信息尚未同步到"},
                Words{"it comes by itself once the other side is connected", "与对方连通后会自动传来"});
  }
  return Fail(why);
}

}  // namespace

persons::Searchable SearchableOf(const ledger::Applicant& applicant) {
  return {applicant.name, applicant.code, applicant.agent, applicant.phone};
}

PersonView CaseDesk::PersonOf(const base::SiteId& site, const cases::CaseState& state) {
  PersonView view;
  if (state.person.empty()) return view;
  const auto opened = vault_.Open(site, state.person, state.applicant);
  if (!opened) {
    if (opened.error().code == ErrorCode::kErased) view.state = PersonView::State::kErased;
    return view;
  }
  auto applicant = ledger::DecodeApplicant(base::AsText(*opened));
  if (!applicant) return view;
  view.state = PersonView::State::kHere;
  view.applicant = std::move(*applicant);
  return view;
}

Status CaseDesk::Seal(const base::SiteId& site, const cases::CaseState& state, base::Bytes& text) {
  auto sealed = vault_.Seal(site, state.person, text);
  if (!sealed) return WithoutKey(sealed.error());
  text = std::move(*sealed);
  return {};
}

std::optional<base::Bytes> CaseDesk::Unsealed(const base::SiteId& site, const cases::CaseState& state,
                                              base::ByteView sealed) {
  auto opened = vault_.Open(site, state.person, sealed);
  return opened ? std::optional(std::move(*opened)) : std::nullopt;
}

std::optional<ledger::Receiver> CaseDesk::ReceiverOf(const base::SiteId& site, const CaseFile& file) {
  const cases::CaseEvent* event = ledger::LastOf<cases::Deliver>(file);
  if (event == nullptr) return std::nullopt;
  const auto opened = Unsealed(site, file.state, std::get<cases::Deliver>(event->act).receiver);
  if (!opened) return std::nullopt;
  auto receiver = ledger::DecodeReceiver(*opened);
  return receiver ? std::optional(std::move(*receiver)) : std::nullopt;
}

Result<ledger::Applicant> CaseDesk::Unmask(const Worker& worker, const base::SiteId& site, const std::string& case_id,
                                           const std::string& reason) {
  YB_ASSIGN(const CaseFile file, ledger_.Find(site, case_id));
  // Before the event: who could not be shown anything has not looked.
  const auto plain = vault_.Open(site, file.state.person, file.state.applicant);
  if (!plain) return WithoutKey(plain.error());
  YB_ASSIGN(ledger::Applicant applicant, ledger::DecodeApplicant(base::AsText(*plain)));
  YB_TRY(ledger_.Act(site, case_id, worker.actor, cases::Unmask{reason}));
  return applicant;
}

Status CaseDesk::ForgetPerson(const base::SiteId& site, const std::string& person) {
  YB_ASSIGN(const std::vector<Place> places,
            PlacesOf([&](ledger::StreamLog& log, ledger::CaseTables& tables) -> Result<std::vector<CaseKey>> {
              YB_ASSIGN(const auto no, log.FindSite(site));
              if (!no) return std::vector<CaseKey>();
              return tables.CasesOf(*no, person);
            }));
  for (const Place& place : places) {
    YB_TRY(ledger_.ForgetKeys(site, place.case_id));
    YB_ASSIGN(const CaseFile file, ledger_.Find(site, place.case_id));
    for (const cases::CaseEvent& event : file.events) {
      const std::string name = cases::FileOf(event.act);  // materials, the certificate, the signed receipt
      const auto sha = files::ParseHex(name);
      if (!sha) continue;
      YB_ASSIGN(const std::vector<Place> naming,
                PlacesOf([&](ledger::StreamLog&, ledger::CaseTables& tables) { return tables.CasesWith(name); }));
      bool others = false;
      for (const Place& other : naming) {
        YB_ASSIGN(const CaseFile of_other, ledger_.Find(other.site, other.case_id));
        others = others || other.site != site || of_other.state.person != person;
      }
      if (!others) YB_TRY(files_.Remove(*sha));
    }
  }
  return {};
}

Result<CaseFile> CaseDesk::Erase(const base::SiteId& site, const std::string& case_id) {
  YB_ASSIGN(CaseFile file, ledger_.Find(site, case_id));
  YB_TRY(vault_.Erase(site, file.state.person));
  YB_TRY(ForgetPerson(site, file.state.person));
  return file;
}

void CaseDesk::WantFiles(const base::SiteId& site, const CaseFile& file) {
  if (!options_.want_file) return;
  const auto erased = vault_.IsErased(site, file.state.person);
  if (!erased || *erased) return;
  const auto want = [&](const std::string& name, std::uint64_t bytes) {
    const auto sha = files::ParseHex(name);
    if (sha && !files_.Has(*sha)) options_.want_file(site, *sha, bytes);
  };
  for (const cases::CaseEvent& event : file.events) {
    const auto* put = std::get_if<cases::PutMaterial>(&event.act);
    want(cases::FileOf(event.act), put != nullptr ? put->bytes : 0);
  }
}

bool CaseDesk::MayHave(const base::SiteId& site, const base::Digest& sha) {
  const auto naming =
      PlacesOf([&](ledger::StreamLog&, ledger::CaseTables& tables) { return tables.CasesWith(files::HexOf(sha)); });
  return naming && std::ranges::any_of(*naming, [&](const Place& place) { return place.site == site; });
}

void CaseDesk::MakeFindable(const base::SiteId& site, const CaseFile& file) {
  const PersonView person = PersonOf(site, file.state);
  if (person.state != PersonView::State::kHere) return;  // found by its numbers until the key comes
  const auto keys = vault_.KeysOf(site, SearchableOf(person.applicant));
  const Status added = keys ? ledger_.AddKeys(site, file.state.case_id, *keys) : Status(Fail(keys.error()));
  if (!added) kLog.Error("a case cannot be made findable", {{"why", added.error().Describe()}});
}

void CaseDesk::OnCasesChanged(const base::SiteId& site, const std::vector<std::string>& case_ids) {
  for (const std::string& case_id : case_ids) {
    const auto file = ledger_.Find(site, case_id);
    if (!file) {
      kLog.Error("a changed case cannot be read", {{"case", case_id}, {"why", file.error().Describe()}});
      continue;
    }
    WantFiles(site, *file);
    MakeFindable(site, *file);
  }
}

void CaseDesk::OnPersonsChanged(const base::SiteId& site, const std::vector<persons::PersonEntry>& entries) {
  for (const persons::PersonEntry& entry : entries) {
    if (!entry.key) {
      const Status forgotten = ForgetPerson(site, entry.person);
      if (!forgotten) kLog.Error("an erased person is not forgotten", {{"why", forgotten.error().Describe()}});
      continue;
    }
    const auto places =
        PlacesOf([&](ledger::StreamLog& log, ledger::CaseTables& tables) -> Result<std::vector<CaseKey>> {
          YB_ASSIGN(const auto no, log.FindSite(site));
          if (!no) return std::vector<CaseKey>();
          return tables.CasesOf(*no, entry.person);
        });
    if (!places) continue;
    for (const Place& place : *places) {
      const auto file = ledger_.Find(site, place.case_id);
      if (file) MakeFindable(site, *file);
    }
  }
}

void CaseDesk::WantMissingFiles() {
  if (!options_.want_file) return;
  ledger::CaseFilter filter;
  filter.limit = kBatch;
  filter.who = "";  // nobody's turn: all that are unfinished
  filter.tab = ledger::Tab::kDoing;
  while (true) {
    const auto places = PlacesOf([&](ledger::StreamLog&, ledger::CaseTables& tables) { return tables.List(filter); });
    if (!places || places->empty()) return;
    for (const Place& place : *places) {
      const auto file = ledger_.Find(place.site, place.case_id);
      if (file) WantFiles(place.site, *file);
    }
    filter.offset += kBatch;
  }
}

}  // namespace yb::casework
