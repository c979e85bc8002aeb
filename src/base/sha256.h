// SHA-256 (FIPS 180-4): of inputs, of rejects, of what a run is made of. Only sha256.cpp knows whose
// code it is.

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace trama {

/// A digest of what is added piece by piece. To be used again: what is costly is made once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&& other) noexcept;
  Sha256& operator=(Sha256&& other) noexcept;

  void add(std::string_view bytes);
  /// The 32 bytes of the digest; begins anew.
  std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Appends bytes as two hexadecimal digits each, in small letters.
void append_hex(std::string& out, std::string_view bytes);
/// The digest of one text as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace trama
