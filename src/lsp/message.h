// Messages of the base protocol: `Content-Length: N`, an empty line and N bytes of JSON (LSP 3.17, "Base Protocol"),
// read from a descriptor, in bounded memory whatever comes; and JSON-RPC 2.0 as it is in them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "json/record_reader.h"

namespace trama {

/// A message that is longer is passed over: no mapping makes one.
constexpr std::size_t kMaxMessageBytes = std::size_t{32} << 20U;
/// What waits in memory at most, one message aside.
constexpr std::size_t kMaxWaitingBytes = std::size_t{64} << 20U;
constexpr std::size_t kMaxHeaderBytes = 8192;
/// Objects and lists inside each other.
constexpr int kMaxMessageDepth = 64;

class MessageReader {
 public:
  explicit MessageReader(int descriptor) : descriptor_(descriptor) {}

  enum class Got : std::uint8_t {
    message,
    nothing,    // now; more may come
    too_long,   // passed over
    malformed,  // a header without a length: where the next one begins nobody knows
    end,
  };
  /// The next message. `wait`: until there is one.
  Got next(std::string& message, bool wait);

 private:
  bool fill(bool wait);
  bool header();

  int descriptor_;
  std::string bytes_;  // read, from `at_`
  std::size_t at_ = 0;
  bool ended_ = false;
  bool in_body_ = false;
  std::size_t length_ = 0;  // of the body
  bool skips_ = false;      // it is too long: `length_` bytes are passed over
};

/// Codes of errors (JSON-RPC 2.0 §5.1; LSP 3.17, "ErrorCodes").
enum class RpcError : std::int32_t {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  server_not_initialized = -32002,
  request_cancelled = -32800,
  request_failed = -32803,
};

/// One message, taken apart. What its Nodes look into is the reader's until it reads another.
class Message {
 public:
  Message();

  /// False: `error` says what it is not.
  bool read(std::string text, RpcError& error);

  /// Of a request: the id as JSON text, which the answer has too. Empty: it is a notification or an answer.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  /// Empty: an answer.
  [[nodiscard]] const std::string& method() const noexcept { return method_; }
  [[nodiscard]] Node params() const noexcept { return reader_.slot(2); }

  /// A member at the end of a way of keys; a missing Node where one is not there.
  [[nodiscard]] Node at(std::initializer_list<std::string_view> way, Node from);
  [[nodiscard]] Node at(std::initializer_list<std::string_view> way) { return at(way, params()); }
  /// Of a text; "" of anything else.
  [[nodiscard]] std::string text(const Node& node);
  /// Of an unsigned number of 31 bits (LSP's uinteger); false where it is none.
  [[nodiscard]] static bool number(const Node& node, std::uint32_t& out);

 private:
  RecordReader reader_;
  Arena arena_;
  std::string kept_;
  std::string id_;
  std::string method_;
};

}  // namespace trama
