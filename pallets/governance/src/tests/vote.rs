// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `vote`.

use crate::{EnactmentTime, Error, Event, Origin, Side, Vote, Votes, WeightInfo, mock::*};
use frame_support::{
    assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::schedule::DispatchTime,
};
use sp_runtime::DispatchError;

#[test]
fn counts_all_the_stake_where_no_amount_is_given() {
    build_and_execute(|| {
        let poll = propose(7);
        assert_ok!(Governance::vote(signed(ALICE), poll, Side::Aye, None));
        assert_eq!(tally(poll), (STAKE, 0));
        assert_eq!(Governance::locked(&ALICE), STAKE);
        assert_eq!(
            Votes::<Test>::get(ALICE).into_inner(),
            [Vote {
                poll,
                side: Side::Aye,
                weight: STAKE,
                enactment: EnactmentTime {
                    after: MIN_ENACTMENT,
                    not_before: 0
                },
            }]
        );
        assert_eq!(
            Governance::votes_of(ALICE),
            Votes::<Test>::get(ALICE).into_inner()
        );
        assert_eq!(
            events(),
            [Event::Voted {
                who: ALICE,
                poll,
                side: Side::Aye,
                weight: STAKE
            }]
        );
    });
}

#[test]
fn counts_the_amount_that_is_given() {
    build_and_execute(|| {
        let poll = propose(7);
        assert_ok!(Governance::vote(signed(ALICE), poll, Side::Nay, Some(1)));
        assert_ok!(Governance::vote(signed(BOB), poll, Side::Aye, Some(STAKE)));
        assert_eq!(tally(poll), (STAKE, 1));
        assert_eq!(Governance::locked(&ALICE), 1);
        assert_noop!(
            Governance::vote(signed(CAROL), poll, Side::Aye, Some(STAKE + 1)),
            Error::<Test>::AboveVotingStake
        );
    });
}

#[test]
fn a_changed_vote_replaces_the_one_before() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(BOB, poll, Side::Aye);
        vote(ALICE, poll, Side::Aye);
        assert_ok!(Governance::vote(signed(ALICE), poll, Side::Nay, Some(300)));
        assert_eq!(tally(poll), (STAKE, 300));
        assert_eq!(polls_of(ALICE), [poll]);
        assert_eq!(Governance::locked(&ALICE), 300);
        // The other way round, and the same again.
        for _ in 0..2 {
            vote(ALICE, poll, Side::Aye);
            assert_eq!(tally(poll), (2 * STAKE, 0));
        }
    });
}

#[test]
fn stake_added_after_the_poll_began_has_no_weight() {
    build_and_execute(|| {
        // In the same block but before: no different from after.
        add_stake(ALICE, 50);
        let poll = propose(7);
        forward(1);
        add_stake(ALICE, 500);
        add_stake(NOBODY, 500);
        vote(ALICE, poll, Side::Aye);
        assert_eq!(tally(poll), (STAKE, 0));
        assert_noop!(
            Governance::vote(signed(ALICE), poll, Side::Aye, Some(STAKE + 1)),
            Error::<Test>::AboveVotingStake
        );
        assert_noop!(
            Governance::vote(signed(NOBODY), poll, Side::Aye, None),
            Error::<Test>::NoWeight
        );
        // In a poll that begins after it, it has.
        forward(1);
        let later = propose(8);
        vote(NOBODY, later, Side::Aye);
        vote(ALICE, later, Side::Aye);
        assert_eq!(tally(later), (STAKE + 50 + 1_000, 0));
    });
}

#[test]
fn unbonding_stake_has_no_weight() {
    build_and_execute(|| {
        let poll = propose(7);
        assert_ok!(unbond(ALICE, 400));
        vote(ALICE, poll, Side::Aye);
        assert_eq!(tally(poll), (STAKE - 400, 0));
        // Nor does it gain any when it is staked again.
        forward(1);
        add_stake(ALICE, 400);
        vote(ALICE, poll, Side::Aye);
        assert_eq!(tally(poll), (STAKE - 400, 0));
        assert_ok!(unbond(BOB, STAKE));
        assert_noop!(
            Governance::vote(signed(BOB), poll, Side::Aye, None),
            Error::<Test>::NoWeight
        );
    });
}

#[test]
fn nothing_is_no_vote() {
    build_and_execute(|| {
        let poll = propose(7);
        assert_noop!(
            Governance::vote(signed(ALICE), poll, Side::Aye, Some(0)),
            Error::<Test>::NoWeight
        );
        assert_noop!(
            Governance::vote(signed(NOBODY), poll, Side::Nay, None),
            Error::<Test>::NoWeight
        );
    });
}

