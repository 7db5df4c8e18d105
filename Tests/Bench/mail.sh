# Sourced by run.sh: logins of mail programs through the passdb hook, with the rate buckets that production has.

# mail_site ACCOUNTS APP_PASSWORDS: the database with so many accounts, some of them applications with an app password;
# sets mail_list to a file of lines "name password".
mail_site() {
    local wanted=$2
    accounts=$1
    folder=$(site "$accounts")
    mail_list=$work/app-passwords
    sed 's/"throttle": { "enabled": false }/"throttle": { "enabled": true }/' "$folder/otpd.json" >"$folder/mail.json"
    add_client "$otpd" "$folder/otpd.json" "$folder" dovecot mail
    add_client "$otpd" "$folder/otpd.json" "$folder" desk operate
    sqlite3 "$folder/otpd.db" ".timeout 5000" "UPDATE accounts SET kind = 'service' WHERE id IN
        (SELECT account_id FROM addresses WHERE address < '$(printf 'u%08d' "$wanted")')"
    redis-cli -s "$redis" flushall >/dev/null
    start_service "$otpd" "$folder" "$folder/mail.json"
    sleep 1
    python3 - "${admin_url##*:}" "$(cat "$folder/desk.key")" "$wanted" >"$mail_list" <<'PYTHON' ||
import http.client, json, sys
port, key, wanted = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
connection = http.client.HTTPConnection("127.0.0.1", port)
body = json.dumps({"label": "bench", "services": ["imap"], "document": "1/UBND"})
headers = {"Authorization": "Bearer " + key, "Content-Type": "application/json"}
for number in range(wanted):
    name = "u%08d" % number
    connection.request("POST", "/v1/accounts/%s/app-passwords" % name, body, headers)
    answer = json.loads(connection.getresponse().read())
    print(name, answer["password"].replace("-", ""))
PYTHON
        fail "app passwords could not be made"
}

# App passwords of distinct accounts against the script that each of them runs, on the same Redis; and the tail at
# 500/s while sign-ins fill the hashing pool, which no login by app password may notice.
mail_logins() {
    local figures=() ceilings=() costs=() tails=() policy_tails=() run digest answer before port
    digest=$(redis-cli -s "$redis" script load "$("$bench" script --name rate)")
    say "mail logins by app password and their script $digest"
    mail_site "$1" "$2"
    for run in 1 2 3; do
        ceilings+=("$(mail_script_rate "$digest")")
        before=$(processor_ticks)
        answer=$("${as_client[@]}" wrk -t2 -c64 -d "${each}s" --timeout 10s -s "$here/mail.lua" "$service_url" -- \
            "$folder/dovecot.key" "$mail_list" | grep '^requests=') || fail "wrk gave no result for mail logins"
        all_let_in
        figures+=("$(calculate "$(value requests "$answer") / $(value seconds "$answer")")")
        costs+=("$(calculate "($(processor_ticks) - $before) * 1e6 / $(getconf CLK_TCK) / $(value requests "$answer")")")
    done
    compare "one-script authentication, app password on the passdb hook (logins/s) / EVALSHA" 0.40 0.65 \
        "${figures[*]}" "${ceilings[*]}"
    row "service CPU for one mail login (µs)" "$(whole "$(median "${costs[@]}")")" – "$(median "${costs[@]}")" 30 15 \
        "≤" "$(steadiness "${costs[*]}")"
    leave_site
    # Throttling off again: the sign-ins beside come from one address.
    port=$(free_port)
    sed "s/\"throttle\"/\"mail\": { \"policy_listen\": [\"127.0.0.1:$port\"] }, \"throttle\"/" "$folder/otpd.json" \
        >"$folder/policy.json"
    start_service "$otpd" "$folder" "$folder/policy.json"
    sleep 1
    for run in 1 2 3; do
        beside_sign_ins "$2" passdb "${service_url##*:}" --key "$(cat "$folder/dovecot.key")" --list "$mail_list"
        tails+=("$tail")
        beside_sign_ins "$2" policy "$port" --first $((run * 10000)) --accounts "$accounts"
        policy_tails+=("$tail")
    done
    row "p99 of the passdb hook at 500/s beside saturating sign-ins (ms)" "$(median "${tails[@]}")" – \
        "$(median "${tails[@]}")" 50 10 "≤" "$(steadiness "${tails[*]}")"
    row "p99 of the Postfix policy port at 500/s beside saturating sign-ins (ms)" "$(median "${policy_tails[@]}")" – \
        "$(median "${policy_tails[@]}")" 50 10 "≤" "$(steadiness "${policy_tails[*]}")"
    leave_site
}

# all_let_in: the passdb hook has answered nothing but "ok" since the service was started.
all_let_in() {
    curl -fs "$admin_url/metrics" | awk '/^otpd_mail_hook_results_total\{hook="passdb"/ {
            if (/result="ok"/) { ok += $2 } else { other += $2 }
        } END { exit !(ok > 0 && other == 0) }' || fail "mail logins were refused"
}

# beside_sign_ins FIRST KIND PORT [options …]: a hook asked 500 times a second while sign-ins from a place on fill the
# hashing pool; sets tail to the p99 in ms.
beside_sign_ins() {
    local first=$1 kind=$2 port=$3 answer wrk_pid
    shift 3
    wrk -t1 -c64 -d "$((each + 2))s" --timeout 10s -s "$here/load.lua" "$service_url" -- \
        sign-in "$folder/caller.key" "$work/codes" "$first" "$accounts" 0 >"$work/background" &
    wrk_pid=$!
    sleep 1
    answer=$("$bench" open-loop --kind "$kind" --port "$port" "$@" --rate 500 --seconds "$each")
    (($(value errors "$answer") == 0)) || fail "questions of $kind failed: $answer"
    tail=$(calculate "$(value p99 "$answer") / 1000")
    wait "$wrk_pid"
    sleep 1.5
}

# mail_script_rate DIGEST: how often Redis alone answers the script in a second, on buckets that are full.
mail_script_rate() {
    local answer
    answer=$("${as_client[@]}" redis-benchmark -s "$redis" -c 50 -r 60000 --csv \
        -n $((each * 50000 > 200000 ? 200000 : each * 50000)) EVALSHA "$1" 1 'otpd:t:m:10.9.__rand_int__' 10000000 60) ||
        fail "redis-benchmark: $answer"
    awk -F'","' 'END { print $2 }' <<<"$answer"
}
