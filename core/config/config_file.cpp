#include "core/config/config_file.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <fstream>
#include <numeric>
#include <sstream>

namespace yb::config {
namespace {

using base::ErrorCode;
using base::Fail;

struct Document {
  std::filesystem::path file;
  toml::table root;
};

std::string Found(const toml::node& node) {
  std::ostringstream text;
  switch (node.type()) {
    case toml::node_type::string: return "'" + node.as_string()->get() + "'";
    case toml::node_type::integer: return std::to_string(node.as_integer()->get());
    case toml::node_type::boolean: return node.as_boolean()->get() ? "true" : "false";
    default: text << "a value of type " << node.type(); return text.str();
  }
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replace = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replace, row[j + 1] + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

struct ConfigTable::State {
  std::shared_ptr<const Document> document;  // shared by the tables of one file
  const toml::table* table = nullptr;        // within document
  std::string path;                          // "uplink", "" at the top
  mutable std::vector<std::string> asked;

  [[nodiscard]] const toml::node* Find(std::string_view key) const {
    asked.emplace_back(key);
    return table->get(key);
  }
  [[nodiscard]] std::string NameOf(std::string_view key) const {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
  }
};

ConfigTable::ConfigTable(std::unique_ptr<State> state) : state_(std::move(state)) {}
ConfigTable::ConfigTable(const ConfigTable& other) : state_(std::make_unique<State>(*other.state_)) {}
ConfigTable::ConfigTable(ConfigTable&&) noexcept = default;
ConfigTable& ConfigTable::operator=(ConfigTable&&) noexcept = default;
ConfigTable::~ConfigTable() = default;

base::Error ConfigTable::Wrong(std::string_view key, std::string message, std::string hint) const {
  const toml::node* node = state_->table->get(key);
  const auto line = (node != nullptr ? node->source() : state_->table->source()).begin.line;
  return base::Error{ErrorCode::kInvalidArgument, std::move(message),
                     state_->document->file.string() + ":" + std::to_string(std::max<std::uint32_t>(line, 1)) + ": " +
                         state_->NameOf(key),
                     std::move(hint)};
}

base::Result<std::string> ConfigTable::Text(std::string_view key, std::optional<std::string> absent) {
  const toml::node* node = state_->Find(key);
  if (node == nullptr) {
    if (absent) return *absent;
    return Fail(Wrong(key, "is missing, expected a text"));
  }
  if (!node->is_string()) return Fail(Wrong(key, "found " + Found(*node) + ", expected a text in quotes"));
  return node->as_string()->get();
}

base::Result<std::int64_t> ConfigTable::Integer(std::string_view key, std::int64_t least, std::int64_t most,
                                                std::optional<std::int64_t> absent) {
  const toml::node* node = state_->Find(key);
  const std::string expected = "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (node == nullptr) {
    if (absent) return *absent;
    return Fail(Wrong(key, "is missing, " + expected));
  }
  if (!node->is_integer() || node->as_integer()->get() < least || node->as_integer()->get() > most) {
    return Fail(Wrong(key, "found " + Found(*node) + ", " + expected));
  }
  return node->as_integer()->get();
}

base::Result<bool> ConfigTable::Flag(std::string_view key, std::optional<bool> absent) {
  const toml::node* node = state_->Find(key);
  if (node == nullptr) {
    if (absent) return *absent;
    return Fail(Wrong(key, "is missing, expected true or false"));
  }
  if (!node->is_boolean()) return Fail(Wrong(key, "found " + Found(*node) + ", expected true or false"));
  return node->as_boolean()->get();
}

base::Result<std::filesystem::path> ConfigTable::Path(std::string_view key,
                                                      std::optional<std::filesystem::path> absent) {
  YB_ASSIGN(const std::string text, Text(key, absent ? std::optional(absent->string()) : std::nullopt));
  if (text.empty()) return std::filesystem::path();
  return (state_->document->file.parent_path() / text).lexically_normal();
}

base::Result<std::optional<ConfigTable>> ConfigTable::Table(std::string_view key) {
  const toml::node* node = state_->Find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_table())
    return Fail(Wrong(key, "found " + Found(*node) + ", expected a table [" + state_->NameOf(key) + "]"));
  return ConfigTable(std::make_unique<State>(State{state_->document, node->as_table(), state_->NameOf(key), {}}));
}

base::Result<std::vector<ConfigTable>> ConfigTable::Tables(std::string_view key) {
  const toml::node* node = state_->Find(key);
  std::vector<ConfigTable> tables;
  if (node == nullptr) return tables;
  const toml::array* array = node->as_array();
  if (array == nullptr || !array->is_array_of_tables()) {
    return Fail(Wrong(key, "found " + Found(*node) + ", expected tables [[" + state_->NameOf(key) + "]]"));
  }
  std::size_t number = 0;
  for (const toml::node& element : *array) {
    const std::string path = state_->NameOf(key) + "[" + std::to_string(number++) + "]";
    tables.push_back(ConfigTable(std::make_unique<State>(State{state_->document, element.as_table(), path, {}})));
  }
  return tables;
}

bool ConfigTable::Has(std::string_view key) const {
  return state_->table->contains(key);
}

base::Status ConfigTable::Done() const {
  for (const auto& [key, node] : *state_->table) {
    if (std::ranges::find(state_->asked, key.str()) != state_->asked.end()) continue;
    const std::string nearest = Nearest(key.str(), state_->asked);
    return Fail(Wrong(key.str(), "is no known key", nearest.empty() ? "" : "did you mean " + nearest + "?"));
  }
  return {};
}

base::Result<ConfigTable> LoadConfig(const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::exists(file, code)) {
    return Fail(base::Error{ErrorCode::kNotFound, "there is no such file", file.string(), "check the path"});
  }
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream)
    return Fail(
        base::Error{ErrorCode::kPermission, "the file cannot be read", file.string(), "check its owner and mode"});
  try {
    auto document = std::make_shared<Document>(Document{file, toml::parse(text.str())});
    const toml::table* root = &document->root;
    return ConfigTable(std::make_unique<ConfigTable::State>(ConfigTable::State{std::move(document), root, "", {}}));
  } catch (const toml::parse_error& error) {
    return Fail(base::Error{ErrorCode::kInvalidArgument, std::string(error.description()),
                            file.string() + ":" + std::to_string(error.source().begin.line), "the file is TOML 1.0"});
  }
}

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = 3;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace yb::config
