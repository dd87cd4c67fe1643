// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Becoming a candidate.

use crate::{Error, Event, Ranked, Stakers, ValidatorRecords, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{Perbill, TokenError};

fn join(owner: AccountId, self_stake: Balance) -> sp_runtime::DispatchResult {
    Delegation::join(signed(owner), owner + 10, self_stake, Perbill::zero())
}

use crate::Balance;

fn ranking() -> Vec<(AccountId, Balance)> {
    Ranked::<Test>::get()
        .candidates
        .iter()
        .map(|candidate| (candidate.hotkey, candidate.total))
        .collect()
}

#[test]
fn an_owner_makes_its_validator_a_candidate() {
    build_and_execute(|| {
        let commission = Perbill::from_percent(7);
        assert_ok!(Delegation::join(signed(OWNER_C), VAL_C, 1_500, commission));
        assert_eq!(held(OWNER_C), 1_500);
        assert_eq!(ranking(), [(VAL_C, 1_500), (VAL_A, 1_000), (VAL_B, 1_000)]);
        assert_eq!(Delegation::total_staked(), 3_500);
        let record = ValidatorRecords::<Test>::get(VAL_C).expect("it has joined");
        assert_eq!((record.owner, record.commission), (OWNER_C, commission));
        assert_eq!(
            (record.active, record.pending, record.required),
            (0, 1_500, SELF_STAKE)
        );
        assert_eq!(
            events(),
            [
                Event::Staked {
                    who: OWNER_C,
                    validator: VAL_C,
                    amount: 1_500,
                    from: 1
                },
                Event::Joined {
                    hotkey: VAL_C,
                    owner: OWNER_C,
                    total: 1_500,
                    commission
                },
            ]
        );
    });
}

#[test]
fn of_equals_who_came_first_stands_first() {
    build_and_execute(|| {
        assert_ok!(join(OWNER_C, 1_000));
        assert_eq!(ranking(), [(VAL_A, 1_000), (VAL_B, 1_000), (VAL_C, 1_000)]);
    });
}

#[test]
fn a_full_list_makes_room_for_more_stake_only() {
    build_and_execute(|| {
        assert_ok!(join(OWNER_C, 1_000));
        assert_noop!(join(6, 1_000), Error::<Test>::TotalTooLow);
        events();
        assert_ok!(join(6, 1_001));
        assert_eq!(ranking(), [(16, 1_001), (VAL_A, 1_000), (VAL_B, 1_000)]);
        assert!(events().contains(&Event::Evicted { hotkey: VAL_C }));
        assert_eq!(
            Delegation::total_staked(),
            4_001,
            "the evicted one's stake stays"
        );
        assert_noop!(
            Delegation::stake(signed(ALICE), VAL_C, 5),
            Error::<Test>::NotCandidate
        );
        assert_ok!(join(OWNER_C, 2));
        assert_eq!(ranking(), [(VAL_C, 1_002), (16, 1_001), (VAL_A, 1_000)]);
    });
}

#[test]
fn one_that_left_joins_again_with_what_it_has() {
    build_and_execute(|| {
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        assert_ok!(join(OWNER_A, 0));
        assert_eq!(held(OWNER_A), SELF_STAKE);
        assert_eq!(ranking(), [(VAL_B, 1_000), (VAL_A, 1_000)]);
    });
}

#[test]
fn joining_again_changes_no_commission_faster_than_set_commission() {
    build_and_execute(|| {
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        let join =
            |percent| Delegation::join(signed(OWNER_A), VAL_A, 0, Perbill::from_percent(percent));
        assert_noop!(join(1), Error::<Test>::CommissionChangedTooSoon);
        forward(INTERVAL);
        assert_noop!(join(6), Error::<Test>::CommissionRisesTooFast);
        assert_ok!(join(5));
    });
}

#[test]
fn a_new_owner_takes_over_and_the_former_keeps_its_commission() {
    build_and_execute(|| {
        forward(INTERVAL);
        assert_ok!(Delegation::set_commission(
            signed(OWNER_A),
            VAL_A,
            Perbill::from_percent(5)
        ));
        activate();
        author(VAL_A, 1);
        reward(100_000);
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        Owners::mutate(|owners| owners.insert(VAL_A, OWNER_C));
        let join = || Delegation::join(signed(OWNER_C), VAL_A, 1_000, Perbill::from_percent(5));
        unstake(OWNER_A, VAL_A, 10);
        assert_noop!(join(), Error::<Test>::FormerOwnerUnbonding);
        forward(UNBONDING);
        assert_ok!(Delegation::withdraw(signed(OWNER_A)));
        assert_ok!(join());
        let record = ValidatorRecords::<Test>::get(VAL_A).expect("a candidate");
        assert_eq!((record.owner, record.commission_due), (OWNER_C, 0));
        assert_eq!(claim(OWNER_A, VAL_A), 100_000, "commission and reward");
    });
}

#[test]
fn who_may_not_join() {
    build_and_execute(|| {
        assert_noop!(
            Delegation::join(signed(ALICE), 99, 1_000, Perbill::zero()),
            Error::<Test>::NotRegistered
        );
        assert_noop!(
            Delegation::join(signed(ALICE), VAL_C, 1_000, Perbill::zero()),
            Error::<Test>::NotOwner
        );
        assert_noop!(join(OWNER_A, 1), Error::<Test>::AlreadyCandidate);
        assert_noop!(join(OWNER_C, 999), Error::<Test>::SelfStakeTooLow);
        assert_noop!(join(OWNER_C, 0), Error::<Test>::SelfStakeTooLow);
        assert_noop!(join(OWNER_C, ENDOWED), TokenError::FundsUnavailable);
        assert_noop!(
            Delegation::join(signed(OWNER_C), VAL_C, 1_000, Perbill::from_percent(51)),
            Error::<Test>::CommissionTooHigh
        );
        Keyless::mutate(|keyless| keyless.insert(VAL_C));
        assert_noop!(join(OWNER_C, 1_000), Error::<Test>::NoKeys);
        Keyless::mutate(|keyless| keyless.remove(&VAL_C));
        assert_ok!(join(OWNER_C, 1_000));
        assert_eq!(Stakers::<Test>::get(OWNER_C).delegations.len(), 1);
    });
}

#[test]
fn an_owner_that_stakes_everywhere_cannot_join() {
    build_and_execute(|| {
        assert_ok!(join(OWNER_C, 1_000));
        for hotkey in [VAL_A, VAL_B, VAL_C] {
            stake(6, hotkey, 10_000);
        }
        assert_noop!(join(6, 1_000), Error::<Test>::TooManyDelegations);
    });
}