#[test]
fn no_vote_is_counted_after_the_end() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        run_to_end(poll);
        let before = Votes::<Test>::get(ALICE);
        for who in [ALICE, BOB] {
            assert_noop!(
                Governance::vote(signed(who), poll, Side::Nay, None),
                Error::<Test>::NotOngoing
            );
        }
        assert_eq!(Votes::<Test>::get(ALICE), before);
    });
}

#[test]
fn what_does_not_exist_is_not_ongoing() {
    build_and_execute(|| {
        assert_noop!(
            Governance::vote(signed(ALICE), 0, Side::Aye, None),
            Error::<Test>::NotOngoing
        );
        // A cancelled one exists no longer.
        let poll = propose(7);
        assert_ok!(Referenda::cancel(RuntimeOrigin::root(), poll));
        assert_noop!(
            Governance::vote(signed(ALICE), poll, Side::Aye, None),
            Error::<Test>::NotOngoing
        );
    });
}

#[test]
fn votes_are_bounded_and_expired_ones_make_room() {
    build_and_execute(|| {
        let polls: Vec<u32> = (0..MAX_VOTES).map(propose).collect();
        for poll in &polls {
            vote(ALICE, *poll, Side::Nay);
        }
        let one_more = propose(100);
        assert_noop!(
            Governance::vote(signed(ALICE), one_more, Side::Aye, None),
            Error::<Test>::TooManyVotes
        );
        // A change needs no room.
        vote(ALICE, polls[0], Side::Aye);
        assert_ok!(Referenda::cancel(RuntimeOrigin::root(), polls[1]));
        vote(ALICE, one_more, Side::Aye);
        assert_eq!(polls_of(ALICE), [polls[2], polls[3], polls[0], one_more]);
    });
}

#[test]
fn locked_votes_make_no_room() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        let end = run_to_end(poll);
        for value in 1..MAX_VOTES {
            let other = propose(value);
            vote(ALICE, other, Side::Nay);
        }
        let one_more = propose(100);
        run_to(end + MIN_ENACTMENT - 1);
        assert_noop!(
            Governance::vote(signed(ALICE), one_more, Side::Aye, None),
            Error::<Test>::TooManyVotes
        );
        forward(1);
        assert_ok!(Governance::vote(signed(ALICE), one_more, Side::Nay, None));
        assert!(!polls_of(ALICE).contains(&poll));
    });
}

#[test]
fn no_aye_for_what_is_enacted_too_late() {
    build_and_execute(|| {
        let set = || governed::Call::set { value: 7 };
        let last = START + MAX_ENACTMENT;
        for (enactment, accepted) in [
            (DispatchTime::After(MAX_ENACTMENT), true),
            (DispatchTime::After(MAX_ENACTMENT + 1), false),
            (DispatchTime::At(last), true),
            (DispatchTime::At(last + 1), false),
        ] {
            let poll = submit(Origin::Parameters, set(), enactment);
            if accepted {
                assert_ok!(Governance::vote(signed(ALICE), poll, Side::Aye, None));
            } else {
                assert_noop!(
                    Governance::vote(signed(ALICE), poll, Side::Aye, None),
                    Error::<Test>::EnactmentTooLate
                );
                // Against it anybody can be.
                assert_ok!(Governance::vote(signed(ALICE), poll, Side::Nay, None));
            }
        }
    });
}

#[test]
fn only_accounts_vote() {
    build_and_execute(|| {
        let poll = propose(7);
        for origin in [
            RuntimeOrigin::none(),
            RuntimeOrigin::root(),
            Origin::Parameters.into(),
        ] {
            assert_noop!(
                Governance::vote(origin, poll, Side::Aye, None),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn pays_for_the_votes_there_are() {
    build_and_execute(|| {
        let poll = propose(7);
        let call = crate::Call::<Test>::vote {
            poll,
            side: Side::Aye,
            amount: None,
        };
        let most = <() as WeightInfo>::vote(MAX_VOTES);
        assert_eq!(call.get_dispatch_info().call_weight, most);
        let first = Governance::vote(signed(ALICE), poll, Side::Aye, None).expect("it is ongoing");
        assert_eq!(first.actual_weight, Some(<() as WeightInfo>::vote(0)));
        let second = Governance::vote(signed(ALICE), poll, Side::Nay, None).expect("it still is");
        assert_eq!(second.actual_weight, Some(<() as WeightInfo>::vote(1)));
    });
}
