// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each invariant of the crate's documentation, broken by force: the check must say so
//! and name it.

use crate::{Backed, GovernanceParameters, Side, Votes, mock::*};
use frame_support::{BoundedVec, assert_ok, traits::Polling};
use sp_runtime::DispatchError;

/// A poll that Alice and Bob have voted on.
const POLL: u32 = 0;
/// A poll that Alice has won and that is not enacted.
const WON: u32 = 1;
/// A poll nobody has voted on.
const EMPTY: u32 = 2;

/// Runs `break_it` on a chain with votes on polls and returns what the check then says.
fn broken_by(break_it: impl FnOnce()) -> DispatchError {
    new_test_ext().execute_with(|| {
        assert_eq!([propose(1), propose(2)], [POLL, WON]);
        vote(ALICE, WON, Side::Aye);
        run_to_end(WON);
        assert_eq!(propose(3), EMPTY);
        vote(ALICE, POLL, Side::Nay);
        assert_ok!(Governance::vote(signed(BOB), POLL, Side::Aye, Some(10)));
        Governance::do_try_state().expect("the invariants hold before");
        break_it();
        Governance::do_try_state().expect_err("the check sees it")
    })
}

fn other(message: &'static str) -> DispatchError {
    DispatchError::Other(message)
}

fn with_tally(poll: u32, change: impl FnOnce(&mut crate::Tally<Test>)) {
    Referenda::access_poll(poll, |status| {
        change(status.ensure_ongoing().expect("it is ongoing").0);
    });
}

#[test]
fn invariant_1_tallies_are_sums() {
    let message = other("invariant 1: a tally is not the sum of its votes");
    assert_eq!(
        broken_by(|| with_tally(POLL, |tally| tally.ayes += 1)),
        message
    );
    assert_eq!(
        broken_by(|| with_tally(POLL, |tally| tally.nays -= 1)),
        message
    );
    assert_eq!(
        broken_by(|| with_tally(EMPTY, |tally| tally.ayes += 1)),
        message
    );
    assert_eq!(
        broken_by(|| poke(BOB, POLL, |vote| vote.side = Side::Nay)),
        message
    );
    assert_eq!(
        broken_by(|| poke(BOB, POLL, |vote| vote.weight -= 1)),
        message
    );
    assert_eq!(broken_by(|| Votes::<Test>::remove(BOB)), message);
    assert_eq!(
        broken_by(|| {
            force_stake(BOB, Balance::MAX);
            poke(BOB, POLL, |vote| vote.weight = Balance::MAX);
        }),
        other("invariant 1: the weights overflow")
    );
}

#[test]
fn invariant_2_no_weight_is_above_what_is_locked_for_it() {
    let message = other("invariant 2: an account has more locked than staked");
    // Stake that left although it was locked, for an ongoing poll and for one that is
    // not enacted.
    for who in [ALICE, BOB] {
        assert_eq!(broken_by(|| force_stake(who, 9)), message);
    }
    assert_eq!(
        broken_by(|| {
            assert_ok!(Governance::remove_vote(signed(ALICE), POLL));
            force_stake(ALICE, STAKE - 1);
        }),
        message
    );
    assert_eq!(
        broken_by(|| poke(ALICE, WON, |vote| vote.weight += 1)),
        message
    );
    // A weight and its tally may agree and still be too much.
    assert_eq!(
        broken_by(|| {
            poke(BOB, POLL, |vote| vote.weight = STAKE + 1);
            with_tally(POLL, |tally| tally.ayes = STAKE + 1);
        }),
        message
    );
}

#[test]
fn invariant_3_one_vote_a_poll() {
    let error = broken_by(|| {
        Votes::<Test>::mutate(BOB, |votes| {
            let again = votes[0];
            votes.try_push(again).expect("there is room");
        });
        with_tally(POLL, |tally| tally.ayes += 10);
    });
    assert_eq!(
        error,
        other("invariant 3: an account has two votes on one poll")
    );
}

#[test]
fn invariant_4_votes_weigh_something() {
    assert_eq!(
        broken_by(|| {
            poke(BOB, POLL, |vote| vote.weight = 0);
            with_tally(POLL, |tally| tally.ayes = 0);
        }),
        other("invariant 4: a vote weighs nothing")
    );
    assert_eq!(
        broken_by(|| Votes::<Test>::insert(CAROL, BoundedVec::new())),
        other("invariant 4: an account has an empty list of votes")
    );
}

#[test]
fn invariant_5_no_lock_without_end() {
    let message = other("invariant 5: an aye locks stake for too long");
    assert_eq!(
        broken_by(|| poke(BOB, POLL, |vote| {
            vote.enactment.after = MAX_ENACTMENT + 1;
        })),
        message
    );
    assert_eq!(
        broken_by(|| poke(ALICE, WON, |vote| {
            vote.enactment.not_before = System::block_number() + MAX_ENACTMENT + 1;
        })),
        message
    );
}

#[test]
fn invariant_6_the_parameters_are_valid() {
    assert_eq!(
        broken_by(|| Parameters::set(GovernanceParameters { support_floor: 0 })),
        other("invariant 6: the parameters are invalid")
    );
}

#[test]
fn invariant_7_what_is_backed_has_deposits() {
    let message = other("invariant 7: a poll is backed whose deposits are settled");
    assert_eq!(
        broken_by(|| {
            assert_ok!(Governance::settle_deposits(signed(NOBODY), WON));
            Backed::<Test>::insert(WON, ());
        }),
        message
    );
    assert_eq!(broken_by(|| Backed::<Test>::insert(9, ())), message);
}
