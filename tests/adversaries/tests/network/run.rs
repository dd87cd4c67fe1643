// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The run that the tests look at.

use std::time::Duration;

use ni_client::events::Event;
use serde_json::Value;
use test_network::{Block, Follower, Miner, Node, Process, Prover, patience};

/// Calls that the spammer sends in each phase.
pub(crate) const CALLS: u32 = 20;

/// Blocks within which a miner is registered.
const START: u64 = 60;

/// Blocks of two windows and the gaps before them, with a margin: who comes in the
/// middle of one waits for the next.
const WINDOWS: u64 = 90;

/// Longest that somebody may take to end whose deed is done.
const END: Duration = Duration::from_secs(60);

/// What happened.
#[derive(Debug)]
pub(crate) struct Evidence {
    blocks: Vec<Block>,
    pub(crate) honest: [u8; 32],
    pub(crate) copying: [u8; 32],
    pub(crate) late: [u8; 32],
    pub(crate) spamming: [u8; 32],
    /// What they tried and were told.
    pub(crate) copied: Vec<Value>,
    pub(crate) late_lines: Vec<Value>,
    pub(crate) spam_lines: Vec<Value>,
}

impl Evidence {
    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.blocks.iter().flat_map(|block| &block.events)
    }

    /// The window of a hotkey's first commit, and its rounds.
    pub(crate) fn committed(&self, who: [u8; 32]) -> Option<(u32, u32)> {
        self.events().find_map(|event| match event {
            Event::Committed {
                hotkey,
                window,
                rounds,
                ..
            } if *hotkey == who => Some((*window, *rounds)),
            _ => None,
        })
    }

    pub(crate) fn verified(&self, who: [u8; 32], of: u32) -> bool {
        self.events().any(
            |event| matches!(event, Event::Verified { hotkey, window, .. } if (*hotkey, *window) == (who, of)),
        )
    }

    pub(crate) fn is_punished(&self, who: [u8; 32]) -> bool {
        self.events().any(|event| match event {
            Event::Refused { hotkey, .. } | Event::Missed { hotkey, .. } => *hotkey == who,
            _ => false,
        })
    }
}

/// Runs it once, for all tests.
///
/// # Panics
/// Where it could not be run to its end.
pub(crate) fn evidence() -> &'static Evidence {
    static EVIDENCE: test_network::Evidence<Evidence> = test_network::Evidence::new();
    test_network::evidence(&EVIDENCE, run)
}

/// What somebody tried, line by line of its output.
fn tried(process: &Process) -> anyhow::Result<Vec<Value>> {
    let log = std::fs::read_to_string(process.log())?;
    Ok(log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["tried"].is_string())
        .collect())
}

async fn run() -> anyhow::Result<Evidence> {
    let node = Node::start().await?;
    let mut follower = Follower::start(node.connect().await?).await?;
    let miner = |name, owner, prover| Miner::new(name, owner, prover);
    let honest = miner("honest", "//Bob", Prover::Cpu).at_load(50);
    let copying = miner("copying", "//Charlie", Prover::Copying);
    let late = miner("late", "//Dave", Prover::Late);
    let spamming = miner("spamming", "//Eve", Prover::Spamming(CALLS));
    let keys = [&honest, &copying, &late, &spamming].map(Miner::account);
    let [honest_key, copying_key, late_key, spamming_key] = keys;
    let honest_key = honest_key?;

    let worker = honest.start(&node)?;
    let registered = follower
        .wait_for("registration of the honest miner", START, |follower| {
            let mut events = follower.events();
            events
                .any(|(_, event)| {
                    matches!(event, Event::Registered { hotkey, .. } if *hotkey == honest_key)
                })
                .then_some(())
        })
        .await;
    registered.map_err(|error| error.context(worker.tail()))?;
    let mut others = Vec::new();
    for miner in [&copying, &late, &spamming] {
        others.push(miner.start(&node)?);
    }
    // Each ends when it has done its deed; the last window is waited for.
    let ended = |processes: &mut Vec<Process>| {
        processes
            .iter_mut()
            .all(|process| matches!(process.ended(), Ok(Some(_))))
    };
    let all = follower
        .wait_for("end of all deeds", 2 * WINDOWS, |_| {
            ended(&mut others).then_some(())
        })
        .await;
    let tails = || -> String { others.iter().map(Process::tail).collect() };
    all.map_err(|error| error.context(format!("{}{}", worker.tail(), tails())))?;
    for process in &mut others {
        process.finished(patience(END)).await?;
    }
    follower
        .wait_for("end of the window", WINDOWS, |follower| {
            follower
                .last()
                .events
                .iter()
                .any(|event| matches!(event, Event::WindowClosed { .. }))
                .then_some(())
        })
        .await?;
    Ok(Evidence {
        blocks: follower.blocks().to_vec(),
        honest: honest_key,
        copying: copying_key?,
        late: late_key?,
        spamming: spamming_key?,
        copied: tried(&others[0])?,
        late_lines: tried(&others[1])?,
        spam_lines: tried(&others[2])?,
    })
}
