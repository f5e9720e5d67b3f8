// IoLoop: the sockets and terminals of all lines, on one thread with poll(2). It moves bytes between channels and lines
// and decides nothing; what a line says and when is LineBus's.
//
// One owner; every method on one thread.
#pragma once

#include <poll.h>

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/log.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "tools/metersim/dialler.hpp"
#include "tools/metersim/file_descriptor.hpp"
#include "tools/metersim/line_bus.hpp"
#include "tools/metersim/pseudo_terminal.hpp"
#include "tools/metersim/truth_log.hpp"

namespace yb::metersim {

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

class IoLoop {
 public:
  /// `clock` outlives the loop; `log` may be nullptr. Readability of `stop_fd`, which the caller owns, ends Run.
  IoLoop(const base::Clock& clock, TruthLog* log, int stop_fd);
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  /// Takes the line and listens for it, on an IPv4 address. Returns the port, which the system chose where
  /// `address.port` was 0. kUnavailable where the address cannot be listened on.
  [[nodiscard]] base::Result<std::uint16_t> AddListeningLine(std::unique_ptr<LineBus> line, const HostPort& address);
  /// Takes the line and connects it to `address`, now and whenever the connection is lost. kInvalidArgument.
  [[nodiscard]] base::Status AddDiallingLine(std::unique_ptr<LineBus> line, const HostPort& address);
  /// Takes the line and offers it as a serial device behind `link`. kIo, kAlreadyExists.
  [[nodiscard]] base::Status AddTerminalLine(std::unique_ptr<LineBus> line, const std::filesystem::path& link);

  /// Serves until the stop descriptor is readable. kIo where poll itself fails.
  [[nodiscard]] base::Status Run();

 private:
  struct OutgoingBytes {
    base::Bytes bytes;
    std::size_t sent = 0;
    std::vector<TruthEntry> truths;
  };
  struct Channel {
    FileDescriptor fd;
    bool is_socket = true;
    std::deque<OutgoingBytes> outgoing;
    std::size_t outgoing_bytes = 0;
  };
  struct Line {
    std::unique_ptr<LineBus> bus;
    FileDescriptor listener = {};                 // where it listens
    std::optional<Dialler> dialler = {};          // where it dials
    std::optional<PseudoTerminal> terminal = {};  // where it is a device
    std::map<ChannelId, Channel> channels = {};
  };
  struct Watched {
    Line* line;
    ChannelId channel;  // 0 is the listener or the dialler's attempt
  };

  [[nodiscard]] Instant Now() const { return {clock_.Steady(), clock_.Now()}; }
  [[nodiscard]] int PollTimeout() const;
  void Watch(std::vector<pollfd>& fds, std::vector<Watched>& watched);
  void Serve(const pollfd& ready, const Watched& watched);
  void Accept(Line& line);
  void OpenChannel(Line& line, FileDescriptor fd, bool is_socket);
  /// False when the channel is finished.
  [[nodiscard]] bool Receive(Line& line, ChannelId id, Channel& channel);
  [[nodiscard]] bool Flush(Channel& channel);
  void EmitDue(Line& line);
  void Close(Line& line, ChannelId id);

  const base::Clock& clock_;
  TruthLog* log_;
  int stop_fd_;
  std::vector<Line> lines_;
  ChannelId next_channel_ = 1;
  base::Logger logger_{"metersim"};
};

}  // namespace yb::metersim
