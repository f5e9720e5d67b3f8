// Form reads the JSON body of a request strictly: every field is asked for once, what is left over in the end is
// refused, and all that is wrong is told together, each with its field. Getters that find a fault note it and give a
// default; Finish tells.
//
// Owned by one request; one thread.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/decimal.hpp"
#include "core/domain/calendar/civil_date.hpp"

namespace yb::api {

class Form {
 public:
  /// kInvalidArgument for what is no JSON object.
  [[nodiscard]] static base::Result<Form> Parse(const std::string& body);
  ~Form();
  Form(Form&&) noexcept;
  Form& operator=(Form&&) = delete;

  [[nodiscard]] bool Has(const char* key) const;
  /// UTF-8 without control characters but for line breaks, at most `most` bytes; spaces around it are left out. A
  /// required one is not empty.
  [[nodiscard]] std::string Text(const char* key, std::size_t most, bool required = true);
  [[nodiscard]] std::string TextOr(const char* key, std::size_t most) { return Text(key, most, false); }
  [[nodiscard]] std::vector<std::string> Texts(const char* key, std::size_t most_entries, std::size_t most_bytes);
  /// An object of texts, each as of Text and named `key.NAME` where it is at fault; empty where it is absent.
  [[nodiscard]] std::map<std::string, std::string, std::less<>> TextsByKey(const char* key, std::size_t most_entries,
                                                                           std::size_t most_of_name,
                                                                           std::size_t most_bytes);
  [[nodiscard]] bool Flag(const char* key, bool otherwise);
  /// Nullopt where it is absent or wrong.
  [[nodiscard]] std::optional<bool> MaybeFlag(const char* key);
  [[nodiscard]] std::optional<std::int64_t> Whole(const char* key, std::int64_t least, std::int64_t most);
  [[nodiscard]] std::optional<calendar::CivilDate> Date(const char* key);
  [[nodiscard]] std::optional<base::Decimal> Decimal(const char* key);
  /// One of `words`; empty where it is absent or wrong.
  [[nodiscard]] std::string Word(const char* key, const std::vector<std::string_view>& words, bool required = true);
  /// An object within; empty where it is absent or none. Its faults are this one's, with `key.` before the field; Close
  /// it when all of it was asked for.
  [[nodiscard]] Form Within(const char* key);
  /// A JSON object as it was sent, at most `most` bytes; "" where it is absent or none.
  [[nodiscard]] std::string Object(const char* key, std::size_t most);

  void Fault(const std::string& field, base::Words words);
  void Missing(const char* key) { Fault(key, {"is missing", "必填"}); }
  /// Whether nothing is wrong so far.
  [[nodiscard]] bool good() const;
  /// Notes keys that nobody asked for.
  void Close();
  /// Closes it; kInvalidArgument with all faults.
  [[nodiscard]] base::Status Finish();

 private:
  struct Faults;
  Form(std::unique_ptr<nlohmann::json> rest, std::string prefix, std::shared_ptr<Faults> faults);
  /// Takes it out; null where it is absent. JSON's null counts as absent.
  [[nodiscard]] std::unique_ptr<nlohmann::json> Take(const char* key);

  std::unique_ptr<nlohmann::json> rest_;
  std::string prefix_;              // "applicant."
  std::shared_ptr<Faults> faults_;  // owned by the form and by those within it
};

}  // namespace yb::api
