// FrameSizer: how many bytes the next frame of a lane may have, so that one frame is about 200 ms of the throughput
// that was measured: a slow line is never held for long by one lane, and a fast one is filled. Throughput is what
// central acknowledged while a frame was under way, over that time. A frame that was small because nothing more waited
// says nothing about the line and can only raise the estimate.
//
// Owned by a lane's driver; used on its thread only.
#pragma once

#include <cstddef>

#include "core/base/time.hpp"

namespace yb::sync {

struct FrameSizerOptions {
  base::Duration aim = std::chrono::milliseconds(200);
  std::size_t least = 2U << 10;   // of a frame as sent
  std::size_t most = 256U << 10;  // far below the broker's limit of 1 MiB for a message
  double most_packing = 8;        // bodies are taken to shrink by no more than this
};

class FrameSizer {
 public:
  /// What was known when a frame was sent; given back with its acknowledgement.
  struct Mark {
    base::Monotonic sent{};
    std::size_t bytes = 0;      // of this frame as sent
    std::size_t delivered = 0;  // of this lane by then
    bool filled = false;        // more records waited than fitted
  };

  explicit FrameSizer(FrameSizerOptions options) : options_(options), frame_(options.least) {}

  /// Bodies of the next frame, before packing.
  [[nodiscard]] std::size_t body_bytes() const;
  /// The next frame as sent.
  [[nodiscard]] std::size_t frame_bytes() const { return frame_; }

  [[nodiscard]] Mark OnSent(std::size_t body_bytes, std::size_t frame_bytes, bool filled, base::Monotonic now);
  void OnAcknowledged(const Mark& mark, base::Monotonic now);

 private:
  FrameSizerOptions options_;
  std::size_t frame_;
  std::size_t delivered_ = 0;
  double packing_ = 1;  // bodies over frame, of the frames sent lately
};

}  // namespace yb::sync
