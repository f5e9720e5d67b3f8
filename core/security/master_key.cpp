#include "core/security/master_key.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "core/base/write_file.hpp"
#include "core/security/private_file.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;

}  // namespace

base::Result<MasterKey> MasterKey::LoadOrMake(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "master.key";
  auto text = ReadSmallFile(file);
  if (!text && text.error().code == ErrorCode::kNotFound) {
    YB_TRY(MakePrivateFolder(folder));
    const Secret drawn = DrawSecret();
    YB_TRY(base::WriteFile(file, base::ToHex(drawn) + "\n", base::FileAccess::kOwnerOnly));
    return MasterKey(drawn);
  }
  if (!text) return Fail(text.error());
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || (status.st_mode & 077) != 0) {
    return Fail(ErrorCode::kPermission, file.string() + " may be read by others than its owner",
                "chmod 600 it, and ask who could have read it");
  }
  const auto bytes = base::FromHex(*text);
  Secret secret{};
  if (!bytes || bytes->size() != secret.size()) {
    return Fail(ErrorCode::kCorrupt, file.string() + " does not hold 64 hex digits",
                "put back the file of this program");
  }
  std::ranges::copy(*bytes, secret.begin());
  return MasterKey(secret);
}

Secret MasterKey::Derive(std::string_view purpose) const {
  const std::array<base::ByteView, 2> parts = {base::AsBytes("yuanban "), base::AsBytes(purpose)};
  return HmacSm3(secret_, parts);
}

}  // namespace yb::security
