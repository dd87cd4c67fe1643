// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Two workers on one chain miss a reveal, for nothing reaches their nodes, and are
//! slashed; their leases end within a day. One has its owner's key and keeps its
//! registration up. The other has not, and is the failure to compare with. Two
//! validators audit beside them, whose leases end as soon, and one renews its own.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context;
use ni_client::{calls, events::Event, keys, types::Registration, types::Role};
use ni_worker::history::{Outcome, Reason};
use serde_json::json;
use test_network::{Binary, Follower, Miner, Node, Process, Prover, locate};
use worker_faults::{
    proxy::{Fault, Proxy},
    wait,
    worker::{Remains, Worker},
};

/// Blocks of a lease: less than a day, so that it is to be renewed at once.
const TERM: u32 = 50_000;

/// Windows in which both workers commit, at the latest.
const TRIES: usize = 4;

/// Longest wait for a worker to notice something.
const NOTICE: Duration = Duration::from_secs(120);

/// What happened.
#[derive(Debug)]
struct Evidence {
    /// The window whose reveals were missed.
    missed: u32,
    kept: Remains,
    left: Remains,
    kept_registration: Registration,
    left_registration: Registration,
    /// Until when the second was registered at first.
    first_lease: u32,
    /// The second's health at the end.
    left_health: String,
    /// The validator whose auditor renews, and the one whose does not.
    renewed: Audited,
    watched: Audited,
}

/// A validator that audits.
#[derive(Debug)]
struct Audited {
    /// All that its auditor has logged.
    log: String,
    /// Until when it was registered, before, with the auditor, and after the command
    /// that the log names, where it names one.
    leases: [u32; 3],
    /// The metric of it, before that command.
    metric: Option<f64>,
}

/// A validator of this owner, and its auditor.
struct Auditor {
    owner: &'static str,
    hotkey: String,
    account: [u8; 32],
    lease: u32,
    process: Process,
}

impl Auditor {
    async fn start(node: &Node, owner: &'static str, renews: bool) -> anyhow::Result<Self> {
        let hotkey = format!("{owner}//validator");
        let account = keys::development(&hotkey)?.public_key().0;
        let chain = node.connect().await?;
        let register = calls::register(account, Role::Validator, 1, u128::MAX);
        chain.call(&register, &keys::development(owner)?).await?;
        let registration = chain.best().await?.registration(&account).await?;
        let folder = node.folder();
        let name = if renews { "renewing" } else { "watching" };
        let store = folder.join(name).with_extension("redb");
        let mut arguments = vec![
            "audit".to_owned(),
            format!("--url={}", node.url()),
            "--dev".to_owned(),
            format!("--key={hotkey}"),
            "--device=cpu".to_owned(),
            // Next to nothing, for the miners need the machine.
            "--rounds=0".to_owned(),
            "--share=5".to_owned(),
            "--calibrate-every=0".to_owned(),
            "--no-reports".to_owned(),
            "--metrics=127.0.0.1:0".to_owned(),
            format!("--store={}", store.display()),
        ];
        if renews {
            arguments.extend([format!("--owner={owner}"), "--renew".to_owned()]);
        }
        let worker = locate(Binary::Worker)?;
        Ok(Self {
            owner,
            hotkey,
            account,
            lease: registration.context("it is registered")?.expires_at,
            process: Process::start(name, &worker, &arguments, folder, true)?,
        })
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.process.log()).unwrap_or_default()
    }

    async fn lease(&self, follower: &Follower) -> anyhow::Result<u32> {
        let best = follower.chain().best().await?;
        let registration = best.registration(&self.account).await?;
        Ok(registration.context("it is registered")?.expires_at)
    }

    /// Waits until it has said this, then does what it says is to be done.
    async fn end(mut self, said: &str, follower: &Follower) -> anyhow::Result<Audited> {
        let deadline = Instant::now() + NOTICE;
        while !self.log().contains(said) {
            anyhow::ensure!(Instant::now() < deadline, "{}", self.process.tail());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let with = self.lease(follower).await?;
        let page = self.process.page("/metrics").await?;
        if self.log().contains("--renew`") {
            let arguments = [
                "register".to_owned(),
                format!("--url={}", follower.chain().url()),
                "--dev".to_owned(),
                format!("--hotkey={}", keys::address(&self.account)),
                format!("--owner={}", self.owner),
                "--renew".to_owned(),
            ];
            let worker = locate(Binary::Worker)?;
            let output =
                tokio::task::spawn_blocking(move || Command::new(worker).args(arguments).output());
            let output = output.await??;
            let text = String::from_utf8_lossy(&output.stderr);
            anyhow::ensure!(output.status.success(), "{}: {text}", self.hotkey);
        }
        self.process.kill().await?;
        Ok(Audited {
            log: self.log(),
            leases: [self.lease, with, self.lease(follower).await?],
            metric: worker_faults::worker::value(&page, "ni_audit_lease_ends_block", ""),
        })
    }
}

