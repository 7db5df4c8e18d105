# Sourced by run.sh: codes by SMS. Two services with a database of their own, budgets only observed, so that every
# account may be sent to and no prefix is paused.

# message_site NAME GATEWAYS ACCOUNTS: starts a service with these gateways and provisions mailboxes with a phone.
message_site() {
    folder=$work/$1
    mkdir -p "$folder"
    cat >"$folder/otpd.json" <<JSON
{
  "listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0", "database": "sqlite:otpd.db",
  "redis": "unix:$(redis_socket "$work")", "keys": ["$work/ring.key"], "instance": "bench",
  "throttle": { "enabled": false }, "log": { "level": "warning" },
  "sms": { "gateways": $2, "budget": "observe", "threads": 32 }
}
JSON
    add_client "$otpd" "$folder/otpd.json" "$folder" caller otp
    add_client "$otpd" "$folder/otpd.json" "$folder" desk operate
    redis-cli -s "$redis" flushall >/dev/null
    start_service "$otpd" "$folder" "$folder/otpd.json"
    sleep 1
    local answer
    answer=$("$bench" open-loop --kind accounts --port "${admin_url##*:}" --key "$(cat "$folder/desk.key")" --first 0 \
        --rate 1000000 --count "$3" --seconds 120 --connections 64)
    (($(value errors "$answer") == 0)) || fail "mailboxes could not be provisioned: $answer"
}

# ask_for_messages FIRST RATE COUNT: requests for codes, each for another mailbox.
ask_for_messages() {
    "$bench" open-loop --kind sms --port "${service_url##*:}" --key "$(cat "$folder/caller.key")" --first "$1" \
        --rate "$2" --count "$3" --seconds 120 --connections 64
}

# 1,000 messages a second through nginx as the gateway; liveness beside it shows how long a loop keeps an event waiting.
message_rate() {
    local rate=1000 run answer probe lags=() sends=() delays=() first=0 begun_at taken
    say "$rate messages a second through a stand-in for Kannel"
    message_site messages "[{\"type\": \"kannel\", \"url\": \"http://127.0.0.1:$nginx_port/sendsms\", \"user\": \"otpd\",
        \"password_file\": \"$work/ring.key\", \"reports\": false}]" $((rate * each * 3))
    for run in 1 2 3; do
        "$bench" open-loop --kind livez --port "${service_url##*:}" --rate 200 --seconds "$each" --connections 4 \
            >"$work/livez" &
        probe=$!
        begun_at=$(date +%s%N)
        answer=$(ask_for_messages "$first" "$rate" $((rate * each)))
        taken=$(($(date +%s%N) - begun_at))
        wait "$probe"
        first=$((first + rate * each))
        (($(value errors "$answer") == 0)) || fail "messages were refused: $answer"
        sends+=("$(calculate "$rate * $each * 1e9 / $taken")")
        delays+=("$(value p99 "$answer")")
        lags+=("$(calculate "$(value p99 "$(cat "$work/livez")") / 1000")")
    done
    row "p99 of a loop's delay beside $rate SMS/s (ms)" "$(median "${lags[@]}")" – "$(median "${lags[@]}")" 5 2 "≤" \
        "$(steadiness "${lags[*]}")"
    row "SMS handed to a local gateway (1/s) / $rate asked for" "$(whole "$(median "${sends[@]}")")" "$rate" \
        "$(calculate "$(median "${sends[@]}") / $rate")" 0.95 0.99 "≥"
    note "SMS at $rate/s: p99 of a request, its row and its gateway included," \
        "$(calculate "$(median "${delays[@]}") / 1000") ms"
    leave_site
}

# Codes that were sent, verified once each, against the reservation script on the same Redis.
message_codes() {
    local figures=() ceilings=() run digest each_run=$((each * 2500)) first=0 path=$work/message-codes/sent answer
    digest=$(redis-cli -s "$redis" script load "$("$bench" script --name reservation)")
    say "codes by SMS and the reservation script"
    message_site message-codes "[{\"type\": \"file\", \"path\": \"$path\"}]" $((each_run * 3))
    for run in 1 2 3; do
        ceilings+=("$(script_rate "$digest")")
        : >"$path"
        answer=$(ask_for_messages "$first" 1000000 "$each_run")
        (($(value errors "$answer") == 0)) || fail "messages were refused: $answer"
        first=$((first + each_run))
        # "u<number> <code>" from {"to": "+849x<number>", "text": "… #<code>"}.
        jq -r '"u0\(.to[-7:]) \(.text | split("#") | last)"' "$path" >"$work/sms-codes"
        answer=$("${as_client[@]}" wrk -t2 -c64 -d 4s --timeout 10s -s "$here/sms.lua" "$service_url" -- \
            "$folder/caller.key" "$work/sms-codes" | grep '^verified=') || fail "wrk gave no result for codes by SMS"
        # wrk drops a request when a connection cannot take it at once: up to one in ten on a busy machine.
        ((($(value verified "$answer") + $(value refused "$answer")) * 10 >= each_run * 9)) ||
            fail "codes were left over: $answer"
        (($(value refused "$answer") * 2000 <= $(value verified "$answer"))) || fail "codes by SMS were refused: $answer"
        figures+=("$(value rate "$answer")")
    done
    compare "one-script authentication, SMS code (codes/s) / EVALSHA" 0.40 0.65 "${figures[*]}" "${ceilings[*]}"
    leave_site
}
