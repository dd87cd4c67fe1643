// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{TierState, Tiers, mock::*};
use frame_support::traits::Hooks;

#[test]
fn writes_the_table_and_endows_the_pot() {
    build_and_execute(|| {
        let states: Vec<_> = tiers().into_iter().map(TierState::new).collect();
        assert_eq!(Tiers::<Test>::get().into_inner(), states);
        assert_eq!(Emission::lowest_floor(), 1_000);
        assert_eq!(pot(), ED);
        assert_eq!(
            Minted::get(),
            3 * ED,
            "the endowment came through the supply"
        );
    });
}

#[test]
#[should_panic(expected = "the tier table is refused")]
fn refuses_a_table_out_of_order() {
    let mut rows = tiers();
    rows.swap(0, 1);
    genesis(rows);
}

#[test]
#[should_panic(expected = "the tier table is refused")]
fn refuses_a_table_beyond_the_most_rows() {
    genesis(
        (1..=5)
            .map(|i| base(u64::from(i), 100, 100 - i, 1))
            .collect(),
    );
}

#[test]
fn the_mock_passes_the_integrity_test() {
    build_and_execute(Emission::integrity_test);
}
