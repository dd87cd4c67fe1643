// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The run that the tests look at.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use ni_client::{events::Event, keys};
use serde_json::Value;
use test_network::{Binary, Block, Follower, Miner, Node, Process, Prover, locate};

/// The sub-tile that the cheats make up.
const MADE_UP: u8 = 37;

/// Who audits: an account of the development chain with a balance.
const AUDITOR: &str = "//Ferdie";

/// Blocks within which miners are registered and a cheat was verified: a window is 23
/// blocks, and the cheat that makes up a sub-tile of one tile passes 99% of them.
const FIRST: u64 = 90;

/// Blocks within which the rest is over: a window and the gap after it, with a margin.
const REST: u64 = 60;

/// A command's exit code and all that it printed.
pub(crate) type Ran = (Option<i32>, String);

/// What `verify` says of a piece of evidence.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// Whether the first contradiction in it is of a sub-tile.
    pub(crate) names_sub_tile: bool,
    /// As the auditor left it.
    pub(crate) as_left: Ran,
    /// Without its section of evidence.
    pub(crate) plain: Ran,
    /// The same, with `--full`.
    pub(crate) plain_in_full: Ran,
    /// With its evidence naming another account.
    pub(crate) of_another: Ran,
}

/// What happened.
#[derive(Debug)]
pub(crate) struct Evidence {
    blocks: Vec<Block>,
    exported: Vec<Value>,
    pub(crate) honest: [u8; 32],
    pub(crate) vanished: [u8; 32],
    pub(crate) cheats: [[u8; 32]; 2],
    pub(crate) auditor: [u8; 32],
    pub(crate) bundles: Vec<Bundle>,
    /// What the alert program was told.
    pub(crate) told: String,
    /// What `audit --calibrations --json` printed.
    pub(crate) calibrations: Value,
    /// What a second auditor said.
    pub(crate) second: Ran,
    /// Windows exported before the auditor was killed.
    pub(crate) killed_at: usize,
    /// The auditor's metrics at the end, and the verdicts that it had exported since its
    /// last start, just before and just after.
    pub(crate) metrics: String,
    pub(crate) verdicts: [usize; 2],
    /// Its health.
    pub(crate) health: String,
}

