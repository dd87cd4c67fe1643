// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What became of each window, GPU by GPU, in a file beside the store.
//!
//! The worker has it open only while it writes, so that `status --history`
//! reads it while the worker runs. It is bounded: the oldest windows are
//! forgotten, their sums are kept.
#![allow(
    clippy::cast_possible_truncation,
    reason = "derived encoding casts a variant's index"
)]

mod chart;
mod file;

pub use chart::{chart, is_page, page, table};
pub use file::{History, HistoryError, beside};

use std::collections::BTreeMap;

use codec::{Decode, Encode};

/// Why a window brought a GPU nothing. The names are those of the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Reason {
    /// The worker, or every node it knows, was down.
    Offline,
    /// The window was found too late to work in it.
    Late,
    /// The GPU failed or hung.
    Device,
    /// Not one round was done in time.
    NoRound,
    /// It was too slow for the lowest tier.
    TooSlow,
    /// The commit did not reach the chain in time.
    NotCommitted,
    /// The chain holds a commit that this worker's store does not know.
    Foreign,
    /// The commit was not called to reveal, and nothing was ever verified
    /// that could be confirmed.
    NotCalled,
    /// The reveal, or the confirmation, did not reach the chain in time.
    NotRevealed,
    /// The chain refused the reveal and slashed the bond.
    Refused,
    /// The GPU's bond is short, after a slash.
    Bond,
    /// The lease is over, or the GPU's slot is leaving.
    Unregistered,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 12] = [
        Self::Offline,
        Self::Late,
        Self::Device,
        Self::NoRound,
        Self::TooSlow,
        Self::NotCommitted,
        Self::Foreign,
        Self::NotCalled,
        Self::NotRevealed,
        Self::Refused,
        Self::Bond,
        Self::Unregistered,
    ];

    /// Its name in metrics, logs and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Late => "late",
            Self::Device => "device",
            Self::NoRound => "no_round",
            Self::TooSlow => "too_slow",
            Self::NotCommitted => "not_committed",
            Self::Foreign => "foreign",
            Self::NotCalled => "not_called",
            Self::NotRevealed => "not_revealed",
            Self::Refused => "refused",
            Self::Bond => "bond",
            Self::Unregistered => "unregistered",
        }
    }

    /// What it means, for people.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Offline => "the worker or its nodes were down",
            Self::Late => "found too late to work in it",
            Self::Device => "the GPU failed or hung",
            Self::NoRound => "not one round in time",
            Self::TooSlow => "too slow for the lowest tier",
            Self::NotCommitted => "the commit did not reach the chain in time",
            Self::Foreign => "committed by another worker with this key",
            Self::NotCalled => "not called to reveal, and never verified before",
            Self::NotRevealed => "the reveal did not reach the chain in time",
            Self::Refused => "the reveal was refused, the bond slashed",
            Self::Bond => "the bond was slashed and is too small to prove",
            Self::Unregistered => "the lease is over, or the slot is leaving",
        }
    }
}

/// What became of one GPU's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// It counts.
    Credited {
        /// The throughput it counts with, in MOPS.
        mops: u64,
        /// Its row in the tier table of that window, where the chain still said.
        tier: Option<u32>,
        /// Its pay in the smallest unit, once the round is settled.
        pay: Option<u128>,
    },
    /// It brought nothing.
    Missed(Reason),
}

/// One GPU's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// The window.
    pub window: u32,
    /// The GPU's number among the hotkey's slots.
    pub gpu: u32,
    /// When it was over, in seconds since 1970.
    pub at: u64,
    /// Rounds computed.
    pub rounds: u32,
    /// The share of the window's work time that the GPU did not compute, in
    /// thousandths; `None` where it did not work.
    pub idle_permille: Option<u16>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The sums of one GPU over all windows, those forgotten included.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Totals {
    /// Windows that counted.
    pub credited: u64,
    /// Windows that brought nothing, by reason.
    pub missed: BTreeMap<Reason, u64>,
    /// Pay in the smallest unit.
    pub pay: u128,
}

impl Totals {
    /// Windows in all.
    pub fn windows(&self) -> u64 {
        self.credited + self.missed.values().sum::<u64>()
    }

    fn note(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Credited { pay, .. } => {
                self.credited += 1;
                self.pay += pay.unwrap_or_default();
            }
            Outcome::Missed(reason) => *self.missed.entry(*reason).or_default() += 1,
        }
    }
}

/// The entry in JSON, as `status --json` shows it.
impl Entry {
    /// One object; amounts are strings of the smallest unit.
    pub fn json(&self) -> serde_json::Value {
        let (mops, tier, pay, missed) = match self.outcome {
            Outcome::Credited { mops, tier, pay } => (Some(mops), tier, pay, None),
            Outcome::Missed(reason) => (None, None, None, Some(reason.name())),
        };
        serde_json::json!({
            "window": self.window,
            "gpu": self.gpu,
            "at": self.at,
            "rounds": self.rounds,
            "idle": self.idle_permille.map(|share| f64::from(share) / 1000.0),
            "mops": mops,
            "tier": tier,
            "pay": pay.map(|pay| pay.to_string()),
            "missed": missed,
        })
    }
}
