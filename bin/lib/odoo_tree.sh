# The Odoo 19 source tree: Debian's unstable package, unpacked but not installed.
# Sourced, never run.
# shellcheck shell=bash

ODOO_PACKAGES="odoo-19 fonts-glyphicons-halflings fonts-montserrat fonts-ocr-b
    fonts-roboto-unhinted fonts-dejavu-core libjs-jquery libjs-jquery-form libjs-underscore"
# Odoo's links point to file names that these have in Debian 12 and no longer in unstable.
ODOO_PACKAGES_12="fonts-font-awesome fonts-inconsolata"
ODOO_ROOT=$CACHE/odoo

# apt_beside ARGS...: apt-get with a source list and index files of our own, so that the
# machine's package management does not notice.
apt_beside() {
    apt-get -o Dir::Etc::sourcelist="$CACHE/unstable.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State::Lists="$CACHE/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o APT::Sandbox::User= -o Debug::NoLocking=1 "$@"
}

# mirrors: print the Debian mirrors which this machine already uses.
mirrors() {
    local codename
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016  # apt's variables, not the shell's
    apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v codename="$codename" '$3 == "main" && ($2 == codename || $2 == "stable") { print $1 }' |
        sort -u
}

write_source_list() {
    local key=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -f "$key" ] || die "the package debian-archive-keyring is missing; install it, or set ODOO_PATH."
    printf 'deb [signed-by=%s] %s %s main\n' "$key" "$1" sid "$key" "$1" bookworm \
        >"$CACHE/unstable.list"
}

# update_lists PACKAGE: find a mirror that offers the package and fetch its index.
update_lists() {
    local mirror
    mkdir -p "$CACHE/lists/partial"
    for mirror in $(mirrors); do
        write_source_list "$mirror"
        if apt_beside -q update >"$LOG_DIR/apt-unstable.log" 2>&1 &&
            apt_beside -q download --print-uris "$1" >/dev/null 2>&1; then
            return
        fi
    done
    die "no mirror of this machine offers $1 in Debian unstable or 12 (see $LOG_DIR/apt-unstable.log)${2:-}"
}

fetch_packages() {
    update_lists odoo-19 "; set ODOO_PATH to an Odoo 19 tree."
    mkdir -p "$CACHE/debs"
    # shellcheck disable=SC2046,SC2086  # lists of package names
    (cd "$CACHE/debs" && apt_beside -q download $ODOO_PACKAGES \
        $(printf '%s/bookworm ' $ODOO_PACKAGES_12) >>"$LOG_DIR/apt-unstable.log" 2>&1) ||
        die "the download of Odoo 19 failed (see $LOG_DIR/apt-unstable.log); run the command again to resume."
}

unpack_packages() {
    local deb dangling part=$ODOO_ROOT.part
    rm -rf "$part"
    mkdir -p "$part"
    for deb in "$CACHE"/debs/*.deb; do
        dpkg -x "$deb" "$part" || die "cannot unpack $deb; delete it and run the command again."
    done
    dangling=$(find "$part" -xtype l -path '*odoo*')
    [ -z "$dangling" ] || die "the unpacked Odoo has links to missing files: $dangling"
    rm -rf "$ODOO_ROOT"
    mv "$part" "$ODOO_ROOT"
}

# find_odoo: set ODOO_PYTHONPATH (holds the package `odoo`) and ODOO_ADDONS (comma list).
find_odoo() {
    local given=${ODOO_PATH:-$ODOO_ROOT} tree candidate
    tree=$(cd "$given" 2>/dev/null && pwd) || die "ODOO_PATH: $given is not a folder."
    for candidate in "$tree" "$tree/usr/lib/python3/dist-packages" ""; do
        [ ! -f "$candidate/odoo/release.py" ] || break
    done
    [ -n "$candidate" ] || die "ODOO_PATH: $given has no odoo/release.py in it."
    grep -q 'version_info = (19,' "$candidate/odoo/release.py" || die "$given is not Odoo 19."
    ODOO_PYTHONPATH=$candidate
    ODOO_ADDONS=$candidate/odoo/addons
    if [ -d "$candidate/addons/web" ]; then ODOO_ADDONS=$candidate/addons,$ODOO_ADDONS; fi
}

prepare_odoo() {
    if [ -z "${ODOO_PATH:-}" ] && [ ! -d "$ODOO_ROOT" ]; then
        say "Downloading Odoo 19 from Debian unstable (125 MB)"
        fetch_packages
        say "Unpacking Odoo 19 (1.2 GB)"
        unpack_packages
        rm -rf "$CACHE/debs"
    fi
    find_odoo
}
