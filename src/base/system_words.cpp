#include "base/system_words.h"

#include <cerrno>
#include <system_error>

#include "base/phrase_codes.h"

namespace trama {

Phrase system_words(int error) {
  switch (error) {
    case EPERM:
      return PhraseCode::system_not_permitted;
    case ENOENT:
      return PhraseCode::system_no_such_file;
    case EINTR:
      return PhraseCode::system_interrupted;
    case EIO:
      return PhraseCode::system_input_output;
    case ENXIO:
      return PhraseCode::system_no_address;
    case EBADF:
      return PhraseCode::system_closed;
    case ENOMEM:
      return PhraseCode::system_no_memory;
    case EACCES:
      return PhraseCode::system_denied;
    case EBUSY:
      return PhraseCode::system_busy;
    case EEXIST:
      return PhraseCode::system_exists;
    case EXDEV:
      return PhraseCode::system_cross_device;
    case ENODEV:
      return PhraseCode::system_no_device;
    case ENOTDIR:
      return PhraseCode::system_not_directory;
    case EISDIR:
      return PhraseCode::system_is_directory;
    case EINVAL:
      return PhraseCode::system_invalid;
    case ENFILE:
      return PhraseCode::system_files_in_system;
    case EMFILE:
      return PhraseCode::system_open_files;
    case ETXTBSY:
      return PhraseCode::system_text_busy;
    case EFBIG:
      return PhraseCode::system_too_large;
    case ENOSPC:
      return PhraseCode::system_no_space;
    case EROFS:
      return PhraseCode::system_read_only;
    case EMLINK:
      return PhraseCode::system_many_links;
    case ENOLCK:
      return PhraseCode::system_no_locks;
    case EPIPE:
      return PhraseCode::system_broken_pipe;
    case ENAMETOOLONG:
      return PhraseCode::system_name_too_long;
    case ENOTEMPTY:
      return PhraseCode::system_not_empty;
    case ELOOP:
      return PhraseCode::system_link_levels;
    case EOPNOTSUPP:
      return PhraseCode::system_not_supported;
    case ETIMEDOUT:
      return PhraseCode::system_timed_out;
    case ESTALE:
      return PhraseCode::system_stale;
    case EDQUOT:
      return PhraseCode::system_quota;
    default:
      return std::generic_category().message(error);
  }
}

}  // namespace trama
