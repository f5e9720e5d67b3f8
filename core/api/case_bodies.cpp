#include "core/api/case_bodies.hpp"

#include "core/api/case_words.hpp"
#include "core/api/form.hpp"
#include "core/base/uuid.hpp"
#include "core/files/file_store.hpp"

namespace yb::api {
namespace {

using base::Result;
using cases::ActKind;

constexpr std::size_t kKey = 128;
constexpr std::size_t kRelation = 60;  // as much as the receipt has room for
constexpr std::size_t kName = 200;
constexpr std::size_t kNumber = 120;
constexpr std::size_t kLine = 500;
constexpr std::size_t kText = 4000;
constexpr std::size_t kMostMaterials = 100;
constexpr std::size_t kMostFields = 50;
constexpr std::size_t kMostOfField = 600;  // 200 characters of Chinese, which is what a paper bears
constexpr std::size_t kMostDepartments = 20;
constexpr std::int64_t kMostDays = 1000;
constexpr std::int64_t kMostNumber = std::int64_t{1} << 53;  // what a browser's number holds exactly

std::string ReadFile(Form& form, bool required) {
  std::string file = form.Text("file", kKey, required);
  if (!file.empty() && !files::ParseHex(file)) {
    form.Fault("file", {"is no SHA-256 in 64 hex digits", "应为 64 位十六进制的 SHA-256"});
  }
  return file;
}

bool ReadFlag(Form& form, const char* key) {
  const bool there = form.Has(key);
  const auto flag = form.MaybeFlag(key);
  if (!there) form.Missing(key);
  return flag.value_or(false);
}

std::int64_t ReadWhole(Form& form, const char* key, std::int64_t least, std::int64_t most) {
  const bool there = form.Has(key);
  const auto whole = form.Whole(key, least, most);
  if (!there) form.Missing(key);
  return whole.value_or(least);
}

cases::EventId ReadEvent(Form& form) {
  Form within = form.Within("event");
  cases::EventId event;
  event.writer = within.Word("writer", {"park", "city"}) == "city" ? cases::Side::kCity : cases::Side::kPark;
  const std::int64_t epoch = ReadWhole(within, "epoch", 1, kMostNumber);
  const std::int64_t seq = ReadWhole(within, "seq", 1, kMostNumber);
  within.Close();
  event.at = {static_cast<std::uint64_t>(epoch), static_cast<std::uint64_t>(seq)};
  return event;
}

cases::Act ReadAccept(Form& form) {
  cases::Accept act{form.Texts("materials", kMostMaterials, kKey), form.Date("until")};
  if (!act.following.empty() && !act.until) form.Missing("until");
  return act;
}

/// Who signed is in the clear; the desk seals it.
cases::Act ReadDeliver(Form& form) {
  ledger::Receiver receiver;
  receiver.name = form.Text("receiver", kName);
  receiver.relation = form.TextOr("relation", kRelation);
  return cases::Deliver{ledger::EncodeReceiver(receiver), ReadFile(form, false), form.Date("signed_on")};
}

cases::Act ReadChangeSigners(Form& form) {
  cases::ChangeSigners act{form.Texts("add", kMostDepartments, kName), form.Texts("remove", kMostDepartments, kName)};
  if (act.add.empty() && act.remove.empty()) form.Missing("add");
  return act;
}

cases::Act ReadCorrectionNotice(Form& form) {
  cases::CorrectionNotice act{form.Texts("materials", kMostMaterials, kName), form.TextOr("text", kText),
                              form.Date("until")};
  if (act.materials.empty()) form.Missing("materials");
  return act;
}

cases::Act ReadDecide(Form& form) {
  cases::Decide act;
  act.granted = ReadFlag(form, "granted");
  act.text = form.TextOr("text", kText);
  act.ground = form.TextOr("ground", kText);
  if (!act.granted && act.ground.empty()) form.Missing("ground");
  return act;
}

/// Each in the order of its fields; what is left over is refused in the end.
cases::Act ReadFields(ActKind kind, Form& form) {
  switch (kind) {
    case ActKind::kPutMaterial: {
      cases::PutMaterial act;
      act.material = form.Text("material", kKey);
      act.file = ReadFile(form, true);
      const std::string name = form.Text("name", kName);
      act.name.assign(name.begin(), name.end());  // in the clear; the desk seals it
      return act;
    }
    case ActKind::kAccept: return ReadAccept(form);
    case ActKind::kDeclineToAccept: return cases::DeclineToAccept{form.Text("text", kText)};
    case ActKind::kCorrectionNotice: return ReadCorrectionNotice(form);
    case ActKind::kSupplement: return cases::Supplement{};
    case ActKind::kHandOver: return cases::HandOver{};
    case ActKind::kReturn: return cases::Return{form.TextOr("text", kText)};
    case ActKind::kAssign: {
      std::string user = form.TextOr("user", kKey);
      return cases::Assign{std::move(user), form.Text("name", kName)};
    }
    case ActKind::kChangeSigners: return ReadChangeSigners(form);
    case ActKind::kSign: {
      const bool agrees = ReadFlag(form, "agrees");
      return cases::Sign{agrees, form.TextOr("text", kText)};
    }
    case ActKind::kPause: {
      const auto ground = ParsePauseGround(form.Word("pause_ground", PauseGroundWords()));
      return cases::Pause{ground.value_or(cases::PauseGround::kApplicant), form.Text("document", kLine)};
    }
    case ActKind::kResume: return cases::Resume{};
    case ActKind::kExtend: {
      const std::int64_t days = ReadWhole(form, "days", 1, kMostDays);
      return cases::Extend{days, form.Text("text", kText)};
    }
    case ActKind::kDecide: return ReadDecide(form);
    case ActKind::kCorrectDecision: return cases::CorrectDecision{form.Text("text", kText)};
    case ActKind::kCertify: {
      std::string number = form.Text("number", kNumber);
      return cases::Certify{std::move(number), ReadFile(form, false)};
    }
    case ActKind::kCorrectCertificate: {
      std::string number = form.Text("number", kNumber);
      std::string file = ReadFile(form, false);
      return cases::CorrectCertificate{std::move(number), std::move(file), form.Text("text", kText)};
    }
    case ActKind::kDispatch: {
      std::string courier = form.Text("courier", kNumber);
      return cases::Dispatch{std::move(courier), form.Text("waybill", kNumber)};
    }
    case ActKind::kDeliver: return ReadDeliver(form);
    case ActKind::kClose: return cases::Close{};
    case ActKind::kRate: {
      const std::int64_t stars = ReadWhole(form, "stars", 1, 5);
      return cases::Rate{static_cast<std::uint8_t>(stars), form.TextOr("text", kText)};
    }
    case ActKind::kArchive: return cases::Archive{};
    case ActKind::kWithdraw: return cases::Withdraw{form.Text("text", kText)};
    case ActKind::kRequest: {
      const auto wanted = ParseRequestKind(form.Word("kind", RequestWords()));
      return cases::Request{wanted.value_or(cases::Request::Kind::kWithdrawal), form.Text("text", kText)};
    }
    case ActKind::kAnswer: {
      const cases::EventId event = ReadEvent(form);
      const bool confirmed = ReadFlag(form, "confirmed");
      return cases::Answer{event, confirmed, form.TextOr("text", kText)};
    }
    case ActKind::kRemind: return cases::Remind{form.Text("text", kText)};
    case ActKind::kSupervise: return cases::Supervise{form.Text("text", kText)};
    case ActKind::kBindNumber: return cases::BindNumber{form.Text("number", kNumber)};
    case ActKind::kMerge: {
      cases::Merge act{form.Text("into", kKey)};
      if (!act.into.empty() && !base::IsUuid(act.into)) form.Fault("into", {"is no case", "不是办件标识"});
      return act;
    }
    case ActKind::kSettle: {
      const cases::EventId event = ReadEvent(form);
      return cases::Settle{event, form.Text("text", kText)};
    }
    case ActKind::kReceive:
    case ActKind::kUnmask:
    case ActKind::kPrint:
    case ActKind::kUnknown: break;
  }
  form.Fault("act", {"is not done this way", "此操作不在此处办理"});
  return cases::UnknownAct{};
}

}  // namespace

Result<ActWish> ReadActWish(const std::string& body) {
  YB_ASSIGN(Form form, Form::Parse(body));
  ActWish wish;
  wish.idempotency_key = form.TextOr("idempotency_key", kKey);
  const auto kind = ParseActKind(form.Word("act", ActWords()));
  if (kind) wish.act = ReadFields(*kind, form);
  YB_TRY(form.Finish());
  return wish;
}

Result<ReceptionWish> ReadReceptionWish(const std::string& body) {
  YB_ASSIGN(Form form, Form::Parse(body));
  ReceptionWish wish;
  wish.reception.item = form.Text("item", kKey);
  {
    Form within = form.Within("applicant");
    ledger::Applicant& applicant = wish.reception.applicant;
    applicant.kind = within.Word("kind", {"company", "person"}) == "person" ? ledger::Applicant::Kind::kPerson
                                                                            : ledger::Applicant::Kind::kCompany;
    applicant.name = within.Text("name", kName);
    applicant.code = within.Text("code", kKey);
    applicant.agent = within.TextOr("agent", kName);
    applicant.phone = within.TextOr("phone", kKey);
    applicant.address = within.TextOr("address", kLine);
    within.Close();
  }
  wish.reception.area_m2 = form.Decimal("area_m2");
  wish.reception.applicant.form = form.TextsByKey("form", kMostFields, kName, kMostOfField);
  wish.reception.urgent = form.Flag("urgent", false);
  wish.draft = form.TextOr("draft", kKey);
  wish.idempotency_key = form.TextOr("idempotency_key", kKey);
  YB_TRY(form.Finish());
  return wish;
}

Result<std::string> ReadReason(const std::string& body) {
  YB_ASSIGN(Form form, Form::Parse(body));
  std::string reason = form.Text("reason", kLine);
  YB_TRY(form.Finish());
  return reason;
}

}  // namespace yb::api