fn evidence() -> &'static Evidence {
    static EVIDENCE: test_network::Evidence<Evidence> = test_network::Evidence::new();
    test_network::evidence(&EVIDENCE, run)
}

async fn run() -> anyhow::Result<Evidence> {
    let files = tempfile::tempdir()?;
    let changes = [("/settings/registration/term", json!(TERM))];
    let chain = test_network::adapted(files.path(), &changes)?;
    let chain = format!("--chain={}", chain.display());
    let node = Node::start_with(&["--dev", &chain]).await?;
    let mut follower = Follower::start(node.connect().await?).await?;
    wait::block(&mut follower, 2).await?;
    let proxy = Proxy::start(node.url()).await?;
    let miner = |name, owner| Miner::new(name, owner, Prover::Cpu).at_load(50);
    let kept = miner("kept", "//Bob");
    let left = miner("left", "//Charlie").without_owner();
    let (kept_account, left_account) = (kept.account()?, left.account()?);
    let register = calls::register(left_account, Role::Miner, 1, u128::MAX);
    let owner = keys::development(&left.owner)?;
    node.connect().await?.call(&register, &owner).await?;
    let kept = Worker::start(kept, &[proxy.url()], node.folder())?;
    let left = Worker::start(left, &[proxy.url()], node.folder())?;
    wait::registered(&mut follower, &[kept_account, left_account]).await?;
    let registration = async |account: &[u8; 32]| {
        let registration = follower.chain().best().await?.registration(account).await?;
        registration.context("it is registered")
    };
    let first_lease = registration(&left_account).await?.expires_at;
    for worker in [&kept, &left] {
        worker.says("\"mining\"", 0, NOTICE).await?;
    }

    let renewing = Auditor::start(&node, "//Dave", true).await?;
    let watching = Auditor::start(&node, "//Eve", false).await?;

    let missed = missed(&mut follower, &proxy, [kept_account, left_account]).await?;
    kept.says("bond restored", 0, NOTICE).await?;
    left.says(Reason::Bond.meaning(), 0, NOTICE).await?;
    // It goes on for another window, for which it would be paid. Heads that came
    // meanwhile are old.
    follower.follow(node.connect().await?).await?;
    follower.advance().await?;
    let (window, _) = wait::opening(&mut follower).await?;
    wait::closing(&mut follower, window).await?;
    left.says(Reason::Bond.meaning(), 1, NOTICE).await?;

    let best = follower.chain().best().await?;
    let registration = async |account: &[u8; 32]| {
        let registration = best.registration(account).await?;
        registration.context("it is registered")
    };
    Ok(Evidence {
        missed,
        kept_registration: registration(&kept_account).await?,
        left_registration: registration(&left_account).await?,
        first_lease,
        left_health: left.page("/healthz").await?,
        kept: kept.end(&follower).await?,
        left: left.end(&follower).await?,
        renewed: renewing.end("lease renewed", &follower).await?,
        watched: watching.end("--renew`", &follower).await?,
    })
}

