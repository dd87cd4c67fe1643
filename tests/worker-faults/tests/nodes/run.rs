// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The run that the tests look at: one chain, with workers whose nodes are bad,
//! are killed and come back, and a miner with GPUs that fail.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use ni_client::{keys, types::Phase};
use ni_worker::{
    exit::{Exit, Failure},
    miner::{self, Registering, Settings},
    telemetry::{health::Health, meters},
};
use test_network::{Follower, Miner, Node, Prover};
use worker_faults::{
    books::Books,
    proxy::{Fault, Proxy},
    wait,
    worker::{Remains, Worker},
};

use crate::fake;

/// Longest wait for a worker to notice something, and to recover from it.
const NOTICE: Duration = Duration::from_secs(90);

/// Silence after which a fake GPU counts as hung.
const HANG_AFTER: Duration = Duration::from_secs(3);

/// Blocks after a window's opening at which the node is killed: at work, while samples
/// are drawn, while reveals are taken. Each in a window of its own: a node takes seconds
/// to come back, which are blocks here.
const WORKING: u64 = 2;
const SAMPLING: u64 = 11;
const REVEALING: u64 = 18;

/// How long the node that is killed during the work stays away: when it is back, the end
/// of the work has passed, by the blocks' times before.
const AWAY: Duration = Duration::from_secs(10);

/// Blocks that a call needs, at most, from a worker that has its node again to a block:
/// one to see where the chain stands, two to send it.
const ENOUGH: u64 = 3;

/// What one bad node did to a worker.
#[derive(Debug)]
pub(crate) struct Episode {
    pub(crate) fault: Fault,
    /// Messages changed or withheld.
    pub(crate) altered: u64,
    /// What the worker said when it left.
    pub(crate) said: String,
}

/// What happened.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// The worker whose only node was bad, again and again.
    pub(crate) patient: Remains,
    pub(crate) episodes: Vec<Episode>,
    /// Its metrics and its health at the end.
    pub(crate) metrics: String,
    pub(crate) health: String,
    /// The worker whose first node went bad and stayed so.
    pub(crate) nimble: Remains,
    /// Where it went.
    pub(crate) went_to: String,
    pub(crate) second_node: String,
    /// The miner with four GPUs, three of them unsound.
    pub(crate) gpus: Books,
    pub(crate) gpus_health: serde_json::Value,
    pub(crate) gpus_metrics: String,
    /// The window before which the node was killed, and in which it was not.
    pub(crate) undisturbed: u32,
    /// The times that the node was killed.
    pub(crate) outages: Vec<Outage>,
}

/// What a worker has to do next in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Commit,
    Reveal,
    Nothing,
}

/// A node that was killed and came back.
#[derive(Debug)]
pub(crate) struct Outage {
    /// The window in which it was killed, or the one before.
    pub(crate) window: u32,
    /// The phase in which it was killed.
    pub(crate) phase: &'static str,
    /// What the worker had still to do once it was connected again.
    pub(crate) due: Due,
    /// Blocks that were left for it then; `None` where that phase was still to come.
    pub(crate) left: Option<u64>,
}

