#include "tests/support/metersim_process.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/result.hpp"

namespace yb::test {

MetersimProcess::MetersimProcess(const std::string& program, const std::filesystem::path& folder,
                                 const std::string& config)
    : folder_(folder) {
  std::ofstream(folder_ / "sim.toml") << config;
  std::array<std::string, 9> words{
      program,  "--config", folder_ / "sim.toml", "--log", folder_ / "truth.jsonl", "--port-file", folder_ / "ports",
      "--seed", "7"};
  std::array<char*, 10> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  YB_CHECK(::posix_spawn(&process_, program.c_str(), nullptr, nullptr, arguments.data(), environ) == 0,
           "metersim cannot be started");
  for (int tries = 0; tries < 500 && !std::filesystem::exists(folder_ / "ports"); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::ifstream ports(folder_ / "ports");
  std::string line;
  int port = 0;
  while (ports >> line >> port) ports_[line] = port;
  YB_CHECK(std::filesystem::exists(folder_ / "ports"), "metersim did not begin in time");
}

MetersimProcess::~MetersimProcess() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

void MetersimProcess::ForEachEntry(const std::function<void(const nlohmann::json&)>& use) const {
  std::ifstream log(folder_ / "truth.jsonl");
  std::string line;
  while (std::getline(log, line)) {
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    if (!entry.is_discarded()) use(entry);  // else the line being written
  }
}

std::uint64_t MetersimProcess::Answers(const std::string& line) const {
  std::uint64_t answers = 0;
  ForEachEntry([&](const nlohmann::json& entry) { answers += entry["line"] == line ? 1 : 0; });
  return answers;
}

MetersimProcess::Truth MetersimProcess::ReadTruth() const {
  Truth truth;
  ForEachEntry([&](const nlohmann::json& entry) {
    for (const auto& value : entry["values"]) {
      if (!value["value"].is_string()) continue;
      const auto number = base::Decimal::Parse(value["value"].get<std::string>());
      if (!number) continue;
      const std::string unit = value["unit"];
      const bool in_thousandths = unit == "W" || unit == "var";
      truth[{entry["line"], entry["address"], value["quantity"]}].insert(
          in_thousandths ? *number->Times(base::Decimal(1, 3)) : *number);
    }
  });
  return truth;
}

}  // namespace yb::test