impl Evidence {
    /// Every event.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.blocks.iter().flat_map(|block| &block.events)
    }

    /// The exported lines of a kind.
    pub(crate) fn lines(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.exported
            .iter()
            .filter(move |line| line["kind"] == kind)
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

/// The auditor's files.
struct Files {
    export: PathBuf,
    evidence: PathBuf,
    told: PathBuf,
    arguments: Vec<String>,
}

impl Files {
    fn new(node: &Node) -> anyhow::Result<Self> {
        let folder = node.folder();
        let [export, evidence, told] =
            ["seen.jsonl", "evidence", "told"].map(|name| folder.join(name));
        let alert = folder.join("alert");
        fs::write(
            &alert,
            format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", told.display()),
        )?;
        fs::set_permissions(&alert, fs::Permissions::from_mode(0o700))?;
        let arguments = [
            "audit".to_owned(),
            format!("--url={}", node.url()),
            "--dev".to_owned(),
            format!("--key={AUDITOR}"),
            "--device=cpu".to_owned(),
            "--rounds=100".to_owned(),
            "--share=100".to_owned(),
            "--calibrate-every=1".to_owned(),
            "--calibrate-seconds=1".to_owned(),
            "--metrics=127.0.0.1:0".to_owned(),
            format!("--store={}", folder.join("audit.redb").display()),
            format!("--evidence={}", evidence.display()),
            format!("--export={}", export.display()),
            format!("--alert-command={}", alert.display()),
        ];
        Ok(Self {
            export,
            evidence,
            told,
            arguments: arguments.to_vec(),
        })
    }

    fn start(&self, node: &Node) -> anyhow::Result<Process> {
        let worker = locate(Binary::Worker)?;
        Process::start("auditor", &worker, &self.arguments, node.folder(), true)
    }

    /// The lines exported so far; a last one that is being written is left out.
    fn exported(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.export).unwrap_or_default();
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        text[..whole]
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}

/// Runs the worker to its end.
async fn worker(arguments: Vec<String>) -> anyhow::Result<Ran> {
    let worker = locate(Binary::Worker)?;
    let output = tokio::task::spawn_blocking(move || Command::new(worker).args(arguments).output())
        .await??;
    let text = [output.stdout, output.stderr].concat();
    Ok((
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    ))
}

async fn run() -> anyhow::Result<Evidence> {
    let node = Node::start().await?;
    let mut processes = Vec::new();
    let mut follower = Follower::start(node.connect().await?).await?;
    match play(&node, &mut processes, &mut follower).await {
        Ok(evidence) => Ok(evidence),
        Err(error) => {
            let logs: String = processes
                .iter()
                .map(|process: &Process| format!("\n{}{}", process.name(), process.tail()))
                .collect();
            Err(error.context(format!("at block {}{logs}", follower.last().number)))
        }
    }
}

async fn play(
    node: &Node,
    processes: &mut Vec<Process>,
    follower: &mut Follower,
) -> anyhow::Result<Evidence> {
    // Part of the load only: what counts is what is revealed, not how much.
    let honest = Miner::new("honest", "//Bob", Prover::Cpu).at_load(60);
    let vanishing = Miner::new("vanishing", "//Alice", Prover::Vanishing)
        .at_load(50)
        .for_windows(1);
    let inventive = |tile| Prover::MakingUp {
        sub_tile: MADE_UP,
        tile,
    };
    // Of the chain's samples one in 64 hits the first's, one in 1024 the second's.
    let everywhere = Miner::new("everywhere", "//Charlie", inventive(None)).at_load(50);
    let in_one = Miner::new("in-one", "//Dave", inventive(Some(5))).at_load(50);
    let cheats = [everywhere.account()?, in_one.account()?];
    let [honest_key, vanished] = [honest.account()?, vanishing.account()?];
    let auditor = keys::development(AUDITOR)?.public_key().0;
    let files = Files::new(node)?;

    processes.push(files.start(node)?);
    for miner in [&honest, &everywhere, &in_one, &vanishing] {
        processes.push(miner.start(node)?);
    }
    follower
        .wait_for("verdict on a cheat that the chain accepted", FIRST, |_| {
            let lines = files.exported();
            lines
                .iter()
                .any(|line| line["finding"] == "dishonest")
                .then_some(())
        })
        .await?;
    let second = worker(files.arguments.clone()).await?;

    // Killed at once, whatever it is at, and started again.
    let killed_at = windows(&files.exported());
    processes[0].kill().await?;
    let seen = files.exported().len();
    processes[0] = files.start(node)?;
    let told = |lines: &[Value]| {
        let alerts = fs::read_to_string(&files.told).unwrap_or_default();
        let written = lines.iter().filter(|line| line["evidence"].is_string());
        alerts.lines().count() >= written.count()
    };
    follower
        .wait_for("all that the auditor does", REST, |follower| {
            let lines = files.exported();
            let has = |kind: &str, key: &str, value: &str| {
                lines
                    .iter()
                    .any(|line| line["kind"] == kind && line[key] == value)
            };
            let reported = follower
                .events()
                .any(|(_, event)| matches!(event, Event::Missed { .. }));
            let done = reported
                && has("slashed", "reporter", &keys::address(&auditor))
                && has("verdict", "finding", "honest")
                && has("calibration", "device", "cpu")
                && windows(&lines) > killed_at
                && told(&lines);
            done.then_some(())
        })
        .await?;
    let exported = || verdicts(&files.exported()[seen..]);
    let before = exported();
    let metrics = processes[0].page("/metrics").await?;
    let exported = [before, exported()];
    let health = processes[0].page("/healthz").await?;
    processes[0].kill().await?;
    // Those read below are of finalized blocks.
    let published = files
        .exported()
        .iter()
        .filter(|line| line["kind"] == "calibration")
        .filter_map(|line| line["block"].as_u64())
        .max();
    let limit = follower.last().number + REST;
    while Some(follower.chain().finalized().await?.number()) < published {
        ensure!(follower.last().number < limit, "finality stands still");
        follower.advance().await?;
    }
    let calibrations = [
        "audit",
        "--calibrations",
        "--json",
        "--blocks=150",
        &format!("--url={}", node.url()),
    ]
    .map(str::to_owned);
    let (code, text) = worker(calibrations.to_vec()).await?;
    ensure!(code == Some(0), "--calibrations failed: {text}");
    let bundles = bundles(&files.evidence, node.folder()).await?;
    Ok(Evidence {
        blocks: follower.blocks().to_vec(),
        exported: files.exported(),
        honest: honest_key,
        vanished,
        cheats,
        auditor,
        bundles,
        told: fs::read_to_string(&files.told)?,
        calibrations: serde_json::from_str(text.trim()).context(text)?,
        second,
        killed_at,
        metrics,
        verdicts: exported,
        health,
    })
}

fn windows(lines: &[Value]) -> usize {
    lines.iter().filter(|line| line["kind"] == "window").count()
}

fn verdicts(lines: &[Value]) -> usize {
    lines
        .iter()
        .filter(|line| line["kind"] == "verdict")
        .count()
}

/// Has the worker verify each piece of evidence, as it is and altered.
async fn bundles(evidence: &Path, folder: &Path) -> anyhow::Result<Vec<Bundle>> {
    let mut bundles = Vec::new();
    let altered = folder.join("altered.json");
    for entry in fs::read_dir(evidence)? {
        let path = entry?.path();
        let as_left = verify(&path, &[]).await?;
        let mut document: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let names_sub_tile = document["evidence"]["contradictions"][0]["sub_tile"].is_u64();
        document["evidence"]["account"] = format!("0x{}", "12".repeat(32)).into();
        fs::write(&altered, document.to_string())?;
        let of_another = verify(&altered, &[]).await?;
        document
            .as_object_mut()
            .context("a bundle is an object")?
            .remove("evidence");
        fs::write(&altered, document.to_string())?;
        bundles.push(Bundle {
            names_sub_tile,
            as_left,
            plain: verify(&altered, &[]).await?,
            plain_in_full: verify(&altered, &["--full"]).await?,
            of_another,
        });
    }
    Ok(bundles)
}

async fn verify(path: &Path, options: &[&str]) -> anyhow::Result<Ran> {
    let mut arguments = vec!["verify".to_owned(), path.display().to_string()];
    arguments.extend(options.iter().map(|option| (*option).to_owned()));
    worker(arguments).await
}
