// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Two workers on one chain miss a reveal, for nothing reaches their nodes, and are
//! slashed; their leases end within a day. One has its owner's key and keeps its
//! registration up. The other has not, and is the failure to compare with.

use std::time::Duration;

use anyhow::Context;
use ni_worker::{
    chain::{calls, events::Event, keys, types::Registration, types::Role},
    history::{Outcome, Reason},
};
use serde_json::json;
use test_network::{Follower, Miner, Node, Prover};
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
