// Any text is a configuration or a fault that says where.
#include "core/base/result.hpp"
#include "edge/field/field_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace yb::field;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const MeterProfiles kProfiles = [] {
    MeterProfiles profiles;
    auto profile = ParseProfile(
        "title = \"t\"\nprotocol = \"dlt645-2007\"\nutility = \"power\"\n[[point]]\nquantity = \"e\"\nunit = \"kWh\"\n"
        "kind = \"register\"\ndi = \"00010000\"\n",
        "p", "p.toml");
    YB_CHECK(profile.has_value(), "the fuzz target's own profile is refused");
    profiles.emplace("p", std::move(*profile));
    return profiles;
  }();
  const auto config = ParseFieldConfig(text, "field.toml", kProfiles);
  YB_CHECK(config || config.error().context.starts_with("field.toml"), "a fault that does not say where");
  const auto profile = ParseProfile(text, "x", "x.toml");
  YB_CHECK(profile || profile.error().context.starts_with("x.toml"), "a fault that does not say where");
  return 0;
}
