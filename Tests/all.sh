#!/usr/bin/env bash
# Every test of the project, in the order in which it fails fastest. Called by `make test`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
swift=${SWIFT:-swift}

step() {
    echo
    echo "== $1"
}

step "lint"
make --no-print-directory lint
step "deploy: units, nginx, Redis, packages"
Tests/deploy.sh
step "build"
"$swift" build --build-tests
step "suites of the parts"
timeout --kill-after=10 1800 "$swift" test --skip-build --no-parallel --skip SystemTests
step "suites of the running service"
timeout --kill-after=10 1800 "$swift" test --skip-build --no-parallel --filter SystemTests
step "tour: a first sign-in from end to end"
Tests/tour.sh
step "schemathesis: the live service against openapi.yaml"
Tests/schemathesis.sh

echo
echo "make test: everything passed (lint, deploy, suites, tour, schemathesis)"
