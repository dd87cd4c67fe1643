// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A worker that is started again with fewer devices than it has committed with: what a
//! device that is gone had committed, another one opens, and its bond stays whole. The
//! window after it, that slot does nothing and costs nothing.

use anyhow::{Context, ensure};
use ni_worker::history::{History, Outcome, beside};
use test_network::{Follower, Miner, Node, Prover};
use worker_faults::{
    books::Books,
    wait::{self, SOON},
};

/// Beside the CPU prover, which the miner names itself.
const FURTHER_DEVICE: &str = "--device=0";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_that_is_gone_committed_is_revealed_by_another() -> anyhow::Result<()> {
    let node = Node::start().await?;
    let folder = node.folder();
    let mut follower = Follower::start(node.connect().await?).await?;
    let miner = Miner::new("fewer", "//Bob", Prover::Cpu).at_load(30);
    let account = miner.account()?;
    let books = |follower: &Follower| Books::read(follower.blocks(), account);

    let mut with_both = miner.start_with(&[node.url()], folder, &[FURTHER_DEVICE])?;
    wait::registered(&mut follower, &[account]).await?;
    let (window, _) = wait::opening(&mut follower).await?;
    let committed = |books: &Books, gpu| {
        let gpu = books.gpus.get(&(window, gpu));
        gpu.is_some_and(|gpu| !gpu.commits.is_empty())
    };
    follower
        .wait_for("commits of both devices", SOON, |follower| {
            let books = books(follower);
            (committed(&books, 0) && committed(&books, 1)).then_some(())
        })
        .await?;
    with_both.kill().await?;

    let mut with_one = miner.start_with(&[node.url()], folder, &[])?;
    wait::closing(&mut follower, window).await?;
    let (next, _) = wait::opening(&mut follower).await?;
    wait::closing(&mut follower, next).await?;
    // Its account of a window is written once that is over.
    wait::opening(&mut follower).await?;
    with_one.kill().await?;
    let log = std::fs::read_to_string(with_one.log())?;

    let books = books(&follower);
    ensure!(books.faults(0).is_empty(), "{:?}\n{log}", books.faults(0));
    for gpu in [0, 1] {
        let revealed = books.gpus.get(&(window, gpu)).context("it committed")?;
        ensure!(
            revealed.credits.len() == 1,
            "GPU {gpu}: {revealed:?}\n{log}"
        );
    }
    ensure!(log.contains("another GPU opens its samples"), "{log}");
    let after = |gpu| books.gpus.get(&(next, gpu));
    ensure!(after(0).is_some() && after(1).is_none(), "{books:?}\n{log}");

    let history = History::at(beside(&miner.store(folder))).entries()?;
    let accounted = |window| {
        let of = history.iter().filter(move |entry| entry.window == window);
        of.map(|entry| (entry.gpu, matches!(entry.outcome, Outcome::Credited { .. })))
            .collect::<Vec<_>>()
    };
    ensure!(accounted(window) == [(0, true), (1, true)], "{history:?}");
    ensure!(accounted(next) == [(0, true)], "{history:?}\n{log}");
    Ok(())
}
