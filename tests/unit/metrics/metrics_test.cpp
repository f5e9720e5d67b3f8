#include "core/metrics/metrics.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "core/metrics/process_metrics.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_folder.hpp"

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

TEST(Metrics, TakesOverWhatWasSortedIntoBucketsElsewhere) {
  Metrics metrics;
  const Histogram spread = metrics.AddHistogram("yb_answer_seconds", "Answers", {0.1, 1}, {{"line", "com1"}});
  spread.ObserveMany({3, 1, 2}, 12.5);
  spread.ObserveMany({1, 0, 0}, 0.05);
  const std::string text = metrics.Render();
  EXPECT_TRUE(Has(text, "yb_answer_seconds_bucket{line=\"com1\",le=\"0.1\"} 4")) << text;
  EXPECT_TRUE(Has(text, "yb_answer_seconds_bucket{line=\"com1\",le=\"1\"} 5")) << text;
  EXPECT_TRUE(Has(text, "yb_answer_seconds_count{line=\"com1\"} 7")) << text;
  EXPECT_TRUE(Has(text, "yb_answer_seconds_sum{line=\"com1\"} 12.55")) << text;
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
  Histogram().ObserveMany({1, 1}, 1);
  EXPECT_EQ(Gauge().value(), 0);
}

double ValueOf(const std::string& text, const std::string& name) {
  const std::size_t at = ("\n" + text).find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size()));
}

TEST(ProcessMetrics, SayWhatTheSystemSays) {
  Metrics metrics;
  AddProcessMetrics(metrics, {1'700'000'000'500'000});
  const std::string text = metrics.Render();
  EXPECT_EQ(ValueOf(text, "process_start_time_seconds"), 1'700'000'000.5);
  EXPECT_GT(ValueOf(text, "process_resident_memory_bytes"), 1e6);
  EXPECT_GE(ValueOf(text, "process_open_fds"), 3);
  EXPECT_GE(ValueOf(text, "process_cpu_seconds_total"), 0);
  EXPECT_GE(ValueOf(text, "yb_written_bytes_total"), 0);
}

TEST(ProcessMetrics, ProjectTheLifeOfTheFlashFromTheRateOfWriting) {
  test::ManualClock clock;
  Metrics metrics;
  const double before = WrittenBytes();
  AddFlashLife(metrics, 1e12, clock);
  const test::TempFolder folder;
  const std::string block(1 << 20, 'x');
  const int file = ::open((folder.path() / "written").c_str(), O_CREAT | O_WRONLY, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::write(file, block.data(), block.size()), static_cast<ssize_t>(block.size()));
  ASSERT_EQ(::fsync(file), 0);
  ::close(file);
  const double written = WrittenBytes() - before;
  if (written <= 0) GTEST_SKIP() << "the temporary folder lies on no disk, or the kernel keeps no account";

  clock.Advance(std::chrono::minutes(9));
  EXPECT_EQ(ValueOf(metrics.Render(), "yb_flash_life_days"), -1) << "nine minutes say nothing";
  clock.Advance(std::chrono::hours(24) - std::chrono::minutes(9));
  EXPECT_NEAR(ValueOf(metrics.Render(), "yb_flash_life_days"), 1e12 / written, 1e12 / written * 0.2);
}

TEST(MetricsDeathTest, AbortsOnANameThatPrometheusDoesNotTake) {
  Metrics metrics;
  EXPECT_DEATH(static_cast<void>(metrics.AddCounter("yb-polls", "Polls")), "a metric cannot be added");
}

}  // namespace
}  // namespace yb::metrics
