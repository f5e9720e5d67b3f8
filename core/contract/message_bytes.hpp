// The bytes of a protobuf message, found beside the messages themselves. For sources that know the messages. Pure.
#pragma once

#include "core/base/bytes.hpp"

namespace yb::contract {

template <class Message>
[[nodiscard]] base::Bytes ToBytes(const Message& message) {
  base::Bytes bytes(message.ByteSizeLong());
  message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace yb::contract
