// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The network with workers on it, and everything that is looked at.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, bail};
use ni_client::{Chain, events::Event, keys, types::Bytes32};
use ni_worker::history::{Outcome, Reason};
use serde_json::Value;
use subxt::{rpcs::rpc_params, utils::H256};
use test_network::{Follower, Miner, Prover, Reader, patience};
use tokio::time::Instant;
use worker_faults::{books::Books, wait, worker::Worker};

use crate::{
    network::{Network, peers},
    spec::{AUTHORITIES, VALIDATORS},
};

/// Longest wait for anything but blocks.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Time between two looks.
pub const POLL: Duration = Duration::from_millis(150);

/// The share of the time that a worker works, in percent. It runs at a lower priority
/// than the four nodes that share its cores.
const LOAD: u8 = 60;

/// The validator whose best chain is followed. No scenario touches it.
pub const WITNESS: usize = 0;

/// Which validators each worker uses, the first as long as it is there.
const NODES: [[usize; 2]; 2] = [[0, 1], [2, 3]];

/// A network, workers on it, and what was read of it.
pub struct Lab {
    // Dropped first.
    /// The workers, which mine throughout.
    pub workers: Vec<Worker>,
    /// The best chain of [`WITNESS`].
    pub follower: Follower,
    /// What each validator holds final, read from that validator.
    pub readers: Vec<Reader>,
    /// A connection to each validator.
    pub chains: Vec<Chain>,
    /// The validators.
    pub network: Network,
}

/// A block, by number and hash.
pub type Point = (u64, H256);

impl Lab {
    /// Starts validators with slots of this length, and two workers, and waits until
    /// these are registered.
    ///
    /// # Errors
    /// Where something does not start.
    pub async fn start(slot_ms: u64) -> anyhow::Result<Self> {
        let network = Network::start(slot_ms).await?;
        let mut chains = Vec::with_capacity(VALIDATORS);
        let mut readers = Vec::with_capacity(VALIDATORS);
        for index in 0..VALIDATORS {
            let chain = Chain::connect(network.url(index)).await?;
            readers.push(Reader::start(chain.clone()).await?);
            chains.push(chain);
        }
        let follower = Follower::start(Chain::connect(network.url(WITNESS)).await?).await?;
        let mut workers = Vec::with_capacity(NODES.len());
        for (nodes, (name, owner)) in NODES
            .iter()
            .zip([("first", "//Eve"), ("second", "//Ferdie")])
        {
            let miner = Miner::new(name, owner, Prover::Cpu).at_load(LOAD);
            let urls = nodes.map(|index| network.url(index));
            workers.push(Worker::start(miner, &urls, network.folder())?);
        }
        let mut lab = Self {
            workers,
            follower,
            readers,
            chains,
            network,
        };
        let everyone = lab.accounts()?;
        wait::registered(&mut lab.follower, &everyone).await?;
        lab.connected(&[0, 1, 2, 3], VALIDATORS as u64 - 1).await?;
        Ok(lab)
    }

    /// The workers' accounts.
    ///
    /// # Errors
    /// Where a key's name is none.
    pub fn accounts(&self) -> anyhow::Result<Vec<[u8; 32]>> {
        let accounts = self.workers.iter().map(|worker| worker.miner().account());
        accounts.collect()
    }

    /// Follows from the present on: heads that came while nobody looked are old.
    ///
    /// # Errors
    /// Where the witness does not answer.
    pub async fn refresh(&mut self) -> anyhow::Result<()> {
        let chain = Chain::connect(self.network.url(WITNESS)).await?;
        self.follower.follow(chain).await?;
        self.follower.advance().await?;
        Ok(())
    }

    /// Waits for the next window that opens; returns it and its first block.
    ///
    /// # Errors
    /// Where none opens soon.
    pub async fn opening(&mut self) -> anyhow::Result<(u32, u64)> {
        self.refresh().await?;
        wait::opening(&mut self.follower).await
    }

    /// Waits for the close of a window.
    ///
    /// # Errors
    /// Where it does not close soon.
    pub async fn closing(&mut self, window: u32) -> anyhow::Result<()> {
        self.refresh().await?;
        wait::closing(&mut self.follower, window).await
    }

    /// Waits until every worker works on a window.
    ///
    /// # Errors
    /// Where one does not, soon.
    pub async fn all_work_on(&self, window: u32) -> anyhow::Result<()> {
        for worker in &self.workers {
            until("work on the window", PATIENCE, async || {
                Ok((times_said(worker, "working", window) > 0).then_some(()))
            })
            .await
            .with_context(|| format!("{} on window {window}", worker.miner().name))?;
        }
        Ok(())
    }

