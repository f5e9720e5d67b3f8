// Which role does which act on which side: the roles' half of the rules; the other half is the table of transitions
// (core/domain/cases). Pure functions.
#pragma once

#include <vector>

#include "core/domain/cases/case_event.hpp"
#include "core/http/access.hpp"

namespace yb::casework {

/// Who acts: the actor as events name it, and the roles behind it.
struct Worker {
  cases::Actor actor;
  http::RoleSet roles;
};

/// `principal` at a side. A program with a token is nobody's number, and acts under its own name.
[[nodiscard]] Worker WorkerOf(const http::Principal& principal, cases::Side side);

[[nodiscard]] bool RoleMay(http::RoleSet roles, cases::Side side, cases::ActKind act);

/// Acts that the roles may do at a side at all, in the order of ActKind. Those that have a way of their own (receive,
/// unmask, print) are not among them.
[[nodiscard]] std::vector<cases::ActKind> ActsOf(http::RoleSet roles, cases::Side side);

/// Whose turn the worker's list of things to do shows: "park", "city", or the department.
[[nodiscard]] std::string TurnOf(const Worker& worker, cases::Side side);

}  // namespace yb::casework
