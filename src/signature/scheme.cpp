#include "signature/scheme.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/phrase_codes.h"

namespace trama {
namespace {

// As the providers document them (November 2026): Stripe "Verify webhook signatures manually", GitHub
// "Validating webhook deliveries", Shopify "Deliver webhooks through HTTPS", and the specification of
// Standard Webhooks 1.0.0. GitHub and Shopify sign no time and no id: what those headers say proves
// nothing, so that there is no window, and an id only finds what was delivered twice.
constexpr SchemeText kKnown[] = {
    {.name = "stripe",
     .header = "Stripe-Signature",
     .encoding = SignatureEncoding::hex,
     .prefix = "v1=",
     .separator = ",",
     .signed_bytes = "{timestamp}.{body}",
     .timestamp_prefix = "t=",
     .id_field = "id"},
    {.name = "github",
     .header = "X-Hub-Signature-256",
     .encoding = SignatureEncoding::hex,
     .prefix = "sha256=",
     .signed_bytes = "{body}",
     .id_header = "X-GitHub-Delivery"},
    {.name = "shopify",
     .header = "X-Shopify-Hmac-Sha256",
     .encoding = SignatureEncoding::base64,
     .signed_bytes = "{body}",
     .id_header = "X-Shopify-Webhook-Id"},
    {.name = "standard-webhooks",
     .header = "webhook-signature",
     .encoding = SignatureEncoding::base64,
     .prefix = "v1,",
     .separator = " ",
     .signed_bytes = "{id}.{timestamp}.{body}",
     .timestamp_header = "webhook-timestamp",
     .id_header = "webhook-id",
     .secret_prefix = "whsec_",
     .secret_is_base64 = true},
};

using PartKind = Scheme::Part::Kind;

struct Place {
  std::string_view name;
  PartKind kind;
};
constexpr Place kPlaces[] = {
    {"{timestamp}", PartKind::timestamp}, {"{id}", PartKind::id}, {"{body}", PartKind::body}};

std::string_view name_of(PartKind kind) {
  const auto* const place = std::find_if(std::begin(kPlaces), std::end(kPlaces),
                                         [kind](const Place& p) { return p.kind == kind; });
  TRAMA_CHECK(place != std::end(kPlaces));
  return place->name;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return small_letter(x) == small_letter(y); });
}

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Digits alone, up to the end of the year 9999.
bool read_time(std::string_view text, std::int64_t& out) noexcept {
  constexpr std::int64_t kEnd = 253'402'300'800;
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  const char* const end = text.data() + text.size();
  return digits && std::from_chars(text.data(), end, out).ec == std::errc() && out < kEnd;
}

std::string text_of(const HmacDigest& digest, SignatureEncoding encoding) {
  std::string out;
  if (encoding == SignatureEncoding::base64) {
    append_base64(out, {reinterpret_cast<const char*>(digest.data()), digest.size()});
    return out;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const std::uint8_t byte : digest) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

constexpr std::size_t signature_size(SignatureEncoding encoding) noexcept {
  constexpr std::size_t kDigest = std::tuple_size_v<HmacDigest>;
  return encoding == SignatureEncoding::hex ? 2 * kDigest : (kDigest + 2) / 3 * 4;
}

}  // namespace

std::span<const SchemeText> known_schemes() noexcept {
  return kKnown;
}

Phrase Scheme::read_parts(std::string_view signed_bytes, std::vector<Part>& out) {
  out.clear();
  while (!signed_bytes.empty()) {
    const std::size_t mark = std::min(signed_bytes.find('{'), signed_bytes.size());
    if (mark > 0) {
      out.push_back({Part::Kind::mark, std::string(signed_bytes.substr(0, mark))});
      signed_bytes.remove_prefix(mark);
      continue;
    }
    const auto* const place =
        std::find_if(std::begin(kPlaces), std::end(kPlaces),
                     [&](const Place& p) { return signed_bytes.starts_with(p.name); });
    if (place == std::end(kPlaces)) return {PhraseCode::possible, {"{timestamp}, {id}, {body}"}};
    for (const Part& part : out)
      if (part.kind == place->kind) return {PhraseCode::scheme_part_twice, {place->name}};
    if (!out.empty() && out.back().kind != Part::Kind::mark)
      return {PhraseCode::scheme_needs_mark, {name_of(out.back().kind), place->name}};
    // A digit beside a time could be one of its own.
    if (out.size() > 1 && (is_digit(out.back().mark.front()) || is_digit(out.back().mark.back())))
      return {PhraseCode::scheme_needs_mark, {name_of(out[out.size() - 2].kind), place->name}};
    out.push_back({place->kind});
    signed_bytes.remove_prefix(place->name.size());
  }
  const bool has_body = std::any_of(out.begin(), out.end(),
                                    [](const Part& part) { return part.kind == Part::Kind::body; });
  return has_body ? Phrase() : Phrase(PhraseCode::scheme_needs_body, {"{body}"});
}

Scheme::Scheme(const SchemeText& text)
    : name_(text.name),
      header_(text.header),
      encoding_(text.encoding),
      prefix_(text.prefix),
      separator_(text.separator),
      timestamp_header_(text.timestamp_header),
      timestamp_prefix_(text.timestamp_prefix),
      id_header_(text.id_header),
      id_field_(text.id_field),
      secret_prefix_(text.secret_prefix),
      secret_is_base64_(text.secret_is_base64) {
  TRAMA_CHECK(read_parts(text.signed_bytes, parts_).empty());
}

