// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `clear_expired`.

use crate::{Error, Event, Side, Votes, WeightInfo, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn anybody_removes_what_is_expired_and_nothing_else() {
    build_and_execute(|| {
        let (lost, won) = (propose(1), propose(2));
        vote(ALICE, lost, Side::Nay);
        vote(ALICE, won, Side::Aye);
        for poll in [lost, won] {
            vote(BOB, poll, Side::Aye);
        }
        vote(CAROL, lost, Side::Aye);
        let end = run_to_end(won);
        assert!(approved(lost) && approved(won));
        let ongoing = propose(3);
        vote(ALICE, ongoing, Side::Nay);
        // Voting has removed the expired one already.
        assert_eq!(polls_of(ALICE), [won, ongoing]);
        assert_noop!(
            Governance::clear_expired(signed(NOBODY), ALICE),
            Error::<Test>::NothingExpired
        );
        run_to(end + MIN_ENACTMENT);
        events();
        let cleared = Governance::clear_expired(signed(NOBODY), ALICE).expect("one is expired");
        assert_eq!(
            cleared.actual_weight,
            Some(<() as WeightInfo>::clear_expired(2))
        );
        assert_eq!(polls_of(ALICE), [ongoing]);
        assert_eq!(
            events(),
            [Event::ExpiredCleared {
                who: ALICE,
                votes: 1
            }]
        );
        assert_ok!(Governance::clear_expired(signed(NOBODY), BOB));
        assert!(!Votes::<Test>::contains_key(BOB), "nothing is left behind");
    });
}

#[test]
fn who_has_no_votes_has_none_expired() {
    build_and_execute(|| {
        assert_noop!(
            Governance::clear_expired(signed(ALICE), ALICE),
            Error::<Test>::NothingExpired
        );
        assert_noop!(
            Governance::clear_expired(RuntimeOrigin::none(), ALICE),
            DispatchError::BadOrigin
        );
    });
}
