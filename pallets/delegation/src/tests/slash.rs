// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Offences.

use crate::{Balance, Event, MAX_OFFENCES, Ranked, ValidatorRecords, mock::*};
use frame_support::{assert_ok, traits::fungible::Inspect, weights::Weight};
use sp_runtime::Perbill;
use sp_staking::{
    SessionIndex,
    offence::{OffenceDetails, OnOffenceHandler},
};

/// Reports offences of the first session as the offences pallet does.
fn offend(offences: &[(AccountId, u32)]) {
    offend_in(0, offences);
}

fn offend_in(session: SessionIndex, offences: &[(AccountId, u32)]) -> Weight {
    let details: Vec<OffenceDetails<AccountId, (AccountId, ())>> = offences
        .iter()
        .map(|(hotkey, _)| OffenceDetails {
            offender: (*hotkey, ()),
            reporters: Vec::new(),
        })
        .collect();
    let shares: Vec<_> = offences
        .iter()
        .map(|(_, percent)| Perbill::from_percent(*percent))
        .collect();
    Delegation::on_offence(&details, &shares, session)
}

fn slashed() -> Balance {
    Stake::balance(&SLASHED) - 1
}

#[test]
fn only_the_required_self_stake_is_slashed() {
    build_and_execute(|| {
        stake(OWNER_A, VAL_A, 9_000);
        stake(ALICE, VAL_A, 5_000);
        activate();
        author(VAL_A, 2);
        events();
        offend(&[(VAL_A, 40)]);
        assert_eq!(slashed(), 400, "of the required thousand, not of ten");
        assert_eq!((staked(OWNER_A), held(OWNER_A)), (9_600, 9_600));
        assert_eq!(staked(ALICE), 5_000);
        assert_eq!(Delegation::total_staked(), 15_600);
        assert!(!Ranked::<Test>::get().contains(&VAL_A));
        assert_eq!(
            events(),
            [Event::Slashed {
                hotkey: VAL_A,
                owner: OWNER_A,
                amount: 400
            }]
        );
        assert_eq!(Reduced::get(), [(OWNER_A, 9_600)]);
        assert_eq!(SlashedAmounts::get(), [400]);
    });
}

#[test]
fn an_offence_costs_the_least_share_at_least() {
    build_and_execute(|| {
        offend(&[(VAL_A, 0), (VAL_B, 11)]);
        assert_eq!((staked(OWNER_A), staked(OWNER_B)), (900, 890));
        assert_eq!(slashed(), 210);
    });
}

#[test]
fn a_session_costs_its_largest_share_and_two_sessions_both() {
    build_and_execute(|| {
        offend(&[(VAL_A, 50), (VAL_A, 50)]);
        assert_eq!(slashed(), 500);
        offend_in(1, &[(VAL_A, 60)]);
        assert_eq!(slashed(), 1_000, "what is left is less than the share");
        offend_in(2, &[(VAL_A, 60)]);
        assert_eq!(slashed(), 1_000, "nothing is left");
    });
}

/// The offences pallet names all who committed an offence at the same time in the report
/// of each of them.
#[test]
fn who_offended_first_pays_the_increase_for_those_who_are_reported_later() {
    build_and_execute(|| {
        offend(&[(VAL_A, 1)]);
        assert_eq!(staked(OWNER_A), 900, "the least share");
        let join = |amount| Delegation::join(signed(OWNER_A), VAL_A, amount, Perbill::zero());
        assert_ok!(frame_support::storage::with_storage_layer(|| join(100)));
        events();
        offend(&[(VAL_A, 9), (VAL_B, 9)]);
        assert_eq!((staked(OWNER_A), staked(OWNER_B)), (1_000, 900));
        assert!(Ranked::<Test>::get().contains(&VAL_A), "it did nothing new");
        assert_eq!(events().len(), 1);
        offend(&[(VAL_A, 25), (VAL_B, 25)]);
        assert_eq!((staked(OWNER_A), staked(OWNER_B)), (850, 750));
        assert!(!Ranked::<Test>::get().contains(&VAL_A));
        // The twin: had it been of another session, all of it were due.
        offend_in(1, &[(VAL_B, 25)]);
        assert_eq!(staked(OWNER_B), 500);
    });
}

#[test]
fn what_sessions_cost_is_remembered_for_a_bounded_number_of_them() {
    build_and_execute(|| {
        let share = Perbill::from_percent(20);
        let mut validator = ValidatorRecords::<Test>::get(VAL_A).expect("a candidate");
        let mut note = |session| validator.note_offence(session, share, Perbill::one());
        for session in 1..=MAX_OFFENCES {
            assert_eq!(note(session), Perbill::one());
            assert_eq!(note(session), Perbill::zero());
        }
        assert_eq!(note(MAX_OFFENCES + 1), Perbill::one());
        assert_eq!(note(2), Perbill::zero());
        assert_eq!(note(1), Perbill::one(), "the oldest was forgotten");
    });
}

