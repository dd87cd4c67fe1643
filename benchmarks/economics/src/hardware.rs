// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Generations of GPUs, one every two years.
//!
//! Assumed throughout, to have something to drive the pallets with: nothing here was
//! measured on a GPU. The first three are cards that the shipped tier table was made for,
//! verified at what it expects of them.

use crate::YEAR;
use ni_runtime::settings::tiers::{CARDS, expected};

/// Generations in twenty years: three at the beginning, then one every two years.
pub const GENERATIONS: usize = 12;

/// Those that exist from the beginning.
const FIRST: usize = 3;
/// Which cards they are: an A100, an H100, a B200.
const FIRST_CARDS: [usize; FIRST] = [3, 6, 7];
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

/// One generation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Generation {
    /// Its number.
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

/// The generation of this number: what is expected of an A100, an H100 and a B200, then
/// each 2.2 times the one before.
#[must_use]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss
)]
pub fn generation(number: usize) -> Generation {
    let (_, peak) = CARDS[FIRST_CARDS[number.min(FIRST - 1)]];
    let mops = expected(peak) as f64 * FASTER.powi(steps(number));
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

    /// Its name in legends.
    #[must_use]
    pub fn name(&self) -> String {
        match FIRST_CARDS.get(self.number) {
            Some(card) => CARDS[*card].0.to_owned(),
            None => format!("{} years later", 2 * steps(self.number)),
        }
    }
}
