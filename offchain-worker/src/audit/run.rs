// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The auditor at work.

use std::{path::PathBuf, sync::Arc, time::Duration};

use proof_of_gpu_primitives::Hash;
use subxt_signer::sr25519::Keypair;
use tracing::{debug, error, info, warn};

use super::{
    Settings, Summary,
    collect::{self, Collected},
    device::{Done, Job, Worker},
    export,
    lease::Lease,
    measure::Measurer,
    meters,
    report::Reporter,
    reveal::Revealed,
    stop::Stop,
    store::{AuditStore, Bounds},
    tell::Teller,
    verdict::{JudgeError, Verdict},
};
use crate::{
    devices::Device,
    environment,
    exit::{Exit, Failure, OrExit},
    signals,
};
use ni_client::{Chain, ChainError, Nodes, View, amount::Amount, keys};

/// Longest wait for a finalized block before another connection is tried.
const SILENCE: Duration = Duration::from_secs(300);

/// Failures of the device, one after the other, after which it is given up.
const MOST_FAILURES: u32 = 3;

/// Blocks behind the last finalized one that most nodes still have the state of, with a
/// margin: they keep 256.
const KEPT_STATE: u64 = 192;

/// Furthest that a block may lie behind for the device to be measured at it: while
/// catching up the window is long over.
const FRESH: u64 = 16;

/// Audits until stopped, or until `settings.windows` windows are over.
///
/// A connection that breaks is taken up again, with the next node, for as long as it
/// takes; only the first one has to succeed.
///
/// # Errors
/// [`Exit::Node`] where no node can be reached at first or none serves the chain any more,
/// [`Exit::File`] where store, evidence or export cannot be written, [`Exit::Device`] once
/// the device has failed repeatedly or computes wrongly.
pub async fn run(settings: Settings, device: Device) -> Result<Summary, Failure> {
    let mut nodes = Nodes::new(settings.urls.clone());
    let mut chain = nodes.first().await.or_exit(Exit::Node, "cannot audit")?;
    // Until here a signal ends the process.
    let _graceful = signals::graceful();
    let mut auditor = Auditor::new(settings, &chain, device).await?;
    let health = Arc::clone(&auditor.settings.health);
    health.start([auditor.worker.name.clone()]);
    loop {
        health.connected(chain.url());
        match auditor.follow(&chain, &mut nodes).await {
            Ok(()) => return Ok(auditor.teller.summary()),
            Err(Stop::Failed(failure)) => return Err(failure),
            Err(Stop::Lost(cause)) => {
                health.disconnected(&cause.to_string());
                warn!(node = chain.url(), %cause, "lost the node, trying the next");
                nodes.leave(&cause);
            }
        }
        let reconnecting = nodes.reconnect(|cause| warn!(%cause, "still no node, trying again"));
        chain = tokio::select! {
            connected = reconnecting => connected.or_exit(Exit::Node, "cannot audit")?,
            () = signals::stopped() => return Ok(auditor.teller.summary()),
        };
    }
}

struct Auditor {
    settings: Settings,
    genesis: Hash,
    store: AuditStore,
    teller: Teller,
    reporter: Reporter,
    measurer: Measurer,
    worker: Worker,
    lease: Option<Lease>,
    /// The number in the store of the reveal that the device is at.
    judging: Option<u64>,
    failures: u32,
}

impl Auditor {
    async fn new(mut settings: Settings, chain: &Chain, device: Device) -> Result<Self, Failure> {
        let genesis = chain.genesis_hash();
        let path = match &settings.store {
            Some(path) => path.clone(),
            None => default_store(&genesis, settings.signer.as_ref())?,
        };
        let store = AuditStore::open(&path, &genesis, Bounds::default())
            .or_exit(Exit::File, "cannot keep what is found")?;
        let (teller, folder) = Teller::new(&settings, &path)?;
        if let Some(signer) = &settings.signer {
            warn_if_empty(chain, &signer.public_key().0).await?;
        }
        let slot = chain
            .slot_duration_ms()
            .await
            .or_exit(Exit::Node, "cannot audit")?;
        let lease = settings.lease.take();
        let lease = lease.map(|watched| Lease::new(watched, Duration::from_millis(slot)));
        let worker = Worker::start(device, settings.share)
            .or_exit(Exit::Internal, "cannot start the device's thread")?;
        info!(
            node = chain.url(),
            device = worker.name,
            store = %store.path().display(),
            evidence = %folder.display(),
            waiting = store.waiting().or_exit(Exit::File, "cannot read the store")?,
            "auditing"
        );
        Ok(Self {
            genesis,
            store,
            teller,
            reporter: Reporter {
                signer: settings.signer.clone().filter(|_| settings.report),
            },
            measurer: Measurer::new(&settings),
            worker,
            lease,
            judging: None,
            failures: 0,
            settings,
        })
    }

