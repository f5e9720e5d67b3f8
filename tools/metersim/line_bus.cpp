#include "tools/metersim/line_bus.hpp"

#include <algorithm>

namespace yb::metersim {
namespace {

constexpr std::int64_t kBitsPerByte = 11;                                // start, 8 data, even parity, stop
constexpr base::Duration kForgetAfter = std::chrono::milliseconds(500);  // silence that ends a half request (Tb)
constexpr base::Duration kSegment = std::chrono::milliseconds(20);       // how often a serial server passes bytes on

/// Several transmitters on one pair of wires: a driven 0 wins, and nobody's frame survives.
base::Bytes Garble(const std::vector<base::ByteView>& frames) {
  base::Bytes mixed;
  for (const base::ByteView frame : frames) {
    if (mixed.size() < frame.size()) mixed.resize(frame.size(), 0xFF);
    for (std::size_t i = 0; i < frame.size(); ++i) mixed[i] &= frame[i];
  }
  return mixed;
}

}  // namespace

LineBus::LineBus(LineSettings settings, std::vector<std::unique_ptr<BusMeter>> meters)
    : settings_(std::move(settings)), meters_(std::move(meters)) {}

base::Duration LineBus::TimeOnBus(std::size_t bytes) const {
  if (settings_.baud == 0) return base::Duration(0);
  return base::Duration(static_cast<std::int64_t>(bytes) * kBitsPerByte * 1'000'000 / settings_.baud);
}

void LineBus::OnBytes(ChannelId channel, base::ByteView bytes, Instant now) {
  Ear& ear = ears_.try_emplace(channel, Ear{FrameScanner(settings_.scan_for), now.steady}).first->second;
  if (now.steady - ear.last_byte > kForgetAfter) ear.scanner.Clear();
  ear.last_byte = now.steady;
  ear.scanner.Append(bytes);
  bus_free_ = std::max(bus_free_, now.steady) + TimeOnBus(bytes.size());
  while (const std::optional<BusFrame> request = ear.scanner.Next()) {
    OnRequest(channel, *request, {bus_free_, now.utc + (bus_free_ - now.steady)});
  }
}

void LineBus::OnChannelClosed(ChannelId channel) {
  ears_.erase(channel);
}

void LineBus::OnRequest(ChannelId channel, const BusFrame& request, Instant complete) {
  std::vector<Voice> voices;
  for (const std::unique_ptr<BusMeter>& meter : meters_) {
    std::optional<Answer> answer = meter->OnRequest(request, complete.utc);
    if (!answer) continue;
    voices.push_back({meter.get(), std::move(*answer)});
    if (!settings_.collisions) break;
  }
  if (voices.empty()) return;
  const base::Monotonic earliest = complete.steady + settings_.reply_delay;
  if (voices.size() > 1) {
    std::vector<base::ByteView> frames;
    for (const Voice& voice : voices) frames.emplace_back(voice.answer.frame);
    Send(channel, Garble(frames), std::nullopt, earliest);
    return;
  }
  Voice& voice = voices.front();
  base::Bytes bytes = voice.answer.frame;
  Send(channel, std::move(bytes),
       TruthEntry{settings_.key, voice.meter->address(), std::string(voice.meter->protocol()), std::move(voice.answer),
                  ""},
       earliest);
}

void LineBus::Send(ChannelId asker, base::Bytes bytes, std::optional<TruthEntry> truth, base::Monotonic earliest) {
  const base::Monotonic start = std::max(bus_free_, earliest);
  const base::Duration per_byte = TimeOnBus(1);
  const std::size_t segment =
      per_byte.count() == 0 ? bytes.size() : static_cast<std::size_t>(std::max<std::int64_t>(1, kSegment / per_byte));
  for (std::size_t from = 0; from < bytes.size(); from += segment) {
    const std::size_t to = std::min(bytes.size(), from + segment);
    Emission emission{.asker = asker,
                      .bytes = base::Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                                           bytes.begin() + static_cast<std::ptrdiff_t>(to)),
                      .truth = std::nullopt,
                      .to_all = settings_.scan_for != ScanFor::kModbusTcp};
    if (to == bytes.size()) emission.truth = std::move(truth);
    pending_.emplace(start + TimeOnBus(to), std::move(emission));
  }
  bus_free_ = start + TimeOnBus(bytes.size());
}

std::optional<base::Monotonic> LineBus::NextDue() const {
  if (pending_.empty()) return std::nullopt;
  return pending_.begin()->first;
}

std::vector<Emission> LineBus::TakeDue(base::Monotonic now) {
  std::vector<Emission> due;
  while (!pending_.empty() && pending_.begin()->first <= now) {
    due.push_back(std::move(pending_.begin()->second));
    pending_.erase(pending_.begin());
  }
  return due;
}

}  // namespace yb::metersim