#[test]
fn a_slash_is_charged_to_the_block_with_what_it_does_to_votes() {
    build_and_execute(|| {
        let used = || System::block_weight().total();
        let before = used();
        let returned = offend_in(0, &[(VAL_A, 50), (VAL_B, 50)]);
        assert_eq!(used(), before + Delegation::slash_weight() * 2);
        assert_eq!(returned, Weight::zero(), "it would be counted twice");
        assert!(Delegation::slash_weight().all_gte(REDUCED_WEIGHT));
    });
}

#[test]
fn unbonding_self_stake_is_slashed_and_others_is_not() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 700);
        stake(OWNER_A, VAL_B, 300);
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        unstake(ALICE, VAL_A, 700);
        unstake(OWNER_A, VAL_B, 300);
        unstake(OWNER_A, VAL_A, 400);
        forward(1);
        unstake(OWNER_A, VAL_A, 600);
        assert_eq!(staked(OWNER_A), 0);
        offend(&[(VAL_A, 70)]);
        assert_eq!(slashed(), 700);
        assert_eq!(held(OWNER_A), 600, "three hundred of each validator");
        assert_eq!(held(ALICE), 700);
        assert_eq!(Reduced::get(), [], "none of it was staked");
        Delegation::do_try_state().expect("in the middle of unbonding");
        forward(UNBONDING);
        assert_ok!(Delegation::withdraw(signed(OWNER_A)));
        assert_ok!(Delegation::withdraw(signed(ALICE)));
        assert_eq!(Stake::balance(&OWNER_A), ENDOWED - 700);
        assert_eq!(Stake::balance(&ALICE), ENDOWED);
        assert!(!ValidatorRecords::<Test>::contains_key(VAL_A));
    });
}

#[test]
fn what_is_staked_goes_before_what_is_unbonding() {
    build_and_execute(|| {
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        unstake(OWNER_A, VAL_A, 600);
        offend(&[(VAL_A, 50)]);
        assert_eq!((staked(OWNER_A), held(OWNER_A)), (0, 500));
        assert_eq!(Reduced::get(), [(OWNER_A, 0)]);
    });
}

#[test]
fn withdrawn_in_time_nothing_is_left_to_slash() {
    build_and_execute(|| {
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        unstake(OWNER_A, VAL_A, 1_000);
        forward(UNBONDING);
        assert_ok!(Delegation::withdraw(signed(OWNER_A)));
        events();
        offend(&[(VAL_A, 100)]);
        assert_eq!(slashed(), 0);
        assert!(matches!(
            events()[..],
            [Event::SlashFailed { hotkey: VAL_A, .. }]
        ));
    });
}

#[test]
fn slashed_stake_gives_up_its_points_and_rewards_go_on() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 500);
        activate();
        author(VAL_A, 2);
        reward(30_000);
        author(VAL_A, 2);
        author(VAL_B, 1);
        offend(&[(VAL_A, 50)]);
        reward(60_000);
        assert_eq!(claim(ALICE, VAL_A), 10_000 + 20_000);
        assert_eq!(claim(OWNER_A, VAL_A), 20_000 + 20_000);
        assert_eq!(claim(OWNER_B, VAL_B), 20_000);
    });
}

#[test]
fn after_a_slash_an_owner_restores_its_stake_and_joins_again() {
    build_and_execute(|| {
        offend(&[(VAL_A, 30)]);
        let join = |amount| Delegation::join(signed(OWNER_A), VAL_A, amount, Perbill::zero());
        frame_support::assert_storage_noop!(assert!(
            frame_support::storage::with_storage_layer(|| join(299)).is_err()
        ));
        assert_ok!(frame_support::storage::with_storage_layer(|| join(300)));
    });
}

#[test]
fn where_slashes_cannot_go_nothing_is_taken_but_the_candidacy() {
    build_and_execute(|| {
        assert_ok!(Assets::freeze_asset(signed(SLASHED), TAO));
        events();
        offend(&[(VAL_A, 50)]);
        assert!(matches!(
            events()[..],
            [Event::SlashFailed { hotkey: VAL_A, .. }]
        ));
        assert_eq!(staked(OWNER_A), 1_000);
        assert!(!Ranked::<Test>::get().contains(&VAL_A));
        assert_ok!(Assets::thaw_asset(signed(SLASHED), TAO));
        // What was not taken was not noted.
        offend(&[(VAL_A, 50)]);
        assert_eq!(slashed(), 500);
    });
}
