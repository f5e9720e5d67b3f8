// ImportSpool takes up what lies in a folder to be imported, and leaves the result beside it: `<name>.readings` becomes
// `<name>.result`. The box alone writes its database; whoever may write the folder may import.
//
// Owns its thread. A file that was taken up half when the power failed is taken up again; nothing is stored twice.
#pragma once

#include <filesystem>
#include <thread>
#include <vector>

#include "edge/telemetry/edge_store.hpp"

namespace yb::edge {

class ImportSpool {
 public:
  /// Makes the folder where it is missing, then looks every second. `store` outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<ImportSpool>> Start(std::filesystem::path folder, EdgeStore& store);

  /// What is there and not taken up yet, by name.
  [[nodiscard]] static std::vector<std::filesystem::path> Waiting(const std::filesystem::path& folder);
  /// Takes up all that is there now.
  static void TakeUp(const std::filesystem::path& folder, EdgeStore& store);

 private:
  ImportSpool() = default;
  std::jthread thread_;
};

}  // namespace yb::edge
