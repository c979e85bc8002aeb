// The process itself: what holds before, beside and after any command.

#pragma once

#include "text/language.h"

namespace trama {

/// To be called first. Opens what of standard input, output and error was closed, so that no file
/// of ours takes its place, in a way that it still cannot be read or written; lets writes over a
/// limit of the size of files fail instead of ending the program; and lets what nobody catches end
/// it with one line.
void prepare_process() noexcept;

/// The language of that line.
void prepare_last_words(Language language);

/// Says that there is no memory left, without any. Gives the exit code.
int tell_no_memory() noexcept;

}  // namespace trama
