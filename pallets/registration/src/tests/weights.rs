// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How much of the database a call uses, as its weight was measured: no more than is
//! promised, however many slots there are.

use crate::{WeightInfo, mock::*, weights::SubstrateWeight};
use frame_support::weights::Weight;

/// How often a call reads and writes, as it was measured.
fn counted(weight: Weight) -> (u64, u64) {
    let used = weight.ref_time() >> 40;
    (used % (1 << 12), used >> 12)
}

#[test]
fn registering_reads_ten_values_and_writes_eight_at_most() {
    for slots in [1, MAX_SLOTS, 64] {
        let (reads, writes) = counted(SubstrateWeight::<Test>::register(slots));
        assert!(
            (1..=10).contains(&reads) && (1..=8).contains(&writes),
            "{reads} reads, {writes} writes"
        );
        let renewal = counted(SubstrateWeight::<Test>::renew(slots));
        assert!(renewal.0 <= reads && renewal.1 <= writes);
    }
}
