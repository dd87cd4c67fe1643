// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The run that the tests look at.

use std::sync::OnceLock;

use anyhow::{Context, ensure};
use ni_worker::chain::{Chain, ChainError, calls, events::Event, keys};
use test_network::{Block, Follower, Miner, Node, Prover};

use crate::flood::{self, Flood};

/// Blocks within which every miner is registered and has committed: the
/// registrations take a few, and a window just missed is waited out.
const START: u64 = 75;

/// Blocks of a development window and the gap before it, with a margin.
const WINDOW: u64 = 45;

/// What happened.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) blocks: Vec<Block>,
    pub(crate) honest: [u8; 32],
    pub(crate) honest_owner: [u8; 32],
    pub(crate) careful: [u8; 32],
    pub(crate) careful_owner: [u8; 32],
    pub(crate) cheat: [u8; 32],
    pub(crate) vanished: [u8; 32],
    pub(crate) reporter: [u8; 32],
    /// The first window in which all four committed.
    pub(crate) first: u32,
    /// The one after it.
    pub(crate) second: u32,
    /// The last block before the careful worker was killed, having committed.
    pub(crate) killed_at: u64,
    /// The last block before it was started again between windows.
    pub(crate) restarted_at: u64,
    /// Reports that must not be taken, and whether they were refused.
    pub(crate) reports_refused: Vec<(&'static str, bool)>,
    pub(crate) flood: Flood,
}

impl Evidence {
    /// Every event, with the number of its block.
    pub(crate) fn events(&self) -> impl Iterator<Item = (u64, &Event)> {
        events(&self.blocks)
    }

    /// The block in which a hotkey committed in a window.
    pub(crate) fn committed(&self, hotkey: [u8; 32], window: u32) -> Option<u64> {
        committed(&self.blocks, hotkey, window)
    }

    /// The block in which its reveal in a window was verified.
    pub(crate) fn verified(&self, hotkey: [u8; 32], window: u32) -> Option<u64> {
        verified(&self.blocks, hotkey, window)
    }

    /// The block in which a window closed.
    pub(crate) fn closed(&self, window: u32) -> Option<u64> {
        closed(&self.blocks, window)
    }
}

fn events(blocks: &[Block]) -> impl Iterator<Item = (u64, &Event)> {
    blocks
        .iter()
        .flat_map(|block| block.events.iter().map(|event| (block.number, event)))
}

fn committed(blocks: &[Block], who: [u8; 32], of: u32) -> Option<u64> {
    events(blocks).find_map(|(block, event)| match event {
        Event::Committed { hotkey, window, .. } if (*hotkey, *window) == (who, of) => Some(block),
        _ => None,
    })
}

fn verified(blocks: &[Block], who: [u8; 32], of: u32) -> Option<u64> {
    events(blocks).find_map(|(block, event)| match event {
        Event::Verified { hotkey, window, .. } if (*hotkey, *window) == (who, of) => Some(block),
        _ => None,
    })
}

fn closed(blocks: &[Block], of: u32) -> Option<u64> {
    events(blocks).find_map(|(block, event)| match event {
        Event::WindowClosed { window } if *window == of => Some(block),
        _ => None,
    })
}

/// Runs it once, for all tests.
///
/// # Panics
/// Where it could not be run to its end.
pub(crate) fn evidence() -> &'static Evidence {
    static EVIDENCE: OnceLock<Result<Evidence, String>> = OnceLock::new();
    let evidence = EVIDENCE.get_or_init(|| {
        tokio::runtime::Runtime::new()
            .map_err(|error| error.to_string())?
            .block_on(run())
            .map_err(|error| format!("{error:#}"))
    });
    match evidence {
        Ok(evidence) => evidence,
        Err(error) => panic!("the run failed: {error}"),
    }
}

