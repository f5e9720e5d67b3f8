#include <nlohmann/json.hpp>

#include "core/api/answer.hpp"
#include "core/api/case_routes.hpp"
#include "core/api/case_words.hpp"
#include "core/http/error_response.hpp"

namespace yb::api {
namespace {

using http::Request;
using nlohmann::json;

json ToJson(const ledger::StreamStatus& stream, const ledger::LedgerSession& session) {
  const ledger::StreamHead head = stream.heads.empty() ? ledger::StreamHead{} : stream.heads.back();
  return {{"site", stream.site.text()},
          {"writer", ToString(stream.writer)},
          {"epoch", head.epoch},
          {"last_seq", head.last},
          {"acked_seq", head.acked},
          {"told_seq", head.told},
          {"attested_us", stream.attested ? json(stream.attested->time.micros) : json(nullptr)},
          {"open", session.open},
          {"last_word_us", session.last_word ? json(session.last_word->micros) : json(nullptr)},
          {"recovering", head.closed}};
}

}  // namespace

void AddLedgerRoute(http::Router& router, ledger::LedgerStore& ledger,
                    std::function<ledger::LedgerSession(const base::SiteId&)> session_of, const base::Clock& clock) {
  router.Add("GET", "/api/v1/ledger", http::kSignedIn,
             [&ledger, session_of = std::move(session_of), &clock](const Request& request) {
               const auto streams = ledger.Status();
               if (!streams) return http::ErrorResponse(streams.error());
               json body = {{"streams", json::array()}};
               for (const ledger::StreamStatus& stream : *streams) {
                 if (!request.MaySee(stream.site.text())) continue;
                 body["streams"].push_back(ToJson(stream, session_of(stream.site)));
               }
               const std::string tagged = body.dump();
               body["now_us"] = clock.Now().micros;
               return AnswerTagged(request, body.dump(), tagged);
             });
}

}  // namespace yb::api
