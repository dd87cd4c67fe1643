// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Who stands where, read off the chain's events.

use std::collections::{BTreeMap, BTreeSet};

use ni_client::{
    amount::Amount,
    events::Event,
    types::{WalkCommit, variant_with_fields},
};
use test_network::{Follower, Miner, Prover};

use crate::economy::Economy;

/// What the chain decided about a miner in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Committed, nothing more yet.
    Open,
    /// Revealed and valid, or confirmed: so many MOPS.
    Counts(u64),
    /// Refused, and why.
    Refused(String),
    /// Did not reveal.
    Missed,
}

impl Verdict {
    /// What counts, in MOPS.
    pub(crate) const fn mops(&self) -> u64 {
        match self {
            Self::Counts(mops) => *mops,
            Self::Open | Self::Refused(_) | Self::Missed => 0,
        }
    }
}

/// A miner's part in one window.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) rounds: u32,
    /// Whether it walked through memory before them.
    pub(crate) walked: bool,
    pub(crate) verdict: Verdict,
    pub(crate) tier: Option<u32>,
    pub(crate) paid: u128,
}

/// A miner and all its windows.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) device: String,
    pub(crate) honest: bool,
    pub(crate) account: [u8; 32],
    pub(crate) windows: BTreeMap<u32, Entry>,
    pub(crate) slashed: u128,
}

impl Row {
    /// Whether a reveal of it was refused.
    pub(crate) fn was_refused(&self) -> bool {
        self.windows
            .values()
            .any(|entry| matches!(entry.verdict, Verdict::Refused(_)))
    }

    /// What it was paid, in all.
    pub(crate) fn paid(&self) -> u128 {
        self.windows.values().map(|entry| entry.paid).sum()
    }
}

/// The state of the demo.
#[derive(Clone, Debug)]
pub(crate) struct Board {
    pub(crate) rows: Vec<Row>,
    pub(crate) phase: String,
    pub(crate) current: Option<u32>,
    /// Windows whose round is settled, in order.
    pub(crate) settled: BTreeSet<u32>,
    /// Revenue, stake and decisions.
    pub(crate) economy: Economy,
    read: usize,
}

/// Whether a miner is an honest one.
pub(crate) fn is_honest(miner: &Miner) -> bool {
    matches!(miner.prover, Prover::Gpu(_) | Prover::Cpu)
}

impl Board {
    pub(crate) fn new(miners: &[Miner]) -> anyhow::Result<Self> {
        let rows = miners
            .iter()
            .map(|miner| {
                Ok(Row {
                    name: miner.name.clone(),
                    device: device(miner),
                    honest: is_honest(miner),
                    account: miner.account()?,
                    windows: BTreeMap::new(),
                    slashed: 0,
                })
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            rows,
            phase: "waiting for the first window".to_owned(),
            current: None,
            settled: BTreeSet::new(),
            economy: Economy::default(),
            read: 0,
        })
    }

    /// Reads the blocks that it has not read yet; a line for whatever is worth
    /// one. The demo's only author makes no forks, so blocks once read stand.
    pub(crate) fn read(&mut self, follower: &Follower) -> Vec<String> {
        let mut lines = Vec::new();
        for block in follower.blocks().iter().skip(self.read) {
            for event in &block.events {
                if let Some(line) = self.note(event) {
                    lines.push(format!("block {:>3}  {line}", block.number));
                }
            }
        }
        self.read = follower.blocks().len();
        lines
    }

    /// Windows that are settled and in which every honest miner's work counts.
    pub(crate) fn full_rounds(&self) -> Vec<u32> {
        self.settled
            .iter()
            .copied()
            .filter(|window| {
                self.rows.iter().filter(|row| row.honest).all(|row| {
                    row.windows
                        .get(window)
                        .is_some_and(|entry| matches!(entry.verdict, Verdict::Counts(_)))
                })
            })
            .collect()
    }

    /// Whether every dishonest miner was found out at least once.
    pub(crate) fn all_refused(&self) -> bool {
        self.rows
            .iter()
            .filter(|row| !row.honest)
            .all(Row::was_refused)
    }

    /// Whether every honest miner has its pay of the first `rounds` full rounds.
    pub(crate) fn all_paid(&self, rounds: usize) -> bool {
        let full = self.full_rounds();
        full.len() >= rounds
            && full.iter().take(rounds).all(|window| {
                self.rows
                    .iter()
                    .filter(|row| row.honest)
                    .all(|row| row.windows.get(window).is_some_and(|entry| entry.paid > 0))
            })
    }

    fn entry(&mut self, account: &[u8; 32], window: u32) -> Option<(&str, &mut Entry)> {
        let row = self.rows.iter_mut().find(|row| row.account == *account)?;
        let entry = row.windows.entry(window).or_insert(Entry {
            walked: false,
            rounds: 0,
            verdict: Verdict::Open,
            tier: None,
            paid: 0,
        });
        Some((&row.name, entry))
    }

