// FileTraffic: materials that a clerk uploads to the box and a department to central, over the API of the programs and
// in pieces, while everything breaks; and its own account of what was sent. An upload that a program's end cut short
// goes on where the program says that it is. At the end each file that was answered as stored has to be whole at both
// sides.
//
// Owns its thread; what follows End is for one thread.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/case_traffic.hpp"
#include "tests/support/api_address.hpp"
#include "tests/support/api_client.hpp"

namespace yb::chaos {

struct FileVerdict {
  std::size_t compared = 0;       // alike at both sides, byte by byte
  std::vector<std::string> lost;  // stored, by a program's own answer, and not there or different
  std::size_t interrupted = 0;    // uploads in their midst, by a program's end or a full disk
  std::size_t gone_on = 0;        // of these, gone on with behind their beginning
};

class FileTraffic {
 public:
  /// `address_of` a program, with the token that is good now; from the thread. `cases` outlives this.
  FileTraffic(CaseTraffic& cases, std::function<test::ApiAddress(cases::Side)> address_of, base::SiteId site,
              std::uint64_t seed);
  ~FileTraffic() { End(); }

  void Start();
  void End();
  /// Returns in the midst of a large upload to the box, with a part of it on the disk; or after a while without one.
  void AwaitUpload();
  /// The databases of a program were replaced by an older copy: it may have forgotten uploads that were under way.
  void NoteReplaced(cases::Side side) { ++replaced_[IndexOf(side)]; }

  /// Adds what no case names yet to one, asks both sides for what they were not seen to have, and says how many files
  /// are still missing somewhere. The programs run.
  [[nodiscard]] std::size_t Missing();
  /// Of what Missing has seen.
  [[nodiscard]] FileVerdict Judge() const;

 private:
  struct Sent {
    cases::Side side = cases::Side::kPark;  // to which it was sent
    std::uint64_t seed = 0;                 // of its content
    std::size_t size = 0;
    std::string sha;             // in hex, of what was sent
    std::string told;            // what the program calls it
    std::array<bool, 2> seen{};  // whole, by side
    std::string last_answer;     // of a side that has not given it
  };
  struct Upload;

  static std::size_t IndexOf(cases::Side side) { return side == cases::Side::kPark ? 0 : 1; }
  void Run(const std::stop_token& stop);
  [[nodiscard]] Sent Draw();
  /// True once the program has answered that the file is stored.
  [[nodiscard]] bool Send(const std::stop_token& stop, Sent& file);
  [[nodiscard]] bool SendPiece(test::ApiClient& client, Upload& upload, const std::string& content);
  void FindOut(Upload& upload, const Sent& file);
  /// Or later, where that is not possible now.
  void AddToCase(Sent& file, bool full_too);
  [[nodiscard]] bool IsWhole(Sent& file, cases::Side side, const std::string& case_id);
  [[nodiscard]] test::ApiClient Ask(cases::Side side) const { return test::ApiClient(address_of_(side)); }

  CaseTraffic& cases_;
  const std::function<test::ApiAddress(cases::Side)> address_of_;
  const base::SiteId site_;
  std::mt19937_64 random_;  // of the thread, as all down to `awaited_`
  std::vector<Sent> files_;
  std::size_t bytes_ = 0;
  std::vector<std::string> forgotten_;
  std::size_t interrupted_ = 0, gone_on_ = 0;
  std::atomic<bool> awaited_{false};    // the next file is a large one for the box
  std::atomic<bool> under_way_{false};  // and is there in part
  std::array<std::atomic<int>, 2> replaced_{};
  std::jthread thread_;
};

}  // namespace yb::chaos
