// Dates and counts from the State Council's notices of 2025 and 2026, by hand; none comes from the program.
#include "core/domain/calendar/working_calendar.hpp"

#include <gtest/gtest.h>

namespace yb::calendar {
namespace {

CivilDate Day(std::string_view text) {
  return ParseDate(text).value();
}

class WorkingCalendarTest : public ::testing::Test {
 protected:
  std::string Add(std::string_view from, std::int64_t working_days) const {
    const Deadline deadline = calendar_.Add(Day(from), working_days).value();
    return ToString(deadline.date) + (deadline.provisional ? " provisional" : "");
  }
  WorkingCalendar calendar_{PublishedNotices()};
};

TEST_F(WorkingCalendarTest, CountsFromTheNextWorkingDay) {
  EXPECT_EQ(Add("2025-09-26", 5), "2025-10-10");  // 28 September is worked, 1 to 8 October are off
  EXPECT_EQ(Add("2026-02-13", 1), "2026-02-14");  // a Saturday that is worked
  EXPECT_EQ(Add("2026-02-13", 9), "2026-03-04");  // over the Spring Festival, with Saturday 28 February worked
  EXPECT_EQ(Add("2026-09-24", 9), "2026-10-14");
  EXPECT_EQ(Add("2025-09-28", 0), "2025-09-28");
}

TEST_F(WorkingCalendarTest, MarksWhatRestsOnAYearWithoutNotice) {
  EXPECT_EQ(Add("2026-12-30", 1), "2026-12-31");
  EXPECT_EQ(Add("2026-12-31", 1), "2027-01-01 provisional");  // a Friday, by plain weekends
  EXPECT_EQ(Add("2024-12-31", 1), "2025-01-02");              // no day of 2024 is counted
  EXPECT_EQ(Add("2024-12-30", 1), "2024-12-31 provisional");
}

TEST_F(WorkingCalendarTest, HasTheWorkingDaysOfEachYear) {
  for (const auto& [before, last] : {std::pair("2024-12-31", "2025-12-31"), {"2025-12-31", "2026-12-31"}}) {
    const DayCount count = calendar_.Between(Day(before), Day(last)).value();
    EXPECT_EQ(count.days, 248);
    EXPECT_FALSE(count.provisional);
  }
}

TEST_F(WorkingCalendarTest, CountsBetweenAsItAdds) {
  const CivilDate from = Day("2025-12-20");
  for (std::int64_t n = 0; n <= 300; ++n) {
    const Deadline deadline = calendar_.Add(from, n).value();
    const DayCount count = calendar_.Between(from, deadline.date).value();
    EXPECT_EQ(count.days, n);
    EXPECT_EQ(count.provisional, deadline.provisional);
  }
}

TEST_F(WorkingCalendarTest, ALaterNoticeReplacesTheEarlier) {
  std::vector<YearNotice> notices(PublishedNotices().begin(), PublishedNotices().end());
  notices.push_back({2027, {Day("2027-01-01")}, {}});
  notices.push_back({2026, {}, {}});
  const WorkingCalendar changed(notices);
  EXPECT_EQ(ToString(changed.Add(Day("2026-12-31"), 1).value().date), "2027-01-04");
  EXPECT_FALSE(changed.Add(Day("2026-12-31"), 1).value().provisional);
  EXPECT_TRUE(changed.IsWorkingDay(Day("2026-10-01")));
}

TEST_F(WorkingCalendarTest, RefusesWhatCannotBeCounted) {
  EXPECT_FALSE(calendar_.Add(Day("2026-01-01"), -1));
  EXPECT_FALSE(calendar_.Add(Day("2026-01-01"), WorkingCalendar::kMostDays + 1));
  EXPECT_EQ(Add("9999-12-30", 1), "9999-12-31 provisional") << "a Friday";
  const auto behind = calendar_.Add(Day("9999-12-30"), 2);
  ASSERT_FALSE(behind);
  EXPECT_EQ(behind.error().message, "the day would be behind the year 9999");
  EXPECT_FALSE(calendar_.Add(Day("9999-12-31"), 1));
  EXPECT_TRUE(calendar_.Add(Day("9999-12-31"), 0));
  EXPECT_FALSE(calendar_.Between(Day("2026-01-02"), Day("2026-01-01")));
  EXPECT_FALSE(calendar_.Between(Day("1800-01-01"), Day("2026-01-01")));
}

TEST(ParseDate, TakesDaysThatExist) {
  EXPECT_EQ(ToString(Day("2024-02-29")), "2024-02-29");
  for (const char* text : {"2025-02-29", "2025-13-01", "2025-00-10", "2025-1-1", "20250101", "2025-01-01 ", "",
                           "二〇二五", "1799-12-31", "+025-01-01", "2025-01-0x"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

TEST(WorkingCalendar, IsTheSameFromItsDescription) {
  const WorkingCalendar published(PublishedNotices());
  const auto again = WorkingCalendar::FromDescription(published.Describe());
  ASSERT_TRUE(again) << again.error().Describe();
  EXPECT_EQ(*again, published);
  EXPECT_EQ(again->KindOf(*ParseDate("2026-02-14")), DayKind::kWorkingWeekend);
  EXPECT_TRUE(again->Knows(2025));
  const YearNotice plain{2030, {}, {}};
  EXPECT_TRUE(WorkingCalendar::FromDescription(WorkingCalendar({&plain, 1}).Describe())->Knows(2030));
  EXPECT_FALSE(WorkingCalendar::FromDescription("no year"));
  EXPECT_FALSE(WorkingCalendar::FromDescription("2026 2026-13-01-off"));
}

}  // namespace
}  // namespace yb::calendar
