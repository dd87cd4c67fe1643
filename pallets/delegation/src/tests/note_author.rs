// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Counting blocks.

use crate::{CurrentState, Event, ValidatorRecords, mock::*};

#[test]
fn a_block_is_worth_its_author_s_active_stake() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 500);
        activate();
        author(VAL_A, 2);
        author(VAL_B, 1);
        stake(ALICE, VAL_A, 100);
        assert_eq!(CurrentState::<Test>::get().points, 2 * 1_500 + 1_000);
        let record = ValidatorRecords::<Test>::get(VAL_A).expect("a candidate");
        assert_eq!(
            (record.blocks, record.active, record.pending),
            (2, 1_500, 100)
        );
    });
}

#[test]
fn who_is_no_validator_has_no_points() {
    build_and_execute(|| {
        activate();
        author(ALICE, 3);
        assert_eq!(CurrentState::<Test>::get().points, 0);
    });
}

#[test]
fn points_beyond_measure_are_not_counted() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 1);
        let before = CurrentState::<Test>::get();
        ValidatorRecords::<Test>::mutate_extant(VAL_A, |record| record.blocks = u32::MAX);
        events();
        author(VAL_A, 1);
        assert!(matches!(
            events()[..],
            [Event::BlockNotCounted { author: VAL_A, .. }]
        ));
        assert_eq!(CurrentState::<Test>::get(), before);
        ValidatorRecords::<Test>::mutate_extant(VAL_A, |record| record.blocks = 1);
    });
}
