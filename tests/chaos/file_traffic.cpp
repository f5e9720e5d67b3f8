#include "tests/chaos/file_traffic.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/files/file_store.hpp"

namespace yb::chaos {
namespace {

using cases::Side;
using nlohmann::json;
using std::chrono::milliseconds;
using test::ApiClient;
using Clock = std::chrono::steady_clock;

constexpr unsigned kSizeBits = 23;            // up to 4 MiB
constexpr std::size_t kMostBytes = 48 << 20;  // of all; both programs keep them on a small disk
constexpr unsigned kSmallBits = 14;           // from then on
constexpr std::size_t kLeastPiece = 64 << 10;
constexpr std::size_t kMostPiece = 384 << 10;
constexpr milliseconds kBetweenPieces{80};
constexpr milliseconds kBetweenFiles{300};
constexpr milliseconds kWhileNobodyAnswers{300};
constexpr milliseconds kLongestAwait{30'000};
/// A program has put so much of an upload on the disk at the latest when as much and a piece has come.
constexpr std::size_t kSynced = (1 << 20) + kMostPiece;

std::string NameOf(Side side) {
  return side == Side::kPark ? "box" : "central";
}

const std::string kBeginning = "%PDF-";  // a random one could be that of a program

std::string Content(std::uint64_t seed, std::size_t size) {
  std::mt19937_64 random(seed);
  std::string content = kBeginning;
  content.reserve(size + sizeof(std::uint64_t));
  while (content.size() < size) {
    const std::uint64_t word = random();
    content.append(reinterpret_cast<const char*>(&word), sizeof(word));
  }
  content.resize(size);
  return content;
}

json Parsed(const ApiClient::Answer& answer) {
  json body = answer.status == 200 ? json::parse(answer.body, nullptr, false) : json();
  return body.is_object() ? body : json::object();
}

}  // namespace

struct FileTraffic::Upload {
  std::string id;  // empty: to be begun
  std::size_t received = 0;
  int replaced = 0;       // how often the program had been set back when it was begun
  bool all_sent = false;  // the answer to the last piece may have been lost
  std::string file;       // what the program calls it, once it is stored
  std::size_t piece = 0;  // its length
};

FileTraffic::FileTraffic(CaseTraffic& cases, std::function<test::ApiAddress(Side)> address_of, base::SiteId site,
                         std::uint64_t seed)
    : cases_(cases), address_of_(std::move(address_of)), site_(std::move(site)), random_(~seed) {}

void FileTraffic::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void FileTraffic::End() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void FileTraffic::AwaitUpload() {
  const auto end = Clock::now() + kLongestAwait;
  awaited_ = true;
  while (!under_way_ && Clock::now() < end) std::this_thread::sleep_for(milliseconds(5));
  awaited_ = false;
}

/// As many of a few bytes as of some hundred, some thousand and so on.
FileTraffic::Sent FileTraffic::Draw() {
  Sent file;
  file.side = random_() % 3 == 0 ? Side::kCity : Side::kPark;
  file.seed = random_();
  const unsigned bits = random_() % (bytes_ < kMostBytes ? kSizeBits : kSmallBits);
  file.size = kBeginning.size() + 1 + random_() % (std::size_t{1} << bits);
  if (awaited_) {
    file.side = Side::kPark;
    file.size = 2 * kSynced + file.seed % kSynced;
  }
  return file;
}

void FileTraffic::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Sent file = Draw();
    if (Send(stop, file)) {
      bytes_ += file.size;
      AddToCase(file, false);
      files_.push_back(std::move(file));
    }
    under_way_ = false;
    std::this_thread::sleep_for(kBetweenFiles);
  }
}

bool FileTraffic::Send(const std::stop_token& stop, Sent& file) {
  const std::string content = Content(file.seed, file.size);
  file.sha = files::HexOf(base::Sha256(base::AsBytes(content)));
  Upload upload;
  upload.piece = kLeastPiece + random_() % (kMostPiece - kLeastPiece);
  while (!stop.stop_requested()) {
    ApiClient client = Ask(file.side);
    if (upload.id.empty()) {
      upload.replaced = replaced_[IndexOf(file.side)];
      const json begun = Parsed(
          client.Post("/api/v1/uploads", json{{"name", file.sha.substr(0, 8) + ".pdf"}, {"bytes", file.size}}.dump()));
      upload.id = begun.value("upload", "");
      upload.received = 0;
      upload.all_sent = false;
    }
    while (!upload.id.empty() && !stop.stop_requested() && SendPiece(client, upload, content)) {
      if (!upload.file.empty()) {
        file.told = upload.file;
        return true;
      }
      under_way_ = file.side == Side::kPark && upload.received > kSynced;
      std::this_thread::sleep_for(kBetweenPieces);
    }
    under_way_ = false;
    std::this_thread::sleep_for(kWhileNobodyAnswers);
    if (!upload.id.empty()) FindOut(upload, file);
    if (!upload.file.empty()) {
      file.told = upload.file;
      return true;
    }
  }
  return false;
}

