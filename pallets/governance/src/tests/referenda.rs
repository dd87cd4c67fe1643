// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whole referenda, from the submission to the enactment.

use crate::{Side, mock::*};
use frame_support::{
    assert_noop, assert_ok,
    traits::{StorePreimage, schedule::DispatchTime},
};
use frame_system::RawOrigin;
use pallet_referenda::Error as ReferendaError;

#[test]
fn changes_a_parameter_after_its_enactment_period() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Aye);
        vote(CAROL, poll, Side::Nay);
        assert_eq!(tally(poll), (2 * STAKE, STAKE));
        let end = run_to_end(poll);
        assert!(approved(poll));
        run_to(end + MIN_ENACTMENT - 1);
        assert_eq!(governed_value(), 0, "it waits for its enactment");
        forward(1);
        assert_eq!(governed_value(), 7);
    });
}

#[test]
fn changes_nothing_when_the_nays_win() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Nay);
        vote(CAROL, poll, Side::Nay);
        let end = run_to_end(poll);
        assert!(!approved(poll));
        run_to(end + MAX_ENACTMENT);
        assert_eq!(governed_value(), 0);
    });
}

#[test]
fn needs_support_of_all_that_is_staked() {
    let decided = |others: Balance| {
        build_and_execute(|| {
            add_stake(NOBODY, others);
            let poll = propose(7);
            vote(ALICE, poll, Side::Aye);
            run_to_end(poll);
            approved(poll)
        })
    };
    // Alice has a tenth of all, which is what the track asks for, and then less.
    assert!(decided(7 * STAKE));
    assert!(!decided(7 * STAKE + 1));
}

#[test]
fn needs_support_of_the_floor_where_little_is_staked() {
    let decided = |support_floor: Balance| {
        build_and_execute(|| {
            let poll = propose(7);
            vote(ALICE, poll, Side::Aye);
            Parameters::mutate(|parameters| parameters.support_floor = support_floor);
            run_to_end(poll);
            approved(poll)
        })
    };
    assert!(decided(10 * STAKE));
    assert!(!decided(10 * STAKE + 1));
}

/// Whoever loses may stake as much as it likes: what may not vote defeats nothing.
#[test]
fn stake_that_may_not_vote_defeats_nothing() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        forward(1);
        add_stake(NOBODY, 1_000 * STAKE);
        run_to_end(poll);
        assert!(approved(poll));
    });
}

#[test]
fn stake_bought_for_the_vote_decides_nothing() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        forward(1);
        add_stake(BOB, 100 * STAKE);
        vote(BOB, poll, Side::Nay);
        assert_eq!(tally(poll), (STAKE, STAKE));
    });
}

#[test]
fn a_vote_taken_back_decides_nothing() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        forward(PREPARE + 1);
        assert_ok!(Governance::remove_vote(signed(ALICE), poll));
        run_to_end(poll);
        assert!(!approved(poll));
    });
}

#[test]
fn root_has_no_track() {
    build_and_execute(|| {
        let call = frame_system::Call::<Test>::set_code { code: vec![] };
        let proposal =
            <Preimage as StorePreimage>::bound(RuntimeCall::System(call)).expect("it is short");
        assert_noop!(
            Referenda::submit(
                signed(PROPOSER),
                Box::new(RawOrigin::Root.into()),
                proposal,
                DispatchTime::After(0)
            ),
            ReferendaError::<Test>::NoTrack
        );
    });
}
