#include "core/papers/paper_codec.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "core/base/digest.hpp"
#include "core/papers/paper_fields.hpp"

namespace yb::papers {
namespace {

using base::Error;
using base::ErrorCode;
using base::Fail;
using base::Words;
using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

class Writer {
 public:
  void Text(const char* name, const std::string& text, TextLimit /*limit*/) { json_[name] = text; }
  void Day(const char* name, CivilDate day) { json_[name] = calendar::ToString(day); }
  void OptionalDay(const char* name, const std::optional<CivilDate>& day) {
    json_[name] = day ? OrderedJson(calendar::ToString(*day)) : OrderedJson(nullptr);
  }
  void AddedText(const char* name, const std::string& text, TextLimit limit) {
    if (!text.empty()) Text(name, text, limit);
  }
  void AddedDay(const char* name, const std::optional<CivilDate>& day) {
    if (day) OptionalDay(name, day);
  }
  void Whole(const char* name, int value, int /*least*/, int /*most*/) { json_[name] = value; }
  void Flag(const char* name, bool value) { json_[name] = value; }
  void Texts(const char* name, const std::vector<std::string>& texts, ListLimit /*limit*/, TextLimit /*each*/) {
    json_[name] = texts;
  }
  template <class Record>
  void Group(const char* name, const Record& record) {
    json_[name] = Of(record);
  }
  template <class Record>
  void List(const char* name, const std::vector<Record>& records, ListLimit /*limit*/) {
    OrderedJson list = OrderedJson::array();
    for (const Record& record : records) list.push_back(Of(record));
    json_[name] = std::move(list);
  }

  template <class Record>
  [[nodiscard]] static OrderedJson Of(const Record& record) {
    Writer writer;
    Walk(writer, record);
    return std::move(writer.json_);
  }

 private:
  OrderedJson json_ = OrderedJson::object();
};

/// Reads one object after another; the first error is kept.
class Reader {
 public:
  void Text(const std::string& name, std::string& text, TextLimit /*limit*/) {
    if (const Json* value = Take(name)) ReadText(name, *value, text);
  }
  void Day(const std::string& name, CivilDate& day) {
    if (const Json* value = Take(name)) ReadDay(name, *value, day);
  }
  void OptionalDay(const std::string& name, std::optional<CivilDate>& day) {
    const Json* value = Take(name);
    if (value == nullptr || value->is_null()) return;
    ReadDay(name, *value, day.emplace());
  }
  void AddedText(const std::string& name, std::string& text, TextLimit limit) {
    if (object_->contains(name)) Text(name, text, limit);
  }
  void AddedDay(const std::string& name, std::optional<CivilDate>& day) {
    if (object_->contains(name)) OptionalDay(name, day);
  }
  void Whole(const std::string& name, int& number, int least, int most) {
    const Json* value = Take(name);
    if (value == nullptr) return;
    const bool whole = value->is_number_integer() && *value >= least && *value <= most;
    if (!whole) {
      const std::string range = std::to_string(least) + " – " + std::to_string(most);
      return Refuse(name, {"is no whole number in " + range, "不是 " + range + " 之间的整数"});
    }
    number = value->get<int>();
  }
  void Flag(const std::string& name, bool& flag) {
    const Json* value = Take(name);
    if (value == nullptr) return;
    if (!value->is_boolean()) return Refuse(name, {"is neither true nor false", "不是 true 或 false"});
    flag = value->get<bool>();
  }
  void Texts(const std::string& name, std::vector<std::string>& texts, ListLimit limit, TextLimit /*each*/) {
    ReadList(
        name, limit, [&](const std::string& place, const Json& value) { ReadText(place, value, texts.emplace_back()); },
        texts);
  }
  template <class Record>
  void Group(const std::string& name, Record& record) {
    if (const Json* value = Take(name)) ReadGroup(name, *value, record);
  }
  template <class Record>
  void List(const std::string& name, std::vector<Record>& records, ListLimit limit) {
    ReadList(
        name, limit,
        [&](const std::string& place, const Json& value) { ReadGroup(place, value, records.emplace_back()); }, records);
  }

  /// Reads `object` at `place` by `walk`, which takes each of its names once; others are refused.
  template <class WalkFields>
  void Object(const std::string& place, const Json& object, WalkFields walk) {
    if (!object.is_object()) return Refuse(place, {"is no object", "不是对象"});
    const Json* outer = std::exchange(object_, &object);
    std::set<std::string> outer_taken = std::exchange(taken_, {});
    const std::string outer_prefix = std::exchange(prefix_, place.empty() ? prefix_ : prefix_ + place + ".");
    walk();
    for (const auto& [name, value] : object.items()) {
      if (!taken_.contains(name)) Refuse(name, {"is not known", "不认识这一项"});
    }
    prefix_ = outer_prefix;
    taken_ = std::move(outer_taken);
    object_ = outer;
  }

  void Refuse(const std::string& name, const Words& words) {
    if (status_) status_ = Fail(Error{ErrorCode::kInvalidArgument, words.en, prefix_ + name, {}, words.zh, {}});
  }
  [[nodiscard]] base::Status TakeStatus() { return std::move(status_); }

