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
use ni_worker::history::Reason;

use crate::{lab::Lab, spec::AUTHORITIES, unshown::Unshown};

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
    /// Everything to and from one validator takes some hundred ms more each way.
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
        Self::ClockSkew,
        Self::FullDisk,
        Self::Snapshot,
        Self::SlowLink,
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

    /// What must come of it, for the report.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Killed => {
                "The other three go on: blocks, finality, the window. The worker whose node it was \
                 goes to its next one and loses nothing. Started again, it takes what it missed."
            }
            Self::CutOff => {
                "The other three go on as if it were dead. Alone it makes nothing final, and \
                 healed it holds the same chain final as the others."
            }
            Self::Partition => {
                "Neither side has the votes, so nothing is final. Healed, one opening of the \
                 window stands; the worker of the other side gives its work up, proves the right \
                 challenge, and is paid once, as the other is."
            }
            Self::SlowLink => {
                "The window is completed, the far one holds final what the others do, and blocks \
                 of its own stand."
            }
            Self::ClockSkew => {
                "Blocks from the future are refused, so the chain goes on by the other three. \
                 With its clock set right the fourth is one of them again."
            }
            Self::FullDisk => {
                "The other three go on. With space again and started again, the fourth has a sound \
                 database and takes what it missed."
            }
            Self::Snapshot => {
                "From the copy it takes all that came after, and holds the same chain final as \
                 before, though it votes again on what it voted on."
            }
            Self::Upgrade => {
                "Without Root, the referendum authorises the code and anybody brings it. All four \
                 run it; the window that was open and the next are completed and paid."
            }
        }
    }

    /// By how much its slots are longer than the others'.
    pub const fn slots(self) -> u64 {
        match self {
            // A block goes to and fro on the slow link before it is there: with shorter
            // slots those of the far validator are too late for the next author.
            // In an upgrade each node translates the new code, on shared cores.
            Self::SlowLink | Self::Upgrade => 2,
            _ => 1,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// What did not hold, or [`Unshown`].
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
///
/// # Errors
/// As [`judge`].
async fn completed(lab: &mut Lab, window: u32) -> anyhow::Result<()> {
    lab.closing(window).await?;
    judge(window, lab.without_credit(window).await?)
}

/// What it means that these were not credited in a window, each for its reason.
///
/// # Errors
/// Where there is one: [`Unshown`] where a worker found itself too slow for the lowest
/// tier, which is this machine's doing and no fault's.
fn judge(window: u32, without: Vec<(String, Option<Reason>)>) -> anyhow::Result<()> {
    let mut told = Vec::with_capacity(without.len());
    for (name, reason) in without {
        if matches!(reason, Some(Reason::TooSlow | Reason::NoRound)) {
            let busy =
                format!("too little time on this machine for {name}'s work on window {window}");
            return Err(Unshown(busy).into());
        }
        let reason = reason.map_or("credited, it says", Reason::meaning);
        told.push(format!("{name} ({reason})"));
    }
    ensure!(
        told.is_empty(),
        "window {window} was completed without {}",
        told.join(" and ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_window_is_a_failure_and_a_busy_machine_is_none() {
        let without = |reason| vec![("first".to_owned(), reason)];
        assert!(judge(4, Vec::new()).is_ok());
        for reason in [Reason::TooSlow, Reason::NoRound] {
            let error = judge(4, without(Some(reason))).expect_err("no credit");
            assert!(Unshown::of(&error).is_some(), "{error:#}");
        }
        for reason in Reason::ALL {
            if matches!(reason, Reason::TooSlow | Reason::NoRound) {
                continue;
            }
            let error = judge(4, without(Some(reason))).expect_err("no credit");
            assert!(Unshown::of(&error).is_none(), "{error:#}");
            assert!(error.to_string().contains(reason.meaning()), "{error:#}");
        }
        assert!(judge(4, without(None)).is_err());
    }
}
