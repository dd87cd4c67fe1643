// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The tier table that a chain of real GPUs begins with.
//!
//! **To be calibrated.** A floor is what a card is expected to be verified at, halved:
//! the worker is made to reach at least six tenths of the vendor's own matrix product,
//! which is taken to reach seven tenths of the card's peak, so a floor is a fifth of the
//! peak. What cards really reach the auditors publish (`ni-worker audit
//! --calibrations`), and a referendum sets the table that follows from it.
//!
//! Multipliers rise with the row, so that cutting a large GPU into small ones never
//! pays. Memory is not asked for. All rows come with the chain: all but the newest fade
//! from the first block on, the oldest by half in 15 months, the newest but one in
//! three years.

use alloc::vec::Vec;
use pallet_emission::{Floor, Tier};
use sp_runtime::{FixedU128, Perbill};

/// A row: its card's dense peak from f16 to f32 in TFLOPS, its multiplier in percent,
/// and what it loses a day in millionths.
pub const ROWS: [(&str, u64, u128, u32); 8] = [
    ("RTX 3090", 71, 100, 1_500),
    ("RTX 4090", 165, 105, 1_300),
    ("RTX 5090", 210, 110, 1_150),
    ("A100", 312, 120, 1_000),
    ("L40S", 362, 125, 900),
    ("H100 PCIe", 756, 140, 700),
    ("H100 SXM, H200", 989, 150, 600),
    ("B200", 2_250, 175, 500),
];

/// Cards of each row at which it is neither scarce nor abundant.
const CARDS: u128 = 1_000;

/// The least that a card is verified at, in MOPS, of its peak in TFLOPS.
const fn floor(peak: u64) -> u64 {
    peak * 1_000_000 / 5
}

/// The table.
#[must_use]
pub fn table() -> Vec<Tier> {
    ROWS.into_iter()
        .map(|(_, peak, percent, millionths)| Tier {
            floor: Floor {
                mops: floor(peak),
                gib: 0,
                gbps: 0,
            },
            multiplier: FixedU128::from_rational(percent, 100),
            decay: Perbill::from_parts(millionths * 1_000),
            introduced_at: 0,
            target: CARDS * 2 * u128::from(floor(peak)),
        })
        .collect()
}
