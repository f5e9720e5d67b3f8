#include "edge/edge_config.hpp"

#include "core/config/config_file.hpp"

namespace yb::edge {
namespace {

struct Identity {
  base::CityId city;
  base::SiteId site;
  std::string name;
};

base::Result<Identity> ReadIdentity(config::ConfigTable& table) {
  Identity identity;
  YB_ASSIGN(const std::string city, table.Text("city"));
  const auto parsed_city = base::CityId::Parse(city);
  if (!parsed_city) return base::Fail(table.Wrong("city", parsed_city.error().message, parsed_city.error().hint));
  identity.city = *parsed_city;
  YB_ASSIGN(const std::string site, table.Text("site"));
  const auto parsed_site = base::SiteId::Parse(site);
  if (!parsed_site) return base::Fail(table.Wrong("site", parsed_site.error().message, parsed_site.error().hint));
  identity.site = *parsed_site;
  YB_ASSIGN(identity.name, table.Text("name", identity.site.text()));
  return identity;
}

}  // namespace

base::Result<EdgeConfig> LoadEdgeConfig(const std::filesystem::path& file) {
  YB_ASSIGN(config::ConfigTable top, config::LoadConfig(file));
  EdgeConfig out;
  YB_ASSIGN(const Identity identity, ReadIdentity(top));
  out.city = identity.city;
  out.site = identity.site;
  out.site_name = identity.name;
  YB_ASSIGN(out.data_dir, top.Path("data_dir"));
  YB_ASSIGN(const std::int64_t interval, top.Integer("commit_interval_ms", 50, 60'000, 1000));
  out.commit_interval = std::chrono::milliseconds(interval);
  YB_ASSIGN(out.identity_dir, top.Path("identity_dir", out.data_dir / "identity"));

  YB_ASSIGN(std::optional<config::ConfigTable> field, top.Table("field"));
  if (!field) return base::Fail(top.Wrong("field", "is missing, expected a table [field]"));
  YB_ASSIGN(out.field.config, field->Path("config"));
  YB_ASSIGN(out.field.profiles, field->Path("profiles"));
  YB_TRY(field->Done());

  YB_ASSIGN(std::optional<config::ConfigTable> web, top.Table("web"));
  if (!web) return base::Fail(top.Wrong("web", "is missing, expected a table [web]"));
  YB_ASSIGN(const std::int64_t port, web->Integer("port", 0, 65535, 8444));
  out.web.port = static_cast<std::uint16_t>(port);
  YB_ASSIGN(out.web.pages, web->Path("pages", std::filesystem::path()));
  YB_ASSIGN(out.web.port_file, web->Path("port_file", std::filesystem::path()));
  YB_TRY(web->Done());
  YB_TRY(top.Done());
  return out;
}

}  // namespace yb::edge
