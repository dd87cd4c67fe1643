// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Support and approval.

use crate::{Side, Tally, mock::*};
use frame_support::traits::VoteTally;
use sp_runtime::{ArithmeticError, Perbill};

fn support(ayes: Balance) -> Perbill {
    VoteTally::<Balance, u8>::support(&Tally::<Test>::of(ayes, 0), 0)
}

fn approval(ayes: Balance, nays: Balance) -> Perbill {
    VoteTally::<Balance, u8>::approval(&Tally::<Test>::of(ayes, nays), 0)
}

#[test]
fn support_is_measured_against_all_stake() {
    build_and_execute(|| {
        assert_eq!(Tally::<Test>::of(0, 0).support_base(), 3 * STAKE);
        assert_eq!(support(0), Perbill::zero());
        assert_eq!(support(1_500), Perbill::from_percent(50));
        // Whether it votes or not.
        add_stake(NOBODY, 3 * STAKE);
        assert_eq!(support(1_500), Perbill::from_percent(25));
    });
}

#[test]
fn stake_that_came_later_or_left_does_not_count() {
    build_and_execute(|| {
        let tally = Tally::<Test>::of(1_500, 0);
        let support = |tally: &Tally<Test>| VoteTally::<Balance, u8>::support(tally, 0);
        assert_eq!(support(&tally), Perbill::from_percent(50));
        add_stake(NOBODY, 300 * STAKE);
        assert_eq!(
            support(&tally),
            Perbill::from_percent(50),
            "it may not vote"
        );
        for who in [NOBODY, CAROL] {
            force_stake(who, 0);
        }
        assert_eq!(support(&tally), Perbill::from_percent(75), "it is gone");
        Parameters::mutate(|parameters| parameters.support_floor = 3 * STAKE);
        assert_eq!(support(&tally), Perbill::from_percent(50), "but the floor");
    });
}

#[test]
fn support_is_measured_against_the_floor_where_little_is_staked() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.support_floor = 30 * STAKE);
        assert_eq!(Tally::<Test>::of(0, 0).support_base(), 30 * STAKE);
        assert_eq!(support(1_500), Perbill::from_percent(5));
    });
}

#[test]
fn without_a_vote_there_is_no_approval() {
    build_and_execute(|| {
        assert_eq!(approval(0, 0), Perbill::zero());
        assert_eq!(approval(0, 5), Perbill::zero());
        assert_eq!(approval(5, 0), Perbill::one());
        assert_eq!(approval(1, 2), Perbill::from_parts(333_333_333));
    });
}

#[test]
fn what_overflows_is_refused() {
    build_and_execute(|| {
        let mut tally = Tally::<Test>::of(Balance::MAX, 0);
        assert_eq!(
            tally.add(Side::Nay, 1),
            Err(ArithmeticError::Overflow.into())
        );
        let mut tally = Tally::<Test>::of(1, 1);
        assert_eq!(
            tally.remove(Side::Aye, 2),
            Err(ArithmeticError::Underflow.into())
        );
        assert_eq!(tally, Tally::of(1, 1), "and changes nothing");
        assert_eq!(approval(Balance::MAX, 1), Perbill::zero());
    });
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn tallies_for_benchmarks_are_what_they_are_asked_for() {
    build_and_execute(|| {
        for percent in [0, 1, 33, 50, 100] {
            let share = Perbill::from_percent(percent);
            let tally: Tally<Test> =
                VoteTally::<Balance, u8>::from_requirements(share, Perbill::from_percent(60), 0);
            assert!(VoteTally::<Balance, u8>::support(&tally, 0) >= share);
            assert!(
                percent == 0
                    || VoteTally::<Balance, u8>::approval(&tally, 0) >= Perbill::from_percent(60)
            );
        }
        let all: Tally<Test> = VoteTally::<Balance, u8>::unanimity(0);
        assert_eq!(VoteTally::<Balance, u8>::support(&all, 0), Perbill::one());
        let none: Tally<Test> = VoteTally::<Balance, u8>::rejection(0);
        assert_eq!(
            VoteTally::<Balance, u8>::approval(&none, 0),
            Perbill::zero()
        );
    });
}
