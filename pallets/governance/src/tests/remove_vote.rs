// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `remove_vote`.

use crate::{Error, Event, Side, Votes, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn takes_the_weight_out_of_an_ongoing_poll_and_frees_the_stake() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Nay);
        events();
        assert_ok!(Governance::remove_vote(signed(ALICE), poll));
        assert_eq!(tally(poll), (0, STAKE));
        assert_eq!(events(), [Event::VoteRemoved { who: ALICE, poll }]);
        assert!(!Votes::<Test>::contains_key(ALICE));
        assert_ok!(unbond(ALICE, STAKE));
        assert_ok!(Governance::remove_vote(signed(BOB), poll));
        assert_eq!(tally(poll), (0, 0));
    });
}

#[test]
fn the_winning_side_stays_until_the_enactment() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Aye);
        vote(CAROL, poll, Side::Nay);
        let end = run_to_end(poll);
        assert!(approved(poll));
        assert_ok!(Governance::remove_vote(signed(CAROL), poll));
        run_to(end + MIN_ENACTMENT - 1);
        assert_noop!(
            Governance::remove_vote(signed(ALICE), poll),
            Error::<Test>::NotEnacted
        );
        forward(1);
        assert_eq!(governed_value(), 7);
        assert_ok!(Governance::remove_vote(signed(ALICE), poll));
        assert!(polls_of(ALICE).is_empty());
    });
}

#[test]
fn a_rejection_holds_nobody() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Nay);
        vote(CAROL, poll, Side::Nay);
        run_to_end(poll);
        assert!(!approved(poll));
        for who in [ALICE, BOB, CAROL] {
            assert_ok!(Governance::remove_vote(signed(who), poll));
        }
    });
}

#[test]
fn a_cancelled_poll_holds_nobody() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        assert_ok!(Referenda::kill(RuntimeOrigin::root(), poll));
        assert_ok!(Governance::remove_vote(signed(ALICE), poll));
    });
}

#[test]
fn keeps_the_votes_on_other_polls() {
    build_and_execute(|| {
        let (one, two) = (propose(1), propose(2));
        vote(ALICE, one, Side::Aye);
        vote(ALICE, two, Side::Nay);
        assert_ok!(Governance::remove_vote(signed(ALICE), one));
        assert_eq!(polls_of(ALICE), [two]);
        assert_eq!(tally(two), (0, STAKE));
        assert_eq!(Governance::locked(&ALICE), STAKE);
    });
}

#[test]
fn what_was_not_cast_cannot_be_removed() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(BOB, poll, Side::Aye);
        assert_noop!(
            Governance::remove_vote(signed(ALICE), poll),
            Error::<Test>::NoVote
        );
        assert_noop!(
            Governance::remove_vote(signed(BOB), poll + 1),
            Error::<Test>::NoVote
        );
        assert_noop!(
            Governance::remove_vote(RuntimeOrigin::none(), poll),
            DispatchError::BadOrigin
        );
    });
}
