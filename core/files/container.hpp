// Container: how the content of one file lies on the disk; it is never sent. A header of 32 bytes: "YBFILE1\n", 16
// random bytes, which are the container's identity, 8 zeros. Then pieces of 64 KiB of the content, the last one shorter
// (of an empty file: empty), each sealed (core/security/sealer.hpp) and bound to identity (16), number of the piece (8,
// big-endian) and 1 for the last, else 0. So a flipped bit, pieces that were swapped, and a tail that was cut off are
// found when they are read.
//
// Resources; one thread at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/descriptor.hpp"
#include "core/base/digest.hpp"
#include "core/security/sealer.hpp"

namespace yb::files {

inline constexpr std::size_t kPieceBytes = 64U << 10;
inline constexpr std::size_t kHeaderBytes = 32;
inline constexpr std::size_t kSealedPieceBytes = kPieceBytes + security::Sealer::kOverhead;

using base::Descriptor;
using base::FailAt;
using base::SyncFolder;

/// SHA-256 of what comes piece by piece.
class RunningDigest {
 public:
  RunningDigest();
  ~RunningDigest();
  RunningDigest(RunningDigest&&) noexcept;
  RunningDigest& operator=(RunningDigest&&) noexcept;
  void Add(base::ByteView bytes);
  /// Ends it.
  [[nodiscard]] base::Digest Finish();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

/// Writes a container from its beginning on. Holds less than two pieces in memory.
class ContainerWriter {
 public:
  /// Makes the file (0600), in place of one that is there.
  [[nodiscard]] static base::Result<ContainerWriter> Make(std::filesystem::path file, const security::Sealer& sealer);
  /// Goes on behind `kept` bytes of content, a number of whole pieces: cuts off what lies behind them and reads them
  /// once. kCorrupt where they are not there.
  [[nodiscard]] static base::Result<ContainerWriter> GoOn(std::filesystem::path file, const security::Sealer& sealer,
                                                          std::uint64_t kept);

  [[nodiscard]] base::Status Append(base::ByteView bytes);
  /// Whole pieces written so far are on the disk; how many bytes of content they are.
  [[nodiscard]] base::Result<std::uint64_t> Sync();
  /// Writes and syncs the last piece; the content's SHA-256.
  [[nodiscard]] base::Result<base::Digest> Finish();
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  ContainerWriter(std::filesystem::path file, const security::Sealer& sealer, Descriptor out)
      : file_(std::move(file)), sealer_(sealer), out_(std::move(out)) {}
  [[nodiscard]] base::Status WritePiece(bool last);

  std::filesystem::path file_;
  security::Sealer sealer_;
  Descriptor out_;
  base::Bytes identity_;
  base::Bytes pending_;  // of the piece that is not written yet
  std::uint64_t pieces_ = 0;
  std::uint64_t size_ = 0;
  RunningDigest digest_;
};

/// Reads a container at any place.
class ContainerReader {
 public:
  /// kNotFound, kCorrupt for what is no container.
  [[nodiscard]] static base::Result<ContainerReader> Open(std::filesystem::path file, const security::Sealer& sealer);

  /// Of the content, as the file's length has it; whether all of it is there is told by reading.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// At most `most` bytes from `offset` on, and not beyond the piece they begin in; empty at the end. kCorrupt where
  /// the piece was changed.
  [[nodiscard]] base::Result<base::Bytes> Read(std::uint64_t offset, std::size_t most);
  /// Reads all of it: the content's SHA-256.
  [[nodiscard]] base::Result<base::Digest> DigestOfAll();

 private:
  ContainerReader(std::filesystem::path file, const security::Sealer& sealer, Descriptor in)
      : file_(std::move(file)), sealer_(sealer), in_(std::move(in)) {}
  [[nodiscard]] base::Status LoadPiece(std::uint64_t piece);

  std::filesystem::path file_;
  security::Sealer sealer_;
  Descriptor in_;
  base::Bytes identity_;
  std::uint64_t size_ = 0;
  std::uint64_t pieces_ = 0;
  base::Bytes piece_;  // the content of piece number `loaded_`
  std::uint64_t loaded_ = static_cast<std::uint64_t>(-1);
};

}  // namespace yb::files
