// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use frame_support::assert_ok;

use super::{draw_lots, hollow, set_verified};
use crate::{Gpus, Pallet, mock::*};

fn may_leave(gpu: u32) -> bool {
    Pallet::<Test>::may_leave(&ALICE, gpu)
}

#[test]
fn a_gpu_that_never_committed_may() {
    build_and_execute(|| {
        for block in [0, OPENS, DEADLINE + 1, REVEALS, CLOSES] {
            run_to(block);
            assert!(may_leave(0));
        }
    });
}

#[test]
fn none_may_with_an_unresolved_commit() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        for block in [OPENS, DEADLINE + 1, REVEALS, UNTIL, CLOSES] {
            run_to(block);
            assert!(!may_leave(0));
        }
        // It was missed: a full window later it can still be reported.
        run_to(CLOSES + PERIOD);
        assert!(!may_leave(0));
        assert!(may_leave(1));
    });
}

#[test]
fn one_that_was_reported_may_after_a_full_window() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(CLOSES);
        assert_ok!(ProofOfGpu::report_missed(
            RuntimeOrigin::signed(BOB),
            ALICE,
            0,
            0
        ));
        run_to(CLOSES + PERIOD - 1);
        assert!(!may_leave(0));
        run_to(CLOSES + PERIOD);
        assert!(may_leave(0));
    });
}

#[test]
fn one_that_missed_unreported_may_once_off_the_records() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(CLOSES + 3 * PERIOD - 1);
        assert!(!may_leave(0));
        run_to(CLOSES + 3 * PERIOD);
        assert!(may_leave(0));
    });
}

#[test]
fn one_that_was_verified_may_after_a_full_window() {
    build_and_execute(|| {
        run_to(OPENS);
        let proof = proof(&ALICE, 0, 1);
        commit(&ALICE, 0, &proof);
        run_to(REVEALS);
        assert_ok!(reveal(&ALICE, 0, &proof));
        for block in [REVEALS, CLOSES, OPENS + PERIOD, CLOSES + PERIOD - 1] {
            run_to(block);
            assert!(!may_leave(0));
        }
        run_to(CLOSES + PERIOD);
        assert!(may_leave(0));
    });
}

#[test]
fn one_that_was_not_called_may_after_a_full_window() {
    build_and_execute(|| {
        let (called, [uncalled, _]) = draw_lots(1);
        run_to(CLOSES);
        assert!(!may_leave(uncalled));
        run_to(CLOSES + PERIOD);
        assert!(may_leave(uncalled));
        assert!(!may_leave(called));
    });
}

#[test]
fn one_that_commits_again_may_not() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(OPENS + 4 * PERIOD - 1);
        assert!(may_leave(0));
        run_to(OPENS + 4 * PERIOD);
        assert!(may_leave(0));
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert!(!may_leave(0));
    });
}

#[test]
fn leaving_clears_what_was_verified() {
    build_and_execute(|| {
        let (_, [gpu, other]) = draw_lots(1);
        set_verified(&ALICE, gpu, 9);
        set_verified(&ALICE, other, 9);
        run_to(CLOSES + PERIOD);
        assert!(may_leave(gpu));
        Pallet::<Test>::on_left(&ALICE, gpu);
        assert_eq!(Gpus::<Test>::get(&ALICE, gpu), None);
        assert!(may_leave(gpu));

        // Registered anew, it has nothing to be credited by.
        run_to(OPENS + 2 * PERIOD);
        super::commit_all(1);
        assert_eq!(last_verified(&ALICE, gpu), None);
        assert_eq!(last_verified(&ALICE, other), Some(9));
    });
}
