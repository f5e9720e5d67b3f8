// Result: how every expected failure travels in Yuanban.
//
// An expected failure (bad input, a full disk, a silent meter) is a value, never an exception; library exceptions stop
// at the adapter that calls the library. Each layer adds its context once (`Error::At`) and either returns the error
// or logs it, never both. A bug is not an Error: it aborts with a sentence (see YB_CHECK).
//
// Values; safe to move between threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace yb::base {

enum class ErrorCode : std::uint8_t {
  kInvalidArgument,  // what was given does not fit the contract
  kNotFound,
  kAlreadyExists,
  kCorrupt,      // stored or received bytes fail their check
  kTimeout,      // no answer within the limit
  kUnavailable,  // the other side cannot be reached now
  kRefused,      // the other side answered, and said no
  kDiskFull,
  kIo,
  kPermission,
  kUnsupported,  // understood, but not by this version
  kErased,       // was here and was destroyed for good, as somebody asked
};

/// What the caller may do about it.
enum class ErrorClass : std::uint8_t {
  kRetry,   // recovers by itself: try again later
  kRepair,  // a person has to change something
  kFatal,   // the program cannot go on
};

[[nodiscard]] std::string_view ToString(ErrorCode code);
[[nodiscard]] std::string_view ToString(ErrorClass error_class);

/// One sentence in both languages of the interface.
struct Words {
  std::string en;
  std::string zh;
};

/// What is wrong with one field of a form: "applicant.code".
struct FieldFault {
  std::string field;
  Words words;
};

struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;          // what is wrong, in one clause
  std::string context;          // where: "points.toml:42: meter.pump1.baud", outermost layer first
  std::string hint;             // what to do about it; may be empty
  std::string message_zh = {};  // the same in Chinese, where a user of the pages may meet it; else empty
  std::string hint_zh = {};
  std::vector<FieldFault> fields = {};  // of a form: each with its field

  [[nodiscard]] ErrorClass Class() const;

  /// The same error seen from one layer further out: `where` is put before the context.
  [[nodiscard]] Error At(std::string_view where) const;

  /// "context: message (hint)" for people.
  [[nodiscard]] std::string Describe() const;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> Fail(ErrorCode code, std::string message, std::string hint = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), {}, std::move(hint)});
}

/// For what a user of the pages may meet: `Fail(code, Words{"…", "…"})`.
[[nodiscard]] inline tl::unexpected<Error> Fail(ErrorCode code, Words message, Words hint = {}) {
  return tl::unexpected<Error>(
      Error{code, std::move(message.en), {}, std::move(hint.en), std::move(message.zh), std::move(hint.zh)});
}

[[nodiscard]] inline tl::unexpected<Error> Fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

/// Ends the program with `sentence`. For bugs only; bad input never comes here.
[[noreturn]] void Abort(const char* file, int line, std::string_view sentence);

}  // namespace yb::base

#define YB_CHECK(condition, sentence)                                  \
  do {                                                                 \
    if (!(condition)) ::yb::base::Abort(__FILE__, __LINE__, sentence); \
  } while (false)

#define YB_CONCAT_INNER(a, b) a##b
#define YB_CONCAT(a, b) YB_CONCAT_INNER(a, b)

/// Evaluates a Status or Result; on failure returns its error from the enclosing function.
#define YB_TRY(expression)                                                         \
  do {                                                                             \
    auto&& yb_try_status = (expression);                                           \
    if (!yb_try_status) return ::yb::base::Fail(std::move(yb_try_status).error()); \
  } while (false)

/// `YB_ASSIGN(auto x, F())`: x is F's value, or the error is returned from the enclosing function.
#define YB_ASSIGN(declaration, expression) YB_ASSIGN_INNER(declaration, expression, YB_CONCAT(yb_assign_, __LINE__))
#define YB_ASSIGN_INNER(declaration, expression, name)         \
  auto name = (expression);                                    \
  if (!name) return ::yb::base::Fail(std::move(name).error()); \
  declaration = std::move(*name)
