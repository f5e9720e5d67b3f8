#include "core/security/enrolment_service.hpp"

#include <algorithm>

#include "core/security/certificate.hpp"
#include "core/security/enrolment_code.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

constexpr int kMostFailures = 10;
constexpr base::Duration kWindow = std::chrono::minutes(10);

}  // namespace

EnrolmentService::EnrolmentService(const CityPki& pki, EnrolmentStore& store, std::string broker)
    : pki_(pki), store_(store), broker_(std::move(broker)), limiter_(AttemptLimiter(kMostFailures, kWindow)) {}

Result<Enrolled> EnrolmentService::Enrol(std::string_view code, std::string_view csr_pem, const std::string& remote,
                                         base::UtcTime now) {
  if (!limiter_.With([&](AttemptLimiter& limiter) { return limiter.MayTry(remote, now); })) {
    return Fail(ErrorCode::kUnavailable,
                base::Words{"too many failed attempts from this address", "此地址失败次数过多"},
                base::Words{"wait ten minutes", "请十分钟后再试"});
  }
  Result<Enrolled> enrolled = EnrolUnlimited(code, csr_pem, now);
  const bool was_wrong = !enrolled && (enrolled.error().code == ErrorCode::kRefused ||
                                       enrolled.error().code == ErrorCode::kInvalidArgument);
  if (was_wrong) limiter_.With([&](AttemptLimiter& limiter) { limiter.RecordFailure(remote, now); });
  return enrolled;
}

Result<Enrolled> EnrolmentService::EnrolUnlimited(std::string_view code, std::string_view csr_pem, base::UtcTime now) {
  YB_ASSIGN(const EnrolmentCode parsed, ParseEnrolmentCode(code));
  if (!std::equal(parsed.root_check.begin(), parsed.root_check.end(), pki_.root_fingerprint().begin())) {
    return Fail(ErrorCode::kRefused, base::Words{"the enrolment code is not of this city", "入网码不属于本市"},
                base::Words{"ask for a new code", "请索取新的入网码"});
  }
  YB_ASSIGN(const base::Digest key_digest, CheckRequest(csr_pem));
  YB_ASSIGN(Redeemed redeemed, store_.Redeem(parsed.SecretHash(), key_digest, now, [&](const base::SiteId& site) {
    return SignRequest(pki_.issuing(), csr_pem, {Role::kSite, site.text(), {}}, now);
  }));
  return Enrolled{redeemed.site,    pki_.city(),      redeemed.name, redeemed.certificate_pem,
                  pki_.chain_pem(), pki_.roots_pem(), broker_};
}

}  // namespace yb::security
