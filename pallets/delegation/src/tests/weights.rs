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

/// Two reads and two writes more than the ten and eight that are promised, each on the
/// list of keys in the crate's documentation.
#[test]
fn staking_reads_twelve_values_and_writes_ten_at_most() {
    let (reads, writes) = counted(SubstrateWeight::<Test>::stake());
    assert!(
        (1..=12).contains(&reads) && (1..=10).contains(&writes),
        "{reads} reads, {writes} writes"
    );
}

#[test]
fn claiming_reads_six_values_and_writes_four_at_most() {
    let (reads, writes) = counted(SubstrateWeight::<Test>::claim());
    assert!(
        (1..=6).contains(&reads) && (1..=4).contains(&writes),
        "{reads} reads, {writes} writes"
    );
}

#[test]
fn a_block_of_an_author_uses_as_little_whatever_the_number_of_candidates() {
    let (reads, writes) = counted(SubstrateWeight::<Test>::note_author());
    assert!(
        (1..=6).contains(&reads) && (1..=4).contains(&writes),
        "{reads} reads, {writes} writes"
    );
    // What the choice of a session's set reads grows with the bounded list of
    // candidates, which is what this measure would see in a block.
    let [few, many] = [1, 3].map(|n| counted(SubstrateWeight::<Test>::new_session(n)).0);
    assert!(many > few);
}
