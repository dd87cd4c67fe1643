// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner: follows a chain's windows, works in each on every GPU, commits,
//! reveals what is asked for, and sees to its pay.
//!
//! [`plan`] decides the next steps of all GPUs from the chain's state and from
//! what is at hand; `follow` carries them out, as `now`
//! has the window in progress. `rigs` holds the GPUs: [`prover`]
//! computes, on a thread for each, which `watchdog` watches, and `walking` walks
//! through its [`memory`] before that where the window asks for it; [`pace`] says when to
//! stop. `payloads` makes the calls and `outbox` sends them, to every node. `windows`
//! accounts for what became of each window, `ledger` writes it down, and `upkeep` sees
//! to the registration.

pub(crate) mod account;
mod follow;
mod gpu;
mod ledger;
pub mod memory;
mod now;
mod outbox;
pub mod pace;
mod payloads;
pub mod plan;
pub mod prover;
mod rigs;
mod seen;
mod stop;
mod upkeep;
mod walking;
mod watchdog;
mod windows;

use std::{path::PathBuf, sync::Arc, time::Duration};

use subxt_signer::sr25519::Keypair;
use tracing::{info, warn};

use crate::{
    exit::{Exit, Failure, OrExit},
    signals,
    store::Store,
    telemetry::{health::Health, meters},
};
pub use account::default_store;
use follow::Miner;
use ni_client::{Chain, Nodes};
use prover::Prover;
use stop::Stop;

/// How to mine.
pub struct Settings {
    /// Addresses of nodes, tried in turn.
    pub urls: Vec<String>,
    /// Signs proofs; needs no balance.
    pub hotkey: Keypair,
    /// Pays for the registration and for claims.
    pub owner: Option<Keypair>,
    /// Register the hotkey where it is not registered, renew its lease before that
    /// ends, and restore bonds after missed reveals.
    pub register: Option<Registering>,
    /// The store's file; `None` for one named after chain and hotkey in the
    /// user's data folder.
    pub store: Option<PathBuf>,
    /// Windows after which to stop; 0 never stops.
    pub windows: u32,
    /// Silence of a GPU's thread after which it counts as hung, unless it was
    /// seen to need longer: usually [`HANG_AFTER`].
    pub hang_after: Duration,
    /// Where the miner tells how it is.
    pub health: Arc<Health>,
}

/// The usual silence after which a GPU counts as hung: a driver's own watchdog
/// resets a device after seconds.
pub const HANG_AFTER: Duration = watchdog::PATIENCE;

/// How to register a hotkey.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registering {
    /// GPU slots; `None` for one a prover.
    pub slots: Option<u32>,
    /// The highest fee to pay, in the smallest unit; `None` for whatever it is.
    pub max_price: Option<u128>,
}

/// What came of mining.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Windows committed in, and over.
    pub windows: u32,
    /// Results verified or confirmed, one a GPU and window.
    pub credited: u32,
    /// Reveals that the chain refused.
    pub refused: u32,
}

/// Mines until stopped, or until `settings.windows` are over.
///
/// A connection that breaks is taken up again, with the next node, for as long
/// as it takes; only the first one has to succeed.
///
/// # Errors
/// [`Exit::Node`] where no node can be reached at first, or none serves a chain
/// that this worker knows any more, [`Exit::Account`] where the hotkey is not
/// registered as a miner, [`Exit::File`] where the store cannot be used,
/// [`Exit::Device`] once every GPU has failed.
pub async fn run(settings: Settings, provers: Vec<Box<dyn Prover>>) -> Result<Report, Failure> {
    let mut nodes = Nodes::new(settings.urls.clone());
    let chain = nodes.first().await.or_exit(Exit::Node, "cannot mine")?;
    let genesis = chain.genesis_hash();
    // Before anything else: with one key only one worker may run.
    let store = open_store(&settings, &genesis)?;
    let mut chain = account::ensure_registered(chain, &settings, provers.len()).await?;
    let slot = chain
        .slot_duration_ms()
        .await
        .or_exit(Exit::Node, "cannot mine")?;
    let slot = Duration::from_millis(slot);
    nodes.go_by(slot);
    // Until here a signal ends the process.
    let _graceful = signals::graceful();
    let mut miner = Miner::new(settings, store, &chain, provers, slot)?;
    loop {
        miner.settings().health.connected(chain.url());
        meters::set(meters::CONNECTED, 1.0);
        match miner.follow(&chain, &mut nodes).await {
            Ok(report) => return Ok(report),
            Err(Stop::Failed(failure)) => return Err(failure),
            Err(Stop::Turn) => {
                nodes.turn();
                if let Ok(next) = nodes.connect().await {
                    info!(
                        left = chain.url(),
                        node = next.url(),
                        "a call is in no block although it was sent: following another node"
                    );
                    chain = next;
                    continue;
                }
            }
            Err(Stop::Lost(cause)) => {
                warn!(node = chain.url(), %cause, "lost the node, trying the next");
                miner.settings().health.disconnected(&cause.to_string());
                meters::count(meters::RPC_ERRORS);
                nodes.leave(&cause);
            }
        }
        meters::set(meters::CONNECTED, 0.0);
        miner.lost_the_node();
        chain = match reconnect(&mut miner, &mut nodes).await? {
            Some(chain) => chain,
            None => return Ok(miner.report()),
        };
        meters::count(meters::RECONNECTS);
        info!(node = chain.url(), "connected again");
    }
}

/// Tries nodes until one serves the chain; meanwhile takes note of what the GPUs
/// do. `None` where the user stops it.
async fn reconnect(miner: &mut Miner, nodes: &mut Nodes) -> Result<Option<Chain>, Failure> {
    let health = Arc::clone(&miner.settings().health);
    let reconnecting = nodes.reconnect(|cause| {
        meters::count(meters::RPC_ERRORS);
        warn!(%cause, "still no node, trying again");
        health.disconnected(&cause.to_string());
    });
    tokio::pin!(reconnecting);
    loop {
        tokio::select! {
            connected = &mut reconnecting => return match connected {
                Ok(chain) => Ok(Some(chain)),
                Err(cause) => Err(Failure::new(
                    Exit::Node,
                    format!("{cause}: if the chain was upgraded, this worker must be, too"),
                )),
            },
            done = miner.next_done() => match miner.note(done) {
                Ok(()) => {}
                Err(Stop::Failed(failure)) => return Err(failure),
                Err(Stop::Lost(cause)) => warn!(%cause, "while no node is there"),
                Err(Stop::Turn) => {}
            },
            () = signals::stopped() => return Ok(None),
        }
    }
}

/// Opens the store of the settings' hotkey.
fn open_store(settings: &Settings, genesis: &[u8; 32]) -> Result<Store, Failure> {
    let path = match &settings.store {
        Some(path) => path.clone(),
        None => default_store(genesis, &settings.hotkey.public_key().0)?,
    };
    Store::open(&path).or_exit(Exit::File, "cannot keep commits")
}
