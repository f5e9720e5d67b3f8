#include "core/api/form.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Words;
using nlohmann::json;

Words Expected(const std::string& en, const std::string& zh) {
  return {"expected " + en, "应为" + zh};
}

/// U+202A…U+202E, U+2066…U+2069 and the like turn the direction of text, U+200B… cannot be seen.
bool IsUnseen(std::uint32_t code) {
  return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

/// Of UTF-8, which JSON that was parsed is.
bool HasUnseen(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    if (IsUnseen(code)) return true;
    i += length;
  }
  return false;
}

std::string Trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
}

}  // namespace

struct Form::Faults {
  std::vector<base::FieldFault> all;
};

Form::Form(std::unique_ptr<json> rest, std::string prefix, std::shared_ptr<Faults> faults)
    : rest_(std::move(rest)), prefix_(std::move(prefix)), faults_(std::move(faults)) {}
Form::~Form() = default;
Form::Form(Form&&) noexcept = default;

base::Result<Form> Form::Parse(const std::string& body) {
  auto parsed = std::make_unique<json>(json::parse(body, nullptr, false));
  if (!parsed->is_object()) {
    return Fail(ErrorCode::kInvalidArgument, Words{"the body is no JSON object", "正文应为 JSON 对象"});
  }
  return Form(std::move(parsed), "", std::make_shared<Faults>());
}

bool Form::Has(const char* key) const {
  const auto found = rest_->find(key);
  return found != rest_->end() && !found->is_null();
}

std::unique_ptr<json> Form::Take(const char* key) {
  const auto found = rest_->find(key);
  if (found == rest_->end()) return nullptr;
  auto value = std::make_unique<json>(std::move(*found));
  rest_->erase(found);
  return value->is_null() ? nullptr : std::move(value);
}

void Form::Fault(const std::string& field, Words words) {
  faults_->all.push_back({prefix_ + field, std::move(words)});
}

bool Form::good() const {
  return faults_->all.empty();
}

std::string Form::Text(const char* key, std::size_t most, bool required) {
  const auto value = Take(key);
  if (!value) {
    if (required) Missing(key);
    return {};
  }
  if (!value->is_string()) {
    Fault(key, Expected("text", "文本"));
    return {};
  }
  std::string text = Trimmed(value->get<std::string>());
  if (text.empty() && required) Missing(key);
  if (text.size() > most) {
    const std::string bytes = std::to_string(most), han = std::to_string(most / 3);
    Fault(key, {"is too long: at most " + bytes + " bytes, which are " + han + " Chinese characters",
                "太长，最多 " + han + " 个汉字或 " + bytes + " 个英文字符"});
  }
  if (HasUnseen(text)) Fault(key, {"holds characters that cannot be seen", "含有不可见字符"});
  return text;
}

std::vector<std::string> Form::Texts(const char* key, std::size_t most_entries, std::size_t most_bytes) {
  const auto value = Take(key);
  if (!value) return {};
  const bool texts =
      value->is_array() && value->size() <= most_entries && std::ranges::all_of(*value, [&](const json& one) {
        return one.is_string() && !one.get_ref<const std::string&>().empty() &&
               one.get_ref<const std::string&>().size() <= most_bytes && !HasUnseen(one.get_ref<const std::string&>());
      });
  if (!texts) {
    const std::string most = std::to_string(most_entries), bytes = std::to_string(most_bytes);
    Fault(key, Expected("a list of at most " + most + " texts of at most " + bytes + " bytes",
                        "至多 " + most + " 项文本的列表，每项不超过 " + bytes + " 字节"));
    return {};
  }
  return value->get<std::vector<std::string>>();
}

std::map<std::string, std::string, std::less<>> Form::TextsByKey(const char* key, std::size_t most_entries,
                                                                 std::size_t most_of_name, std::size_t most_bytes) {
  std::map<std::string, std::string, std::less<>> texts;
  if (!Has(key)) {
    static_cast<void>(Take(key));  // a null
    return texts;
  }
  Form within = Within(key);
  if (within.rest_->size() > most_entries) {
    const std::string most = std::to_string(most_entries);
    Fault(key, Expected("at most " + most + " entries", "至多 " + most + " 项"));
    return texts;
  }
  std::vector<std::string> names;
  for (const auto& [name, value] : within.rest_->items()) names.push_back(name);
  for (const std::string& name : names) {
    if (name.size() > most_of_name || HasUnseen(name)) {
      Fault(key, Expected("names of the item's fields", "事项的字段名"));
      return texts;
    }
    texts.emplace(name, within.TextOr(name.c_str(), most_bytes));
  }
  return texts;
}

