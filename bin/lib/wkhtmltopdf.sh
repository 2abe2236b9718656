# wkhtmltopdf, which prints Odoo's documents. Debian 12 has it; Debian 13 has dropped it, so
# there Debian 12's is unpacked into the cache with its own libraries. Sourced, never run.
# shellcheck shell=bash

WK_ROOT=$CACHE/wkhtmltopdf
# Named by the dependencies, but not needed for rendering without a screen.
WK_WITHOUT='^(libllvm|libz3|libgl1-mesa|libglx-mesa|libegl-mesa|libgbm|iso-codes|perl|dpkg$|tar$|debconf|adduser|passwd|libpam|sysvinit|fonts-|mawk|base-)'

has_wkhtmltopdf() { command -v wkhtmltopdf >/dev/null || [ -x "$WK_ROOT/bin/wkhtmltopdf" ]; }

wk_packages() {
    apt_beside -s -o Dir::State::status=/dev/null -o APT::Install-Recommends=false \
        -o APT::Default-Release=bookworm install wkhtmltopdf |
        awk -v without="$WK_WITHOUT" '$1 == "Inst" && $2 !~ without { print $2 "/bookworm" }'
}

# wk_wrapper: print the script that starts the program with the libraries of its release.
wk_wrapper() {
    cat <<'WRAPPER'
#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")/root
libs=$(echo "$root"/usr/lib/*-linux-gnu):$(echo "$root"/lib/*-linux-gnu)
export QT_QPA_PLATFORM=offscreen QT_PLUGIN_PATH="${libs%%:*}/qt5/plugins"
exec "$(ls "$root"/lib/*-linux-gnu/ld-linux*.so.* | head -n 1)" --library-path "$libs" \
    "$root/usr/bin/$(basename "$0")" "$@"
WRAPPER
}

prepare_wkhtmltopdf() {
    local part=$WK_ROOT.part deb program
    if ! has_wkhtmltopdf; then
        say "Downloading wkhtmltopdf from Debian 12 (70 MB), which this release has no more"
        update_lists wkhtmltopdf
        rm -rf "$part"
        mkdir -p "$part/debs" "$part/root" "$part/bin"
        # shellcheck disable=SC2046  # a list of package names
        (cd "$part/debs" && apt_beside -q download $(wk_packages) >>"$LOG_DIR/apt-unstable.log" 2>&1) ||
            die "the download of wkhtmltopdf failed (see $LOG_DIR/apt-unstable.log); run the command again to resume."
        for deb in "$part"/debs/*.deb; do dpkg -x "$deb" "$part/root"; done
        rm -rf "$part/debs"
        for program in wkhtmltopdf wkhtmltoimage; do
            wk_wrapper >"$part/bin/$program"
            chmod +x "$part/bin/$program"
        done
        "$part/bin/wkhtmltopdf" --version >/dev/null || die "the unpacked wkhtmltopdf does not run."
        rm -rf "$WK_ROOT"
        mv "$part" "$WK_ROOT"
    fi
    if [ -x "$WK_ROOT/bin/wkhtmltopdf" ]; then export PATH=$PATH:$WK_ROOT/bin; fi
}
