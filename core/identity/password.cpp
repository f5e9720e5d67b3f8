#include "core/identity/password.hpp"

#include <argon2.h>

#include <algorithm>
#include <array>

#include "core/security/random.hpp"

namespace yb::identity {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

/// Of no password: what is compared against where there is no user, so that this takes as long.
constexpr const char* kNobody =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

std::size_t CountCharacters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

char Small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool IsSame(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Small, Small);
}

}  // namespace

Status CheckNewPassword(std::string_view password, std::string_view user_name) {
  if (const std::size_t characters = CountCharacters(password); characters < kShortestPassword) {
    const std::string found = std::to_string(characters);
    return Fail(ErrorCode::kInvalidArgument,
                base::Words{"a password has 10 characters or more, this one has " + found,
                            "密码至少 10 个字符，现在是 " + found + " 个"},
                base::Words{"a sentence is easy to remember", "一句话就容易记住"});
  }
  if (password.size() > kLongestPassword) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"a password has 256 bytes at most", "密码不能超过 256 字节"});
  }
  if (IsSame(password, user_name)) {
    return Fail(ErrorCode::kInvalidArgument, base::Words{"the password is the user's name", "密码不能与用户名相同"});
  }
  return {};
}

/// Waits for its turn; empty where too many wait already.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {
    is_let_in_ = hasher_.waiting_.fetch_add(1) <= hasher_.most_waiting_;
    if (is_let_in_) hasher_.at_work_.lock();
  }
  ~Turn() {
    if (is_let_in_) hasher_.at_work_.unlock();
    hasher_.waiting_.fetch_sub(1);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  [[nodiscard]] Status state() const {
    if (is_let_in_) return {};
    return Fail(ErrorCode::kUnavailable, base::Words{"too many people log in at this moment", "此刻登录的人太多"},
                base::Words{"try again in a few seconds", "几秒后再试"});
  }

 private:
  PasswordHasher& hasher_;
  bool is_let_in_ = false;
};

Result<std::string> PasswordHasher::Hash(std::string_view password) {
  const Turn turn(*this);
  YB_TRY(turn.state());
  const base::Bytes salt = security::RandomBytes(kSaltBytes);
  std::array<char, 256> encoded{};
  const int code = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(), salt.data(),
                                         salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) {
    return Fail(ErrorCode::kUnavailable, std::string("the password cannot be hashed: ") + argon2_error_message(code));
  }
  return std::string(encoded.data());
}

Result<bool> PasswordHasher::Verify(std::string_view password, const std::string& hash) {
  const Turn turn(*this);
  YB_TRY(turn.state());
  const int code = argon2id_verify(hash.empty() ? kNobody : hash.c_str(), password.data(), password.size());
  if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH) {
    return Fail(ErrorCode::kCorrupt,
                std::string("a stored password hash cannot be checked: ") + argon2_error_message(code));
  }
  return code == ARGON2_OK && !hash.empty();
}

}  // namespace yb::identity
