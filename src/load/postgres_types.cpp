#include "load/postgres_types.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "value/decimal.h"

namespace trama {
namespace {

/// Digits in front of the point that a type has room for; -1: any.
int whole_digits(const PostgresColumn& column) {
  if (column.type == "smallint") return 4;
  if (column.type == "integer") return 9;
  if (column.type == "bigint") return 18;
  return column.parameters.size() == 2 ? column.parameters[0] - column.parameters[1] : -1;
}

}  // namespace

bool PostgresColumn::keeps(const std::string& ours, const OutputType* proved, bool key) const {
  const auto is = [this](std::initializer_list<std::string_view> types) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };
  const std::string base = ours.substr(0, ours.find('('));
  if (base == "text" || base == "varchar")
    return is_enum || is({"text", "character varying", "character"}) || (type == "citext" && !key);
  if (base == "smallint" || base == "integer" || base == "bigint" || base == "numeric") {
    if (!is({"smallint", "integer", "bigint", "numeric"})) return false;
    const int scale = proved == nullptr ? 0 : proved->scale;
    const int theirs_scale = type != "numeric"        ? 0
                             : parameters.size() == 2 ? parameters[1]
                                                      : kMaxDigits;
    if (scale == kOpenScale ? theirs_scale < kMaxDigits : scale > theirs_scale) return false;
    const int room = whole_digits(*this);
    const bool known = proved != nullptr && scale != kOpenScale && proved->precision < kMaxDigits;
    return room < 0 || !known || proved->precision - scale <= room;
  }
  if (base == "boolean") return is({"boolean"});
  if (base == "date") return is({"date"});
  if (base == "json" || base == "jsonb") return is({"json", "jsonb", "text"});
  const bool whole = parameters.empty() || parameters[0] == 6;
  if (base == "time") return whole && is({"time without time zone"});
  if (base == "timestamp") return whole && is({"timestamp without time zone"});
  if (base == "timestamptz") return whole && is({"timestamp with time zone"});
  return shown == ours;
}

PostgresColumn postgres_column(const std::string& shown) {
  PostgresColumn out;
  out.shown = shown;
  const std::size_t open = shown.find('(');
  const std::size_t close = shown.find(')');
  out.type = open == std::string::npos ? shown : shown.substr(0, open) + shown.substr(close + 1);
  if (open == std::string::npos) return out;
  int number = 0;
  bool any = false;
  bool minus = false;  // numeric(5,-2)
  for (std::size_t i = open + 1; i <= close; ++i) {
    if (shown[i] >= '0' && shown[i] <= '9') {
      number = number * 10 + (shown[i] - '0');
      any = true;
    } else if (any) {
      out.parameters.push_back(minus ? -number : number);
      number = 0;
      any = minus = false;
    } else {
      minus = shown[i] == '-';
    }
  }
  return out;
}

}  // namespace trama
