# Odoo databases: the template that everything is cloned from, clones, configuration file.
# Sourced, never run.
# shellcheck shell=bash

# Modules of the template; what the manifest depends on beyond them is added.
TEMPLATE_MODULES="account account_payment analytic auth_signup base base_iban base_setup base_vat
    bus digest http_routing l10n_de mail payment phone_validation portal product rating sale
    sale_management uom utm web web_tour website website_mail website_payment website_sale"

# odoo_config: write the configuration file and the addons folder of this checkout.
odoo_config() {
    local addons=$CHECKOUT_DIR/addons launcher=$CHECKOUT_DIR/launcher
    mkdir -p "$addons" "$launcher"
    [ "$(readlink "$addons/$MODULE" || true)" = "$REPO" ] || ln -sfn "$REPO" "$addons/$MODULE"
    export ODOO_RC=$CHECKOUT_DIR/odoo.conf
    cat >"$ODOO_RC.$$" <<CONF
[options]
addons_path = $ODOO_ADDONS,$addons
data_dir = $DATA_DIR
db_host = $PGHOST
db_port = $PGPORT
db_user = $PGUSER
db_maxconn = 32
http_interface = 127.0.0.1
list_db = False
admin_passwd = $(hash_of "$CACHE" "$(id -un)" /etc/machine-id)
CONF
    mv "$ODOO_RC.$$" "$ODOO_RC"
    printf 'import odoo.cli\n\nif __name__ == "__main__":\n    odoo.cli.main()\n' >"$launcher/odoo.$$"
    mv "$launcher/odoo.$$" "$launcher/odoo-bin"
}

# odoo ARGS...: Odoo's command line with this checkout's configuration.
odoo() {
    PYTHONPATH=$ODOO_PYTHONPATH "$VENV/bin/python" "$CHECKOUT_DIR/launcher/odoo-bin" "$@"
}

# quiet_root: Odoo prints this line on every start as root; it says nothing new here.
quiet_root() { grep -v "Running as user 'root' is a security risk" || true; }

# template_modules: print the comma list of the template's modules, in a fixed order.
template_modules() {
    "$VENV/bin/python" - "$REPO/__manifest__.py" "$TEMPLATE_MODULES" <<'PY'
import ast
import pathlib
import sys

manifest, modules = pathlib.Path(sys.argv[1]), set(sys.argv[2].split())
if manifest.is_file():
    modules.update(ast.literal_eval(manifest.read_text(encoding="utf-8")).get("depends", ()))
print(",".join(sorted(modules)))
PY
}

# find_template: set TEMPLATE to a name that changes with everything the content depends on.
find_template() {
    TEMPLATE_ALL=$(template_modules)
    TEMPLATE=${MODULE}_template_$(hash_of "$TEMPLATE_ALL" "$VENV_PYTHON" \
        "$REPO/requirements.txt" "$REPO/requirements-odoo.txt" \
        "$ODOO_PYTHONPATH" "$ODOO_PYTHONPATH/odoo/release.py" "$LIB"/template_*.py)
}

drop_database() {
    sql postgres "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)" 2>/dev/null
    rm -rf "$DATA_DIR/filestore/$1"
}

# clone_database SOURCE TARGET: copy a database and its filestore. Files there are named by
# their content and never changed in place, so that hard links are enough.
clone_database() {
    local files=$DATA_DIR/filestore
    sql postgres "CREATE DATABASE \"$2\" TEMPLATE \"$1\""
    rm -rf "${files:?}/$2"
    if [ -d "$files/$1" ]; then
        cp -al "$files/$1" "$files/$2" 2>/dev/null || cp -a "$files/$1" "$files/$2"
    fi
}

# clone_for_tests TARGET [SOURCE]: a clone of the template (or of SOURCE) which does not wait for
# the disk.
clone_for_tests() {
    drop_database "$1"
    clone_database "${2:-$TEMPLATE}" "$1"
    sql postgres "ALTER DATABASE \"$1\" SET synchronous_commit = off"
}

# template_step LOG ARGS...: one run of Odoo on the unfinished template.
template_step() {
    local log=$LOG_DIR/template-$1.log
    shift
    if ! odoo "$@" >"$log" 2>&1; then
        tail -n 25 "$log" >&2
        die "preparing the database failed; the whole log is in $log"
    fi
}

build_template() {
    local new=${TEMPLATE}_new
    say "Building the template database (once, 3 to 5 minutes)"
    drop_database "$new"
    sql postgres "CREATE DATABASE \"$new\" TEMPLATE template0 ENCODING 'UTF8'"
    sql postgres "ALTER DATABASE \"$new\" SET synchronous_commit = off"
    note "1/4 base"
    template_step base -d "$new" -i base --stop-after-init --no-http
    note "2/4 German company, languages en, de, nl, fr"
    template_step company shell -d "$new" --no-http <"$LIB/template_company.py"
    note "3/4 shop, sales, accounting, payment"
    template_step modules -d "$new" -i "$TEMPLATE_ALL" --stop-after-init --no-http
    note "4/4 website languages, asset bundles"
    template_step finish shell -d "$new" --no-http <"$LIB/template_finish.py"
    rm -rf "$DATA_DIR/filestore/$TEMPLATE"
    mv "$DATA_DIR/filestore/$new" "$DATA_DIR/filestore/$TEMPLATE"
    sql postgres "ALTER DATABASE \"$new\" RENAME TO \"$TEMPLATE\""
    sql postgres "ALTER DATABASE \"$TEMPLATE\" ALLOW_CONNECTIONS false"
}

prepare_template() {
    find_template
    database_exists "$TEMPLATE" || build_template
}
