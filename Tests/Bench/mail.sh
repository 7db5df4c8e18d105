# Sourced by run.sh: mail programs that log in with app passwords.

# The same programs again and again, as they come all day, each time from another address, so that every login asks the
# rate script; against that script alone on the same Redis, and processor time of the service.
app_passwords() {
    local figures=() ceilings=() costs=() run before digest programs=1000
    folder=$(site 300000)
    say "$programs mail programs with app passwords and the rate script"
    sed 's/"throttle": {[^}]*}/"throttle": { "enabled": true }/' "$folder/otpd.json" >"$folder/mail.json"
    add_client "$otpd" "$folder/mail.json" "$folder" mailer mail
    add_client "$otpd" "$folder/mail.json" "$folder" desk operate
    # The operator makes app passwords for applications only; people make their own.
    sqlite3 "$folder/otpd.db" "UPDATE accounts SET kind = 'service' WHERE id IN
        (SELECT account_id FROM addresses ORDER BY address LIMIT $programs)"
    redis-cli -s "$redis" flushall >/dev/null
    start_service "$otpd" "$folder" "$folder/mail.json"
    sleep 1
    python3 "$here/app_passwords.py" "$admin_url" "$service_url" "$folder/desk.key" "$folder/mailer.key" \
        "$programs" >"$work/app-passwords" || fail "app passwords cannot be made"
    digest=$(redis-cli -s "$redis" script load "$("$bench" script --name rate)")
    each=1 mail_logins
    for run in 1 2 3; do
        ceilings+=("$(rate_script_rate "$digest")")
        before=$(processor_ticks)
        mail_logins
        (($(value broken "$last") == 0 && $(value refused "$last") == 0)) || fail "logins were refused: $last"
        figures+=("$(calculate "$(value requests "$last") / $(value seconds "$last")")")
        costs+=("$(calculate "($(processor_ticks) - $before) * 1e6 / $(getconf CLK_TCK) / $(value requests "$last")")")
    done
    compare "one-script authentication, app password (logins/s) / EVALSHA" 0.40 0.65 "${figures[*]}" "${ceilings[*]}"
    row "service CPU for one app password (µs)" "$(whole "$(median "${costs[@]}")")" – "$(median "${costs[@]}")" 30 15 \
        "≤" "$(steadiness "${costs[*]}")"
    leave_site
}

mail_logins() {
    last=$(wrk -t2 -c64 -d "${each}s" --timeout 10s -s "$here/mail.lua" "$service_url" -- \
        "$folder/mailer.key" "$work/app-passwords" | grep '^requests=') || fail "wrk gave no result for mail logins"
}

# rate_script_rate DIGEST: askings for random addresses in a second.
rate_script_rate() {
    local answer
    answer=$(redis-benchmark -s "$redis" -c 50 -n $((each * 50000 > 200000 ? 200000 : each * 50000)) -r 16777216 --csv \
        EVALSHA "$1" 1 'otpd:t:m:10.__rand_int__' 1000000 60) || fail "redis-benchmark: $answer"
    awk -F'","' 'END { print $2 }' <<<"$answer"
}
