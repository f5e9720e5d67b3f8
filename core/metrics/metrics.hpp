// Metrics: the figures a program tells Prometheus about itself.
//
// One object per program, made by its `*_app.cpp`; a component gets the handles it counts with, never the whole.
// Handles are cheap values that stay valid as long as the Metrics they came from; a handle made by itself counts
// nothing. Everything here is safe from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace yb::metrics {

using Labels = std::map<std::string, std::string>;

/// Only grows; named `…_total`.
class Counter {
 public:
  Counter() = default;
  void Increment(double by = 1) const;  // `by` is not negative
  /// Takes over a total that is counted elsewhere, at a scrape; a smaller one changes nothing. One caller at a time.
  void RaiseTo(double total) const;
  [[nodiscard]] double value() const;

 private:
  friend class Metrics;
  explicit Counter(void* series) : series_(series) {}
  void* series_ = nullptr;
};

/// Goes up and down.
class Gauge {
 public:
  Gauge() = default;
  void Set(double value) const;
  void Add(double by) const;
  [[nodiscard]] double value() const;

 private:
  friend class Metrics;
  explicit Gauge(void* series) : series_(series) {}
  void* series_ = nullptr;
};

/// How observed values are spread over its buckets.
class Histogram {
 public:
  Histogram() = default;
  void Observe(double value) const;
  /// Takes over what was observed and sorted elsewhere: how many fell into each bucket, the one above all bounds last,
  /// and the sum of their values.
  void ObserveMany(const std::vector<double>& per_bucket, double sum) const;

 private:
  friend class Metrics;
  explicit Histogram(void* series) : series_(series) {}
  void* series_ = nullptr;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// Names are snake_case with the unit at the end, as Prometheus advises (`yb_poll_duration_seconds`). The same name
  /// and labels give the same series again. A name that Prometheus does not take, or that is in use for another type,
  /// is a bug.
  [[nodiscard]] Counter AddCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  [[nodiscard]] Gauge AddGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  /// `upper_bounds` ascend; a bucket for everything above is added.
  [[nodiscard]] Histogram AddHistogram(const std::string& name, const std::string& help,
                                       std::vector<double> upper_bounds, const Labels& labels = {});

  /// Runs before each Render, to set what is read rather than counted. What it refers to outlives this object;
  /// it adds no callbacks itself.
  void OnCollect(std::function<void()> refresh);

  /// The Prometheus text format 0.0.4, to be sent as kContentType.
  [[nodiscard]] std::string Render();
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace yb::metrics
