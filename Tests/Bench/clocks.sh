# Sourced by run.sh: the sweeper of the regulation's clocks beside sign-ins and over a great table, and the exchange of
# ring keys (R-FIRST-6; architecture, secrets).

# A sweep over 1,000,000 accounts of which 100 are due: what it takes of the database, waiting included.
sweep_great_table() {
    local times=() run due taken tries
    say "a sweep over 1,000,000 accounts, 100 due"
    for run in 1 2 3; do
        folder=$(site 1000000)
        due="u00${run}000%"
        fall_due "$folder/otpd.db" "address LIKE '$due'"
        # The service that ran last may have left its turn unfinished.
        sqlite3 "$folder/otpd.db" "DELETE FROM leases"
        use_site 1000000
        for ((tries = 0; ; tries++)); do
            (($(locks "$folder/otpd.db" "$due") == 100)) && break
            ((tries < 100)) || fail "the sweep did not find its 100 accounts"
            sleep 0.1
        done
        taken=$(curl -fs "$admin_url/metrics" | awk '/^otpd_sql_seconds_sum\{operation="(settle|read)_deadlines"/ {
            sum += $2 } END { print sum * 1000 }')
        times+=("$taken")
        leave_site
    done
    row "database time of a sweep over 1,000,000 accounts, 100 due (ms)" "$(whole "$(median "${times[@]}")")" – \
        "$(median "${times[@]}")" 1000 100 "≤" "$(steadiness "${times[*]}")"
}

# 100,000 mailboxes fall due at once and two instances sweep: sign-ins with a wrong password, each of which is hashed
# and counted by a commit, beside it and without it.
sweep_beside_sign_ins() {
    # Behind the accounts that mail logins made applications of.
    local alone=() beside=() run first=10000 left tries
    local -r due='u002%'
    say "sign-ins beside a sweep of 100,000 due accounts by two instances"
    folder=$(site 300000)
    mkdir -p "$folder/second"
    sed 's/"throttle"/"deadlines": { "sweep_every_s": 1 }, "throttle"/' "$folder/otpd.json" >"$folder/sweep.json"
    sed 's/"instance": "bench"/"instance": "bench-2"/' "$folder/sweep.json" >"$folder/second.json"
    redis-cli -s "$redis" flushall >/dev/null
    start_service "$otpd" "$folder/second" "$folder/second.json"
    start_service "$otpd" "$folder" "$folder/sweep.json"
    sleep 2
    for run in 1 2 3; do
        wrong_sign_ins "$first"
        alone+=("$tail")
    done
    fall_due "$folder/otpd.db" "address LIKE '$due'"
    for ((tries = 0; $(locks "$folder/otpd.db" "$due") == 0; tries++)); do
        ((tries < 100)) || fail "the sweep did not begin"
        sleep 0.1
    done
    for run in 1 2 3; do
        left=$((100000 - $(locks "$folder/otpd.db" "$due")))
        if ((left < 10000)); then break; fi
        wrong_sign_ins "$first"
        beside+=("$tail")
    done
    for ((tries = 0; $(locks "$folder/otpd.db" "$due") < 100000; tries++)); do
        ((tries < 600)) || fail "the sweep did not end"
        sleep 1
    done
    expect_once "$folder/otpd.db" "$due"
    row "p99 of sign-ins beside a sweep of 100,000 due accounts by two instances / alone (ms)" \
        "$(median "${beside[@]}")" "$(median "${alone[@]}")" \
        "$(calculate "$(median "${beside[@]}") / $(median "${alone[@]}")")" 2 1.3 "≤" \
        "$(steadiness "${alone[*]}" "${beside[*]}")"
    leave_site
    folder=$folder/second leave_site
}

# wrong_sign_ins: 20 a second for 20 s from the place `first` on, which it moves; sets tail to their p99 in ms.
wrong_sign_ins() {
    local answer
    answer=$("$bench" open-loop --kind wrong-sign-in --port "${service_url##*:}" --key "$(cat "$folder/caller.key")" \
        --first "$first" --rate 20 --seconds 20)
    first=$((first + 500))
    (($(value errors "$answer") == 0)) || fail "sign-ins were not refused as they should: $answer"
    tail=$(calculate "$(value p99 "$answer") / 1000")
}

# fall_due DATABASE CONDITION: the mailboxes of these addresses get a default password of which their owners were told
# ten days before.
fall_due() {
    sqlite3 "$1" ".timeout 20000" "UPDATE accounts SET must_change = 1, password_issued = 1, look_at = 0,
        notified_at = created_at - 864000000 WHERE id IN (SELECT account_id FROM addresses WHERE $2)"
}

