#include "core/metrics/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <utility>

#include "core/base/guarded.hpp"
#include "core/base/result.hpp"

namespace yb::metrics {
namespace {

/// The library throws for names that Prometheus does not take.
template <class Build>
auto& OrAbort(Build build) {
  try {
    return build();
  } catch (const std::exception& problem) {
    base::Abort(__FILE__, __LINE__, std::string("a metric cannot be added: ") + problem.what());
  }
}

template <class Series>
Series* As(void* series) {
  return static_cast<Series*>(series);
}

}  // namespace

void Counter::Increment(double by) const {
  if (series_ != nullptr) As<prometheus::Counter>(series_)->Increment(by);
}
void Counter::RaiseTo(double total) const {
  if (total > value()) Increment(total - value());
}
double Counter::value() const {
  return series_ != nullptr ? As<prometheus::Counter>(series_)->Value() : 0;
}
void Gauge::Set(double value) const {
  if (series_ != nullptr) As<prometheus::Gauge>(series_)->Set(value);
}
void Gauge::Add(double by) const {
  if (series_ != nullptr) As<prometheus::Gauge>(series_)->Increment(by);
}
double Gauge::value() const {
  return series_ != nullptr ? As<prometheus::Gauge>(series_)->Value() : 0;
}
void Histogram::Observe(double value) const {
  if (series_ != nullptr) As<prometheus::Histogram>(series_)->Observe(value);
}
void Histogram::ObserveMany(const std::vector<double>& per_bucket, double sum) const {
  if (series_ != nullptr) As<prometheus::Histogram>(series_)->ObserveMultiple(per_bucket, sum);
}

struct Metrics::State {
  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
  base::Guarded<std::vector<std::function<void()>>> refreshes;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter Metrics::AddCounter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter(&OrAbort([&]() -> auto& {
    return prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry).Add(labels);
  }));
}

Gauge Metrics::AddGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge(&OrAbort([&]() -> auto& {
    return prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry).Add(labels);
  }));
}

Histogram Metrics::AddHistogram(const std::string& name, const std::string& help, std::vector<double> upper_bounds,
                                const Labels& labels) {
  return Histogram(&OrAbort([&]() -> auto& {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry).Add(labels, upper_bounds);
  }));
}

void Metrics::OnCollect(std::function<void()> refresh) {
  state_->refreshes.With([&](auto& refreshes) { refreshes.push_back(std::move(refresh)); });
}

std::string Metrics::Render() {
  // Under the lock, so that two scrapes do not run one refresh side by side.
  return state_->refreshes.With([&](auto& refreshes) {
    for (const auto& refresh : refreshes) refresh();
    return prometheus::TextSerializer().Serialize(state_->registry.Collect());
  });
}

}  // namespace yb::metrics
