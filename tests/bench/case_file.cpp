#include "tests/bench/case_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "core/ledger/ledger_store.hpp"
#include "core/storage/sqlite/sqlite_database.hpp"
#include "tests/support/api_client.hpp"
#include "tests/support/case_acts.hpp"

namespace yb::bench {
namespace {

using nlohmann::json;

constexpr std::size_t kPiece = 1U << 20;

std::string Noise(std::size_t bytes) {
  std::mt19937_64 random(20);
  std::string noise = "%PDF-1.7";  // as scans begin
  while (noise.size() < bytes) {
    const std::uint64_t word = random();
    noise.append(reinterpret_cast<const char*>(&word), sizeof(word));
  }
  noise.resize(bytes);
  return noise;
}

json Taken(const test::ApiClient::Answer& answer) {
  YB_CHECK(answer.status == 200, "the box does not take a file: " + answer.body);
  return json::parse(answer.body);
}

}  // namespace

std::string MakeCase(const std::filesystem::path& box, const base::SiteId& site) {
  const base::SystemClock clock;
  const auto opener = storage::MakeSqliteOpener({.file = box / "ledger.db"});
  const auto store = ledger::LedgerStore::Open(*opener, {cases::Side::kPark},
                                               calendar::WorkingCalendar(calendar::PublishedNotices()), clock);
  YB_CHECK(store.has_value(), "the ledger does not open");
  ledger::NewCase made;
  made.terms = test::PlanningTerms();
  made.person = "p";
  made.receipt_prefix = "JY03";
  const auto received = (*store)->Receive(site, {"1", "张三", ""}, made);
  YB_CHECK(received.has_value(), "a case is received");
  return received->state.case_id;
}

void AddFile(const test::ApiAddress& box, const base::SiteId& site, const std::string& case_id, std::size_t bytes) {
  test::ApiClient client(box);
  const std::string content = Noise(bytes);
  json upload = Taken(client.Post("/api/v1/uploads", json{{"name", "总平面图.pdf"}, {"bytes", bytes}}.dump()));
  const std::string path = "/api/v1/uploads/" + upload["upload"].get<std::string>() + "/";
  while (upload["file"].is_null()) {
    const std::size_t at = upload["received"];
    upload = Taken(client.Put(path + std::to_string(at), std::string_view(content).substr(at, kPiece)));
  }
  const std::string cases = "/api/v1/sites/" + site.text() + "/cases/";
  (void)Taken(client.Post(
      cases + case_id + "/acts",
      json{{"act", "put_material"}, {"material", "site-plan"}, {"file", upload["file"]}, {"name", "总平面图.pdf"}}
          .dump()));
}

std::size_t ArrivedOfFiles(const std::filesystem::path& program) {
  std::size_t bytes = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(program / "files" / "incoming", none)) {
    if (entry.path().extension() == ".part") bytes += entry.file_size(none);
  }
  return bytes;
}

}  // namespace yb::bench