    fn slash(&mut self, account: &[u8; 32], amount: u128) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.account == *account) {
            row.slashed += amount;
        }
    }

    /// Takes an event in; a line where it is worth one.
    fn note(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Registered { .. } => self.registered(event),
            Event::WindowOpened { .. }
            | Event::WindowSampling { .. }
            | Event::WindowRevealing { .. }
            | Event::WindowClosed { .. } => self.window(event),
            Event::Committed { .. } | Event::Verified { .. } | Event::Confirmed { .. } => {
                self.work(event)
            }
            Event::Refused { .. } | Event::Missed { .. } => self.fault(event),
            Event::Credited { .. } | Event::RoundSettled { .. } | Event::Paid { .. } => {
                self.pay(event)
            }
            event => self.economy.note(event),
        }
    }

    /// Who joins, and for how much.
    fn registered(&self, event: &Event) -> Option<String> {
        let Event::Registered {
            hotkey,
            slots,
            fee,
            bond,
            ..
        } = event
        else {
            return None;
        };
        let row = self.rows.iter().find(|row| row.account == *hotkey)?;
        Some(format!(
            "{} registers {slots} GPU for {} and a bond of {}",
            row.name,
            Amount(*fee),
            Amount(*bond)
        ))
    }

    /// Where the window is.
    fn window(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::WindowOpened { window } => {
                self.current = Some(*window);
                self.phase = "open: GPUs work, then commit".to_owned();
                Some(format!("window {window} opens"))
            }
            Event::WindowSampling { .. } => {
                self.phase = "sampling: commits are closed".to_owned();
                None
            }
            Event::WindowRevealing {
                window, commits, ..
            } => {
                self.phase = "revealing: the chain checks samples".to_owned();
                Some(format!(
                    "window {window} asks for samples of {commits} commits"
                ))
            }
            Event::WindowClosed { window } => {
                self.phase = "closed".to_owned();
                Some(format!("window {window} closes"))
            }
            _ => None,
        }
    }

    /// Work that was committed to, and what was verified of it.
    fn work(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Committed {
                hotkey,
                window,
                rounds,
                walk,
                ..
            } => {
                let (name, entry) = self.entry(hotkey, *window)?;
                entry.rounds = *rounds;
                entry.walked = walk.is_some();
                let walked = walk.map_or(String::new(), |walk| {
                    let WalkCommit { pages, batches, .. } = walk;
                    format!(" after {batches} batches of a walk through {pages} pages of memory")
                });
                Some(format!("{name} commits to {rounds} rounds{walked}"))
            }
            Event::Verified {
                hotkey,
                window,
                mops,
                ..
            } => {
                let (name, entry) = self.entry(hotkey, *window)?;
                entry.verdict = Verdict::Counts(*mops);
                Some(format!("{name} is verified at {mops} MOPS"))
            }
            Event::Confirmed {
                hotkey,
                window,
                mops,
                ..
            } => {
                let (name, entry) = self.entry(hotkey, *window)?;
                entry.verdict = Verdict::Counts(*mops);
                Some(format!("{name} confirms {mops} MOPS"))
            }
            _ => None,
        }
    }

    /// Work that does not count, and what it cost.
    fn fault(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Refused {
                hotkey,
                window,
                reason,
                slashed,
                ..
            } => {
                let reason = variant_with_fields(reason);
                let (name, entry) = self.entry(hotkey, *window)?;
                entry.verdict = Verdict::Refused(reason.clone());
                let line = format!("{name} is refused ({reason}), slashed {}", Amount(*slashed));
                self.slash(hotkey, *slashed);
                Some(line)
            }
            Event::Missed {
                hotkey,
                window,
                slashed,
                ..
            } => {
                let (name, entry) = self.entry(hotkey, *window)?;
                entry.verdict = Verdict::Missed;
                let line = format!("{name} has not revealed, slashed {}", Amount(*slashed));
                self.slash(hotkey, *slashed);
                Some(line)
            }
            _ => None,
        }
    }

    /// What was paid, and for what.
    fn pay(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Credited {
                hotkey,
                window,
                tier,
                ..
            } => {
                self.entry(hotkey, *window)?.1.tier = Some(*tier);
                None
            }
            Event::RoundSettled {
                window,
                minted,
                drawn,
                miners,
                ..
            } => {
                self.settled.insert(*window);
                Some(format!(
                    "round {window} is settled: {} minted, {} from the recycle pool, {} to miners",
                    Amount(*minted),
                    Amount(*drawn),
                    Amount(*miners)
                ))
            }
            Event::Paid {
                hotkey,
                window,
                amount,
                ..
            } => {
                let (name, entry) = self.entry(hotkey, *window)?;
                entry.paid += amount;
                Some(format!(
                    "{name} is paid {} for window {window}",
                    Amount(*amount)
                ))
            }
            _ => None,
        }
    }
}

fn device(miner: &Miner) -> String {
    let device = match miner.prover {
        Prover::Gpu(number) => format!("GPU {number}"),
        Prover::Cpu => "CPU".to_owned(),
        Prover::Skipping(share) => format!("CPU, skips {share}% of its tiles"),
        Prover::Vanishing => "CPU, never reveals".to_owned(),
        Prover::Copying => "none, copies a commitment".to_owned(),
        Prover::Late => "none, late".to_owned(),
        Prover::Spamming(_) => "none, sends what must fail".to_owned(),
        Prover::MakingUp { sub_tile, .. } => format!("CPU, makes up sub-tile {sub_tile}"),
    };
    match miner.load {
        100 => device,
        load => format!("{device}, {load}% of the time"),
    }
}