/// False where it was not taken.
bool FileTraffic::SendPiece(ApiClient& client, Upload& upload, const std::string& content) {
  if (upload.received >= content.size()) return false;
  const std::string_view piece = std::string_view(content).substr(upload.received, upload.piece);
  upload.all_sent = upload.received + piece.size() == content.size();
  const json taken = Parsed(client.Put("/api/v1/uploads/" + upload.id + "/" + std::to_string(upload.received), piece));
  if (!taken.contains("received")) return false;
  upload.received = taken["received"];
  if (taken["file"].is_string()) upload.file = taken["file"];
  return true;
}

/// How far the upload is, from a program that may have been started again meanwhile.
void FileTraffic::FindOut(Upload& upload, const Sent& file) {
  const auto answer = Ask(file.side).GetWhole("/api/v1/uploads/" + upload.id);
  if (answer.status == 200) {
    const json known = Parsed(answer);
    if (upload.received != 0) ++interrupted_;
    upload.received = known.value("received", std::size_t{0});
    if (upload.received != 0) ++gone_on_;
    if (known["file"].is_string()) upload.file = known["file"];
    return;
  }
  if (answer.status != 404) return;
  // What was finished is no upload any more; a program that was set back may know nothing of it.
  if (!upload.all_sent && upload.replaced == replaced_[IndexOf(file.side)]) {
    forgotten_.push_back("the " + NameOf(file.side) + " has forgotten an upload of " + std::to_string(file.size) +
                         " bytes at byte " + std::to_string(upload.received));
  }
  upload.id.clear();
}

void FileTraffic::AddToCase(Sent& file, bool full_too) {
  const auto case_id = cases_.CaseForFiles(full_too);
  if (!case_id) return;
  const auto answer = Ask(file.side).Post(
      "/api/v1/sites/" + site_.text() + "/cases/" + *case_id + "/acts",
      json{{"act", "put_material"}, {"material", file.sha}, {"file", file.sha}, {"name", file.sha + ".pdf"}}.dump());
  if (answer.status != 200)
    file.last_answer = "the " + NameOf(file.side) + " does not add it to a case: " + answer.body;
}

bool FileTraffic::IsWhole(Sent& file, Side side, const std::string& case_id) {
  const auto answer = Ask(side).GetWhole("/api/v1/sites/" + site_.text() + "/cases/" + case_id + "/files/" + file.sha);
  if (answer.status != 200) {
    file.last_answer = "the " + NameOf(side) + " answers " + std::to_string(answer.status) + ": " + answer.body;
    return false;
  }
  if (answer.body == Content(file.seed, file.size)) return true;
  file.last_answer = "the " + NameOf(side) + " gives " + std::to_string(answer.body.size()) + " other bytes";
  return false;
}

std::size_t FileTraffic::Missing() {
  const auto named = cases_.FilesNamed();
  std::size_t missing = 0;
  for (Sent& file : files_) {
    const auto found = named.find(file.sha);
    if (found == named.end()) {
      AddToCase(file, true);  // to one that central knows by the next time: a new one each time never would be
      ++missing;
      continue;
    }
    for (const Side side : {Side::kPark, Side::kCity}) {
      bool& seen = file.seen[IndexOf(side)];
      seen = seen || IsWhole(file, side, found->second);
    }
    if (!file.seen[0] || !file.seen[1]) ++missing;
  }
  return missing;
}

FileVerdict FileTraffic::Judge() const {
  FileVerdict verdict{0, forgotten_, interrupted_, gone_on_};
  for (const Sent& file : files_) {
    const std::string which = "a file of " + std::to_string(file.size) + " bytes, stored at the " + NameOf(file.side);
    if (file.told != file.sha) {
      verdict.lost.push_back(which + ", is called " + file.told + " and is " + file.sha);
    } else if (!file.seen[0] || !file.seen[1]) {
      verdict.lost.push_back(which + ", " + file.sha + ": " + file.last_answer);
    } else {
      ++verdict.compared;
    }
  }
  return verdict;
}

}  // namespace yb::chaos
