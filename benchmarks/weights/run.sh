#!/usr/bin/env bash
# Copyright the NI tokenomics developers.
# SPDX-License-Identifier: Apache-2.0

# Measures the project's pallets in the runtime's production wasm and writes
# their weights.rs.
#
# usage: benchmarks/weights/run.sh [pallet_name]...   (default: all)
#
# NODE     the node that executes the wasm (default: built here)
# RUNTIME  a runtime built with runtime-benchmarks (default: built here)
# STEPS, REPEAT, SECONDS_EACH  how often: values of each component, repeats of each
#          value, and how long a value is measured at least (default 20, 10, 1)
# INTO     a folder that takes NAME/weights.rs (default: the sources, which they replace)
set -euo pipefail
cd "$(dirname "$0")/../.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/ni-tokenomics
main=${CARGO_TARGET_DIR:-$PWD/target}
pallets=("$@")
if [ ${#pallets[@]} -eq 0 ]; then
    pallets=(
        pallet_supply pallet_registration pallet_proof_of_gpu pallet_emission
        pallet_buyback pallet_delegation pallet_governance settings bridge
    )
fi

if [ -z "${NODE:-}" ]; then
    # The runtime that another of its subcommands tests storage with is not needed, nor is
    # it found offline.
    SKIP_FRAME_STORAGE_ACCESS_TEST_RUNTIME_WASM_BUILD=1 CARGO_TARGET_DIR=$main \
        cargo build --package ni-node --features benchmark
    NODE=$main/debug/ni-node
fi

# The wasm alone, by the flags the wasm builder uses: the feature then costs no
# second native build of the SDK.
if [ -z "${RUNTIME:-}" ]; then
    target=$cache/weights
    CARGO_TARGET_DIR=$target \
    RUSTFLAGS="-C link-arg=--export-table -C link-arg=--export=__heap_base -C link-arg=--import-memory --cfg substrate_runtime" \
    cargo rustc --package ni-runtime --lib --crate-type cdylib --profile release \
        --target wasm32v1-none --no-default-features --features runtime-benchmarks
    RUNTIME=$target/wasm32v1-none/release/ni_runtime.wasm
fi

for pallet in "${pallets[@]}"; do
    room=${pallet#pallet_}
    room=${room//_/-}
    case ${INTO:+into}$pallet in
        into*) output=$INTO/$room/weights.rs ;;
        pallet_*) output=pallets/$room/src/weights.rs ;;
        *) output=runtime/src/$room/weights.rs ;;
    esac
    mkdir -p "$(dirname "$output")"
    "$NODE" benchmark pallet --runtime "$RUNTIME" \
        --genesis-builder runtime --genesis-builder-preset development \
        --pallet "$pallet" --extrinsic '*' \
        --steps "${STEPS:-20}" --repeat "${REPEAT:-10}" --min-duration "${SECONDS_EACH:-1}" \
        --template benchmarks/weights/template.hbs --output "$output"
    rustfmt --edition 2024 "$output"
    echo "wrote $output"
done
