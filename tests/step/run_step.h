// One step on one value, for the tests of steps.

#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/codes.h"
#include "step/args.h"
#include "step/specs.h"
#include "text/catalogue.h"

namespace trama::testing {

inline std::string shown(const Value& value) {
  char buffer[96];
  std::string out;
  switch (value.kind()) {
    case Kind::text:
      return std::string(value.text());
    case Kind::decimal:
      append_decimal(out, value.decimal());
      return out;
    case Kind::boolean:
      return value.boolean() ? "true" : "false";
    case Kind::date: {
      const YearMonthDay d = civil_of(value.date());
      std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d", d.year, d.month, d.day);
      return buffer;
    }
    case Kind::time: {
      const int s = value.time().seconds;
      std::snprintf(buffer, sizeof buffer, "%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
      return buffer;
    }
    case Kind::datetime: {
      const DateTime t = value.datetime();
      const std::int64_t day = (t.seconds - (t.seconds < 0 ? 86399 : 0)) / 86400;
      const int s = static_cast<int>(t.seconds - day * 86400);
      out = shown(Value::date({static_cast<std::int32_t>(day)})) + "T" +
            shown(Value::time({s, 0}, 0));
      if (value.digits() > 0) out += "." + std::to_string(t.nanos);
      if (t.offset != kNoOffset) out += "|" + std::to_string(t.offset / 60);
      return out;
    }
    case Kind::duration: {
      const Duration d = value.duration();
      return std::to_string(d.months) + "m" + std::to_string(d.seconds) + "s" +
             std::to_string(d.nanos) + "n";
    }
    default:
      return "(blank)";
  }
}

/// A context and what the last step left in it. `run` gives the value shown, or the reason's text.
struct StepRunner {
  Arena arena;
  StepContext context{.arena = arena};
  Reason reason = Reason::none;

  std::string run(const StepSpec& spec, const StepArgs* args, Value value) {
    context.finished = false;
    context.warning = Reason::none;
    reason = spec.fn(args, value, context);
    if (reason == Reason::none) return shown(value);
    const std::string values[] = {shown(context.a), shown(context.b)};
    return say(Language::en, Phrase(reason, {std::begin(values), std::end(values)}));
  }
  std::string run(const StepSpec& spec, const StepArgs* args, std::string_view in,
                  Origin origin = Origin::text) {
    return run(spec, args, Value::text(in, origin));
  }
};

}  // namespace trama::testing