    /// Follows one connection until it breaks or there is nothing left to do.
    async fn follow(&mut self, chain: &Chain, nodes: &mut Nodes) -> Result<(), Stop> {
        let mut heads = chain.finalized_blocks().await?;
        let mut head = chain.finalized().await?;
        let mut looked = None;
        loop {
            let next = self.next_block(&head).await?;
            self.give_work()?;
            if next <= head.number() {
                self.read_block(chain, next, head.number()).await?;
                nodes.works();
                while let Some(done) = self.worker.done_already() {
                    self.note(chain, done)?;
                }
                continue;
            }
            if looked != Some(head.number()) {
                looked = Some(head.number());
                let current = head.window().await?.map(|window| window.id);
                if let Some(lease) = &mut self.lease {
                    lease.look(chain, current).await?;
                }
                let current = current.unwrap_or(u32::MAX);
                self.reporter
                    .look_for_missed(chain, &head, current, &self.store, &mut self.teller)
                    .await?;
            }
            if self.is_over(&head).await? {
                return Ok(());
            }
            tokio::select! {
                block = tokio::time::timeout(SILENCE, heads.next()) => {
                    let lost = |cause: &str| Stop::Lost(ChainError::Rpc(cause.to_owned()));
                    let block = block
                        .map_err(|_| lost("no block was finalized for long"))?
                        .ok_or_else(|| lost("the node ended the subscription"))?
                        .map_err(|cause| lost(&cause.to_string()))?;
                    if block.number() > head.number() {
                        head = chain.at(block.hash()).await?;
                    }
                }
                done = self.worker.done() => match done {
                    Some(done) => self.note(chain, done)?,
                    None => return Err(Stop::Failed(Failure::new(
                        Exit::Internal,
                        "the device's thread has ended",
                    ))),
                },
                outcome = self.measurer.outcome() => {
                    self.measurer.note_published(outcome, &self.teller)?;
                }
                () = signals::stopped() => {
                    info!("stopping; what waits is judged by the next start");
                    return Ok(());
                }
            }
        }
    }

    /// The number of the block to be read next.
    async fn next_block(&self, head: &View) -> Result<u64, Stop> {
        if let Some((number, _)) = self.store.cursor()? {
            return Ok(number + 1);
        }
        if let Some(from) = self.settings.from {
            return Ok(from);
        }
        let window = head.window().await?;
        Ok(window.map_or(head.number(), |window| u64::from(window.opened_at)))
    }

    /// Reads a block and takes it into the store; or passes over blocks whose state the
    /// node no longer has.
    async fn read_block(&mut self, chain: &Chain, number: u64, head: u64) -> Result<(), Stop> {
        let view = match chain.at_number(number).await {
            Ok(view) => view,
            Err(ChainError::Pruned(_)) => return self.skip(chain, number, head).await,
            Err(cause) => return Err(cause.into()),
        };
        if let Some((_, hash)) = self.store.cursor()?
            && view.parent().await?.0 != hash
        {
            warn!(
                block = number,
                "the chain is not the one that was read before: beginning anew"
            );
            self.judging = None;
            return Ok(self.store.begin_anew()?);
        }
        let collected = match collect::read(&view, &self.genesis).await {
            Ok(collected) => collected,
            Err(ChainError::Pruned(_)) => return self.skip(chain, number, head).await,
            Err(cause) => return Err(cause.into()),
        };
        self.take(&collected)?;
        if let Some(window) = collected.closed
            && head < number + FRESH
            && let Some(job) = self.measurer.job(chain, &view, window).await?
        {
            self.worker.give(job);
        }
        Ok(())
    }

    /// Passes over blocks up to one that the node should have the state of.
    async fn skip(&mut self, chain: &Chain, number: u64, head: u64) -> Result<(), Stop> {
        let next = head.saturating_sub(KEPT_STATE).max(number + 1);
        warn!(
            from = number,
            to = next - 1,
            "the node no longer has these blocks' state: they are not audited; an archive \
             node has it (--state-pruning=archive)"
        );
        self.teller.export(&export::gap(number, next - 1))?;
        let mut nothing = Collected::default();
        nothing.taken.number = next - 1;
        nothing.taken.hash = chain.hash_of(next - 1).await?.0;
        self.take(&nothing)
    }

