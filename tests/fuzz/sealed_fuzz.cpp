// Sealed fields of a ledger's event: any bytes open or are refused.
#include "core/security/sealer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const yb::security::Sealer sealer(yb::security::Secret{1});
  const yb::base::ByteView bytes(data, size);
  YB_CHECK(!sealer.Open({}, bytes), "bytes that nobody sealed were opened");
  const auto opened = sealer.Open(bytes, sealer.Seal(bytes, bytes));
  YB_CHECK(opened && std::equal(opened->begin(), opened->end(), bytes.begin(), bytes.end()),
           "what was sealed does not open");
  return 0;
}
