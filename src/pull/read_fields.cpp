#include "pull/read_fields.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/ascii.h"

namespace trama {
namespace {

/// A field, and what is read in it.
struct Field {
  std::string name;  // as a path writes it, `[*]` and the like with it
  std::string key;   // without them; "" of what is only a list in a list
  std::vector<std::unique_ptr<Field>> below;

  Field& at(const std::string& wanted, const std::string& of) {
    const auto found = std::find_if(below.begin(), below.end(),
                                    [&](const auto& field) { return field->name == wanted; });
    if (found != below.end()) return **found;
    below.push_back(std::make_unique<Field>());
    below.back()->name = wanted;
    below.back()->key = of;
    return *below.back();
  }
};

/// A key as a path writes it: in quotes where something in it would be special.
std::string key_word(const std::string& key) {
  const auto plain = [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' ||
           static_cast<unsigned char>(c) > 0x7F;
  };
  if (!key.empty() && std::all_of(key.begin(), key.end(), plain)) return key;
  std::string out = "\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

void add(Field& top, const RecordPlace& place) {
  Field* at = &top;
  for (const PlaceStep& step : place.steps) {
    using enum PlaceStep::Kind;
    switch (step.kind) {
      case key:
      case key_or_index:
        at = &at->at(key_word(step.text), step.text);
        break;
      case index:
        at = &at->at('[' + step.text + ']', "");
        break;
      case entries:
        at = &at->at("{*}", "");
        break;
      default:
        at = &at->at("[*]", "");
    }
  }
}

Field fields_of(const Plan& plan) {
  Field top;
  for (const std::vector<RecordPlace>& column : plan.reads)
    for (const RecordPlace& place : column) add(top, place);
  for (const auto& section : plan.section_reads)
    for (const RecordPlace& place : section.second) add(top, place);
  return top;
}

void list(const Field& field, const std::string& before, std::vector<std::string>& out) {
  for (const std::unique_ptr<Field>& one : field.below) {
    const bool is_key = !one->key.empty();
    const std::string path = before + (is_key && !before.empty() ? "." : "") + one->name;
    if (one->below.empty())
      out.push_back(path);
    else
      list(*one, path, out);
  }
}

/// Lists have no step of their own in GraphQL: what is in an item stands in the field of the list.
void select(const Field& field, std::size_t depth, std::vector<std::string>& told,
            std::string& out) {
  for (const std::unique_ptr<Field>& one : field.below) {
    if (one->key.empty()) {
      select(*one, depth, told, out);
      continue;
    }
    if (std::find(told.begin(), told.end(), one->key) != told.end()) continue;
    told.push_back(one->key);
    const auto is_in = [](const std::unique_ptr<Field>& below) {
      return !below->key.empty() || !below->below.empty();
    };
    out += std::string(2 * depth, ' ') + one->key;
    if (std::any_of(one->below.begin(), one->below.end(), is_in)) {
      std::vector<std::string> inner;
      out += " {\n";
      select(*one, depth + 1, inner, out);
      out += std::string(2 * depth, ' ') + '}';
    }
    out += '\n';
  }
}

}  // namespace

std::vector<std::string> fields_read(const Plan& plan) {
  std::vector<std::string> out;
  list(fields_of(plan), "", out);
  return out;
}

std::string selection_read(const Plan& plan) {
  std::string out = "{\n";
  std::vector<std::string> told;
  select(fields_of(plan), 1, told, out);
  return out + "}\n";
}

}  // namespace trama
