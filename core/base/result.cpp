#include "core/base/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace yb::base {

std::string_view ToString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "invalid_argument";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kAlreadyExists: return "already_exists";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kTimeout: return "timeout";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kRefused: return "refused";
    case ErrorCode::kDiskFull: return "disk_full";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kPermission: return "permission";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kErased: return "erased";
  }
  return "unknown";
}

std::string_view ToString(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kRetry: return "retry";
    case ErrorClass::kRepair: return "repair";
    case ErrorClass::kFatal: return "fatal";
  }
  return "unknown";
}

ErrorClass Error::Class() const {
  switch (code) {
    case ErrorCode::kTimeout:
    case ErrorCode::kUnavailable: return ErrorClass::kRetry;
    case ErrorCode::kCorrupt: return ErrorClass::kFatal;
    default: return ErrorClass::kRepair;
  }
}

Error Error::At(std::string_view where) const {
  Error outer = *this;
  outer.context = context.empty() ? std::string(where) : std::string(where) + ": " + context;
  return outer;
}

std::string Error::Describe() const {
  std::string text;
  if (!context.empty()) text = context + ": ";
  text += message;
  if (!hint.empty()) text += " (" + hint + ")";
  return text;
}

void Abort(const char* file, int line, std::string_view sentence) {
  std::fprintf(stderr, "%s:%d: %.*s\n", file, line, static_cast<int>(sentence.size()), sentence.data());
  std::abort();
}

}  // namespace yb::base
