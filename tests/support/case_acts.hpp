// Terms of an item and random acts on its cases, most of them sensible, some not.
#pragma once

#include <random>

#include "core/domain/cases/case_event.hpp"
#include "core/security/sealer.hpp"

namespace yb::test {

inline const std::string kPlanning = "市自然资源局";
inline const std::string kHousing = "市住建局";

inline cases::ItemTerms PlanningTerms() {
  cases::ItemTerms terms;
  terms.item = "planning-permit";
  terms.name = "建设工程规划许可证";
  terms.promised_days = 5;
  terms.signers = {kPlanning, kHousing};
  terms.materials = {"application", "site-plan"};
  return terms;
}

/// Stands for what the vault seals: as long as that, and legible.
inline std::vector<std::uint8_t> AsSealed(std::string_view text) {
  std::vector<std::uint8_t> bytes(text.begin(), text.end());
  bytes.resize(bytes.size() + security::Sealer::kOverhead);
  return bytes;
}

/// `requests` may be answered, whether they are open or not.
inline cases::Act RandomAct(std::mt19937& random, const std::vector<cases::EventId>& requests) {
  using namespace cases;
  switch (random() % 17) {
    case 0: return HandOver{};
    case 1: return Sign{random() % 4 != 0, ""};
    case 2: return Sign{true, ""};
    case 3: return Decide{random() % 2 == 0, "依据", "", {}};
    case 4: return Return{"退回"};
    case 5: return Pause{PauseGround::kExpertReview, ""};
    case 6: return Resume{};
    case 7: return CorrectionNotice{{"site-plan"}, "", std::nullopt};
    case 8: return Request{static_cast<Request::Kind>(1 + random() % 3), ""};
    case 9:
    case 10:
      if (requests.empty()) return Remind{"请尽快"};
      return Answer{requests[random() % requests.size()], random() % 2 == 0, ""};
    case 11: return Withdraw{""};
    case 12: return Certify{"证", ""};
    case 13: return BindNumber{std::string(43, static_cast<char>('0' + random() % 2))};
    case 14: return Extend{static_cast<std::int64_t>(random() % 12), "理由"};
    case 15: return CorrectCertificate{"证" + std::to_string(random() % 3), "", "笔误"};
    default: return PutMaterial{"m" + std::to_string(random() % 3), "f", AsSealed("n"), 1};
  }
}

}  // namespace yb::test
