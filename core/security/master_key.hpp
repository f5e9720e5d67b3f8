// MasterKey (主密钥): the secret of one program from which the secrets of its stores are derived. It is the file
// `master.key`, 0600, 64 hex digits, made at the first start. Its folder may be another than the data's: on a medium
// of its own, a stolen disk shows nothing; beside the data it protects against copies of single files only. Without
// it nothing that was sealed can be read again: it belongs in a safe, and in no backup of the data.
//
// A value; any thread.
#pragma once

#include <filesystem>
#include <string_view>

#include "core/security/sealer.hpp"

namespace yb::security {

class MasterKey {
 public:
  /// Makes folder and file where they are missing, synced when it returns. kPermission where others than the owner may
  /// read the file, kCorrupt where it is no key.
  [[nodiscard]] static base::Result<MasterKey> LoadOrMake(const std::filesystem::path& folder);

  /// For tests and for tools that hold the key already.
  explicit MasterKey(const Secret& secret) : secret_(secret) {}

  /// HMAC-SM3(key, "yuanban " + purpose).
  [[nodiscard]] Secret Derive(std::string_view purpose) const;

 private:
  Secret secret_;
};

}  // namespace yb::security
