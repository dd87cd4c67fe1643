// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the chain's events say of one hotkey, window by window.

use std::{collections::BTreeMap, ops::RangeInclusive};

use ni_client::events::Event;
use ni_worker::history::{Entry, Outcome};
use test_network::Block;

/// Blocks from a development window's opening to those in which a worker's commit is to
/// stand: the last three that take any.
pub const GRACE: RangeInclusive<u64> = 7..=9;

/// What the chain says of one GPU's window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnChain {
    /// Blocks with a commit of it.
    pub commits: Vec<u64>,
    /// Blocks in which it was verified or confirmed.
    pub credits: Vec<u64>,
    /// Refused reveals and reported misses.
    pub punished: u32,
    /// What was paid for it, in the smallest unit.
    pub paid: u128,
}

/// A chain's windows, and what happened to one hotkey's GPUs in them.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// By window and GPU.
    pub gpus: BTreeMap<(u32, u32), OnChain>,
    /// The block in which each window opened.
    pub opened: BTreeMap<u32, u64>,
    /// The block in which each window closed.
    pub closed: BTreeMap<u32, u64>,
    /// The time that counts in each window, in milliseconds.
    pub counted_ms: BTreeMap<u32, u64>,
}

impl Books {
    /// Reads them from blocks.
    pub fn read(blocks: &[Block], hotkey: [u8; 32]) -> Self {
        let mut books = Self::default();
        for block in blocks {
            for event in &block.events {
                books.note(block.number, event, hotkey);
            }
        }
        books
    }

    fn note(&mut self, block: u64, event: &Event, whose: [u8; 32]) {
        match event {
            Event::WindowOpened { window } => {
                self.opened.insert(*window, block);
            }
            Event::WindowSampling { window, elapsed_ms } => {
                self.counted_ms.insert(*window, *elapsed_ms);
            }
            Event::WindowClosed { window } => {
                self.closed.insert(*window, block);
            }
            Event::Committed {
                hotkey,
                gpu,
                window,
                ..
            } if *hotkey == whose => self.gpu(*window, *gpu).commits.push(block),
            Event::Verified {
                hotkey,
                gpu,
                window,
                ..
            }
            | Event::Confirmed {
                hotkey,
                gpu,
                window,
                ..
            } if *hotkey == whose => self.gpu(*window, *gpu).credits.push(block),
            Event::Refused {
                hotkey,
                gpu,
                window,
                ..
            }
            | Event::Missed {
                hotkey,
                gpu,
                window,
                ..
            } if *hotkey == whose => self.gpu(*window, *gpu).punished += 1,
            Event::Paid {
                hotkey,
                gpu,
                window,
                amount,
                ..
            } if *hotkey == whose => self.gpu(*window, *gpu).paid += amount,
            _ => {}
        }
    }

    fn gpu(&mut self, window: u32, gpu: u32) -> &mut OnChain {
        self.gpus.entry((window, gpu)).or_default()
    }

    /// What an honest worker must never have: a window committed twice, one
    /// that is over and was committed but not credited, a punishment. In words,
    /// none where all is well from this window on.
    pub fn faults(&self, since: u32) -> Vec<String> {
        let mut faults = Vec::new();
        for ((window, gpu), on_chain) in self.gpus.range((since, 0)..) {
            let over = self.closed.contains_key(window);
            let mut tell = |what: &str| faults.push(format!("window {window}, GPU {gpu}: {what}"));
            if on_chain.commits.len() > 1 {
                tell("committed twice");
            }
            if over && !on_chain.commits.is_empty() && on_chain.credits.is_empty() {
                tell("committed and not revealed");
            }
            if on_chain.credits.len() > 1 {
                tell("credited twice");
            }
            if on_chain.punished > 0 {
                tell("punished");
            }
        }
        faults
    }

    /// The window of each commit, and how many blocks after the window's opening it lies.
    pub fn commits(&self) -> impl Iterator<Item = (u32, u64)> {
        self.gpus.iter().flat_map(|((window, _), gpu)| {
            let opened = self.opened.get(window);
            opened.into_iter().flat_map(move |opened| {
                let commits = gpu.commits.iter();
                commits.map(move |commit| (*window, commit - opened))
            })
        })
    }

    /// Commits outside these blocks after their windows' opening, in words.
    pub fn outside(&self, grace: &RangeInclusive<u64>) -> Vec<String> {
        self.commits()
            .filter(|(_, offset)| !grace.contains(offset))
            .map(|(window, offset)| {
                format!("window {window}: a commit lies {offset} blocks after the opening")
            })
            .collect()
    }

    /// Windows that are over and credited to a GPU.
    pub fn credited(&self, gpu: u32) -> u64 {
        self.gpus
            .iter()
            .filter(|((window, of), on_chain)| {
                *of == gpu && self.closed.contains_key(window) && !on_chain.credits.is_empty()
            })
            .count() as u64
    }

    /// What was paid for a GPU, in the smallest unit.
    pub fn paid(&self, gpu: u32) -> u128 {
        self.gpus
            .iter()
            .filter(|((_, of), _)| *of == gpu)
            .map(|(_, on_chain)| on_chain.paid)
            .sum()
    }

