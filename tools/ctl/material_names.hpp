// Names of materials (材料) as the pages show them: events have the catalogue's keys only. One thread.
#pragma once

#include <filesystem>

#include "core/casework/catalogue.hpp"

namespace yb::ctl {

/// The catalogue in `file`; without one the one that the program's configuration names, where edge.toml or central.toml
/// lies beside its data folder. An empty catalogue where there is none to be found; an error only of a `file` that was
/// named.
[[nodiscard]] base::Result<casework::Catalogue> CatalogueFor(const std::filesystem::path& data_dir,
                                                             const std::filesystem::path& file);

/// "测绘成果" for "survey"; the key where the catalogue has none such, for a material may have a name of its own.
[[nodiscard]] std::string MaterialName(const casework::Catalogue& catalogue, std::string_view item,
                                       const std::string& material);

}  // namespace yb::ctl
