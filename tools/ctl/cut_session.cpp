#include "tools/ctl/cut_session.hpp"

#include <sys/types.h>

#include <charconv>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>

#include "core/base/write_file.hpp"
#include "core/mqtt/paho/paho_client.hpp"
#include "core/security/certificate.hpp"
#include "core/security/private_file.hpp"

namespace yb::ctl {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Fail;

constexpr base::Duration kValidity = std::chrono::minutes(10);
constexpr std::chrono::seconds kTimeout{15};

base::Status Reload(const fs::path& folder) {
  const fs::path file = folder / "mosquitto.pid";
  const auto text = security::ReadSmallFile(file);
  pid_t process = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), process);
  if (process > 0 && ::kill(process, SIGHUP) == 0) return {};
  return Fail(ErrorCode::kNotFound, "no broker runs that " + file.string() + " names",
              "run this where the broker runs, as its user or as root; its configuration comes from broker config");
}

/// Removed with all in it.
class PrivateFolder {
 public:
  PrivateFolder() {
    std::string name = (fs::temp_directory_path() / "yuanban-cut-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~PrivateFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

class Connection final : public mqtt::MqttListener {
 public:
  void OnConnected() override {
    {
      const std::scoped_lock lock(mutex_);
      connected_ = true;
    }
    changed_.notify_all();
  }
  void OnDisconnected(std::string_view) override {}
  void OnMessage(std::string_view, base::ByteView) override {}
  [[nodiscard]] bool Wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kTimeout, [this] { return connected_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool connected_ = false;  // guarded by mutex_
};

}  // namespace

base::Status CutSession(const BrokerAccess& broker, const std::string& name, base::UtcTime now) {
  YB_TRY(Reload(broker.folder));
  const PrivateFolder folder;
  if (folder.path().empty()) return Fail(ErrorCode::kIo, "no temporary folder can be made");
  const std::string key = security::MakeKey();
  YB_ASSIGN(const std::string request, security::MakeRequest(key, name));
  // Signed as of long ago, it ends soon.
  YB_ASSIGN(const std::string certificate,
            security::SignRequest(broker.pki.issuing(), request,
                                  {name == "central" ? security::Role::kCentral : security::Role::kSite, name, {}},
                                  now - security::kClientValidity + kValidity));
  mqtt::MqttOptions options;
  options.broker = broker.address;
  options.client_id = name;
  options.trust_file = broker.pki.File("roots.pem").string();
  options.certificate_file = (folder.path() / "client.pem").string();
  options.key_file = (folder.path() / "client.key").string();
  YB_TRY(base::WriteFile(options.certificate_file, certificate + broker.pki.chain_pem(), base::FileAccess::kOwnerOnly));
  YB_TRY(base::WriteFile(options.key_file, key, base::FileAccess::kOwnerOnly));
  Connection connection;
  YB_ASSIGN(const auto client, mqtt::StartPahoClient(options, connection));
  if (connection.Wait()) return {};
  return Fail(ErrorCode::kTimeout, "the broker at " + broker.address + " does not let this command in",
              "the session may still be open: restart the broker");
}

}  // namespace yb::ctl
