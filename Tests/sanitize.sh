#!/usr/bin/env bash
# The suites under ThreadSanitizer, then under AddressSanitizer, each built apart from .build/debug.
# TEST_SANITIZER (thread or address) tells the tests which one: everything is several times slower.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
swift=${SWIFT:-swift}

# A contended Synchronization.Mutex looks like a race to ThreadSanitizer; the suppressions name just that.
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1:suppressions=$PWD/Tests/thread-sanitizer.suppressions}
# Leaks are not looked for: the Swift runtime keeps metadata for ever. Memory growth has a benchmark of its own.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:abort_on_error=0}

for sanitizer in ${SANITIZERS:-thread address}; do
    echo
    echo "== $sanitizer sanitizer"
    export TEST_SANITIZER=$sanitizer
    build=(--sanitize="$sanitizer" --scratch-path ".build/sanitize-$sanitizer")
    # One after the other: side by side, slowed down as they are, they would measure each other's delays.
    "$swift" test "${build[@]}" --no-parallel --skip SystemTests
    "$swift" test "${build[@]}" --skip-build --no-parallel --filter SystemTests
done
echo
echo "make sanitize: ${SANITIZERS:-thread address} clean"
