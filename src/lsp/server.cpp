#include "lsp/server.h"

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <utility>

#include "base/phrase_codes.h"
#include "base/version.h"
#include "lsp/features.h"
#include "lsp/message.h"
#include "lsp/workspace.h"
#include "text/catalogue.h"

namespace trama {
namespace {

/// Ids of requests that were cancelled before they had their turn.
constexpr std::size_t kMaxCancelled = 10'000;

class Server {
 public:
  Server(int input, const ServerOutput& output, Language language)
      : reader_(input), output_(output) {
    workspace_.language = language;
  }

  int run() {
    while (!done_) {
      take_what_came();
      if (!waiting_.empty()) {
        const Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        waiting_bytes_ -= next.text.size();
        answer(next);
      } else if (ended_) {
        break;
      } else if (const auto mapping =
                     initialized_ && !shut_down_ ? workspace_.waiting() : std::nullopt) {
        workspace_.check(*mapping);
      } else {
        if (initialized_ && !shut_down_) publish(workspace_.take_touched());
        take(true);
      }
    }
    return shut_down_ ? 0 : 1;
  }

 private:
  struct Waiting {
    MessageReader::Got got;
    std::string text;
  };

  // Input.

  void take_what_came() {
    while (!ended_ && waiting_bytes_ < kMaxWaitingBytes && take(false)) {
    }
  }

  bool take(bool wait) {
    std::string text;
    const MessageReader::Got got = reader_.next(text, wait);
    if (got == MessageReader::Got::nothing) return false;
    ended_ = got == MessageReader::Got::end || got == MessageReader::Got::malformed;
    if (got == MessageReader::Got::end) return false;
    note_cancelled(text);
    waiting_bytes_ += text.size();
    waiting_.push_back({got, std::move(text)});
    return true;
  }

  /// A request that waits behind others can be cancelled before its turn.
  void note_cancelled(const std::string& text) {
    constexpr std::size_t kMost = 1024;
    if (text.size() > kMost || text.find("$/cancelRequest") == std::string::npos) return;
    RpcError ignored{};
    if (!message_.read(text, ignored) || message_.method() != "$/cancelRequest") return;
    if (cancelled_.size() < kMaxCancelled) cancelled_.emplace(message_.at({"id"}).raw());
  }

  void answer(const Waiting& next) {
    using Got = MessageReader::Got;
    if (next.got == Got::malformed)
      return error("null", RpcError::parse_error, "no header with a Content-Length");
    if (next.got == Got::too_long)
      return error("null", RpcError::parse_error, "the message is too long");
    RpcError wrong{};
    if (!message_.read(next.text, wrong))
      return error("null", wrong,
                   wrong == RpcError::parse_error ? "the message is not JSON"
                                                  : "the message is not a JSON-RPC request");
    if (message_.method().empty()) return;  // an answer to a request of ours
    message_.id().empty() ? notice() : request(message_.id());
  }

  // Output.

