#include "state/known_things.h"

#include <bit>
#include <utility>

#include "base/phrase_codes.h"
#include "base/quick_hash.h"

namespace trama {
namespace {

constexpr unsigned kDigestBits = 64;  // of its higher half, which buckets and tags are taken from
constexpr unsigned kTagBits = 16;     // of a key, behind those that choose its bucket
constexpr unsigned kMixBits = 56;     // of key and version together
constexpr std::size_t kEntryBytes = (kTagBits + kMixBits) / 8;
constexpr std::uint64_t kMixMask = (std::uint64_t{1} << kMixBits) - 1;
constexpr std::uint64_t kTagMask = (std::uint64_t{1} << kTagBits) - 1;
constexpr std::uint64_t kKeysPerBucket = 16;  // about; some three cache lines
constexpr unsigned kByte = 8;

std::uint64_t big_endian(const char* bytes) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof(number); ++i)
    number = number << kByte | static_cast<unsigned char>(bytes[i]);
  return number;
}

void append_big_endian(std::string& out, std::uint64_t number) {
  for (unsigned shift = kDigestBits; shift > 0;) {
    shift -= kByte;
    out += static_cast<char>(static_cast<unsigned char>(number >> shift));
  }
}

/// Of key and version together. Two versions of one key whose contents differ in these bits differ
/// here: it is one-to-one in them.
std::uint64_t mix_of(const ShortDigest& key, const KeyVersion& version) noexcept {
  static constexpr HashKey kFixed = {0x74726d61, 0x6e657765};  // only tells `newer` from another
  const std::uint64_t newer = version.newer.empty() ? 0 : quick_hash(kFixed, version.newer, 0);
  return (version.content.low ^ key.low ^ newer) & kMixMask;
}

unsigned bucket_bits_for(std::uint64_t keys) noexcept {
  return static_cast<unsigned>(std::bit_width(keys / kKeysPerBucket));
}

}  // namespace

ShortDigest short_digest(std::string_view sha256) noexcept {
  return {big_endian(sha256.data()), big_endian(sha256.data() + sizeof(std::uint64_t))};
}

std::string bytes_of(const ShortDigest& digest) {
  std::string bytes;
  append_big_endian(bytes, digest.high);
  append_big_endian(bytes, digest.low);
  return bytes;
}

std::size_t KnownThings::bytes_for(std::uint64_t keys) noexcept {
  const std::uint64_t buckets = (std::uint64_t{1} << bucket_bits_for(keys)) + 1;
  return static_cast<std::size_t>(keys * kEntryBytes + buckets * sizeof(std::uint32_t));
}

/// What stands of the mapping in the state: gives how many keys.
Result<std::uint64_t> KnownThings::find_mapping(const std::string& mapping) {
  TRAMA_TRY(const std::int64_t tables,
            state_.number("SELECT count(*) FROM sqlite_schema WHERE name = 'keys'"));
  if (tables == 0) return std::uint64_t{0};  // of an older version, and not to be written
  TRAMA_TRY(Statement about,
            state_.prepare("SELECT number, generation, keys FROM key_mappings WHERE "
                           "mapping = ?"));
  TRAMA_TRY(const bool any, about.bind(mapping).step());
  if (!any) return std::uint64_t{0};
  mapping_ = about.number(0);
  generation_ = about.number(1);
  const std::int64_t keys = about.number(2);
  if (keys < 0 || keys > UINT32_MAX)
    return Failure{FailureCode::state_damaged, {state_.path(), PhraseCode::state_keys_wrong}};
  return static_cast<std::uint64_t>(keys);
}

Result<std::uint64_t> KnownThings::count(Database& state, const std::string& mapping) {
  return KnownThings(state).find_mapping(mapping);
}

Result<std::unique_ptr<KnownThings>> KnownThings::load(Database& state,
                                                       const std::string& mapping) {
  std::unique_ptr<KnownThings> known(new KnownThings(state));
  known->buckets_.assign(2, 0);
  TRAMA_TRY(const std::uint64_t keys, known->find_mapping(mapping));
  if (keys == 0) return known;
  known->bucket_bits_ = bucket_bits_for(keys);
  known->buckets_.assign((std::size_t{1} << known->bucket_bits_) + 1, 0);
  known->entries_.reserve(static_cast<std::size_t>(keys) * kEntryBytes);
  TRAMA_TRY(Statement all,
            state.prepare("SELECT digest, content, newer FROM keys WHERE mapping = ? "
                          "ORDER BY digest"));
  all.bind(known->mapping_);
  for (;;) {
    TRAMA_TRY(const bool row, all.step());
    if (!row) break;
    const std::string_view digest = all.view(0);
    const std::string_view content = all.view(1);
    if (known->size_ == keys || digest.size() != sizeof(ShortDigest) ||
        content.size() != sizeof(ShortDigest))
      return Failure{FailureCode::state_damaged, {state.path(), PhraseCode::state_keys_wrong}};
    known->add(short_digest(digest), {short_digest(content), all.text(2)});
  }
  if (known->size_ != keys)
    return Failure{FailureCode::state_damaged, {state.path(), PhraseCode::state_keys_wrong}};
  // Until now a bucket counted its entries.
  std::uint32_t begin = 0;
  for (std::uint32_t& bucket : known->buckets_) begin += std::exchange(bucket, begin);
  return known;
}

