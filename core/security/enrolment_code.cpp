#include "core/security/enrolment_code.hpp"

#include <algorithm>
#include <vector>

#include "core/security/random.hpp"

namespace yb::security {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kPrefix = "YB1";
constexpr std::size_t kBytes = 20;
constexpr std::size_t kBitsPerSymbol = 5;
constexpr std::size_t kDataSymbols = kBytes * 8 / kBitsPerSymbol;
constexpr std::size_t kCheckSymbols = 3;
constexpr std::size_t kGroup = 5;

using Symbols = std::vector<std::uint8_t>;

std::array<std::uint8_t, kBytes> Joined(const EnrolmentCode& code) {
  std::array<std::uint8_t, kBytes> bytes{};
  std::copy(code.secret.begin(), code.secret.end(), bytes.begin());
  std::copy(code.root_check.begin(), code.root_check.end(), bytes.begin() + code.secret.size());
  return bytes;
}

Symbols ToSymbols(base::ByteView bytes, std::size_t count) {
  Symbols symbols(count);
  for (std::size_t bit = 0; bit < count * kBitsPerSymbol; ++bit) {
    const int value = (bytes[bit / 8] >> (7 - bit % 8)) & 1;
    symbols[bit / kBitsPerSymbol] = static_cast<std::uint8_t>(symbols[bit / kBitsPerSymbol] << 1 | value);
  }
  return symbols;
}

Symbols WithCheck(const std::array<std::uint8_t, kBytes>& bytes) {
  Symbols symbols = ToSymbols(bytes, kDataSymbols);
  const Symbols check = ToSymbols(base::Sha256(base::AsBytes(kPrefix), bytes), kCheckSymbols);
  symbols.insert(symbols.end(), check.begin(), check.end());
  return symbols;
}

char Normal(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return c;
}

}  // namespace

std::string EnrolmentCode::ToString() const {
  std::string text(kPrefix);
  const Symbols symbols = WithCheck(Joined(*this));
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (i % kGroup == 0) text += '-';
    text += kAlphabet[symbols[i]];
  }
  return text;
}

base::Digest EnrolmentCode::SecretHash() const {
  return base::Sha256(base::AsBytes("yuanban enrolment secret"), secret);
}

EnrolmentCode MakeEnrolmentCode(const base::Digest& root_fingerprint) {
  EnrolmentCode code;
  const base::Bytes secret = RandomBytes(code.secret.size());
  std::copy(secret.begin(), secret.end(), code.secret.begin());
  std::copy_n(root_fingerprint.begin(), code.root_check.size(), code.root_check.begin());
  return code;
}

Result<EnrolmentCode> ParseEnrolmentCode(std::string_view text) {
  const std::string hint = "a code looks like " + EnrolmentCode{}.ToString() + ", with other characters";
  std::string plain;
  for (char c : text) {
    if (c != '-' && c != ' ' && c != '\t' && c != '\n' && c != '\r') plain += Normal(c);
  }
  if (!plain.starts_with(kPrefix)) {
    return Fail(ErrorCode::kInvalidArgument, "the enrolment code does not begin with YB1", hint);
  }
  Symbols symbols;
  for (char c : plain.substr(kPrefix.size())) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument, "the enrolment code has a character that codes do not use", hint);
    }
    symbols.push_back(static_cast<std::uint8_t>(value));
  }
  if (symbols.size() != kDataSymbols + kCheckSymbols) {
    return Fail(ErrorCode::kInvalidArgument,
                "the enrolment code has " + std::to_string(symbols.size()) + " characters after YB1 instead of " +
                    std::to_string(kDataSymbols + kCheckSymbols),
                hint);
  }
  std::array<std::uint8_t, kBytes> bytes{};
  for (std::size_t bit = 0; bit < kBytes * 8; ++bit) {
    const int value = (symbols[bit / kBitsPerSymbol] >> (kBitsPerSymbol - 1 - bit % kBitsPerSymbol)) & 1;
    bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] << 1 | value);
  }
  if (WithCheck(bytes) != symbols) {
    return Fail(ErrorCode::kInvalidArgument, "the enrolment code has a typing error", "compare it with the original");
  }
  EnrolmentCode code;
  std::copy_n(bytes.begin(), code.secret.size(), code.secret.begin());
  std::copy_n(bytes.begin() + code.secret.size(), code.root_check.size(), code.root_check.begin());
  return code;
}

}  // namespace yb::security
