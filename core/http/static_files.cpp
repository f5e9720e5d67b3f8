#include "core/http/static_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

#include "core/http/entity_tag.hpp"
#include "core/http/error_response.hpp"

namespace yb::http {
namespace {

namespace fs = std::filesystem;

struct ContentType {
  std::string_view extension;
  std::string_view type;
};
constexpr std::array kContentTypes = {
    ContentType{".html", "text/html; charset=utf-8"},
    ContentType{".js", "text/javascript; charset=utf-8"},
    ContentType{".mjs", "text/javascript; charset=utf-8"},
    ContentType{".css", "text/css; charset=utf-8"},
    ContentType{".json", "application/json; charset=utf-8"},
    ContentType{".map", "application/json; charset=utf-8"},
    ContentType{".webmanifest", "application/manifest+json; charset=utf-8"},
    ContentType{".txt", "text/plain; charset=utf-8"},
    ContentType{".svg", "image/svg+xml"},
    ContentType{".png", "image/png"},
    ContentType{".jpg", "image/jpeg"},
    ContentType{".webp", "image/webp"},
    ContentType{".ico", "image/x-icon"},
    ContentType{".woff", "font/woff"},
    ContentType{".woff2", "font/woff2"},
    ContentType{".pdf", "application/pdf"},
    ContentType{".wasm", "application/wasm"},
};

std::string_view TypeOf(const fs::path& file) {
  const std::string extension = file.extension().string();
  const auto* const found = std::find_if(kContentTypes.begin(), kContentTypes.end(), [&](const ContentType& candidate) {
    return candidate.extension == extension;
  });
  return found != kContentTypes.end() ? found->type : std::string_view("application/octet-stream");
}

/// "gzip;q=0" means that it is not taken.
bool TakesGzip(const Request& request) {
  const auto header = request.headers.find("accept-encoding");
  if (header == request.headers.end()) return false;
  const std::string_view list = header->second;
  const std::size_t at = list.find("gzip");
  if (at == std::string_view::npos) return false;
  std::string parameters;
  for (char c : list.substr(at + 4, list.find(',', at) - at - 4)) {
    if (c != ' ') parameters += c;
  }
  return !(parameters.starts_with(";q=0") && parameters.find_first_of("123456789") == std::string::npos);
}

bool HasHiddenSegment(std::string_view path) {
  return path.find("/.") != std::string_view::npos || path.find('\\') != std::string_view::npos;
}

/// The file's content, if it is a regular file whose real place is inside `folder`.
std::optional<std::string> ReadInside(const fs::path& folder, const fs::path& file) {
  std::error_code failed;
  const fs::path real_folder = fs::canonical(folder, failed);
  if (failed) return std::nullopt;
  const fs::path real_file = fs::canonical(file, failed);
  if (failed || !fs::is_regular_file(real_file, failed)) return std::nullopt;
  const auto [end, ignored] = std::mismatch(real_folder.begin(), real_folder.end(), real_file.begin(), real_file.end());
  if (end != real_folder.end()) return std::nullopt;
  std::ifstream stream(real_file, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream content;
  content << stream.rdbuf();
  return std::move(content).str();
}

}  // namespace

StaticFiles::StaticFiles(fs::path folder) : folder_(std::move(folder)) {}

Response StaticFiles::Serve(const Request& request) const {
  if (request.path.empty() || request.path.front() != '/' || HasHiddenSegment(request.path))
    return NothingAt(request.path);

  fs::path file = folder_ / request.path.substr(std::min(request.path.find_first_not_of('/'), request.path.size()));
  std::error_code ignored;
  if (request.path.back() == '/' || !fs::is_regular_file(file, ignored)) {
    const bool may_be_a_page = !fs::path(request.path).has_extension() && request.path != "/api" &&
                               !request.path.starts_with("/api/") && !request.path.starts_with("/assets/");
    if (!may_be_a_page) return NothingAt(request.path);
    file = folder_ / "index.html";
    if (!fs::is_regular_file(file, ignored)) {
      return ErrorResponse(
          404, {"not_found",
                {"the pages are not installed", "页面没有安装"},
                {"build them, and give their folder in the configuration", "请先构建页面，并在配置中写明其目录"}});
    }
  }

  Response response;
  response.content_type = TypeOf(file);
  std::optional<std::string> content;
  fs::path packed = file;
  packed += ".gz";
  if (fs::exists(packed, ignored)) {
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (TakesGzip(request)) content = ReadInside(folder_, packed);
    if (content) response.headers.emplace_back("Content-Encoding", "gzip");
  }
  if (!content) content = ReadInside(folder_, file);
  if (!content) return NothingAt(request.path);
  response.body = std::move(*content);
  response.headers.emplace_back(
      "Cache-Control", request.path.starts_with("/assets/") ? "public,max-age=31536000,immutable" : "no-cache");
  return WithEntityTag(request, std::move(response));
}

}  // namespace yb::http
