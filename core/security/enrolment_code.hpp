// The one-time code (一次性接入码) with which a box joins: `YB1-XXXXX-…`, seven groups of Crockford's base 32.
//
// It carries 80 bits of secret, with which the box proves that it was invited, 80 bits of the SHA-256 of the city's
// root certificate, by which the box knows central before it tells the secret, and 15 bits that catch typing errors.
// Values; no threads.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/digest.hpp"
#include "core/base/result.hpp"

namespace yb::security {

struct EnrolmentCode {
  std::array<std::uint8_t, 10> secret{};
  std::array<std::uint8_t, 10> root_check{};  // the first bytes of the root certificate's fingerprint

  [[nodiscard]] std::string ToString() const;

  /// What central keeps of the secret.
  [[nodiscard]] base::Digest SecretHash() const;
};

/// A code with a new secret.
[[nodiscard]] EnrolmentCode MakeEnrolmentCode(const base::Digest& root_fingerprint);

/// Takes small letters, spaces or no hyphens, O for 0, and I or L for 1. kInvalidArgument for anything else and for a
/// typing error; the message never repeats the code.
[[nodiscard]] base::Result<EnrolmentCode> ParseEnrolmentCode(std::string_view text);

}  // namespace yb::security
