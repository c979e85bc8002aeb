// How webhook events are signed: a table of data, a row a scheme, and what is the same for all of
// them: which bytes are signed, where the signature and the time are, which secret fits.
//
//   Standard Webhooks   webhook-signature: v1,BASE64 v1,BASE64    over {id}.{timestamp}.{body}
//   Stripe              Stripe-Signature: t=TIME,v1=HEX,v1=HEX    over {timestamp}.{body}
//
// A scheme of one's own is one more row of the same form (engine/scheme_file).

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hmac.h"
#include "base/phrase.h"

namespace trama {

enum class SignatureEncoding : std::uint8_t { hex, base64 };

/// A row: texts as a mapping would state them; "" is what a scheme does not have.
/// Every signature is HMAC-SHA-256.
struct SchemeText {
  std::string_view name;
  std::string_view header{};            // with the signature
  SignatureEncoding encoding{};         // of the signature
  std::string_view prefix{};            // of each signature in the header
  std::string_view separator{};         // between the parts of the header; "": it is one part
  std::string_view signed_bytes{};      // {timestamp}, {id} and {body}, with marks between them
  std::string_view timestamp_header{};  // with the time of signing, in seconds since 1970,
  std::string_view timestamp_prefix{};  // or of the part of `header` that is this time
  std::string_view id_header{};         // with the id of the event,
  std::string_view id_field{};          // or where it is in the body, which is JSON: id, data.id
  std::string_view secret_prefix{};     // that a secret may have before its key
  bool secret_is_base64 = false;        // the key is what the secret decodes to
};

/// stripe, github, shopify, standard-webhooks.
std::span<const SchemeText> known_schemes() noexcept;

/// A scheme that is ready to be used.
class Scheme {
 public:
  /// What is between the parts that are signed, and which of them a scheme signs.
  struct Part {
    enum class Kind : std::uint8_t { mark, timestamp, id, body };
    Kind kind = Kind::mark;
    std::string mark{};
  };

  /// "{timestamp}.{body}" as its parts. Gives what is wrong with it, or an empty phrase: a body and
  /// nothing twice, and marks between them that tell where a part ends whatever it holds.
  static Phrase read_parts(std::string_view signed_bytes, std::vector<Part>& out);

  /// `text.signed_bytes` is one that read_parts() takes.
  explicit Scheme(const SchemeText& text);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool signs_time() const noexcept { return signs(Part::Kind::timestamp); }
  [[nodiscard]] bool has_ids() const noexcept { return !id_header_.empty() || !id_field_.empty(); }
  [[nodiscard]] const std::string& id_header() const noexcept { return id_header_; }
  [[nodiscard]] const std::string& id_field() const noexcept { return id_field_; }

  /// The key of a secret as the provider hands it out; nothing where it is not of the form that the
  /// scheme has, or is empty.
  [[nodiscard]] std::optional<HmacKey> key_of(std::string_view secret) const;

 private:
  friend class SignatureCheck;
  [[nodiscard]] bool signs(Part::Kind kind) const noexcept;

  std::string name_;
  std::string header_;
  SignatureEncoding encoding_;
  std::string prefix_;
  std::string separator_;
  std::vector<Part> parts_;
  std::string timestamp_header_;
  std::string timestamp_prefix_;
  std::string id_header_;
  std::string id_field_;
  std::string secret_prefix_;
  bool secret_is_base64_;
};

struct EventHeader {
  std::string_view name;
  std::string_view value;
};

/// The value of the header of that name (without case), without the blanks around it, which are no part
/// of a value in HTTP (RFC 9110 §5.5), and how often it is there: of several, the first.
struct FoundHeader {
  std::string_view value;
  std::size_t count = 0;
};
FoundHeader find_header(std::span<const EventHeader> headers, std::string_view name) noexcept;

/// What became of a signature.
struct SignatureVerdict {
  enum class Kind : std::uint8_t {
    fits,
    no_header,     // `header` is not there
    no_part,       // `header` has no part that begins with `value`
    header_twice,  // `header` is there more than once, or its time
    time_wrong,    // `value` is no time
    id_wrong,      // the id `value` has the mark that ends it in what is signed
    no_secret      // no secret fits
  };
  Kind kind = Kind::no_secret;
  std::size_t secret = 0;                      // that fits: which of them
  std::optional<std::int64_t> signed_at = {};  // seconds since 1970
  std::string_view header = {};                // lives as long as the scheme
  std::string_view value = {};                 // lives as long as the event, or the scheme
};

/// Checks events against some secrets.
class SignatureCheck {
 public:
  /// `scheme` and `keys` outlive this.
  SignatureCheck(const Scheme& scheme, std::span<const HmacKey> keys)
      : scheme_(scheme), keys_(keys) {}

  /// `body`: the bytes as they came. Every secret and every signature is compared, so that the time
  /// it takes does not tell which one fits.
  SignatureVerdict check(std::span<const EventHeader> headers, std::string_view body);

 private:
  using Kind = SignatureVerdict::Kind;
  SignatureVerdict read_parts_of(std::string_view signature);

  const Scheme& scheme_;
  std::span<const HmacKey> keys_;
  std::vector<std::string> signatures_;  // of the event at hand, those that can fit
  std::string_view time_;
  std::vector<std::string_view> signed_;
};

}  // namespace trama
