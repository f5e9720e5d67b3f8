// PseudoTerminal: a line as a serial device of this machine, behind a symbolic link. Whoever opens the link talks to
// the meters as over /dev/ttyS0; speed and parity are accepted and mean nothing.
// One owner, one thread.
#pragma once

#include <filesystem>

#include "core/base/result.hpp"
#include "tools/metersim/file_descriptor.hpp"

namespace yb::metersim {

class PseudoTerminal {
 public:
  /// Opens a terminal in raw mode and points `link` to it, replacing a link that is there; never anything else than a
  /// link. kIo, kAlreadyExists.
  [[nodiscard]] static base::Result<PseudoTerminal> Open(const std::filesystem::path& link);
  PseudoTerminal(PseudoTerminal&&) noexcept = default;
  PseudoTerminal& operator=(PseudoTerminal&&) = delete;
  ~PseudoTerminal();

  /// The meters' end, not blocking. To be taken once; the link is removed with this object.
  [[nodiscard]] FileDescriptor TakeMaster() { return std::move(master_); }

 private:
  PseudoTerminal(std::filesystem::path link, FileDescriptor master, FileDescriptor slave)
      : link_(std::move(link)), master_(std::move(master)), slave_(std::move(slave)) {}

  std::filesystem::path link_;
  FileDescriptor master_;
  FileDescriptor slave_;  // held open, so that the line outlives its users
};

}  // namespace yb::metersim
