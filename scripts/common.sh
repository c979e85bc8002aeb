# Sourced by demo and test: runs a stage of the work, quiet unless it fails, and tells how long it took.

# The folder above this one, which is where every script works.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

# Two compilations at once fit in 4 GB of memory; more only where there are more processors.
jobs="$(nproc 2>/dev/null || echo 2)"

# stage NAME COMMAND...: one line "NAME ... 12 s"; the whole output only when COMMAND fails.
stage() {
  local name="$1" began=$SECONDS log status=0
  shift
  log="$(mktemp "${TMPDIR:-/tmp}/trama-stage.XXXXXX")"
  printf '%-46s' "$name ..."
  if [ -n "${CI:-}" ]; then  # nobody watches a log grow: show everything as it comes
    echo
    "$@" 2>&1 | tee "$log" || status=$?
  else
    "$@" >"$log" 2>&1 || status=$?
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
