// What comes on the lane `snapshot`: any bytes give a message or an error; a message read can be written and read
// again, and so can each record in it.
#include "core/ledger/snapshot_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb::ledger;
  const auto message = DecodeSnapshotMessage({data, size});
  if (!message) return 0;
  const yb::base::Bytes written = EncodeMessage(*message);
  const auto again = DecodeSnapshotMessage(written);
  YB_CHECK(again && EncodeMessage(*again) == written, "a message does not survive writing");
  if (const auto* piece = std::get_if<SnapshotPiece>(&*message)) {
    for (const yb::base::Bytes& body : piece->records) {
      const auto record = DecodeCaseRecord(body);
      YB_CHECK(!record || DecodeCaseRecord(EncodeCaseRecord(*record)), "a record does not survive writing");
    }
  }
  return 0;
}
