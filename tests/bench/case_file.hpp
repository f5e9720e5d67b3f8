// A case with one large file, put in at a box as a clerk does: over its API, in pieces. One thread.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/ids.hpp"
#include "tests/support/api_address.hpp"

namespace yb::bench {

/// A case in the ledger of a box that does not run; its identity.
[[nodiscard]] std::string MakeCase(const std::filesystem::path& box, const base::SiteId& site);

/// Uploads so many bytes that nothing can make fewer and adds them to the case as a material.
void AddFile(const test::ApiAddress& box, const base::SiteId& site, const std::string& case_id, std::size_t bytes);

/// How much of files that still come has arrived at a program with this data folder.
[[nodiscard]] std::size_t ArrivedOfFiles(const std::filesystem::path& program);

}  // namespace yb::bench
