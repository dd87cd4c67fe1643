// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The run that the tests look at.

use anyhow::{Context, ensure};
use ni_client::{Chain, ChainError, calls, events::Event, keys};
use test_network::{Binary, Block, Follower, Miner, Node, Process, Prover, locate};

use crate::flood::Flood;

/// Blocks from a window's opening to the flood: the work takes eight.
const BEFORE_COMMITS: u64 = 6;

/// Blocks within which miners are registered, or have committed: a window just
/// missed is waited out.
const START: u64 = 60;

/// Blocks in which a development window takes commits after the work, and one for a commit
/// that comes before them.
const GRACE: u64 = 3;

/// Blocks of a development window and the gap before it, with a margin.
const WINDOW: u64 = 45;

/// Blocks within which a claim is seen.
const PAY: u64 = 5;

/// The careful miner's place among the processes.
const CAREFUL: usize = 1;

/// Events that go into an error.
const RECENT: usize = 60;

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
    /// The window that the vanished one committed in.
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
    /// What `ni-worker status --json` said of the honest miner in the end.
    pub(crate) status: serde_json::Value,
    /// What `ni-worker bench --json` said of the CPU and this chain's tiers.
    pub(crate) bench: serde_json::Value,
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

fn is_registered(blocks: &[Block], who: [u8; 32]) -> bool {
    events(blocks)
        .any(|(_, event)| matches!(event, Event::Registered { hotkey, .. } if *hotkey == who))
}

fn is_paid(blocks: &[Block], who: [u8; 32], of: u32) -> bool {
    events(blocks).any(|(_, event)| {
        matches!(event, Event::Paid { hotkey, window, .. } if (*hotkey, *window) == (who, of))
    })
}

/// Runs it once, for all tests.
///
/// # Panics
/// Where it could not be run to its end.
pub(crate) fn evidence() -> &'static Evidence {
    static EVIDENCE: test_network::Evidence<Evidence> = test_network::Evidence::new();
    test_network::evidence(&EVIDENCE, run)
}

/// The chain, and everybody on it.
struct Stage {
    // Dropped before the node, whose folder holds their files.
    processes: Vec<Process>,
    follower: Follower,
    node: Node,
}

impl Stage {
    /// The ends of all logs and the last events, for an error.
    fn remains(&self) -> String {
        let logs: String = self
            .processes
            .iter()
            .map(|process| format!("\n{}{}", process.name(), process.tail()))
            .collect();
        let events: Vec<_> = self.follower.events().collect();
        let recent: String = events[events.len().saturating_sub(RECENT)..]
            .iter()
            .map(|(block, event)| format!("\n{block} {event:?}"))
            .collect();
        format!("at block {}{logs}{recent}", self.follower.last().number)
    }

    /// Waits, for at most so many blocks, until `found` finds something in the
    /// blocks so far.
    async fn wait<T>(
        &mut self,
        what: &str,
        blocks: u64,
        found: impl Fn(&[Block]) -> Option<T>,
    ) -> anyhow::Result<T> {
        self.follower
            .wait_for(what, blocks, |follower| found(follower.blocks()))
            .await
    }

    /// Ends a miner at once and starts it again.
    async fn restart(&mut self, place: usize, miner: &Miner) -> anyhow::Result<()> {
        self.processes[place].kill().await?;
        self.processes[place] = miner.start(&self.node)?;
        Ok(())
    }
}

async fn run() -> anyhow::Result<Evidence> {
    let node = Node::start().await?;
    let mut stage = Stage {
        processes: Vec::new(),
        follower: Follower::start(node.connect().await?).await?,
        node,
    };
    match play(&mut stage).await {
        Ok(evidence) => Ok(evidence),
        Err(error) => Err(error.context(stage.remains())),
    }
}

