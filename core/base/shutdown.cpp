#include "core/base/shutdown.hpp"

#include <pthread.h>
#include <csignal>

namespace yb::base {
namespace {

sigset_t WaitedFor(Shutdown::Hangup hangup) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (hangup == Shutdown::Hangup::kIsWaitedFor) sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

Shutdown::Shutdown(Hangup hangup) : hangup_(hangup) {
  const sigset_t set = WaitedFor(hangup_);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a lost connection is an error value, not the end of the program
}

int Shutdown::Wait() const {
  const sigset_t set = WaitedFor(hangup_);
  int signal = 0;
  sigwait(&set, &signal);
  return signal;
}

}  // namespace yb::base
