// PersonalPlaces: where a record holds the values of personal columns. The plan makes the one set
// of them; whatever reads a record, or shows a part of it, asks this set.
//
// A place is a pattern of steps from the top of the record: `pax[*].mail` is any item of pax, and
// its mail. It is met from both sides: a path that leads to it, through it (`pax[0]`, which
// contains it) or from below it (`pax[*].mail.user`, which it contains). How a path is written does
// not matter: `guest.mail` and `/guest/mail` are one place.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trama {

/// What is shown where a personal value would be.
constexpr std::string_view kHidden = "(hidden: personal)";

struct PlaceStep {
  enum class Kind : std::uint8_t {
    key,           // the member `text`
    index,         // the item number `text`
    key_or_index,  // of a JSON Pointer: the member or the item
    items,         // any item of a list (also [-1]: which one is not known before)
    item_or_self,  // any item, or the one value itself where there is no list (one_or_many)
    listed,        // the same, or any member of an object whose keys are numbers (as_list)
    entries,       // any member of an object whose keys are data
  };
  Kind kind = Kind::key;
  std::string text{};

  [[nodiscard]] bool is_any() const noexcept { return kind >= Kind::items; }
};

/// The value at the end of `steps`, or the key of the entry there (`$key`). A key without steps is
/// that of the record itself (`records: x{*}`).
struct RecordPlace {
  std::vector<PlaceStep> steps{};
  bool is_key = false;

  /// As a JSON Pointer, * for any item or key, for people: "/pax/*/mail".
  [[nodiscard]] std::string pointer() const;
};

/// Appends a step of a JSON Pointer (RFC 6901): `/` and the key, its ~ and / as ~0 and ~1.
void append_pointer_step(std::string& out, std::string_view step);

class PersonalPlaces {
 public:
  void add(RecordPlace place);
  /// A place that the mapping reads: the names on its way are words of the mapping,
  /// and may be shown.
  void add_read(RecordPlace place);

  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] const std::vector<RecordPlace>& all() const noexcept { return all_; }

  /// Whether what is read there is, has in it or is in what is personal.
  [[nodiscard]] bool overlaps(const RecordPlace& read) const;
  /// The same for a value of a record, at a JSON Pointer (RFC 6901).
  [[nodiscard]] bool hides(std::string_view pointer) const;
  /// Whether the key of the member at `pointer` is personal.
  [[nodiscard]] bool hides_key(std::string_view pointer) const;
  /// The pointer, kHidden for its personal keys.
  [[nodiscard]] std::string shown_pointer(std::string_view pointer) const;
  /// The same for a dotted path as KeyTrie::path() writes it: guest[*]."a.b".
  [[nodiscard]] std::string shown_field(std::string_view dotted) const;

 private:
  using Steps = std::vector<PlaceStep>;
  [[nodiscard]] bool hides_step(const Steps& way, std::size_t at) const;
  [[nodiscard]] bool is_named(const Steps& way, std::size_t at) const;

  std::vector<RecordPlace> all_;
  // The same with each item_or_self and listed in both of its forms; and what the mapping reads.
  std::vector<RecordPlace> forms_;
  std::vector<RecordPlace> reads_;
};

}  // namespace trama
