#include "core/files/container.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/security/random.hpp"

namespace yb::files {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::string_view kMagic = "YBFILE1\n";
constexpr std::size_t kIdentityBytes = 16;

base::Bytes Bound(base::ByteView identity, std::uint64_t piece, bool last) {
  base::Bytes bound(identity.begin(), identity.end());
  for (int shift = 56; shift >= 0; shift -= 8) bound.push_back(static_cast<std::uint8_t>(piece >> shift));
  bound.push_back(last ? 1 : 0);
  return bound;
}

std::uint64_t PlaceOf(std::uint64_t piece) {
  return kHeaderBytes + piece * kSealedPieceBytes;
}

Status WriteAll(int descriptor, base::ByteView bytes, const std::filesystem::path& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FailAt(file, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

/// As many of `size` bytes at `place` as there are.
Result<base::Bytes> ReadAt(int descriptor, std::uint64_t place, std::size_t size, const std::filesystem::path& file) {
  base::Bytes bytes(size);
  std::size_t have = 0;
  while (have < size) {
    const ssize_t count = ::pread(descriptor, bytes.data() + have, size - have, static_cast<off_t>(place + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FailAt(file, errno);
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

tl::unexpected<base::Error> Broken(const std::filesystem::path& file, const std::string& what) {
  return Fail(base::Error{ErrorCode::kCorrupt, what, file.string(), "", "文件已损坏"});
}

}  // namespace

void RunningDigest::Free::operator()(void* context) const {
  EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}
RunningDigest::RunningDigest() : context_(EVP_MD_CTX_new()) {
  YB_CHECK(context_ && EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_.get()), EVP_sha256(), nullptr) == 1,
           "SHA-256 is part of every OpenSSL build, yet it did not begin");
}
RunningDigest::~RunningDigest() = default;
RunningDigest::RunningDigest(RunningDigest&&) noexcept = default;
RunningDigest& RunningDigest::operator=(RunningDigest&&) noexcept = default;
void RunningDigest::Add(base::ByteView bytes) {
  YB_CHECK(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()) == 1,
           "SHA-256 did not take bytes");
}
base::Digest RunningDigest::Finish() {
  base::Digest digest{};
  YB_CHECK(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()), digest.data(), nullptr) == 1,
           "SHA-256 did not end");
  return digest;
}

// ---- writing ----

Result<ContainerWriter> ContainerWriter::Make(std::filesystem::path file, const security::Sealer& sealer) {
  Descriptor out(::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (out.number() < 0) return FailAt(file, errno);
  ContainerWriter writer(std::move(file), sealer, std::move(out));
  writer.identity_ = security::RandomBytes(kIdentityBytes);
  base::Bytes header(kMagic.begin(), kMagic.end());
  header.insert(header.end(), writer.identity_.begin(), writer.identity_.end());
  header.resize(kHeaderBytes);
  YB_TRY(WriteAll(writer.out_.number(), header, writer.file_));
  return writer;
}

Result<ContainerWriter> ContainerWriter::GoOn(std::filesystem::path file, const security::Sealer& sealer,
                                              std::uint64_t kept) {
  YB_CHECK(kept % kPieceBytes == 0, "a container goes on behind whole pieces");
  Descriptor out(::open(file.c_str(), O_RDWR | O_CLOEXEC, 0));
  if (out.number() < 0) return FailAt(file, errno);
  ContainerWriter writer(std::move(file), sealer, std::move(out));
  const int descriptor = writer.out_.number();
  YB_ASSIGN(const base::Bytes header, ReadAt(descriptor, 0, kHeaderBytes, writer.file_));
  if (header.size() != kHeaderBytes || base::AsText(header).substr(0, kMagic.size()) != kMagic) {
    return Broken(writer.file_, "the file is no container of ours");
  }
  writer.identity_.assign(header.begin() + kMagic.size(), header.begin() + kMagic.size() + kIdentityBytes);
  for (std::uint64_t piece = 0; piece < kept / kPieceBytes; ++piece) {
    YB_ASSIGN(const base::Bytes sealed, ReadAt(descriptor, PlaceOf(piece), kSealedPieceBytes, writer.file_));
    const auto content = sealer.Open(Bound(writer.identity_, piece, false), sealed);
    if (!content) return Broken(writer.file_, "piece " + std::to_string(piece) + " is not what was written");
    writer.digest_.Add(*content);
  }
  writer.pieces_ = kept / kPieceBytes;
  writer.size_ = kept;
  const auto end = static_cast<off_t>(PlaceOf(writer.pieces_));
  if (::ftruncate(descriptor, end) != 0 || ::lseek(descriptor, end, SEEK_SET) != end) {
    return FailAt(writer.file_, errno);
  }
  return writer;
}

Status ContainerWriter::WritePiece(bool last) {
  const std::size_t size = std::min(kPieceBytes, pending_.size());
  const base::ByteView content = base::ByteView(pending_).first(size);
  const base::Bytes sealed = sealer_.Seal(Bound(identity_, pieces_, last), content);
  const auto place = static_cast<off_t>(PlaceOf(pieces_));
  Status written = WriteAll(out_.number(), sealed, file_);
  if (!written) {
    // As if it had not been tried, so that it can be tried again.
    if (::ftruncate(out_.number(), place) != 0 || ::lseek(out_.number(), place, SEEK_SET) != place) {
      return FailAt(file_, errno);
    }
    return written;
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(size));
  ++pieces_;
  return {};
}

Status ContainerWriter::Append(base::ByteView bytes) {
  while (!bytes.empty()) {
    // A whole piece is written once more comes: the last one is marked as such.
    if (pending_.size() == kPieceBytes) YB_TRY(WritePiece(false));
    const base::ByteView part = bytes.first(std::min(bytes.size(), kPieceBytes - pending_.size()));
    pending_.insert(pending_.end(), part.begin(), part.end());
    digest_.Add(part);
    size_ += part.size();
    bytes = bytes.subspan(part.size());
  }
  return {};
}

Result<std::uint64_t> ContainerWriter::Sync() {
  if (::fsync(out_.number()) != 0) return FailAt(file_, errno);
  return pieces_ * kPieceBytes;
}

Result<base::Digest> ContainerWriter::Finish() {
  YB_TRY(WritePiece(true));
  if (::fsync(out_.number()) != 0) return FailAt(file_, errno);
  return digest_.Finish();
}

// ---- reading ----

Result<ContainerReader> ContainerReader::Open(std::filesystem::path file, const security::Sealer& sealer) {
  Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC, 0));
  if (in.number() < 0) return FailAt(file, errno);
  ContainerReader reader(std::move(file), sealer, std::move(in));
  struct stat status {};
  if (::fstat(reader.in_.number(), &status) != 0) return FailAt(reader.file_, errno);
  YB_ASSIGN(const base::Bytes header, ReadAt(reader.in_.number(), 0, kHeaderBytes, reader.file_));
  if (header.size() != kHeaderBytes || base::AsText(header).substr(0, kMagic.size()) != kMagic) {
    return Broken(reader.file_, "the file is no container of ours");
  }
  const std::uint64_t sealed = static_cast<std::uint64_t>(status.st_size) - kHeaderBytes;
  reader.pieces_ = (sealed + kSealedPieceBytes - 1) / kSealedPieceBytes;
  if (sealed < reader.pieces_ * security::Sealer::kOverhead || reader.pieces_ == 0) {
    return Broken(reader.file_, "the file ends within a seal");
  }
  reader.size_ = sealed - reader.pieces_ * security::Sealer::kOverhead;
  reader.identity_.assign(header.begin() + kMagic.size(), header.begin() + kMagic.size() + kIdentityBytes);
  return reader;
}

