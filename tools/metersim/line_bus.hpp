// LineBus: one serial line (总线) with its meters, without any I/O. Bytes of the channels (TCP connections to the
// serial server, a pseudo-terminal) go in with the instant of their arrival; what leaves comes out as emissions, each
// with the instant it is due. A thin loop does the sending, a test moves the clock by hand.
//
// The bus is half duplex: requests and answers take the time the baud rate gives them (11 bits a byte), one after the
// other, and every channel hears every answer, as with a serial server that several clients have opened. Modbus TCP
// has no bus: there the answer goes to its asker alone.
// One owner, one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "tools/metersim/bus_meter.hpp"
#include "tools/metersim/truth_log.hpp"

namespace yb::metersim {

using ChannelId = std::uint64_t;

/// Both clocks at one moment: what is waited for runs on the monotonic one, what meters show on the wall's.
struct Instant {
  base::Monotonic steady;
  base::UtcTime utc;
};

struct LineSettings {
  std::string key;
  int baud = 0;                   // 0: bytes take no time
  base::Duration reply_delay{0};  // from the end of a request to the first byte of its answer (Td)
  bool collisions = true;         // several meters answering at once garble each other; else only the first answers
  ScanFor scan_for = ScanFor::kMeterBus;
};

/// Bytes that go out together once `due` has come.
struct Emission {
  ChannelId asker = 0;
  base::Bytes bytes;
  std::optional<TruthEntry> truth;  // to be logged when these bytes have left towards the asker
  bool to_all = true;               // every channel of the line hears it, else the asker alone
};

class LineBus {
 public:
  LineBus(LineSettings settings, std::vector<std::unique_ptr<BusMeter>> meters);

  void OnBytes(ChannelId channel, base::ByteView bytes, Instant now);
  void OnChannelClosed(ChannelId channel);

  /// When TakeDue has something to give; nullopt while nothing is on its way.
  [[nodiscard]] std::optional<base::Monotonic> NextDue() const;
  /// What is due at `now`, in order.
  [[nodiscard]] std::vector<Emission> TakeDue(base::Monotonic now);

  [[nodiscard]] const std::string& key() const { return settings_.key; }
  [[nodiscard]] std::size_t meter_count() const { return meters_.size(); }

 private:
  struct Ear {
    FrameScanner scanner;
    base::Monotonic last_byte;
  };
  struct Voice {
    const BusMeter* meter;
    Answer answer;
  };

  [[nodiscard]] base::Duration TimeOnBus(std::size_t bytes) const;
  void OnRequest(ChannelId channel, const BusFrame& request, Instant complete);
  void Send(ChannelId asker, base::Bytes bytes, std::optional<TruthEntry> truth, base::Monotonic earliest);

  LineSettings settings_;
  std::vector<std::unique_ptr<BusMeter>> meters_;
  std::map<ChannelId, Ear> ears_;
  std::multimap<base::Monotonic, Emission> pending_;
  base::Monotonic bus_free_;
};

}  // namespace yb::metersim
