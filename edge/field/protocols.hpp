// The protocols this program speaks, by the names that profiles use.
// Pure functions; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "edge/field/field_driver.hpp"

namespace yb::field {

/// "dlt645-2007", "cjt188", …
[[nodiscard]] std::vector<std::string> ProtocolNames();

/// kUnsupported for an unknown name; kInvalidArgument where the protocol refuses the settings.
[[nodiscard]] base::Result<std::unique_ptr<FieldDriver>> MakeDriver(std::string_view protocol,
                                                                    const MeterSettings& settings);

/// The key in a profile that says where a point is found: "di", "item" or "register"; empty for an unknown protocol.
[[nodiscard]] std::string_view SourceKey(std::string_view protocol);

/// An address that the protocol accepts, to check a profile before there is a meter.
[[nodiscard]] std::string_view ExampleAddress(std::string_view protocol);

}  // namespace yb::field
