#include "core/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace yb::metrics {
namespace {

bool Has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, RendersWhatPrometheusReads) {
  Metrics metrics;
  metrics.AddCounter("yb_polls_total", "Polls of meters", {{"line", "com1"}}).Increment(3);
  metrics.AddGauge("yb_backlog_frames", "Frames waiting").Set(12.5);
  const Histogram spread = metrics.AddHistogram("yb_poll_seconds", "Time of a poll", {0.1, 1});
  spread.Observe(0.05);
  spread.Observe(5);
  const std::string text = metrics.Render();
  EXPECT_TRUE(Has(text, "# HELP yb_polls_total Polls of meters"));
  EXPECT_TRUE(Has(text, "# TYPE yb_polls_total counter"));
  EXPECT_TRUE(Has(text, "yb_polls_total{line=\"com1\"} 3"));
  EXPECT_TRUE(Has(text, "yb_backlog_frames 12.5"));
  EXPECT_TRUE(Has(text, "yb_poll_seconds_bucket{le=\"0.1\"} 1"));
  EXPECT_TRUE(Has(text, "yb_poll_seconds_bucket{le=\"+Inf\"} 2"));
}

TEST(Metrics, GivesTheSameSeriesForTheSameNameAndLabels) {
  Metrics metrics;
  metrics.AddCounter("yb_a_total", "A", {{"site", "x"}}).Increment();
  metrics.AddCounter("yb_a_total", "A", {{"site", "y"}}).Increment();
  const Counter again = metrics.AddCounter("yb_a_total", "A", {{"site", "x"}});
  again.Increment();
  EXPECT_EQ(again.value(), 2);
}

TEST(Metrics, RefreshesBeforeEachRender) {
  Metrics metrics;
  const Gauge size = metrics.AddGauge("yb_size_bytes", "Size");
  int renders = 0;
  metrics.OnCollect([&] { size.Set(++renders * 100); });
  EXPECT_TRUE(Has(metrics.Render(), "yb_size_bytes 100"));
  EXPECT_TRUE(Has(metrics.Render(), "yb_size_bytes 200"));
}

TEST(Metrics, CountsFromManyThreads) {
  Metrics metrics;
  const Counter counter = metrics.AddCounter("yb_many_total", "Many");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([counter] {
        for (int k = 0; k < 1000; ++k) counter.Increment();
      });
    }
  }
  EXPECT_EQ(counter.value(), 4000);
}

TEST(Metrics, HandlesOfTheirOwnCountNothing) {
  Counter().Increment();
  Gauge().Set(1);
  Histogram().Observe(1);
  EXPECT_EQ(Gauge().value(), 0);
}

TEST(MetricsDeathTest, AbortsOnANameThatPrometheusDoesNotTake) {
  Metrics metrics;
  EXPECT_DEATH(static_cast<void>(metrics.AddCounter("yb-polls", "Polls")), "a metric cannot be added");
}

}  // namespace
}  // namespace yb::metrics
