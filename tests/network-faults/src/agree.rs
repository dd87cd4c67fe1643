// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What must hold after each fault, whatever it was.
//!
//! Every validator's final chain is read from that validator, from genesis on; at
//! each block the supply must be what the events add up to. All of these chains must
//! be the same as far as they reach, no GPU may have been credited or paid twice for
//! a round or slashed, and each worker must account for every window as the chain
//! has it.

use std::{collections::BTreeMap, fmt::Display};

use anyhow::{Context, ensure};
use ni_client::{events::Event, types::Bytes32};
use test_network::{Block, Reader};
use worker_faults::books::Books;

use crate::{
    lab::{Lab, PATIENCE, until},
    spec::{AUTHORITIES, VALIDATORS},
};

/// What was compared.
#[derive(Clone, Copy, Debug)]
pub struct Agreement {
    /// The last block that all hold final.
    pub number: u64,
    /// Blocks at which the supply was compared, summed over the validators.
    pub compared: usize,
    /// Windows that are over, and final.
    pub windows: usize,
    /// Payments for work.
    pub payments: usize,
}

/// Waits until all validators hold final what is the best chain now, and compares.
///
/// # Errors
/// What does not hold.
pub async fn check(lab: &mut Lab) -> anyhow::Result<Agreement> {
    let everyone: Vec<_> = (0..VALIDATORS).collect();
    let mut target = 0;
    for index in &everyone {
        target = target.max(lab.best(*index).await?.0);
    }
    lab.all_final(&everyone, target).await?;
    let before: usize = lab.readers.iter().map(|reader| reader.blocks().len()).sum();
    let mut compared = 0;
    for (index, reader) in lab.readers.iter_mut().enumerate() {
        let name = AUTHORITIES[index].name;
        read(reader).await.with_context(|| name.to_owned())?;
        compared += reader.blocks().len();
    }
    let chains: Vec<_> = lab.readers.iter().map(Reader::blocks).collect();
    let number = one_chain(&chains)?;
    let blocks = lab.readers[0].blocks();
    let mut faults = payments(blocks);
    for worker in &lab.workers {
        let books = Books::read(blocks, worker.miner().account()?);
        faults.extend(told(&worker.miner().name, books.faults(0)));
    }
    ensure!(faults.is_empty(), "{}", faults.join("; "));
    for worker in &lab.workers {
        let account = worker.miner().account()?;
        // It writes down what became of a window some blocks after that is over.
        until("account of every window", PATIENCE, async || {
            let books = Books::read(blocks, account);
            let differences = books.differences(0, &worker.history()?);
            ensure!(differences.is_empty(), "{}", differences.join("; "));
            Ok(Some(()))
        })
        .await
        .with_context(|| worker.miner().name.clone())?;
    }
    let windows = Books::read(blocks, [0; 32]).closed.len();
    let payments = lab.readers[0]
        .events()
        .filter(|(_, event)| matches!(event, Event::Paid { .. }))
        .count();
    Ok(Agreement {
        number,
        compared: compared - before,
        windows,
        payments,
    })
}

/// Reads what a validator holds final, which must go on from what it held before.
async fn read(reader: &mut Reader) -> anyhow::Result<()> {
    let known = reader.blocks().len();
    let head = reader.chain().finalized().await?.hash();
    let kept = reader.read_to(head).await?;
    ensure!(
        kept == known,
        "{} blocks that were final were taken back",
        known - kept
    );
    Ok(())
}

/// That chains are one as far as they reach; how far all of them do.
fn one_chain(chains: &[&[Block]]) -> anyhow::Result<u64> {
    let shortest = chains
        .iter()
        .min_by_key(|chain| chain.len())
        .and_then(|chain| Some((chain.len(), chain.last()?.number)));
    let (length, number) = shortest.context("no chain to compare")?;
    let first = chains[0];
    for chain in chains {
        for (one, other) in first.iter().zip(*chain).take(length) {
            ensure!(
                one.hash == other.hash,
                "block {} is {:?} on one validator and {:?} on another, both final",
                one.number,
                one.hash,
                other.hash
            );
        }
    }
    Ok(number)
}

