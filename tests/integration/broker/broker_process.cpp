#include "tests/integration/broker/broker_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace yb::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool Accepts(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool accepted = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return accepted;
}

/// Waits for another process, which tells no other way that it is ready.
template <class Condition>
bool WaitFor(Condition condition) {
  const auto until = steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (steady_clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

/// The child's standard output and error go to `output`.
pid_t Start(const std::vector<std::string>& command, int output) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t process = ::fork();
  if (process == 0) {
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  return process;
}

}  // namespace

std::string FindProgram(const std::string& name) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return {};
}

std::uint16_t FreePort() {
  // Below those that the system gives to whoever asks for any, and of each process its own: a program binds its port
  // some time after it was found free, and tests run beside each other.
  constexpr int kFirst = 20'000, kProcesses = 200, kOfEach = 60;
  static std::atomic<int> next{0};
  const int first = kFirst + ::getpid() % kProcesses * kOfEach;
  for (int tried = 0; tried < kOfEach; ++tried) {
    const auto port = static_cast<std::uint16_t>(first + next++ % kOfEach);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(port);
    const bool free = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (free) return port;
  }
  return 0;
}

Finished RunProgram(const std::vector<std::string>& command) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return {};
  const pid_t process = Start(command, pipe[1]);
  ::close(pipe[1]);
  Finished finished;
  char chunk[4096];
  for (ssize_t count = 0; (count = ::read(pipe[0], chunk, sizeof chunk)) > 0;) {
    finished.output.append(chunk, static_cast<std::size_t>(count));
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(process, &status, 0);
  finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return finished;
}

BrokerProcess::BrokerProcess(fs::path config, std::uint16_t port) : log_(config.parent_path() / "broker.log") {
  const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  process_ = Start({FindProgram("mosquitto"), "-c", config.string()}, log);
  ::close(log);
  running_ =
      WaitFor([&] { return Accepts(port) || ::waitpid(process_, nullptr, WNOHANG) == process_; }) && Accepts(port);
}

BrokerProcess::~BrokerProcess() {
  if (process_ <= 0) return;
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

void BrokerProcess::Reload() {
  const std::size_t before = Log().size();
  ::kill(process_, SIGHUP);
  WaitFor([&] { return Log().find("Reloading config", before) != std::string::npos; });
}

std::string BrokerProcess::Log() const {
  std::ifstream stream(log_);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace yb::test
