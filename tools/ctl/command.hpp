// How subcommands of yuanbanctl are made. Each lives in a file of its own and is entered in the table of
// command_table.cpp; it describes its options to CLI11 and says what to do when it is the one that was chosen.
// One thread.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace CLI {
class App;
}

namespace yb::ctl {

constexpr int kFailed = 1;
/// EX_USAGE of sysexits.h: a code that no command gives a meaning of its own.
constexpr int kWronglyCalled = 64;

/// What an action may use.
struct Console {
  std::ostream& out;
  std::ostream& err;
  const base::Clock& clock;
  int status = 0;  // the program's, when the action succeeds; for findings that scripts ask for, such as "rejected"
};

/// Runs after all options were read. Its error is shown with its hint, and the program ends with status 1, or 64 where
/// the action has set that.
using Action = std::function<base::Status(Console&)>;

/// Adds one subcommand (or a group of them) to `app`. When the person chose it, `chosen` is set from CLI11's callback.
using AddCommand = void (*)(CLI::App& app, Action& chosen);

/// A value that was typed for `option` and is read by the action: what cannot be read is a wrong call (64), as a
/// missing option is, and not the answer "no" (1).
template <class T>
[[nodiscard]] base::Result<T> Typed(Console& console, std::string_view option, base::Result<T> read) {
  if (read) return read;
  console.status = kWronglyCalled;
  return base::Fail(read.error().At(option));
}

/// "1 case", "2 cases", "0 cases".
[[nodiscard]] std::string Counted(std::uint64_t count, std::string_view what);

/// In the civil time of the sites: "2026-03-02 14:08 +08:00".
[[nodiscard]] std::string ForPeople(base::UtcTime time);

}  // namespace yb::ctl
