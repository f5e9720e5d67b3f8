// CentralStore in one SQL file, over the record log both programs share.
#pragma once

#include <memory>

#include "central/store/central_store.hpp"
#include "core/storage/database.hpp"

namespace yb::central {

[[nodiscard]] base::Result<std::unique_ptr<CentralStore>> OpenCentralStore(storage::DatabaseOpener& opener);

}  // namespace yb::central