std::optional<bool> Form::MaybeFlag(const char* key) {
  const auto value = Take(key);
  if (!value) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  Fault(key, Expected("true or false", " true 或 false"));
  return std::nullopt;
}

bool Form::Flag(const char* key, bool otherwise) {
  return MaybeFlag(key).value_or(otherwise);
}

std::optional<std::int64_t> Form::Whole(const char* key, std::int64_t least, std::int64_t most) {
  const auto value = Take(key);
  if (!value) return std::nullopt;
  const bool fits = value->is_number_integer() &&
                    !(value->is_number_unsigned() &&
                      value->get<std::uint64_t>() > static_cast<std::uint64_t>(std::max<std::int64_t>(most, 0))) &&
                    value->get<std::int64_t>() >= least && value->get<std::int64_t>() <= most;
  if (fits) return value->get<std::int64_t>();
  const std::string from = std::to_string(least), to = std::to_string(most);
  Fault(key, Expected("a whole number from " + from + " to " + to, " " + from + " 至 " + to + " 的整数"));
  return std::nullopt;
}

std::optional<calendar::CivilDate> Form::Date(const char* key) {
  const auto value = Take(key);
  if (!value) return std::nullopt;
  const auto date =
      value->is_string() ? calendar::ParseDate(value->get_ref<const std::string&>()) : calendar::ParseDate("");
  if (date) return *date;
  Fault(key, Expected("a day such as 2026-01-31", "日期，例如 2026-01-31"));
  return std::nullopt;
}

std::optional<base::Decimal> Form::Decimal(const char* key) {
  const auto value = Take(key);
  if (!value) return std::nullopt;
  // A number of JSON is binary on its way through most programs; a text is exact.
  if (value->is_string()) {
    const auto decimal = base::Decimal::Parse(Trimmed(value->get<std::string>()));
    if (decimal) return *decimal;
  }
  Fault(key, Expected("an exact decimal as text, such as \"3200.5\"", "文本形式的十进制数，例如 \"3200.5\""));
  return std::nullopt;
}

std::string Form::Word(const char* key, const std::vector<std::string_view>& words, bool required) {
  const auto value = Take(key);
  if (!value) {
    if (required) Missing(key);
    return {};
  }
  if (value->is_string() && std::ranges::find(words, value->get_ref<const std::string&>()) != words.end()) {
    return value->get<std::string>();
  }
  std::string list;
  for (const std::string_view word : words) list.append(list.empty() ? "" : ", ").append(word);
  Fault(key, Expected("one of " + list, "以下之一：" + list));
  return {};
}

Form Form::Within(const char* key) {
  auto value = Take(key);
  if (!value || !value->is_object()) {
    Fault(key, value ? Expected("an object", "对象") : Words{"is missing", "必填"});
    value = std::make_unique<json>(json::object());
  }
  return Form(std::move(value), prefix_ + key + ".", faults_);
}

std::string Form::Object(const char* key, std::size_t most) {
  const auto value = Take(key);
  if (!value || !value->is_object()) {
    Fault(key, value ? Expected("an object", "对象") : Words{"is missing", "必填"});
    return {};
  }
  std::string text = value->dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > most) {
    Fault(key, {"is longer than " + std::to_string(most) + " bytes", "不能超过 " + std::to_string(most) + " 字节"});
  }
  return text;
}

void Form::Close() {
  for (const auto& [key, value] : rest_->items()) Fault(key, {"is not known here", "不认识此字段"});
}

base::Status Form::Finish() {
  Close();
  if (good()) return {};
  base::Error error{ErrorCode::kInvalidArgument, "", "", ""};
  const base::FieldFault& first = faults_->all.front();
  error.message = first.field + ": " + first.words.en;
  error.message_zh = first.field + "：" + first.words.zh;
  if (faults_->all.size() > 1) {
    const std::string more = std::to_string(faults_->all.size() - 1);
    error.message += ", and " + more + " more";
    error.message_zh += "（另有 " + more + " 处）";
  }
  error.fields = std::move(faults_->all);
  faults_->all.clear();
  return Fail(std::move(error));
}

}  // namespace yb::api