# locks DATABASE PATTERN: how many mailboxes of such addresses are locked.
locks() {
    sqlite3 "$1" ".timeout 20000" "SELECT count(*) FROM locks WHERE cause = 'default_not_changed'
        AND account_id IN (SELECT account_id FROM addresses WHERE address LIKE '$2')"
}

# expect_once DATABASE PATTERN: each of them was locked once, with one row of the record.
expect_once() {
    local counts
    counts=$(sqlite3 "$1" ".timeout 20000" "
        SELECT count(*), count(DISTINCT account_id) FROM locks WHERE cause = 'default_not_changed'
            AND account_id IN (SELECT account_id FROM addresses WHERE address LIKE '$2');
        SELECT count(*), count(DISTINCT account_id) FROM audit WHERE code = 'authn_login_lock'
            AND account_id IN (SELECT account_id FROM addresses WHERE address LIKE '$2');" | tr '\n' ' ')
    [[ $counts == "100000|100000 100000|100000 " ]] || fail "not each was locked once: $counts"
}

# 100,000 authenticators are sealed under a new ring key while people sign in 50 times a second: interrupted by a kill
# half-way, run again to its end; then the old key goes.
exchange_keys() {
    local begun_at taken answer background=() pid
    say "keys rotate over 100,000 authenticators beside 50 sign-ins/s"
    folder=$(site 100000)
    make_ring_key "$otpd" "$work/ring-2.key"
    sed "s|\\[\"$work/ring.key\"\\]|[\"$work/ring-2.key\", \"$work/ring.key\"]|" "$folder/otpd.json" >"$folder/both.json"
    sed "s|\\[\"$work/ring.key\"\\]|[\"$work/ring-2.key\"]|" "$folder/otpd.json" >"$folder/new.json"
    redis-cli -s "$redis" flushall >/dev/null
    start_service "$otpd" "$folder" "$folder/both.json"
    sleep 1
    "$bench" open-loop --kind otp --port "${service_url##*:}" --key "$(cat "$folder/caller.key")" --first 0 \
        --accounts 100000 --rate 50 --seconds 30 >"$work/rotate-codes" &
    background+=($!)
    "$bench" open-loop --kind sign-in --port "${service_url##*:}" --key "$(cat "$folder/caller.key")" --first 0 \
        --rate 50 --seconds 30 >"$work/rotate-sign-ins" &
    background+=($!)
    sleep 1
    "$otpd" keys rotate --config "$folder/both.json" >"$work/rotate.out" 2>&1 &
    pid=$!
    while (($(sealed_anew) < 20000)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    answer=$(held_by_old_key)
    ((answer > 0 && answer < 100000)) || fail "keys rotate was killed with $answer secrets under the old key"
    begun_at=$(date +%s.%N)
    "$otpd" keys rotate --config "$folder/both.json" >"$work/rotate.out" 2>&1 ||
        fail "keys rotate: $(cat "$work/rotate.out")"
    taken=$(calculate "$(date +%s.%N) - $begun_at")
    (($(held_by_old_key) == 0)) || fail "the old ring key still holds secrets"
    for pid in "${background[@]}"; do wait "$pid"; done
    for answer in "$(cat "$work/rotate-codes")" "$(cat "$work/rotate-sign-ins")"; do
        (($(value errors "$answer") == 0)) || fail "sign-ins failed while keys were exchanged: $answer"
    done
    leave_site
    start_service "$otpd" "$folder" "$folder/new.json"
    sleep 1
    answer=$("$bench" open-loop --kind otp --port "${service_url##*:}" --key "$(cat "$folder/caller.key")" \
        --first 50000 --accounts 100000 --rate 50 --seconds 2)
    (($(value errors "$answer") == 0)) || fail "codes failed without the old key: $answer"
    leave_site
    row "keys rotate over 100,000 authenticators beside 50 sign-ins/s, killed half-way and run again (s)" "$taken" – \
        "$taken" 60 10 "≤"
}

# sealed_anew: how many authenticators' secrets are under the new ring key; a sealed secret names its key.
sealed_anew() {
    sqlite3 "$folder/otpd.db" ".timeout 20000" "SELECT count(*) FROM authenticators
        WHERE hex(substr(secret_sealed, 2, 4)) = upper('$(cut -d: -f2 "$work/ring-2.key")')"
}

# held_by_old_key: how many secrets the ring key holds that does not seal any more.
held_by_old_key() {
    "$otpd" keys list --json --config "$folder/both.json" | jq '.keys[] | select(.state == "opens") | .secrets'
}
