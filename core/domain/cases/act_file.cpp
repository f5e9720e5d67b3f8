#include "core/domain/cases/act_file.hpp"

namespace yb::cases {

std::string FileOf(const Act& act) {
  if (const auto* put = std::get_if<PutMaterial>(&act)) return put->file;
  if (const auto* certify = std::get_if<Certify>(&act)) return certify->file;
  if (const auto* corrected = std::get_if<CorrectCertificate>(&act)) return corrected->file;
  if (const auto* deliver = std::get_if<Deliver>(&act)) return deliver->file;
  return {};
}

}  // namespace yb::cases
