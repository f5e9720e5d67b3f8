#include "tools/metersim/pseudo_terminal.hpp"

#include <fcntl.h>
#include <termios.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace yb::metersim {

base::Result<PseudoTerminal> PseudoTerminal::Open(const std::filesystem::path& link) {
  const auto refuse = [&](const char* what) {
    return base::Fail(base::ErrorCode::kIo,
                      std::string(what) + " " + link.string() + ": " + std::generic_category().message(errno));
  };
  FileDescriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  char name[64];
  if (!master.valid() || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0 ||
      ::ptsname_r(master.get(), name, sizeof name) != 0) {
    return refuse("no pseudo-terminal for");
  }
  FileDescriptor slave(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios settings{};
  if (!slave.valid() || ::tcgetattr(slave.get(), &settings) != 0) return refuse("no pseudo-terminal for");
  ::cfmakeraw(&settings);
  ::tcsetattr(slave.get(), TCSANOW, &settings);

  std::error_code code;
  const std::filesystem::file_status present = std::filesystem::symlink_status(link, code);
  if (std::filesystem::exists(present) && !std::filesystem::is_symlink(present)) {
    return base::Fail(base::ErrorCode::kAlreadyExists, link.string() + " is there and is no link",
                      "choose another path for pty");
  }
  std::filesystem::remove(link, code);
  std::filesystem::create_symlink(name, link, code);
  if (code) {
    return base::Fail(base::ErrorCode::kIo, "cannot link " + link.string() + " to " + name + ": " + code.message());
  }
  return PseudoTerminal(link, std::move(master), std::move(slave));
}

PseudoTerminal::~PseudoTerminal() {
  if (!slave_.valid()) return;
  std::error_code ignored;
  std::filesystem::remove(link_, ignored);
}

}  // namespace yb::metersim
