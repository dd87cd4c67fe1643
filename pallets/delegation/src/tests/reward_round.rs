// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Sharing a round's reward.

use crate::{CurrentState, Event, Rounds, ValidatorRecords, mock::*};
use frame_support::traits::fungible::Inspect;
use tokenomics_primitives::rewards::Precise;

#[test]
fn a_reward_is_shared_by_points() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 3);
        author(VAL_B, 1);
        let round = CurrentState::<Test>::get().round;
        events();
        reward(400_000);
        assert_eq!(
            events(),
            [Event::RoundRewarded {
                round,
                amount: 400_000,
                points: 4_000
            }]
        );
        assert_eq!(claim(OWNER_A, VAL_A), 300_000);
        assert_eq!(claim(OWNER_B, VAL_B), 100_000);
    });
}

#[test]
fn without_points_it_waits() {
    build_and_execute(|| {
        activate();
        events();
        reward(1_000);
        reward(500);
        assert_eq!(
            events(),
            [
                Event::RoundCarried { amount: 1_000 },
                Event::RoundCarried { amount: 1_500 }
            ]
        );
        activate();
        author(VAL_A, 1);
        reward(500);
        assert_eq!(claim(OWNER_A, VAL_A), 2_000);
    });
}

#[test]
fn the_last_to_take_its_part_takes_what_rounding_left() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 1);
        author(VAL_B, 2);
        reward(100);
        assert_eq!(Rounds::<Test>::iter().count(), 1);
        author(VAL_A, 1);
        assert_eq!(Rounds::<Test>::iter().count(), 1);
        author(VAL_B, 1);
        assert_eq!(Rounds::<Test>::iter().count(), 0, "all have their part");
        for (hotkey, part) in [(VAL_A, 33), (VAL_B, 67)] {
            // Exact: what a thousand units earned, and what is yet to be divided.
            let record = ValidatorRecords::<Test>::get(hotkey).expect("a candidate");
            let rest = Precise {
                whole: 0,
                fraction: record.remainder,
            };
            let earned = record
                .earned
                .checked_mul(1_000)
                .and_then(|all| all.checked_add(rest));
            let whole = Precise {
                whole: part,
                fraction: 0,
            };
            assert_eq!(earned, Some(whole));
        }
    });
}

#[test]
fn a_validator_that_is_never_touched_keeps_its_part() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 1);
        reward(10_000);
        for _ in 0..100 {
            activate();
            author(VAL_B, 1);
            reward(1_000);
        }
        assert_eq!(claim(OWNER_A, VAL_A), 10_000);
        assert_eq!(claim(OWNER_B, VAL_B), 100_000);
    });
}

#[test]
fn a_reward_the_pot_cannot_take_goes_elsewhere() {
    build_and_execute(|| {
        set_balance(Delegation::pot(), 0);
        activate();
        author(VAL_A, 1);
        events();
        reward(ED - 1);
        assert_eq!(events(), [Event::RoundRefused { amount: ED - 1 }]);
        assert_eq!(Balances::balance(&REFUSED), 2 * ED - 1);
        set_balance(Delegation::pot(), ED);
    });
}

#[test]
fn nothing_is_no_reward() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 1);
        let before = CurrentState::<Test>::get();
        reward(0);
        Delegation::reward_round(crate::CreditOf::<Test>::default());
        assert_eq!(CurrentState::<Test>::get(), before);
    });
}

#[test]
fn a_round_beyond_counting_leaves_the_reward_in_the_pot() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 1);
        let number = CurrentState::<Test>::get().round;
        CurrentState::<Test>::mutate(|state| state.round = u32::MAX);
        events();
        reward(1_000);
        assert!(matches!(
            events()[..],
            [Event::RoundFailed { amount: 1_000, .. }]
        ));
        CurrentState::<Test>::mutate(|state| state.round = number);
        assert_eq!(pot(), 1_000);
    });
}
