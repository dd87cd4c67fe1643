// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `settle_deposits`.

use crate::{Backed, Error, Event, Side, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

/// The deposits of the mock's referenda.
const SUBMISSION: Balance = 2;
const DECISION: Balance = 10;

fn settle(poll: u32) {
    assert_ok!(Governance::settle_deposits(signed(NOBODY), poll));
}

fn settled(poll: u32, returned: Balance, burned: Balance) -> Event<Test> {
    Event::DepositsSettled {
        poll,
        returned,
        burned,
    }
}

/// A referendum with Alice's vote that is over, and what the proposer had before it.
fn over(side: Option<Side>, amount: Balance) -> (u32, Balance) {
    let before = Balances::free_balance(PROPOSER);
    let poll = propose(7);
    if let Some(side) = side {
        assert_ok!(Governance::vote(signed(ALICE), poll, side, Some(amount)));
    }
    run_to_end(poll);
    events();
    (poll, before)
}

#[test]
fn what_was_won_comes_back() {
    build_and_execute(|| {
        let (poll, before) = over(Some(Side::Aye), STAKE);
        assert!(approved(poll));
        settle(poll);
        assert_eq!(events(), [settled(poll, SUBMISSION + DECISION, 0)]);
        assert_eq!(Balances::free_balance(PROPOSER), before);
        assert_eq!(Balances::reserved_balance(PROPOSER), 0);
    });
}

#[test]
fn what_was_backed_and_lost_comes_back() {
    build_and_execute(|| {
        // A hundredth of the stake there is.
        let (poll, before) = over(Some(Side::Aye), 3 * STAKE / 100);
        assert!(!approved(poll));
        settle(poll);
        assert_eq!(events(), [settled(poll, SUBMISSION + DECISION, 0)]);
        assert_eq!(Balances::free_balance(PROPOSER), before);
        assert!(!Backed::<Test>::contains_key(poll));
    });
}

#[test]
fn what_nobody_backed_loses_what_held_its_place() {
    build_and_execute(|| {
        for (side, amount) in [
            (None, 0),
            (Some(Side::Aye), 3 * STAKE / 100 - 1),
            (Some(Side::Nay), STAKE),
        ] {
            let issuance = Balances::total_issuance();
            let (poll, before) = over(side, amount);
            assert!(!approved(poll));
            settle(poll);
            assert_eq!(events(), [settled(poll, SUBMISSION, DECISION)]);
            assert_eq!(Balances::free_balance(PROPOSER), before - DECISION);
            assert_eq!(Balances::total_issuance(), issuance - DECISION);
            assert_ok!(
                Governance::remove_vote(signed(ALICE), poll).or(Ok::<(), DispatchError>(()))
            );
        }
    });
}

#[test]
fn what_never_held_a_place_comes_back() {
    build_and_execute(|| {
        let before = Balances::free_balance(PROPOSER);
        let poll = submit_only(7);
        run_to_end(poll);
        events();
        settle(poll);
        assert_eq!(events(), [settled(poll, SUBMISSION, 0)]);
        assert_eq!(Balances::free_balance(PROPOSER), before);
    });
}

#[test]
fn only_once_and_only_what_is_over() {
    build_and_execute(|| {
        let nothing = Error::<Test>::NothingHeld;
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        let again = || Governance::settle_deposits(signed(NOBODY), poll);
        assert_noop!(again(), nothing);
        assert!(Backed::<Test>::contains_key(poll));
        run_to_end(poll);
        assert_ok!(again());
        let nothing = Error::<Test>::NothingHeld;
        assert_noop!(again(), nothing);
        let nothing = Error::<Test>::NothingHeld;
        assert_noop!(Governance::settle_deposits(signed(NOBODY), 9), nothing);
        assert_noop!(
            Governance::settle_deposits(RuntimeOrigin::root(), poll),
            DispatchError::BadOrigin
        );
    });
}
