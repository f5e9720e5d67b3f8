// The decoder tool's view of DL/T 645 frames. Pure functions; no threads.
#pragma once

#include <vector>

#include "edge/field/decode/report.hpp"
#include "edge/field/dlt645/answer.hpp"

namespace yb::field::decode {

/// The last answer in `inputs`, follow-up frames joined; the last request where there is no answer.
[[nodiscard]] Report DecodeDlt645(dlt645::Edition edition, const std::vector<base::Bytes>& inputs);

}  // namespace yb::field::decode
