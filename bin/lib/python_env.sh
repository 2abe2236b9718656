# The virtual environment with pinned requirements. Sourced, never run.
# shellcheck shell=bash

# find_venv: set VENV to the folder for these requirements and this Python (VENV_PYTHON).
find_venv() {
    VENV_PYTHON=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2], sys.prefix)')
    VENV=$CACHE/venv-$(hash_of "$VENV_PYTHON" "$REPO"/requirements*.txt)
}

# prepare_venv: make the environment in its final place (scripts in it hold its path) and
# stamp it when complete; an unfinished one is completed by the next call.
prepare_venv() {
    find_venv
    if [ ! -f "$VENV/.complete" ]; then
        say "Installing Python packages into a virtual environment (about a minute)"
        run_logged venv "$PYTHON" -m venv "$VENV"
        run_logged pip "$VENV/bin/python" -m pip install --disable-pip-version-check \
            -r "$REPO/requirements-dev.txt"
        # Their own pins contradict Odoo's; the parts that the tests call work without.
        run_logged pip-crosscheck "$VENV/bin/python" -m pip install --disable-pip-version-check \
            --no-deps -r "$REPO/requirements-crosscheck.txt"
        touch "$VENV/.complete"
    fi
    ln -sfn "$VENV" "$CACHE/venv"
}