    /// Takes a block that was read into the store, and tells of it. What stands in the
    /// block is exported before it counts as read: killed in between, it is told twice.
    fn take(&mut self, collected: &Collected) -> Result<(), Stop> {
        let taken = &collected.taken;
        let signer = self.settings.signer.as_ref().map(|key| key.public_key().0);
        for (gpu, slashed, reporter) in &collected.missed {
            let reporter = reporter.as_ref();
            self.teller
                .export(&export::slashed(gpu, taken.number, *slashed, reporter))?;
            if reporter.is_some() && reporter == signer.as_ref() {
                info!(
                    window = gpu.window,
                    hotkey = keys::address(&gpu.account),
                    gpu = gpu.gpu,
                    slashed = %Amount(*slashed),
                    "our report was taken"
                );
            }
        }
        for verdict in &taken.verdicts {
            self.teller.tell(verdict, None)?;
        }
        if let Some(window) = collected.closed {
            self.teller.export(&export::window(window, taken.number))?;
        }
        for verdict in self.store.take(taken)? {
            self.teller.tell(&verdict, None)?;
        }
        debug!(
            block = taken.number,
            reveals = taken.revealed.len(),
            commits = taken.committed.len(),
            "read"
        );
        let waiting = self.store.waiting()?;
        if let Some(window) = collected.closed {
            self.teller.window_over();
            info!(window, waiting, "window over");
        }
        meters::read(taken.number, waiting);
        let number = u32::try_from(taken.number).unwrap_or(u32::MAX);
        self.settings.health.block(number, None);
        Ok(())
    }

    /// Gives the device the reveal that has waited longest, if it has nothing to do.
    fn give_work(&mut self) -> Result<(), Stop> {
        if self.judging.is_some() {
            return Ok(());
        }
        if let Some((number, revealed)) = self.store.next()? {
            self.judging = Some(number);
            self.worker.give(Job::Judge {
                number,
                revealed: Box::new(revealed),
                rounds: self.settings.rounds,
            });
        }
        Ok(())
    }

    /// Notes what the device has done.
    fn note(&mut self, chain: &Chain, done: Done) -> Result<(), Stop> {
        match done {
            Done::Judged {
                number,
                revealed,
                verdict,
            } => {
                // After the chain began anew, what was judged before is nobody's.
                if self.judging != Some(number) {
                    return Ok(());
                }
                self.judging = None;
                match verdict {
                    Ok(verdict) => self.note_verdict(number, &revealed, &verdict),
                    Err(error) => self.note_failure(error),
                }
            }
            Done::Calibrated(Ok(calibration)) => {
                self.failures = 0;
                self.measurer.publish(chain, calibration);
                Ok(())
            }
            Done::Calibrated(Err(error)) => {
                self.measurer.failed();
                self.note_failure(error)
            }
        }
    }

    /// Evidence first, then who is to be told, and last the store: killed in between, the
    /// reveal is judged once more.
    fn note_verdict(
        &mut self,
        number: u64,
        revealed: &Revealed,
        verdict: &Verdict,
    ) -> Result<(), Stop> {
        self.failures = 0;
        self.teller.judged(revealed, verdict)?;
        Ok(self.store.judged(number, verdict)?)
    }

    fn note_failure(&mut self, error: JudgeError) -> Result<(), Stop> {
        self.failures += 1;
        meters::failure();
        error!(%error, device = self.worker.name, "nothing was judged");
        let last = !matches!(error, JudgeError::Device(_)) || self.failures >= MOST_FAILURES;
        if !last {
            return Ok(());
        }
        let exit = match error {
            JudgeError::Randomness(_) => Exit::Internal,
            JudgeError::Device(_) | JudgeError::Untrustworthy(_) => Exit::Device,
        };
        let message = format!(
            "{error}; see `ni-worker bench`, or audit with another --device: what waits is kept"
        );
        Err(Stop::Failed(Failure::new(exit, message)))
    }

    async fn is_over(&self, head: &View) -> Result<bool, Stop> {
        let enough =
            self.settings.windows != 0 && self.teller.summary().windows >= self.settings.windows;
        if !enough
            || self.judging.is_some()
            || self.measurer.is_under_way()
            || self.store.waiting()? > 0
        {
            return Ok(false);
        }
        let current = head.window().await?.map_or(u32::MAX, |window| window.id);
        Ok(self.store.unsettled(current, 1)?.is_empty())
    }
}

/// Reports and calibrations cost fees: better said now than when one is due.
async fn warn_if_empty(chain: &Chain, account: &Hash) -> Result<(), Failure> {
    let read = async { chain.best().await?.account(account).await };
    let held = read.await.or_exit(Exit::Node, "cannot audit")?.data.free;
    if held == 0 {
        warn!(
            account = keys::address(account),
            "the account holds no NI to pay fees with: reports and calibrations will fail; \
             send it some, or name one that has with --owner"
        );
    }
    Ok(())
}

/// The store of a signer on a chain, in the user's data folder.
fn default_store(genesis: &Hash, signer: Option<&Keypair>) -> Result<PathBuf, Failure> {
    let data = environment::data_folder().ok_or_else(|| {
        Failure::new(
            Exit::File,
            "there is no home folder to keep what is found in: name a file with --store",
        )
    })?;
    let chain = hex::encode(&genesis[..4]);
    let who = signer.map_or_else(
        || "watching".to_owned(),
        |key| keys::address(&key.public_key().0),
    );
    Ok(data
        .join("ni-worker")
        .join(format!("audit-{chain}-{who}.redb")))
}
