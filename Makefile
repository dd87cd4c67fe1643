# Copyright the NI tokenomics developers.
# SPDX-License-Identifier: Apache-2.0

# One target directory, outside the checkout, so that every checkout and every
# command here shares what was built.
CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/ni-tokenomics/target
export CARGO_TARGET_DIR
BIN := $(CARGO_TARGET_DIR)/debug

.PHONY: help setup build demo test lint weights verifier-cost prover-stages

help: ## lists these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

setup: ## installs what the build needs: system packages, wasm target, software Vulkan
	@.ci/setup

build: setup ## builds node, worker and demo
	cargo build --workspace --bins --locked

demo: build ## the main job: a chain, miners, a cheat, and who was paid (KEEP=1 leaves it running)
	@$(BIN)/ni-demo $(if $(KEEP),--keep)

lint: setup ## formatting and lints, every warning an error
	cargo fmt --all -- --check
	SKIP_WASM_BUILD=1 RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__ \
	    cargo build --workspace --all-targets --locked

test: build ## everything that must hold
	cargo test --workspace --locked
	@$(MAKE) --no-print-directory lint
