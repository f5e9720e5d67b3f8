// FileFetcher: decides what a side asks next of the files that it wants from one other side. It holds no content but
// chunks that came before those in front of them, and does no I/O: it is told the time and what came, and returns what
// to ask and what to store.
//
// Four asks are under way at most, each of about 200 ms of the throughput that was measured (FrameSizer), so that a
// slow line carries less than a second of files ahead of an alarm. Files take turns. What is not answered is asked for
// again after a jittered back-off, by one ask at a time until something comes; there is no try count.
//
// Owned by FileLink; used on its thread only.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "core/base/backoff.hpp"
#include "core/files/file_messages.hpp"
#include "core/sync/frame_sizer.hpp"

namespace yb::files {

struct FetcherOptions {
  std::size_t window = 4;  // asks under way
  std::size_t files = 4;   // that are fetched at a time
  base::Duration answer_timeout = std::chrono::seconds(15);
  base::Duration first_retry = std::chrono::milliseconds(500);
  base::Duration most_retry = std::chrono::seconds(30);
  base::Duration most_absent = std::chrono::minutes(10);  // between asks for a file that the other side has not
  sync::FrameSizerOptions frames;
};

class FileFetcher {
 public:
  explicit FileFetcher(FetcherOptions options) : options_(options), sizer_(options.frames) {}

  void OnConnected(base::Monotonic now, std::uint64_t random);
  void OnDisconnected();

  /// `size` 0: not known yet. `have`: what is stored of it. Nothing where it is wanted already.
  void Want(const base::Digest& sha, std::uint64_t size, std::uint64_t have);
  void Forget(const base::Digest& sha);

  /// The next ask to send; call until nullopt.
  [[nodiscard]] std::optional<FileWant> Next(base::Monotonic now);

  /// What can be stored now, in order, behind what was stored before; none for what nobody asked for. `complete`: it
  /// is the end of the file. Then one of the methods below tells what became of it.
  struct Store {
    base::Digest sha{};
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
    std::vector<base::Bytes> chunks;
    bool complete = false;
  };
  [[nodiscard]] std::optional<Store> OnChunk(FileChunk chunk, base::Monotonic now);
  void OnAbsent(const base::Digest& sha, base::Monotonic now);
  /// It goes on at `have` after a wait: the store failed, or the content was another and begins anew.
  void OnStoreFailed(const base::Digest& sha, std::uint64_t have, base::Monotonic now);
  void OnKept(const base::Digest& sha) { Forget(sha); }

  [[nodiscard]] std::optional<base::Monotonic> WakeAt() const;
  [[nodiscard]] std::size_t wanted() const { return files_.size(); }
  [[nodiscard]] std::size_t under_way() const { return under_way_.size(); }

 private:
  struct File {
    File(std::uint64_t bytes, std::uint64_t have, std::uint64_t place, const base::Backoff& waits)
        : size(bytes), known(bytes != 0), stored(have), asked(have), since(place), backoff(waits) {}
    std::uint64_t size;
    bool known;              // the size is
    std::uint64_t stored;    // 0…stored is with the store
    std::uint64_t asked;     // 0…asked is stored, early, under way or in `gaps`
    std::uint64_t since;     // place in the queue
    std::uint64_t turn = 0;  // of its last ask
    bool active = false;
    base::Monotonic not_before{};
    base::Backoff backoff;                        // after absence or failure
    std::map<std::uint64_t, base::Bytes> early;   // by offset: came before what lies in front of them
    std::map<std::uint64_t, std::uint64_t> gaps;  // offset and length: asked for and not answered
  };
  struct Ask {
    FileWant want;
    sync::FrameSizer::Mark mark;
    base::Monotonic deadline{};
  };
  using Files = std::map<base::Digest, File>;

  [[nodiscard]] bool HasMore(const File& file) const;
  [[nodiscard]] Files::iterator NextFile(base::Monotonic now);
  [[nodiscard]] FileWant NextPart(const base::Digest& sha, File& file) const;
  void GiveUpLate(base::Monotonic now);
  /// Its part is to be asked for again.
  void TakeBack(const Ask& ask);
  /// Takes back its asks; it goes on at `have` after a wait.
  void PutOff(Files::iterator file, std::uint64_t have, base::Monotonic now);
  [[nodiscard]] std::uint64_t Draw();

  const FetcherOptions options_;
  sync::FrameSizer sizer_;
  base::Backoff backoff_{options_.first_retry, options_.most_retry};
  bool connected_ = false;
  bool probing_ = true;  // nothing has come since the connection or the last silence
  std::uint64_t random_ = 0;
  std::uint64_t count_ = 0;  // of wants and turns
  base::Monotonic not_before_{};
  base::Monotonic looked_{};  // of the last Next
  Files files_;
  std::deque<Ask> under_way_;
};

}  // namespace yb::files
