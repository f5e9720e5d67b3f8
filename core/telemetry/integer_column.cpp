#include "core/telemetry/integer_column.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace yb::telemetry {
namespace {

constexpr std::size_t kMostPlanes = 8;

std::int64_t Add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t Subtract(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// A residual of all ones in every plane says that it is in `wide`.
std::uint64_t Escape(std::size_t planes) {
  return planes == kMostPlanes ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * planes)) - 1;
}

std::int64_t Median(std::vector<std::int64_t> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

struct Foretold {
  ColumnModel model = ColumnModel::kLevel;
  std::vector<std::int64_t> parameters;
  std::vector<std::uint64_t> residuals;  // folded

  [[nodiscard]] std::size_t Bits() const {
    std::size_t bits = 0;
    for (const std::uint64_t residual : residuals) bits += static_cast<std::size_t>(std::bit_width(residual));
    return bits;
  }
};

Foretold Around(ColumnModel model, std::vector<std::int64_t> parameters, const std::vector<std::int64_t>& distances,
                bool centred) {
  const std::int64_t usual = centred ? Median(distances) : 0;
  Foretold column{model, std::move(parameters), {}};
  if (centred) column.parameters.push_back(usual);
  column.residuals.reserve(distances.size());
  for (const std::int64_t distance : distances) column.residuals.push_back(Fold(Subtract(distance, usual)));
  return column;
}

Foretold Foretell(ColumnModel model, std::span<const std::int64_t> values, std::span<const std::int64_t> reference) {
  std::vector<std::int64_t> distances;
  switch (model) {
    case ColumnModel::kLevel: distances.assign(values.begin(), values.end()); return Around(model, {}, distances, true);
    case ColumnModel::kStep:
      for (std::size_t i = 1; i < values.size(); ++i) distances.push_back(Subtract(values[i], values[i - 1]));
      return Around(model, {values[0]}, distances, true);
    case ColumnModel::kTrend:
      for (std::size_t i = 2; i < values.size(); ++i) {
        distances.push_back(Subtract(Subtract(values[i], values[i - 1]), Subtract(values[i - 1], values[i - 2])));
      }
      return Around(model, {values[0], Subtract(values[1], values[0])}, distances, false);
    case ColumnModel::kReference: break;
  }
  for (std::size_t i = 0; i < values.size(); ++i) distances.push_back(Subtract(values[i], reference[i]));
  return Around(model, {}, distances, true);
}

/// So many planes that at most one residual in 64 is too wide for them.
std::size_t PlanesFor(const std::vector<std::uint64_t>& residuals) {
  std::array<std::size_t, kMostPlanes + 1> fitting{};
  for (const std::uint64_t residual : residuals) {
    for (std::size_t planes = kMostPlanes; planes > 0 && residual < Escape(planes); --planes) ++fitting[planes];
  }
  for (std::size_t planes = 1; planes < kMostPlanes; ++planes) {
    if ((residuals.size() - fitting[planes]) * 64 <= residuals.size()) return planes;
  }
  return kMostPlanes;
}

struct Shape {
  std::size_t parameters = 0;  // integers in the head
  std::size_t explicit_values = 0;
};

std::optional<Shape> ShapeOf(std::uint8_t model) {
  switch (static_cast<ColumnModel>(model)) {
    case ColumnModel::kLevel: return Shape{1, 0};
    case ColumnModel::kStep: return Shape{2, 1};
    case ColumnModel::kTrend: return Shape{2, 2};
    case ColumnModel::kReference: return Shape{1, 0};
  }
  return std::nullopt;
}

tl::unexpected<base::Error> Corrupt(const char* what) {
  return base::Fail(base::ErrorCode::kCorrupt, what);
}

/// The model that needs fewest bits. Readings of one answer have the same times, then the others are not even tried.
Foretold ForetellBest(std::span<const std::int64_t> values, std::span<const std::int64_t> reference) {
  const ColumnModel first = reference.empty() ? ColumnModel::kLevel : ColumnModel::kReference;
  Foretold best = Foretell(first, values, reference);
  const auto offer = [&](ColumnModel model) {
    Foretold other = Foretell(model, values, reference);
    if (other.Bits() < best.Bits()) best = std::move(other);
  };
  if (!reference.empty()) {
    if (best.Bits() == 0) return best;
    offer(ColumnModel::kLevel);
  }
  offer(ColumnModel::kStep);
  if (values.size() > 1) offer(ColumnModel::kTrend);
  return best;
}

/// What a column's head says.
struct Said {
  ColumnModel model = ColumnModel::kLevel;
  std::size_t planes = 0;
  std::size_t residuals = 0;
  std::array<std::int64_t, 2> parameters{};
};

base::Result<Said> TakeSaid(std::size_t count, std::span<const std::int64_t> reference, ByteReader& head) {
  const std::uint8_t first = head.Byte();
  const std::optional<Shape> shape = ShapeOf(first & 0x0F);
  Said said{static_cast<ColumnModel>(first & 0x0F), static_cast<std::size_t>(first >> 4U) + 1, 0, {}};
  if (!shape || said.planes > kMostPlanes || count < shape->explicit_values)
    return Corrupt("a column has an unknown model");
  if (said.model == ColumnModel::kReference && reference.size() != count)
    return Corrupt("a column lacks its reference");
  for (std::size_t i = 0; i < shape->parameters; ++i) said.parameters.at(i) = head.Signed();
  if (!head.ok()) return Corrupt("a column ends too early");
  said.residuals = count - shape->explicit_values;
  return said;
}

template <typename ResidualAt>
std::vector<std::int64_t> Restore(const Said& said, std::size_t count, std::span<const std::int64_t> reference,
                                  const ResidualAt& residual_at) {
  const auto& parameters = said.parameters;
  std::vector<std::int64_t> values;
  values.reserve(count);
  switch (said.model) {
    case ColumnModel::kLevel:
      for (std::size_t i = 0; i < count; ++i) values.push_back(Add(parameters[0], residual_at(i)));
      break;
    case ColumnModel::kStep:
      values.push_back(parameters[0]);
      for (std::size_t i = 0; i < said.residuals; ++i)
        values.push_back(Add(values.back(), Add(parameters[1], residual_at(i))));
      break;
    case ColumnModel::kTrend: {
      std::int64_t step = parameters[1];
      values.push_back(parameters[0]);
      values.push_back(Add(parameters[0], step));
      for (std::size_t i = 0; i < said.residuals; ++i) {
        step = Add(step, residual_at(i));
        values.push_back(Add(values.back(), step));
      }
      break;
    }
    case ColumnModel::kReference:
      for (std::size_t i = 0; i < count; ++i) values.push_back(Add(reference[i], Add(parameters[0], residual_at(i))));
      break;
  }
  return values;
}

}  // namespace

