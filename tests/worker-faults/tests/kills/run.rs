// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The run that the tests look at: three workers on one chain, killed in each of
//! twenty consecutive blocks of a window.

use std::{path::Path, time::Duration};

use test_network::{Follower, Miner, Node, Prover};
use worker_faults::{
    wait,
    worker::{Remains, Worker},
};

/// Workers that are killed, each by its owner.
const OWNERS: [&str; 3] = ["//Bob", "//Charlie", "//Dave"];

/// In which blocks of each window the workers are killed: the first at these,
/// the others one and two blocks later. Before the commit and after it.
const KILLS: [&[u64]; 3] = [&[0, 8, 14], &[3, 9, 18], &[6]];

/// Kills in all; of the last three, two.
const ALL: usize = 20;

/// Longest wait for a process to do something.
const NOTICE: Duration = Duration::from_secs(90);

/// Where a worker was killed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kill {
    pub(crate) window: u32,
    /// Blocks since the window's opening.
    pub(crate) offset: u64,
}

/// What happened.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) kills: Vec<Kill>,
    pub(crate) killed: Vec<Remains>,
    /// The second worker with a key in use: its exit status and its log.
    pub(crate) twin: (Option<i32>, String),
    /// A window after the kills.
    pub(crate) last: u32,
}

/// Runs it once, for all tests.
///
/// # Panics
/// Where it could not be run to its end.
pub(crate) fn evidence() -> &'static Evidence {
    static EVIDENCE: test_network::Evidence<Evidence> = test_network::Evidence::new();
    test_network::evidence(&EVIDENCE, run)
}

async fn run() -> anyhow::Result<Evidence> {
    let node = Node::start().await?;
    let folder = node.folder().to_owned();
    let mut follower = Follower::start(node.connect().await?).await?;
    let mut workers = Vec::new();
    for (number, owner) in OWNERS.iter().enumerate() {
        let miner = Miner::new(&format!("killed-{number}"), owner, Prover::Cpu).at_load(60);
        workers.push(Worker::start(miner, &[node.url()], &folder)?);
    }
    let accounts: Vec<_> = workers
        .iter()
        .map(|worker| worker.miner().account())
        .collect::<Result<_, _>>()?;
    wait::registered(&mut follower, &accounts).await?;
    let twin = second_worker(workers[0].miner(), node.url(), &folder).await?;

    let mut kills = Vec::new();
    for firsts in KILLS {
        let (window, opened) = wait::opening(&mut follower).await?;
        for first in firsts {
            for (offset, worker) in (*first..).zip(workers.iter_mut()) {
                if kills.len() == ALL {
                    break;
                }
                wait::block(&mut follower, opened + offset).await?;
                worker.restart().await?;
                kills.push(Kill {
                    window,
                    offset: follower.last().number - opened,
                });
            }
        }
        wait::closing(&mut follower, window).await?;
    }
    // A window in which nothing befalls anyone, and the commit of the next,
    // which pays for it.
    let (last, _) = wait::opening(&mut follower).await?;
    wait::closing(&mut follower, last).await?;
    let (_, opened) = wait::opening(&mut follower).await?;
    wait::block(&mut follower, opened + 9).await?;
    let mut killed = Vec::new();
    for worker in workers {
        killed.push(worker.end(&follower).await?);
    }
    Ok(Evidence {
        kills,
        killed,
        twin,
        last,
    })
}

/// Starts a second worker with a key that is in use, and with its store.
async fn second_worker(
    first: &Miner,
    url: &str,
    folder: &Path,
) -> anyhow::Result<(Option<i32>, String)> {
    let own = folder.join("twin");
    std::fs::create_dir_all(&own)?;
    // In a folder of its own, so that its log is not the first one's.
    std::os::unix::fs::symlink(first.store(folder), first.store(&own))?;
    let mut process = first.start_with(&[url], &own, &[])?;
    let ended = process.exited(NOTICE).await?;
    let log = std::fs::read_to_string(process.log())?;
    Ok((ended.code(), log))
}
