#!/usr/bin/env bash
# Measures each path beside the ceiling found in the same run and holds it to its floor. Called by `make bench`.
#
#   run.sh [OTPD BENCH]: the two release builds, if not those of this folder
#   SECONDS_EACH (4): the length of one measurement; three of each are made, and the median counts
#
# Everything runs on loopback and Unix sockets, with a private Redis and a private nginx, under .build/bench, and is
# stopped at the end. Exit: 0 all floors reached · 1 a floor was missed · 70 a measurement could not be made.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/Tests/Bench
otpd=${1:-$root/.build/release/otpd}
bench=${2:-$root/.build/release/otpd-bench}
# shellcheck source=deploy/demo/processes.sh
source "$root/deploy/demo/processes.sh"
# shellcheck source=Tests/Bench/measure.sh
source "$here/measure.sh"
# shellcheck source=Tests/Bench/mail.sh
source "$here/mail.sh"
# shellcheck source=Tests/Bench/paths.sh
source "$here/paths.sh"
# shellcheck source=Tests/Bench/outbox.sh
source "$here/outbox.sh"
# shellcheck source=Tests/Bench/messages.sh
source "$here/messages.sh"
# shellcheck source=Tests/Bench/audit.sh
source "$here/audit.sh"
# shellcheck source=Tests/Bench/forms.sh
source "$here/forms.sh"
# shellcheck source=Tests/Bench/clocks.sh
source "$here/clocks.sh"

each=${SECONDS_EACH:-4}
cores=$(nproc)
work=$root/.build/bench
report=$work/report.md
begun=$SECONDS
if awk -v most="$cores" '{ exit !($1 > most / 2) }' /proc/loadavg; then
    say "this machine is busy (load $(cut -d' ' -f1 /proc/loadavg)): figures taken beside other work mean little"
fi

for program in "$otpd" "$bench"; do
    if [[ ! -x $program ]]; then
        echo "There is no $program yet: run \`make bench\`, which builds it." >&2
        exit 69
    fi
done
umask 077
rm -rf "$work"
mkdir -p "$work"
trap 'stop_started' EXIT
trap 'exit 130' INT TERM HUP

say "seeding databases with 10,000, 100,000, 300,000 and 1,000,000 accounts"
make_ring_key "$otpd" "$work/ring.key"
start_redis "$work"
redis=$(redis_socket "$work")
for accounts in 10000 100000 300000 1000000; do
    make_site "$accounts"
    # The service notes its rules about deadlines while the database is empty: else it would walk through all accounts
    # beside the measurements.
    use_site "$accounts"
    leave_site
    # The last tenth has used all its steps: right codes there are replays.
    "$bench" seed --accounts "$accounts" --used $((accounts / 10)) --key "$work/ring.key" |
        sqlite3 "$(site "$accounts")/otpd.db" >"$work/seed.log"
done
"$bench" codes >"$work/codes"

start_nginx '{"status":"alive"}'

start_up
use_site 300000
idle=$(resident)
liveness
one_script
note "memory: $(calculate "$idle / 1024") MiB resident idle, $(calculate "$(resident) / 1024") MiB after the codes"
password
tail_latency
leave_site
mail_logins 300000 2000
outbox
audit
message_rate
message_codes
form_imports
growth
sweep_great_table
sweep_beside_sign_ins
exchange_keys

{
    echo "# otpd: measurements of $(date -u +%Y-%m-%dT%H:%MZ)"
    echo
    echo "$cores cores shared by load generator, service and Redis; 64 connections; median of 3 runs (5 for the tail) of $each s;"
    echo "300,000 accounts where nothing else is said. Throttling is off, because all load comes from one address."
    echo
    print_table
    echo
    cat "$work/notes"
} >"$report"
echo
cat "$report"
say "done; the report is .build/bench/report.md"
((missed == 0))
