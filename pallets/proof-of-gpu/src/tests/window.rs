// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use frame_support::{assert_ok, weights::Weight};
use proof_of_gpu_primitives::Workload;
use sp_runtime::Perbill;

use super::hollow;
use crate::{
    Beacon, CurrentWindow, Event, IdleSince, NextWindow, Phase, Records, WeightInfo, Window,
    WindowParameters, WindowRecord, mock::*,
};

fn is_idle() -> bool {
    CurrentWindow::<Test>::get().is_none()
}

#[test]
fn goes_through_its_phases_block_by_block() {
    build_and_execute(|| {
        run_to(OPENS - 1);
        assert!(is_idle());
        events();

        run_to(OPENS);
        let beacon = Beacon::<Test>::get().acc;
        let opened = Window {
            id: 0,
            parameters: parameters(),
            beacon,
            opened_at: OPENS,
            opened_moment: GENESIS_MOMENT + (OPENS - 1) * SLOT,
            deadline: DEADLINE,
            deadline_moment: None,
            commits: 0,
            phase: Phase::Open,
        };
        assert_eq!(window(), opened);
        assert_eq!(NextWindow::<Test>::get(), 1);
        assert_eq!(
            events(),
            vec![Event::WindowOpened {
                window: 0,
                beacon,
                deadline: DEADLINE
            }]
        );

        run_to(DEADLINE);
        assert_eq!(window(), opened);
        run_to(DEADLINE + 1);
        let deadline_moment = Some(GENESIS_MOMENT + DEADLINE * SLOT);
        let sampling = Window {
            phase: Phase::Sampling {
                elapsed_ms: ELAPSED,
            },
            deadline_moment,
            ..opened
        };
        assert_eq!(window(), sampling);
        assert_eq!(
            events(),
            vec![Event::WindowSampling {
                window: 0,
                commits: 0,
                elapsed_ms: ELAPSED
            }]
        );

        run_to(REVEALS - 1);
        assert_eq!(window(), sampling);
        run_to(REVEALS);
        let sampling_beacon = Beacon::<Test>::get().acc;
        let revealing = Window {
            phase: Phase::Revealing {
                elapsed_ms: ELAPSED,
                sampling_beacon,
                until: UNTIL,
            },
            ..sampling
        };
        assert_eq!(window(), revealing);
        assert_eq!(
            events(),
            vec![Event::WindowRevealing {
                window: 0,
                sampling_beacon,
                commits: 0,
                until: UNTIL
            }]
        );

        run_to(UNTIL);
        assert_eq!(window(), revealing);
        run_to(CLOSES);
        assert!(is_idle());
        assert_eq!(IdleSince::<Test>::get(), CLOSES);
        assert_eq!(events(), vec![Event::WindowClosed { window: 0 }]);
        assert_eq!(Closed::get(), vec![(0, OPENS, CLOSES)]);
        assert_eq!(
            Records::<Test>::get(0),
            Some(WindowRecord {
                id: 0,
                sampling_beacon,
                commits: 0,
                capacity: 100,
                slash_share: Perbill::from_percent(50),
                bounty_share: Perbill::from_percent(10),
            })
        );

        run_to(OPENS + PERIOD);
        assert_eq!((window().id, window().opened_at), (1, OPENS + PERIOD));
    });
}

#[test]
fn no_step_in_a_block_without_an_output() {
    build_and_execute(|| {
        // Each step is put off by as many blocks as have no output.
        run_to(OPENS - 1);
        block_with(None, 1);
        assert!(is_idle());
        next_block();
        assert_eq!(window().opened_at, OPENS + 1);

        run_to(DEADLINE + 1);
        for _ in 0..3 {
            block_with(None, 1);
            assert_eq!(window().phase, Phase::Open);
        }
        next_block();
        // The time ends with the deadline's block all the same.
        assert_eq!(
            window().phase,
            Phase::Sampling {
                elapsed_ms: ELAPSED
            }
        );
        assert_eq!(System::block_number(), DEADLINE + 5);

        run_to(REVEALS);
        block_with(None, 1);
        assert_eq!(
            window().phase,
            Phase::Sampling {
                elapsed_ms: ELAPSED
            }
        );
        next_block();
        let Phase::Revealing { until, .. } = window().phase else {
            panic!("the samples are drawn");
        };
        // So many blocks from the one that draws the samples.
        assert_eq!((System::block_number(), until), (REVEALS + 2, UNTIL + 2));

        run_to(until);
        block_with(None, 1);
        assert!(!is_idle());
        next_block();
        assert!(is_idle());
        assert_eq!(Closed::get(), vec![(0, OPENS + 1, UNTIL + 4)]);
    });
}

#[test]
fn empty_slots_are_time() {
    build_and_execute(|| {
        run_to(OPENS - 1);
        // Three empty slots before the opening block, two before the deadline's,
        // and ten after it, which come too late to count.
        block_with(Some(output_of(OPENS)), 4);
        run_to(DEADLINE - 1);
        block_with(Some(output_of(DEADLINE)), 3);
        block_with(Some(output_of(DEADLINE + 1)), 11);
        assert_eq!(
            window().phase,
            Phase::Sampling {
                elapsed_ms: ELAPSED + 5 * SLOT
            }
        );
    });
}

