# Sourced by run.sh: how long the verification of a large record takes (R-LOG-2, Đ9.2).

# audit: 1,000,000 rows of four chains, verified by the command.
audit() {
    local times=() run start folder printed
    say "1,000,000 audit rows"
    make_site audit
    folder=$(site audit)
    "$bench" audit --rows 1000000 --key "$work/ring.key" --database "$folder/otpd.db" >>"$work/seed.log"
    for run in 1 2 3; do
        start=$(date +%s.%N)
        printed=$("$otpd" audit verify --config "$folder/otpd.json" 2>/dev/null) || fail "audit verify: $printed"
        times+=("$(calculate "$(date +%s.%N) - $start")")
    done
    local figure
    figure=$(median "${times[@]}")
    row "otpd audit verify over 1,000,000 rows (s)" "$(printf '%.1f' "$figure")" – "$figure" 60 10 "≤" \
        "$(steadiness "${times[*]}")"
}
