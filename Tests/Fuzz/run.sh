#!/usr/bin/env bash
# Fuzzes the parsers with libFuzzer for SECONDS seconds (default 60), after a build of its own in .build/fuzz.
# Exits 1 when an input crashes, hangs or takes too much memory, and prints the input's path and how to replay it.
# What was learnt stays in .build/fuzz/corpus for the next run.
set -euo pipefail
seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "usage: Tests/Fuzz/run.sh SECONDS" >&2; exit 64; }
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
swift=${SWIFT:-swift}
memory_mb=1024
input_seconds=5
input_bytes=4096

folder=.build/fuzz
build=("$swift" build -c release --sanitize fuzzer --scratch-path "$folder" --product otpd-fuzz
    -Xswiftc -DFUZZING -Xswiftc -enable-testing)
"${build[@]}"
binary=$("${build[@]}" --show-bin-path)/otpd-fuzz

# The seeds: each line of X-name.txt and each whole X-name.seed, with the letter X of its parser in front.
seeds=$folder/seeds
rm -rf "$seeds"
mkdir -p "$seeds" "$folder/corpus" "$folder/crashes"
for file in Tests/Fuzz/Seeds/*; do
    name=$(basename "${file%.*}")
    if [[ $file == *.seed ]]; then
        { printf '%s' "${name%%-*}"; cat "$file"; } >"$seeds/$name"
        continue
    fi
    count=0
    while IFS= read -r line; do
        count=$((count + 1))
        printf '%s%s' "${name%%-*}" "$line" >"$seeds/$name-$count"
    done <"$file"
done

log=$folder/log
started=$(mktemp -p "$folder")
trap 'rm -f "$started"' EXIT
echo "fuzz: $seconds seconds, $(find "$seeds" "$folder/corpus" -type f | wc -l) inputs to start from"
status=0
# The Swift runtime's own crash report would come before libFuzzer's and keep the input from being written.
SWIFT_BACKTRACE=enable=no "$binary" -max_total_time="$seconds" -rss_limit_mb="$memory_mb" -timeout="$input_seconds" -max_len="$input_bytes" \
    -dict=Tests/Fuzz/dictionary.txt -artifact_prefix="$folder/crashes/" -print_final_stats=1 \
    "$folder/corpus" "$seeds" >"$log" 2>&1 || status=$?

rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$log")
edges=$(grep -o ' cov: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9 || true)
features=$(grep -o ' ft: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9 || true)
echo "fuzz: ${runs:-0} executions, ${rate:-0} executions/s, ${edges:-0} edges, ${features:-0} coverage features," \
    "peak ${peak:-?} MiB"
if ((status != 0)); then
    tail -n 40 "$log" >&2
    echo "fuzz: failed (exit $status); replay with: swift run otpd-fuzz FILE, where FILE is" >&2
    find "$folder/crashes" -type f -newer "$started" >&2
    exit 1
fi
echo "make fuzz: nothing found"
