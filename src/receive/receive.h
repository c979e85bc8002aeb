// A receiver at work: an HTTP server that takes signed events in (POST), proves them, and answers 202
// once they are on the disk. Beside them it answers GET /healthz and GET /metrics.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hmac.h"
#include "base/result.h"
#include "base/stop_flag.h"
#include "receive/receiver_file.h"
#include "text/language.h"

namespace trama {

/// 127.0.0.1:8443, [::1]:8443; localhost is 127.0.0.1.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;  // 0: any that is free
  bool six = false;        // IPv6
};
std::optional<ListenAddress> read_listen_address(std::string_view text);
/// Whether others than this machine and its private networks may reach it.
bool is_open_to_all(const ListenAddress& address);

struct ReceiveOptions {
  std::string spool;
  ListenAddress listen;
  std::string certificate;  // PEM
  std::string key;
  std::string certificate_file;  // their names; "": no TLS
  std::string key_file;
  /// The keys of receiver.secrets, in their order; nothing where one does not count any more.
  std::vector<std::optional<HmacKey>> keys;
  Languages languages{};
  const StopFlag* stop = &kNeverStopped;
  std::function<void(const Phrase&)> note;  // takes what happens, once a second at most
};

struct ReceiveReport {
  std::uint64_t accepted = 0;
  std::uint64_t repeated = 0;
  std::uint64_t refused = 0;
  std::vector<std::pair<std::string, std::uint64_t>> reasons{};  // of what was refused, more than 0
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

/// Until `stop`. microhttpd_unavailable, listen_failed, certificate_unusable, what EventStore gives.
Result<ReceiveReport> receive(const Receiver& receiver, ReceiveOptions options);

}  // namespace trama