impl Outage {
    /// Whether there was time left for a call to get into a block.
    pub(crate) fn is_in_time(&self) -> bool {
        self.left.is_none_or(|left| left >= ENOUGH)
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

async fn run() -> anyhow::Result<Evidence> {
    let mut node = Node::start().await?;
    let folder = node.folder().to_owned();
    let url = node.url().to_owned();
    let mut follower = Follower::start(node.connect().await?).await?;
    let proxy = Proxy::start(&url).await?;
    let stale = Proxy::start(&url).await?;
    let worker = |name: &str, owner: &str, urls: &[&str]| {
        let miner = Miner::new(name, owner, Prover::Cpu).at_load(50);
        Worker::start(miner, urls, &folder)
    };
    // A worker that finds no block yet might begin with its second node.
    wait::block(&mut follower, 2).await?;
    let patient = worker("patient", "//Bob", &[proxy.url()])?;
    let nimble = worker("nimble", "//Charlie", &[stale.url(), &url])?;
    let health = Arc::new(Health::default());
    let recorder = meters::install()?;
    let mining = tokio::spawn(mine_with_fakes(
        url.clone(),
        folder.join("fakes.redb"),
        Arc::clone(&health),
    ));
    let fakes = keys::development("//Dave//fakes")?.public_key().0;
    let everyone = [patient.miner().account()?, nimble.miner().account()?, fakes];
    wait::registered(&mut follower, &everyone).await?;
    let (episodes, went_to) =
        tokio::try_join!(trouble(&patient, &proxy), fail_over(&nimble, &stale))?;
    tokio::time::timeout(NOTICE, mining)
        .await
        .context("the miner with fake GPUs does not end")??
        .map_err(|failure| anyhow::anyhow!("the miner with fake GPUs: {failure}"))?;
    let gpus_metrics = recorder.render();

    // The node is killed in every phase of a window, and after it.
    // Heads that came meanwhile are old.
    follower.follow(node.connect().await?).await?;
    follower.advance().await?;
    let mut outages = Vec::new();
    let working = kill_at(WORKING, AWAY, &mut node, &mut follower, &patient).await?;
    let before = working.window;
    outages.push(working);
    let idle = outage(before, Duration::ZERO, &mut node, &mut follower, &patient).await?;
    outages.push(idle);
    let (undisturbed, _) = wait::opening(&mut follower).await?;
    wait::closing(&mut follower, undisturbed).await?;
    for offset in [SAMPLING, REVEALING] {
        let killed = kill_at(offset, Duration::ZERO, &mut node, &mut follower, &patient).await?;
        outages.push(killed);
    }
    // By then both have found their way back and written down what became of it.
    let (_, opened) = wait::opening(&mut follower).await?;
    wait::block(&mut follower, opened + 9).await?;

    let metrics = patient.page("/metrics").await?;
    let page = patient.page("/healthz").await?;
    Ok(Evidence {
        patient: patient.end(&follower).await?,
        episodes,
        metrics,
        health: page,
        nimble: nimble.end(&follower).await?,
        went_to,
        second_node: url,
        gpus: Books::read(follower.blocks(), fakes),
        gpus_health: health.verdict().body,
        gpus_metrics,
        undisturbed,
        outages,
    })
}

/// The phase of the chain now.
async fn phase(follower: &Follower) -> anyhow::Result<&'static str> {
    let window = follower.chain().best().await?.window().await?;
    Ok(match window.map(|window| window.phase) {
        None => "idle",
        Some(Phase::Open) => "open",
        Some(Phase::Sampling { .. }) => "sampling",
        Some(Phase::Revealing { .. }) => "revealing",
    })
}

/// Waits for the next window, kills the node so many blocks after its opening, and waits
/// for its close.
async fn kill_at(
    offset: u64,
    away: Duration,
    node: &mut Node,
    follower: &mut Follower,
    worker: &Worker,
) -> anyhow::Result<Outage> {
    let (window, opened) = wait::opening(follower).await?;
    wait::block(follower, opened + offset).await?;
    let outage = outage(window, away, node, follower, worker).await?;
    wait::closing(follower, window).await?;
    Ok(outage)
}

/// Kills the node and starts it again after some time, waits for the worker to find it, and goes on
/// following.
async fn outage(
    window: u32,
    away: Duration,
    node: &mut Node,
    follower: &mut Follower,
    worker: &Worker,
) -> anyhow::Result<Outage> {
    let phase = phase(follower).await?;
    let found = worker.said("connected again");
    node.restart_after(away).await?;
    follower.follow(node.connect().await?).await?;
    worker.says("connected again", found, NOTICE).await?;
    let now = follower.chain().best().await?;
    let gpu = now.gpu(&worker.miner().account()?, 0).await?;
    let (due, until) = match now.window().await?.filter(|now| now.id == window) {
        None => (Due::Nothing, None),
        Some(current) => {
            let commit = gpu.commit.filter(|commit| commit.window == window);
            match (commit, current.phase) {
                (None, _) => (Due::Commit, Some(current.deadline)),
                (Some(commit), _) if commit.resolved => (Due::Nothing, None),
                (Some(_), Phase::Revealing { until, .. }) => (Due::Reveal, Some(until)),
                (Some(_), Phase::Open | Phase::Sampling { .. }) => (Due::Reveal, None),
            }
        }
    };
    Ok(Outage {
        window,
        phase,
        due,
        left: until.map(|until| u64::from(until).saturating_sub(now.number())),
    })
}

async fn mine_with_fakes(url: String, store: PathBuf, health: Arc<Health>) -> Result<(), Failure> {
    let key = |uri: &str| keys::development(uri).map_err(|error| Failure::new(Exit::Usage, error));
    let settings = Settings {
        urls: vec![url],
        hotkey: key("//Dave//fakes")?,
        owner: Some(key("//Dave")?),
        register: Some(Registering::default()),
        store: Some(store),
        windows: 2,
        hang_after: HANG_AFTER,
        health,
    };
    miner::run(settings, fake::gpus()).await.map(|_| ())
}

/// Gives a worker one bad node after the other, each until it is noticed.
async fn trouble(worker: &Worker, proxy: &Proxy) -> anyhow::Result<Vec<Episode>> {
    worker.says("\"mining\"", 0, NOTICE).await?;
    let mut episodes = Vec::new();
    for fault in [
        Fault::Close,
        Fault::Noise,
        Fault::Nonsense,
        Fault::FarHead,
        Fault::Hang,
        Fault::OldHead,
        Fault::BackHead,
    ] {
        let (lost, again) = (worker.said("lost the node"), worker.said("connected again"));
        let altered = proxy.altered();
        sees_a_block(worker).await?;
        proxy.inject(fault);
        worker
            .says("lost the node", lost, NOTICE)
            .await
            .with_context(|| format!("{fault:?}"))?;
        proxy.inject(Fault::None);
        worker
            .says("connected again", again, NOTICE)
            .await
            .with_context(|| format!("{fault:?}"))?;
        let log = worker.log();
        let said = log.lines().rfind(|line| line.contains("lost the node"));
        episodes.push(Episode {
            fault,
            altered: proxy.altered() - altered,
            said: said.unwrap_or_default().to_owned(),
        });
    }
    Ok(episodes)
}

/// Waits until the worker sees a new head: before it does, none can go back, and none
/// can be shown again.
async fn sees_a_block(worker: &Worker) -> anyhow::Result<()> {
    let best = || worker.metric(meters::BEST_BLOCK, "");
    let seen = best().await?;
    let deadline = Instant::now() + NOTICE;
    while best().await? <= seen {
        ensure!(Instant::now() < deadline, "it sees no new block");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Lets a worker's first node stand still, for good. Returns where it goes.
async fn fail_over(worker: &Worker, stale: &Proxy) -> anyhow::Result<String> {
    worker.says("\"mining\"", 0, NOTICE).await?;
    sees_a_block(worker).await?;
    stale.inject(Fault::OldHead);
    worker.says("connected again", 0, NOTICE).await?;
    let log = worker.log();
    let line = log
        .lines()
        .find(|line| line.contains("connected again"))
        .context("it said so")?;
    let line: serde_json::Value = serde_json::from_str(line)?;
    let node = line["fields"]["node"].as_str();
    Ok(node.context("it names the node")?.to_owned())
}
