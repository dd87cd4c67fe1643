// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use frame_support::{assert_noop, assert_ok, dispatch::GetDispatchInfo};
use proof_of_gpu_primitives::MAX_ROUNDS;
use sp_runtime::DispatchError;

use super::{commit_all, draw_lots, hollow, set_verified};
use crate::{Call, Commit, CurrentWindow, Error, Event, GpuState, Gpus, Window, mock::*};

fn commit_to(window: u32, beacon: [u8; 32]) -> frame_support::dispatch::DispatchResultWithPostInfo {
    let claims = vec![hollow(0, 1)].try_into().expect("few enough GPUs");
    ProofOfGpu::commit(RuntimeOrigin::signed(ALICE), window, beacon, claims)
}

#[test]
fn stores_every_claim_and_tells_of_it() {
    build_and_execute(|| {
        run_to(OPENS);
        events();
        assert_ok!(commit_claims(&ALICE, vec![hollow(1, 5), hollow(3, 7)]));

        let expected = |rounds| GpuState {
            commit: Some(Commit {
                window: 0,
                rounds,
                root: [0xab; 32],
                walk: None,
                resolved: false,
                bond: BOND,
            }),
            last_verified: None,
        };
        assert_eq!(Gpus::<Test>::get(ALICE, 1), Some(expected(5)));
        assert_eq!(Gpus::<Test>::get(ALICE, 3), Some(expected(7)));
        assert_eq!(Gpus::<Test>::get(ALICE, 0), None);
        assert_eq!(window().commits, 2);
        assert_eq!(
            events(),
            vec![
                Event::Committed {
                    hotkey: ALICE,
                    gpu: 1,
                    window: 0,
                    rounds: 5,
                    walk: None,
                },
                Event::Committed {
                    hotkey: ALICE,
                    gpu: 3,
                    window: 0,
                    rounds: 7,
                    walk: None,
                },
            ]
        );
        assert_eq!(Committed::get(), vec![(ALICE, 1, 0), (ALICE, 3, 0)]);
    });
}

#[test]
fn is_taken_in_the_first_and_in_the_last_block() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(DEADLINE);
        assert_ok!(commit_claims(&BOB, vec![hollow(0, 1)]));
        assert_eq!(window().commits, 2);
    });
}

#[test]
fn too_late() {
    build_and_execute(|| {
        run_to(OPENS);
        let Window { id, beacon, .. } = window();
        run_to(DEADLINE + 1);
        assert_noop!(commit_to(id, beacon), Error::<Test>::NotOpen);
        run_to(REVEALS);
        assert_noop!(commit_to(id, beacon), Error::<Test>::NotOpen);
    });
}

#[test]
fn too_late_although_the_phase_waits_for_an_output() {
    build_and_execute(|| {
        run_to(DEADLINE);
        let Window { id, beacon, .. } = window();
        block_with(None, 1);
        assert_eq!(window().phase, crate::Phase::Open);
        assert_noop!(commit_to(id, beacon), Error::<Test>::NotOpen);
    });
}

#[test]
fn to_no_window_or_another() {
    build_and_execute(|| {
        run_to(OPENS - 1);
        assert_noop!(commit_to(0, [0; 32]), Error::<Test>::NotCurrentWindow);
        run_to(OPENS);
        let beacon = window().beacon;
        assert_noop!(commit_to(1, beacon), Error::<Test>::NotCurrentWindow);
        run_to(CLOSES);
        assert_noop!(commit_to(0, beacon), Error::<Test>::NotCurrentWindow);
    });
}

#[test]
fn another_forks_beacon_is_refused_and_not_punished() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_noop!(commit_to(0, [7; 32]), Error::<Test>::WrongBeacon);
        assert_eq!(bond(&ALICE, 0), BOND);
    });
}

#[test]
fn names_at_least_one_gpu() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_noop!(commit_claims(&ALICE, vec![]), Error::<Test>::NoGpus);
    });
}

#[test]
fn gpus_ascend_strictly() {
    build_and_execute(|| {
        run_to(OPENS);
        for claims in [
            vec![hollow(1, 1), hollow(1, 1)],
            vec![hollow(2, 1), hollow(1, 1)],
        ] {
            assert_noop!(commit_claims(&ALICE, claims), Error::<Test>::NotAscending);
        }
    });
}

