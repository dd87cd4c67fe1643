// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use frame_support::{
    assert_noop, assert_ok,
    dispatch::{CheckIfFeeless, DispatchClass, DispatchResult, GetDispatchInfo, Pays},
};
use sp_runtime::{DispatchError, Perbill};

use super::{draw_lots, hollow};
use crate::{Call, Error, Event, WindowParameters, mock::*};

fn report(hotkey: &AccountId, gpu: u32, window: u32) -> DispatchResult {
    ProofOfGpu::report_missed(RuntimeOrigin::signed(CAROL), hotkey.clone(), gpu, window)
}

/// Alice's GPU 0 commits to window 0 and never reveals.
fn missed() {
    run_to(OPENS);
    assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
    run_to(CLOSES);
}

#[test]
fn slashes_and_pays_the_reporter() {
    build_and_execute(|| {
        missed();
        events();
        assert_ok!(report(&ALICE, 0, 0));

        let slashed = BOND / 2;
        assert_eq!(
            events(),
            vec![Event::Missed {
                hotkey: ALICE,
                gpu: 0,
                window: 0,
                slashed,
                reporter: Some(CAROL)
            }]
        );
        assert_eq!(bond(&ALICE, 0), BOND - slashed);
        assert_eq!(Bounties::get(CAROL), Some(slashed / 10));
        assert!(resolved(&ALICE, 0));
    });
}

#[test]
fn twice() {
    build_and_execute(|| {
        missed();
        assert_ok!(report(&ALICE, 0, 0));
        assert_noop!(report(&ALICE, 0, 0), Error::<Test>::AlreadyResolved);
        // Nor is it settled once more by the next commit.
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_eq!(bond(&ALICE, 0), BOND / 2);
    });
}

#[test]
fn too_early() {
    build_and_execute(|| {
        assert_noop!(report(&ALICE, 0, 0), Error::<Test>::NotClosed);
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        for block in [OPENS, DEADLINE + 1, REVEALS, UNTIL] {
            run_to(block);
            assert_noop!(report(&ALICE, 0, 0), Error::<Test>::NotClosed);
        }
        // Past the reveal phase, but not closed.
        block_with(None, 1);
        assert_noop!(report(&ALICE, 0, 0), Error::<Test>::NotClosed);
        next_block();
        assert_noop!(report(&ALICE, 0, 1), Error::<Test>::NotClosed);
        assert_noop!(report(&ALICE, 0, u32::MAX), Error::<Test>::NotClosed);
        assert_ok!(report(&ALICE, 0, 0));
    });
}

#[test]
fn of_a_gpu_that_was_not_called() {
    build_and_execute(|| {
        let (called, [uncalled, _]) = draw_lots(1);
        run_to(CLOSES);
        assert_noop!(report(&ALICE, uncalled, 0), Error::<Test>::NotCalled);
        assert_ok!(report(&ALICE, called, 0));
    });
}

#[test]
fn of_a_gpu_that_did_not_commit() {
    build_and_execute(|| {
        missed();
        assert_noop!(report(&ALICE, 1, 0), Error::<Test>::NoCommit);
        assert_noop!(report(&CAROL, 0, 0), Error::<Test>::NoCommit);
        // Nor to that window.
        run_to(CLOSES + PERIOD);
        assert_noop!(report(&ALICE, 0, 1), Error::<Test>::NoCommit);
    });
}

#[test]
fn of_a_gpu_that_revealed() {
    build_and_execute(|| {
        run_to(OPENS);
        let proof = proof(&ALICE, 0, 1);
        commit(&ALICE, 0, &proof);
        run_to(REVEALS);
        assert_ok!(reveal(&ALICE, 0, &proof));
        run_to(CLOSES);
        assert_noop!(report(&ALICE, 0, 0), Error::<Test>::AlreadyResolved);
    });
}

#[test]
fn of_a_gpu_whose_next_commit_has_settled_it() {
    build_and_execute(|| {
        missed();
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_noop!(report(&ALICE, 0, 0), Error::<Test>::NoCommit);
        assert_eq!(bond(&ALICE, 0), BOND / 2);
    });
}

#[test]
fn while_the_window_is_on_record() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1), hollow(1, 1)]));
        // Windows 0, 1 and 2 have closed.
        run_to(CLOSES + 3 * PERIOD - 1);
        assert_ok!(report(&ALICE, 0, 0));
        // Window 3 takes the place of window 0.
        run_to(CLOSES + 3 * PERIOD);
        assert_noop!(report(&ALICE, 1, 0), Error::<Test>::NoRecord);
        assert_eq!(bond(&ALICE, 1), BOND);
    });
}

#[test]
fn by_the_terms_of_its_window() {
    build_and_execute(|| {
        run_to(OPENS);
        Parameters::set(WindowParameters {
            slash_share: Perbill::one(),
            bounty_share: Perbill::zero(),
            capacity: 1,
            ..parameters()
        });
        missed();
        assert_ok!(report(&ALICE, 0, 0));
        assert_eq!(bond(&ALICE, 0), BOND / 2);
        assert_eq!(Bounties::get(CAROL), Some(BOND / 20));
    });
}

#[test]
fn is_signed() {
    build_and_execute(|| {
        missed();
        assert_noop!(
            ProofOfGpu::report_missed(RuntimeOrigin::root(), ALICE, 0, 0),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn pays_a_fee_as_an_ordinary_call() {
    build_and_execute(|| {
        let call = Call::<Test>::report_missed {
            hotkey: ALICE,
            gpu: 0,
            window: 0,
        };
        let info = call.get_dispatch_info();
        assert_eq!(
            (info.pays_fee, info.class),
            (Pays::Yes, DispatchClass::Normal)
        );
        assert!(!RuntimeCall::from(call).is_feeless(&RuntimeOrigin::signed(CAROL)));
    });
}
