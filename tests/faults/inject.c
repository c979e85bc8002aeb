/* A library to be preloaded, which lets one call of a run fail, or ends the process there.

   Calls are counted from 1 as the program makes them, in all threads together. The environment says what is to be done:

     TRAMA_FAULTS_LOG=FILE     lines "N NAME": every call, or only the one that was hit, where one is asked for
     TRAMA_FAULTS_AT=N         the call that is hit
     TRAMA_FAULTS_NAME=NAME    only calls of that name are counted
     TRAMA_FAULTS_DO=error:E   it does nothing, and errno is E
                    =late:E    it is done, and said to have failed with errno E
                    =sticky:E  as error, and so is every later call of that name
                    =short     it reads or writes one byte, or half of what it is asked to
                    =kill      the process is killed before it
                    =torn      of a write: half of it is done, then the process is killed
     TRAMA_FAULTS_CLASS=memory allocations are counted instead of calls of the system

   What the C library calls inside itself is not seen. */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum what { NOTHING, ERROR, LATE, STICKY, SHORT, KILL, TORN };

static atomic_long calls;
static long hit_at;
static enum what what;
static int hit_errno;
static int log_fd = -1;
static int counts_memory;
static const char* only_name;
static int begun;
static _Atomic(const char*) hit_name; /* of a sticky one */

static void say(long number, const char* name) {
  char line[64];
  size_t size = 0;
  char digits[24];
  int count = 0;
  if (log_fd < 0) return;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) line[size++] = digits[--count];
  line[size++] = ' ';
  while (*name != '\0' && size < sizeof line - 1) line[size++] = *name++;
  line[size++] = '\n';
  syscall(SYS_write, log_fd, line, size);
}

__attribute__((constructor)) static void begin(void) {
  const char* const log = getenv("TRAMA_FAULTS_LOG");
  const char* const at = getenv("TRAMA_FAULTS_AT");
  const char* const how = getenv("TRAMA_FAULTS_DO");
  const char* const of = getenv("TRAMA_FAULTS_CLASS");
  only_name = getenv("TRAMA_FAULTS_NAME");
  counts_memory = of != NULL && strcmp(of, "memory") == 0;
  if (log != NULL) {
    const long fd =
        syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    log_fd = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, fd);
  }
  if (at != NULL && how != NULL) {
    hit_at = atol(at);
    if (strncmp(how, "error:", 6) == 0) what = ERROR, hit_errno = atoi(how + 6);
    if (strncmp(how, "late:", 5) == 0) what = LATE, hit_errno = atoi(how + 5);
    if (strncmp(how, "sticky:", 7) == 0) what = STICKY, hit_errno = atoi(how + 7);
    if (strcmp(how, "short") == 0) what = SHORT;
    if (strcmp(how, "kill") == 0) what = KILL;
    if (strcmp(how, "torn") == 0) what = TORN;
  }
}

/* Only what the program itself does is counted, from its main() on. */
static int (*program)(int, char**, char**);

static int begin_program(int argc, char** argv, char** environment) {
  begun = 1;
  return program(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void),
                      void (*fini)(void), void (*at_exit)(void), void* stack) {
  int (*real)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void),
              void (*)(void), void*);
  *(void**)&real = dlsym(RTLD_NEXT, "__libc_start_main");
  program = main;
  return real(begin_program, argc, argv, init, fini, at_exit, stack);
}

static void die(void) {
  for (;;) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

/* What this call is to do. */
static enum what next(const char* name, int is_memory) {
  if (!begun || is_memory != counts_memory) return NOTHING;
  if (only_name != NULL && strcmp(name, only_name) != 0) return NOTHING;
  const long number = atomic_fetch_add(&calls, 1) + 1;
  if (hit_at == 0) {
    say(number, name);
    return NOTHING;
  }
  const char* const sticky = atomic_load(&hit_name);
  if (number != hit_at) return sticky != NULL && strcmp(sticky, name) == 0 ? ERROR : NOTHING;
  say(number, name);
  if (what == KILL) die();
  if (what != STICKY) return what;
  atomic_store(&hit_name, name);
  return ERROR;
}

#define REAL(type, name, parameters) \
  static type(*real) parameters;     \
  if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name)

