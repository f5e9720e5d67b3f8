#include "tools/print/limits.hpp"

#include <csignal>
#include <cstddef>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace yb::print {
namespace {

constexpr rlim_t kCpuSeconds = 15;
constexpr rlim_t kMemoryBytes = rlim_t{1} << 30;
// AddressSanitizer and ThreadSanitizer reserve terabytes of addresses.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitsMemory = false;
#else
constexpr bool kLimitsMemory = true;
#endif

#if defined(__aarch64__)
constexpr unsigned kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned kArchitecture = AUDIT_ARCH_X86_64;
#endif
constexpr unsigned kOtherAbi = 0x40000000;  // x32 calls begin here; nothing else does

void Limit(__rlimit_resource resource, rlim_t most) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return;
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > most) limit.rlim_max = most;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(resource, &limit);
}

void LimitFiles(bool none) {
  rlimit files{};
  if (::getrlimit(RLIMIT_FSIZE, &files) != 0) return;
  files.rlim_cur = none ? 0 : files.rlim_max;
  (void)::setrlimit(RLIMIT_FSIZE, &files);
}

/// Sockets, other programs and what could stand in for them fail with EPERM (seccomp). A kernel without it goes
/// without.
void DenyReach() {
  const auto refuse = sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1);
  const auto allow = sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      refuse,
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kOtherAbi, 6, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 5, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 1, 0),
      allow,
      refuse,
  };
  sock_fprog filter{sizeof(program) / sizeof(program[0]), program};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) (void)::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

}  // namespace

void LimitThisProcess() {
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_CPU, kCpuSeconds);
  if (kLimitsMemory) Limit(RLIMIT_AS, kMemoryBytes);
  // A write past RLIMIT_FSIZE fails in place of ending the program: fontconfig goes on without the cache it meant to
  // keep.
  (void)std::signal(SIGXFSZ, SIG_IGN);
  LimitFiles(true);
  DenyReach();
}

void AllowOutput() {
  LimitFiles(false);
}

}  // namespace yb::print
