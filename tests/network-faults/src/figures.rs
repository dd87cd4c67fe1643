// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is measured while a fault lasts: none of it decides whether something held.

use std::{
    fmt::{Display, Formatter},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ni_client::Chain;
use ni_worker::history::{Outcome, Reason};
use test_network::Block;
use tokio::{task::JoinHandle, time::Instant};
use worker_faults::books::Books;

use crate::{
    lab::{Lab, WITNESS},
    spec::VALIDATORS,
};

/// Time between two looks at the witness.
const LOOK: Duration = Duration::from_millis(250);

/// How far finality was behind, at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lag {
    /// In blocks, behind the best block.
    pub blocks: u64,
    /// The longest time without a newly final block.
    pub time: Duration,
}

/// What was measured over a fault, from its beginning until all had agreed again.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Blocks that the chain grew by.
    pub blocks: u64,
    /// Slots in that time of which no block stands.
    pub empty: u64,
    /// Blocks that each validator had as the best and gave up for others.
    pub given_up: [u64; VALIDATORS],
    /// The witness's finality.
    pub lag: Lag,
    /// What became of the windows that closed, worker by worker.
    pub workers: Vec<Windows>,
}

/// What became of one worker's windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// What the worker is called.
    pub name: String,
    /// Windows that were credited.
    pub credited: u32,
    /// Those that were not, and why, as the worker has it.
    pub missed: Vec<(u32, Option<Reason>)>,
    /// Windows with more than one commit.
    pub twice: u32,
}

/// Looks on while a fault lasts. Ends with this value.
pub struct Watch {
    from: u64,
    logged: [usize; VALIDATORS],
    lag: Arc<Mutex<Lag>>,
    looks: JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.looks.abort();
    }
}

impl Watch {
    /// Begins now.
    ///
    /// # Errors
    /// Where the witness does not answer.
    pub async fn start(lab: &Lab) -> anyhow::Result<Self> {
        let (from, _) = lab.best(WITNESS).await?;
        let lag = Arc::new(Mutex::new(Lag::default()));
        let looks = tokio::spawn(look(lab.chains[WITNESS].clone(), Arc::clone(&lag)));
        Ok(Self {
            from,
            logged: std::array::from_fn(|index| lab.network.log(index).len()),
            lag,
            looks,
        })
    }

    /// What was measured, by this chain of blocks from genesis on.
    ///
    /// # Errors
    /// Where the witness does not answer, or a history cannot be read.
    pub async fn end(self, lab: &Lab, blocks: &[Block]) -> anyhow::Result<Figures> {
        let to = blocks.last().map_or(self.from, |block| block.number);
        let grown = to.saturating_sub(self.from);
        // Genesis has no slot.
        let slots = lab.slot_of(to.max(1)).await? - lab.slot_of(self.from.max(1)).await?;
        let mut workers = Vec::with_capacity(lab.workers.len());
        for worker in &lab.workers {
            let books = Books::read(blocks, worker.miner().account()?);
            let mut windows = Windows {
                name: worker.miner().name.clone(),
                credited: 0,
                missed: Vec::new(),
                twice: 0,
            };
            let history = worker.history()?;
            for (window, _) in books.closed.iter().filter(|(_, at)| **at > self.from) {
                let on_chain = books.gpus.get(&(*window, 0));
                if on_chain.is_some_and(|gpu| !gpu.credits.is_empty()) {
                    windows.credited += 1;
                } else {
                    let entry = history.iter().find(|entry| entry.window == *window);
                    let reason = entry.and_then(|entry| match entry.outcome {
                        Outcome::Missed(reason) => Some(reason),
                        Outcome::Credited { .. } => None,
                    });
                    windows.missed.push((*window, reason));
                }
                let twice = on_chain.is_some_and(|gpu| gpu.commits.len() > 1);
                windows.twice += u32::from(twice);
            }
            workers.push(windows);
        }
        let lag = *self.lag.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Figures {
            blocks: grown,
            empty: slots.saturating_sub(grown),
            given_up: std::array::from_fn(|index| {
                let log = lab.network.log(index);
                given_up(log.get(self.logged[index]..).unwrap_or_default())
            }),
            lag,
            workers,
        })
    }
}

/// Looks at how far finality is behind, again and again.
async fn look(chain: Chain, lag: Arc<Mutex<Lag>>) {
    let mut last = (0, Instant::now());
    loop {
        let seen = async {
            let number = chain.finalized().await?.number();
            anyhow::Ok((chain.best().await?.number(), number))
        };
        // A witness that does not answer now may soon.
        if let Ok((best, number)) = seen.await {
            if number > last.0 {
                last = (number, Instant::now());
            }
            let mut lag = lag.lock().unwrap_or_else(PoisonError::into_inner);
            lag.blocks = lag.blocks.max(best.saturating_sub(number));
            lag.time = lag.time.max(last.1.elapsed());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How many blocks a node gave up for others, by its log: `Reorg on #7,… to #8,…,
/// common ancestor #5,…` gives up two.
fn given_up(log: &str) -> u64 {
    let number = |text: &str| -> Option<u64> { text.split(',').next()?.parse().ok() };
    log.lines()
        .filter_map(|line| {
            let (_, rest) = line.split_once("Reorg on #")?;
            let (_, ancestor) = rest.split_once("common ancestor #")?;
            number(rest)?.checked_sub(number(ancestor)?)
        })
        .sum()
}

impl Windows {
    /// How many windows closed.
    pub fn closed(&self) -> usize {
        self.credited as usize + self.missed.len()
    }
}

impl Display for Windows {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} credited", self.credited)?;
        for (window, reason) in &self.missed {
            let reason = reason.map_or("not accounted for", Reason::meaning);
            write!(f, ", {window} missed: {reason}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_given_up_are_counted_from_the_common_ancestor() {
        let log = "\
            06:44:38 Reorg on #10,0x76a4…97fb to #8,0xe1d2…7a00, common ancestor #7,0x2a85…429f\n\
            06:44:39 Imported #11 (0x76a4…97fb → 0xe1d2…7a00)\n\
            06:44:48 Reorg on #20,0x4d78…1de4 to #20,0x497f…96bd, common ancestor #19,0x4cf0…1307\n";
        assert_eq!(given_up(log), 4);
        assert_eq!(given_up("Reorg on #x"), 0);
    }

    #[test]
    fn a_missed_window_is_told_with_its_reason() {
        let windows = Windows {
            name: "first".to_owned(),
            credited: 2,
            missed: vec![(4, Some(Reason::TooSlow)), (5, None)],
            twice: 0,
        };
        assert_eq!(
            windows.to_string(),
            "2 credited, 4 missed: too slow for the lowest tier, 5 missed: not accounted for"
        );
    }
}
