// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Generations of GPUs, one every two years, and the rows of the tier table for them.
//!
//! Assumed throughout, to have something to drive the pallets with: nothing here was
//! measured on a GPU.

use crate::{Pace, YEAR};
use ni_runtime::settings::defaults::DAY;
use pallet_emission::{Floor, Tier};
use sp_runtime::{FixedU128, Perbill};

/// Generations in twenty years: three at the beginning, then one every two years.
pub const GENERATIONS: usize = 12;

/// Those that exist from the beginning.
const FIRST: usize = 3;
/// How much faster each is than the one before, after the first three.
const FASTER: f64 = 2.2;
/// Dollars a day for the power of the first three, at 0.15 dollars a kWh all in.
const POWER: [f64; FIRST] = [1.44, 2.52, 3.60];
/// Dollars a day for which the first three were rented when they were new.
const RENT: [f64; FIRST] = [48.0, 72.0, 96.0];
/// What a GPU's rent keeps each year.
const KEPT: f64 = 0.8;
/// The part of the rent for which somebody who is in the network stays there.
const LOYAL: f64 = 0.6;
/// What a tier loses a day when it is not the newest: the first, and what each next
/// one loses of that.
const DECAY: (f64, f64) = (0.0015, 0.9);

/// One generation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Generation {
    /// Its number, which is its row of the tier table.
    pub number: usize,
    /// What it is verified at, in MOPS.
    pub mops: u64,
    /// The day on which it comes.
    pub from: u32,
}

#[allow(clippy::cast_precision_loss)]
const fn float(number: usize) -> f64 {
    number as f64
}

/// Steps after the first three.
fn steps(number: usize) -> i32 {
    i32::try_from(number.saturating_sub(FIRST - 1)).unwrap_or(i32::MAX)
}

/// The generation of this number: about half the peaks of an A100, H100 and B200, then
/// each 2.2 times the one before.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn generation(number: usize) -> Generation {
    let begun: [f64; FIRST] = [170_000_000.0, 540_000_000.0, 1_200_000_000.0];
    let mops = begun[number.min(FIRST - 1)] * FASTER.powi(steps(number));
    let later = u32::try_from(number.saturating_sub(FIRST - 1)).unwrap_or(0);
    Generation {
        number,
        mops: mops as u64,
        from: 2 * YEAR * later,
    }
}

/// The generations that have come by `day`.
pub fn known(day: u32) -> impl Iterator<Item = Generation> {
    (0..GENERATIONS)
        .map(generation)
        .filter(move |generation| generation.from <= day)
}

impl Generation {
    /// Dollars a day for power.
    fn power(&self) -> f64 {
        POWER[self.number.min(FIRST - 1)] + 0.7 * f64::from(steps(self.number))
    }

    /// Dollars a day that it would bring elsewhere on `day`.
    #[must_use]
    pub fn rent(&self, day: u32) -> f64 {
        let new = RENT[self.number.min(FIRST - 1)] * 1.1f64.powi(steps(self.number));
        // The first two were two and four years old at the beginning.
        let before = 2.0 * float((FIRST - 1).saturating_sub(self.number));
        let age = before + f64::from(day - self.from.min(day)) / f64::from(YEAR);
        (new * KEPT.powf(age)).max(self.power())
    }

    /// Dollars a day below which somebody who has it in the network leaves.
    #[must_use]
    pub fn stays_for(&self, day: u32) -> f64 {
        (LOYAL * self.rent(day)).max(self.power())
    }

    /// Its row, with the pace's day for the decay.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn row(&self, pace: Pace) -> Tier {
        let daily = DECAY.0 * DECAY.1.powi(i32::try_from(self.number).unwrap_or(0));
        let days = i32::try_from(pace.days).unwrap_or(1);
        let decay = 1.0 - (1.0 - daily).powi(days);
        Tier {
            floor: Floor {
                mops: self.mops / 2,
                gib: 0,
                gbps: 0,
            },
            multiplier: FixedU128::from_u32(1),
            mops_per_gbps: 0,
            decay: Perbill::from_parts((decay * 1e9) as u32),
            introduced_at: u64::from(self.from) * u64::from(DAY),
            // Neither scarce nor abundant at a hundred of them.
            target: 100 * u128::from(self.mops),
        }
    }
}

/// The tier table of `day`.
#[must_use]
pub fn table(day: u32, pace: Pace) -> Vec<Tier> {
    known(day).map(|generation| generation.row(pace)).collect()
}
