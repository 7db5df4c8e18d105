# Sourced by run.sh: one function for each path that is measured.

start_up() {
    local times=() run answer
    for run in 1 2 3; do
        answer=$("$bench" start-up --otpd "$otpd" --config "$(site 300000)/otpd.json" 2>"$work/start.log")
        times+=("$(value ms "$answer")")
    done
    note "start-up: $(median "${times[@]}") ms from the start of the process to /readyz 200"
}

# The liveness route against nginx with the same body.
liveness() {
    local figures=() ceilings=() run
    say "liveness route and nginx"
    [[ $(curl -s "$service_url/livez") == $(curl -s "http://127.0.0.1:$nginx_port/") ]] ||
        fail "nginx does not answer as /livez does"
    for run in 1 2 3; do
        ceilings+=("$(plain_rate "http://127.0.0.1:$nginx_port/")")
        figures+=("$(plain_rate "$service_url/livez")")
    done
    compare "liveness route (requests/s) / nginx, same body" 0.40 0.60 "${figures[*]}" "${ceilings[*]}"
}

plain_rate() {
    "${as_client[@]}" wrk -t2 -c64 -d "${each}s" "$1" |
        awk '/Requests\/sec/ { print $2 } /Non-2xx/ { bad = 1 } END { exit bad }' ||
        fail "$1 did not answer 200"
}

# Codes of distinct accounts against the reservation script on the same Redis; processor time of the service.
one_script() {
    local figures=() ceilings=() costs=() replays=() latencies=() run before digest
    digest=$(redis-cli -s "$redis" script load "$("$bench" script --name reservation)")
    say "one-time codes and the reservation script $digest"
    each=1 load otp "$service_url"
    for run in 1 2 3; do
        ceilings+=("$(script_rate "$digest")")
        before=$(processor_ticks)
        load otp "$service_url"
        all_passed "one-time codes"
        figures+=("$(calculate "$(value requests "$last") / $(value seconds "$last")")")
        costs+=("$(calculate "($(processor_ticks) - $before) * 1e6 / $(getconf CLK_TCK) / $(value requests "$last")")")
        latencies+=("$(value p99 "$last")")
    done
    compare "one-script authentication, OTP verify (codes/s) / EVALSHA" 0.40 0.65 "${figures[*]}" "${ceilings[*]}"
    row "service CPU for one code (µs)" "$(whole "$(median "${costs[@]}")")" – "$(median "${costs[@]}")" 30 15 "≤" \
        "$(steadiness "${costs[*]}")"
    note "OTP verify at saturation: p99 $(calculate "$(median "${latencies[@]}") / 1000") ms"

    # Accounts whose steps are used up: evaluated, refused, nothing written.
    local kept=$place
    before=$(processor_ticks)
    for run in 1 2 3; do
        place=0
        each=2 load replay "$service_url"
        replays+=("$(calculate "$(value requests "$last") / $(value seconds "$last")")")
        (($(value refused "$last") == $(value requests "$last"))) || fail "a replayed code passed: $last"
    done
    place=$kept
    note "replayed codes (refused, nothing written): $(whole "$(median "${replays[@]}")")/s," \
        "$(calculate "$(median "${replays[@]}") / $(median "${ceilings[@]}")") of the script's ceiling"
}

# script_rate DIGEST: reservations on fresh keys in a second; Redis is emptied before and after.
script_rate() {
    local answer
    redis-cli -s "$redis" flushall >/dev/null
    answer=$("${as_client[@]}" redis-benchmark -s "$redis" -c 50 -r 1000000000 --csv \
        -n $((each * 50000 > 200000 ? 200000 : each * 50000)) \
        EVALSHA "$1" 1 'otpd:b:{acc___rand_int__}:otp:shared' abcdefghijklmnopqrstuvwxyz 0 0 5 10000 86400000) ||
        fail "redis-benchmark: $answer"
    redis-cli -s "$redis" flushall >/dev/null
    awk -F'","' 'END { print $2 }' <<<"$answer"
}

# Right passwords of distinct accounts against hashes on as many threads.
password() {
    local figures=() ceilings=() run
    say "password sign-ins and raw hashes"
    each=1 load sign-in "$service_url"
    for run in 1 2 3; do
        # What the load generator left behind in the queue is worked off first.
        sleep 1.5
        ceilings+=("$(value rate "$("$bench" hash-rate --threads "$cores" --seconds "$each")")")
        load sign-in "$service_url"
        all_passed "sign-ins"
        figures+=("$(calculate "$(value requests "$last") / $(value seconds "$last")")")
    done
    sleep 1.5
    compare "password sign-in (sign-ins/s) / Argon2id hashes on $cores threads" 0.90 0.97 \
        "${figures[*]}" "${ceilings[*]}"
}

# The tail of OTP verify at 500/s, alone and while sign-ins fill the hashing pool; the median of five, for one pause of
# the whole machine is a tail of its own.
tail_latency() {
    local alone=() loaded=() run wrk_pid
    say "p99 of OTP verify at 500/s, alone and beside saturating sign-ins"
    for run in 1 2 3 4 5; do
        open_loop
        alone+=("$tail")
        wrk -t1 -c64 -d "$((each + 2))s" --timeout 10s -s "$here/load.lua" "$service_url" -- \
            sign-in "$folder/caller.key" "$work/codes" 0 "$accounts" 0 >"$work/background" &
        wrk_pid=$!
        sleep 1
        open_loop
        loaded+=("$tail")
        wait "$wrk_pid"
        sleep 1.5
    done
    local before after
    before=$(median "${alone[@]}")
    after=$(median "${loaded[@]}")
    row "p99 of OTP verify at 500/s beside saturating sign-ins / alone (µs)" "$after" "$before" \
        "$(calculate "$after / $before")" 5 2 "≤" "$(steadiness "${alone[*]}" "${loaded[*]}")"
}

open_loop() {
    local answer
    answer=$("$bench" open-loop --port "${service_url##*:}" --key "$(cat "$folder/caller.key")" --first "$place" \
        --accounts "$accounts" --rate 500 --seconds "$each")
    place=$((place + 500 * each + 256))
    (($(value errors "$answer") == 0)) || fail "codes were refused: $answer"
    tail=$(value p99 "$answer")
}

# The same with 10,000 and with 1,000,000 accounts: rate of codes, reading an account, memory.
growth() {
    local size run
    for size in 10000 1000000; do
        local figures=() reads=()
        use_site "$size"
        for run in 1 2 3; do
            # Few accounts have few codes: begin again with all steps unused.
            sqlite3 "$folder/otpd.db" ".timeout 5000" \
                "UPDATE authenticators SET last_step = NULL WHERE last_step < 1000000000"
            place=0
            lead=-1 each=1 load otp "$service_url"
            all_passed "one-time codes"
            figures+=("$(calculate "$(value requests "$last") / $(value seconds "$last")")")
        done
        for run in 1 2 3; do
            each=1 load account "$admin_url" -t1 -c1
            all_passed "account reads"
            reads+=("$(value p50 "$last")")
        done
        note "$size accounts: $(whole "$(median "${figures[@]}")") codes/s, an account read over HTTP in" \
            "$(median "${reads[@]}") µs (median), $(calculate "$(resident) / 1024") MiB resident," \
            "database $(du -m "$folder/otpd.db" | cut -f1) MiB"
        leave_site
    done
}

# all_passed WHAT: every request of the last load was answered 2xx; a few may straddle a time step.
all_passed() {
    (($(value broken "$last") == 0 && $(value refused "$last") * 2000 <= $(value requests "$last"))) ||
        fail "$1 were refused: $last"
}

# compare PATH FLOOR AIM FIGURES CEILINGS: the medians and their ratio as a row.
compare() {
    local figure ceiling
    # The figures are words on purpose.
    # shellcheck disable=SC2086
    figure=$(median $4) ceiling=$(median $5)
    row "$1" "$(whole "$figure")" "$(whole "$ceiling")" "$(calculate "$figure / $ceiling")" "$2" "$3" "≥" \
        "$(steadiness "$4" "$5")"
}

whole() {
    printf '%.0f' "$1"
}
