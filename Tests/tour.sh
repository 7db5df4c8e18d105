#!/usr/bin/env bash
# The demonstration as a test: started on free ports in a fresh folder, toured, stopped, started again.
# The second start must continue with what is there: no new keys, no second account.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
otpd=${OTPD:-.build/debug/otpd}
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

start() {
    # The new one, not what the one before said.
    rm -f "$folder/demo.out"
    DATA=$folder/data PORT=0 ADMIN_PORT=0 deploy/demo/run.sh "$otpd" >"$folder/demo.out" 2>&1 &
    demo_pid=$!
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        if grep -qs "nothing is lost" "$folder/demo.out"; then return 0; fi
        kill -0 "$demo_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "tour: the demonstration did not start:" >&2
    tail -n 20 "$folder/demo.out" >&2
    exit 1
}

stop() {
    kill -TERM "$demo_pid"
    local code=0
    wait "$demo_pid" || code=$?
    demo_pid=
    if ((code != 0)); then
        echo "tour: the demonstration stopped with exit code $code" >&2
        tail -n 5 "$folder/demo.out" >&2
        exit 1
    fi
}

check() {
    if ! eval "$2"; then
        echo "tour: $1" >&2
        exit 1
    fi
}

start
deploy/demo/tour.sh "$folder/data" "$otpd" >"$folder/tour.out" || {
    tail -n 30 "$folder/tour.out" >&2
    exit 1
}
data=$folder/data
check "secrets of the demonstration are readable by others" \
    '[[ -z $(find "$data" -type f \( -name "*.key" -o -name "*.header" -o -name demo-account.json \) -perm /077) ]]'
check "a second demonstration in the same folder must be refused" \
    '! DATA=$data PORT=0 ADMIN_PORT=0 deploy/demo/run.sh "$otpd" >/dev/null 2>&1'
before=$(cat "$data/keys/ring-1.key" "$data/demo-sso.key" "$data/demo-operator.key" "$data/demo-account.json" | sha256sum)
stop
check "the private Redis is still there" '! redis-cli -s "$data/redis/redis.sock" ping >/dev/null 2>&1'

start
after=$(cat "$data/keys/ring-1.key" "$data/demo-sso.key" "$data/demo-operator.key" "$data/demo-account.json" | sha256sum)
check "the second start must keep keys, clients and account" '[[ $before == "$after" ]]'
deploy/demo/tour.sh "$data" "$otpd" >"$folder/tour.out" || {
    tail -n 30 "$folder/tour.out" >&2
    exit 1
}
stop
check "the audit chain must be whole" '"$otpd" audit verify --config "$data/otpd.json" >/dev/null'
echo "tour: passed twice, with a restart in between"
