#include "tools/metersim/modbus_meter.hpp"

#include <algorithm>

namespace yb::metersim {
namespace {

constexpr std::uint8_t kReadHoldingRegisters = 0x03;
constexpr std::uint8_t kExceptionBit = 0x80;
constexpr std::uint8_t kIllegalFunction = 0x01, kIllegalAddress = 0x02, kIllegalValue = 0x03;
constexpr std::size_t kReadRequestLength = 4;

void AppendWord(base::Bytes& out, std::uint16_t word) {
  out.push_back(static_cast<std::uint8_t>(word >> 8));
  out.push_back(static_cast<std::uint8_t>(word));
}

class ModbusMeter final : public BusMeter {
 public:
  ModbusMeter(ModbusOptions options, RegisterMap map, std::unique_ptr<ElectricSource> source)
      : options_(options), map_(std::move(map)), source_(std::move(source)), address_(std::to_string(options.unit)) {}

  [[nodiscard]] std::optional<Answer> OnRequest(const BusFrame& request, base::UtcTime now) override {
    if (request.framing != options_.framing || request.address[0] != options_.unit) return std::nullopt;
    if (request.control != kReadHoldingRegisters) return Refuse(request, kIllegalFunction);
    if (request.data.size() != kReadRequestLength) return Refuse(request, kIllegalValue);
    const int first = request.data[0] << 8 | request.data[1];
    const int count = request.data[2] << 8 | request.data[3];
    if (count == 0 || count > options_.most_registers) return Refuse(request, kIllegalValue);
    if (!InOneRange(first, first + count - 1)) return Refuse(request, kIllegalAddress);
    return Read(request, first, count, now);
  }
  [[nodiscard]] const std::string& address() const override { return address_; }
  [[nodiscard]] std::string_view protocol() const override {
    return options_.framing == Framing::kModbusTcp ? "MODBUS-TCP" : "MODBUS-RTU";
  }

 private:
  [[nodiscard]] bool InOneRange(int first, int last) const {
    return std::any_of(map_.ranges.begin(), map_.ranges.end(),
                       [=](const RegisterRange& range) { return first >= range.first && last <= range.last; });
  }

  [[nodiscard]] Answer Read(const BusFrame& request, int first, int count, base::UtcTime now) const {
    std::vector<std::uint16_t> registers(static_cast<std::size_t>(count), 0);
    std::vector<SentValue> meanings;
    for (RegisterValue& value : map_.values(source_->RegistersAt(now), source_->StateAt(now), options_.ct_ratio)) {
      bool whole = true;
      for (std::size_t word = 0; word < value.words.size(); ++word) {
        const int at = value.address + static_cast<int>(word) - first;
        if (at >= 0 && at < count) {
          registers[static_cast<std::size_t>(at)] = value.words[word];
        } else {
          whole = false;
        }
      }
      if (whole && !value.meaning.quantity.empty()) meanings.push_back(std::move(value.meaning));
    }
    base::Bytes body{static_cast<std::uint8_t>(count * 2)};
    for (const std::uint16_t word : registers) AppendWord(body, word);
    return Reply(request, kReadHoldingRegisters, body, std::move(meanings));
  }

  [[nodiscard]] Answer Refuse(const BusFrame& request, std::uint8_t exception) const {
    const base::Bytes body{exception};
    return Reply(request, request.control | kExceptionBit, body, {});
  }

  [[nodiscard]] Answer Reply(const BusFrame& request, std::uint8_t function, base::ByteView body,
                             std::vector<SentValue> values) const {
    base::Bytes unit_on{options_.unit, function};
    unit_on.insert(unit_on.end(), body.begin(), body.end());
    base::Bytes frame;
    if (options_.framing == Framing::kModbusTcp) {
      AppendWord(frame, request.transaction_id);
      AppendWord(frame, 0);
      AppendWord(frame, static_cast<std::uint16_t>(unit_on.size()));
    }
    frame.insert(frame.end(), unit_on.begin(), unit_on.end());
    if (options_.framing == Framing::kModbusRtu) {
      const std::uint16_t crc = ModbusCrc(frame);
      frame.push_back(static_cast<std::uint8_t>(crc));
      frame.push_back(static_cast<std::uint8_t>(crc >> 8));
    }
    // "03:0061+6": function, first register in hex, how many.
    std::string di = base::ToHex(base::Bytes{request.control});
    if (request.data.size() == kReadRequestLength) {
      di += ":" + base::ToHex(base::ByteView(request.data).first(2)) + "+" +
            std::to_string(request.data[2] << 8 | request.data[3]);
    }
    return {std::move(frame), std::move(di), std::move(values)};
  }

  ModbusOptions options_;
  RegisterMap map_;
  std::unique_ptr<ElectricSource> source_;
  std::string address_;
};

}  // namespace

std::unique_ptr<BusMeter> MakeModbusMeter(ModbusOptions options, RegisterMap map,
                                          std::unique_ptr<ElectricSource> source) {
  return std::make_unique<ModbusMeter>(options, std::move(map), std::move(source));
}

}  // namespace yb::metersim
