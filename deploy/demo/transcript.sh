#!/usr/bin/env bash
# Takes the tour on a fresh demonstration and writes its transcript into README.md, between the marks.
#
#   transcript.sh [OTPD]      default: the release build
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
otpd=${1:-.build/release/otpd}
folder=$(mktemp -d)
demo_pid=

# shellcheck disable=SC2317
cleanup() {
    if [[ -n $demo_pid ]]; then
        kill -TERM "$demo_pid" 2>/dev/null || true
        wait "$demo_pid" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap cleanup EXIT

DATA=$folder/data PORT=0 ADMIN_PORT=0 deploy/demo/run.sh "$otpd" >"$folder/demo.out" 2>&1 &
demo_pid=$!
for ((tries = 0; tries < 300; tries++)); do
    grep -qs "nothing is lost" "$folder/demo.out" && break
    kill -0 "$demo_pid" 2>/dev/null || break
    sleep 0.1
done
deploy/demo/tour.sh "$folder/data" "$otpd" >"$folder/tour.out" || {
    tail -n 20 "$folder/demo.out" "$folder/tour.out" >&2
    exit 1
}

awk -v transcript="$folder/tour.out" '
    /<!-- tour:begin/ {
        print; print "```"
        started = 0
        while ((getline line < transcript) > 0) if (started || line != "") { print line; started = 1 }
        print "```"; inside = 1; next
    }
    /<!-- tour:end/ { inside = 0 }
    !inside { print }
' README.md >"$folder/README.md"
cat "$folder/README.md" >README.md
echo "README.md has the transcript of this tour."
