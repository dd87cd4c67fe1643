// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Twenty years of the economy, on the assembled runtime.
//!
//! Blocks are executed natively, with every pallet's hooks, as `tests/stateful` makes
//! them. What NI is minted, recycled, drawn, burned, held, swapped and paid, the
//! pallets decide; here stands only who acts, and why ([`miners`], [`market`]), and
//! what the world outside is like ([`scenario`]).
//!
//! The chain has the hyperparameters and the tier table of the production chain, but for
//! what [`Pace`] compresses.
//!
//! Real: issuance, registration with its prices, leases and bonds, the window's
//! phases, settlement, pay and its cap, expiry, the tier and its availability,
//! pools, revenue, buyback, staking rewards, sessions. Not computed: the proofs. Where
//! a GPU would reveal, the runtime's own hook is given its result. Nobody is charged
//! for transactions, as calls are dispatched without one.
//!
//! Time is compressed as [`Pace`] says. The README of this folder has what came out.

mod accounts;
pub mod hardware;
pub mod market;
pub mod miners;
pub mod pages;
pub mod plots;
pub mod scenario;
mod setting;
mod simulation;

pub use scenario::Scenario;
pub use simulation::{Audit, Outcome, Sample, run, run_with};

use ni_runtime::{
    AccountId, Balance, BlockNumber, NI,
    settings::defaults::{self, DAY},
};

/// How time is compressed: a round stands for so many days, each cut into 24 parts of
/// which one block is executed. The blocks between are skipped: their numbers and slots
/// pass, so everything that is reckoned in blocks is as long as in production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Days a round stands for.
    pub days: u32,
}

/// Blocks executed in a round.
pub const PARTS: u32 = 24;
/// Days of a year.
pub const YEAR: u32 = 365;

impl Pace {
    /// A window a day.
    pub const DAILY: Self = Self { days: 1 };

    /// Blocks of a round.
    #[must_use]
    pub const fn round(self) -> BlockNumber {
        DAY * self.days
    }

    /// Blocks from one executed block to the next.
    #[must_use]
    pub const fn part(self) -> BlockNumber {
        self.round() / PARTS
    }
}

/// Those who act, each with one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Owns the GPUs of those who do as the protocol means them to.
    Miners,
    /// Keeps the pools at the price of the market, and deals outside of them.
    Maker,
    /// Owns most of the pools' liquidity.
    Provider,
    /// Trades against the buyback and dumps.
    Whale,
    /// Slices GPUs into several identities, and squats slots.
    Sybil,
    /// Owns most of the newest GPUs and switches them off together.
    Cartel,
}

impl Who {
    /// Their account.
    #[must_use]
    pub fn account(self) -> AccountId {
        AccountId::new([0x60 + self as u8; 32])
    }
}

/// Scheduled a block before the first halving, in production.
#[must_use]
pub fn ni_a_block() -> Balance {
    defaults::emission().base
}

/// An amount in NI.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn in_ni(amount: Balance) -> f64 {
    amount as f64 / NI as f64
}

/// So many NI, nothing below zero.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn from_ni(amount: f64) -> Balance {
    (amount.max(0.0) * 1e9) as Balance
}
