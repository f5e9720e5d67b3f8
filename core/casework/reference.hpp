// Reference: the documents that cases rest on, as they are in force now. The one place where they are taken up: at the
// start from files, later from what central publishes.
//
// Safe from any thread. Whoever asks gets a state of its own that stays as it is.
#pragma once

#include <memory>
#include <optional>

#include "core/base/guarded.hpp"
#include "core/casework/catalogue.hpp"

namespace yb::casework {

struct ReferenceFiles {
  std::filesystem::path catalogue;    // empty: no item can be received
  std::filesystem::path delegations;  // empty: no park decides
  std::filesystem::path calendar;     // empty: the notices published with this version
};

struct ReferenceData {
  Catalogue catalogue;
  Delegations delegations;
};

/// Catalogue and delegations that fit each other: a delegation names an item that is there.
[[nodiscard]] base::Result<ReferenceData> LoadReference(const ReferenceFiles& files);
/// kInvalidArgument for a delegation of what is no item.
[[nodiscard]] base::Status CheckFit(const ReferenceData& data);
/// The published notices and those given, which replace them year by year.
[[nodiscard]] calendar::WorkingCalendar CalendarWith(const std::vector<calendar::YearNotice>& more);
/// The next year, from December on, where its notice is not loaded: deadlines that reach into it are provisional.
[[nodiscard]] std::optional<int> MissingYear(const calendar::WorkingCalendar& calendar, calendar::CivilDate today);
/// The published notices and those of the file, which replace them year by year.
[[nodiscard]] base::Result<calendar::WorkingCalendar> LoadCalendar(const std::filesystem::path& file);

class Reference {
 public:
  explicit Reference(ReferenceData data) { Apply(std::move(data)); }

  /// In force for whatever is asked from now on.
  void Apply(ReferenceData data) {
    auto made = std::make_shared<const ReferenceData>(std::move(data));
    now_.With([&](auto& held) { held = std::move(made); });
  }
  /// Owned by this and by whoever is at work with it.
  [[nodiscard]] std::shared_ptr<const ReferenceData> Now() const {
    return now_.With([](const auto& held) { return held; });
  }

 private:
  base::Guarded<std::shared_ptr<const ReferenceData>> now_;
};

}  // namespace yb::casework