#[test]
fn a_clock_that_runs_backwards_counts_as_no_time() {
    build_and_execute(|| {
        run_to(DEADLINE - 1);
        Moment::set(GENESIS_MOMENT);
        run_to(DEADLINE + 1);
        assert_eq!(window().phase, Phase::Sampling { elapsed_ms: 0 });
        // That breaks an assumption, and the invariants say so.
        assert!(crate::Pallet::<Test>::do_try_state().is_err());
        run_to(CLOSES);
    });
}

#[test]
fn opens_by_chance_between_the_gaps() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.open_chance = Perbill::one());
        // Not before the smaller gap, then at once.
        run_to(1);
        assert!(is_idle());
        run_to(2);
        assert_eq!(window().opened_at, 2);
    });
}

#[test]
fn opens_at_the_latest_after_the_larger_gap() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.max_gap = 50);
        run_to(49);
        assert!(is_idle());
        run_to(50);
        assert_eq!(window().opened_at, 50);
    });
}

#[test]
fn with_no_gap_opens_in_the_block_after_the_close() {
    build_and_execute(|| {
        run_to(CLOSES);
        Parameters::mutate(|parameters| (parameters.min_gap, parameters.max_gap) = (0, 0));
        run_to(CLOSES + 1);
        assert_eq!(window().opened_at, CLOSES + 1);
    });
}

#[test]
fn does_not_open_by_parameters_that_are_not_valid() {
    build_and_execute(|| {
        for wrong in [
            WindowParameters {
                sampling: 7,
                ..parameters()
            },
            WindowParameters {
                bounty_share: Perbill::from_percent(11),
                ..parameters()
            },
            WindowParameters {
                workload: Workload::new(1, 1, 1),
                ..parameters()
            },
            // More than the runtime's `MaxSamples`.
            WindowParameters {
                samples: 9,
                ..parameters()
            },
        ] {
            Parameters::set(wrong);
            run_to(System::block_number() + 2 * OPENS);
            assert!(is_idle());
        }
        Parameters::set(parameters());
        next_block();
        assert!(!is_idle());
    });
}

#[test]
fn does_not_open_in_the_first_block_it_sees() {
    build_and_execute(|| {
        // As where a chain takes the pallet in at a late block: no moment of the
        // parent's to count from.
        System::set_block_number(1_000);
        next_block();
        assert!(is_idle());
        next_block();
        assert_eq!(window().opened_moment, GENESIS_MOMENT + SLOT);
    });
}

#[test]
fn does_not_open_past_the_last_id() {
    build_and_execute(|| {
        NextWindow::<Test>::put(u32::MAX);
        run_to(2 * OPENS);
        assert!(is_idle());
        NextWindow::<Test>::put(0);
    });
}

#[test]
fn parameters_are_copied_when_it_opens() {
    build_and_execute(|| {
        run_to(OPENS);
        let changed = WindowParameters {
            work: 5,
            grace: 1,
            sampling: 20,
            reveal: 2,
            capacity: 7,
            ..parameters()
        };
        Parameters::set(changed.clone());
        run_to(UNTIL);
        assert_eq!(window().parameters, parameters());
        run_to(CLOSES);
        assert_eq!(
            Records::<Test>::get(0).map(|record| record.capacity),
            Some(100)
        );
        // The next window is by the new ones.
        run_to(OPENS + PERIOD);
        assert_eq!(window().parameters, changed);
        assert_eq!(window().deadline, OPENS + PERIOD + 5);
    });
}

#[test]
fn records_are_a_ring() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(CLOSES + 4 * PERIOD);
        let mut ids = Records::<Test>::iter()
            .map(|(index, record)| (index, record.id, record.commits))
            .collect::<Vec<_>>();
        ids.sort_unstable();
        assert_eq!(ids, vec![(0, 3, 0), (1, 4, 0), (2, 2, 0)]);
    });
}

#[test]
fn is_charged_by_what_it_does() {
    type Weights = ();
    build_and_execute(|| {
        run_to(OPENS - 1);
        let hook = Weight::from_parts(7, 0);
        for (block, expected) in [
            (OPENS, Weights::on_initialize_open()),
            (OPENS + 1, Weights::on_initialize_idle()),
            (DEADLINE + 1, Weights::on_initialize_sampling()),
            (DEADLINE + 2, Weights::on_initialize_idle()),
            (REVEALS, Weights::on_initialize_revealing()),
            (REVEALS + 1, Weights::on_initialize_idle()),
            (CLOSES, Weights::on_initialize_close() + hook),
            (CLOSES + 1, Weights::on_initialize_idle()),
        ] {
            run_to(block - 1);
            assert_eq!(next_block(), expected, "block {block}");
        }
    });
}
