// Uploads: files on their way in from a page, piece by piece, each straight into the file store, so that a broken
// connection costs one piece and 200 MB cost no memory. What is under way outlives the program (FileStore::DraftNote):
// the page asks how far it is and goes on there. One that was finished is known until the program ends, its file for
// good. What could harm who opens it (core/files/harmful_content.hpp) is refused with its first bytes.
//
// Safe from any thread. Pieces of one upload come one after the other; of several uploads side by side.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "core/files/file_store.hpp"

namespace yb::casework {

struct UploadOptions {
  std::uint64_t largest = 200U << 20;
  std::size_t most_open = 32;                              // of all users
  std::size_t most_open_of_one = 8;                        // of one user
  base::Duration forgotten_after = std::chrono::hours(6);  // without a piece
};

/// How far an upload is.
struct Upload {
  std::string id;
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t received = 0;
  std::optional<base::Digest> file;  // once all is stored
};

class Uploads {
 public:
  /// Knows what was under way when the program ended; `files` and `clock` outlive this.
  [[nodiscard]] static base::Result<std::unique_ptr<Uploads>> Open(UploadOptions options, files::FileStore& files,
                                                                   const base::Clock& clock);

  /// `user` alone goes on with it. kInvalidArgument for a size that cannot be; kUnavailable where too many are open;
  /// kDiskFull.
  [[nodiscard]] base::Result<Upload> Begin(const std::string& user, const std::string& name, std::uint64_t bytes);
  /// kNotFound, also of another user's.
  [[nodiscard]] base::Result<Upload> Find(const std::string& user, const std::string& id);
  /// The next piece. The file is kept when the last one's answer is given. kAlreadyExists where `offset` is not where
  /// the upload is, which leaves it as it is; kInvalidArgument for nothing, for more than was announced, and for a
  /// content that could do harm, which ends the upload. Where it cannot be stored the upload goes back to what is on
  /// the disk of it.
  [[nodiscard]] base::Result<Upload> Put(const std::string& user, const std::string& id, std::uint64_t offset,
                                         base::ByteView piece);

 private:
  struct UnderWay {
    std::mutex mutex;  // under it: all below
    Upload shown;
    std::string user;
    base::Monotonic touched{};
    std::unique_ptr<files::FileStore::Draft> draft;  // none: what is stored of it is not open
    base::Bytes beginning;                           // until it is judged
    bool refused = false;
  };
  using Handle = std::shared_ptr<UnderWay>;  // owned by the map and by whoever is at work with it
  Uploads(UploadOptions options, files::FileStore& files, const base::Clock& clock)
      : options_(options), files_(files), clock_(clock) {}
  void TakeUp(const files::FileStore::DraftNote& note);
  /// False where it is still there.
  [[nodiscard]] bool Discard(const std::string& id);
  [[nodiscard]] static base::Status Store(UnderWay& upload, base::ByteView piece);
  /// By as much of its beginning as has come with the piece.
  [[nodiscard]] static base::Status Judge(UnderWay& upload, base::ByteView piece);
  [[nodiscard]] base::Result<Upload> PutInto(UnderWay& upload, std::uint64_t offset, base::ByteView piece);
  [[nodiscard]] base::Result<Handle> Of(const std::string& user, const std::string& id);
  void ForgetOld(base::Monotonic now);

  const UploadOptions options_;
  files::FileStore& files_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Handle> open_;
};

}  // namespace yb::casework