    /// Waits until every worker is paid for a window.
    ///
    /// # Errors
    /// Where one is not, soon.
    pub async fn paid(&mut self, window: u32) -> anyhow::Result<()> {
        self.refresh().await?;
        let everyone = self.accounts()?;
        self.follower
            .wait_for("pay of everyone", wait::SOON, |follower| {
                everyone
                    .iter()
                    .all(|who| {
                        follower.events().any(|(_, event)| {
                            matches!(event, Event::Paid { hotkey, window: of, .. }
                                     if hotkey == who && *of == window)
                        })
                    })
                    .then_some(())
            })
            .await
            .with_context(|| format!("for window {window}"))
    }

    /// Who of the workers was not credited in a window that is over, and why, as the
    /// worker has it; no reason where it thinks that it was.
    ///
    /// # Errors
    /// Where a worker does not account for the window, soon.
    pub async fn without_credit(
        &self,
        window: u32,
    ) -> anyhow::Result<Vec<(String, Option<Reason>)>> {
        let mut without = Vec::new();
        for worker in &self.workers {
            let books = Books::read(self.follower.blocks(), worker.miner().account()?);
            let gpu = books.gpus.get(&(window, 0));
            if gpu.is_none_or(|gpu| gpu.credits.is_empty()) {
                let name = worker.miner().name.clone();
                let outcome = until("account of the window", PATIENCE, async || {
                    let history = worker.history()?;
                    let of_window = history.iter().find(|entry| entry.window == window);
                    Ok(of_window.map(|entry| entry.outcome))
                })
                .await
                .with_context(|| format!("{name} on window {window}"))?;
                without.push((
                    name,
                    match outcome {
                        Outcome::Missed(reason) => Some(reason),
                        Outcome::Credited { .. } => None,
                    },
                ));
            }
        }
        Ok(without)
    }

    /// Kills a validator, and starts it again with what it has on disk.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn restart(&mut self, index: usize, environment: &[String]) -> anyhow::Result<()> {
        self.network.kill(index).await?;
        self.start_again(index, environment).await
    }

    /// Starts a validator that was killed.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn start_again(
        &mut self,
        index: usize,
        environment: &[String],
    ) -> anyhow::Result<()> {
        let chain = self.network.restart(index, environment).await?;
        self.readers[index].reconnect(chain.clone());
        self.chains[index] = chain;
        Ok(())
    }

    /// A validator's best block.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn best(&self, index: usize) -> anyhow::Result<Point> {
        let view = self.chains[index].best().await?;
        Ok((view.number(), view.hash()))
    }

    /// The last block that a validator holds final.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn finalized(&self, index: usize) -> anyhow::Result<Point> {
        let view = self.chains[index].finalized().await?;
        Ok((view.number(), view.hash()))
    }

    /// The highest block that any of these holds final.
    ///
    /// # Errors
    /// Where one does not answer.
    pub async fn highest_final(&self, these: &[usize]) -> anyhow::Result<u64> {
        let mut highest = 0;
        for index in these {
            highest = highest.max(self.finalized(*index).await?.0);
        }
        Ok(highest)
    }

    /// Waits until each of these has a block of this number final.
    ///
    /// # Errors
    /// Where one has not, soon, with where each stands.
    pub async fn all_final(&self, these: &[usize], number: u64) -> anyhow::Result<()> {
        for index in these {
            let waited = until("finality", PATIENCE, async || {
                let (reached, _) = self.finalized(*index).await?;
                Ok((reached >= number).then_some(()))
            })
            .await;
            if let Err(error) = waited {
                bail!(
                    "{error:#}: block {number} on {}; {}",
                    AUTHORITIES[*index].name,
                    self.standing().await
                );
            }
        }
        Ok(())
    }

    /// Waits until each of these has built or taken a block of this number.
    ///
    /// # Errors
    /// Where one has not, soon.
    pub async fn all_reach(&self, these: &[usize], number: u64) -> anyhow::Result<()> {
        for index in these {
            until("blocks", PATIENCE, async || {
                let (reached, _) = self.best(*index).await?;
                Ok((reached >= number).then_some(()))
            })
            .await
            .with_context(|| format!("block {number} on {}", AUTHORITIES[*index].name))?;
        }
        Ok(())
    }

    /// Waits until each of these has so many peers.
    ///
    /// # Errors
    /// Where one has not, soon.
    pub async fn connected(&self, these: &[usize], count: u64) -> anyhow::Result<()> {
        for index in these {
            until("peers", PATIENCE, async || {
                Ok((peers(&self.chains[*index]).await? == count).then_some(()))
            })
            .await
            .with_context(|| format!("{count} of {}", AUTHORITIES[*index].name))?;
        }
        Ok(())
    }

    /// Where every validator stands, in words.
    pub async fn standing(&self) -> String {
        let mut all = Vec::new();
        for (authority, chain) in AUTHORITIES.iter().zip(&self.chains) {
            let looked = async {
                let (best, last) = (chain.best().await?, chain.finalized().await?);
                anyhow::Ok(format!(
                    "{} at block {}, {} final, {} peers",
                    authority.name,
                    best.number(),
                    last.number(),
                    peers(chain).await?
                ))
            };
            let told = looked.await;
            all.push(told.unwrap_or_else(|_| format!("{} is silent", authority.name)));
        }
        all.join("; ")
    }

    /// The slot of one of the witness's best blocks.
    ///
    /// # Errors
    /// Where the witness does not answer, or the block has none, as genesis.
    pub async fn slot_of(&self, number: u64) -> anyhow::Result<u64> {
        Ok(claim(&self.header(number).await?)?.1)
    }

    async fn header(&self, number: u64) -> anyhow::Result<Value> {
        let chain = &self.chains[WITNESS];
        let hash = chain.hash_of(number).await?;
        let header = chain.rpc().request("chain_getHeader", rpc_params![hash]);
        Ok(header.await?)
    }

    /// How many of the witness's best blocks from one number to another, both
    /// included, each validator has made.
    ///
    /// # Errors
    /// Where a block says nothing of its author.
    pub async fn authors(&self, from: u64, to: u64) -> anyhow::Result<BTreeMap<usize, u64>> {
        let chain = &self.chains[WITNESS];
        let validators: Option<Vec<Bytes32>> = chain
            .best()
            .await?
            .read("Session", "Validators", ())
            .await?;
        let validators = validators.context("the chain has no validators")?;
        let mut known = BTreeMap::new();
        for (index, authority) in AUTHORITIES.iter().enumerate() {
            known.insert(keys::development(authority.uri)?.public_key().0, index);
        }
        let mut blocks = BTreeMap::new();
        for number in from..=to {
            let header = self.header(number).await?;
            let author = validators
                .get(claim(&header)?.0)
                .and_then(|account| known.get(account))
                .with_context(|| format!("block {number} is of no validator"))?;
            *blocks.entry(*author).or_default() += 1;
        }
        Ok(blocks)
    }
}

