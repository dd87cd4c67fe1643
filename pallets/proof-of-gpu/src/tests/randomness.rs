// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The exact bytes below come from another SHA-256, in Python's hashlib:
//!
//! ```python
//! acc = bytes(32)
//! for n in range(1, 22):
//!     acc = sha256(b"BEAC" + acc + bytes([n]) * 32).digest()
//! ```

use sp_core::bytes::from_hex;
use sp_runtime::Perbill;

use crate::{Beacon, CurrentWindow, WindowParameters, mock::*, randomness::opens};

/// Goes on to `block`, the outputs being those that `output` gives.
fn run_with(block: BlockNumber, output: impl Fn(BlockNumber) -> Option<[u8; 32]>) {
    while System::block_number() < block {
        block_with(output(System::block_number() + 1), 1);
    }
}

/// r_n = 32 bytes of n.
fn known(block: BlockNumber) -> Option<[u8; 32]> {
    Some([u8::try_from(block).expect("a low block"); 32])
}

fn bytes(hex: &str) -> [u8; 32] {
    from_hex(hex)
        .expect("hexadecimal digits")
        .try_into()
        .expect("32 bytes")
}

#[test]
fn accumulates_the_exact_bytes() {
    build_and_execute(|| {
        assert_eq!(Beacon::<Test>::get().acc, [0; 32]);
        run_with(1, known);
        assert_eq!(
            Beacon::<Test>::get().acc,
            bytes("6f8fb0dc4728d593018c644e09e3b5f9a9e4fcff308a13598d341e245d162497")
        );
        run_with(2, known);
        assert_eq!(
            Beacon::<Test>::get().acc,
            bytes("f1a5f8257cf0ce651083dd1c1a8e95ff2675ad9478dce5fee6620399a8783b92")
        );
    });
}

#[test]
fn the_beacon_and_the_sampling_beacon_are_the_exact_bytes() {
    build_and_execute(|| {
        run_with(OPENS, known);
        assert_eq!(
            window().beacon,
            bytes("24bf2ca247a02977a80276fe4fa32cbf3ee84908961cc0403165ceef5fb0d125")
        );
        run_with(REVEALS, known);
        assert_eq!(
            sampling_beacon(),
            bytes("b011df7b1469398ba43b15d6948f8135f1e5a700d10e26b7deb26e3d7a98d4a6")
        );
        // What comes later changes neither.
        run_with(UNTIL, |_| Some([0xff; 32]));
        assert_eq!(
            sampling_beacon(),
            bytes("b011df7b1469398ba43b15d6948f8135f1e5a700d10e26b7deb26e3d7a98d4a6")
        );
    });
}

#[test]
fn the_opening_is_drawn_from_the_exact_bytes() {
    // u64le(H('OPEN' ‖ acc_n)) / 2⁶⁴ in parts of 10⁹, rounded down, by hashlib.
    let acc_2 = bytes("f1a5f8257cf0ce651083dd1c1a8e95ff2675ad9478dce5fee6620399a8783b92");
    assert!(!opens(&acc_2, Perbill::from_parts(366_786_756)));
    assert!(opens(&acc_2, Perbill::from_parts(366_786_757)));
    assert!(opens(&acc_2, Perbill::one()));
    assert!(!opens(&acc_2, Perbill::zero()));

    // Blocks 3, 4 and 5 draw 226836654, 528126806 and 152822857 parts.
    for (chance, expected) in [(226_836_655, 3), (226_836_654, 5), (152_822_858, 5)] {
        build_and_execute(|| {
            Parameters::set(WindowParameters {
                open_chance: Perbill::from_parts(chance),
                max_gap: 100,
                ..parameters()
            });
            while CurrentWindow::<Test>::get().is_none() {
                run_with(System::block_number() + 1, known);
            }
            assert_eq!(System::block_number(), expected);
        });
    }
}

/// What two chains come to that differ in one block's output.
fn differ(at: BlockNumber, block: BlockNumber, read: impl Fn() -> [u8; 32]) -> bool {
    let run = |changed: BlockNumber| {
        new_test_ext().execute_with(|| {
            run_with(block, |n| {
                if n == changed {
                    Some([0xee; 32])
                } else {
                    known(n)
                }
            });
            read()
        })
    };
    run(at) != run(0)
}

#[test]
fn the_beacon_depends_on_every_author_up_to_the_last() {
    for author in 1..=OPENS {
        assert!(differ(author, OPENS, || window().beacon));
    }
    assert!(!differ(OPENS + 1, OPENS, || window().beacon));
}

#[test]
fn the_opening_depends_on_every_author_up_to_the_last() {
    // The chance is that of one draw more than block 3's, so block 3 opens the
    // window by `known`, and hardly any other output would.
    let opened = |changed: BlockNumber| {
        new_test_ext().execute_with(|| {
            Parameters::set(WindowParameters {
                open_chance: Perbill::from_parts(226_836_655),
                max_gap: 100,
                ..parameters()
            });
            run_with(3, |n| {
                if n == changed {
                    Some([0xe2; 32])
                } else {
                    known(n)
                }
            });
            CurrentWindow::<Test>::get().is_some()
        })
    };
    assert!(opened(0));
    for author in 1..=3 {
        assert!(
            !opened(author),
            "the output of block {author} does not matter"
        );
    }
}

#[test]
fn the_sampling_beacon_depends_on_every_author_up_to_the_last() {
    for author in 1..=REVEALS {
        assert!(differ(author, REVEALS, sampling_beacon));
    }
    assert!(!differ(REVEALS + 1, REVEALS, sampling_beacon));
}

#[test]
fn a_block_without_an_output_changes_nothing_but_the_moment() {
    build_and_execute(|| {
        run_with(2, known);
        let before = Beacon::<Test>::get();
        block_with(None, 3);
        let after = Beacon::<Test>::get();
        assert_eq!(after.acc, before.acc);
        assert_eq!(after.moment, before.moment + 3 * SLOT);
    });
}