#[test]
fn rounds_in_range() {
    build_and_execute(|| {
        run_to(OPENS);
        for rounds in [0, MAX_ROUNDS + 1, u32::MAX] {
            assert_noop!(
                commit_claims(&ALICE, vec![hollow(0, rounds)]),
                Error::<Test>::RoundsOutOfRange
            );
        }
        let most = parameters().most_rounds();
        for rounds in [most + 1, MAX_ROUNDS] {
            assert_noop!(
                commit_claims(&ALICE, vec![hollow(0, 1), hollow(1, rounds)]),
                Error::<Test>::TooManyRounds
            );
        }
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1), hollow(1, most)]));
    });
}

#[test]
fn below_the_lowest_floor_in_the_time_so_far() {
    build_and_execute(|| {
        Floor::set(1_000);
        run_to(OPENS);
        // One millisecond so far: two rounds of 524,288 operations are 1,048 MOPS.
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 1)]),
            Error::<Test>::BelowFloor
        );
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 2)]));
        run_to(OPENS + 1);
        // Two milliseconds: what was enough a block ago no longer is.
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(1, 3)]),
            Error::<Test>::BelowFloor
        );
        assert_ok!(commit_claims(&ALICE, vec![hollow(1, 4)]));
    });
}

#[test]
fn no_time_so_far_bounds_nothing() {
    build_and_execute(|| {
        Floor::set(1_000);
        run_to(OPENS - 1);
        block_with(Some(output_of(OPENS)), 0);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
    });
}

#[test]
fn of_an_unregistered_hotkey() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_noop!(
            commit_claims(&CAROL, vec![hollow(0, 1)]),
            Error::<Test>::NotRegistered
        );
    });
}

#[test]
fn of_a_slot_that_does_not_exist() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(GPUS, 1)]),
            Error::<Test>::NotRegistered
        );
    });
}

#[test]
fn one_wrong_claim_refuses_all() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 1), hollow(GPUS, 1)]),
            Error::<Test>::NotRegistered
        );
        assert_eq!(Committed::get(), vec![]);
    });
}

#[test]
fn twice() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 9)]),
            Error::<Test>::AlreadyCommitted
        );
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 9), hollow(1, 9)]),
            Error::<Test>::AlreadyCommitted
        );
        // Another GPU, and another hotkey's, are free.
        assert_ok!(commit_claims(&ALICE, vec![hollow(1, 1)]));
        assert_ok!(commit_claims(&BOB, vec![hollow(0, 1)]));
    });
}

#[test]
fn more_than_can_be_counted() {
    build_and_execute(|| {
        run_to(OPENS);
        let honest = window();
        CurrentWindow::<Test>::put(Window {
            commits: u32::MAX - 1,
            ..honest.clone()
        });
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 1), hollow(1, 1)]),
            Error::<Test>::TooManyCommits
        );
        CurrentWindow::<Test>::put(honest);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1), hollow(1, 1)]));
    });
}

#[test]
fn is_signed() {
    build_and_execute(|| {
        run_to(OPENS);
        let Window { id, beacon, .. } = window();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                ProofOfGpu::commit(
                    origin,
                    id,
                    beacon,
                    vec![hollow(0, 1)].try_into().expect("few enough GPUs")
                ),
                DispatchError::BadOrigin
            );
        }
    });
}

/// A commit keeps the bond that it puts at risk, which is what is left after an earlier one
/// was settled: what the owner adds when the samples are known risked nothing.
#[test]
fn keeps_the_bond_that_it_risks() {
    build_and_execute(|| {
        assert_eq!(ProofOfGpu::bond_at_commit(&ALICE, 0), None);
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_eq!(ProofOfGpu::bond_at_commit(&ALICE, 0), Some(BOND));
        // Missed: the next commit settles it.
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_eq!(bond(&ALICE, 0), BOND / 2);
        assert_eq!(ProofOfGpu::bond_at_commit(&ALICE, 0), Some(BOND / 2));
        // Topped up before the reveal.
        run_to(REVEALS + PERIOD);
        Bonds::insert((&ALICE, 0), BOND);
        assert_eq!(ProofOfGpu::bond_at_commit(&ALICE, 0), Some(BOND / 2));
    });
}

