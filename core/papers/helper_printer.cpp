#include "core/papers/helper_printer.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/descriptor.hpp"
#include "core/papers/helper_contract.hpp"
#include "core/papers/paper_codec.hpp"

namespace yb::papers {
namespace {

using base::Bytes;
using base::Descriptor;
using base::ErrorCode;
using base::Fail;
using base::Words;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMostPdfBytes = std::size_t{32} << 20;
constexpr std::size_t kMostWords = std::size_t{16} << 10;

/// Ours and the helper's end.
struct Channel {
  Descriptor ours;
  Descriptor theirs;
};

/// A socket, since writing to a helper that is gone must not raise SIGPIPE here.
std::optional<Channel> MakeInput() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return std::nullopt;
  return Channel{Descriptor(ends[0]), Descriptor(ends[1])};
}
std::optional<Channel> MakeOutput() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Channel{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// What the helper's process is given of ours: where fonts are, nothing else.
class Environment {
 public:
  Environment() {
    for (const char* name : {"FONTCONFIG_FILE", "FONTCONFIG_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
      // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody here changes the environment
      if (const char* value = std::getenv(name)) entries_.push_back(std::string(name) + "=" + value);
    }
    entries_.emplace_back("LC_ALL=C.UTF-8");
    for (std::string& entry : entries_) pointers_.push_back(entry.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char** data() { return pointers_.data(); }

 private:
  std::vector<std::string> entries_;
  std::vector<char*> pointers_;
};

/// The helper's process; killed and waited for in the end, whatever happened.
class Helper {
 public:
  ~Helper() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Helper() = default;
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;

  /// An errno, 0 if it runs.
  [[nodiscard]] int Start(const std::filesystem::path& program, int input, int output, int words) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes, &signals);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string name = program.string();
    std::array<char*, 2> arguments{name.data(), nullptr};
    Environment environment;
    const int error = ::posix_spawn(&pid_, name.c_str(), &actions, &attributes, arguments.data(), environment.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) pid_ = -1;
    return error;
  }
  /// Readable when the process has ended.
  [[nodiscard]] Descriptor Watch() const { return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))); }
  /// Only after it has ended.
  [[nodiscard]] int TakeStatus() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return status;
  }

 private:
  pid_t pid_ = -1;
};

/// Moves what goes in and what comes out until the helper has ended and both outputs are read to their end.
class Exchange {
 public:
  Exchange(std::string_view paper, Descriptor input, Descriptor output, Descriptor words, Descriptor ended)
      : rest_(paper),
        input_(std::move(input)),
        output_(std::move(output)),
        words_(std::move(words)),
        ended_(std::move(ended)) {}

  /// kTimeout past `deadline`.
  [[nodiscard]] base::Status Run(SteadyClock::time_point deadline) {
    if (rest_.empty()) input_.Close();
    while (output_.number() >= 0 || words_.number() >= 0 || ended_.number() >= 0) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
      if (left.count() <= 0) return Late();
      // A closed descriptor is -1, which poll passes over.
      std::array<pollfd, 4> all{{{input_.number(), POLLOUT, 0},
                                 {output_.number(), POLLIN, 0},
                                 {words_.number(), POLLIN, 0},
                                 {ended_.number(), POLLIN, 0}}};
      const int ready = ::poll(all.data(), all.size(), static_cast<int>(left.count()));
      if (ready < 0 && errno != EINTR) return Fail(ErrorCode::kIo, std::string("poll: ") + ::strerrordesc_np(errno));
      if (ready <= 0) continue;
      if (all[0].revents != 0) Send();
      if (all[1].revents != 0) Receive(output_, pdf_, kMostPdfBytes);
      if (all[2].revents != 0) Receive(words_, said_, kMostWords);
      if (all[3].revents != 0) ended_.Close();
      if (pdf_.size() > kMostPdfBytes) {
        return Fail(ErrorCode::kUnavailable,
                    Words{"the printing program wrote more than 32 MiB", "打印程序输出超过 32 MiB"});
      }
    }
    return {};
  }
  [[nodiscard]] Bytes TakePdf() { return std::move(pdf_); }
  [[nodiscard]] std::string_view said() const { return base::AsText(said_); }

 private:
  void Send() {
    const ssize_t sent = ::send(input_.number(), rest_.data(), rest_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) rest_.remove_prefix(static_cast<std::size_t>(sent));
    const bool again = sent < 0 && (errno == EAGAIN || errno == EINTR);
    // A helper that does not listen any more tells why on its way out.
    if (rest_.empty() || (sent < 0 && !again)) input_.Close();
  }
  /// What comes past `most` is read and dropped, one byte excepted by which it is seen.
  static void Receive(Descriptor& from, Bytes& into, std::size_t most) {
    std::array<std::uint8_t, 65536> buffer;
    const ssize_t got = ::read(from.number(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) return from.Close();
    const std::size_t room = most + 1 - std::min(most + 1, into.size());
    into.insert(into.end(), buffer.begin(),
                buffer.begin() + std::min<std::ptrdiff_t>(got, static_cast<std::ptrdiff_t>(room)));
  }
  [[nodiscard]] static base::Status Late() {
    return Fail(ErrorCode::kTimeout,
                Words{"the printing program took too long and was stopped", "打印程序超时，已停止"},
                Words{"print it again; nothing of the case has changed", "请重新打印，办件没有变化"});
  }

  std::string_view rest_;
  Descriptor input_, output_, words_, ended_;
  Bytes pdf_, said_;
};

