#include "json/personal_places.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "json/place_at.h"

using namespace trama;  // NOLINT(google-build-using-namespace): a test

namespace {

PersonalPlaces places_of(std::initializer_list<std::string_view> personal,
                         std::initializer_list<std::string_view> reads = {}) {
  PersonalPlaces places;
  for (const std::string_view place : personal) places.add(place_at(place));
  for (const std::string_view place : personal) places.add_read(place_at(place));
  for (const std::string_view read : reads) places.add_read(place_at(read));
  return places;
}

}  // namespace

TEST_CASE("personal places: what is read there, through it or below it") {
  struct Case {
    std::string_view personal;
    std::string_view read;
    bool overlap;
    std::string_view why;
  };
  static constexpr Case kCases[] = {
      {"/guest/mail", "/guest/mail", true, "the same"},
      {"/guest/mail", "/guest", true, "contains it"},
      {"/guest/mail", "/guest/mail/user", true, "is in it"},
      {"/guest/mail", "/guest/name", false, "beside it"},
      {"/guest/mail", "/guests", false, "another name that begins alike"},
      {"/guest/mail", "/mail", false, "the same name elsewhere"},
      {"/pax/[]/a", "/pax/[0]/a", true, "one of the items"},
      {"/pax/[0]/a", "/pax/[]/a", true, "any item may be the one"},
      {"/pax/[0]/a", "/pax/[1]/a", false, "another item"},
      {"/pax/[0]/a", "/pax/0/a", true, "a pointer's digits are a place too"},
      {"/pax/0/a", "/pax/[0]/a", true, "and the other way round"},
      {"/pax/0/a", "/pax/1/a", false, "another item by a pointer"},
      {"/pax/[]/a", "/pax", true, "the whole list"},
      {"/pax/[]/a", "/pax/[]/b", false, "beside it in each item"},
      {"/pax/[]/a", "/pax/[]", true, "the whole item"},
      {"/x/{}/b", "/x/k/b", true, "one of the entries, by its name"},
      {"/x/{}/b", "/x/k/c", false, "beside it in an entry"},
      {"/p/[]?/n", "/p/n", true, "the one value itself"},
      {"/p/[]?/n", "/p/[]/n", true, "or an item"},
      {"/p/[]?/n", "/p/[]?/n", true, "either, read as either"},
      {"/p/[]?/n", "/p/[]?/m", false, "beside it"},
      // keys
      {"/x/{} (key)", "/x/{} (key)", true, "the same key"},
      {"/x/{} (key)", "/x/{}", false, "the value has not its key in it"},
      {"/x/{} (key)", "/x/{}/b", false, "nor what is in the value"},
      {"/x/{} (key)", "/x", true, "the object has its keys in it"},
      {"/x", "/x/{} (key)", true, "a key of a personal object"},
      {"/x/{}/b", "/x/{} (key)", true, "a key on the way to what is personal"},
      {"/x/{}/b/{} (key)", "/x/{} (key)", true, "the same on the way to a key"},
      {"/x/{} (key)", "/x/{}/b/{} (key)", false, "a key further down is another"},
      {"/x/{}", "/x/{}/b/{} (key)", true, "unless all that is there is personal"},
      {" (key)", " (key)", true, "the key of the record itself"},
      {" (key)", "/x", false, "is in no value of the record"},
      {"/x", " (key)", false, "nor is it a part of one"},
      {"/x/{} (key)", " (key)", false, "and no key inside"},
  };
  for (const Case& c : kCases) {
    INFO(c.read, " beside the personal ", c.personal, ": ", c.why);
    CHECK(places_of({c.personal}).overlaps(place_at(c.read)) == c.overlap);
  }
  CHECK_FALSE(PersonalPlaces().overlaps(place_at("/a")));
}

