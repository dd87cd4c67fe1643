// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Workers that name two nodes, the first of which is dishonest, lazy or of yesterday: none
//! loses a window that the second would have taken, and none is told to register that is
//! registered. One run, and a test for each thing that must hold of it.

use std::{process::Command, time::Duration};

use anyhow::Context;
use ni_client::events::Event;
use ni_worker::exit::Exit;
use serde_json::json;
use test_network::{Binary, Follower, Miner, Node, Prover, locate};
use worker_faults::{
    proxy::{Fault, Proxy},
    wait,
    worker::{Remains, Worker},
};

/// Windows in which each worker is watched.
const WINDOWS: u32 = 2;

/// Longest wait for a worker to say something.
const NOTICE: Duration = Duration::from_secs(90);

/// A worker, and what was wrong with its first node.
#[derive(Debug)]
struct Watched {
    fault: Fault,
    /// Messages that its first node withheld or changed.
    altered: u64,
    remains: Remains,
}

#[derive(Debug)]
struct Evidence {
    /// The first window that all of them could work in.
    since: u32,
    /// Windows that were over by the end.
    over: Vec<u32>,
    watched: Vec<Watched>,
    /// A worker whose first node is of the same chain, at block 0.
    stale: Remains,
    /// The same, with no other node: what it said, and how it ended.
    alone: (String, Option<i32>),
    /// How often each hotkey was registered.
    registrations: Vec<usize>,
}

fn evidence() -> &'static Evidence {
    static EVIDENCE: test_network::Evidence<Evidence> = test_network::Evidence::new();
    test_network::evidence(&EVIDENCE, run)
}

async fn run() -> anyhow::Result<Evidence> {
    let files = tempfile::tempdir()?;
    // Whatever the machine: what is looked at is whether calls arrive.
    let floor = [("/emission/tiers/0/floor/mops", json!(1))];
    let chain = test_network::adapted(files.path(), &floor)?;
    let chain = format!("--chain={}", chain.display());
    let node = Node::start_with(&["--dev", &chain]).await?;
    // The same chain, of which nothing ever reaches it.
    let stale = Node::start_with(&[&chain, "--reserved-only"]).await?;
    let folder = node.folder().to_owned();
    let url = node.url().to_owned();
    let mut follower = Follower::start(node.connect().await?).await?;
    wait::block(&mut follower, 2).await?;
    let faults = [
        (Fault::Drops, "//Bob"),
        (Fault::Refuses, "//Charlie"),
        (Fault::Lies, "//Dave"),
        (Fault::Forgets, "//Eve"),
    ];
    let mut workers = Vec::new();
    for (fault, owner) in faults {
        let proxy = Proxy::start(&url).await?;
        let miner = Miner::new(&format!("{fault:?}").to_lowercase(), owner, Prover::Cpu);
        let mut worker = Worker::start(miner.at_load(15), &[proxy.url(), &url], &folder)?;
        wait::registered(&mut follower, &[worker.miner().account()?]).await?;
        worker.kill().await?;
        // It finds its registration, and its node as it is from now on.
        proxy.inject(fault);
        worker.restart().await?;
        worker.says("\"mining\"", 0, NOTICE).await?;
        workers.push((fault, proxy, worker));
    }
    let late = Miner::new("late", "//Ferdie", Prover::Cpu).at_load(15);
    let alone = alone(&late, stale.url())?;
    let late = Worker::start(late, &[stale.url(), &url], &folder)?;
    wait::registered(&mut follower, &[late.miner().account()?]).await?;
    late.says("\"mining\"", 0, NOTICE).await?;
    let (since, _) = wait::opening(&mut follower).await?;
    let mut over = vec![since];
    wait::closing(&mut follower, since).await?;
    while over.len() < WINDOWS as usize {
        let (next, _) = wait::opening(&mut follower).await?;
        wait::closing(&mut follower, next).await?;
        over.push(next);
    }
    let mut watched = Vec::new();
    let mut registrations = Vec::new();
    for (fault, proxy, worker) in workers {
        let account = worker.miner().account()?;
        registrations.push(
            follower
                .events()
                .filter(|(_, event)| {
                    matches!(event, Event::Registered { hotkey, .. } if *hotkey == account)
                })
                .count(),
        );
        watched.push(Watched {
            fault,
            altered: proxy.altered(),
            remains: worker.end(&follower).await?,
        });
    }
    Ok(Evidence {
        since,
        over,
        watched,
        stale: late.end(&follower).await?,
        alone,
        registrations,
    })
}

/// What a worker says whose only node is of yesterday, and how it ends.
fn alone(miner: &Miner, url: &str) -> anyhow::Result<(String, Option<i32>)> {
    let worker = locate(Binary::Worker)?;
    let ended = Command::new(worker)
        .args(["mine", "--dev", "--device=cpu", "--windows=1"])
        .args([format!("--url={url}"), format!("--key={}", miner.hotkey)])
        .output()
        .context("the worker cannot be run")?;
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    Ok((said, ended.status.code()))
}

#[test]
fn no_window_is_lost_that_the_second_node_would_have_taken() {
    let evidence = evidence();
    for watched in &evidence.watched {
        let Watched {
            fault,
            altered,
            remains,
        } = watched;
        // Otherwise nothing was tried.
        assert!(*altered > 0, "{fault:?}");
        for window in &evidence.over {
            assert!(
                remains.is_credited(*window),
                "{fault:?}, window {window}\n{}",
                remains.log
            );
        }
        assert_eq!(remains.books.faults(evidence.since), [""; 0], "{fault:?}");
    }
}

#[test]
fn nobody_is_told_to_register_who_is_registered() {
    let evidence = evidence();
    assert_eq!(evidence.registrations, [1; 4]);
    for watched in &evidence.watched {
        let log = &watched.remains.log;
        assert!(!log.contains("not registered"), "{log}");
    }
    let (said, _) = &evidence.alone;
    assert!(!said.contains("register"), "{said}");
}

#[test]
fn a_node_of_yesterday_is_passed_over_and_alone_it_is_what_is_wrong() {
    let evidence = evidence();
    assert!(
        evidence
            .over
            .iter()
            .all(|window| evidence.stale.is_credited(*window)),
        "{}",
        evidence.stale.log
    );
    let (said, code) = &evidence.alone;
    assert_eq!(*code, Some(Exit::Node as i32), "{said}");
    assert!(said.contains("at block 0"), "{said}");
}
