# System packages: find out what is missing and install it with apt. Sourced, never run.
# shellcheck shell=bash

PYTHON_OK='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

# choose_python: set PYTHON to a Python 3.11, 3.12 or 3.13.
choose_python() {
    local candidate
    for candidate in "${PYTHON:-}" "$(command -v python3 || true)" /usr/bin/python3; do
        if [ -n "$candidate" ] && "$candidate" -c "$PYTHON_OK" 2>/dev/null; then
            PYTHON=$candidate
            return
        fi
    done
    die "Python 3.11, 3.12 or 3.13 is needed; set PYTHON to one."
}

# pg_bindir: print the newest installed PostgreSQL's program folder, or nothing.
pg_bindir() {
    local dirs
    dirs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V || true)
    while read -r dir; do
        if [ -x "$dir/initdb" ]; then printf '%s\n' "$dir"; fi
    done <<<"$dirs" | tail -n 1
}

has_file() { compgen -G "$1" >/dev/null; }

# missing_packages: print the Debian packages that this machine still needs.
missing_packages() {
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    if [ -z "${PGHOST:-}" ]; then
        [ -n "$(pg_bindir)" ] || echo postgresql
    else
        command -v psql >/dev/null || echo postgresql-client
    fi
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || echo chromium
    has_file '/usr/lib/*/libmagic.so.1' || echo libmagic1
    has_file '/usr/share/zoneinfo/Europe/Berlin' || echo tzdata
    has_file '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' || echo fonts-dejavu-core
    has_file '/usr/share/fonts/truetype/liberation*' || echo fonts-liberation
}

install_packages() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    if [ -z "${missing% }" ] && has_wkhtmltopdf; then return 0; fi
    command -v apt-get >/dev/null ||
        die "please install these first (no apt-get here): $missing"
    say "Installing system packages"
    as_root apt-get -q update >"$LOG_DIR/apt.log" 2>&1 ||
        note "apt-get update had problems (see $LOG_DIR/apt.log); going on with the known lists"
    # Not in Debian 13; see wkhtmltopdf.sh.
    if ! has_wkhtmltopdf && apt-cache policy wkhtmltopdf | grep 'Candidate: [^(]' >/dev/null; then
        missing+=" wkhtmltopdf"
    fi
    [ -n "${missing% }" ] || return 0
    note "$missing"
    # shellcheck disable=SC2086  # a list of package names
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends $missing </dev/null >>"$LOG_DIR/apt.log" 2>&1 ||
        die "apt could not install $missing (see $LOG_DIR/apt.log)"
    missing=$(missing_packages | tr '\n' ' ')
    [ -z "${missing% }" ] || die "still missing after the installation: $missing"
}