TEST_CASE("personal places: values of a record") {
  const PersonalPlaces places = places_of({"/guest/mail", "/pax/[]/a", "/m~1n", "/x/{} (key)"});
  for (const char* hidden : {"/guest/mail", "/guest", "/guest/mail/x", "/pax/12/a", "/pax/-1/a",
                             "/pax/0", "/pax", "/m~1n", "/x", ""}) {
    INFO(hidden);
    CHECK(places.hides(hidden));
  }
  for (const char* shown : {"/guest/name", "/pax/0/b", "/m", "/m~0n", "/x/k", "/x/k/b", "/y"}) {
    INFO(shown);
    CHECK_FALSE(places.hides(shown));
  }
  CHECK_FALSE(PersonalPlaces().hides(""));
}

TEST_CASE("personal places: which keys of a path may be shown") {
  struct Case {
    std::string_view personal, read, pointer, shown;
  };
  static constexpr Case kCases[] = {
      {"/guest/mail", "", "/guest/name", "/guest/name"},
      {"/guest/mail", "", "/guest/mail", "/guest/mail"},
      {"/pax/[]/a", "", "/pax/12/a", "/pax/12/a"},
      {"/pax/[]/a", "", "/pax/ana/a", "/pax/#/a"},
      {"/p/[]?/a", "", "/p/a", "/p/a"},
      {"/x/{} (key)", "", "/x/ana/b", "/x/#/b"},
      {"/x/{} (key)", "", "/y/ana/b", "/y/ana/b"},
      {"/x/{}/b", "", "/x/ana/c", "/x/#/c"},
      {"/x/{}/b", "", "/x/1/c", "/x/#/c"},
      // inside of what is personal, the names that the mapping has
      {"/guests", "/guests/{}/age", "/guests/ana/age", "/guests/#/age"},
      {"/guests", "/guests/{}/age", "/guests/ana/height", "/guests/#/#"},
      {"/guests", "/guests/[]/age", "/guests/3/age", "/guests/3/age"},
      {"/guests", "/guests/[]/age", "/guests/ana/age", "/guests/#/age"},
      {"/guests", "/guests/[2]/age", "/guests/2/age", "/guests/2/age"},
      {"/guests", "", "/guests/3/age", "/guests/#/#"},
      {"/a~1b", "", "/a~1b", "/a~1b"},
      {"/x/{} (key)", "", "/x/~0~1/c~1d", "/x/#/c~1d"},
  };
  for (const Case& c : kCases) {
    INFO(c.pointer, " beside the personal ", c.personal);
    std::string expected(c.shown);
    for (std::size_t at = expected.find('#'); at != std::string::npos; at = expected.find('#'))
      expected.replace(at, 1, kHidden);
    PersonalPlaces places = places_of({c.personal});
    if (!c.read.empty()) places.add_read(place_at(c.read));
    CHECK(places.shown_pointer(c.pointer) == expected);
  }
  CHECK(PersonalPlaces().shown_pointer("/a/b") == "/a/b");
  CHECK(places_of({"/x/{} (key)"}).hides_key("/x/ana"));
  CHECK_FALSE(places_of({"/x/{} (key)"}).hides_key("/x"));
  CHECK_FALSE(places_of({"/x/{} (key)"}).hides_key("/y/ana"));
}

TEST_CASE("personal places: names of new fields") {
  const PersonalPlaces places = places_of({"/a/{} (key)", "/pax/[]/mail", "/guest/mail"});
  CHECK(places.shown_field("a.ana.b") == "a.(hidden: personal).b");
  CHECK(places.shown_field(R"(a."x.y\"z".b)") == "a.(hidden: personal).b");
  CHECK(places.shown_field("pax[*].new") == "pax[*].new");
  CHECK(places.shown_field("pax.ana") == "pax.(hidden: personal)");
  CHECK(places.shown_field("guest[*].ana") == "guest[*].(hidden: personal)");
  CHECK(places.shown_field(R"(b."x.y"[*])") == R"(b."x.y"[*])");
  CHECK(places.shown_field("") == "");
}