Status ContainerReader::LoadPiece(std::uint64_t piece) {
  if (piece == loaded_) return {};
  YB_ASSIGN(const base::Bytes sealed, ReadAt(in_.number(), PlaceOf(piece), kSealedPieceBytes, file_));
  auto content = sealer_.Open(Bound(identity_, piece, piece + 1 == pieces_), sealed);
  if (!content) return Broken(file_, "piece " + std::to_string(piece) + " was changed, or the file was cut off");
  piece_ = std::move(*content);
  loaded_ = piece;
  return {};
}

Result<base::Bytes> ContainerReader::Read(std::uint64_t offset, std::size_t most) {
  // An empty file has a piece as well: that it was not cut off is looked at, too.
  if (offset >= size_ && size_ != 0) return base::Bytes();
  YB_TRY(LoadPiece(std::min(offset / kPieceBytes, pieces_ - 1)));
  const std::size_t from = std::min<std::size_t>(offset % kPieceBytes, piece_.size());
  const std::size_t count = std::min(most, piece_.size() - from);
  const auto begin = piece_.begin() + static_cast<std::ptrdiff_t>(from);
  return base::Bytes(begin, begin + static_cast<std::ptrdiff_t>(count));
}

Result<base::Digest> ContainerReader::DigestOfAll() {
  RunningDigest digest;
  for (std::uint64_t piece = 0; piece < pieces_; ++piece) {
    YB_TRY(LoadPiece(piece));
    digest.Add(piece_);
  }
  return digest.Finish();
}

}  // namespace yb::files
