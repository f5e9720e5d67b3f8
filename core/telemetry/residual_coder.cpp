#include "core/telemetry/residual_coder.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace yb::telemetry {
namespace {

constexpr std::uint32_t kOne = 65'536;  // of probabilities
constexpr std::uint32_t kLeast = 32;    // no bit is certain
constexpr std::uint8_t kMostSeen = 254;
constexpr std::uint32_t kNarrow = std::uint32_t{1} << 24;  // below it a byte of the range is settled

/// How far one bit moves its probability after n others: 1 / (n + 1.5).
constexpr std::array<std::uint32_t, kMostSeen + 1> kRates = [] {
  std::array<std::uint32_t, kMostSeen + 1> rates{};
  for (std::uint32_t n = 0; n <= kMostSeen; ++n) rates.at(n) = 2 * kOne / (2 * n + 3);
  return rates;
}();

/// How likely a bit is 0, learnt from those before.
struct Bit {
  std::uint16_t zero = kOne / 2;
  std::uint8_t seen = 0;

  void Learn(bool bit) {
    const std::uint32_t rate = kRates[seen];
    const std::uint32_t p = bit ? zero - (zero * rate >> 16U) : zero + ((kOne - zero) * rate >> 16U);
    zero = static_cast<std::uint16_t>(std::clamp(p, kLeast, kOne - kLeast));
    seen = static_cast<std::uint8_t>(seen + (seen < kMostSeen ? 1 : 0));
  }
};

constexpr std::size_t kClasses = 4;      // of a residual before: 0, 1, 2, more
constexpr unsigned kWidthBits = 3;       // of a width up to 7; from 8 on all of them are set
constexpr unsigned kGreatWidthBits = 6;  // of what it is beyond 8
constexpr unsigned kLearntBits = 3;      // of those behind a residual's first one

std::size_t ClassOf(std::uint64_t residual) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(residual, kClasses - 1));
}

}  // namespace

struct ResidualModels {
  // By the classes of the two before; then by the bits of the width that are known.
  std::array<std::array<Bit, 1U << kWidthBits>, kClasses * kClasses> width;  // node 0: whether it is not 0
  std::array<Bit, 1U << kGreatWidthBits> great_width;
  // By the class of the one before, the width, and the bits that are known.
  std::array<std::array<std::array<Bit, 1U << kLearntBits>, 64>, kClasses> behind;
};

namespace {

/// `bits` of `told`, the highest first, each by what is known of them.
template <unsigned bits, typename Coder>
unsigned PassTree(Coder& coder, std::array<Bit, 1U << bits>& models, unsigned told) {
  unsigned node = 1;
  for (unsigned i = bits; i-- > 0;) node = node * 2 + (coder.Learnt(models[node], (told >> i & 1U) != 0) ? 1 : 0);
  return node - (1U << bits);
}

/// A residual by its bits, each given to `coder`, which gives back what it is: one description for both directions.
template <typename Coder>
std::uint64_t Pass(Coder& coder, ResidualModels& models, std::size_t before, std::size_t older,
                   std::uint64_t residual) {
  auto& width_models = models.width[before * kClasses + older];
  if (!coder.Learnt(width_models[0], residual != 0)) return 0;
  const unsigned told = static_cast<unsigned>(std::bit_width(residual)) - 1;
  constexpr unsigned kGreat = (1U << kWidthBits) - 1;
  unsigned width = PassTree<kWidthBits>(coder, width_models, std::min(told, kGreat));
  if (width == kGreat) width += PassTree<kGreatWidthBits>(coder, models.great_width, told - kGreat);
  auto& behind = models.behind[before][std::min(width, 63U)];
  std::uint64_t value = 1;
  unsigned learnt = 1;
  for (unsigned i = width; i-- > 0;) {
    const bool bit = (residual >> (i & 63U) & 1U) != 0;
    bool is = false;
    if (learnt < 1U << kLearntBits) {
      is = coder.Learnt(behind[learnt], bit);
      learnt = learnt * 2 + (is ? 1 : 0);
    } else {
      is = coder.Even(bit);
    }
    value = value * 2 + (is ? 1 : 0);
  }
  return value;
}

}  // namespace

