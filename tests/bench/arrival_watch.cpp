#include "tests/bench/arrival_watch.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/base/time.hpp"
#include "tests/support/api_client.hpp"

namespace yb::bench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::ApiClient;

constexpr auto kLook = 10ms;
constexpr auto kLongest = 30s;
constexpr std::string_view kPerson = "person-";

}  // namespace

double Quantile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return -1;
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

LiveWatch::LiveWatch(const test::ApiAddress& central)
    : thread_([this, central](const std::stop_token& stop) { Run(stop, central); }) {}

std::vector<double> LiveWatch::Milliseconds() {
  thread_.request_stop();
  thread_.join();
  std::ranges::sort(seen_);
  return seen_;
}

void LiveWatch::Run(const std::stop_token& stop, const test::ApiAddress& address) {
  ApiClient central(address);
  while (!stop.stop_requested()) {
    const ApiClient::Answer answer = central.Get("/api/v1/sites/lvye-01/meters");
    if (answer.status == 200) Note(answer.body);
    std::this_thread::sleep_for(kLook);
  }
}

void LiveWatch::Note(const std::string& body) {
  const auto answer = json::parse(body, nullptr, false);
  if (!answer.is_object() || !answer.contains("meters")) return;
  const std::int64_t now = base::SystemClock().Now().micros;
  for (const auto& meter : answer["meters"]) {
    for (const auto& point : meter["points"]) {
      if (!point.contains("value_us") || point["value_us"].is_null()) continue;
      const std::int64_t made = point["value_us"];
      const auto [last, first_time] = newest_.emplace(point["key"], made);
      if (!first_time && made > last->second) seen_.push_back(static_cast<double>(now - made) / 1000);
      last->second = std::max(last->second, made);
    }
  }
}

std::string OpenAlarm(const test::ApiAddress& box) {
  ApiClient client(box);
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < until) {
    const auto answer = json::parse(client.GetWhole("/api/v1/alarms").body, nullptr, false);
    if (answer.is_object() && !answer["alarms"].empty()) return answer["alarms"][0]["alarm"];
    std::this_thread::sleep_for(200ms);
  }
  return {};
}

AlarmWatch::AlarmWatch(const test::ApiAddress& box, const test::ApiAddress& central, std::string alarm,
                       std::chrono::milliseconds interval)
    : alarm_(std::move(alarm)),
      looking_([this, central](const std::stop_token& stop) { Look(stop, central); }),
      acting_([this, box, interval](const std::stop_token& stop) { Act(stop, box, interval); }) {}

std::vector<double> AlarmWatch::Milliseconds() {
  acting_.request_stop();
  acting_.join();
  const auto until = Clock::now() + kLongest;
  while (Clock::now() < until && !waiting_.With([](const auto& waiting) { return waiting.empty(); })) {
    std::this_thread::sleep_for(kLook);
  }
  looking_.request_stop();
  looking_.join();
  waiting_.With([&](const auto& waiting) {
    seen_.insert(seen_.end(), waiting.size(), std::chrono::duration<double, std::milli>(kLongest).count());
  });
  std::ranges::sort(seen_);
  return seen_;
}

void AlarmWatch::Act(const std::stop_token& stop, const test::ApiAddress& address, std::chrono::milliseconds interval) {
  ApiClient box(address);
  for (int number = 1; !stop.stop_requested(); ++number) {
    const Clock::time_point made = Clock::now();
    waiting_.With([&](auto& waiting) { waiting.emplace(number, made); });
    const ApiClient::Answer answer =
        box.Post("/api/v1/sites/lvye-01/alarms/" + alarm_ + "/acts",
                 json{{"act", "assign"}, {"assignee", std::string(kPerson) + std::to_string(number)}}.dump());
    YB_CHECK(answer.status == 200, "the box takes no act: " + answer.body);
    std::this_thread::sleep_until(made + interval);
  }
}

void AlarmWatch::Look(const std::stop_token& stop, const test::ApiAddress& address) {
  ApiClient central(address);
  while (!stop.stop_requested()) {
    const auto answer = json::parse(central.Get("/api/v1/alarms?site=lvye-01").body, nullptr, false);
    const Clock::time_point now = Clock::now();
    for (const auto& alarm : answer.is_object() && answer.contains("alarms") ? answer["alarms"] : json::array()) {
      if (alarm["alarm"] != alarm_ || !alarm["assigned"].is_object()) continue;
      const std::string person = alarm["assigned"]["assignee"];
      const int number = std::stoi(person.substr(kPerson.size()));
      waiting_.With([&](auto& waiting) {
        for (auto it = waiting.begin(); it != waiting.end() && it->first <= number; it = waiting.erase(it)) {
          seen_.push_back(std::chrono::duration<double, std::milli>(now - it->second).count());
        }
      });
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace yb::bench
