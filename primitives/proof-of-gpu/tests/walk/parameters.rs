// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The bounds of a walk's size, and what follows from it.

use proof_of_gpu_primitives::walk::{MAX_PAGE_BITS, MAX_PAGES, WalkError, WalkParameters};

const PRODUCTION: WalkParameters = WalkParameters::production(80);

#[test]
fn production_holds_gibibytes() {
    assert_eq!(PRODUCTION.validate(), Ok(()));
    assert_eq!(PRODUCTION.fill_bytes(), 80 << 30);
    assert_eq!(PRODUCTION.groups(), 1 << 14);
    // 2 GiB a batch: 40 batches read 80 GiB once.
    assert_eq!(PRODUCTION.bytes_read(1), 2 << 30);
    assert_eq!(PRODUCTION.min_batches(), 40 * u64::from(PRODUCTION.passes));
}

#[test]
fn the_largest_and_the_smallest_are_allowed() {
    let largest = WalkParameters {
        pages: MAX_PAGES,
        page_bits: MAX_PAGE_BITS,
        rounds: 4_096,
        lanes: 1 << 22,
        hops: 8,
        passes: 1_024,
    };
    assert_eq!(largest.validate(), Ok(()));
    assert_eq!(largest.entries(), 1 << 32);
    assert_eq!(largest.groups(), 1 << 16);
    assert_eq!(largest.min_batches(), 1 << 17);
    let smallest = WalkParameters {
        pages: 1,
        page_bits: 0,
        rounds: 8,
        lanes: 64,
        hops: 1,
        passes: 0,
    };
    assert_eq!(smallest.validate(), Ok(()));
    assert_eq!(smallest.entries(), 1);
    assert_eq!(smallest.min_batches(), 1);
}

#[test]
fn sizes_beside_the_bounds_are_refused() {
    let with = |alter: fn(&mut WalkParameters)| {
        let mut parameters = PRODUCTION;
        alter(&mut parameters);
        parameters.validate()
    };
    assert_eq!(with(|p| p.pages = 0), Err(WalkError::Pages));
    assert_eq!(with(|p| p.pages = 513), Err(WalkError::Pages));
    assert_eq!(with(|p| p.page_bits = 24), Err(WalkError::PageBits));
    assert_eq!(with(|p| p.page_bits = 32), Err(WalkError::PageBits));
    assert_eq!(with(|p| p.rounds = 7), Err(WalkError::Rounds));
    assert_eq!(with(|p| p.rounds = 4_097), Err(WalkError::Rounds));
    assert_eq!(with(|p| p.lanes = 32), Err(WalkError::Lanes));
    assert_eq!(with(|p| p.lanes = 192), Err(WalkError::Lanes));
    assert_eq!(with(|p| p.lanes = 1 << 23), Err(WalkError::Lanes));
    assert_eq!(with(|p| p.hops = 0), Err(WalkError::Hops));
    assert_eq!(with(|p| p.hops = u32::MAX), Err(WalkError::Hops));
    assert_eq!(with(|p| p.passes = 1_025), Err(WalkError::Passes));
    // 2¹⁵ rounds a lane: 25 hops of 1280, or 64 of 512.
    assert_eq!(with(|p| p.hops = 25), Ok(()));
    assert_eq!(with(|p| p.hops = 26), Err(WalkError::Hops));
    assert_eq!(with(|p| (p.rounds, p.hops) = (512, 64)), Ok(()));
    assert_eq!(
        with(|p| (p.rounds, p.hops) = (504, 65)),
        Err(WalkError::Hops)
    );
}

#[test]
fn nothing_overflows_for_sizes_that_are_not_allowed() {
    let absurd = WalkParameters {
        pages: u32::MAX,
        page_bits: u32::MAX,
        rounds: u32::MAX,
        lanes: u32::MAX,
        hops: u32::MAX,
        passes: u32::MAX,
    };
    assert_eq!(absurd.entries(), 0);
    assert_eq!(absurd.fill_bytes(), 0);
    assert_eq!(absurd.min_batches(), 1);
    assert!(absurd.bytes_read(u32::MAX) > 0);
    let empty = WalkParameters {
        lanes: 0,
        ..PRODUCTION
    };
    assert_eq!(empty.min_batches(), 1);
}
