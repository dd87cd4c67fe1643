// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How much of the database a call uses, as its weight was measured: no more than is
//! promised.

use crate::{WeightInfo, mock::*, weights::SubstrateWeight};
use frame_support::weights::Weight;

/// How often a call reads and writes, as it was measured.
fn counted(weight: Weight) -> (u64, u64) {
    let used = weight.ref_time() >> 40;
    (used % (1 << 12), used >> 12)
}

#[test]
fn claiming_reads_six_values_and_writes_four_at_most() {
    for weight in [
        SubstrateWeight::<Test>::claim(),
        SubstrateWeight::<Test>::pay_pending(),
    ] {
        let (reads, writes) = counted(weight);
        assert!(
            (1..=6).contains(&reads) && (1..=4).contains(&writes),
            "{reads} reads, {writes} writes"
        );
    }
}

#[test]
fn settling_uses_as_much_with_one_tier_as_with_all() {
    let [one, all] = [1, crate::MAX_TIERS].map(|t| counted(SubstrateWeight::<Test>::settle(t)));
    assert_eq!(one, all);
}
