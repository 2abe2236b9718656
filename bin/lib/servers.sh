# Long-running processes of bin/run and bin/bench: start, wait for, end. Sourced, never run.
# shellcheck shell=bash

SERVER_PIDS=()
SERVER_NAMES=()

# start_server NAME COMMAND...: run in the background in a session of its own, so that Ctrl-C
# reaches only this script, which then ends everything in order.
start_server() {
    local name=$1 log=$LOG_DIR/$1-$CHECKOUT_KEY.log
    shift
    setsid "$@" >"$log" 2>&1 </dev/null 8>&- &
    SERVER_PIDS+=($!)
    SERVER_NAMES+=("$name")
}

# stop_servers: end all of them with their children, by force after 15 seconds.
stop_servers() {
    local pid tries
    for pid in "${SERVER_PIDS[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${SERVER_PIDS[@]}"; do
        for ((tries = 0; tries < 75; tries++)); do
            kill -0 -- "-$pid" 2>/dev/null || break
            sleep 0.2
        done
        kill -KILL -- "-$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    SERVER_PIDS=()
    SERVER_NAMES=()
}

# check_servers: stop with its log when one of them has ended.
check_servers() {
    local i
    for i in "${!SERVER_PIDS[@]}"; do
        if ! kill -0 "${SERVER_PIDS[i]}" 2>/dev/null; then
            tail -n 15 "$LOG_DIR/${SERVER_NAMES[i]}-$CHECKOUT_KEY.log" >&2
            die "${SERVER_NAMES[i]} has ended; the whole log is in $LOG_DIR/${SERVER_NAMES[i]}-$CHECKOUT_KEY.log"
        fi
    done
}

# wait_for_url URL SECONDS: until it answers with success.
wait_for_url() {
    local tries
    for ((tries = 0; tries < $2 * 2; tries++)); do
        check_servers
        if "$VENV/bin/python" -c 'import sys, urllib.request as r; r.urlopen(sys.argv[1], timeout=60)' "$1" 2>/dev/null; then
            return
        fi
        sleep 0.5
    done
    die "$1 did not answer within $2 seconds."
}

# start_odoo DATABASE HTTP_PORT GEVENT_PORT ARGS...: Odoo with two workers and one for jobs.
start_odoo() {
    local database=$1 http=$2 gevent=$3
    shift 3
    start_server odoo env PYTHONPATH="$ODOO_PYTHONPATH" \
        "$VENV/bin/python" "$CHECKOUT_DIR/launcher/odoo-bin" \
        -d "$database" --db-filter "^$database\$" --workers 2 --max-cron-threads 1 \
        --http-port "$http" --gevent-port "$gevent" \
        --limit-time-cpu 600 --limit-time-real 1200 "$@"
}
