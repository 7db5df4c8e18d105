#!/usr/bin/env bash
# Installs the Debian packages of the named sections of packages.txt that are missing.
#
#   deploy/install-packages.sh SECTION...          install what is missing
#   deploy/install-packages.sh --list SECTION...   print the packages, install nothing
#
# Exit: 0 all there · 64 usage · 69 packages are missing and this user may not install them.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages_file=$here/packages.txt

list_only=false
if [[ ${1:-} == --list ]]; then
    list_only=true
    shift
fi
if (($# == 0)); then
    echo "usage: install-packages.sh [--list] SECTION..." >&2
    exit 64
fi

# Prints the entries of the sections, each once.
wanted() {
    local section
    for section in "$@"; do
        if ! grep -qx "\[$section\]" "$packages_file"; then
            echo "install-packages.sh: packages.txt has no section [$section]" >&2
            exit 64
        fi
    done
    awk -v sections="$*" '
        BEGIN { count = split(sections, names, " "); for (i = 1; i <= count; i++) chosen["[" names[i] "]"] = 1 }
        { sub(/#.*/, ""); gsub(/^[ \t]+|[ \t]+$/, "") }
        /^$/ { next }
        /^\[/ { inside = ($0 in chosen); next }
        inside && !seen[$0]++ { print }
    ' "$packages_file"
}

entries=$(wanted "$@")

if $list_only; then
    sed 's/ *|.*//' <<<"$entries"
    exit 0
fi
if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system. Install the equivalents of:" >&2
    sed 's/^/  /' <<<"$entries" >&2
    exit 69
fi

# One look at the package database for all of them.
mapfile -t names < <(tr -d ' ' <<<"$entries" | tr '|' '\n')
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${names[@]}" 2>/dev/null | awk '$1 == "ii" { print $2 }' || true)

missing=()
while IFS= read -r entry; do
    found=false
    for name in ${entry//|/ }; do
        if grep -qx -- "$name" <<<"$installed"; then found=true; fi
    done
    $found || missing+=("${entry%% *}")
done <<<"$entries"
((${#missing[@]} > 0)) || exit 0

if ((EUID == 0)); then
    root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    root=(sudo -n)
else
    {
        echo "Debian packages are missing, and this user is neither root nor allowed to use sudo without a password."
        echo "Have an administrator run:"
        echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    } >&2
    exit 69
fi

# A server that comes with a package must not start on its own: the project starts its own, private ones.
policy=/usr/sbin/policy-rc.d
made_policy=false
cleanup() {
    if $made_policy; then "${root[@]}" rm -f "$policy"; fi
}
trap cleanup EXIT
if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
    made_policy=true
    "${root[@]}" chmod 755 "$policy"
fi

echo "Installing: ${missing[*]}" >&2
apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
"${apt[@]}" update >&2
"${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >&2

# Nor start at the next boot, where systemd is in charge.
if [[ -d /run/systemd/system ]]; then
    for name in "${missing[@]}"; do
        case $name in
        redis-server) "${root[@]}" systemctl disable --now redis-server.service >&2 || true ;;
        nginx*) "${root[@]}" systemctl disable --now nginx.service >&2 || true ;;
        esac
    done
fi
