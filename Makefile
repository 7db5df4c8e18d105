# `make help` says what each target does.

SWIFT ?= swift
SECONDS ?= 60
PORT ?=
ADMIN_PORT ?=
DATA ?= data

# The Swift libraries go into the program: it runs on machines that have no Swift.
RELEASE = -c release --static-swift-stdlib

export SWIFT PORT ADMIN_PORT DATA

.DEFAULT_GOAL := help
.PHONY: help run test bench lint sanitize fuzz build clean toolchain

help: ## Print this list
	@echo "Targets:"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '  make %-10s %s\n' "$$name" "$$text"; done
	@echo "Variables: PORT, ADMIN_PORT and DATA for run; SECONDS for fuzz; SWIFT for the swift command."

run: toolchain ## Install what is missing, build, start a private Redis and the service on loopback with a demo account
	@deploy/install-packages.sh build run
	$(SWIFT) build $(RELEASE) --product otpd
	@deploy/demo/run.sh

test: toolchain ## Install what is missing, build, run every test: lint, suites, deploy checks, tour, schemathesis
	@deploy/install-packages.sh build run test
	@Tests/all.sh

bench: toolchain ## Install what is missing, build for release, measure each path against its ceiling and floor
	@deploy/install-packages.sh build bench
	$(SWIFT) build $(RELEASE) --product otpd
	$(SWIFT) build $(RELEASE) --product otpd-bench
	@Tests/Bench/run.sh

lint: toolchain ## Check the format of every Swift file and the rules about imports, clocks and unsafe code
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	@deploy/checks/purity.sh

sanitize: toolchain ## Run the suites under ThreadSanitizer, then under AddressSanitizer
	@deploy/install-packages.sh build test
	@Tests/sanitize.sh

fuzz: toolchain ## Fuzz the parsers with libFuzzer for SECONDS seconds (default 60)
	@deploy/install-packages.sh build
	@Tests/Fuzz/run.sh $(SECONDS)

build: toolchain ## Install what is missing and build the service for release
	@deploy/install-packages.sh build
	$(SWIFT) build $(RELEASE) --product otpd

clean: ## Remove what was built; ./data stays
	rm -rf .build

toolchain:
	@deploy/checks/toolchain.sh