  void send(const std::string& json) {
    if (!output_("Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json)) {
      done_ = true;  // nobody reads it
    }
  }
  void result(const std::string& id, const std::string& json) {
    send(R"({"jsonrpc": "2.0", "id": )" + id + R"(, "result": )" + json + '}');
  }
  void error(const std::string& id, RpcError code, std::string_view message) {
    JsonOut json;
    json.open('{').key("code").signed_number(static_cast<std::int64_t>(code));
    json.key("message").text(message).close('}');
    send(R"({"jsonrpc": "2.0", "id": )" + id + R"(, "error": )" + json.take() + '}');
  }
  void notify(std::string_view method, const std::string& params) {
    send(R"({"jsonrpc": "2.0", "method": ")" + std::string(method) + R"(", "params": )" + params +
         '}');
  }
  void result(const std::string& id, const Answer& answer) {
    if (answer.refused.empty()) return result(id, answer.json);
    error(id, RpcError::request_failed, say(workspace_.language, answer.refused));
  }

  void publish(const std::set<std::string>& uris) {
    for (const std::string& uri : uris) {
      const Document* const document = workspace_.find(uri);
      JsonOut json;
      json.open('{').key("uri").text(uri);
      if (document != nullptr) json.key("version").signed_number(document->version);
      json.key("diagnostics").open('[');
      for (const Problem& problem : workspace_.problems_of(uri)) {
        json.open('{').key("range").open('{');
        write_place("start", problem.start, json);
        write_place("end", problem.end, json);
        json.close('}').key("severity").number(problem.finding.is_error ? 1 : 2);
        json.key("code").text(problem.finding.code).key("source").text("trama");
        const std::string& help = problem.finding.help;
        json.key("message").text(problem.finding.message + (help.empty() ? "" : "\n" + help));
        json.close('}');
      }
      notify("textDocument/publishDiagnostics", json.close(']').close('}').take());
    }
  }
  static void write_place(std::string_view name, Position place, JsonOut& json) {
    json.key(name).open('{').key("line").number(place.line);
    json.key("character").number(place.character).close('}');
  }

  // Notices.

  void notice() {
    const std::string& method = message_.method();
    if (method == "exit") {
      done_ = true;
    } else if (method == "$/cancelRequest") {
      cancelled_.erase(std::string(message_.at({"id"}).raw()));
    } else if (!initialized_ || shut_down_) {
      return;
    } else if (method == "initialized") {
      watch_files();
    } else if (method == "textDocument/didOpen") {
      open();
    } else if (method == "textDocument/didChange") {
      change();
    } else if (method == "textDocument/didClose") {
      workspace_.close(uri());
    } else if (method == "textDocument/didSave" || method == "workspace/didChangeWatchedFiles") {
      workspace_.files_changed();
    }
  }

  std::string uri() { return message_.text(message_.at({"textDocument", "uri"})); }

  void open() {
    const std::string name = uri();
    const Node text = message_.at({"textDocument", "text"});
    if (name.empty() || text.kind() != JsonKind::text) return;
    const std::string language = message_.text(message_.at({"textDocument", "languageId"}));
    if (!workspace_.open(name, version(), message_.text(text), language == "trama")) too_much(name);
  }

  std::int64_t version() {
    std::uint32_t number = 0;
    return Message::number(message_.at({"textDocument", "version"}), number) ? number : 0;
  }

  void change() {
    const std::string name = uri();
    Document* const document = workspace_.find(name);
    const Node changes = message_.at({"contentChanges"});
    if (document == nullptr || changes.kind() != JsonKind::list) return;
    document->version = version();
    for (NodeCursor item(changes); item.next();) {
      const Node text = message_.at({"text"}, item.value());
      if (text.kind() != JsonKind::text) continue;
      const Node range = message_.at({"range"}, item.value());
      Position start;
      Position end;
      if (!range.exists())
        document->text = DocumentText(message_.text(text), workspace_.encoding);
      else if (place(message_.at({"start"}, range), start) &&
               place(message_.at({"end"}, range), end))
        document->text.replace(start, end, message_.text(text));
      if (document->text.text().size() > kMaxDocumentBytes) break;
    }
    if (!workspace_.changed(*document)) too_much(name);
  }

  void too_much(const std::string& name) {
    const Phrase told(PhraseCode::lsp_too_much_open, {name});
    JsonOut json;
    json.open('{').key("type").number(1).key("message").text(say(workspace_.language, told));
    notify("window/showMessage", json.close('}').take());
  }

  bool place(const Node& node, Position& out) {
    return Message::number(message_.at({"line"}, node), out.line) &&
           Message::number(message_.at({"character"}, node), out.character);
  }

  /// Bases, tables and tests may change outside of the client.
  void watch_files() {
    if (!watches_) return;
    send(
        R"({"jsonrpc": "2.0", "id": "watch", "method": "client/registerCapability", "params": {"registrations": )"
        R"([{"id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": {"watchers": )"
        R"([{"globPattern": "**/*.{yaml,yml,csv,json}"}]}}]}})");
  }

  // Requests.

  void request(const std::string& id) {
    const std::string method = message_.method();
    if (cancelled_.erase(id) > 0) return error(id, RpcError::request_cancelled, "cancelled");
    if (method == "initialize") return initialize(id);
    if (!initialized_)
      return error(id, RpcError::server_not_initialized, "the server is not initialized");
    if (shut_down_) return error(id, RpcError::invalid_request, "the server was shut down");
    if (method == "shutdown") {
      shut_down_ = true;
      return result(id, "null");
    }
    if (method.starts_with("textDocument/") && is_known(method)) return about_document(id, method);
    error(id, RpcError::method_not_found, "there is no method " + method);
  }

  static bool is_known(std::string_view method) {
    for (const std::string_view known : {"completion", "hover", "definition", "documentSymbol",
                                         "prepareRename", "rename", "formatting"})
      if (method.substr(method.find('/') + 1) == known) return true;
    return false;
  }

  void about_document(const std::string& id, std::string_view method) {
    const std::string name = uri();
    if (name.empty())
      return error(id, RpcError::invalid_params, "params.textDocument.uri is missing");
    const Document* const document = workspace_.find(name);
    if (document == nullptr) return result(id, "null");
    if (method == "textDocument/documentSymbol")
      return result(id, symbols(*document, nested_symbols_));
    if (method == "textDocument/formatting") return result(id, format(*document));
    Position at;
    if (!place(message_.at({"position"}), at))
      return error(id, RpcError::invalid_params, "params.position is missing");
    if (method == "textDocument/completion") return result(id, complete(workspace_, *document, at));
    if (method == "textDocument/hover")
      return result(id, hover(workspace_, *document, at, markdown_));
    if (method == "textDocument/definition")
      return result(id, definition(workspace_, *document, at));
    if (method == "textDocument/prepareRename")
      return result(id, prepare_rename(workspace_, *document, at));
    const Node new_name = message_.at({"newName"});
    if (new_name.kind() != JsonKind::text)
      return error(id, RpcError::invalid_params, "params.newName is missing");
    result(id, rename(workspace_, *document, at, message_.text(new_name)));
  }

  void initialize(const std::string& id) {
    if (initialized_)
      return error(id, RpcError::invalid_request, "the server is initialized already");
    initialized_ = true;
    const std::string locale = message_.text(message_.at({"locale"}));
    workspace_.language =
        language_of(std::string_view(locale).substr(0, locale.find_first_of("_.@-")))
            .value_or(workspace_.language);
    const bool utf8 = lists({"capabilities", "general", "positionEncodings"}, "utf-8");
    workspace_.encoding = utf8 ? PositionEncoding::utf8 : PositionEncoding::utf16;
    const auto is_yes = [this](std::initializer_list<std::string_view> way) {
      const Node node = message_.at(way);
      return node.kind() == JsonKind::boolean && node.token() == "true";
    };
    const Node formats = message_.at({"capabilities", "textDocument", "hover", "contentFormat"});
    markdown_ = !formats.exists() ||
                lists({"capabilities", "textDocument", "hover", "contentFormat"}, "markdown");
    nested_symbols_ = is_yes(
        {"capabilities", "textDocument", "documentSymbol", "hierarchicalDocumentSymbolSupport"});
    watches_ =
        is_yes({"capabilities", "workspace", "didChangeWatchedFiles", "dynamicRegistration"});
    JsonOut json;
    json.open('{').key("capabilities").open('{');
    json.key("positionEncoding").text(utf8 ? "utf-8" : "utf-16");
    json.key("textDocumentSync").open('{').key("openClose").yes_or_no(true);
    json.key("change").number(2).key("save").yes_or_no(true).close('}');  // 2: parts of the text
    json.key("completionProvider").open('{').key("triggerCharacters").open('[');
    for (const char* const letter : {" ", ":", ".", "{", ",", "[", "\""}) json.text(letter);
    json.close(']').close('}');
    json.key("hoverProvider").yes_or_no(true).key("definitionProvider").yes_or_no(true);
    json.key("documentSymbolProvider").yes_or_no(true);
    json.key("documentFormattingProvider").yes_or_no(true);
    json.key("renameProvider").open('{').key("prepareProvider").yes_or_no(true).close('}');
    json.close('}').key("serverInfo").open('{').key("name").text("trama");
    json.key("version").text(trama::version()).close('}').close('}');
    result(id, json.take());
  }

  /// Whether a list of texts has the text.
  bool lists(std::initializer_list<std::string_view> way, std::string_view text) {
    const Node list = message_.at(way);
    if (list.kind() != JsonKind::list) return false;
    for (NodeCursor item(list); item.next();)
      if (message_.text(item.value()) == text) return true;
    return false;
  }

  MessageReader reader_;
  const ServerOutput& output_;
  Workspace workspace_;
  Message message_;
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::set<std::string> cancelled_;
  bool ended_ = false;  // the input
  bool done_ = false;
  bool initialized_ = false;
  bool shut_down_ = false;
  bool markdown_ = true;
  bool nested_symbols_ = false;
  bool watches_ = false;
};

}  // namespace

int serve(int input, const ServerOutput& output, Language language) {
  return Server(input, output, language).run();
}

}  // namespace trama
