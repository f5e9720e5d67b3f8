#include "central/central_config.hpp"

#include "core/config/config_file.hpp"

namespace yb::central {
namespace {

base::Result<config::ConfigTable> Section(config::ConfigTable& top, std::string_view name) {
  YB_ASSIGN(std::optional<config::ConfigTable> table, top.Table(name));
  if (!table) return base::Fail(top.Wrong(name, "is missing, expected a table [" + std::string(name) + "]"));
  return std::move(*table);
}

}  // namespace

base::Result<CentralConfig> LoadCentralConfig(const std::filesystem::path& file) {
  YB_ASSIGN(config::ConfigTable top, config::LoadConfig(file));
  CentralConfig out;
  YB_ASSIGN(const std::string city, top.Text("city"));
  const auto parsed = base::CityId::Parse(city);
  if (!parsed) return base::Fail(top.Wrong("city", parsed.error().message, parsed.error().hint));
  out.city = *parsed;
  YB_ASSIGN(out.data_dir, top.Path("data_dir"));
  YB_ASSIGN(out.pki_dir, top.Path("pki_dir", std::filesystem::path()));

  YB_ASSIGN(config::ConfigTable broker, Section(top, "broker"));
  YB_ASSIGN(out.broker.address, broker.Text("address"));
  if (!out.broker.address.starts_with("mqtts://")) {
    return base::Fail(broker.Wrong("address", "found '" + out.broker.address + "', expected mqtts://host:port"));
  }
  YB_ASSIGN(out.broker.roots, broker.Path("roots"));
  YB_ASSIGN(out.broker.certificate, broker.Path("certificate"));
  YB_ASSIGN(out.broker.key, broker.Path("key"));
  YB_TRY(broker.Done());

  YB_ASSIGN(config::ConfigTable web, Section(top, "web"));
  YB_ASSIGN(const std::int64_t port, web.Integer("port", 0, 65535, 8443));
  out.web.port = static_cast<std::uint16_t>(port);
  YB_ASSIGN(out.web.certificate, web.Path("certificate"));
  YB_ASSIGN(out.web.pages, web.Path("pages", std::filesystem::path()));
  YB_ASSIGN(out.web.port_file, web.Path("port_file", std::filesystem::path()));
  YB_TRY(web.Done());
  YB_TRY(top.Done());
  return out;
}

}  // namespace yb::central