/// Cuts both workers off from their node after both have committed, until the window is
/// over. Returns the window.
async fn missed(
    follower: &mut Follower,
    proxy: &Proxy,
    both: [[u8; 32]; 2],
) -> anyhow::Result<u32> {
    for _ in 0..TRIES {
        let (window, opened) = wait::opening(follower).await?;
        // The last block that takes commits, as the development chain has it.
        wait::block(follower, opened + 9).await?;
        let committed = both.iter().all(|who| {
            follower.events().any(|(_, event)| {
                matches!(event, Event::Committed { hotkey, window: of, .. }
                    if hotkey == who && *of == window)
            })
        });
        if committed {
            proxy.inject(Fault::Hang);
        }
        wait::closing(follower, window).await?;
        proxy.inject(Fault::None);
        if committed {
            return Ok(window);
        }
    }
    anyhow::bail!("there is no window in which both commit")
}

#[test]
fn both_missed_a_reveal_and_were_slashed() {
    let evidence = evidence();
    for worker in [&evidence.kept, &evidence.left] {
        let on_chain = worker.books.gpus.get(&(evidence.missed, 0));
        let on_chain = on_chain.expect("it has committed");
        assert_eq!((on_chain.credits.len(), on_chain.punished), (0, 1));
        assert!(worker.log.contains("an earlier reveal was missed: slashed"));
    }
}

#[test]
fn a_lease_is_renewed_and_a_bond_restored_from_the_owners_account() {
    let evidence = evidence();
    let registration = &evidence.kept_registration;
    assert!(registration.expires_at >= evidence.first_lease + TERM - 100);
    assert_eq!(registration.bonds, [registration.bond]);
    for said in ["lease renewed", "bond restored"] {
        assert!(evidence.kept.log.contains(said), "{}", evidence.kept.log);
    }
    let first = evidence.missed + 1;
    let later = evidence.kept.books.gpus.range((first, 0)..);
    let credited = later.filter(|(_, gpu)| !gpu.credits.is_empty()).count();
    assert!(credited >= 1, "{}", evidence.kept.log);
}

#[test]
fn without_the_owners_key_the_log_says_what_to_do_and_nothing_is_computed_in_vain() {
    let evidence = evidence();
    let registration = &evidence.left_registration;
    assert_eq!(registration.expires_at, evidence.first_lease);
    assert!(registration.bonds[0] < registration.bond);
    let log = &evidence.left.log;
    for said in ["--renew`", "--top-up`"] {
        assert!(log.contains(said), "{log}");
    }
    assert!(!log.contains("did not take a call"), "{log}");
    let history = &evidence.left.history;
    let short = history
        .iter()
        .filter(|entry| entry.outcome == Outcome::Missed(Reason::Bond));
    let mut rounds = short.map(|entry| entry.rounds);
    assert_eq!(rounds.next(), Some(0), "{history:?}");
    assert!(rounds.all(|rounds| rounds == 0), "{history:?}");
    let health = &evidence.left_health;
    assert!(health.starts_with("HTTP/1.1 503"), "{health}");
    assert!(health.contains("no GPU is in service"), "{health}");
}

#[test]
fn a_validators_lease_is_renewed_by_its_auditor_where_it_was_asked_to() {
    let Audited { log, leases, .. } = &evidence().renewed;
    let [before, with, after] = *leases;
    assert_eq!((with, after), (before + TERM, before + TERM), "{log}");
    assert_eq!(log.matches("lease renewed").count(), 1, "{log}");
}

#[test]
fn else_its_auditor_says_once_what_to_do_and_that_does_it() {
    let Audited {
        log,
        leases,
        metric,
    } = &evidence().watched;
    let [before, with, after] = *leases;
    assert_eq!((with, after), (before, before + TERM), "{log}");
    assert_eq!(*metric, Some(f64::from(before)), "{log}");
    assert_eq!(log.matches("--renew`").count(), 1, "{log}");
}
