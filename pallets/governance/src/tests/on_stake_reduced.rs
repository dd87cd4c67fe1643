// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The function `on_stake_reduced`.

use crate::{Event, Side, Votes, mock::*};
use frame_support::assert_ok;

#[test]
fn corrects_the_weights_of_ongoing_votes() {
    build_and_execute(|| {
        let (one, two, three) = (propose(1), propose(2), propose(3));
        vote(ALICE, one, Side::Aye);
        vote(ALICE, two, Side::Nay);
        assert_ok!(Governance::vote(signed(ALICE), three, Side::Aye, Some(600)));
        for poll in [one, two, three] {
            vote(BOB, poll, Side::Aye);
        }
        events();
        slash(ALICE, 400);
        assert_eq!(tally(one), (600 + STAKE, 0));
        assert_eq!(tally(two), (STAKE, 600));
        assert_eq!(tally(three), (600 + STAKE, 0));
        assert_eq!(Governance::locked(&ALICE), 600);
        assert_eq!(
            events(),
            [one, two].map(|poll| Event::WeightReduced {
                who: ALICE,
                poll,
                weight: 600
            })
        );
        // What is staked again does not restore it.
        add_stake(ALICE, 400);
        vote(ALICE, one, Side::Aye);
        assert_eq!(tally(one), (600 + STAKE, 0));
    });
}

#[test]
fn a_slash_can_turn_a_referendum() {
    let decided = |slashed: u128| {
        build_and_execute(|| {
            let poll = propose(7);
            vote(ALICE, poll, Side::Aye);
            assert_ok!(Governance::vote(signed(BOB), poll, Side::Nay, Some(900)));
            forward(PREPARE + 1);
            slash(ALICE, slashed);
            run_to_end(poll);
            approved(poll)
        })
    };
    assert!(decided(99));
    assert!(!decided(101));
}

#[test]
fn nothing_left_is_no_vote() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        events();
        slash(ALICE, STAKE);
        assert_eq!(tally(poll), (0, 0));
        assert!(!Votes::<Test>::contains_key(ALICE));
        assert_eq!(
            events(),
            [Event::WeightReduced {
                who: ALICE,
                poll,
                weight: 0
            }]
        );
    });
}

#[test]
fn reduces_what_is_locked_until_an_enactment() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        run_to_end(poll);
        assert_eq!(Governance::locked(&ALICE), STAKE);
        slash(ALICE, 1);
        assert_eq!(Governance::locked(&ALICE), STAKE - 1);
    });
}

#[test]
fn leaves_alone_what_is_covered() {
    build_and_execute(|| {
        let poll = propose(7);
        assert_ok!(Governance::vote(signed(ALICE), poll, Side::Aye, Some(600)));
        events();
        slash(ALICE, 400);
        slash(BOB, 400);
        assert_eq!(tally(poll), (600, 0));
        assert_eq!(events(), []);
        assert!(!Votes::<Test>::contains_key(BOB));
    });
}
