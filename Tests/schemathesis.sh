#!/usr/bin/env bash
# Holds the live service to openapi.yaml: schemathesis makes requests from the document, right and wrong ones, and
# checks each answer's status, content type and body against it. Both listeners, fixed seed, bounded in time.
#
#   SCHEMATHESIS_SECONDS (180)  bound for each listener
#   SCHEMATHESIS_EXAMPLES (12)  cases for each operation in the fuzzing phase
#   SCHEMATHESIS_PHASES         examples,coverage,fuzzing unless given; `stateful` follows sequences of operations
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=deploy/demo/processes.sh
source deploy/demo/processes.sh

version=4.32.5
otpd=${OTPD:-.build/debug/otpd}
bound=${SCHEMATHESIS_SECONDS:-180}
examples=${SCHEMATHESIS_EXAMPLES:-12}
phases=${SCHEMATHESIS_PHASES:-examples,coverage,fuzzing}
venv=$root/.build/venv

if [[ ! -x $venv/bin/schemathesis ]] || [[ $(cat "$venv/schemathesis-version" 2>/dev/null) != "$version" ]]; then
    rm -rf "$venv"
    mkdir -p "$root/.build"
    python3 -m venv "$venv"
    if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; then
        rm -rf "$venv"
        echo "schemathesis $version could not be installed from PyPI." >&2
        exit 69
    fi
    echo "$version" >"$venv/schemathesis-version"
fi

folder=$(mktemp -d)
chmod 700 "$folder"
# shellcheck disable=SC2317
cleanup() {
    stop_started
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

mkdir "$folder/keys"
make_ring_key "$otpd" "$folder/keys/ring-1.key"
cat >"$folder/otpd.json" <<JSON
{
  "listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0",
  "database": "sqlite:$folder/otpd.db", "redis": "unix:$(redis_socket "$folder")",
  "keys": ["$folder/keys/ring-1.key"], "instance": "schemathesis",
  "throttle": { "enabled": false },
  "sms": { "gateways": [{ "type": "file", "path": "$folder/messages.jsonl" }] }
}
JSON
start_redis "$folder"
add_client "$otpd" "$folder/otpd.json" "$folder" schemathesis sign-in,otp,mail,operate,read
start_service "$otpd" "$folder" "$folder/otpd.json"

# Paths of the admin listener; the others are the service listener's.
admin_paths='^/v1/(accounts|audit|reports|locks|restoration-requests|restoration-reviews)|^/metrics'
failed=0

hold() {
    local name=$1 url=$2 code=0
    shift 2
    echo "-- $name"
    # In the scratch folder: schemathesis leaves its notes where it runs.
    (
        cd "$folder"
        exec timeout --signal=INT --kill-after=5 "$bound" "$venv/bin/schemathesis" --config-file schemathesis.toml \
            run "$root/openapi.yaml" --url "$url" "$@" --phases "$phases" --max-examples "$examples" --seed 1643 \
            --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
            --request-timeout 10 --workers 1 --no-color
    ) >"$folder/$name.out" 2>&1 || code=$?
    if ((code == 124)); then echo "schemathesis: $name took longer than $bound s" >>"$folder/$name.out"; fi
    if ((code != 0)); then
        head -c 20000 "$folder/$name.out"
        failed=1
    else
        tail -n 12 "$folder/$name.out"
    fi
}

# The key stands in a file, not on a command line.
(
    umask 077
    printf '[headers]\nAuthorization = "%s"\n' "$(sed 's/^Authorization: //' "$folder/schemathesis.header")" \
        >"$folder/schemathesis.toml"
)
hold service "$service_url" --exclude-path-regex "$admin_paths"
hold admin "$admin_url" --include-path-regex "$admin_paths"

if ! kill -0 "$service_pid" 2>/dev/null; then
    echo "schemathesis: the service died; the end of its log:" >&2
    say_last_lines "$folder/otpd.log"
    failed=1
fi
exit "$failed"
