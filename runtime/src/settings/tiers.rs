// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The tier table that a chain of real GPUs begins with: one row.
//!
//! **To be calibrated.** The floor is what the weakest card is expected to be verified at,
//! halved: the worker is made to reach at least six tenths of the vendor's own matrix
//! product, which is taken to reach seven tenths of the card's peak, so a card is expected
//! at two fifths of its peak and the floor is a fifth. What cards really reach the auditors
//! publish (`ni-worker audit --calibrations`), and a referendum sets the table that follows
//! from it.
//!
//! # Why one row
//!
//! The windows of the production chain ask for no memory walk, as its speed was not measured
//! on the GPUs that are to run it. Without a walk a throughput says nothing about the card:
//! seven RTX 4090 on one network are verified at as much as a B200. Whatever a higher row
//! pays more they are paid too.
//!
//! - Multipliers that rise with the row are refused without a walk, by `pallet-emission`.
//! - Equal multipliers are not enough. All rows but the newest fade, each row has an
//!   availability of its own, and merged cards reach the row that is best off. After a year
//!   an RTX 3090 that loses 0.15% a day would be paid 58% of what it is paid merged.
//!
//! One row has one fading, which is none, and one availability: a MOPS is a MOPS, however
//! cards are merged or divided. New hardware displaces old by doing more for its cost.
//!
//! # When windows ask for a walk
//!
//! A referendum first sets the windows, then some windows later a table of more rows. Rows
//! are then told apart by what one card alone can show, and merged cards cannot:
//!
//! - floors of GiB between what the cards of one row hold and those of the next;
//! - floors of GB/s likewise, of the share of the window that is to be spent on the walk;
//! - a ratio, `mops_per_gbps`, that the card of the row with the least throughput for its
//!   bandwidth fills by itself, at the share of the window for the walk that pays it best.
//!
//! Cards that neither memory nor bandwidth tell apart share a row.

use super::defaults;
use alloc::{vec, vec::Vec};
use pallet_emission::{Floor, Tier};
use sp_runtime::{FixedU128, Perbill};

/// Cards that are expected, weakest first, each with its dense peak from f16 to f32 in
/// TFLOPS, as its vendor names it.
pub const CARDS: [(&str, u64); 8] = [
    ("RTX 3090", 71),
    ("RTX 4090", 165),
    ("RTX 5090", 210),
    ("A100", 312),
    ("L40S", 362),
    ("H100 PCIe", 756),
    ("H100 SXM, H200", 989),
    ("B200", 2_250),
];

/// MOPS of a TFLOPS.
const MOPS: u64 = 1_000_000;

/// What the row loses a day once a higher one has come: half in 15 months.
const DECAY: Perbill = Perbill::from_parts(1_500_000);

/// What a card is expected to be verified at, in MOPS, by its peak in TFLOPS.
#[must_use]
pub const fn expected(peak: u64) -> u64 {
    peak * MOPS * 2 / 5
}

/// The least that a card has to be verified at, in MOPS.
const fn floor() -> u64 {
    let [(_, weakest), ..] = CARDS;
    expected(weakest) / 2
}

/// The table.
///
/// Its target is the reference, the throughput at which a multiplier of one earns a whole
/// round. From half of it on everything is earned, as the availability doubles at most; so
/// there is no supply at which more work would earn miners nothing more in all and the
/// budget still not be paid out.
#[must_use]
pub fn table() -> Vec<Tier> {
    vec![Tier {
        floor: Floor {
            mops: floor(),
            gib: 0,
            gbps: 0,
        },
        multiplier: FixedU128::from_u32(1),
        mops_per_gbps: 0,
        decay: DECAY,
        introduced_at: 0,
        target: defaults::emission().reference_weight / u128::from(MOPS),
    }]
}
