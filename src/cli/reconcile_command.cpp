// `trama reconcile`

#include <memory>
#include <string>
#include <vector>

#include "base/exit.h"
#include "base/phrase_codes.h"
#include "base/terminal_text.h"
#include "cli/long_work.h"
#include "cli/option_words.h"
#include "cli/subcommand.h"
#include "engine/reconcile.h"
#include "sink/output_file.h"

namespace trama {
namespace {

class ReconcileCommand final : public Subcommand {
 public:
  ReconcileCommand(OptionParser& app, Languages languages) : Subcommand(languages) {
    const Help help(languages);
    app.add_option("LEFT", options_.left, help(PhraseCode::cli_reconcile_left))
        ->required()
        ->type_name("");
    app.add_option("RIGHT", options_.right, help(PhraseCode::cli_reconcile_right))
        ->required()
        ->type_name("");
    app.add_option("--key", options_.key, help(PhraseCode::cli_reconcile_key))
        ->required()
        ->delimiter(',')
        ->type_name("FIELD");
    app.add_option("--fields", options_.fields, help(PhraseCode::cli_reconcile_fields))
        ->delimiter(',')
        ->type_name("FIELD");
    app.add_option("--tolerance", tolerances_, help(PhraseCode::cli_reconcile_tolerance))
        ->delimiter(',')
        ->type_name("FIELD=N");
    app.add_option("--grace", grace_, help(PhraseCode::cli_reconcile_grace))->type_name("TIME");
    app.add_option("--by", options_.by, help(PhraseCode::cli_reconcile_by))->type_name("FIELD");
    app.add_option("--at", at_, help(PhraseCode::cli_reconcile_at))->type_name("TIME");
    app.add_option("--records", options_.records, help(PhraseCode::cli_profile_records))
        ->type_name("");
    app.add_option("-o,--output", output_, help(PhraseCode::cli_reconcile_output))
        ->type_name("FILE");
    app.add_option("--heal", heal_, help(PhraseCode::cli_reconcile_heal))->type_name("FILE");
    app.add_option("--format", format_, help(PhraseCode::cli_format_text_json))
        ->check(one_of({"text", "json"}, help))
        ->type_name("");
    add_memory(app, memory_, help);
  }

  Phrase check() override {
    if (Phrase problem = check_standard_input({options_.left, options_.right}, false);
        !problem.empty())
      return problem;
    if (Phrase problem = read_at(at_, options_.now); !problem.empty()) return problem;
    if (Phrase problem = read_memory(memory_, options_.memory); !problem.empty()) return problem;
    if (grace_.empty() != options_.by.empty()) return PhraseCode::cli_reconcile_grace_by;
    if (!grace_.empty() && !read_span(grace_, options_.grace))
      return {PhraseCode::cli_bad_span, {"--grace", grace_}};
    for (const std::string& one : tolerances_) {
      const std::size_t mark = one.rfind('=');
      Decimal most;
      const bool right =
          mark != std::string::npos && mark > 0 &&
          read_decimal(std::string_view(one).substr(mark + 1), most) == Reason::none &&
          compare(most, {}) >= 0;
      if (!right) return {PhraseCode::cli_reconcile_bad_tolerance, {one}};
      options_.tolerances[one.substr(0, mark)] = most;
    }
    options_.heal = !heal_.empty();
    return {};
  }

  int run(const std::string& /*command_line*/) override {
    const StopFlag& stop = watch_signals();
    options_.stop = &stop;
    Result<bool> differs = compare_sides();
    if (!differs.ok()) return exit_of(differs.failure(), stop, languages().screen);
    return static_cast<int>(differs.value() ? Exit::rejected : Exit::ok);
  }

 private:
  Result<bool> compare_sides() {
    const std::vector<std::string> read = {options_.left, options_.right};
    for (const std::string& file : {output_, heal_}) TRAMA_TRY_VOID(refuse_clash(file, read));
    if (!heal_.empty()) TRAMA_TRY_VOID(refuse_clash(heal_, {output_}));
    std::unique_ptr<OutputFile> lines;
    std::unique_ptr<OutputFile> records;
    if (!output_.empty()) {
      TRAMA_TRY(lines, OutputFile::open(output_, *options_.stop));
    }
    if (!heal_.empty()) {
      TRAMA_TRY(records, OutputFile::open(heal_, *options_.stop));
    }
    TRAMA_TRY(const ReconcileReport report,
              reconcile(
                  options_,
                  [&](const Difference& difference) -> Result<void> {
                    return lines ? lines->write(difference_line(difference)) : Result<void>();
                  },
                  [&](std::string_view record) -> Result<void> {
                    TRAMA_TRY_VOID(records->write(record));
                    return records->write("\n");
                  }));
    for (OutputFile* file : {lines.get(), records.get()})
      if (file != nullptr) TRAMA_TRY_VOID(file->publish());
    // The lines may be on standard output; then the report is beside them.
    const Screen screen = output_ == "-" ? Screen::err : Screen::out;
    show(screen,
         format_ == "json" ? reconcile_json(report) : reconcile_text(report, languages().screen));
    return report.differs();
  }

  ReconcileOptions options_;
  std::vector<std::string> tolerances_;
  std::string grace_;
  std::string at_;
  std::string output_;
  std::string heal_;
  std::string format_ = "text";
  std::string memory_;
};

}  // namespace

constinit const SubcommandSpec kReconcileCommand{
    .name = "reconcile",
    .summary = PhraseCode::cli_reconcile_summary,
    .footer = PhraseCode::cli_reconcile_footer,
    .make = [](OptionParser& app, Languages languages) -> std::unique_ptr<Subcommand> {
      return std::make_unique<ReconcileCommand>(app, languages);
    },
};

}  // namespace trama
