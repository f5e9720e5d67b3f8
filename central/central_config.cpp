#include "central/central_config.hpp"

#include "core/config/fault_words.hpp"
#include "core/config/toml_table.hpp"

namespace yb::central {
namespace {

base::Status ReadCases(config::TomlTable& table, CentralConfig::Cases& cases) {
  YB_ASSIGN(cases.organisation, table.TextOr("organisation", cases.organisation));
  YB_ASSIGN(cases.contact, table.TextOr("contact", ""));
  YB_ASSIGN(cases.review_authority, table.TextOr("review_authority", cases.review_authority));
  YB_ASSIGN(cases.court, table.TextOr("court", cases.court));
  YB_ASSIGN(cases.catalogue, table.PathOr("catalogue", {}));
  YB_ASSIGN(cases.delegations, table.PathOr("delegations", {}));
  YB_ASSIGN(cases.calendar, table.PathOr("calendar", {}));
  YB_ASSIGN(cases.key_dir, table.PathOr("key_dir", cases.key_dir));
  return table.RefuseUnknownKeys();
}

}  // namespace

base::Result<CentralConfig> LoadCentralConfig(const std::filesystem::path& file) {
  YB_ASSIGN(const config::TomlNode root, config::LoadToml(file));
  config::TomlTable top(root, file.string());
  CentralConfig out;
  YB_ASSIGN(const std::string city, top.Text("city"));
  const auto parsed = base::CityId::Parse(city);
  if (!parsed) return base::Fail(top.Fault("city", parsed.error()));
  out.city = *parsed;
  YB_ASSIGN(out.data_dir, top.Path("data_dir"));
  YB_ASSIGN(out.pki_dir, top.PathOr("pki_dir", {}));

  YB_ASSIGN(config::TomlTable broker, top.Table("broker"));
  YB_ASSIGN(out.broker.address, broker.Text("address"));
  if (!out.broker.address.starts_with("mqtts://")) {
    return base::Fail(
        broker.Fault("address", config::FoundText(out.broker.address), config::ExpectedTexts({"mqtts://host:port"})));
  }
  YB_ASSIGN(out.broker.roots, broker.Path("roots"));
  YB_ASSIGN(out.broker.certificate, broker.Path("certificate"));
  YB_ASSIGN(out.broker.key, broker.Path("key"));
  YB_TRY(broker.RefuseUnknownKeys());

  YB_ASSIGN(config::TomlTable web, top.Table("web"));
  YB_ASSIGN(const std::int64_t port, web.WholeOr("port", 0, 65535, 8443));
  out.web.port = static_cast<std::uint16_t>(port);
  YB_ASSIGN(out.web.access, config::ReadWebAccess(web));
  YB_ASSIGN(out.web.certificate, web.Path("certificate"));
  YB_ASSIGN(out.web.pages, web.PathOr("pages", {}));
  YB_ASSIGN(out.web.port_file, web.PathOr("port_file", {}));
  YB_TRY(web.RefuseUnknownKeys());
  out.cases.key_dir = out.data_dir / "keys";
  YB_ASSIGN(std::optional<config::TomlTable> cases, top.TableIfAny("cases"));
  if (cases) YB_TRY(ReadCases(*cases, out.cases));
  YB_ASSIGN(out.files, config::ReadFileRoom(top));
  YB_TRY(top.RefuseUnknownKeys());
  return out;
}

}  // namespace yb::central
