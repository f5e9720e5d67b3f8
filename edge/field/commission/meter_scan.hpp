// MeterScan (找表): finds out which meters hang on a line whose paper has been lost. Electricity, water, gas and heat
// meters are asked under a wildcard address; where several answer at once and garble each other, the question is
// narrowed byte by byte (缩位寻址) until each is alone. Modbus has no wildcard: every unit is asked.
//
// Sends reads only. Owned by one command; blocks while it asks; one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "edge/field/cjt188/answer.hpp"
#include "edge/field/cjt188/frame.hpp"
#include "edge/field/commission/line_probe.hpp"

namespace yb::field::commission {

/// What a CJ/T 188 meter showed of the things that makers do differently.
struct Cjt188Traits {
  std::uint8_t type = 0;
  cjt188::DiOrder di_order = cjt188::DiOrder::k901F;  // in its answer
  std::optional<cjt188::UnitPlace> unit_place = {};   // of a heat meter
  std::string unit = {};                              // of the main register: "m3", "L", "kWh", "GJ"
};

struct FoundMeter {
  std::string protocol;  // "dlt645-2007", …
  std::string address;   // as field.toml wants it
  std::vector<std::string> notes;
  std::optional<Cjt188Traits> cjt188;
};

struct ScanPlan {
  std::vector<std::string> protocols;  // in the order in which they are asked
  int first_unit = 1;                  // of Modbus
  int last_unit = 247;
};

struct ScanFindings {
  std::vector<FoundMeter> meters;
  std::vector<base::Words> notes;  // what was heard and could not be resolved, for people
};

class MeterScan {
 public:
  using OnProgress = std::function<void(const std::string& what)>;
  using OnFound = std::function<void(const FoundMeter&)>;
  /// Told how many questions are still to be asked, as far as that is known: it grows where meters garble each other.
  using OnLeft = std::function<void(int questions)>;

  /// `probe` outlives this. `on_progress` is told what is asked next, `on_found` each meter at once; all may be empty.
  MeterScan(LineProbe& probe, OnProgress on_progress, OnFound on_found = {}, OnLeft on_left = {})
      : probe_(probe),
        on_progress_(std::move(on_progress)),
        on_found_(std::move(on_found)),
        on_left_(std::move(on_left)) {}

  /// kUnsupported names a protocol that there is no scan for; kUnavailable where the line has failed.
  [[nodiscard]] base::Result<ScanFindings> Run(const ScanPlan& plan);

 private:
  /// What an answer under a wildcard came to.
  enum class Heard : std::uint8_t { kNothing, kOne, kSeveral };

  [[nodiscard]] base::Status ScanDlt645Of2007();
  [[nodiscard]] base::Status ScanDlt645Of1997();
  [[nodiscard]] base::Status ScanCjt188();
  [[nodiscard]] base::Status ScanModbus(bool over_tcp, const ScanPlan& plan);

  /// Asks `lowest` and narrows where several answer. `ask` asks once and adds the meter that was alone.
  using AskPattern = std::function<base::Result<Heard>(base::ByteView lowest)>;
  [[nodiscard]] base::Status Narrow(const AskPattern& ask, std::size_t address_bytes, base::Bytes lowest);

  [[nodiscard]] base::Result<Heard> AskDlt645Of2007(base::ByteView lowest);
  [[nodiscard]] base::Result<Heard> AskDlt645Of1997(base::ByteView lowest);
  [[nodiscard]] base::Result<Heard> AskCjt188(std::uint8_t type, base::ByteView lowest);
  [[nodiscard]] base::Status AddDlt645Of1997(const std::string& address, bool under_wildcard);
  [[nodiscard]] base::Status AddCjt188(const cjt188::Frame& reply);
  void Tell(const std::string& what) const {
    if (on_progress_) on_progress_(what);
  }
  void Found(FoundMeter meter);
  /// `questions` more or, below 0, less are left.
  void Expect(int questions);
  /// Of one protocol, where no two meters garble each other.
  [[nodiscard]] static int QuestionsOf(const std::string& protocol, const ScanPlan& plan);

  LineProbe& probe_;
  const OnProgress on_progress_;
  const OnFound on_found_;
  const OnLeft on_left_;
  int left_ = 0;
  ScanFindings findings_;
};

}  // namespace yb::field::commission
