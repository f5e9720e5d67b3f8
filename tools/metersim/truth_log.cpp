#include "tools/metersim/truth_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace yb::metersim {

base::Result<TruthLog> TruthLog::Open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    return base::Fail(base::ErrorCode::kIo,
                      "cannot open the truth log " + file.string() + ": " + std::generic_category().message(errno));
  }
  TruthLog log(fd);
  const off_t end = ::lseek(fd, 0, SEEK_END);
  char last = '\n';
  if (end > 0 && ::pread(fd, &last, 1, end - 1) == 1 && last != '\n' && ::write(fd, "\n", 1) != 1) {
    return base::Fail(base::ErrorCode::kIo, "cannot end the torn line of " + file.string());
  }
  return log;
}

TruthLog::TruthLog(TruthLog&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

TruthLog::~TruthLog() {
  if (fd_ >= 0) ::close(fd_);
}

base::Status TruthLog::Append(const TruthEntry& entry, base::UtcTime sent) {
  const std::string line = ToJsonLine(entry, sent) + "\n";
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = ::write(fd_, line.data() + written, line.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return base::Fail(errno == ENOSPC ? base::ErrorCode::kDiskFull : base::ErrorCode::kIo,
                        "cannot write the truth log: " + std::generic_category().message(errno));
    }
    written += static_cast<std::size_t>(count);
  }
  return {};
}

std::string ToJsonLine(const TruthEntry& entry, base::UtcTime sent) {
  nlohmann::ordered_json values = nlohmann::ordered_json::array();
  for (const SentValue& sent_value : entry.answer.values) {
    nlohmann::ordered_json value{{"quantity", sent_value.quantity}};
    value["value"] = sent_value.value ? nlohmann::ordered_json(sent_value.value->ToString()) : nullptr;
    value["unit"] = sent_value.unit;
    values.push_back(std::move(value));
  }
  nlohmann::ordered_json line;
  line["t_us"] = sent.micros;
  line["line"] = entry.line;
  line["address"] = entry.address;
  line["protocol"] = entry.protocol;
  line["di"] = entry.answer.di;
  line["values"] = std::move(values);
  line["frame_hex"] = base::ToHex(entry.answer.frame);
  if (!entry.fault.empty()) line["fault"] = entry.fault;
  return line.dump();
}

}  // namespace yb::metersim
