#include "core/api/identity_bodies.hpp"

#include <nlohmann/json.hpp>

namespace yb::api {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using nlohmann::json;

/// The fields of an object, taken one by one; what is left over in the end is refused.
class Fields {
 public:
  [[nodiscard]] static Result<Fields> Parse(const std::string& body) {
    json parsed = json::parse(body, nullptr, false);
    if (!parsed.is_object()) {
      return Fail(ErrorCode::kInvalidArgument, base::Words{"the body is no JSON object", "正文应为 JSON 对象"});
    }
    return Fields(std::move(parsed));
  }

  [[nodiscard]] Result<std::optional<json>> Take(const char* key, bool (json::*is)() const, base::Words kind) {
    const auto found = rest_.find(key);
    if (found == rest_.end()) return std::nullopt;
    if (!((*found).*is)()) {
      return Fail(ErrorCode::kInvalidArgument,
                  base::Words{std::string(key) + " is no " + kind.en, std::string(key) + " 应为" + kind.zh});
    }
    json value = std::move(*found);
    rest_.erase(found);
    return value;
  }

  [[nodiscard]] Result<std::optional<std::string>> MaybeText(const char* key) {
    YB_ASSIGN(const std::optional<json> value, Take(key, &json::is_string, {"text", "文本"}));
    return value ? std::optional(value->get<std::string>()) : std::nullopt;
  }
  [[nodiscard]] Result<std::string> Text(const char* key) {
    YB_ASSIGN(const std::optional<std::string> value, MaybeText(key));
    if (value) return *value;
    return Fail(ErrorCode::kInvalidArgument, base::Words{std::string(key) + " is missing", std::string("缺少 ") + key});
  }
  [[nodiscard]] Result<std::optional<bool>> MaybeBool(const char* key) {
    YB_ASSIGN(const std::optional<json> value, Take(key, &json::is_boolean, {"true or false", " true 或 false"}));
    return value ? std::optional(value->get<bool>()) : std::nullopt;
  }

  [[nodiscard]] Result<std::optional<std::vector<std::string>>> MaybeTexts(const char* key) {
    YB_ASSIGN(const std::optional<json> value, Take(key, &json::is_array, {"list", "列表"}));
    if (!value) return std::nullopt;
    std::vector<std::string> texts;
    for (const json& one : *value) {
      if (!one.is_string()) {
        return Fail(ErrorCode::kInvalidArgument,
                    base::Words{std::string(key) + " is no list of texts", std::string(key) + " 应为文本列表"});
      }
      texts.push_back(one.get<std::string>());
    }
    return texts;
  }

  [[nodiscard]] Result<std::optional<http::RoleSet>> MaybeRoles() {
    YB_ASSIGN(const std::optional<std::vector<std::string>> texts, MaybeTexts("roles"));
    if (!texts) return std::nullopt;
    std::string joined;
    for (const std::string& text : *texts) joined.append(joined.empty() ? "" : ",").append(text);
    YB_ASSIGN(const http::RoleSet roles, identity::ParseRoles(joined));
    return roles;
  }

  [[nodiscard]] Result<std::optional<std::vector<base::SiteId>>> MaybeSites() {
    YB_ASSIGN(const std::optional<std::vector<std::string>> texts, MaybeTexts("sites"));
    if (!texts) return std::nullopt;
    std::vector<base::SiteId> sites;
    for (const std::string& text : *texts) {
      YB_ASSIGN(base::SiteId site, base::SiteId::Parse(text));
      sites.push_back(std::move(site));
    }
    return sites;
  }

  [[nodiscard]] Status RefuseTheRest() const {
    if (rest_.empty()) return {};
    const std::string& key = rest_.begin().key();
    return Fail(ErrorCode::kInvalidArgument, base::Words{"'" + key + "' is not known", "不认识“" + key + "”"});
  }

 private:
  explicit Fields(json rest) : rest_(std::move(rest)) {}
  json rest_;
};

}  // namespace

Result<Credentials> ReadCredentials(const std::string& body) {
  YB_ASSIGN(Fields fields, Fields::Parse(body));
  Credentials out;
  YB_ASSIGN(out.name, fields.Text("name"));
  YB_ASSIGN(out.password, fields.Text("password"));
  YB_TRY(fields.RefuseTheRest());
  return out;
}

Result<PasswordWish> ReadPasswordWish(const std::string& body) {
  YB_ASSIGN(Fields fields, Fields::Parse(body));
  PasswordWish out;
  YB_ASSIGN(out.old_password, fields.Text("old_password"));
  YB_ASSIGN(out.new_password, fields.Text("new_password"));
  YB_TRY(fields.RefuseTheRest());
  return out;
}

Result<SetupWish> ReadSetupWish(const std::string& body) {
  YB_ASSIGN(Fields fields, Fields::Parse(body));
  SetupWish out;
  YB_ASSIGN(out.code, fields.Text("code"));
  YB_ASSIGN(out.first.name, fields.Text("name"));
  YB_ASSIGN(out.first.password, fields.Text("password"));
  YB_ASSIGN(const std::optional<std::string> display_name, fields.MaybeText("display_name"));
  out.first.display_name = display_name.value_or("");
  YB_TRY(fields.RefuseTheRest());
  return out;
}

Result<identity::NewUser> ReadNewUser(const std::string& body) {
  YB_ASSIGN(Fields fields, Fields::Parse(body));
  identity::NewUser out;
  YB_ASSIGN(out.name, fields.Text("name"));
  YB_ASSIGN(out.password, fields.Text("password"));
  YB_ASSIGN(const std::optional<std::string> display_name, fields.MaybeText("display_name"));
  out.display_name = display_name.value_or("");
  YB_ASSIGN(const std::optional<http::RoleSet> roles, fields.MaybeRoles());
  out.roles = roles.value_or(http::RoleSet());
  YB_ASSIGN(const std::optional<std::vector<base::SiteId>> sites, fields.MaybeSites());
  out.sites = sites.value_or(std::vector<base::SiteId>());
  YB_ASSIGN(const std::optional<std::string> department, fields.MaybeText("department"));
  out.department = department.value_or("");
  YB_TRY(fields.RefuseTheRest());
  return out;
}

Result<identity::UserChange> ReadUserChange(const std::string& body) {
  YB_ASSIGN(Fields fields, Fields::Parse(body));
  identity::UserChange out;
  YB_ASSIGN(out.display_name, fields.MaybeText("display_name"));
  YB_ASSIGN(out.password, fields.MaybeText("password"));
  YB_ASSIGN(out.roles, fields.MaybeRoles());
  YB_ASSIGN(out.sites, fields.MaybeSites());
  YB_ASSIGN(out.department, fields.MaybeText("department"));
  YB_ASSIGN(out.disabled, fields.MaybeBool("disabled"));
  YB_TRY(fields.RefuseTheRest());
  return out;
}

}  // namespace yb::api
