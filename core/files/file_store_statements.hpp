// What FileStore asks its database. For the sources of this module only.
#pragma once

#include "core/files/file_store.hpp"

namespace yb::files {

struct FileStore::Statements {
  std::unique_ptr<storage::Statement> find, all, keep, remove, progress, note, forget, forget_one, want, wanted, told,
      want_no_more, share, is_shared, share_no_more, sum, draft, draft_kept, drafts, draft_no_more;
};

}  // namespace yb::files