    /// Where a worker's history of a GPU is not what the chain says, or leaves a
    /// window out between its first and the last that is over; in words.
    pub fn differences(&self, gpu: u32, history: &[Entry]) -> Vec<String> {
        let entries: BTreeMap<u32, &Entry> = history
            .iter()
            .filter(|entry| entry.gpu == gpu)
            .map(|entry| (entry.window, entry))
            .collect();
        let mut differences = Vec::new();
        let Some(first) = entries.keys().next() else {
            return vec!["the history is empty".to_owned()];
        };
        for window in self.closed.keys().filter(|window| *window >= first) {
            let credits = self
                .gpus
                .get(&(*window, gpu))
                .is_some_and(|on_chain| !on_chain.credits.is_empty());
            match entries.get(window).map(|entry| entry.outcome) {
                None => differences.push(format!("window {window} is not accounted for")),
                Some(Outcome::Credited { .. }) if !credits => {
                    differences.push(format!("window {window} was not credited"));
                }
                Some(Outcome::Missed(reason)) if credits => {
                    differences.push(format!("window {window} was credited, not {reason:?}"));
                }
                Some(_) => {}
            }
        }
        differences
    }
}

#[cfg(test)]
mod tests {
    use ni_worker::history::Reason;

    use super::*;

    const WHO: [u8; 32] = [1; 32];

    fn committed(window: u32) -> Event {
        Event::Committed {
            hotkey: WHO,
            gpu: 0,
            window,
            rounds: 3,
            walk: None,
        }
    }

    fn verified(window: u32) -> Event {
        Event::Verified {
            hotkey: WHO,
            gpu: 0,
            window,
            mops: 3,
            gib: 0,
            gbps: 0,
        }
    }

    fn books(events: &[Event]) -> Books {
        let mut books = Books::default();
        for (block, event) in (1..).zip(events) {
            books.note(block, event, WHO);
        }
        books
    }

    fn entry(window: u32, outcome: Outcome) -> Entry {
        Entry {
            window,
            gpu: 0,
            at: 0,
            rounds: 3,
            idle_permille: None,
            outcome,
        }
    }

    const CREDITED: Outcome = Outcome::Credited {
        mops: 3,
        tier: None,
        pay: None,
    };

    #[test]
    fn a_clean_window_has_no_fault_and_each_fault_is_found() {
        let closed = Event::WindowClosed { window: 4 };
        let clean = [committed(4), verified(4), closed.clone()];
        assert_eq!(books(&clean).faults(0), [""; 0]);
        assert_eq!(books(&clean).credited(0), 1);
        assert_eq!(books(&clean[..2]).credited(0), 0, "not over");
        // Not over yet: the reveal may come.
        assert!(books(&[committed(4)]).faults(0).is_empty());
        let unrevealed = books(&[committed(4), closed.clone()]).faults(0);
        assert_eq!(unrevealed, ["window 4, GPU 0: committed and not revealed"]);
        let later = books(&[committed(4), closed.clone()]).faults(5);
        assert_eq!(later, [""; 0]);
        let twice = books(&[committed(4), committed(4), verified(4), closed]).faults(0);
        assert_eq!(twice, ["window 4, GPU 0: committed twice"]);
        let punished = books(&[Event::Missed {
            hotkey: WHO,
            gpu: 0,
            window: 4,
            slashed: 1,
            reporter: None,
        }]);
        assert_eq!(punished.faults(0), ["window 4, GPU 0: punished"]);
        // Another hotkey's events are not this one's.
        let mut other = Books::default();
        other.note(1, &committed(4), [2; 32]);
        assert!(other.gpus.is_empty());
    }

    #[test]
    fn a_commit_before_or_after_the_grace_blocks_is_found() {
        let committed_after = |blocks: u64| {
            let mut books = Books::default();
            books.note(20, &Event::WindowOpened { window: 4 }, WHO);
            books.note(20 + blocks, &committed(4), WHO);
            books.outside(&GRACE)
        };
        assert_eq!(committed_after(7), [""; 0]);
        assert_eq!(committed_after(9), [""; 0]);
        for blocks in [6, 10] {
            let told = format!("window 4: a commit lies {blocks} blocks after the opening");
            assert_eq!(committed_after(blocks), [told]);
        }
    }

    #[test]
    fn a_history_that_differs_is_found() {
        let books = books(&[
            committed(4),
            verified(4),
            Event::WindowClosed { window: 4 },
            Event::WindowClosed { window: 5 },
        ]);
        let missed = Outcome::Missed(Reason::Late);
        let right = [entry(4, CREDITED), entry(5, missed)];
        assert_eq!(books.differences(0, &right), [""; 0]);
        for wrong in [
            &right[..1],
            &[entry(4, missed), entry(5, missed)],
            &[entry(4, CREDITED), entry(5, CREDITED)],
            &[],
        ] {
            assert_eq!(books.differences(0, wrong).len(), 1, "{wrong:?}");
        }
    }
}