/// The helper's own words: one line of English, one of Chinese.
base::Error ErrorOf(int status, std::string_view said) {
  const std::size_t line = said.find('\n');
  const std::string en(said.substr(0, line));
  std::string zh(line == std::string_view::npos ? "" : said.substr(line + 1));
  if (const std::size_t end = zh.find('\n'); end != std::string::npos) zh.resize(end);
  if (WIFEXITED(status) && !en.empty() && !zh.empty()) {
    if (WEXITSTATUS(status) == kExitBadPaper) return {ErrorCode::kInvalidArgument, en, {}, {}, zh, {}};
    if (WEXITSTATUS(status) == kExitNoGlyph) {
      return {ErrorCode::kUnsupported,
              en,
              {},
              "install a font that has it, such as Debian's fonts-hanazono",
              zh,
              "请安装含有该字的字体，例如 Debian 的 fonts-hanazono"};
    }
  }
  const std::string how = WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                              : "status " + std::to_string(WEXITSTATUS(status));
  return {ErrorCode::kUnavailable,
          "the printing program broke down with " + how + (en.empty() ? "" : ": " + en),
          {},
          "print it again; nothing of the case has changed",
          "打印程序异常退出（" + how + "）",
          "请重新打印，办件没有变化"};
}

base::Error NotStarted(const std::filesystem::path& program, int error) {
  const std::string why = ::strerrordesc_np(error);
  return {ErrorCode::kUnavailable,
          "the printing program cannot be started: " + program.string() + ": " + why,
          {},
          "yuanban-print has to lie beside this program",
          "无法启动打印程序 " + program.string() + "：" + why,
          "yuanban-print 应与本程序放在同一文件夹"};
}

bool IsWholePdf(base::ByteView bytes) {
  const std::string_view text = base::AsText(bytes);
  return text.starts_with("%PDF-") &&
         text.substr(text.size() - std::min<std::size_t>(text.size(), 16)).find("%%EOF") != std::string_view::npos;
}

}  // namespace

base::Result<Bytes> HelperPrinter::Print(const Paper& paper) const {
  const SteadyClock::time_point deadline = SteadyClock::now() + limit_;
  YB_ASSIGN(const std::string text, Encode(paper));
  std::optional<Channel> input = MakeInput();
  std::optional<Channel> output = MakeOutput();
  std::optional<Channel> words = MakeOutput();
  Helper helper;
  const int error = input && output && words ? helper.Start(program_, input->theirs.number(), output->theirs.number(),
                                                            words->theirs.number())
                                             : errno;
  if (error != 0) return Fail(NotStarted(program_, error));
  Descriptor ended = helper.Watch();
  if (ended.number() < 0) return Fail(NotStarted(program_, errno));
  input->theirs.Close();
  output->theirs.Close();
  words->theirs.Close();
  Exchange exchange(text, std::move(input->ours), std::move(output->ours), std::move(words->ours), std::move(ended));
  YB_TRY(exchange.Run(deadline));
  const int status = helper.TakeStatus();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return Fail(ErrorOf(status, exchange.said()));
  Bytes pdf = exchange.TakePdf();
  if (!IsWholePdf(pdf)) {
    return Fail(ErrorCode::kUnavailable,
                Words{"the printing program wrote no whole PDF", "打印程序没有输出完整的 PDF"});
  }
  return pdf;
}

std::filesystem::path HelperPrinter::BesideThisProgram() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path("yuanban-print") : self.parent_path() / "yuanban-print";
}

}  // namespace yb::papers
