#include <doctest/doctest.h>

#include <string>

#include "report/profile_report.h"
#include "text/catalogue.h"

using namespace trama;

namespace {

/// A profile of three records with a member `a`, of whose members `more` are the last.
std::string with(const std::string& more) {
  return R"({"records":3,"unread":{"count":0},"paths":[
{"path":"","records":3,"count":3,"missing":0,"empty":0,"kinds":{"object":3}},
{"path":"a","records":3,"count":3,"missing":0,"empty":0,"values":3,"kinds":{"text":3})" +
         more + "}]}";
}

std::string wrong(const std::string& text) {
  RecordedProfile read;
  return say(Language::en, read_profile(text, read));
}

}  // namespace

TEST_CASE("kept profiles: what no profile can hold is refused, by its name") {
  CHECK(wrong(with("")).empty());
  struct Case {
    const char* more;
    const char* member;  // empty: it is taken
  };
  constexpr Case kCases[] = {
      {R"(,"with_time":3,"with_offset":3)", ""},
      {R"(,"with_time":4)", "with_time"},
      {R"(,"with_time":2,"with_offset":3)", "with_offset"},
      {R"(,"number":{"example":"1234.56","count":3})", ""},
      {R"(,"number":{"example":"1234.56","count":4})", "count"},
      {R"(,"number":{"zeros_in_front":4})", "zeros_in_front"},
      {R"(,"form":{"name":"email","count":4})", "count"},
      {R"(,"some_dates":[{"formats":["a"],"count":2},{"formats":["b"],"count":1}])", ""},
      {R"(,"some_dates":[{"formats":["a"],"count":2},{"formats":["b"],"count":2}])", "some_dates"},
      {R"(,"digits":{"numbers":3,"sum":-9223372036854775808,"squares":1,"negative":3})", ""},
      {R"(,"digits":{"numbers":3,"sum":1,"squares":1,"negative":4})", "negative"},
      {R"(,"digits":{"numbers":3,"sum":9223372036854775808,"squares":1})", "digits"},
      {R"(,"seconds":{"least":-62135596800,"greatest":253402300799})", ""},
      {R"(,"seconds":{"least":-9223372036854775808,"greatest":0})", "seconds"},
      {R"(,"seconds":{"least":0,"greatest":9223372036854775807})", "seconds"},
      {R"(,"seconds":{"least":1,"greatest":0})", "seconds"},
  };
  for (const Case& one : kCases) {
    CAPTURE(one.more);
    const std::string told = wrong(with(one.more));
    CHECK(told ==
          (*one.member == '\0' ? "" : one.member + std::string(" is not as profiles have it")));
  }
  CHECK(wrong(R"({"records":3,"paths":[]})") == "unread is not as profiles have it");
}
