#!/usr/bin/env bash
# Checks what the compiler does not: pure rules, direction of imports, C modules in one place, unsafe code counted.
# Prints each breach as file:line and exits 1 when there is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Every escape from the compiler's checks needs its reason in a comment; more than this many need a new design.
unsafe_ceiling=${UNSAFE_CEILING:-12}

breaches=0
breach() {
    echo "purity: $1" >&2
    breaches=$((breaches + 1))
}

# Prints "file:line:code" for all Swift code of the folders, comments blanked.
code_of() {
    find "$@" -name '*.swift' -print0 | sort -z | xargs -0 -r awk '
        { line = $0; sub(/^[ \t]*\/\/.*/, "", line); sub(/[ \t]\/\/ .*/, "", line) }
        line !~ /^[ \t]*$/ { print FILENAME ":" FNR ":" line }'
}

report() {
    local rule=$1 line
    while IFS= read -r line; do
        if [[ -n $line ]]; then breach "$rule: $line"; fi
    done
}

# 1. The rules and use cases read no clock and draw no randomness (architecture, principle 4).
pure=$(code_of Sources/AuthDomain Sources/AuthService)
impure='\bDate\(\)|\bDate\.now\b|(^|[^A-Za-z0-9_)?!\]])\.now\b|\b(Continuous|Suspending|System)Clock\b|\bTask\.sleep\b'
impure+='|\bclock_gettime\b|\bgettimeofday\b|\btime\(nil\)|\bUUID\(\)|\bSystemRandomNumberGenerator\b|\barc4random'
impure+='|\bgetrandom\b|\.randomElement\(\)|\.shuffled\(\)|\.random\(in:[^)]*\)'
report "reads a clock or draws randomness" < <(grep -E "$impure" <<<"$pure" | grep -v 'using:' || true)
report "imports the system" < <(grep -E ':[a-z@() ]*import (Glibc|Musl|Dispatch|FoundationEssentials|CLinux)\b' <<<"$pure" || true)

foundation=$(grep -E ':[a-z@() ]*import Foundation\b' <<<"$pure" || true)
report "AuthService must not import Foundation" < <(grep '^Sources/AuthService/' <<<"$foundation" || true)
report "Foundation in AuthDomain must be an internal import" < <(grep -vE ':internal import Foundation$' <<<"$foundation" | grep . || true)
if (($(grep -c . <<<"$foundation" || true) > 1)); then
    breach "only the file that normalises Unicode may import Foundation in AuthDomain, found:"$'\n'"$foundation"
fi

# 2. Each C module is imported by exactly one target, and internally.
everything=$(code_of Sources)
for folder in Sources/C[A-Z]*/; do
    module=$(basename "$folder")
    [[ -e $folder/module.modulemap ]] || continue
    imports=$(grep -E ":[a-z@() ]*import $module\b" <<<"$everything" || true)
    importers=$(sed -n 's#^Sources/\([^/]*\)/.*#\1#p' <<<"$imports" | sort -u | tr '\n' ' ')
    if (($(wc -w <<<"$importers") != 1)); then
        breach "$module must be imported by exactly one target, not by: ${importers:-none}"
    fi
    report "$module must be an internal import" < <(grep -vE ':(@preconcurrency )?internal import ' <<<"$imports" | grep . || true)
done

# 3. Arrows point one way: adapters never import each other, nothing imports the executable or, but for tests, the kit.
adapters='Callbacks|Cryptography|Forms|QRCode|SMSGateways|MailHooks|SQLStore|RedisCounters|MemoryCounters|Telemetry'
adapters+='|Settings|WebAPI'
own=$(grep -E ':[a-z@() ]*import [A-Z]' <<<"$everything" || true)
report "an adapter imports an adapter" < <(grep -E "^Sources/($adapters)/.*import ($adapters)\b" <<<"$own" || true)
report "the engine imports what is built on it" < <(
    grep -E "^Sources/(Reactor|HTTPServer|LineServer)/.*import (Auth[A-Za-z]*|$adapters)\b" <<<"$own" || true)
report "Reactor imports a server" < <(grep -E "^Sources/Reactor/.*import (HTTP|Line)Server\b" <<<"$own" || true)
report "AuthDomain imports a target" < <(grep -E "^Sources/AuthDomain/.*import (AuthService|Reactor|HTTPServer|$adapters)\b" <<<"$own" || true)
report "AuthService imports more than AuthDomain" < <(grep -E "^Sources/AuthService/.*import (Reactor|HTTPServer|$adapters)\b" <<<"$own" || true)
report "only tests import TestKit" < <(grep -E "import TestKit\b" <<<"$own" || true)

# 4. Escapes from the compiler's checks: each with its reason near it, and few.
unsafe=$(grep -E '@unchecked Sendable|nonisolated\(unsafe\)' <<<"$everything" | grep -v '^Sources/TestKit/' || true)
count=$(grep -c . <<<"$unsafe" || true)
while IFS=: read -r file line _; do
    [[ -n $file ]] || continue
    start=$((line > 8 ? line - 8 : 1))
    if ! sed -n "${start},${line}p" "$file" | grep -q '//'; then
        breach "no reason in a comment near: $file:$line"
    fi
done <<<"$unsafe"
if ((count > unsafe_ceiling)); then
    breach "$count uses of @unchecked Sendable or nonisolated(unsafe), more than $unsafe_ceiling:"$'\n'"$unsafe"
fi

# 5. Nothing is left for later in the code.
report "unfinished" < <(
    grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' Sources Tests deploy Package.swift Makefile --include='*' \
        --exclude=purity.sh --exclude-dir=__pycache__ || true)

echo "purity: $count uses of @unchecked Sendable or nonisolated(unsafe) (at most $unsafe_ceiling), $breaches breaches"
((breaches == 0))