async fn run() -> anyhow::Result<Evidence> {
    // Light loads: five processes share the cores, and what counts is who is
    // paid, not how much.
    let honest = Miner::new("honest", "//Bob", Prover::Gpu(0)).at_load(60);
    let careful = Miner::new("careful", "//Charlie", Prover::Cpu).at_load(25);
    let cheat = Miner::new("cheat", "//Dave", Prover::Skipping(50)).at_load(20);
    let vanishing = Miner::new("vanishing", "//Alice", Prover::Vanishing).at_load(20);
    let all = [&honest, &careful, &cheat, &vanishing];

    let node = Node::start().await?;
    let mut follower = Follower::start(node.connect().await?).await?;
    let mut processes = Vec::new();
    for miner in all {
        processes.push(miner.start(&node)?);
    }
    let accounts = all
        .iter()
        .map(|miner| miner.account())
        .collect::<Result<Vec<_>, _>>()?;

    // Killed as soon as its commit is seen, and started again at once.
    let (first, killed_at) = follower
        .wait_for(
            "commit of all four miners in one window",
            START,
            |follower| {
                let window = follower
                    .last()
                    .events
                    .iter()
                    .find_map(|event| match event {
                        Event::Committed { window, .. } => Some(*window),
                        _ => None,
                    })?;
                accounts
                    .iter()
                    .all(|account| committed(follower.blocks(), *account, window).is_some())
                    .then(|| (window, follower.last().number))
            },
        )
        .await
        .with_context(|| {
            processes
                .iter()
                .map(|process| process.tail())
                .collect::<String>()
        })?;
    processes[1].kill().await?;
    processes[1] = careful.start(&node)?;

    let reporter = keys::development("//Eve//Reporter")?;
    let chain = follower.chain().clone();
    fund(&chain, &reporter.public_key().0).await?;
    let report = |account: [u8; 32]| {
        let (chain, reporter) = (chain.clone(), reporter.clone());
        async move {
            let call = calls::report_missed(account, 0, first);
            chain.call(&call, &reporter).await
        }
    };
    let mut reports_refused = vec![(
        "before the window is over",
        is_refused(report(vanishing.account()?).await)?,
    )];

    follower
        .wait_for("end of the first window", WINDOW, |follower| {
            closed(follower.blocks(), first)
        })
        .await?;
    ensure!(
        verified(follower.blocks(), careful.account()?, first).is_some(),
        "the killed worker has not revealed{}",
        processes[1].tail()
    );
    let restarted_at = follower.last().number;
    processes[1].kill().await?;
    processes[1] = careful.start(&node)?;

    report(vanishing.account()?)
        .await
        .context("the report was not taken")?;
    reports_refused.push((
        "of what is reported already",
        is_refused(report(vanishing.account()?).await)?,
    ));
    reports_refused.push((
        "of somebody who revealed",
        is_refused(report(honest.account()?).await)?,
    ));

    let second = follower
        .wait_for("second window", WINDOW, |follower| {
            follower.last().events.iter().find_map(|event| match event {
                Event::WindowOpened { window } if *window > first => Some(*window),
                _ => None,
            })
        })
        .await?;
    let flood = run_flood(
        &mut follower,
        second,
        &[honest.account()?, careful.account()?],
    )
    .await?;
    follower
        .wait_for("end of the second window", WINDOW, |follower| {
            closed(follower.blocks(), second)
        })
        .await?;

    for miner in [&honest, &careful] {
        let owner = keys::development(&miner.owner)?;
        chain
            .call(&calls::claim(miner.account()?, 0), &owner)
            .await?;
    }
    follower.advance().await?;
    follower.advance().await?;
    Ok(Evidence {
        blocks: follower.blocks().to_vec(),
        honest: honest.account()?,
        honest_owner: honest.owner_account()?,
        careful: careful.account()?,
        careful_owner: careful.owner_account()?,
        cheat: cheat.account()?,
        vanished: vanishing.account()?,
        reporter: reporter.public_key().0,
        first,
        second,
        killed_at,
        restarted_at,
        reports_refused,
        flood,
    })
}

/// Floods the pool from a window's opening until both have committed in it.
async fn run_flood(
    follower: &mut Follower,
    window: u32,
    hotkeys: &[[u8; 32]],
) -> anyhow::Result<Flood> {
    let chain = follower.chain().clone();
    let mut flood = Flood::default();
    let untipped = keys::development("//One")?;
    let account = untipped.public_key().0;
    let start = follower.last().number;
    let mut sent_untipped = false;
    loop {
        let view = chain.at(follower.last().hash).await?;
        flood.step(&chain, &view).await?;
        if !sent_untipped {
            let anchor = chain.anchor().await?;
            ensure!(
                flood::send(&chain, &anchor, &untipped, 0, 0).await?,
                "the pool has no room for a call without a tip"
            );
            sent_untipped = true;
        }
        if flood.untipped_landed.is_none() && view.account(&account).await?.nonce > 0 {
            flood.untipped_landed = Some(view.number());
        }
        if hotkeys
            .iter()
            .all(|hotkey| committed(follower.blocks(), *hotkey, window).is_some())
        {
            return Ok(flood);
        }
        ensure!(
            follower.last().number < start + WINDOW,
            "no commits within {WINDOW} blocks of a full pool"
        );
        follower.advance().await?;
    }
}

/// Gives an account something to pay fees with.
async fn fund(chain: &Chain, account: &[u8; 32]) -> anyhow::Result<()> {
    let giver = keys::development("//Ferdie")?;
    let destination = subxt::utils::MultiAddress::<_, ()>::Id(subxt::utils::AccountId32(*account));
    let call = subxt::dynamic::transaction(
        "Balances",
        "transfer_keep_alive",
        (destination, 100 * ni_worker::amount::NI),
    );
    chain.call(&call, &giver).await?;
    Ok(())
}

/// Whether a call failed on chain; any other trouble is an error.
fn is_refused<T>(outcome: Result<T, ChainError>) -> anyhow::Result<bool> {
    match outcome {
        Ok(_) => Ok(false),
        Err(ChainError::Failed { .. } | ChainError::Refused { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
