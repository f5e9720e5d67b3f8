#include "tests/support/api_client.hpp"

#include <curl/curl.h>

#include <algorithm>

namespace yb::test {
namespace {

std::size_t Append(char* data, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

/// The value of a header, without the line's end; empty where it is another one.
std::string ValueOf(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return {};
  if (!std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) { return a == (b | 0x20); })) return {};
  line.remove_prefix(name.size() + 1);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return std::string(line.substr(0, line.find_last_not_of("\r\n") + 1));
}

std::size_t TakeTag(char* data, std::size_t size, std::size_t count, void* tag) {
  if (std::string found = ValueOf({data, size * count}, "etag"); !found.empty()) {
    *static_cast<std::string*>(tag) = std::move(found);
  }
  return size * count;
}

}  // namespace

ApiClient::ApiClient(ApiAddress address) : curl_(curl_easy_init()), address_(std::move(address)) {
  curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl_, CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, TakeTag);
}

ApiClient::~ApiClient() {
  curl_easy_cleanup(curl_);
}

ApiClient::Answer ApiClient::Get(const std::string& path) {
  std::string& tag = tags_[path];
  Answer answer = Ask(path, tag);
  return answer.status == 0 ? Ask(path, tag) : answer;
}

ApiClient::Answer ApiClient::GetWhole(const std::string& path) {
  std::string none;
  Answer answer = Ask(path, none);
  return answer.status == 0 ? Ask(path, none) : answer;
}

ApiClient::Answer ApiClient::Post(const std::string& path, const std::string& body) {
  return Send(path, body, "Content-Type: application/json");
}

ApiClient::Answer ApiClient::Put(const std::string& path, std::string_view bytes) {
  curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, "PUT");
  Answer answer = Send(path, bytes, "Content-Type: application/octet-stream");
  curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, nullptr);
  return answer;
}

ApiClient::Answer ApiClient::Send(const std::string& path, std::string_view body, const char* header) {
  curl_easy_setopt(curl_, CURLOPT_POST, 1L);
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.data());
  std::string none;
  Answer answer = Ask(path, none, header);
  curl_easy_setopt(curl_, CURLOPT_HTTPGET, 1L);
  return answer;
}

ApiClient::Answer ApiClient::Ask(const std::string& path, std::string& tag, const char* header) {
  Answer answer;
  curl_slist* headers = header == nullptr ? nullptr : curl_slist_append(nullptr, header);
  if (!tag.empty()) headers = curl_slist_append(headers, ("If-None-Match: " + tag).c_str());
  if (!address_.token.empty())
    headers = curl_slist_append(headers, ("Authorization: Bearer " + address_.token).c_str());
  const std::string url = "https://127.0.0.1:" + std::to_string(address_.port) + path;
  curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl_, CURLOPT_HEADERDATA, &tag);
  const CURLcode done = curl_easy_perform(curl_);
  curl_slist_free_all(headers);
  if (done != CURLE_OK) return {0, curl_easy_strerror(done)};
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace yb::test
