// HandOver: a reading that is all of its poll, handed to a sink as a line does it. Any thread.
#pragma once

#include "edge/field/reading_sink.hpp"

namespace yb::test {

inline void HandOver(field::ReadingSink& sink, metering::Reading reading) {
  sink.OnAnswer({&reading, 1});
  sink.OnPollOver({&reading, 1});
}

}  // namespace yb::test
