# Sourced by demo and test: runs a stage of the work, quiet unless it fails, and tells how long it took.

# The folder above this one, which is where every script works.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

# Two compilations at once fit in 4 GB of memory; more only where there are more processors.
jobs="$(nproc 2>/dev/null || echo 2)"

# how_far NAME LOG: each second, on a terminal, how far a stage is: by the counts of ninja and ctest in its log, and its seconds.
how_far() {
  local began=$SECONDS main=$$ count
  while sleep 1 && kill -0 "$main" 2>/dev/null; do
    count="$(tail -c 2000 "$2" | grep -oE '^\[[0-9]+/[0-9]+\]|^ *[0-9]+/[0-9]+ Test' | tail -n 1 | grep -oE '[0-9]+/[0-9]+' || true)"
    printf '\r%-46s%s' "$1 ..." "${count:+$count, }$((SECONDS - began)) s"
  done
}

# stage NAME COMMAND...: one line "NAME ... 12 s"; the whole output only when COMMAND fails. Within a function that is a stage
# an error does not end it (bash has no set -e there): a stage is one command.
stage() {
  local name="$1" began=$SECONDS log status=0 watch=''
  shift
  log="$(mktemp "${TMPDIR:-/tmp}/trama-stage.XXXXXX")"
  printf '%-46s' "$name ..."
  if [ -n "${CI:-}" ]; then  # nobody watches a log grow: show everything as it comes
    echo
    "$@" 2>&1 | tee "$log" || status=$?
  else
    if [ -t 1 ]; then
      how_far "$name" "$log" &
      watch=$!
    fi
    "$@" >"$log" 2>&1 || status=$?
    if [ -n "$watch" ]; then
      kill "$watch"
      wait "$watch" 2>/dev/null || true
      printf '\r\e[K%-46s' "$name ..."
    fi
  fi
  if [ "$status" -ne 0 ]; then
    echo "FAILED"
    [ -n "${CI:-}" ] || cat "$log"
    rm -f "$log"
    echo "stage '$name' failed with exit status $status: $*" >&2
    exit "$status"
  fi
  rm -f "$log"
  if [ -n "${CI:-}" ]; then printf '%-46s' "$name done"; fi
  echo "$((SECONDS - began)) s"
}

# configure PRESET, build PRESET [TARGET...]
configure() {
  cmake --preset "$1"
}
build() {
  local preset="$1"
  shift
  cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"}
}
