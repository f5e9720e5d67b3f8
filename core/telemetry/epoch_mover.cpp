#include "core/telemetry/epoch_mover.hpp"

#include <algorithm>

namespace yb::telemetry {
namespace {

using storage::Signed;

std::optional<PointTable> TableOf(base::ByteView body) {
  auto record = DecodeHistoryRecord(body);
  auto* table = record ? std::get_if<PointTable>(&*record) : nullptr;
  return table == nullptr ? std::nullopt : std::optional(std::move(*table));
}

}  // namespace

base::Result<std::unique_ptr<storage::Statement>> EpochMover::Prepare(std::string_view sql, std::uint64_t epoch) {
  YB_ASSIGN(auto statement, log_.database().Prepare(sql));
  statement->Bind(1, site_).Bind(2, static_cast<std::int64_t>(lane_)).Bind(3, Signed(epoch));
  return statement;
}

base::Status EpochMover::Move(std::uint64_t from, std::uint64_t above, std::uint64_t to, std::uint64_t offset) {
  YB_TRY(log_.EnsureStream(site_, lane_, to));
  YB_ASSIGN(const auto move,
            Prepare("UPDATE record SET place = place + ?5 + (((SELECT no FROM stream WHERE site = ?1 AND lane = ?2 AND"
                    " epoch = ?4) - (SELECT no FROM stream WHERE site = ?1 AND lane = ?2 AND epoch = ?3)) << 40)"
                    " WHERE place IN (SELECT place FROM placed WHERE site = ?1 AND lane = ?2 AND epoch = ?3"
                    " AND place BETWEEN base + ?6 + 1 AND top)",
                    from));
  YB_TRY(move->Bind(4, Signed(to)).Bind(5, Signed(offset) - Signed(above)).Bind(6, Signed(above)).Run());
  YB_ASSIGN(const auto forget,
            Prepare("DELETE FROM hour WHERE site = ? AND lane = ? AND epoch = ? AND last > ?", from));
  return forget->Bind(4, Signed(above)).Run();
}

base::Status EpochMover::RemoveHead(std::uint64_t epoch) {
  YB_ASSIGN(const auto remove, Prepare("DELETE FROM head WHERE site = ? AND lane = ? AND epoch = ?", epoch));
  return remove->Run();
}

base::Status EpochMover::DropSame(std::uint64_t epoch, base::ByteView body) {
  const TimeSpan span = TimesOf(lane_, body);
  if (span.last.micros == 0) return {};
  YB_ASSIGN(const auto drop, Prepare("DELETE FROM record WHERE place IN (SELECT place FROM placed WHERE site = ? AND"
                                     " lane = ? AND epoch = ? AND place BETWEEN base AND top AND t_last IN (?, ?)"
                                     " AND body = ?)",
                                     epoch));
  return drop->Bind(4, span.last.micros).Bind(5, kForSending.micros).Bind(6, body).Run();
}

base::Result<std::vector<EpochMover::Row>> EpochMover::RowsAbove(std::uint64_t epoch, std::uint64_t seq) {
  YB_ASSIGN(const auto select, Prepare("SELECT seq, body FROM placed WHERE site = ? AND lane = ? AND epoch = ?"
                                       " AND place BETWEEN base + ? + 1 AND top ORDER BY place LIMIT 500",
                                       epoch));
  select->Bind(4, Signed(seq));
  std::vector<Row> rows;
  while (true) {
    YB_ASSIGN(const bool row, select->Step());
    if (!row) return rows;
    const base::ByteView body = select->Blob(1);
    rows.push_back({static_cast<std::uint64_t>(select->Int(0)), {body.begin(), body.end()}});
  }
}

base::Result<PointNumbers> EpochMover::SettlePoints(std::uint64_t epoch) {
  PointNumbers numbers;
  if (lane_ != sync::Lane::kHistory) return numbers;
  // By now these are central's, where both have defined a number.
  YB_ASSIGN(const std::vector<PointDefinition> points, log_.Points(site_));
  std::map<metering::PointNo, std::string> keys;
  for (const PointDefinition& definition : points) keys[definition.point.no] = definition.point.key;
  YB_ASSIGN(std::vector<Row> rows, RowsAbove(epoch, 0));
  for (; !rows.empty();) {
    for (const Row& row : rows) {
      for (const PointDefinition& definition : TableOf(row.body).value_or(PointTable{})) {
        const metering::PointNo no = definition.point.no;
        const std::string& key = definition.point.key;
        if (numbers.contains(no)) continue;
        const auto other =
            std::ranges::find_if(keys, [&](const auto& known) { return known.first != no && known.second == key; });
        if (other != keys.end()) {
          numbers[no] = other->first;
        } else if (keys[no] != key) {
          const metering::PointNo fresh = keys.rbegin()->first + 1;
          numbers[no] = fresh;
          keys[fresh] = key;
        }
        if (!numbers.contains(no) || keys[no] != key) continue;
        YB_ASSIGN(const auto remove, log_.database().Prepare("DELETE FROM point WHERE site = ? AND no = ?"));
        YB_TRY(remove->Bind(1, site_).Bind(2, std::int64_t{no}).Run());
      }
    }
    YB_ASSIGN(rows, RowsAbove(epoch, rows.back().seq));
  }
  return numbers;
}

base::Status EpochMover::Renumber(EpochHead& head, const PointNumbers& numbers) {
  YB_ASSIGN(const auto update, Prepare("UPDATE record SET place = place + ?4 - ?7, chain = ?5, body = ?6 WHERE"
                                       " place = (SELECT no << 40 FROM stream WHERE site = ?1 AND lane = ?2 AND"
                                       " epoch = ?3) + ?7",
                                       head.epoch));
  head.last = 0;
  head.chain = {};
  YB_ASSIGN(std::vector<Row> rows, RowsAbove(head.epoch, 0));
  while (!rows.empty()) {
    for (Row& row : rows) {
      // A body that cannot be read has no points.
      if (!numbers.empty()) {
        if (const auto events = DecodeMeterEvents(row.body)) YB_TRY(log_.meters().Remove(site_, *events));
        row.body = RenumberPoints(row.body, numbers).value_or(row.body);
      }
      if (lane_ == sync::Lane::kHistory) YB_TRY(log_.Define(site_, row.body));
      head.chain = sync::NextChain(head.chain, row.body);
      YB_TRY(update->Bind(4, Signed(++head.last))
                 .Bind(5, base::ByteView(head.chain))
                 .Bind(6, base::ByteView(row.body))
                 .Bind(7, Signed(row.seq))
                 .Run());
    }
    YB_ASSIGN(rows, RowsAbove(head.epoch, rows.back().seq));
  }
  return {};
}

}  // namespace yb::telemetry
