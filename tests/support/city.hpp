// City: a small city of real programs for a test: broker, central, one box and its meters, each on ports of its own, in
// a folder that goes away with it. The box reaches the broker over a link that can be cut.
//
// Problems are test failures, with the log of the program that made them.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/telemetry/record_log.hpp"
#include "tests/support/api_address.hpp"
#include "tests/support/process.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/truth.hpp"

namespace yb::test {

/// A meter of the box's one line; it is asked every second.
struct CityMeter {
  const char* key;
  const char* address;
  const char* protocol;     // as metersim calls it
  const char* sim_profile;  // its load
  const char* profile;      // in firmware-config/profiles
};

class City {
 public:
  /// `programs` is where the programs are, `project` the root of the sources.
  City(std::filesystem::path programs, std::filesystem::path project, std::span<const CityMeter> meters);

  /// Command lines that start the programs, in place of those in `programs`: other builds, or a program that starts
  /// them.
  void UseEdge(std::vector<std::string> command) { edge_command_ = std::move(command); }
  void UseCentral(std::vector<std::string> command) { central_command_ = std::move(command); }

  /// `more` options of metersim.
  void StartMeters(const std::vector<std::string>& more = {});
  void StartBroker();
  void StartCentral();
  void StartEdge();

  /// The box joins, then is told to reach the broker over the link. Central has to run.
  void Join();

  void KillEdge();
  void KillBroker() { broker_->Kill(); }
  void KillCentral() { central_->Kill(); }
  [[nodiscard]] TcpProxy& uplink() { return uplink_; }
  [[nodiscard]] Process& edge() { return *edge_; }
  [[nodiscard]] Process& central() { return *central_; }

  /// Each ends by itself or the test fails.
  void EndMeters();
  void EndEdge();
  void EndCentral();

  /// Waits until central has committed all records the box holds.
  [[nodiscard]] bool WaitUntilCaughtUp(int tenths_of_a_second = 900);
  [[nodiscard]] std::uint64_t LastSequence(const std::string& file) const;

  /// "edge/telemetry.db" or "central/telemetry.db".
  [[nodiscard]] std::unique_ptr<telemetry::RecordLog> OpenLog(const std::string& file) const;
  [[nodiscard]] static base::SiteId Site() { return *base::SiteId::Parse("lvye-01"); }

  /// Spans around the box's kills in which an answer may not have become durable.
  [[nodiscard]] const std::vector<Span>& edge_kills() const { return edge_kills_; }
  [[nodiscard]] std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }
  void Write(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string Read(const std::string& name) const;
  [[nodiscard]] int broker_port() const { return broker_port_; }
  [[nodiscard]] int meter_port() const { return meter_port_; }
  [[nodiscard]] int edge_port() const { return edge_port_; }
  [[nodiscard]] int central_port() const { return central_port_; }

  /// Of programs that run; good until they are started again.
  [[nodiscard]] ApiAddress edge_api() const { return AddressOf(edge_port_, Path("edge")); }
  [[nodiscard]] ApiAddress central_api() const { return AddressOf(central_port_, Path("central")); }

  /// A box has this long after an answer to have it on disk: one group commit, and the poll the answer is a part of.
  static constexpr base::Duration kUntilDurable = std::chrono::seconds(3);

 private:
  void WriteConfigurations(std::span<const CityMeter> meters);
  [[nodiscard]] std::string Bin(const char* program) const { return (bin_ / program).string(); }
  [[nodiscard]] std::optional<Process> Start(const std::vector<std::string>& arguments, const std::string& name,
                                             int port) const;

  TempFolder folder_;
  const std::filesystem::path bin_;
  const std::filesystem::path project_;
  const int broker_port_ = FreePort();
  const int central_port_ = FreePort();
  const int edge_port_ = FreePort();
  const int meter_port_ = FreePort();
  TcpProxy uplink_{broker_port_};
  std::vector<std::string> edge_command_, central_command_;
  std::optional<Process> broker_, central_, edge_, meters_;
  std::vector<Span> edge_kills_;
};

}  // namespace yb::test
