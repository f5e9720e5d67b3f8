#include "core/casework/hand_out.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

#include "core/base/descriptor.hpp"

extern char** environ;

namespace yb::casework {
namespace {

using base::Descriptor;
using base::ErrorCode;
using base::Fail;
using base::Words;

tl::unexpected<base::Error> Failed(const std::string& program, const std::string& en, const std::string& zh) {
  return Fail(ErrorCode::kUnavailable, Words{"'" + program + "' " + en, "打印程序「" + program + "」" + zh},
              Words{"see print_command in the configuration and the printer", "请检查配置中的 print_command 和打印机"});
}

/// In memory only, never in a folder: what is printed is personal.
bool Fill(int memory, base::ByteView bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::write(memory, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return ::lseek(memory, 0, SEEK_SET) == 0;
}

int Start(const std::vector<std::string>& command, int input, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  ::posix_spawnattr_setsigdefault(&attributes, &signals);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> texts = command;
  std::vector<char*> arguments;
  arguments.reserve(texts.size() + 1);
  for (std::string& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  const int error = ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

base::Status HandOut(const std::vector<std::string>& command, base::ByteView bytes, std::chrono::milliseconds limit) {
  YB_CHECK(!command.empty(), "there is a program to give it to");
  const std::string& program = command.front();
  const Descriptor memory(::memfd_create("paper", MFD_CLOEXEC));
  if (memory.number() < 0 || !Fill(memory.number(), bytes)) {
    return Failed(program, "gets nothing: no memory is left", "无法启动：内存不足");
  }
  pid_t pid = -1;
  if (const int error = Start(command, memory.number(), pid); error != 0) {
    return Failed(program, std::string("cannot be started: ") + std::generic_category().message(error), "无法启动");
  }
  const Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd watch{ended.number(), POLLIN, 0};
  int ready = -1;
  do {
    ready = ::poll(&watch, 1, static_cast<int>(limit.count()));
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) ::kill(pid, SIGKILL);
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (ready <= 0) {
    return Fail(ErrorCode::kTimeout, Words{"'" + program + "' did not end in time", "打印程序「" + program + "」超时"},
                Words{"see the printer", "请检查打印机"});
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string code = std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return Failed(program, "failed with " + code, "返回错误 " + code);
}

}  // namespace yb::casework
