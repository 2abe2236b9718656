# A private PostgreSQL cluster on a unix socket, as an unprivileged user. Sourced, never run.
# shellcheck shell=bash
#
# One durable cluster serves the demo (bin/run) and the tests. Test databases give up
# waiting for the disk at commit (synchronous_commit=off, set per database when they are
# cloned); that costs at most the last commits after a crash, and never the demo's data.

PG_USER=odoo

# pg_do COMMAND...: run as the owner of the cluster (PostgreSQL refuses to run as root).
pg_do() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

find_cluster() {
    PG_BIN=$(pg_bindir)
    PG_DATA=$CACHE/pg/$(basename "$(dirname "$PG_BIN")")
    PG_SOCKET=$CACHE/pg/socket
    # The path of a unix socket has at most 107 characters.
    if [ ${#PG_SOCKET} -gt 85 ]; then
        PG_SOCKET=${TMPDIR:-/tmp}/support_debit-$(id -u)-$(hash_of "$CACHE")
    fi
}

cluster_settings() {
    cat <<CONF
# Written by bin/setup.
listen_addresses = ''
port = 5432
unix_socket_directories = '$PG_SOCKET'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
max_wal_size = 4GB
checkpoint_timeout = 30min
wal_level = minimal
max_wal_senders = 0
jit = off
log_min_messages = warning
CONF
}

# private_dir DIR: a folder that only the owner of the cluster (and root) can enter.
private_dir() {
    mkdir -p "$1"
    if [ "$(id -u)" = 0 ]; then chown postgres: "$1"; fi
    chmod 700 "$1"
    pg_do test -w "$1" ||
        die "the user that runs PostgreSQL cannot enter $1; set SUPPORT_DEBIT_CACHE to a folder whose parents everybody may enter."
}

make_cluster() {
    say "Creating a private PostgreSQL cluster"
    rm -rf "$PG_DATA.part"
    private_dir "$PG_DATA.part"
    run_logged initdb pg_do "$PG_BIN/initdb" -D "$PG_DATA.part" --username="$PG_USER" \
        --auth=trust --encoding=UTF8 --locale=C.UTF-8
    cluster_settings | pg_do tee "$PG_DATA.part/support_debit.conf" >/dev/null
    pg_do sh -c "echo \"include 'support_debit.conf'\" >>'$PG_DATA.part/postgresql.conf'"
    mv "$PG_DATA.part" "$PG_DATA"
}

# start_postgres: make sure that a server answers; export PGHOST, PGPORT, PGUSER.
start_postgres() {
    if [ -n "${PGHOST:-}" ] && [ -z "${SUPPORT_DEBIT_OWN_PG:-}" ]; then
        export PGPORT=${PGPORT:-5432} PGUSER=${PGUSER:-$(id -un)}
        psql -qAt -d postgres -c 'SELECT 1' >/dev/null ||
            die "no PostgreSQL server answers at PGHOST=$PGHOST, PGPORT=$PGPORT for user $PGUSER."
        return
    fi
    find_cluster
    mkdir -p "$CACHE/pg"
    # Whatever root's umask is, the server's user has to get to its data.
    if [ "$(id -u)" = 0 ]; then chmod a+x "$CACHE" "$CACHE/pg"; fi
    [ -d "$PG_DATA" ] || make_cluster
    private_dir "$PG_SOCKET"
    if ! "$PG_BIN/pg_isready" -q -h "$PG_SOCKET" -p 5432; then
        say "Starting PostgreSQL"
        # Descriptor 9 is the lock of bin/setup; the server must not inherit it.
        run_logged pg_start pg_do "$PG_BIN/pg_ctl" -D "$PG_DATA" -l "$PG_DATA/server.log" \
            -w -t 120 start 9>&-
    fi
    export PGHOST=$PG_SOCKET PGPORT=5432 PGUSER=$PG_USER SUPPORT_DEBIT_OWN_PG=1
    export PATH=$PG_BIN:$PATH
}

stop_postgres() {
    find_cluster
    [ -d "$PG_DATA" ] || return 0
    pg_do "$PG_BIN/pg_ctl" -D "$PG_DATA" -m fast stop
}

sql() { psql -qAt -v ON_ERROR_STOP=1 -d "$1" -c "$2"; }

database_exists() { [ "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }
