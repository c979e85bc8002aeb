// Hashes of texts that someone else chose: SipHash-2-4 (Aumasson and Bernstein, 2012), a keyed
// function made so that whoever does not know the key cannot find texts that collide. A hash table
// of untrusted keys uses this one; std::hash has no key, so a dump can be made of texts that all
// fall into one bucket.

#pragma once

#include <cstdint>
#include <string_view>

namespace trama {

struct HashKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// SipHash-2-4 of `bytes`.
std::uint64_t siphash(HashKey key, std::string_view bytes) noexcept;

/// A number that nobody can know before, for the key of a hash.
std::uint64_t hash_seed();

/// siphash under the key of this process, which is drawn at random. Differs from run to run: no
/// result may depend on it.
std::uint64_t keyed_hash(std::string_view bytes) noexcept;

}  // namespace trama