/// In the order of the keys.
void KnownThings::add(const ShortDigest& key, const KeyVersion& version) {
  const std::uint64_t tag = tag_of(key);
  const std::uint64_t mix = mix_of(key, version);
  for (unsigned shift = 0; shift < kTagBits; shift += kByte)
    entries_.push_back(static_cast<unsigned char>(tag >> shift));
  for (unsigned shift = 0; shift < kMixBits; shift += kByte)
    entries_.push_back(static_cast<unsigned char>(mix >> shift));
  ++buckets_[bucket_of(key)];
  ++size_;
}

std::size_t KnownThings::bucket_of(const ShortDigest& key) const noexcept {
  return bucket_bits_ == 0 ? 0 : static_cast<std::size_t>(key.high >> (kDigestBits - bucket_bits_));
}

std::uint64_t KnownThings::tag_of(const ShortDigest& key) const noexcept {
  return key.high >> (kDigestBits - bucket_bits_ - kTagBits) & kTagMask;
}

std::uint64_t KnownThings::tag_at(std::size_t place) const noexcept {
  const unsigned char* const entry = entries_.data() + place * kEntryBytes;
  return entry[0] | std::uint64_t{entry[1]} << kByte;
}

std::uint64_t KnownThings::mix_at(std::size_t place) const noexcept {
  const unsigned char* const entry = entries_.data() + place * kEntryBytes + kTagBits / kByte;
  std::uint64_t mix = 0;
  for (unsigned i = 0; i < kMixBits / kByte; ++i) mix |= std::uint64_t{entry[i]} << (i * kByte);
  return mix;
}

Result<std::optional<KnownThings::Known>> KnownThings::find(const ShortDigest& key,
                                                            const KeyVersion& version) {
  const std::size_t bucket = bucket_of(key);
  const std::uint64_t tag = tag_of(key);
  const auto place_with = [&](std::uint64_t mix) -> std::optional<std::uint64_t> {
    for (std::size_t place = buckets_[bucket]; place < buckets_[bucket + 1]; ++place)
      if (tag_at(place) == tag && mix_at(place) == mix) return place;
    return std::nullopt;
  };
  if (const auto place = place_with(mix_of(key, version)))
    return std::optional(Known{*place, version, true});
  bool may_be = false;
  for (std::size_t place = buckets_[bucket]; place < buckets_[bucket + 1] && !may_be; ++place)
    may_be = tag_at(place) == tag;
  if (!may_be) return std::optional<Known>();
  TRAMA_TRY(std::optional<KeyVersion> known, look_up(key));
  if (!known) return std::optional<Known>();
  const std::optional<std::uint64_t> place = place_with(mix_of(key, *known));
  if (!place)  // another run was published since; State::begin_publishing() refuses this one
    return Failure{FailureCode::state_moved, {PhraseCode::the_mapping, state_.path()}};
  const bool same = *known == version;
  return std::optional(Known{*place, *std::move(known), same});
}

Result<std::optional<KeyVersion>> KnownThings::look_up(const ShortDigest& key) {
  const MutexLock alone(mutex_);
  if (!look_up_) {
    TRAMA_TRY(look_up_, state_.prepare("SELECT content, newer FROM keys WHERE mapping = ? AND "
                                       "digest = ?"));
  }
  look_up_->reset();
  TRAMA_TRY(const bool row, look_up_->bind(mapping_).bind_bytes(bytes_of(key)).step());
  std::optional<KeyVersion> known;
  if (row && look_up_->size(0) == sizeof(ShortDigest))
    known = KeyVersion{short_digest(look_up_->view(0)), look_up_->text(1)};
  look_up_->reset();
  return known;
}

Result<void> KnownThings::each(const std::function<Result<bool>(const Entry&)>& take) {
  if (size_ == 0) return {};
  TRAMA_TRY(Statement all, state_.prepare("SELECT digest, key, content, newer FROM keys WHERE "
                                          "mapping = ? ORDER BY digest"));
  all.bind(mapping_);
  Entry entry;
  for (entry.place = 0; entry.place < size_; ++entry.place) {
    TRAMA_TRY(const bool row, all.step());
    if (!row || all.size(0) != sizeof(ShortDigest) || all.size(2) != sizeof(ShortDigest))
      return Failure{FailureCode::state_moved, {PhraseCode::the_mapping, state_.path()}};
    entry.key = short_digest(all.view(0));
    entry.text = all.text(1);
    entry.version = {short_digest(all.view(2)), all.text(3)};
    TRAMA_TRY(const bool more, take(entry));
    if (!more) return {};
  }
  return {};
}

}  // namespace trama