async fn play(stage: &mut Stage) -> anyhow::Result<Evidence> {
    // Part of the load only: five processes share the cores, and what counts is
    // who is paid, not how much.
    let honest = Miner::new("honest", "//Bob", Prover::Gpu(0));
    let careful = Miner::new("careful", "//Charlie", Prover::Cpu).at_load(50);
    let cheat = Miner::new("cheat", "//Dave", Prover::Skipping(50)).at_load(40);
    let vanishing = Miner::new("vanishing", "//Alice", Prover::Vanishing).at_load(40);
    let [honest_key, careful_key] = [honest.account()?, careful.account()?];
    let [cheat_key, vanishing_key] = [cheat.account()?, vanishing.account()?];
    let both = [honest_key, careful_key];

    // The dishonest last for one window each: the honest are there before them.
    for miner in [&honest, &careful] {
        stage.processes.push(miner.start(&stage.node)?);
    }
    stage
        .wait("registration of the honest miners", START, |blocks| {
            both.iter()
                .all(|key| is_registered(blocks, *key))
                .then_some(())
        })
        .await?;
    for miner in [&cheat, &vanishing] {
        stage.processes.push(miner.start(&stage.node)?);
    }

    // Killed as soon as its commit is seen, and started again at once.
    let first = stage
        .wait("commit of the one that vanishes", START, |blocks| {
            events(blocks).find_map(|(_, event)| match event {
                Event::Committed { hotkey, window, .. } if *hotkey == vanishing_key => {
                    Some(*window)
                }
                _ => None,
            })
        })
        .await?;
    stage
        .wait("commits of the honest miners", GRACE, |blocks| {
            both.iter()
                .all(|key| committed(blocks, *key, first).is_some())
                .then_some(())
        })
        .await?;
    let killed_at = stage.follower.last().number;
    stage.restart(CAREFUL, &careful).await?;

    let reporter = keys::development("//Eve//Reporter")?;
    let chain = stage.follower.chain().clone();
    fund(&chain, &reporter.public_key().0).await?;
    let report = |account: [u8; 32]| {
        let (chain, reporter) = (chain.clone(), reporter.clone());
        async move {
            let call = calls::report_missed(account, 0, first);
            chain.call(&call, &reporter).await
        }
    };
    let early = is_refused(report(vanishing_key).await)?;
    stage
        .wait("end of the first window", WINDOW, |blocks| {
            closed(blocks, first)
        })
        .await?;
    let restarted_at = stage.follower.last().number;
    stage.restart(CAREFUL, &careful).await?;
    report(vanishing_key)
        .await
        .context("the report was not taken")?;
    let reports_refused = vec![
        ("before the window is over", early),
        (
            "of what is reported already",
            is_refused(report(vanishing_key).await)?,
        ),
        (
            "of somebody who revealed",
            is_refused(report(honest_key).await)?,
        ),
    ];

    let second = stage
        .wait("second window", WINDOW, |blocks| {
            events(blocks).find_map(|(_, event)| match event {
                Event::WindowOpened { window } if *window > first => Some(*window),
                _ => None,
            })
        })
        .await?;
    let flood = run_flood(&mut stage.follower, second, &both).await?;
    stage
        .wait("end of the second window", WINDOW, |blocks| {
            closed(blocks, second)
        })
        .await?;
    for miner in [&honest, &careful] {
        let owner = keys::development(&miner.owner)?;
        let call = calls::claim(miner.account()?, 0);
        let claimed = chain.call(&call, &owner).await;
        claimed.with_context(|| format!("{} has nothing to claim", miner.name))?;
    }
    // The claims stand in blocks that are there, but perhaps not read yet.
    stage
        .wait("pay for the second window", PAY, |blocks| {
            both.iter()
                .all(|key| is_paid(blocks, *key, second))
                .then_some(())
        })
        .await?;
    let of_honest = ["status", "--dev", "--key", &honest.hotkey];
    let status = shown(&stage.node, &of_honest).await?;
    let of_cpu = ["bench", "--device", "cpu", "--seconds", "1"];
    let bench = shown(&stage.node, &of_cpu).await?;
    let shown = status["block"].as_u64().context("status names no block")?;
    stage
        .wait("block that status was shown of", PAY, |blocks| {
            (blocks.last()?.number >= shown).then_some(())
        })
        .await?;
    Ok(Evidence {
        blocks: stage.follower.blocks().to_vec(),
        honest: honest_key,
        honest_owner: honest.owner_account()?,
        careful: careful_key,
        careful_owner: careful.owner_account()?,
        cheat: cheat_key,
        vanished: vanishing_key,
        reporter: reporter.public_key().0,
        first,
        second,
        killed_at,
        restarted_at,
        reports_refused,
        flood,
        status,
        bench,
    })
}

/// Floods the pool from shortly before the commits of a window that has just
/// opened until both have landed. Earlier calls would have left the pool by then.
async fn run_flood(
    follower: &mut Follower,
    window: u32,
    hotkeys: &[[u8; 32]],
) -> anyhow::Result<Flood> {
    let chain = follower.chain().clone();
    let mut flood = Flood::default();
    let start = follower.last().number;
    while follower.last().number < start + BEFORE_COMMITS {
        follower.advance().await?;
    }
    loop {
        let view = chain.at(follower.last().hash).await?;
        flood.step(&chain, &view).await?;
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

/// What a command of the worker that asks a node shows.
async fn shown(node: &Node, arguments: &[&str]) -> anyhow::Result<serde_json::Value> {
    let output = tokio::process::Command::new(locate(Binary::Worker)?)
        .args(arguments)
        .args(["--json", "--url", node.url()])
        .kill_on_drop(true)
        .output()
        .await?;
    ensure!(
        output.status.success(),
        "{arguments:?} ended with {}",
        output.status
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Gives an account something to pay fees with.
async fn fund(chain: &Chain, account: &[u8; 32]) -> anyhow::Result<()> {
    let giver = keys::development("//Ferdie")?;
    let destination = subxt::utils::MultiAddress::<_, ()>::Id(subxt::utils::AccountId32(*account));
    let call = subxt::dynamic::transaction(
        "Balances",
        "transfer_keep_alive",
        (destination, 100 * ni_client::amount::NI),
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