struct ResidualEncoder::Range {
  bool Learnt(Bit& model, bool bit) {
    const std::uint32_t zero = (width >> 16U) * model.zero;
    if (bit) low += zero;
    width = bit ? width - zero : zero;
    model.Learn(bit);
    Settle();
    return bit;
  }
  bool Even(bool bit) {
    width >>= 1U;
    if (bit) low += width;
    Settle();
    return bit;
  }
  void Settle() {
    for (; width < kNarrow; width <<= 8U) PutByte();
  }
  /// The highest byte of `low` is settled, once no carry can reach it.
  void PutByte() {
    if (low < 0xFF00'0000U || low > 0xFFFF'FFFFU) {
      const auto carry = static_cast<std::uint8_t>(low >> 32U);
      if (begun) bytes.push_back(static_cast<std::uint8_t>(held + carry));
      bytes.insert(bytes.end(), full, static_cast<std::uint8_t>(0xFF + carry));
      full = 0;
      begun = true;
      held = static_cast<std::uint8_t>(low >> 24U);
    } else {
      ++full;
    }
    low = (low & 0x00FF'FFFFU) << 8U;
  }

  std::uint64_t low = 0;
  std::uint32_t width = 0xFFFF'FFFFU;
  std::uint8_t held = 0;  // the last byte that may still get a carry
  std::size_t full = 0;   // bytes 0xFF behind it
  bool begun = false;
  base::Bytes bytes;
  bool used = false;
};

ResidualEncoder::ResidualEncoder() : range_(std::make_unique<Range>()), models_(std::make_unique<ResidualModels>()) {}
ResidualEncoder::~ResidualEncoder() = default;

void ResidualEncoder::Put(std::span<const std::uint64_t> residuals) {
  if (residuals.empty()) return;
  *models_ = {};
  range_->used = true;
  std::size_t before = 0;
  std::size_t older = 0;
  Range range = std::move(*range_);  // in registers for the while
  for (const std::uint64_t residual : residuals) {
    Pass(range, *models_, before, older, residual);
    older = before;
    before = ClassOf(residual);
  }
  *range_ = std::move(range);
}

base::Bytes ResidualEncoder::Finish() {
  base::Bytes stream;
  if (range_->used) {
    constexpr int kBytesOfLow = 5;
    for (int i = 0; i < kBytesOfLow; ++i) range_->PutByte();
    stream = std::move(range_->bytes);
  }
  *range_ = {};
  return stream;
}

struct ResidualDecoder::Range {
  bool Learnt(Bit& model, bool) {
    const std::uint32_t zero = (width >> 16U) * model.zero;
    const bool bit = code >= zero;
    if (bit) code -= zero;
    width = bit ? width - zero : zero;
    model.Learn(bit);
    Settle();
    return bit;
  }
  bool Even(bool) {
    width >>= 1U;
    const bool bit = code >= width;
    if (bit) code -= width;
    Settle();
    return bit;
  }
  void Settle() {
    for (; width < kNarrow; width <<= 8U) code = code << 8U | Byte();
  }
  std::uint8_t Byte() {
    if (at < stream.size()) return stream[at++];
    missed = true;
    return 0;
  }

  base::ByteView stream;
  std::size_t at = 0;
  std::uint32_t code = 0;
  std::uint32_t width = 0xFFFF'FFFFU;
  bool missed = false;
};

ResidualDecoder::ResidualDecoder(base::ByteView stream)
    : range_(std::make_unique<Range>()), models_(std::make_unique<ResidualModels>()) {
  range_->stream = stream;
  constexpr int kBytesOfCode = 4;
  for (int i = 0; i < kBytesOfCode && !stream.empty(); ++i) range_->code = range_->code << 8U | range_->Byte();
}
ResidualDecoder::~ResidualDecoder() = default;

void ResidualDecoder::Take(std::span<std::uint64_t> residuals) {
  if (residuals.empty()) return;
  *models_ = {};
  range_->missed = range_->missed || range_->stream.empty();
  std::size_t before = 0;
  std::size_t older = 0;
  Range range = *range_;  // in registers for the while
  for (std::uint64_t& residual : residuals) {
    residual = Pass(range, *models_, before, older, 0);
    older = before;
    before = ClassOf(residual);
  }
  *range_ = range;
}

bool ResidualDecoder::ok() const {
  return !range_->missed;
}
bool ResidualDecoder::done() const {
  return ok() && range_->at == range_->stream.size();
}

}  // namespace yb::telemetry
