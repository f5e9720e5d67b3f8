// StaticFiles: the pages of a program, served from the folder that the web build writes.
// Reads the folder only; safe from any thread.
#pragma once

#include <filesystem>

#include "core/http/http_server.hpp"

namespace yb::http {

class StaticFiles {
 public:
  /// A folder that does not exist is served as 404 with a hint, so that a program without pages still answers its API.
  explicit StaticFiles(std::filesystem::path folder);

  /// For GET and HEAD. Files under /assets/ carry a hash in their name and are cached for good; all others are checked
  /// again each time by their entity tag. Where `name.gz` lies beside `name` and the client takes gzip, that is sent.
  /// An unknown path without a file extension and not under /api/ gets index.html, because the pages have addresses of
  /// their own. Hidden files, and links that lead out of the folder, do not exist.
  [[nodiscard]] Response Serve(const Request& request) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace yb::http
