// Data identifiers of DL/T 645-2007 that stand for one item or one record of their own: variables, events and
// parameters without an index. Used by the table of items_2007.
#pragma once

#include <vector>

#include "edge/field/dlt645/frame.hpp"
#include "edge/field/dlt645/item_format.hpp"

namespace yb::field::dlt645 {

/// Variables of class 02 under DI2 80 (annex A.3) and parameters of class 04 (annex A.5); empty where there is none.
[[nodiscard]] std::vector<PlacedItem> SingleItem2007(Di2007 di);

/// Event records (事件记录) of class 03 (annex A.4): counts, durations, and the begin and end of single events. Empty
/// for records whose layout is not in the table.
[[nodiscard]] std::vector<PlacedItem> EventItems2007(Di2007 di);

}  // namespace yb::field::dlt645
