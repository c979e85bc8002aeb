// KeyTrie: the keys that the records of a dump had so far, with a guess of which key follows which.
//
// Suppliers write the same keys in the same order in nearly every record. A key that is guessed
// right costs one comparison of bytes; a mark in each key finds those that an object has twice.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace trama {

/// A path of keys from the top of the record.
using KeyPath = std::vector<std::string>;
/// Of a pattern, the step for any item of a list or any key; no JSON key has such a byte.
constexpr std::string_view kAnything = "\xF9";
/// The step for an item of a list or a member whose key is a number.
constexpr std::string_view kItemOrNumber = "\xFE";
/// The same of WantedFields::json_in_text: the items of a list; the entries of an object; one item,
/// of which the index follows; a key that is also the index of an item, and follows (RFC 6901).
constexpr std::string_view kItems = "\xFD";
constexpr std::string_view kEntries = "\xFC";
constexpr std::string_view kItemAt = "\xFB";
constexpr std::string_view kKeyOrIndex = "\xFA";

/// What a reader is asked for: the same for all threads.
struct WantedFields {
  /// slot(i) is the value at slots[i].
  std::vector<KeyPath> slots;
  /// Whether fields that nobody uses are noted. A pattern says that what lies at or below it is
  /// used; the step kAnything stands for any item or key.
  bool watch = false;
  std::vector<KeyPath> used;
  bool lists = false;  // a record may be a list
  /// Places of texts that hold JSON: keys, kItemOrNumber, kItems, kEntries, kItemAt, kKeyOrIndex.
  std::vector<KeyPath> json_in_text{};
};

/// One a reader. It grows to some thousands of keys; records whose keys are ids (`{"12345": {…}}`)
/// go past that, and the keys it has no room for are the stranger().
class KeyTrie {
 public:
  struct Key;
  struct Field;

  /// How many keys one object may teach, beside those that are wanted.
  static constexpr std::size_t kKeysOfShape = 512;

  /// Keys that were seen at one place before the one that is guessed there: a supplier that writes in
  /// several orders (one program for each channel) is guessed right by one of them.
  struct Others {
    static constexpr std::size_t kMost = 3;
    Key* keys[kMost] = {};  // the last one first
  };

  /// What is known of the objects (or the list) at one path.
  struct Shape {
    Shape* parent = nullptr;
    Key* parent_key = nullptr;   // none below a list or a stranger
    Key* first = nullptr;        // the key that stood first in the last such object
    Others others;               // that stood first before
    Shape* items = nullptr;      // of a list
    Shape* strangers = nullptr;  // below keys that there was no room for
    std::vector<Key*> keys;
    std::vector<Key*> index;          // open addressing, once there are more than a few
    std::size_t room = kKeysOfShape;  // for keys that nobody asked for
  };

  enum class Use : std::uint8_t { used, partly, unused, below_unused };

  /// What the walk over a record needs of a key: one cache line, beside those of the keys that
  /// follow it. What it needs more seldom is its Field.
  struct alignas(64) Key {
    static constexpr std::size_t kPatternBytes = 32;
    static constexpr std::uint32_t kUnused = std::uint32_t{1} << 31U;

    /// As it stands in the records, to the colon: `"name":`. Where that is too long or has a quote
    /// or backslash, a byte that UTF-8 does not have: such a key is always looked up.
    char pattern[kPatternBytes] = {'\xFF'};
    std::uint32_t any_bytes = 0;  // a bit for each byte that the pattern leaves open
    /// 1 + the slot that its value goes to, else 0; kUnused too where no column reads it.
    std::uint32_t noted = 0;
    Key* next = nullptr;        // the key that followed it last
    Field* field = nullptr;     // never nullptr once it is in a trie
    std::uint64_t seen_in = 0;  // the serial number of the object it was seen in last

    /// Whether these bytes are this key in its quotes and the colon. The pattern has no open
    /// byte before its end, so where it fits it lies inside the frame. Both halves at once: what is
    /// guessed nearly always fits, so one branch is better than an early end.
    [[nodiscard]] bool fits(const char* bytes) const noexcept {
      const std::uint32_t same = same_bytes(bytes, pattern) | same_bytes(bytes + 16, pattern + 16)
                                                                  << 16U;
      return (same | any_bytes) == ~std::uint32_t{0};
    }

   private:
    /// A bit for each of the 16 bytes at `a` and `b` (aligned) that are the same.
    static unsigned same_bytes(const char* a, const char* b) noexcept {
#if defined(__SSE2__)
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a));
      const __m128i y = _mm_load_si128(reinterpret_cast<const __m128i*>(b));
      return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)));
#else
      unsigned same = 0;
      for (unsigned i = 0; i < 16; ++i) same |= (a[i] == b[i] ? 1U : 0U) << i;
      return same;
#endif
    }
  };

  static_assert(sizeof(Key) == 64);

  struct Field {
    std::string name;
    Shape* shape = nullptr;  // of the objects that have it
    Shape* child = nullptr;  // of the objects below it
    Others others;           // that followed it before Key::next
    Use use = Use::used;
    // Of one that nobody uses, for whoever counts how often it is there (Mapper::tally_fields).
    std::uint32_t told_in = 0;
    std::uint32_t again = 0;
    bool passing = false;  // it is not in the trie, and is gone with its record
  };

  explicit KeyTrie(const WantedFields& wanted);
  KeyTrie(const KeyTrie&) = delete;
  KeyTrie& operator=(const KeyTrie&) = delete;

  [[nodiscard]] Shape& root() noexcept { return shapes_.front(); }
  /// Stands for every key that is not in the trie; fits nothing.
  [[nodiscard]] Key& stranger() noexcept { return stranger_; }

  /// The key of that name, learned if it is new, or stranger(). `written`: its bytes from
  /// the opening quote to the colon, by which it is guessed from now on.
  Key& learn(Shape& shape, std::string_view name, std::string_view written);
  /// The one of `others` that stands at `bytes`, or nullptr; what was `guessed` takes its place.
  static Key* one_of(Others& others, Key* guessed, const char* bytes) noexcept;
  /// `guessed` was wrong, and none of them was right.
  void add_guess(Others& others, Key* guessed) noexcept;
  /// What is known of the values of `key` in objects of `shape`.
  Shape& child(Shape& shape, Key& key);
  Shape& items(Shape& shape);

  /// The dotted path of a key.
  [[nodiscard]] std::string path(const Key& key) const;

 private:
  Shape& new_shape(Shape* parent, Key* parent_key);
  Key& add(Shape& shape, std::string_view name);
  static Key* find(const Shape& shape, std::string_view name) noexcept;
  static void put_in_index(Shape& shape, Key& key) noexcept;
  [[nodiscard]] Use use_of(const Shape& shape, std::string_view name) const;

  std::deque<Shape> shapes_;  // a deque leaves them where they are
  std::deque<Key> keys_;
  std::deque<Field> fields_;
  Field strange_field_;
  Key stranger_;
  // What it may still learn.
  std::size_t room_for_keys_;
  std::size_t room_for_names_;  // in bytes
  std::size_t room_for_shapes_;
  std::vector<KeyPath> used_patterns_;
  bool watch_;
};

}  // namespace trama
