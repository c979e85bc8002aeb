#include "lsp/message.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/retried.h"

namespace trama {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

WantedFields wanted() {
  WantedFields fields;
  for (const char* member : {"id", "method", "params"}) fields.slots.push_back({member});
  return fields;
}

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return small_letter(x) == small_letter(y); });
}

}  // namespace

/// Reads what there is, at most kReadBytes. False: nothing came.
bool MessageReader::fill(bool wait) {
  if (ended_) return false;
  if (at_ > 0 && (at_ == bytes_.size() || at_ > kReadBytes)) {
    bytes_.erase(0, at_);
    at_ = 0;
  }
  pollfd ready{.fd = descriptor_, .events = POLLIN, .revents = 0};
  if (!wait && retried([&] { return ::poll(&ready, 1, 0); }) == 0) return false;
  const std::size_t before = bytes_.size();
  bytes_.resize(before + kReadBytes);
  const ssize_t got =
      retried([&] { return ::read(descriptor_, bytes_.data() + before, kReadBytes); });
  bytes_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  ended_ = got <= 0;
  return got > 0;
}

/// Takes the lines of a header, of which all are there; false where they state no length.
bool MessageReader::header() {
  bool stated = false;
  for (;;) {
    const std::size_t end = bytes_.find('\n', at_);
    std::string_view line = std::string_view(bytes_).substr(at_, end - at_);
    at_ = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return stated;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    if (!same_name(without_blanks(line.substr(0, colon)), "content-length")) continue;
    const std::string_view digits = without_blanks(line.substr(colon + 1));
    const auto [last, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), length_);
    if (stated || error != std::errc() || last != digits.data() + digits.size()) return false;
    stated = true;
  }
}

MessageReader::Got MessageReader::next(std::string& message, bool wait) {
  for (;;) {
    const std::string_view rest = std::string_view(bytes_).substr(at_);
    if (!in_body_) {
      const std::size_t lf = rest.find("\n\n");
      const std::size_t crlf = rest.find("\n\r\n");
      if (std::min(lf, crlf) != std::string_view::npos) {
        if (std::min(lf, crlf) > kMaxHeaderBytes || !header()) return Got::malformed;
        in_body_ = true;
        skips_ = length_ > kMaxMessageBytes;
        continue;
      }
      if (rest.size() > kMaxHeaderBytes) return Got::malformed;
    } else if (skips_) {
      const std::size_t passed = std::min(length_, rest.size());
      at_ += passed;
      length_ -= passed;
      if (length_ == 0) {
        in_body_ = false;
        return Got::too_long;
      }
    } else if (rest.size() >= length_) {
      message.assign(rest.substr(0, length_));
      at_ += length_;
      in_body_ = false;
      return Got::message;
    }
    if (fill(wait)) continue;
    if (!ended_) return Got::nothing;
    return rest.empty() && !in_body_ ? Got::end : Got::malformed;
  }
}

Message::Message() : reader_(wanted(), kMaxMessageDepth) {}

bool Message::read(std::string text, RpcError& error) {
  arena_.reset();
  kept_ = std::move(text);
  id_.clear();
  method_.clear();
  const std::size_t size = kept_.size();
  kept_.append(kReadBehind, ' ');
  const Reason wrong = reader_.read({kept_.data(), size});
  error =
      wrong == Reason::json_not_object || wrong == Reason::repeated_key || wrong == Reason::too_deep
          ? RpcError::invalid_request
          : RpcError::parse_error;
  if (wrong != Reason::none) return false;
  error = RpcError::invalid_request;
  const Node id = reader_.slot(0);
  const Node method = reader_.slot(1);
  const bool has_id = id.kind() == JsonKind::text || id.kind() == JsonKind::number;
  if (id.exists() && !has_id && id.kind() != JsonKind::null) return false;
  if (!method.exists()) return id.exists();  // an answer
  if (method.kind() != JsonKind::text) return false;
  if (has_id) id_ = id.raw();
  method_ = method.text(arena_);
  return true;
}

Node Message::at(std::initializer_list<std::string_view> way, Node from) {
  for (const std::string_view key : way) {
    if (from.kind() != JsonKind::object) return {};
    from = from.member(key, arena_);
  }
  return from;
}

std::string Message::text(const Node& node) {
  return node.kind() == JsonKind::text ? std::string(node.text(arena_)) : std::string();
}

bool Message::number(const Node& node, std::uint32_t& out) {
  if (node.kind() != JsonKind::number) return false;
  const std::string_view digits = node.token();
  std::uint32_t n = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (error == std::errc::result_out_of_range && digits.front() != '-')
    n = INT32_MAX;
  else if (error != std::errc() || end != digits.data() + digits.size())
    return false;
  out = std::min<std::uint32_t>(n, INT32_MAX);
  return true;
}

}  // namespace trama
