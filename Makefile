# Copyright the NI tokenomics developers.
# SPDX-License-Identifier: Apache-2.0

# Programs are here; what they are built from is shared by all checkouts, as
# .cargo/config.toml says.
CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TARGET_DIR
BIN := $(CARGO_TARGET_DIR)/debug

# When, where and of what a report was made.
MADE = $$(date -u +%F), $$(nproc) cores of $$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), at $$(git rev-parse --short HEAD)

# What the demo runs, and no more. The last one gives every selection the workspace's features.
DEMO := --package ni-node --package ni-worker --package ni-cheat --package ni-demo --package workspace-hack

.PHONY: help setup build demo check test test-slow lint terms migration weights weights-again verifier-cost memory-walk scaling soak stateful container prover-stages \
    network-faults coop-conformance roofline fuzz fuzz-by-seed coverage mutants adversaries economics runtime-report reports

help: ## lists these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

setup: ## installs what the build needs: system packages, wasm target, software Vulkan
	@.ci/setup

build: setup ## builds every program: node, worker, demo, reports
	cargo build --workspace --bins --locked

demo: setup ## the main job: a chain, miners, a cheat, and who was paid (KEEP=1 leaves it running)
	cargo build --bins --locked $(DEMO)
	@$(BIN)/ni-demo $(if $(KEEP),--keep)

# Lints are given to the compiler that builds, which builds no dependency twice.
LINT := SKIP_NI_RUNTIME_WASM_BUILD=1 RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/.ci/clippy cargo build --all-targets --locked

check: ## formatting, lints and tests of one package (P=pallet-supply)
	@[ -n "$(P)" ] || { echo "check: name a package, as in: make check P=pallet-supply" >&2; exit 2; }
	cargo fmt --package $(P) -- --check
	$(LINT) --package $(P)
	cargo test --locked --package $(P)

lint: setup ## formatting and lints, every warning an error; one set of features
	cargo fmt --all -- --check
	build/workspace-hack/generate --check
	.ci/circles --self-test
	.ci/circles $(dir $(wildcard */src/lib.rs */src/main.rs */*/src/lib.rs */*/src/main.rs))
	$(LINT) --workspace

test: build ## all tests, and the lints
	cargo test --workspace --locked
	@$(MAKE) --no-print-directory lint

# How often: beside busy loops, and with a fifth of a core.
test-slow: build ## the tests that start networks, on a machine made slow (hours; BUSY=10 FIFTH=3, ONLY=a pattern)
	@.ci/slow $(or $(BUSY),10) $(or $(FIFTH),3)

terms: build ## the production chain's terms as one set, and whether every relation between them holds
	@$(BIN)/terms

migration: ## an older runtime's state goes on by this code: migrations, and every invariant after them
	SKIP_NI_RUNTIME_WASM_BUILD=1 cargo test --locked --package ni-runtime --lib migration

weights: setup ## measures the pallets in the production wasm and writes their weights.rs
	benchmarks/weights/run.sh

weights-again: build ## measures them again, with fewer repeats, and compares them with those charged
	@benchmarks/weights/again "$(MADE)"

verifier-cost: build ## what a sample, and a lane of the memory walk, cost the chain
	@benchmarks/record benchmarks/verifier-cost/results.md $@ "$(MADE)" $(BIN)/verifier-cost

memory-walk: build ## how much slower a memory walk is for a prover that keeps a part of its fill
	@benchmarks/record benchmarks/memory-walk/results.md $@ "$(MADE)" $(BIN)/memory-walk

scaling: build ## reads and writes by call and block, with 10 and 1,000,000 miners
	@$(BIN)/scaling benchmarks/scaling/README.md --made "$(MADE)"

container: setup ## builds the worker's container, with podman, buildah or docker (Debian 12 here too, or older)
	cargo build --release --locked --package ni-worker
	mkdir -p packaging/bin
	cp $(CARGO_TARGET_DIR)/release/ni-worker packaging/bin/
	@for tool in podman buildah docker; do \
	    command -v $$tool > /dev/null && exec $$tool build --tag ni-worker --file packaging/Containerfile packaging; \
	done; echo "container: install podman, buildah or docker" >&2; exit 1

soak: build ## leaves workers running while faults are injected (MINUTES=30), and checks what is left
	@$(BIN)/soak --page benchmarks/soak --made "$(MADE)"

network-faults: build ## four validators on a network that is broken on purpose, and who goes on (20 minutes)
	-@.ci/setup libfaketime
	@code=$$(tests/network-faults/next-runtime) && NI_NEXT_RUNTIME=$$code \
	    $(BIN)/network-faults benchmarks/network-faults/README.md --made "$(MADE)"

adversaries: build ## dishonest miners and authors: how often caught, what they gain (WINDOWS for each number of samples)
	@$(BIN)/adversaries benchmarks/adversaries --windows $(or $(WINDOWS),1000) --made "$(MADE)"

economics: build ## twenty years of the economy in eight scenarios: data, plots, tables (DAYS a round)
	@$(BIN)/economics benchmarks/economics --days $(or $(DAYS),5) --made "$(MADE)"

runtime-report: build ## weights by call and hook, what fits a block, GPUs a chain holds
	@$(BIN)/runtime-report benchmarks/runtime/README.md --made "$(MADE)" \
	    pallets/*/src/weights.rs runtime/src/*/weights.rs

reports: build ## remakes every report of benchmarks/ (an hour and a half)
	@benchmarks/reports

stateful: build ## 100,000 random steps on the whole runtime (STEPS, SEED), every invariant after each
	@benchmarks/record benchmarks/stateful/results.md $@ "$(MADE)" \
	    $(BIN)/stateful --steps $(or $(STEPS),100000) --seed $(or $(SEED),1) --demand

prover-stages: build ## rounds a second and the share of each stage on the first adapter
	@benchmarks/record benchmarks/kernels/prover-stages.md $@ "$(MADE)" \
	    sh -ec 'for workload in 256x256x256 512x512x512 1024x1024x1024; do \
	        $(BIN)/ni-worker bench --workload $$workload --seconds 5; \
	    done'

coop-conformance: setup ## the shaders' tests with cooperative matrices, on a newer software Vulkan (root)
	.ci/coop-conformance

roofline: build ## kernels and stages against the ceilings of every device here (ARGS)
	@$(BIN)/kernels $(ARGS)

# CASES over all the targets, each in proportion to how fast it is.
fuzz: setup ## libFuzzer on every target: CASES in all (default 1,000,000), SEED, KEEP=1 adds to the corpora
	@n=$(or $(CASES),1000000); SEED=$(or $(SEED),1) \
	    benchmarks/record benchmarks/fuzzing/guided.md $@ "$(MADE)" tests/fuzz/run $(if $(KEEP),-k) \
	    reveal=$$((n * 60 / 100)) bundle=$$((n * 38 / 100)) calls=$$((n / 100)) \
	    store=$$((n / 200)) answers=$$((n / 200))

# Ten million and more; the slow targets have fewer.
fuzz-by-seed: build ## 10,100,000 inputs altered by a seed, without an engine, in minutes (SEED)
	@benchmarks/record benchmarks/fuzzing/by-seed.md $@ "$(MADE)" \
	    sh -ec 'for target in reveal=6000000 bundle=3800000 calls=100000 store=100000 answers=100000; do \
	        $(BIN)/fuzz campaign $${target#*=} --target $${target%%=*} --seed $(or $(SEED),2026); \
	    done'

coverage: setup ## which lines of pallets and primitives their own tests reach
	@benchmarks/coverage/run

mutants: setup ## mutation testing of the primitives, with cargo-mutants
	@benchmarks/mutation/run
