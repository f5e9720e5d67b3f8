#include "edge/field/protocols.hpp"

#include <algorithm>
#include <array>

#include "edge/field/cjt188/cjt188_driver.hpp"
#include "edge/field/dlt645/dlt645_driver.hpp"
#include "edge/field/modbus/modbus_driver.hpp"

namespace yb::field {
namespace {

using Made = base::Result<std::unique_ptr<FieldDriver>>;

struct Protocol {
  std::string_view name;
  std::string_view source_key;
  std::string_view example_address;
  Made (*make)(const MeterSettings&);
};

Made MakeDlt645Of2007(const MeterSettings& settings) {
  return dlt645::Dlt645Driver::Make(dlt645::Edition::k2007, settings);
}
Made MakeDlt645Of1997(const MeterSettings& settings) {
  return dlt645::Dlt645Driver::Make(dlt645::Edition::k1997, settings);
}
Made MakeModbusRtu(const MeterSettings& settings) {
  return modbus::ModbusDriver::Make(modbus::Framing::kRtu, settings);
}
Made MakeModbusTcp(const MeterSettings& settings) {
  return modbus::ModbusDriver::Make(modbus::Framing::kTcp, settings);
}

constexpr std::array kProtocols{
    Protocol{"dlt645-2007", "di", "000000000001", &MakeDlt645Of2007},
    Protocol{"dlt645-1997", "di", "000000000001", &MakeDlt645Of1997},
    Protocol{"cjt188", "item", "00000000000001", &cjt188::Cjt188Driver::Make},
    // On a serial port or through a raw TCP pipe alike.
    Protocol{"modbus-rtu", "register", "1", &MakeModbusRtu},
    Protocol{"modbus-tcp", "register", "1", &MakeModbusTcp},
};

const Protocol* Find(std::string_view name) {
  const auto* found = std::find_if(kProtocols.begin(), kProtocols.end(),
                                   [name](const Protocol& protocol) { return protocol.name == name; });
  return found == kProtocols.end() ? nullptr : found;
}

}  // namespace

std::vector<std::string> ProtocolNames() {
  std::vector<std::string> names;
  names.reserve(kProtocols.size());
  for (const Protocol& protocol : kProtocols) names.emplace_back(protocol.name);
  return names;
}

base::Result<std::unique_ptr<FieldDriver>> MakeDriver(std::string_view protocol, const MeterSettings& settings) {
  const Protocol* found = Find(protocol);
  if (found == nullptr) {
    const std::string name(protocol);
    return base::Fail(base::ErrorCode::kUnsupported,
                      base::Words{"'" + name + "' is no known protocol", "不认识规约“" + name + "”"});
  }
  return found->make(settings);
}

std::string_view SourceKey(std::string_view protocol) {
  const Protocol* found = Find(protocol);
  return found == nullptr ? std::string_view() : found->source_key;
}

std::string_view ExampleAddress(std::string_view protocol) {
  const Protocol* found = Find(protocol);
  return found == nullptr ? std::string_view() : found->example_address;
}

}  // namespace yb::field
