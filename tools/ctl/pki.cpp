#include <CLI/CLI.hpp>

#include "tools/ctl/commands.hpp"

namespace yb::ctl {

void AddPki(CLI::App& app, Action& chosen) {
  CLI::App* pki = app.add_subcommand("pki", "Certificates of a city: make, invite boxes, revoke, look");
  pki->require_subcommand(1);
  AddPkiInit(*pki, chosen);
  AddPkiIssueCode(*pki, chosen);
  AddPkiList(*pki, chosen);
  AddPkiRevoke(*pki, chosen);
  AddPkiRenew(*pki, chosen);
  AddPkiShow(*pki, chosen);
}

}  // namespace yb::ctl
