// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the world outside of the chain is like.

use crate::YEAR;

/// A course of the world outside, and who misbehaves in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scenario {
    /// Nobody rents a GPU: no revenue, the price of NI stands.
    None,
    /// Six thousand dollars a day, the price of NI stands.
    Steady,
    /// Revenue from a thousand dollars a day grows by 45% a year, the price by 20%.
    Growth,
    /// As growth for six years; then within a month nine tenths of revenue are gone and
    /// 85% of the price. Both stay so.
    Crash,
    /// As steady, with prices that jump: NI −80% in a day and back after half a year,
    /// TAO −90% in a day, NI fourfold in a week and back in a week.
    Shocks,
    /// As steady, in a market too thin to arbitrage at once, with a whale that
    /// sandwiches every slice for a year, pumps, and dumps.
    Whale,
    /// As steady, with an owner who slices GPUs into identities and squats slots.
    Sybil,
    /// As steady, with three in five of the newest GPUs switched off together, a month
    /// on and a month off, to make their tier scarce.
    Collusion,
}

/// All of them.
pub const ALL: [Scenario; 8] = [
    Scenario::None,
    Scenario::Steady,
    Scenario::Growth,
    Scenario::Crash,
    Scenario::Shocks,
    Scenario::Whale,
    Scenario::Sybil,
    Scenario::Collusion,
];

/// Dollars for an NI at the beginning.
const PRICE: f64 = 2.0;
/// Dollars for a TAO at the beginning.
const TAO_PRICE: f64 = 100.0;
/// Dollars of revenue a day.
const REVENUE: f64 = 6_000.0;
/// The day on which the crash begins.
const CRASH: f64 = 6.0;

/// How far something has got from `from` to `to`, between zero and one.
fn progress(year: f64, from: f64, to: f64) -> f64 {
    ((year - from) / (to - from)).clamp(0.0, 1.0)
}

/// Years of so many days.
fn days(days: f64) -> f64 {
    days / f64::from(YEAR)
}

impl Scenario {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Steady => "steady",
            Self::Growth => "growth",
            Self::Crash => "crash",
            Self::Shocks => "shocks",
            Self::Whale => "whale",
            Self::Sybil => "sybil",
            Self::Collusion => "collusion",
        }
    }

    /// Dollars for an NI outside of the pools.
    #[must_use]
    pub fn price(self, year: f64) -> f64 {
        match self {
            Self::Growth => PRICE * 1.2f64.powf(year),
            Self::Crash => {
                let fallen = 0.15f64.powf(progress(year, CRASH, CRASH + days(30.0)));
                PRICE * 1.2f64.powf(year.min(CRASH)) * fallen
            }
            Self::Shocks => {
                let fallen = 0.2f64.powf(
                    progress(year, 3.0, 3.0 + days(1.0)) - progress(year, 3.5, 3.5 + days(90.0)),
                );
                let risen = 4f64.powf(
                    progress(year, 9.0, 9.0 + days(7.0)) - progress(year, 9.5, 9.5 + days(7.0)),
                );
                PRICE * fallen * risen
            }
            _ => PRICE,
        }
    }

    /// Dollars for a TAO.
    #[must_use]
    pub fn tao_price(self, year: f64) -> f64 {
        match self {
            Self::Shocks => TAO_PRICE * 0.1f64.powf(progress(year, 6.0, 6.0 + days(1.0))),
            _ => TAO_PRICE,
        }
    }

    /// Dollars of revenue a day.
    #[must_use]
    pub fn revenue(self, year: f64) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Growth => 1_000.0 * 1.45f64.powf(year),
            Self::Crash => {
                let lost = 0.1f64.powf(progress(year, CRASH, CRASH + days(30.0)));
                1_000.0 * 1.45f64.powf(year.min(CRASH)) * lost
            }
            _ => REVENUE,
        }
    }

    /// The part of the gap between pool and market that arbitrage closes in an hour.
    #[must_use]
    pub const fn arbitrage(self) -> f64 {
        match self {
            Self::Whale => 0.1,
            _ => 1.0,
        }
    }
}
