#include <array>

#include "tools/ctl/commands.hpp"

namespace yb::ctl {

std::span<const AddCommand> CommandTable() {
  static constexpr std::array kCommands = {
      &AddPki,   &AddBroker,  &AddEnroll,   &AddConfig, &AddUser,   &AddSync,     &AddWhy,
      &AddMeter, &AddReading, &AddCalendar, &AddCheck,  &AddLedger, &AddDocument,
  };
  return kCommands;
}

}  // namespace yb::ctl
