# Shared by every command in bin/: paths, messages, small helpers. Sourced, never run.
# shellcheck shell=bash
#
# Environment a person may set:
#   SUPPORT_DEBIT_CACHE  cache folder (default: /var/cache/support_debit for root,
#                        else ${XDG_CACHE_HOME:-~/.cache}/support_debit)
#   ODOO_PATH            an existing Odoo 19 tree, used instead of a download
#   PGHOST, PGPORT       an existing PostgreSQL server, used instead of a private cluster
#   PYTHON               the Python to use (default: python3 on PATH if 3.11 to 3.13)

set -euo pipefail

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
LIB=$REPO/bin/lib
MODULE=support_debit

if [ -n "${SUPPORT_DEBIT_CACHE:-}" ]; then
    CACHE=$SUPPORT_DEBIT_CACHE
elif [ "$(id -u)" = 0 ]; then
    CACHE=/var/cache/support_debit
else
    CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/support_debit
fi

# Several checkouts may share one cache: what belongs to this checkout is keyed by its path.
CHECKOUT_KEY=$(printf '%s' "$REPO" | sha256sum | cut -c1-10)
CHECKOUT_DIR=$CACHE/run/$CHECKOUT_KEY
DATA_DIR=$CACHE/data
LOG_DIR=$CACHE/log

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# as_root COMMAND...: run with administrator rights, through sudo when necessary.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs administrator rights, and sudo is not installed. Run as root: $*"
    fi
}

# hash_of WORD-OR-FILE...: ten hex digits over the words and over the content of the files.
hash_of() {
    local item
    for item in "$@"; do
        if [ -f "$item" ]; then cat "$item"; else printf '%s\n' "$item"; fi
    done | sha256sum | cut -c1-10
}

# run_logged NAME COMMAND...: run quietly into a log; on failure show its end and stop.
run_logged() {
    local log=$LOG_DIR/$1.log
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 25 "$log" >&2
        die "'$(basename "$1")' failed; the whole log is in $log"
    fi
}

# free_port PORT...: true when nothing listens on 127.0.0.1 at any of these ports.
free_port() {
    python3 - "$@" <<'PY'
import socket
import sys

for port in map(int, sys.argv[1:]):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(1)
PY
}

# any_port [START]: print the first free port from START on.
any_port() {
    local port=${1:-8170}
    until free_port "$port"; do port=$((port + 1)); done
    printf '%s\n' "$port"
}

prepare_cache() {
    mkdir -p "$CACHE" "$LOG_DIR" "$DATA_DIR" "$CHECKOUT_DIR" 2>/dev/null ||
        die "cannot write to the cache folder $CACHE; set SUPPORT_DEBIT_CACHE to another one."
}
