// The subcommands that there are; see command.hpp.
#pragma once

#include <span>

#include "tools/ctl/command.hpp"

namespace yb::ctl {

/// All of them, in the order in which --help shows them.
[[nodiscard]] std::span<const AddCommand> CommandTable();

void AddPki(CLI::App& app, Action& chosen);
void AddPkiInit(CLI::App& pki, Action& chosen);
void AddPkiIssueCode(CLI::App& pki, Action& chosen);
void AddPkiList(CLI::App& pki, Action& chosen);
void AddPkiRenew(CLI::App& pki, Action& chosen);
void AddPkiRevoke(CLI::App& pki, Action& chosen);
void AddPkiShow(CLI::App& pki, Action& chosen);
void AddBroker(CLI::App& app, Action& chosen);
void AddEnroll(CLI::App& app, Action& chosen);
void AddConfig(CLI::App& app, Action& chosen);
void AddUser(CLI::App& app, Action& chosen);
void AddSync(CLI::App& app, Action& chosen);
void AddWhy(CLI::App& app, Action& chosen);
void AddMeter(CLI::App& app, Action& chosen);
void AddReading(CLI::App& app, Action& chosen);
void AddCalendar(CLI::App& app, Action& chosen);
void AddCheck(CLI::App& app, Action& chosen);
void AddLedger(CLI::App& app, Action& chosen);
void AddDocument(CLI::App& app, Action& chosen);
void AddLedgerShow(CLI::App& ledger, Action& chosen);
void AddMeterRead(CLI::App& meter, Action& chosen);
void AddMeterScan(CLI::App& meter, Action& chosen);

}  // namespace yb::ctl
