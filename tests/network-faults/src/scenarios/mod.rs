// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is done to the network. Each fault finds the network whole and leaves it so,
//! which [`crate::agree`] looks at.

mod clock_skew;
mod cut_off;
mod full_disk;
mod killed;
mod partition;
mod slow_link;
mod snapshot;
mod upgrade;

use std::collections::BTreeMap;

use anyhow::ensure;
use clap::ValueEnum;

use crate::{lab::Lab, spec::AUTHORITIES};

pub use partition::Sides;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// One validator is killed, and comes back.
    Killed,
    /// One validator is cut off, and the cut heals.
    CutOff,
    /// Two and two, across the opening of a window, and the partition heals.
    Partition,
    /// Everything to and from one validator takes 300 ms more each way.
    SlowLink,
    /// The clock of one validator is seconds ahead.
    ClockSkew,
    /// The disk of one validator is full, and space is given.
    FullDisk,
    /// One validator loses its disk, and starts from an old copy.
    Snapshot,
    /// New code is decided on and enacted in the middle of a window.
    Upgrade,
}

/// What came of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything held. What was seen, in sentences.
    Held(Vec<String>),
    /// It cannot be done here, for this reason.
    Skipped(String),
}

impl Scenario {
    /// All of them, in the order in which they are run.
    pub const ALL: [Self; 8] = [
        Self::Killed,
        Self::CutOff,
        Self::Partition,
        Self::SlowLink,
        Self::ClockSkew,
        Self::FullDisk,
        Self::Snapshot,
        Self::Upgrade,
    ];

    /// What is done, for the report.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Killed => "one killed",
            Self::CutOff => "one cut off",
            Self::Partition => "two and two",
            Self::SlowLink => "a slow link",
            Self::ClockSkew => "a clock ahead",
            Self::FullDisk => "a full disk",
            Self::Snapshot => "an old copy",
            Self::Upgrade => "an upgrade by referendum",
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// What did not hold.
    pub async fn run(self, lab: &mut Lab) -> anyhow::Result<Outcome> {
        match self {
            Self::Killed => killed::run(lab).await.map(Outcome::Held),
            Self::CutOff => cut_off::run(lab).await.map(Outcome::Held),
            Self::Partition => {
                let sides = partition::run(lab).await?;
                sides.check()?;
                lab.paid(sides.window).await?;
                Ok(Outcome::Held(sides.told()))
            }
            Self::SlowLink => slow_link::run(lab).await.map(Outcome::Held),
            Self::ClockSkew => clock_skew::run(lab).await,
            Self::FullDisk => full_disk::run(lab).await,
            Self::Snapshot => snapshot::run(lab).await.map(Outcome::Held),
            Self::Upgrade => upgrade::run(lab).await,
        }
    }
}

/// Does a partition and returns what became of its sides.
///
/// # Errors
/// What did not hold.
pub async fn partition(lab: &mut Lab) -> anyhow::Result<Sides> {
    partition::run(lab).await
}

/// That every worker was credited in a window that is over.
async fn completed(lab: &mut Lab, window: u32) -> anyhow::Result<()> {
    lab.closing(window).await?;
    let without = lab.without_credit(window)?;
    ensure!(
        without.is_empty(),
        "window {window} was completed without {}",
        without.join(" and ")
    );
    Ok(())
}

/// Who made how many blocks, in words.
fn by_author(blocks: &BTreeMap<usize, u64>) -> String {
    let told: Vec<_> = AUTHORITIES
        .iter()
        .enumerate()
        .map(|(index, authority)| {
            let made = blocks.get(&index).copied().unwrap_or_default();
            format!("{} {made}", authority.name)
        })
        .collect();
    format!("blocks by author: {}", told.join(", "))
}