/// Who has more GPUs than a call names sends several calls.
#[test]
fn more_gpus_than_a_call_names_commit_by_several() {
    build_and_execute(|| {
        for gpu in GPUS..2 * GPUS {
            Bonds::insert((&ALICE, gpu), BOND);
        }
        run_to(OPENS);
        for gpus in [0..GPUS, GPUS..2 * GPUS] {
            assert_ok!(commit_claims(
                &ALICE,
                gpus.map(|gpu| hollow(gpu, 1)).collect()
            ));
        }
        assert_eq!(window().commits, 2 * GPUS);
    });
}

#[test]
fn settles_a_missed_earlier_commit() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1), hollow(1, 1)]));
        set_verified(&ALICE, 0, 3);
        run_to(OPENS + PERIOD);
        events();
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 2)]));

        assert_eq!(
            events(),
            vec![
                Event::Missed {
                    hotkey: ALICE,
                    gpu: 0,
                    window: 0,
                    slashed: BOND / 2,
                    reporter: None
                },
                Event::Committed {
                    hotkey: ALICE,
                    gpu: 0,
                    window: 1,
                    rounds: 2,
                    walk: None,
                },
            ]
        );
        assert_eq!(bond(&ALICE, 0), BOND / 2);
        // The other GPU's is its own affair, and only a reveal changes what was
        // verified.
        assert_eq!(bond(&ALICE, 1), BOND);
        assert_eq!(last_verified(&ALICE, 0), Some(3));
        assert!(!resolved(&ALICE, 0));
    });
}

#[test]
fn settles_once() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 1)]),
            Error::<Test>::AlreadyCommitted
        );
        assert_eq!(bond(&ALICE, 0), BOND / 2);
    });
}

#[test]
fn settles_by_the_terms_of_the_missed_window() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        Parameters::mutate(|parameters| {
            parameters.slash_share = sp_runtime::Perbill::from_percent(1);
        });
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_eq!(bond(&ALICE, 0), BOND / 2);
    });
}

#[test]
fn an_uncalled_earlier_commit_costs_nothing() {
    build_and_execute(|| {
        let (called, [uncalled, _]) = draw_lots(1);
        run_to(OPENS + PERIOD);
        commit_all(1);
        assert_eq!(bond(&ALICE, uncalled), BOND);
        assert_eq!(bond(&ALICE, called), BOND / 2);
    });
}

#[test]
fn a_missed_commit_off_the_records_costs_nothing() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1), hollow(1, 1)]));
        // Three windows are on record: in window 3 window 0 still is.
        run_to(OPENS + 3 * PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_eq!(bond(&ALICE, 0), BOND / 2);
        run_to(OPENS + 4 * PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(1, 1)]));
        assert_eq!(bond(&ALICE, 1), BOND);
    });
}

#[test]
fn a_commit_whose_bond_the_settlement_takes_is_accepted() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| {
            parameters.slash_share = sp_runtime::Perbill::one();
        });
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        assert_eq!(bond(&ALICE, 0), 0);
        assert_eq!(window().commits, 1);
    });
}

#[test]
fn charges_the_settlements_that_happened() {
    build_and_execute(|| {
        run_to(OPENS);
        let call = |gpus: std::ops::Range<u32>| {
            let Window { id, beacon, .. } = window();
            let claims = gpus.map(|gpu| hollow(gpu, 1)).collect::<Vec<_>>();
            let claims = claims.try_into().expect("few enough GPUs");
            Call::<Test>::commit {
                window: id,
                beacon,
                claims,
            }
            .get_dispatch_info()
            .call_weight
        };
        let claims = |gpus: std::ops::Range<u32>| gpus.map(|gpu| hollow(gpu, 1)).collect();
        let settled = <() as crate::WeightInfo>::settle_missed();

        let first = commit_claims(&ALICE, claims(0..2))
            .expect("in order")
            .actual_weight;
        assert_eq!(first, Some(call(0..2) - settled * 2));
        run_to(OPENS + PERIOD);
        let second = commit_claims(&ALICE, claims(0..4))
            .expect("in order")
            .actual_weight;
        assert_eq!(second, Some(call(0..4) - settled * 2));
    });
}