void PutColumn(std::span<const std::int64_t> values, std::span<const std::int64_t> reference, base::Bytes& head,
               base::Bytes& planes, base::Bytes& wide) {
  if (values.empty()) return;
  const Foretold best = ForetellBest(values, reference);
  const std::size_t count = PlanesFor(best.residuals);
  head.push_back(static_cast<std::uint8_t>((count - 1) << 4 | static_cast<std::uint8_t>(best.model)));
  for (const std::int64_t parameter : best.parameters) PutSigned(head, parameter);
  const std::uint64_t escape = Escape(count);
  for (std::size_t plane = 0; plane < count; ++plane) {
    for (const std::uint64_t residual : best.residuals)
      planes.push_back(static_cast<std::uint8_t>(std::min(residual, escape) >> (8 * plane)));
  }
  for (const std::uint64_t residual : best.residuals) {
    if (residual >= escape) PutVarint(wide, residual - escape);
  }
}

base::Result<std::vector<std::int64_t>> TakeColumn(std::size_t count, std::span<const std::int64_t> reference,
                                                   ByteReader& head, ByteReader& planes, ByteReader& wide) {
  if (count == 0) return std::vector<std::int64_t>{};
  YB_ASSIGN(const Said said, TakeSaid(count, reference, head));
  const base::ByteView bytes = planes.Take(said.residuals * said.planes);
  if (!planes.ok()) return Corrupt("a column ends too early");
  const std::uint64_t escape = Escape(said.planes);
  std::vector<std::int64_t> values = Restore(said, count, reference, [&](std::size_t i) {
    std::uint64_t residual = 0;
    for (std::size_t plane = 0; plane < said.planes; ++plane)
      residual |= std::uint64_t{bytes[plane * said.residuals + i]} << (8 * plane);
    return Unfold(residual == escape ? escape + wide.Varint() : residual);
  });
  if (!wide.ok()) return Corrupt("a column's wide residuals end too early");
  return values;
}

void PutCodedColumn(std::span<const std::int64_t> values, std::span<const std::int64_t> reference, base::Bytes& head,
                    ResidualEncoder& residuals) {
  if (values.empty()) return;
  const Foretold best = ForetellBest(values, reference);
  head.push_back(static_cast<std::uint8_t>(best.model));
  for (const std::int64_t parameter : best.parameters) PutSigned(head, parameter);
  residuals.Put(best.residuals);
}

base::Result<std::vector<std::int64_t>> TakeCodedColumn(std::size_t count, std::span<const std::int64_t> reference,
                                                        ByteReader& head, ResidualDecoder& residuals) {
  if (count == 0) return std::vector<std::int64_t>{};
  YB_ASSIGN(const Said said, TakeSaid(count, reference, head));
  if (said.planes != 1) return Corrupt("a coded column has planes");
  std::vector<std::uint64_t> taken(said.residuals);
  residuals.Take(taken);
  if (!residuals.ok()) return Corrupt("a column's residuals end too early");
  return Restore(said, count, reference, [&](std::size_t i) { return Unfold(taken[i]); });
}

}  // namespace yb::telemetry