/// What must never be among the payments for work; in words.
fn payments(blocks: &[Block]) -> Vec<String> {
    #[derive(Default)]
    struct Result {
        credited: u32,
        paid: u32,
    }
    #[derive(Default)]
    struct Round {
        miners: Option<u128>,
        paid: u128,
    }
    let mut results: BTreeMap<(u32, Bytes32, u32), Result> = BTreeMap::new();
    let mut rounds: BTreeMap<u32, Round> = BTreeMap::new();
    let mut faults = Vec::new();
    for block in blocks {
        for event in &block.events {
            match event {
                Event::Credited {
                    hotkey,
                    gpu,
                    window,
                    ..
                } => {
                    results
                        .entry((*window, *hotkey, *gpu))
                        .or_default()
                        .credited += 1
                }
                Event::Paid {
                    hotkey,
                    gpu,
                    window,
                    amount,
                    ..
                } => {
                    results.entry((*window, *hotkey, *gpu)).or_default().paid += 1;
                    rounds.entry(*window).or_default().paid += amount;
                }
                Event::RoundSettled { window, miners, .. } => {
                    let round = rounds.entry(*window).or_default();
                    if round.miners.replace(*miners).is_some() {
                        faults.push(format!("the round of window {window} was settled twice"));
                    }
                }
                _ => {}
            }
        }
        // Whoever is slashed here has done nothing that deserves it.
        let slashed = block.ledger.burned.get("Slashes").copied();
        if slashed.is_some_and(|amount| amount > 0) {
            faults.push(format!("by block {} somebody was slashed", block.number));
            break;
        }
    }
    for ((window, _, gpu), result) in &results {
        if result.credited > 1 {
            faults.push(format!("window {window}, GPU {gpu}: credited twice"));
        }
        if result.paid > 1 {
            faults.push(format!("window {window}, GPU {gpu}: paid twice"));
        }
        if result.paid > result.credited {
            faults.push(format!("window {window}, GPU {gpu}: paid without a credit"));
        }
    }
    for (window, round) in &rounds {
        if round.paid > round.miners.unwrap_or_default() {
            faults.push(format!(
                "window {window}: {} paid of {:?}",
                round.paid, round.miners
            ));
        }
    }
    faults
}

fn told(who: &str, faults: Vec<String>) -> impl Iterator<Item = String> {
    let who = who.to_owned();
    faults
        .into_iter()
        .map(move |fault| format!("{who}: {fault}"))
}

impl Display for Agreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            number,
            compared,
            windows,
            payments,
        } = self;
        write!(
            f,
            "all four agree up to block {number}; the supply was compared at {compared} further \
             final blocks; {windows} windows and {payments} payments so far, each once"
        )
    }
}

#[cfg(test)]
mod tests {
    use subxt::utils::H256;
    use test_network::Ledger;

    use super::*;

    const WHO: Bytes32 = [1; 32];

    fn block(number: u64, hash: u8, events: Vec<Event>) -> Block {
        Block {
            number,
            hash: H256([hash; 32]),
            events,
            ledger: Ledger::new(1_000),
        }
    }

    fn settled() -> Event {
        Event::RoundSettled {
            window: 4,
            minted: 100,
            drawn: 0,
            miners: 50,
            stakers: 50,
        }
    }

    fn credited() -> Event {
        Event::Credited {
            hotkey: WHO,
            gpu: 0,
            window: 4,
            tier: 0,
        }
    }

    fn paid(amount: u128) -> Event {
        Event::Paid {
            hotkey: WHO,
            gpu: 0,
            owner: WHO,
            window: 4,
            amount,
        }
    }

    #[test]
    fn one_credit_and_one_payment_are_as_they_should_be() {
        let blocks = [
            block(1, 1, vec![credited(), settled()]),
            block(2, 2, vec![paid(50)]),
        ];
        assert_eq!(payments(&blocks), [""; 0]);
    }

    #[test]
    fn whatever_happens_twice_is_told() {
        for (events, fault) in [
            (vec![credited(), credited(), settled()], "credited twice"),
            (
                vec![credited(), settled(), paid(20), paid(20)],
                "paid twice",
            ),
            (vec![settled(), paid(20)], "paid without a credit"),
            (vec![credited(), settled(), settled()], "settled twice"),
            (vec![credited(), settled(), paid(51)], "51 paid of Some(50)"),
        ] {
            let told = payments(&[block(1, 1, events)]).join("; ");
            assert!(told.contains(fault), "{told}");
        }
    }

    #[test]
    fn a_slash_is_told_once() {
        let mut slashed = block(1, 1, Vec::new());
        slashed.ledger.burned.insert("Slashes".to_owned(), 3);
        let told = payments(&[slashed.clone(), slashed]);
        assert_eq!(told, ["by block 1 somebody was slashed"]);
    }

    #[test]
    fn chains_that_part_are_told_apart() {
        let chain = |hashes: &[u8]| -> Vec<Block> {
            (0..)
                .zip(hashes)
                .map(|(number, hash)| block(number, *hash, Vec::new()))
                .collect()
        };
        let (long, short, other) = (chain(&[1, 2, 3]), chain(&[1, 2]), chain(&[1, 2, 4]));
        let agreed = one_chain(&[&long, &short]).expect("one chain");
        assert_eq!(agreed, 1);
        let error = one_chain(&[&long, &other]).expect_err("two chains");
        assert!(error.to_string().contains("block 2"), "{error}");
        assert!(one_chain(&[]).is_err());
    }
}