/* A call that gives `bad` where it fails. */
#define WRAP(type, bad, name, parameters, arguments) \
  type name parameters {                             \
    REAL(type, name, parameters);                    \
    const enum what now = next(#name, 0);            \
    if (now == ERROR) {                              \
      errno = hit_errno;                             \
      return bad;                                    \
    }                                                \
    type result = real arguments;                    \
    if (now != LATE) return result;                  \
    errno = hit_errno;                               \
    return bad;                                      \
  }

/* One that moves `size` bytes. */
#define WRAP_BYTES(name, parameters, arguments, torn)              \
  ssize_t name parameters {                                        \
    REAL(ssize_t, name, parameters);                               \
    const enum what now = next(#name, 0);                          \
    if (now == ERROR || now == LATE) {                             \
      errno = hit_errno;                                           \
      return -1;                                                   \
    }                                                              \
    if (now == SHORT && size > 1) size = size > 64 ? size / 2 : 1; \
    if (now == TORN) {                                             \
      if (torn) {                                                  \
        size /= 2;                                                 \
        real arguments;                                            \
      }                                                            \
      die();                                                       \
    }                                                              \
    return real arguments;                                         \
  }

#define WRAP_OPEN(name, parameters, arguments)                        \
  int name parameters {                                               \
    static int(*real) parameters;                                     \
    if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, #name);       \
    mode_t mode = 0;                                                  \
    if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) { \
      va_list more;                                                   \
      va_start(more, flags);                                          \
      mode = va_arg(more, mode_t);                                    \
      va_end(more);                                                   \
    }                                                                 \
    if (next("open", 0) == ERROR) {                                   \
      errno = hit_errno;                                              \
      return -1;                                                      \
    }                                                                 \
    return real arguments;                                            \
  }

WRAP_OPEN(open, (const char* path, int flags, ...), (path, flags, mode))
WRAP_OPEN(open64, (const char* path, int flags, ...), (path, flags, mode))
WRAP_OPEN(openat, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
WRAP_OPEN(openat64, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
WRAP(FILE*, NULL, fopen, (const char* path, const char* mode), (path, mode))
WRAP(FILE*, NULL, fopen64, (const char* path, const char* mode), (path, mode))
WRAP(int, -1, mkostemp, (char* path, int flags), (path, flags))
WRAP(DIR*, NULL, opendir, (const char* path), (path))
WRAP(DIR*, NULL, fdopendir, (int fd), (fd))
WRAP(struct dirent*, NULL, readdir, (DIR * folder), (folder))

WRAP_BYTES(read, (int fd, void* data, size_t size), (fd, data, size), 0)
WRAP_BYTES(pread, (int fd, void* data, size_t size, off_t at), (fd, data, size, at), 0)
WRAP_BYTES(pread64, (int fd, void* data, size_t size, off64_t at), (fd, data, size, at), 0)
WRAP_BYTES(write, (int fd, const void* data, size_t size), (fd, data, size), 1)
WRAP_BYTES(pwrite, (int fd, const void* data, size_t size, off_t at), (fd, data, size, at), 1)
WRAP_BYTES(pwrite64, (int fd, const void* data, size_t size, off64_t at), (fd, data, size, at), 1)
WRAP_BYTES(getrandom, (void* data, size_t size, unsigned flags), (data, size, flags), 0)
WRAP(int, -1, getentropy, (void* data, size_t size), (data, size))

WRAP(int, -1, fsync, (int fd), (fd))
WRAP(int, -1, fdatasync, (int fd), (fd))
WRAP(int, -1, sync_file_range, (int fd, off64_t from, off64_t size, unsigned flags),
     (fd, from, size, flags))
WRAP(int, -1, rename, (const char* from, const char* to), (from, to))
WRAP(int, -1, link, (const char* from, const char* to), (from, to))
WRAP(int, -1, unlink, (const char* path), (path))
WRAP(ssize_t, -1, readlink, (const char* path, char* out, size_t size), (path, out, size))
WRAP(char*, NULL, realpath, (const char* path, char* out), (path, out))
WRAP(int, -1, access, (const char* path, int mode), (path, mode))
WRAP(int, -1, fstat, (int fd, struct stat* out), (fd, out))
WRAP(int, -1, stat, (const char* path, struct stat* out), (path, out))
WRAP(int, -1, lstat, (const char* path, struct stat* out), (path, out))
WRAP(int, -1, ftruncate, (int fd, off_t size), (fd, size))
WRAP(int, -1, ftruncate64, (int fd, off64_t size), (fd, size))
WRAP(int, -1, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, -1, flock, (int fd, int how), (fd, how))
WRAP(off_t, -1, lseek, (int fd, off_t at, int from), (fd, at, from))
WRAP(off64_t, -1, lseek64, (int fd, off64_t at, int from), (fd, at, from))
WRAP(int, -1, poll, (struct pollfd * of, nfds_t count, int wait), (of, count, wait))

/* It gives its error, and sets no errno. */
int posix_fadvise(int fd, off_t from, off_t size, int advice) {
  REAL(int, posix_fadvise, (int, off_t, off_t, int));
  return next("posix_fadvise", 0) == ERROR ? hit_errno : real(fd, from, size, advice);
}

/* The descriptor is gone whatever is said of it. */
int close(int fd) {
  const enum what now = next("close", 0);
  const long result = syscall(SYS_close, fd);
  if (now != ERROR && now != LATE) {
    errno = result == 0 ? errno : EBADF;
    return (int)result;
  }
  errno = hit_errno;
  return -1;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* how, void* (*run)(void*), void* with) {
  REAL(int, pthread_create, (pthread_t*, const pthread_attr_t*, void* (*)(void*), void*));
  return next("pthread_create", 0) == ERROR ? hit_errno : real(thread, how, run, with);
}

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);

static void* none(void) {
  errno = ENOMEM;
  return NULL;
}

void* malloc(size_t size) {
  return next("malloc", 1) == ERROR ? none() : __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  return next("calloc", 1) == ERROR ? none() : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  return next("realloc", 1) == ERROR ? none() : __libc_realloc(old, size);
}
