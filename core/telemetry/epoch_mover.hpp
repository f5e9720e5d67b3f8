// EpochMover rewrites what a box holds of a lane while it recovers from having been set back (sync-protocol.md): rows
// go to another epoch, those that came back from central are dropped, and the new epoch is numbered and chained anew.
// All methods run within a transaction of the log.
//
// A value over a RecordLog; used on the thread that writes it.
#pragma once

#include "core/telemetry/record_log.hpp"

namespace yb::telemetry {

/// Numbers that a box and central have given to different points, and what the box's become.
using PointNumbers = std::map<metering::PointNo, metering::PointNo>;

class EpochMover {
 public:
  EpochMover(RecordLog& log, SiteNo site, sync::Lane lane) : log_(log), site_(site), lane_(lane) {}

  /// Rows above `above` become offset + 1, offset + 2, … of epoch `to`. Their chain is not valid any more.
  [[nodiscard]] base::Status Move(std::uint64_t from, std::uint64_t above, std::uint64_t to, std::uint64_t offset);
  [[nodiscard]] base::Status RemoveHead(std::uint64_t epoch);
  /// Drops the row of `epoch` with these bytes, if there is one. Records without a time say what is so, not what
  /// happened, and may be there twice.
  [[nodiscard]] base::Status DropSame(std::uint64_t epoch, base::ByteView body);

  /// How the points that are defined in `epoch` have to be numbered, so that no number means two points and no point
  /// has two numbers. Definitions that give way are removed.
  [[nodiscard]] base::Result<PointNumbers> SettlePoints(std::uint64_t epoch);
  /// Numbers the rows 1…last without holes, chains them and renumbers their points; `head` says so afterwards.
  [[nodiscard]] base::Status Renumber(EpochHead& head, const PointNumbers& numbers);

 private:
  struct Row {
    std::uint64_t seq = 0;
    base::Bytes body;
  };
  /// The next rows above `seq`; empty at the end.
  [[nodiscard]] base::Result<std::vector<Row>> RowsAbove(std::uint64_t epoch, std::uint64_t seq);
  [[nodiscard]] base::Result<std::unique_ptr<storage::Statement>> Prepare(std::string_view sql, std::uint64_t epoch);

  RecordLog& log_;
  SiteNo site_;
  sync::Lane lane_;
};

}  // namespace yb::telemetry
