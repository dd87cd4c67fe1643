// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use sp_runtime::{DispatchError, Perbill};

use super::{draw_lots, hollow, set_verified};
use crate::{Error, Event, VerifiedResult, WindowParameters, mock::*};

/// 2,097 MOPS in the five milliseconds of a window.
const ROUNDS: u32 = 20;

fn confirm(hotkey: &AccountId, window: u32, gpus: Vec<u32>) -> DispatchResult {
    let gpus = gpus.try_into().expect("few enough GPUs");
    ProofOfGpu::confirm(RuntimeOrigin::signed(hotkey.clone()), window, gpus)
}

#[test]
fn credits_the_claim_where_more_was_verified() {
    build_and_execute(|| {
        let (_, [gpu, _]) = draw_lots(ROUNDS);
        set_verified(&ALICE, gpu, 9_000);
        events();
        assert_ok!(confirm(&ALICE, 0, vec![gpu]));

        assert_eq!(
            events(),
            vec![Event::Confirmed {
                hotkey: ALICE,
                gpu,
                window: 0,
                mops: 2_097,
                gib: 0,
                gbps: 0,
            }]
        );
        assert!(resolved(&ALICE, gpu));
        assert_eq!(
            Verified::get(),
            vec![VerifiedResult {
                window: 0,
                hotkey: ALICE,
                gpu,
                mops: 2_097,
                gib: 0,
                gbps: 0,
                confirmed: true,
                samples: 4,
                slash_share: Perbill::from_percent(50),
                bounty_share: Perbill::from_percent(10),
                capacity: 3,
                commits: 8,
            }]
        );
    });
}

#[test]
fn credits_what_was_verified_where_more_is_claimed() {
    build_and_execute(|| {
        let (_, [gpu, _]) = draw_lots(ROUNDS);
        set_verified(&ALICE, gpu, 1);
        assert_ok!(confirm(&ALICE, 0, vec![gpu]));
        assert_eq!(Verified::get()[0].mops, 1);
    });
}

#[test]
fn does_not_change_what_was_verified() {
    build_and_execute(|| {
        let (_, [gpu, other]) = draw_lots(ROUNDS);
        set_verified(&ALICE, gpu, 1);
        set_verified(&ALICE, other, 9);
        let mut gpus = vec![gpu, other];
        gpus.sort_unstable();
        assert_ok!(confirm(&ALICE, 0, gpus));
        assert_eq!(last_verified(&ALICE, gpu), Some(1));
        assert_eq!(last_verified(&ALICE, other), Some(9));
        assert_eq!(Verified::get().len(), 2);
    });
}

#[test]
fn after_an_honest_reveal_in_an_earlier_window() {
    build_and_execute(|| {
        run_to(OPENS);
        let proofs = (0..GPUS)
            .map(|gpu| proof(&ALICE, gpu, ROUNDS / 2))
            .collect::<Vec<_>>();
        for (gpu, proof) in (0..).zip(&proofs) {
            commit(&ALICE, gpu, proof);
        }
        run_to(REVEALS);
        for (gpu, proof) in (0..).zip(&proofs) {
            assert_ok!(reveal(&ALICE, gpu, proof));
        }

        Parameters::set(WindowParameters {
            capacity: 1,
            ..parameters()
        });
        run_to(OPENS + PERIOD);
        super::commit_all(ROUNDS);
        run_to(REVEALS + PERIOD);
        let gpu = (0..GPUS)
            .find(|gpu| !super::called(&ALICE, *gpu))
            .expect("few are called");
        assert_ok!(confirm(&ALICE, 1, vec![gpu]));
        let VerifiedResult {
            window,
            mops,
            confirmed,
            ..
        } = &Verified::get()[4];
        assert_eq!((*window, *mops, *confirmed), (1, 1_048, true));
    });
}

#[test]
fn when_called() {
    build_and_execute(|| {
        let (called, [uncalled, _]) = draw_lots(1);
        set_verified(&ALICE, called, 9);
        set_verified(&ALICE, uncalled, 9);
        assert_noop!(confirm(&ALICE, 0, vec![called]), Error::<Test>::Called);
        // One that is called refuses all.
        let mut both = vec![called, uncalled];
        both.sort_unstable();
        assert_noop!(confirm(&ALICE, 0, both), Error::<Test>::Called);
        assert_eq!(Verified::get(), vec![]);
    });
}

#[test]
fn with_nothing_verified() {
    build_and_execute(|| {
        let (_, [gpu, _]) = draw_lots(1);
        assert_noop!(
            confirm(&ALICE, 0, vec![gpu]),
            Error::<Test>::NothingVerified
        );
    });
}

#[test]
fn twice() {
    build_and_execute(|| {
        let (_, [gpu, _]) = draw_lots(1);
        set_verified(&ALICE, gpu, 9);
        assert_ok!(confirm(&ALICE, 0, vec![gpu]));
        assert_noop!(
            confirm(&ALICE, 0, vec![gpu]),
            Error::<Test>::AlreadyResolved
        );
        assert_noop!(
            confirm(&ALICE, 0, vec![gpu, gpu]),
            Error::<Test>::NotAscending
        );
        assert_eq!(Verified::get().len(), 1);
    });
}

#[test]
fn gpus_ascend_and_there_are_some() {
    build_and_execute(|| {
        let (_, [gpu, other]) = draw_lots(1);
        set_verified(&ALICE, gpu, 9);
        set_verified(&ALICE, other, 9);
        assert_noop!(confirm(&ALICE, 0, vec![]), Error::<Test>::NoGpus);
        assert_noop!(
            confirm(&ALICE, 0, vec![gpu.max(other), gpu.min(other)]),
            Error::<Test>::NotAscending
        );
    });
}

#[test]
fn without_a_commit() {
    build_and_execute(|| {
        draw_lots(1);
        assert_noop!(confirm(&ALICE, 0, vec![GPUS]), Error::<Test>::NoCommit);
        assert_noop!(confirm(&CAROL, 0, vec![0]), Error::<Test>::NoCommit);
    });
}

#[test]
fn outside_its_phase() {
    build_and_execute(|| {
        assert_noop!(confirm(&ALICE, 0, vec![0]), Error::<Test>::NotCurrentWindow);
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_noop!(confirm(&ALICE, 0, vec![0]), Error::<Test>::NotRevealing);
        run_to(REVEALS - 1);
        assert_noop!(confirm(&ALICE, 0, vec![0]), Error::<Test>::NotRevealing);
        run_to(UNTIL);
        assert_noop!(confirm(&ALICE, 1, vec![0]), Error::<Test>::NotCurrentWindow);
        block_with(None, 1);
        assert_noop!(confirm(&ALICE, 0, vec![0]), Error::<Test>::NotRevealing);
        run_to(CLOSES + 1);
        assert_noop!(confirm(&ALICE, 0, vec![0]), Error::<Test>::NotCurrentWindow);
    });
}

#[test]
fn is_signed() {
    build_and_execute(|| {
        let (_, [gpu, _]) = draw_lots(1);
        let gpus = vec![gpu].try_into().expect("few enough GPUs");
        assert_noop!(
            ProofOfGpu::confirm(RuntimeOrigin::none(), 0, gpus),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn an_uncalled_commit_without_it_lapses() {
    build_and_execute(|| {
        let (_, [gpu, _]) = draw_lots(ROUNDS);
        run_to(CLOSES);
        assert!(!resolved(&ALICE, gpu));
        assert_eq!(bond(&ALICE, gpu), BOND);
        assert_eq!(Verified::get(), vec![]);
    });
}
