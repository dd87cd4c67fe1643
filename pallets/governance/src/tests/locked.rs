// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The function `locked`.

use crate::{EnactmentTime, Origin, Side, mock::*};
use frame_support::{assert_ok, traits::schedule::DispatchTime};

#[test]
fn stake_that_voted_cannot_leave_before_the_end_and_can_after() {
    build_and_execute(|| {
        let poll = propose(7);
        assert_ok!(Governance::vote(signed(ALICE), poll, Side::Aye, Some(300)));
        vote(BOB, poll, Side::Nay);
        vote(CAROL, poll, Side::Nay);
        assert_eq!(unbond(ALICE, STAKE - 299), Err("locked"));
        assert_ok!(unbond(ALICE, STAKE - 300));
        while Referenda::ensure_ongoing(poll).is_ok() {
            for who in [ALICE, BOB, CAROL] {
                assert_eq!(unbond(who, 1), Err("locked"));
            }
            forward(1);
        }
        assert!(!approved(poll));
        assert_ok!(unbond(ALICE, 300));
        assert_ok!(unbond(BOB, STAKE));
        assert_ok!(unbond(CAROL, STAKE));
    });
}

#[test]
fn what_won_cannot_leave_before_the_enactment_and_can_after() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Aye);
        vote(CAROL, poll, Side::Nay);
        let end = run_to_end(poll);
        assert_ok!(unbond(CAROL, STAKE));
        while governed_value() == 0 {
            assert_eq!(unbond(ALICE, 1), Err("locked"));
            forward(1);
        }
        assert_eq!(System::block_number(), end + MIN_ENACTMENT);
        // Nothing had to be called for it.
        assert_eq!(Governance::locked_of(ALICE), 0);
        assert_ok!(unbond(ALICE, STAKE));
    });
}

#[test]
fn the_lock_is_as_long_as_the_enactment_takes() {
    for enactment in [
        DispatchTime::After(0),
        DispatchTime::After(30),
        DispatchTime::At(0),
        DispatchTime::At(START + 45),
    ] {
        build_and_execute(|| {
            let call = governed::Call::set { value: 7 };
            let poll = submit(Origin::Parameters, call, enactment);
            vote(ALICE, poll, Side::Aye);
            run_to_end(poll);
            assert!(approved(poll));
            while governed_value() == 0 {
                assert_eq!(Governance::locked(&ALICE), STAKE);
                forward(1);
            }
            assert_eq!(Governance::locked(&ALICE), 0, "for {enactment:?}");
        });
    }
}

#[test]
fn the_same_stake_votes_in_every_poll() {
    build_and_execute(|| {
        let (one, two) = (propose(1), propose(2));
        assert_ok!(Governance::vote(signed(ALICE), one, Side::Aye, Some(200)));
        assert_ok!(Governance::vote(signed(ALICE), two, Side::Nay, Some(700)));
        assert_eq!(Governance::locked(&ALICE), 700);
        assert_ok!(Referenda::cancel(RuntimeOrigin::root(), two));
        assert_eq!(Governance::locked(&ALICE), 200);
        assert_eq!(Governance::locked(&BOB), 0);
    });
}

#[test]
fn a_block_that_never_comes_is_never_reached() {
    let never = EnactmentTime {
        after: 2u64,
        not_before: 0,
    };
    assert_eq!(never.block(u64::MAX - 1), None);
    assert_eq!(never.block(u64::MAX - 2), Some(u64::MAX));
    let vote = crate::Vote {
        poll: 0u32,
        side: Side::Aye,
        weight: 1u128,
        enactment: never,
    };
    assert!(vote.is_locked_after(u64::MAX - 1, true, u64::MAX));
    assert!(!vote.is_locked_after(u64::MAX - 2, true, u64::MAX));
}

#[test]
fn an_enactment_is_at_least_a_block_after_the_end() {
    assert_eq!(
        EnactmentTime::of(DispatchTime::After(0u64), 0),
        EnactmentTime {
            after: 1,
            not_before: 0
        }
    );
    assert_eq!(
        EnactmentTime::of(DispatchTime::At(9u64), 4),
        EnactmentTime {
            after: 4,
            not_before: 9
        }
    );
    assert_eq!(
        EnactmentTime::of(DispatchTime::At(9u64), 4).block(3),
        Some(9)
    );
    assert_eq!(
        EnactmentTime::of(DispatchTime::At(9u64), 4).block(7),
        Some(11)
    );
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn votes_for_benchmarks_are_many_and_lock_nothing() {
    build_and_execute(|| {
        assert_ok!(Governance::expired_votes_for_benchmark(&ALICE));
        assert_eq!(polls_of(ALICE).len(), MAX_VOTES as usize);
        assert_eq!(Governance::locked(&ALICE), 0);
    });
}
