# Everything that a command in bin/ needs; `prepare_all` is what bin/setup does. Sourced.
# shellcheck shell=bash disable=SC1091

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$LIB/packages.sh"
. "$LIB/odoo_tree.sh"
. "$LIB/wkhtmltopdf.sh"
. "$LIB/python_env.sh"
. "$LIB/postgres.sh"
. "$LIB/database.sh"

# prepare_all [template]: set up the machine; without an argument the template is left out.
prepare_all() {
    prepare_cache
    exec 9>"$CACHE/setup.lock"
    if ! flock -w 3 9; then
        say "Another set-up is running on this cache; waiting for it"
        flock 9
    fi
    choose_python
    install_packages
    prepare_odoo
    prepare_wkhtmltopdf
    prepare_venv
    start_postgres
    odoo_config
    if [ "${1:-}" = template ]; then prepare_template; fi
    exec 9>&-
}