 private:
  const Json* Take(const std::string& name) {
    taken_.insert(name);
    const auto at = object_->find(name);
    if (at != object_->end()) return &*at;
    Refuse(name, {"is missing", "缺少这一项"});
    return nullptr;
  }
  void ReadText(const std::string& name, const Json& value, std::string& text) {
    if (!value.is_string()) return Refuse(name, {"is no text", "不是文本"});
    text = value.get<std::string>();
  }
  void ReadDay(const std::string& name, const Json& value, CivilDate& day) {
    if (!value.is_string()) return Refuse(name, {"is no date", "不是日期"});
    const base::Result<CivilDate> parsed = calendar::ParseDate(value.get_ref<const std::string&>());
    if (!parsed) return Refuse(name, {"is no date such as 2026-03-02", "不是形如 2026-03-02 的日期"});
    day = *parsed;
  }
  template <class Record>
  void ReadGroup(const std::string& place, const Json& value, Record& record) {
    Object(place, value, [&] { Walk(*this, record); });
  }
  template <class ReadEach, class Records>
  void ReadList(const std::string& name, ListLimit limit, ReadEach read, const Records& /*into*/) {
    const Json* value = Take(name);
    if (value == nullptr) return;
    if (!value->is_array()) return Refuse(name, {"is no list", "不是列表"});
    if (value->size() > limit.most) {
      return Refuse(name, {"has more than " + std::to_string(limit.most) + " entries",
                           "超过 " + std::to_string(limit.most) + " 项"});
    }
    std::size_t index = 0;
    for (const Json& each : *value) read(name + "[" + std::to_string(index++) + "]", each);
  }

  const Json* object_ = nullptr;
  std::set<std::string> taken_;
  std::string prefix_;
  base::Status status_;
};

template <std::size_t index = 0>
bool ChooseBody(std::string_view kind, PaperBody& body) {
  if constexpr (index == std::variant_size_v<PaperBody>) {
    return false;
  } else {
    if (kind != ToString(static_cast<PaperKind>(index))) return ChooseBody<index + 1>(kind, body);
    body.emplace<index>();
    return true;
  }
}

/// Refuses a name that an object has twice, and depth that no paper has.
class Strictness {
 public:
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    constexpr int kDeepest = 6;
    if (depth > kDeepest) wrong_ = {"is nested too deeply", "嵌套过深"};
    if (event == Json::parse_event_t::object_start) names_.emplace_back();
    if (event == Json::parse_event_t::object_end) names_.pop_back();
    if (event == Json::parse_event_t::key && !names_.back().insert(parsed.get<std::string>()).second) {
      wrong_ = {"has a name twice", "有重复的项"};
    }
    return true;
  }
  [[nodiscard]] const Words& wrong() const { return wrong_; }

 private:
  std::vector<std::set<std::string>> names_;
  Words wrong_;
};

base::Status ReadVersion(const Json& json) {
  if (!json.is_object())
    return Fail(ErrorCode::kInvalidArgument, Words{"the paper is no JSON object", "文书不是 JSON 对象"});
  const auto version = json.find("version");
  if (version == json.end() || !version->is_number_integer()) {
    return Fail(ErrorCode::kInvalidArgument, Words{"the paper has no version", "文书没有版本号"});
  }
  if (*version != kPaperVersion) {
    return Fail(ErrorCode::kUnsupported,
                Words{"the paper is of version " + version->dump() + "; version 1 is understood",
                      "文书的版本是 " + version->dump() + "，本程序只认识版本 1"});
  }
  return {};
}

}  // namespace

base::Result<std::string> Encode(const Paper& paper) {
  YB_TRY(Check(paper));
  OrderedJson json = OrderedJson::object();
  json["version"] = kPaperVersion;
  json["kind"] = ToString(paper.kind());
  json.update(Writer::Of(paper));
  std::visit([&](const auto& body) { json["body"] = Writer::Of(body); }, paper.body);
  return json.dump();
}

base::Result<Paper> Decode(std::string_view text) {
  if (text.size() > kMostPaperBytes) {
    return Fail(ErrorCode::kInvalidArgument, Words{"the paper is longer than 1 MiB", "文书超过 1 MiB"});
  }
  Strictness strictness;
  const Json json = Json::parse(text, std::ref(strictness), /*allow_exceptions=*/false);
  if (json.is_discarded()) return Fail(ErrorCode::kInvalidArgument, Words{"the paper is no JSON", "文书不是 JSON"});
  if (!strictness.wrong().en.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                Words{"the paper " + strictness.wrong().en, "文书" + strictness.wrong().zh});
  }
  YB_TRY(ReadVersion(json));
  Paper paper;
  Reader reader;
  reader.Object("", json, [&] {
    int version = 0;
    reader.Whole("version", version, kPaperVersion, kPaperVersion);
    std::string kind;
    reader.Text("kind", kind, {});
    if (!ChooseBody(kind, paper.body)) reader.Refuse("kind", {"is no kind of paper", "不是已知的文书种类"});
    Walk(reader, paper);
    std::visit([&](auto& body) { reader.Group("body", body); }, paper.body);
  });
  YB_TRY(reader.TakeStatus());
  YB_TRY(Check(paper));
  return paper;
}

base::Result<std::string> CheckText(const Paper& paper) {
  YB_ASSIGN(const std::string text, Encode(paper));
  constexpr std::size_t kDigits = 16;
  const base::Digest digest = base::Sha256(base::AsBytes(text));
  return "YB1 " + paper.receipt_no + " " + std::string(ToString(paper.kind())) + " " +
         base::ToHex(digest).substr(0, kDigits);
}

}  // namespace yb::papers
