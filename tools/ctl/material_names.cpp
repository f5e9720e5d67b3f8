#include "tools/ctl/material_names.hpp"

#include "central/central_config.hpp"
#include "edge/edge_config.hpp"

namespace yb::ctl {
namespace {

namespace fs = std::filesystem;

bool Same(const fs::path& one, const fs::path& other) {
  std::error_code failed;
  return fs::equivalent(one, other, failed) && !failed;
}

}  // namespace

base::Result<casework::Catalogue> CatalogueFor(const fs::path& data_dir, const fs::path& file) {
  if (!file.empty()) return casework::LoadCatalogue(file);
  std::error_code failed;
  const fs::path folder = fs::canonical(data_dir, failed).parent_path();
  fs::path named;
  if (const auto edge = edge::LoadEdgeConfig(folder / "edge.toml"); edge && Same(edge->data_dir, data_dir)) {
    named = edge->station.catalogue;
  } else if (const auto central = central::LoadCentralConfig(folder / "central.toml");
             central && Same(central->data_dir, data_dir)) {
    named = central->cases.catalogue;
  }
  // Names are for reading only: a case is shown without them too.
  return casework::LoadCatalogue(named).value_or(casework::Catalogue{});
}

std::string MaterialName(const casework::Catalogue& catalogue, std::string_view item, const std::string& material) {
  const casework::Item* found = catalogue.Find(item);
  const casework::MaterialRule* rule = found != nullptr ? found->FindMaterial(material) : nullptr;
  return rule != nullptr ? rule->name : material;
}

}  // namespace yb::ctl
