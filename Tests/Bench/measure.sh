# Sourced by run.sh: processes under measurement, medians, the table.

# say TEXT: a line of progress with the time since the start.
say() {
    printf '[%3d s] %s\n' $((SECONDS - begun)) "$*" >&2
}

fail() {
    echo "bench: $*" >&2
    exit 70
}

# value NAME TEXT: the value of name=value in a line.
value() {
    local found
    found=$(grep -oE "(^| )$1=[^ ]+" <<<"$2" | tail -n 1) || fail "no $1 in: $2"
    echo "${found#*=}"
}

# calculate EXPRESSION: its value with as many digits as matter.
calculate() {
    awk "BEGIN { printf \"%.6g\", $1 }"
}

# steadiness FIGURES CEILINGS …: " (unsteady)" when the runs of any list differ by more than a third, as they do on a
# machine that is busy with other things; the row then says little.
steadiness() {
    local list
    for list in "$@"; do
        tr ' ' '\n' <<<"$list" | sort -g | awk 'NR == 1 { least = $1 } { most = $1 }
            END { if (most > least * 4 / 3) exit 1 }' || {
            echo " (unsteady)"
            return
        }
    done
}

median() {
    printf '%s\n' "$@" | sort -g | sed -n "$((($# + 1) / 2))p"
}

# What stands for the clients in a comparison, of the service and of its ceiling alike: work that interrupts nobody
# when it wakes. Real clients run on machines of their own; here the kernel would stop the service for each answer that
# one of them may read.
as_client=(chrt --batch 0)

# All in one session: Linux weighs threads within a session and sessions among each other (sched_autogroup), and a
# Redis that is a session of its own was kept waiting for up to 90 ms behind threads that hash. Servers switch that off,
# as deploy/sysctl does.
apart=()

# MARK: processes

# site ACCOUNTS: the folder of the service whose database has so many accounts.
site() {
    echo "$work/$1"
}

# make_site ACCOUNTS: settings, an empty database of the current schema, and client keys.
make_site() {
    local folder
    folder=$(site "$1")
    mkdir -p "$folder"
    cat >"$folder/otpd.json" <<JSON
{
  "listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0", "database": "sqlite:otpd.db",
  "redis": "unix:$(redis_socket "$work")", "keys": ["$work/ring.key"], "instance": "bench",
  "throttle": { "enabled": false }
}
JSON
    add_client "$otpd" "$folder/otpd.json" "$folder" caller sign-in,otp
    add_client "$otpd" "$folder/otpd.json" "$folder" reader read
}

# use_site ACCOUNTS: starts its service; sets folder, accounts, place and service_pid.
use_site() {
    accounts=$1
    folder=$(site "$accounts")
    place=0
    redis-cli -s "$redis" flushall >/dev/null
    start_service "$otpd" "$folder" "$folder/otpd.json"
    sleep 1
}

# leave_site: stops the service that was started last.
leave_site() {
    local pid=${started_pids[-1]}
    kill -TERM "$pid"
    wait "$pid" || fail "the service ended with an error; its log is $folder/otpd.log"
    unset 'started_pids[-1]'
}

# start_nginx BODY: answers every request with it; sets nginx_port.
start_nginx() {
    nginx_port=$(free_port)
    mkdir -p "$work/nginx"
    cat >"$work/nginx/nginx.conf" <<CONF
daemon off;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
worker_processes $cores;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy; fastcgi_temp_path $work/nginx/fastcgi;
    uwsgi_temp_path $work/nginx/uwsgi; scgi_temp_path $work/nginx/scgi;
    server {
        listen 127.0.0.1:$nginx_port reuseport;
        location / { default_type application/json; return 200 '$1'; }
        location = /sendsms { default_type text/plain; return 202 '0: Accepted for delivery'; }
    }
}
CONF
    "${apart[@]}" nginx -p "$work/nginx" -c "$work/nginx/nginx.conf" </dev/null >"$work/nginx/out" 2>&1 &
    started_pids+=("$!")
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        if curl -fs -o /dev/null "http://127.0.0.1:$nginx_port/"; then return 0; fi
        sleep 0.05
    done
    fail "nginx did not start: $(cat "$work/nginx/out" "$work/nginx/error.log" 2>/dev/null)"
}

# free_port: a port that nothing listens on just now.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# resident: memory of the service in KiB.
resident() {
    awk '/^VmRSS/ { print $2 }' "/proc/$service_pid/status"
}

# processor_ticks: processor time of the service in clock ticks.
processor_ticks() {
    sed 's/.*) //' "/proc/$service_pid/stat" | awk '{ print $12 + $13 }'
}

# MARK: load

# load KIND URL [wrk options …]: wrk with load.lua; prints its line of values. Takes accounts from `place` on.
load() {
    local kind=$1 url=$2 key=caller answer
    shift 2
    [[ $kind == account ]] && key=reader
    answer=$("${as_client[@]}" wrk -t2 -c64 -d "${each}s" --timeout 10s "$@" -s "$here/load.lua" "$url" -- \
        "$kind" "$folder/$key.key" "$work/codes" "$place" "$accounts" "${lead:-0}" | grep '^requests=') ||
        fail "wrk gave no result for $kind"
    place=$(value next "$answer")
    last=$answer
}

# MARK: table

missed=0
rows=()

# row PATH FIGURE CEILING RATIO FLOOR AIM RELATION [REMARK]: adds a row and judges it; RELATION is ≥ or ≤.
row() {
    local path=$1 figure=$2 ceiling=$3 ratio=$4 floor=$5 aim=$6 relation=$7 verdict
    verdict=$(awk -v r="$ratio" -v f="$floor" -v a="$aim" -v rel="$relation" 'BEGIN {
        sign = rel == "≥" ? 1 : -1
        print (sign * (r - a) >= 0 ? "aim" : (sign * (r - f) >= 0 ? "floor" : "MISSED")) }')
    if [[ $verdict == MISSED ]]; then missed=$((missed + 1)); fi
    rows+=("$path|$figure|$ceiling|$(printf '%.3g' "$ratio")|$relation $floor|$relation $aim|$verdict${8:-}")
    say "$path: $figure, ceiling $ceiling, ratio $(printf '%.3g' "$ratio") ($relation $floor): $verdict${8:-}"
}

print_table() {
    printf '| %s | %s | %s | %s | %s | %s | %s |\n' path figure ceiling ratio floor aim reached
    echo '|---|---:|---:|---:|---:|---:|---|'
    printf '%s\n' "${rows[@]}" | sed 's/|/ | /g; s/^/| /; s/$/ |/'
}

# note TEXT: a line under the table.
note() {
    echo "- $*" >>"$work/notes"
    say "$*"
}
