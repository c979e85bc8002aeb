#include "report/findings_report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "base/ascii.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "base/version.h"
#include "report/json_out.h"
#include "text/error_pages.h"

namespace trama {
namespace {

constexpr std::size_t kFingerprintDigits = 32;

/// As paths of a repository: no tool knows `./`.
std::string_view plain_path(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

/// By its code, its file and the text of its line, so that it is the same where lines moved; of
/// several that are alike, by their order.
class Fingerprints {
 public:
  std::string of(const Finding& finding) {
    std::string key = finding.code + '\0' + std::string(plain_path(finding.file)) + '\0';
    for (const char c : finding.text)
      if (c != ' ' && c != '\t') key += c;
    key += '\0' + std::to_string(seen_[key]++);
    return sha256(key).substr(0, kFingerprintDigits);
  }

 private:
  std::map<std::string, std::size_t> seen_;
};

/// A line of a workflow command's data; `property`: of its head.
std::string github_line(std::string_view text, bool property) {
  std::string out;
  for (const char c : visible(text)) {
    if (c == '%')
      out += "%25";
    else if (c == ':' && property)
      out += "%3A";
    else if (c == ',' && property)
      out += "%2C";
    else
      out += c;
  }
  return out;
}

/// A message, whose lines stay apart.
std::string github_lines(std::string_view text) {
  std::string out;
  for (std::size_t end = 0; (end = text.find('\n')) != std::string_view::npos;) {
    out += github_line(text.substr(0, end), false) + "%0A";
    text.remove_prefix(end + 1);
  }
  return out + github_line(text, false);
}

std::string message_of(const Finding& finding) {
  return finding.help.empty() ? finding.message : finding.message + "\n" + finding.help;
}

/// A relative reference (RFC 3986 §4.2): what is no unreserved character or `/` is escaped.
std::string uri_of(std::string_view path) {
  std::string out;
  for (const char c : plain_path(path)) {
    const bool plain = is_digit(c) || (small_letter(c) >= 'a' && small_letter(c) <= 'z') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
      continue;
    }
    std::array<char, 4> escape{};
    std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned char>(c));
    out += escape.data();
  }
  return out;
}

/// XML has no way to write most control characters; they are left out. Others that are not shown
/// are written as references.
std::string xml_text(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t bad = first_invalid_utf8(text);
    const std::string_view good = text.substr(0, bad);
    for (std::size_t at = 0; at < good.size();) {
      const std::size_t from = at;
      const char32_t c = next_code_point(good, at);
      if (c >= 0x7F && is_unseen(c)) {
        std::array<char, 16> reference{};
        std::snprintf(reference.data(), reference.size(), "\x01#x%x;", static_cast<unsigned>(c));
        shown += c != 0xFFFE && c != 0xFFFF ? reference.data() : "\xEF\xBF\xBD";
      } else if (c != 1) {
        shown += good.substr(from, at - from);
      }
    }
    if (bad == kValidUtf8) break;
    shown += "\xEF\xBF\xBD";
    text.remove_prefix(bad + 1);
  }
  std::string out;
  for (const char c : shown) {
    switch (c) {
      case '\x01':  // the & of a reference
        out += '&';
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\t':
        out += "&#9;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= ' ') out += c;
    }
  }
  return out;
}

}  // namespace

std::string github_report(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    out += finding.is_error ? "::error" : "::warning";
    out += " file=" + github_line(plain_path(finding.file), true) +
           ",line=" + std::to_string(finding.line) + ",col=" + std::to_string(finding.column);
    if (finding.length > 0)
      out += ",endLine=" + std::to_string(finding.line) +
             ",endColumn=" + std::to_string(finding.column + finding.length);
    out += ",title=" + github_line(finding.code, true) + "::" + github_lines(message_of(finding)) +
           '\n';
  }
  return out;
}

