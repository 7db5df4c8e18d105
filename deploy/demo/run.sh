#!/usr/bin/env bash
# Runs the service for trying out: a private Redis, a private Kannel with a trial carrier and handset, fresh keys, demo
# clients and a demo account, all under ./data.
# Started again, it continues with what is there. Ctrl-C stops them all. Called by `make run`.
#
#   run.sh [OTPD]: the binary, if not the release build
#   DATA (data), PORT (8080), ADMIN_PORT (8081): folder and ports; port 0 lets the system choose.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=deploy/demo/processes.sh
source "$root/deploy/demo/processes.sh"
# shellcheck source=deploy/demo/kannel.sh
source "$root/deploy/demo/kannel.sh"

otpd=${1:-$root/.build/release/otpd}
data=${DATA:-data}
account=tran_thi_demo_sotttt@hanoi.gov.vn

if [[ ! -x $otpd ]]; then
    echo "There is no $otpd yet: run \`make run\`, which builds it." >&2
    exit 69
fi
umask 077
mkdir -p -m 700 "$data" "$data/keys"
data=$(cd "$data" && pwd)

exec 8>"$data/.lock"
if ! flock -n 8; then
    echo "A demonstration is already running in $data. Stop it first, or use another folder: make run DATA=other" >&2
    exit 69
fi

settings=$data/otpd.json
[[ -e $settings ]] || cp "$root/deploy/demo/otpd.json" "$settings"

# The port of a listener as the settings file has it.
port_in_settings() {
    sed -n "s/^ *\"$1\": *\"[^\"]*:\([0-9]*\)\".*/\1/p" "$settings" | head -n 1
}
port=${PORT:-$(port_in_settings listen)}
admin_port=${ADMIN_PORT:-$(port_in_settings admin_listen)}

check_port() {
    if [[ $2 != 0 ]] && (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; then
        echo "Port $2 on 127.0.0.1 is taken by another program. Choose others: make run PORT=18080 ADMIN_PORT=18081" >&2
        exit 69
    fi
}
check_port PORT "$port"
check_port ADMIN_PORT "$admin_port"
# Kannel is told where to report before the service listens, so the port must be known by then.
[[ $port != 0 ]] || port=$(free_port)
export OTPD_LISTEN=127.0.0.1:$port OTPD_ADMIN_LISTEN=127.0.0.1:$admin_port
OTPD_REDIS=unix:$(redis_socket "$data")
export OTPD_REDIS
if [[ -s $root/deploy/blocklist/blocklist.txt ]]; then
    export OTPD_PASSWORD_BLOCKLIST=$root/deploy/blocklist/blocklist.txt
fi

make_ring_key "$otpd" "$data/keys/ring-1.key"
"$otpd" check-config --config "$settings" >/dev/null
"$otpd" holidays import --config "$settings" --file "$root/deploy/holidays/2026-2027.csv" >/dev/null

stop() {
    trap - EXIT INT TERM HUP
    echo
    echo "Stopping …"
    stop_started
    rm -f "$data/demo.env"
    echo "Stopped. Everything is kept in $data; \`make run\` continues with it."
}
trap 'stop_started; rm -f "$data/demo.env"' EXIT
trap 'stop; exit 0' INT TERM HUP

start_redis "$data" 8>&-
# Without Kannel, messages go to a file: the rest of the tour is the same.
if start_kannel "$data" 8>&-; then
    rm -f "$data/sms.jsonl"
    OTPD_SMS_GATEWAYS=$(jq -c '[.]' "$data/kannel/gateway.json")
    export OTPD_SMS_REPORT_URL=http://127.0.0.1:$port/v1/sms/reports
    carrier="Kannel on loopback; its handset prints to $data/kannel/handset.log"
else
    echo "Kannel is not there or did not start (its logs: $data/kannel): messages go to $data/sms.jsonl." >&2
    rm -f "$data/kannel/handset.log"
    OTPD_SMS_GATEWAYS=$(jq -cn --arg path "$data/sms.jsonl" '[{type: "file", path: $path}]')
    carrier="a file, $data/sms.jsonl"
fi
export OTPD_SMS_GATEWAYS
add_client "$otpd" "$settings" "$data" demo-sso sign-in,otp
add_client "$otpd" "$settings" "$data" demo-operator operate,read
start_service "$otpd" "$data" "$settings" 8>&-

printf 'service=%q\nadmin=%q\n' "$service_url" "$admin_url" >"$data/demo.env"

status=$(curl -sS -m 10 -o "$data/answer.json" -w '%{http_code}' -H @"$data/demo-operator.header" \
    "$admin_url/v1/accounts/$account")
if [[ $status == 404 ]]; then
    status=$(curl -sS -m 10 -o "$data/answer.json" -w '%{http_code}' -H @"$data/demo-operator.header" \
        -H 'Content-Type: application/json' "$admin_url/v1/accounts" -d @- <<JSON
{"address": "$account", "kind": "personal", "display_name": "Trần Thị Demo", "organisation": "Sở Khoa học và Công nghệ",
 "document": "01/DEMO", "notified_at": "$(date -u +%Y-%m-%dT%H:%M:%SZ)"}
JSON
    )
    [[ $status == 201 ]] && mv "$data/answer.json" "$data/demo-account.json"
fi
case $status in
200 | 201) rm -f "$data/answer.json" ;;
*)
    echo "The demo account could not be made (status $status):" >&2
    cat "$data/answer.json" >&2
    exit 70
    ;;
esac

"$root/deploy/demo/guide.sh" "$data" "$otpd" "$service_url" "$admin_url" "$carrier"

# Ends with Ctrl-C, or when the service ends by itself.
code=0
wait "$service_pid" || code=$?
echo "The service ended by itself with exit code $code; its log is $data/otpd.log:" >&2
say_last_lines "$data/otpd.log"
exit 70
