#include "core/config/file_room.hpp"

namespace yb::config {

base::Result<FileRoom> ReadFileRoom(TomlTable& top) {
  FileRoom room;
  YB_ASSIGN(std::optional<TomlTable> files, top.TableIfAny("files"));
  if (!files) return room;
  YB_ASSIGN(room.free_mib, files->WholeOr("free_mib", 1, 1 << 20, room.free_mib));
  YB_TRY(files->RefuseUnknownKeys());
  return room;
}

}  // namespace yb::config