std::string gitlab_report(const std::vector<Finding>& findings) {
  std::string out = "[";
  Fingerprints fingerprints;
  std::string_view before = "\n";
  for (const Finding& finding : findings) {
    JsonOut json;
    json.open('{').key("description").text(finding.code + ": " + message_of(finding));
    json.key("check_name").text(finding.code);
    json.key("fingerprint").text(fingerprints.of(finding));
    json.key("severity").text(finding.is_error ? "major" : "minor");
    json.key("location").open('{').key("path").text(plain_path(finding.file));
    json.key("lines").open('{').key("begin").number(finding.line).close('}').close('}').close('}');
    out.append(before).append(json.take());
    before = ",\n";
  }
  return out + (findings.empty() ? "]\n" : "\n]\n");
}

std::string sarif_report(const std::vector<Finding>& findings, Language language) {
  std::vector<std::string_view> codes;  // in the order of the rules
  for (const Finding& finding : findings)
    if (std::find(codes.begin(), codes.end(), finding.code) == codes.end())
      codes.push_back(finding.code);
  std::sort(codes.begin(), codes.end());
  const std::vector<ErrorPage> pages = error_pages(language);
  JsonOut json;
  json.open('{').key("$schema").text("https://json.schemastore.org/sarif-2.1.0.json");
  json.key("version").text("2.1.0").key("runs").open('[').open('{');
  json.key("tool").open('{').key("driver").open('{').key("name").text("trama");
  json.key("version").text(version()).key("rules").open('[');
  for (const std::string_view code : codes) {
    json.open('{').key("id").text(code);
    const auto page = std::find_if(pages.begin(), pages.end(),
                                   [code](const ErrorPage& one) { return one.code == code; });
    if (page != pages.end()) {
      json.key("shortDescription").open('{').key("text").text(page->meaning).close('}');
      json.key("help").open('{').key("text").text(page->text);
      json.key("markdown").text(page->text).close('}');
    }
    json.close('}');
  }
  json.close(']').close('}').close('}');
  json.key("columnKind").text("unicodeCodePoints").key("results").open('[');
  Fingerprints fingerprints;
  for (const Finding& finding : findings) {
    json.open('{').key("ruleId").text(finding.code);
    json.key("ruleIndex")
        .number(static_cast<std::uint64_t>(std::find(codes.begin(), codes.end(), finding.code) -
                                           codes.begin()));
    json.key("level").text(finding.is_error ? "error" : "warning");
    json.key("message").open('{').key("text").text(message_of(finding)).close('}');
    json.key("locations").open('[').open('{').key("physicalLocation").open('{');
    json.key("artifactLocation").open('{').key("uri").text(uri_of(finding.file)).close('}');
    json.key("region").open('{').key("startLine").number(finding.line);
    json.key("startColumn").number(finding.column);
    if (finding.length > 0) json.key("endColumn").number(finding.column + finding.length);
    json.close('}').close('}').close('}').close(']');
    json.key("partialFingerprints").open('{').key("trama/v1").text(fingerprints.of(finding));
    json.close('}').close('}');
  }
  json.close(']').close('}').close(']').close('}');
  return json.take() + '\n';
}

std::string junit_report(std::string_view name, const std::vector<TestCase>& cases) {
  const auto failed = std::count_if(cases.begin(), cases.end(),
                                    [](const TestCase& one) { return !one.problems.empty(); });
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" +
                    xml_text(name) + "\" tests=\"" + std::to_string(cases.size()) +
                    "\" failures=\"" + std::to_string(failed) + "\" errors=\"0\">\n";
  for (const TestCase& one : cases) {
    out +=
        "  <testcase classname=\"" + xml_text(one.group) + "\" name=\"" + xml_text(one.name) + '"';
    if (one.problems.empty() && one.notes.empty()) {
      out += "/>\n";
      continue;
    }
    out += ">\n";
    if (!one.problems.empty()) {
      out += "    <failure message=\"" + xml_text(one.problems.front()) + "\">" + xml_text(one.at);
      for (const std::string& problem : one.problems) out += "&#10;" + xml_text(problem);
      out += "</failure>\n";
    }
    if (!one.notes.empty()) {
      out += "    <system-out>";
      for (const std::string& note : one.notes) out += xml_text(note) + "&#10;";
      out += "</system-out>\n";
    }
    out += "  </testcase>\n";
  }
  return out + "</testsuite>\n";
}

}  // namespace trama