/// Looks again and again until there is something to return.
///
/// # Errors
/// Where there is nothing in time, with the last error if there was one.
pub async fn until<T>(
    what: &str,
    within: Duration,
    look: impl AsyncFn() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let within = patience(within);
    let deadline = Instant::now() + within;
    loop {
        // A node that does not answer now may soon.
        let last = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() > deadline {
            return Err(match last {
                Some(error) => error.context(format!("no {what} within {within:?}")),
                None => anyhow::anyhow!("no {what} within {within:?}"),
            });
        }
        tokio::time::sleep(POLL).await;
    }
}

/// How many lines of a worker's log are this message about this window.
pub fn times_said(worker: &Worker, message: &str, window: u32) -> usize {
    worker
        .log()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["fields"]["message"] == message && line["fields"]["window"] == window)
        .count()
}

/// Who made a block, as a number among the session's validators, and in which slot;
/// from its header.
fn claim(header: &Value) -> anyhow::Result<(usize, u64)> {
    /// A digest item for the runtime, of BABE's.
    const BABE: &str = "0x0642414245";
    let logs = header["digest"]["logs"]
        .as_array()
        .context("a header without a digest")?;
    let babe = logs
        .iter()
        .filter_map(Value::as_str)
        .find_map(|log| log.strip_prefix(BABE))
        .context("no slot in the digest")?;
    let bytes = hex::decode(babe)?;
    // The length of what follows, in two bytes; then the kind of slot; then the
    // author in four, of which the first holds all that there are; then the slot.
    let author = bytes.get(3).context("a slot of nobody")?;
    let slot = bytes.get(7..15).context("no slot's number")?;
    Ok((usize::from(*author), u64::from_le_bytes(slot.try_into()?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn waiting_is_bounded_and_tells_what_was_in_the_way() {
        let error = until::<()>("wonder", Duration::ZERO, async || bail!("it rains"))
            .await
            .expect_err("none comes");
        assert_eq!(format!("{error:#}"), "no wonder within 0ns: it rains");
        let found = until("number", Duration::ZERO, async || Ok(Some(7))).await;
        assert_eq!(found.expect("at once"), 7);
    }

    #[test]
    fn an_author_is_read_from_its_slot() {
        let slot = format!("0x0642414245b50103020000000901{}", "00".repeat(102));
        let header = json!({"digest": {"logs": ["0x0466726f6e", slot]}});
        assert_eq!(claim(&header).expect("an author"), (2, 0x109));
        assert!(claim(&json!({"digest": {"logs": ["0x0642414245b5"]}})).is_err());
        assert!(claim(&json!({"digest": {"logs": ["0x0642414245b5010302000000"]}})).is_err());
        assert!(claim(&json!({})).is_err());
    }
}
