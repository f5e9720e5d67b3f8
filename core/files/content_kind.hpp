// What a file is by its first bytes, and whether an archive (归档) of a case takes it: PDF, JPEG, PNG, TIFF, OFD,
// Office documents, DWG, DXF and ZIP. Names say nothing: a program that is called a.pdf is a program. Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace yb::files {

/// First bytes that are enough to tell; of a shorter file all of them.
inline constexpr std::size_t kTellingBytes = 2048;

/// "PDF", "ZIP" (which OFD and the newer Office documents are as well), …; nullopt for what no archive takes.
[[nodiscard]] std::optional<std::string_view> ContentKindOf(base::ByteView beginning);

/// kInvalidArgument, with the kinds that are taken, for what ContentKindOf does not know.
[[nodiscard]] base::Status CheckContentKind(base::ByteView beginning);

}  // namespace yb::files