bool Scheme::signs(Part::Kind kind) const noexcept {
  return std::any_of(parts_.begin(), parts_.end(),
                     [kind](const Part& part) { return part.kind == kind; });
}

std::optional<HmacKey> Scheme::key_of(std::string_view secret) const {
  if (!secret_prefix_.empty() && secret.starts_with(secret_prefix_))
    secret.remove_prefix(secret_prefix_.size());
  if (secret.empty()) return std::nullopt;
  if (!secret_is_base64_) return HmacKey(secret);
  std::string bytes;
  bytes.reserve(secret.size());
  const bool is_base64 = append_from_base64(bytes, secret) && !bytes.empty();
  std::optional<HmacKey> key;
  if (is_base64) key.emplace(bytes);
  wipe(bytes);
  return key;
}

FoundHeader find_header(std::span<const EventHeader> headers, std::string_view name) noexcept {
  FoundHeader found;
  for (const EventHeader& header : headers)
    if (same_name(header.name, name) && found.count++ == 0)
      found.value = without_blanks(header.value);
  return found;
}

/// The signatures and the time of the header's parts.
SignatureVerdict SignatureCheck::read_parts_of(std::string_view signature) {
  const std::string& separator = scheme_.separator_;
  const std::string& time_prefix = scheme_.timestamp_prefix_;
  std::size_t with_prefix = 0;
  std::size_t times = 0;
  for (bool more = true; more;) {
    const std::size_t end = separator.empty() ? std::string_view::npos : signature.find(separator);
    more = end != std::string_view::npos;
    const std::string_view part = without_blanks(signature.substr(0, end));
    if (more) signature.remove_prefix(end + separator.size());
    if (!time_prefix.empty() && part.starts_with(time_prefix)) {
      ++times;
      time_ = part.substr(time_prefix.size());
      continue;
    }
    if (!part.starts_with(scheme_.prefix_)) continue;
    ++with_prefix;
    const std::string_view digits = part.substr(scheme_.prefix_.size());
    if (digits.size() != signature_size(scheme_.encoding_)) continue;
    signatures_.emplace_back(digits);
    if (scheme_.encoding_ == SignatureEncoding::hex)
      std::transform(digits.begin(), digits.end(), signatures_.back().begin(), small_letter);
  }
  if (with_prefix == 0)
    return {.kind = Kind::no_part, .header = scheme_.header_, .value = scheme_.prefix_};
  if (!time_prefix.empty() && times == 0)
    return {.kind = Kind::no_part, .header = scheme_.header_, .value = time_prefix};
  if (times > 1) return {.kind = Kind::header_twice, .header = scheme_.header_};
  return {.kind = Kind::fits};
}

SignatureVerdict SignatureCheck::check(std::span<const EventHeader> headers,
                                       std::string_view body) {
  signatures_.clear();
  signed_.clear();
  time_ = {};
  SignatureVerdict verdict;
  const auto find = [&](const std::string& name, std::string_view& value) {
    const FoundHeader found = find_header(headers, name);
    value = found.value;
    if (found.count == 1) return true;
    verdict = {.kind = found.count == 0 ? Kind::no_header : Kind::header_twice, .header = name};
    return false;
  };
  std::string_view signature;
  if (!find(scheme_.header_, signature)) return verdict;
  if (SignatureVerdict parts = read_parts_of(signature); parts.kind != Kind::fits) return parts;
  if (!scheme_.timestamp_header_.empty() && !find(scheme_.timestamp_header_, time_)) return verdict;
  std::optional<std::int64_t> signed_at;
  if (scheme_.signs_time() && !read_time(time_, signed_at.emplace()))
    return {.kind = Kind::time_wrong, .value = time_};

  std::string_view id;
  if (scheme_.signs(Scheme::Part::Kind::id) && !find(scheme_.id_header_, id)) return verdict;
  const std::vector<Scheme::Part>& parts = scheme_.parts_;
  for (std::size_t i = 0; i < parts.size(); ++i) switch (parts[i].kind) {
      case Scheme::Part::Kind::mark:
        signed_.push_back(parts[i].mark);
        break;
      case Scheme::Part::Kind::timestamp:
        signed_.push_back(time_);
        break;
      case Scheme::Part::Kind::body:
        signed_.push_back(body);
        break;
      case Scheme::Part::Kind::id:
        // Else a part of the id could be passed off as what is beside it.
        if ((i > 0 && id.find(parts[i - 1].mark.back()) != std::string_view::npos) ||
            (i + 1 < parts.size() && id.find(parts[i + 1].mark.front()) != std::string_view::npos))
          return {.kind = Kind::id_wrong, .value = id};
        signed_.push_back(id);
    }

  verdict = {.kind = Kind::no_secret, .header = scheme_.header_};
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    const std::string right = text_of(keys_[key].sign(signed_), scheme_.encoding_);
    for (const std::string& one : signatures_) {
      const bool fits = equal_in_constant_time(one, right);
      if (!fits || verdict.kind == Kind::fits) continue;
      verdict.kind = Kind::fits;
      verdict.secret = key;
      verdict.signed_at = signed_at;
    }
  }
  return verdict;
}

}  // namespace trama
