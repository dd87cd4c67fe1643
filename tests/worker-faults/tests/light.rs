// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A worker without a node of its own: a light client of a real chain, whose one
//! full node it knows from the chain's specification.

use std::{path::Path, time::Duration};

use anyhow::{Context, ensure};
use ni_client::{Chain, light_address};
use ni_worker::history::Outcome;
use serde_json::Value;
use subxt::rpcs::rpc_params;
use test_network::{Follower, Miner, Node, Prover, adapted};
use worker_faults::{wait, worker::Worker};

/// Longest wait for the light client to find the chain, and the worker to register.
const SYNC: Duration = Duration::from_secs(240);

/// Writes the chain's specification, with the node as its boot node.
async fn specification(node: &Node, file: &Path) -> anyhow::Result<()> {
    // The node's own chain, with slots as long as this machine needs.
    let folder = tempfile::tempdir()?;
    let own = adapted(folder.path(), &[])?;
    let chain = node.connect().await?;
    let addresses: Vec<String> = chain
        .rpc()
        .request("system_localListenAddresses", rpc_params![])
        .await?;
    let addresses = addresses
        .into_iter()
        .filter(|address| address.starts_with("/ip4/127.0.0.1/"));
    let mut specification: Value = serde_json::from_slice(&std::fs::read(own)?)?;
    specification["bootNodes"] = addresses.collect();
    std::fs::write(file, specification.to_string())?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_mines_through_its_light_client() -> anyhow::Result<()> {
    let node = Node::start().await?;
    let file = node.folder().join("chain.json");
    specification(&node, &file).await?;
    let mut follower = Follower::start(node.connect().await?).await?;
    let miner = Miner::new("light", "//Bob", Prover::Cpu).at_load(50);
    let worker = Worker::start(miner, &[&light_address(&file)], node.folder())?;
    worker.says("\"mining\"", 0, SYNC).await?;
    // Heads that came meanwhile are old.
    follower.follow(node.connect().await?).await?;
    follower.advance().await?;
    let (window, _) = wait::opening(&mut follower).await?;
    wait::closing(&mut follower, window).await?;
    let (_, opened) = wait::opening(&mut follower).await?;
    wait::block(&mut follower, opened + 9).await?;
    let remains = worker.end(&follower).await?;
    ensure!(remains.books.faults(0).is_empty(), "{:?}", remains.books);
    ensure!(remains.is_credited(window), "not credited\n{}", remains.log);
    ensure!(remains.books.paid(0) > 0, "not paid\n{}", remains.log);
    let entry = remains.history.iter().find(|entry| entry.window == window);
    let entry = entry.with_context(|| format!("not accounted for\n{}", remains.log))?;
    ensure!(
        matches!(entry.outcome, Outcome::Credited { .. }),
        "{entry:?}"
    );

    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_specification_is_refused_with_the_reason() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("chain.json");
    for (text, reason) in [(None, "No such file"), (Some("{}"), "chain")] {
        if let Some(text) = text {
            std::fs::write(&file, text)?;
        }
        let error = Chain::connect(&light_address(&file))
            .await
            .expect_err("it is none");
        let error = error.to_string();
        ensure!(
            error.contains("chain.json") && error.contains(reason),
            "{error}"
        );
    }
    Ok(())
}
