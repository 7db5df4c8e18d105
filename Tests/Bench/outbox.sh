# Sourced by run.sh: 100,000 events that wait, delivered to a receiver on this machine (R-HOOK-2).

# outbox: how fast they leave, and how much memory the service takes for it.
outbox() {
    local rates=() growths=() run
    say "100,000 pending events to nginx"
    make_site outbox
    local folder
    folder=$(site outbox)
    printf 'whsec_%s\n' "$(head -c 32 /dev/urandom | base64)" >"$folder/receiver.secret"
    sed -i "s|\"throttle\"|\"callbacks\": { \"targets\": [ { \"name\": \"receiver\", \"type\": \"webhook\",\
 \"url\": \"http://127.0.0.1:$nginx_port/\", \"secret_files\": [\"receiver.secret\"] } ] },\n  \"throttle\"|" \
        "$folder/otpd.json"
    for run in 1 2 3; do
        fill_outbox "$folder/otpd.db"
        drain_outbox "$folder"
        rates+=("$rate")
        growths+=("$grown")
    done
    local figure
    figure=$(median "${rates[@]}")
    row "100,000 pending events to a local receiver (events/s)" "$(whole "$figure")" 2000 \
        "$(calculate "$figure / 2000")" 1 2 "≥" "$(steadiness "${rates[*]}")"
    figure=$(median "${growths[@]}")
    row "memory taken while they leave (MiB)" "$(printf '%.1f' "$figure")" – "$figure" 24 8 "≤"
}

# fill_outbox DATABASE: five events for each of 20,000 accounts.
fill_outbox() {
    sqlite3 "$1" <<'SQL'
BEGIN;
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
INSERT INTO outbox (target, account_id, sequence, type, occurred_at, address, data)
SELECT 'receiver', 'acc_' || (i % 20000), i / 20000 + 1, 'mailbox.locked', 1795420800000,
    'u' || (i % 20000) || '_bench@hanoi.gov.vn',
    '{"account":"acc_' || (i % 20000) || '","address":"u' || (i % 20000) || '_bench@hanoi.gov.vn","sequence":'
    || (i / 20000 + 1) || ',"cause":"bad_password_5","clause":"Điều 8.2.b","source":"auto"}'
FROM n;
INSERT INTO outbox_lines (target, account_id, due_at, attempts, stage)
SELECT DISTINCT target, account_id, 0, 0, 0 FROM outbox;
COMMIT;
SQL
}

# drain_outbox FOLDER: starts the service and waits until nothing is left; sets rate and grown (MiB).
drain_outbox() {
    local start now first=0 left=100000
    start=$(date +%s.%N)
    start_service "$otpd" "$1" "$1/otpd.json"
    while ((left > 0)); do
        sleep 0.2
        left=$(sqlite3 "$1/otpd.db" ".timeout 5000" "SELECT count(*) FROM outbox")
        # After the first thousands all caches are warm: what comes on top would be growth.
        if ((first == 0 && left < 95000)); then first=$(resident); fi
        now=$(date +%s.%N)
        if (($(whole "$(calculate "$now - $start")") > 300)); then fail "$left events are still there after 5 minutes"; fi
    done
    rate=$(calculate "100000 / ($(date +%s.%N) - $start)")
    grown=$(calculate "($(awk '/^VmHWM/ { print $2 }' "/proc/$service_pid/status") - $first) / 1024")
    folder=$1 leave_site
}
