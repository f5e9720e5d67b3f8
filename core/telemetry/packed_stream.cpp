#include "core/telemetry/packed_stream.hpp"

#include <zstd.h>

#include <memory>

namespace yb::telemetry {
namespace {

constexpr std::size_t kMostStreamBytes = std::size_t{32} << 20;  // unpacked
/// A tenth less than the usual 3 for half a millisecond of a slice of 1,000 readings; beyond it time and memory grow,
/// and the bytes hardly shrink: columns are noise by now.
constexpr int kCompressionLevel = 12;

using Packer = std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)>;
using Unpacker = std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)>;

/// One per thread: making one costs more than a small stream.
Packer& PackerOfThread() {
  thread_local Packer packer(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  return packer;
}
Unpacker& UnpackerOfThread() {
  thread_local Unpacker unpacker(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  return unpacker;
}

tl::unexpected<base::Error> Corrupt(const char* what) {
  return base::Fail(base::ErrorCode::kCorrupt, what);
}

}  // namespace

base::Bytes PackStream(const base::Bytes& plain) {
  if (plain.empty()) return {};
  const Packer& context = PackerOfThread();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kCompressionLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  base::Bytes packed(ZSTD_compressBound(plain.size()));
  const std::size_t size = ZSTD_compress2(context.get(), packed.data(), packed.size(), plain.data(), plain.size());
  YB_CHECK(ZSTD_isError(size) == 0, "zstd cannot fail with a buffer of its own bound");
  packed.resize(size);
  return packed;
}

base::Result<base::Bytes> UnpackStream(base::ByteView packed) {
  if (packed.empty()) return base::Bytes{};
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostStreamBytes)
    return Corrupt("a stream is no zstd frame of a known size");
  base::Bytes plain(size);
  const std::size_t written =
      ZSTD_decompressDCtx(UnpackerOfThread().get(), plain.data(), plain.size(), packed.data(), packed.size());
  if (ZSTD_isError(written) != 0 || written != size) return Corrupt("a stream does not unpack");
  return plain;
}

}  // namespace yb::telemetry
