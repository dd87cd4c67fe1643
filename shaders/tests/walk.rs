// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The walk's shaders against their twins, on every adapter and by every way to bind.

mod common;

use common::{adapters, hash};
use ni_shaders::{
    Adapter, cpu,
    walk::{Bindings, GpuFill, GpuWalkError},
};
use proof_of_gpu_primitives::{
    SoftwareSha256,
    walk::{
        MAX_PAGE_BITS, WalkError, WalkParameters,
        prover::{BatchEngine, CpuFill, open_walk, prove_walk},
        verify_walk, walk_challenge,
    },
};

const SMALL: WalkParameters = WalkParameters {
    pages: 3,
    page_bits: 6,
    rounds: 16,
    lanes: 256,
    hops: 5,
    passes: 8,
};

/// Every adapter with every way in which it can bind.
fn ways() -> Vec<(Adapter, Bindings)> {
    let ways: Vec<_> = adapters()
        .into_iter()
        .flat_map(|adapter| {
            let ways = Bindings::of(&adapter);
            ways.into_iter().map(move |way| (adapter.clone(), way))
        })
        .collect();
    for (adapter, bindings) in &ways {
        println!("{} ({}): {bindings:?}", adapter.name, adapter.driver);
    }
    ways
}

#[test]
fn fill_and_walk_are_their_twins() {
    let challenge = hash("challenge");
    let walk_challenge = walk_challenge::<SoftwareSha256>(&challenge, &SMALL);
    for (adapter, bindings) in ways() {
        // 192 entries: in one chunk, and in six of which each page spans two.
        for (chunk_bits, chunks) in [(MAX_PAGE_BITS, 1), (5, 6)] {
            let mut reported = 0;
            let mut fill = GpuFill::new(
                &adapter,
                bindings,
                chunk_bits,
                &challenge,
                SMALL,
                &mut |done| reported = done,
            )
            .expect("fills");
            assert_eq!(reported, 192);
            assert_eq!(fill.chunks(), chunks);
            let twin = cpu::fill::fill(&walk_challenge, SMALL.rounds, 0, 192);
            let filled: Vec<_> = (0..chunks)
                .flat_map(|chunk| fill.entries(chunk, 192).expect("reads"))
                .collect();
            assert_eq!(filled, twin, "{} {bindings:?}", adapter.name);
            assert!(fill.entries(chunks, 1).expect("nothing").is_empty());

            for name in ["one key", "another key"] {
                let key = hash(name);
                let marks = fill.batch(&key, 0).expect("walks");
                let twin = cpu::walk::walk(&walk_challenge, &key, &SMALL);
                assert_eq!(marks.as_flattened(), twin, "{} {bindings:?}", adapter.name);
            }
        }
    }
}

#[test]
fn a_walk_on_the_device_is_the_cpus_and_verifies() {
    let challenge = hash("a walk");
    // The last chunk is shorter than the others.
    let parameters = WalkParameters { pages: 5, ..SMALL };
    let mut twin = CpuFill::new(&challenge, parameters, &mut |_| ()).expect("small");
    let expected = prove_walk(&mut twin, challenge, 7, &mut |_| ()).expect("walks");
    for (adapter, bindings) in ways() {
        let mut fill = GpuFill::new(&adapter, bindings, 7, &challenge, parameters, &mut |_| ())
            .expect("fills");
        assert_eq!(fill.chunks(), 3);
        let proof = prove_walk(&mut fill, challenge, 7, &mut |_| ()).expect("walks");
        assert_eq!(proof, expected, "{} {bindings:?}", adapter.name);
        let beacon = hash("sampling");
        let openings = open_walk(&mut fill, &proof, &beacon, 6).expect("opens");
        let verified =
            verify_walk::<SoftwareSha256>(&proof.claim(), &beacon, proof.peaks(), &openings, 6);
        assert_eq!(verified, Ok(()));
    }
}

#[test]
fn more_than_two_gibibytes_are_reached() {
    // 2.25 GiB, of few rounds so that a CPU adapter fills it in seconds.
    let parameters = WalkParameters {
        pages: 9,
        page_bits: 21,
        rounds: 8,
        lanes: 1 << 12,
        hops: 8,
        passes: 0,
    };
    assert!(parameters.fill_bytes() > 2 << 30);
    let challenge = hash("large");
    let walk_challenge = walk_challenge::<SoftwareSha256>(&challenge, &parameters);
    for (adapter, bindings) in ways() {
        let mut fill = GpuFill::new(
            &adapter,
            bindings,
            MAX_PAGE_BITS,
            &challenge,
            parameters,
            &mut |_| (),
        )
        .expect("fills");
        assert!(fill.chunks() > 1);
        let key = hash("key");
        let marks = fill.batch(&key, 0).expect("walks");
        let twin = cpu::walk::walk(&walk_challenge, &key, &parameters);
        assert_eq!(marks.as_flattened(), twin, "{} {bindings:?}", adapter.name);
        // The twin of the comparison: a fill without its last page walks otherwise.
        let short = WalkParameters {
            pages: 8,
            ..parameters
        };
        assert_ne!(twin, cpu::walk::walk(&walk_challenge, &key, &short));
    }
}

#[test]
fn what_cannot_be_held_is_an_error() {
    let (adapter, _) = ways().swap_remove(0);
    let new = |parameters, chunk_bits| {
        GpuFill::new(
            &adapter,
            Bindings::Switch,
            chunk_bits,
            &hash("none"),
            parameters,
            &mut |_| (),
        )
        .map(|fill| fill.chunks())
    };
    let none = new(WalkParameters { pages: 0, ..SMALL }, 5);
    assert!(matches!(none, Err(GpuWalkError::Refused(WalkError::Pages))));
    // 2³² entries, one a chunk.
    let largest = WalkParameters {
        pages: 512,
        page_bits: MAX_PAGE_BITS,
        ..SMALL
    };
    let found = new(largest, 0);
    assert!(
        matches!(found, Err(GpuWalkError::TooManyChunks { chunks, .. }) if chunks == 1 << 32),
        "{found:?}"
    );
}
