#include "tools/metersim/line_bus.hpp"

#include <algorithm>

#include "tools/metersim/seeded.hpp"

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

bool IsPresent(const std::vector<Absence>& absences, base::UtcTime time) {
  return std::none_of(absences.begin(), absences.end(),
                      [time](const Absence& absence) { return time >= absence.from && time < absence.to; });
}

}  // namespace

LineBus::LineBus(LineSettings settings, std::vector<MountedMeter> meters)
    : settings_(std::move(settings)), dice_(settings_.faults, settings_.seed) {
  for (MountedMeter& mounted : meters) {
    const std::uint64_t seed = Mix(settings_.seed, mounted.meter->address());
    places_.push_back({std::move(mounted.meter), std::move(mounted.absences), FaultDice(mounted.faults, seed)});
  }
}

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

void LineBus::OnChannelOpened(ChannelId channel, base::Monotonic now) {
  if (!settings_.registration.empty()) {
    pending_.emplace(now, Emission{channel, settings_.registration, {}, false});
  }
  if (settings_.heartbeat_every.count() > 0) heartbeats_[channel] = now + settings_.heartbeat_every;
}

void LineBus::OnChannelClosed(ChannelId channel) {
  ears_.erase(channel);
  heartbeats_.erase(channel);
}

void LineBus::OnRequest(ChannelId channel, const BusFrame& request, Instant complete) {
  std::vector<Voice> voices;
  for (Place& place : places_) {
    if (!IsPresent(place.absences, complete.utc)) continue;
    std::optional<Answer> answer = place.meter->OnRequest(request, complete.utc);
    if (!answer) continue;
    voices.push_back({&place, std::move(*answer)});
    if (!settings_.collisions) break;
  }
  if (voices.empty()) return;
  const base::Monotonic earliest = complete.steady + settings_.reply_delay;
  if (voices.size() > 1) {
    std::vector<base::ByteView> frames;
    frames.reserve(voices.size());
    for (const Voice& voice : voices) frames.emplace_back(voice.answer.frame);
    Say(channel, Utterance{.bytes = Garble(frames)}, earliest);
    return;
  }
  Place& place = *voices.front().place;
  TruthEntry entry{settings_.key, place.meter->address(), std::string(place.meter->protocol()),
                   std::move(voices.front().answer), ""};
  std::vector<FaultRule> faults = place.dice.Draw(complete.utc);
  for (FaultRule& fault : dice_.Draw(complete.utc)) faults.push_back(fault);
  const std::uint64_t random = Mix(settings_.seed, ++answers_);
  for (Utterance& utterance : Misbehave(std::move(entry), faults, request.raw, random)) {
    Say(channel, std::move(utterance), earliest);
  }
}

void LineBus::Say(ChannelId asker, Utterance utterance, base::Monotonic earliest) {
  const bool release = held_.has_value();
  if (release) {
    held_->bytes.insert(held_->bytes.end(), utterance.bytes.begin(), utterance.bytes.end());
    held_->truths.insert(held_->truths.end(), utterance.truths.begin(), utterance.truths.end());
    utterance.bytes = std::move(held_->bytes);
    utterance.truths = std::move(held_->truths);
    held_.reset();
  }
  if (utterance.held && !release) {
    held_ = std::move(utterance);
    return;
  }
  if (utterance.at_once) earliest = earliest + (-settings_.reply_delay);
  const base::Monotonic start = (utterance.off_bus ? earliest : std::max(bus_free_, earliest)) + utterance.after;
  const base::Bytes& bytes = utterance.bytes;
  std::size_t segment = utterance.segment;
  if (segment == 0) {
    const base::Duration per_byte = TimeOnBus(1);
    segment =
        per_byte.count() == 0 ? bytes.size() : static_cast<std::size_t>(std::max<std::int64_t>(1, kSegment / per_byte));
  }
  base::Monotonic end = start;
  for (std::size_t from = 0; from < bytes.size(); from += segment) {
    const std::size_t to = std::min(bytes.size(), from + segment);
    Emission emission{.asker = asker,
                      .bytes = base::Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                                           bytes.begin() + static_cast<std::ptrdiff_t>(to)),
                      .truths = {},
                      .to_all = settings_.scan_for != ScanFor::kModbusTcp};
    if (to == bytes.size()) emission.truths = std::move(utterance.truths);
    end = start + TimeOnBus(to) + utterance.gap * static_cast<std::int64_t>(from / segment);
    pending_.emplace(end, std::move(emission));
  }
  if (!utterance.off_bus) bus_free_ = end;
}

std::optional<base::Monotonic> LineBus::NextDue() const {
  std::optional<base::Monotonic> next;
  if (!pending_.empty()) next = pending_.begin()->first;
  for (const auto& [channel, due] : heartbeats_) {
    if (!next || due < *next) next = due;
  }
  return next;
}

std::vector<Emission> LineBus::TakeDue(base::Monotonic now) {
  for (auto& [channel, due] : heartbeats_) {
    if (due > now) continue;
    pending_.emplace(due, Emission{channel, settings_.heartbeat, {}, false});
    due = now + settings_.heartbeat_every;
  }
  std::vector<Emission> emissions;
  while (!pending_.empty() && pending_.begin()->first <= now) {
    emissions.push_back(std::move(pending_.begin()->second));
    pending_.erase(pending_.begin());
  }
  return emissions;
}

}  // namespace yb::metersim
