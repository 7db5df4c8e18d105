#!/usr/bin/env bash
# Says what is wrong with the Swift toolchain, if anything is. Exit: 0 usable · 69 missing or too old.
set -euo pipefail

swift=${SWIFT:-swift}
required="6.2"

if ! command -v "$swift" >/dev/null; then
    {
        echo "No Swift toolchain: the command '$swift' was not found."
        echo "Install Swift $required or later (built and tested with 6.3.1) from swift.org and put its bin folder in PATH,"
        echo "or name the command: make SWIFT=/path/to/swift …"
    } >&2
    exit 69
fi

version=$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
if [[ -z $version ]]; then
    echo "'$swift --version' does not answer; run it by hand to see why." >&2
    exit 69
fi
if [[ $(printf '%s\n' "$required" "$version" | sort -V | head -n 1) != "$required" ]]; then
    echo "Swift $version is too old: this package needs $required or later." >&2
    exit 69
fi
