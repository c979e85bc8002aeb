// SplitProfiles: the profile of what a run reads, for `--drift`.
// Each worker profiles the splits that it maps; they are put together in input order,
// so that the profile is the same for any number of threads.

#pragma once

#include <cstddef>

#include "profile/record_profiler.h"
#include "run/drift_watch.h"
#include "source/source.h"

namespace trama {

class SplitProfiles {
 public:
  /// `json_in_text`: places of texts that hold JSON, as WantedFields has them.
  SplitProfiles(const DriftWatch& watch, const std::vector<KeyPath>& json_in_text,
                std::size_t max_record_bytes)
      : watch_(watch), json_in_text_(json_in_text), max_record_bytes_(max_record_bytes) {}

  /// For one worker.
  class Maker {
   public:
    explicit Maker(const SplitProfiles& of) : profiler_(of.max_record_bytes_, of.json_in_text_) {
      profiler_.look_at(of.watch_.reads);
    }
    Profile make(const Split& split) {
      Profile profile;
      for (std::size_t i = 0; i < split.frames.size(); ++i)
        if (split.frames[i].kind != FrameKind::left_out) profiler_.add(split, i, profile);
      return profile;
    }

   private:
    RecordProfiler profiler_;
  };

  /// Those of all splits, in input order, by one thread at a time.
  void merge(Profile& later) { all_.merge(later, forms_); }
  Profile& finish() {
    all_.finish(forms_);
    return all_;
  }

 private:
  const DriftWatch& watch_;
  const std::vector<KeyPath>& json_in_text_;
  std::size_t max_record_bytes_;
  Profile all_;
  ValueForms forms_;
};

}  // namespace trama
