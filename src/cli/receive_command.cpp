// `trama receive`

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/load.h"
#include "receive/receive.h"
#include "receive/receiver_file.h"
#include "report/diagnostics_text.h"
#include "report/json_out.h"
#include "report/shown_text.h"
#include "run/run.h"
#include "service/service_file.h"
#include "text/catalogue.h"
#include "value/civil.h"

namespace trama {
namespace {

class ReceiveCommand final : public Subcommand {
 public:
  ReceiveCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("RECEIVER", receiver_, help(PhraseCode::cli_receive_receiver))
        ->required()
        ->type_name("");
    app.add_option("--spool", options_.spool, help(PhraseCode::cli_receive_spool))
        ->required()
        ->type_name("DIR");
    app.add_option("--listen", listen_, help(PhraseCode::cli_receive_listen))
        ->type_name("ADDRESS:PORT");
    app.add_option("--cert", options_.certificate_file, help(PhraseCode::cli_receive_certificate))
        ->type_name("FILE");
    app.add_option("--key", options_.key_file, help(PhraseCode::cli_receive_key))
        ->type_name("FILE");
    app.add_flag("--plain", plain_, help(PhraseCode::cli_receive_plain));
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_json))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
  }

  Phrase check() override {
    if (options_.certificate_file.empty() != options_.key_file.empty())
      return PhraseCode::cli_receive_both;
    const std::optional<ListenAddress> address = read_listen_address(listen_);
    if (!address) return {PhraseCode::cli_receive_address, {listen_}};
    if (options_.certificate_file.empty() && !plain_ && is_open_to_all(*address))
      return {PhraseCode::cli_receive_public, {listen_}};
    options_.listen = *address;
    while (options_.spool.size() > 1 && options_.spool.ends_with('/')) options_.spool.pop_back();
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    const StopFlag& stop = watch_signals();
    options_.stop = &stop;
    options_.languages = languages();
    options_.note = [this](const Phrase& phrase) { show_line(languages().screen, phrase); };
    const ReceiverFile file = read_receiver_file(receiver_);
    show(Screen::err, render_text(file.diagnostics, file.files, languages().screen));
    if (!file.receiver) return static_cast<int>(Exit::mapping);
    Result<ReceiveReport> report = take_in(*file.receiver);
    if (!report.ok()) return exit_of(report.failure(), languages().screen);
    show(Screen::out,
         format_ == "json" ? json_of(*file.receiver, report.value()) : text_of(report.value()));
    return 0;
  }

 private:
  Result<ReceiveReport> take_in(const Receiver& receiver) {
    TRAMA_TRY_VOID(read_keys(receiver));
    for (const auto& [name, content] :
         {std::pair(&options_.certificate_file, &options_.certificate),
          std::pair(&options_.key_file, &options_.key)}) {
      if (name->empty()) continue;
      Phrase why_not;
      if (!disk_reader()->read(*name, *content, why_not))
        return Failure{FailureCode::file_unreadable, {*name, std::move(why_not)}};
    }
    return receive(receiver, std::move(options_));
  }

  /// Of the secrets that count today.
  Result<void> read_keys(const Receiver& receiver) {
    constexpr std::int64_t kDay = 86'400'000;
    const std::int64_t today = milliseconds_now() / kDay;
    std::optional<std::int64_t> last;
    bool any = false;
    for (const ReceiverSecret& secret : receiver.secrets) {
      std::optional<HmacKey>& key = options_.keys.emplace_back();
      if (!secret.counts_on(today)) {
        last = std::max(last.value_or(*secret.not_after), *secret.not_after);
        continue;
      }
      any = true;
      const std::string_view value = variable_value(secret.variable);
      if (value.empty())
        return Failure{FailureCode::receiver_secret,
                       {secret.variable, PhraseCode::receiver_secret_unset}};
      key = receiver.scheme.key_of(value);
      if (!key)
        return Failure{
            FailureCode::receiver_secret,
            {secret.variable, Phrase(PhraseCode::receiver_secret_form, {receiver.scheme.name()})}};
    }
    if (!any)
      return Failure{FailureCode::receiver_secrets_over,
                     {receiver.name, utc(last.value_or(0) * kDay).substr(0, 10)}};
    return {};
  }

  [[nodiscard]] std::string text_of(const ReceiveReport& report) const {
    std::string out = say(languages().screen, {PhraseCode::cli_receive_counts,
                                               {grouped(report.accepted), grouped(report.repeated),
                                                grouped(report.refused), grouped(report.files)}}) +
                      '\n';
    for (const auto& [reason, count] : report.reasons)
      out += say(languages().screen, {PhraseCode::cli_receive_reason, {reason, grouped(count)}}) +
             '\n';
    return out;
  }

  static std::string json_of(const Receiver& receiver, const ReceiveReport& report) {
    JsonOut json;
    json.open('{').key("receiver").text(receiver.name);
    json.key("accepted").number(report.accepted).key("repeated").number(report.repeated);
    json.key("refused").open('{');
    for (const auto& [reason, count] : report.reasons) json.key(reason).number(count);
    json.close('}').key("files").number(report.files).key("bytes").number(report.bytes);
    return json_shown(json.close('}').take() + '\n');
  }

  std::string receiver_;
  ReceiveOptions options_;
  std::string listen_ = "127.0.0.1:8443";
  bool plain_ = false;
  std::string format_ = "text";
};

}  // namespace

constinit const SubcommandSpec kReceiveCommand{
    .name = "receive",
    .summary = PhraseCode::cli_receive_summary,
    .footer = PhraseCode::cli_receive_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ReceiveCommand>(app, languages);
    },
};

}  // namespace trama
