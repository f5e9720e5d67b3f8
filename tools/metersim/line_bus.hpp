// LineBus: one serial line (总线) with its meters, without any I/O. Bytes of the channels (TCP connections to the
// serial server, a pseudo-terminal) go in with the instant of their arrival; what leaves comes out as emissions, each
// with the instant it is due. A thin loop does the sending, a test moves the clock by hand.
//
// The bus is half duplex: requests and answers take the time the baud rate gives them (11 bits a byte), one after the
// other, and every channel hears every answer, as with a serial server that several clients have opened. Modbus TCP
// has no bus: there the answer goes to its asker alone.
// One owner, one thread.
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "tools/metersim/bus_meter.hpp"
#include "tools/metersim/misbehaviour.hpp"
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
  std::uint64_t seed = 1;         // of the line's chance
  int baud = 0;                   // 0: bytes take no time
  base::Duration reply_delay{0};  // from the end of a request to the first byte of its answer (Td)
  bool collisions = true;         // several meters answering at once garble each other; else only the first answers
  ScanFor scan_for = ScanFor::kMeterBus;
  std::vector<FaultRule> faults = {};  // strike the answers of every meter
  base::Bytes registration = {};       // first bytes on a new channel, as a cellular DTU sends them (注册包)
  base::Bytes heartbeat = {};          // sent after every `heartbeat_every` on a channel (心跳包)
  base::Duration heartbeat_every{0};   // 0: none
};

/// Time without a meter, [from, to): power off (停电), or not yet or no longer installed.
struct Absence {
  base::UtcTime from{std::numeric_limits<std::int64_t>::min()};
  base::UtcTime to{std::numeric_limits<std::int64_t>::max()};
};

/// A meter in its place on the line.
struct MountedMeter {
  std::unique_ptr<BusMeter> meter;
  std::vector<FaultRule> faults = {};  // strike this meter's answers
  std::vector<Absence> absences = {};
};

/// Bytes that go out together once they are due.
struct Emission {
  ChannelId asker = 0;
  base::Bytes bytes;
  std::vector<TruthEntry> truths = {};  // to be logged when these bytes have left towards the asker
  bool to_all = true;                   // every channel of the line hears it, else the asker alone
};

class LineBus {
 public:
  LineBus(LineSettings settings, std::vector<MountedMeter> meters);

  /// A channel was opened: what a DTU says first is on its way to it.
  void OnChannelOpened(ChannelId channel, base::Monotonic now);
  void OnBytes(ChannelId channel, base::ByteView bytes, Instant now);
  void OnChannelClosed(ChannelId channel);

  /// When TakeDue has something to give; nullopt while nothing is on its way.
  [[nodiscard]] std::optional<base::Monotonic> NextDue() const;
  /// What is due at `now`, in order.
  [[nodiscard]] std::vector<Emission> TakeDue(base::Monotonic now);

  [[nodiscard]] const std::string& key() const { return settings_.key; }
  [[nodiscard]] std::size_t meter_count() const { return places_.size(); }

 private:
  struct Ear {
    FrameScanner scanner;
    base::Monotonic last_byte;
  };
  struct Place {
    std::unique_ptr<BusMeter> meter;
    std::vector<Absence> absences;
    FaultDice dice;
  };
  struct Voice {
    Place* place;
    Answer answer;
  };

  [[nodiscard]] base::Duration TimeOnBus(std::size_t bytes) const;
  void OnRequest(ChannelId channel, const BusFrame& request, Instant complete);
  void Say(ChannelId asker, Utterance utterance, base::Monotonic earliest);

  LineSettings settings_;
  std::vector<Place> places_;
  FaultDice dice_;
  std::map<ChannelId, Ear> ears_;
  std::map<ChannelId, base::Monotonic> heartbeats_;  // when the next one is due
  std::multimap<base::Monotonic, Emission> pending_;
  std::optional<Utterance> held_;  // glued to the next utterance
  std::uint64_t answers_ = 0;
  base::Monotonic bus_free_;
};

}  // namespace yb::metersim
