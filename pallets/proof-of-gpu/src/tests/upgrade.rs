// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! New code waits for the window that is going on.

use frame_support::{assert_noop, assert_ok};
use frame_system::SetCode;
use sp_core::H256;
use sp_runtime::{
    DispatchError,
    traits::{BlakeTwo256, Hash},
};

use crate::{
    CurrentWindow, Event, Phase, WaitingCode,
    mock::*,
    upgrade::{BetweenWindows, LONGEST_BLOCKS, MAX_CODE_BYTES, PATIENCE_BLOCKS},
};

const CODE: [u8; 3] = [1, 2, 3];

fn hash() -> H256 {
    BlakeTwo256::hash(&CODE)
}

fn set() {
    assert_ok!(BetweenWindows::<Test>::set_code(CODE.to_vec()));
}

/// Whether the chain's code is the new one.
fn is_set() -> bool {
    sp_io::storage::get(sp_core::storage::well_known_keys::CODE).is_some_and(|code| *code == CODE)
}

#[test]
fn between_windows_it_is_set_at_once() {
    for block in [OPENS - 1, CLOSES, CLOSES + 1] {
        build_and_execute(|| {
            run_to(block);
            events();
            set();
            assert!(is_set());
            assert_eq!(events(), vec![]);
        });
    }
}

/// In whichever block of a window it is set, it is the closing block that changes the code.
#[test]
fn inside_a_window_it_waits_for_the_close() {
    for block in OPENS..CLOSES {
        build_and_execute(|| {
            run_to(block);
            events();
            set();
            assert_eq!(
                events(),
                vec![Event::CodeWaits {
                    code: hash(),
                    window: 0
                }]
            );
            assert!(!is_set());
            run_to(CLOSES - 1);
            assert!(!is_set());
            events();
            next_block();
            assert!(is_set());
            assert_eq!(
                events(),
                vec![
                    Event::WindowClosed { window: 0 },
                    Event::CodeReleased {
                        code: hash(),
                        result: Ok(())
                    }
                ]
            );
            assert!(!WaitingCode::<Test>::exists());
        });
    }
}

/// The twin: without the wrapper the code changes in the middle of the reveals.
#[test]
fn without_it_the_code_changes_inside_the_window() {
    build_and_execute(|| {
        run_to(REVEALS);
        assert_ok!(<() as SetCode<Test>>::set_code(CODE.to_vec()));
        assert!(is_set());
        assert!(matches!(window().phase, Phase::Revealing { .. }));
    });
}

#[test]
fn of_two_that_wait_the_last_is_set() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(BetweenWindows::<Test>::set_code(vec![9; 100]));
        run_to(REVEALS);
        set();
        run_to(CLOSES);
        assert!(is_set());
    });
}

/// A chain whose windows cannot close any more can still be mended.
#[test]
fn a_window_that_does_not_close_keeps_it_for_a_while_only() {
    build_and_execute(|| {
        run_to(UNTIL);
        set();
        let last = CLOSES + BlockNumber::from(PATIENCE_BLOCKS);
        while System::block_number() < last {
            block_with(None, 1);
            assert!(!is_set());
        }
        block_with(None, 1);
        assert!(is_set());
        assert!(CurrentWindow::<Test>::exists(), "it waits for an output");
        // And what is set from now on does not wait.
        assert_ok!(BetweenWindows::<Test>::set_code(vec![7]));
        assert!(!is_set() && !WaitingCode::<Test>::exists());
    });
}

/// Nor does a window that a mistaken parameter made endless.
#[test]
fn a_window_without_an_end_keeps_it_for_a_day() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.work = u32::MAX / 2);
        run_to(OPENS);
        set();
        let last = OPENS + BlockNumber::from(LONGEST_BLOCKS);
        System::set_block_number(last - 1);
        next_block();
        assert!(!is_set());
        next_block();
        assert!(is_set());
        assert_eq!(window().phase, Phase::Open);
    });
}

#[test]
fn more_than_waits_is_refused() {
    build_and_execute(|| {
        run_to(OPENS);
        let bytes = usize::try_from(MAX_CODE_BYTES).expect("an address holds it");
        assert_noop!(
            BetweenWindows::<Test>::set_code(vec![0; bytes + 1]),
            DispatchError::Exhausted
        );
        assert_ok!(BetweenWindows::<Test>::set_code(vec![0; bytes]));
    });
}

#[test]
fn setting_it_at_the_close_is_charged() {
    build_and_execute(|| {
        run_to(CLOSES - 1);
        let without = frame_support::storage::with_transaction(|| {
            sp_runtime::TransactionOutcome::Rollback(Ok::<_, DispatchError>(next_block()))
        })
        .expect("not nested too deep");
        System::set_block_number(CLOSES - 1);
        set();
        let with = next_block();
        let code = <<Test as frame_system::Config>::SystemWeightInfo as frame_system::WeightInfo>::set_code();
        assert!(with.all_gte(without) && (with - without).all_gte(code));
    });
}
