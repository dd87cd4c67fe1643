// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The auditor at work.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use proof_of_gpu_primitives::{ChallengeInput, Hash, SoftwareSha256, challenge};
use serde_json::Value;
use subxt_signer::sr25519::Keypair;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::{debug, error, info, warn};

use super::{
    Settings, Summary,
    alert::Alerts,
    calibration::{self, Calibration, Published},
    collect::{self, Collected},
    device::{Done, Job, Worker},
    evidence::Folder,
    export::{self, Exporter},
    lease::Lease,
    meters,
    missed::{self, Standing},
    reveal::Revealed,
    store::{AuditStore, AuditStoreError, Bounds, Gpu, Reported},
    verdict::{Finding, JudgeError, Verdict},
};
use crate::{
    devices::Device,
    environment,
    exit::{Exit, Failure, OrExit},
    signals,
};
use ni_client::{Chain, ChainError, View, amount::Amount, calls, keys};

/// Longest pause between two attempts to reach a node.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Longest wait for a finalized block before another connection is tried.
const SILENCE: Duration = Duration::from_secs(300);

/// Failures of the device, one after the other, after which it is given up.
const MOST_FAILURES: u32 = 3;

/// Times that one missed reveal is reported at most.
const MOST_REPORTS: u32 = 3;

/// Blocks after which a report that did nothing is sent again: it has expired by then.
const RESEND_AFTER: u64 = 72;

/// Commits looked at in one go.
const AT_ONCE: usize = 1024;

/// Blocks behind the last finalized one that most nodes still have the state of, with a
/// margin: they keep 256.
const KEPT_STATE: u64 = 192;

/// Furthest that a block may lie behind for the device to be measured at it: while
/// catching up the window is long over.
const FRESH: u64 = 16;

/// Audits until stopped, or until `settings.windows` windows are over.
///
/// A connection that breaks is taken up again, with pauses of up to half a minute, for as
/// long as it takes; only the first one has to succeed.
///
/// # Errors
/// [`Exit::Node`] where no node can be reached at first or the chain is another one,
/// [`Exit::File`] where store, evidence or export cannot be written, [`Exit::Device`] once
/// the device has failed repeatedly or computes wrongly.
pub async fn run(settings: Settings, device: Device) -> Result<Summary, Failure> {
    let mut chain = Chain::connect_to_any(&settings.urls)
        .await
        .or_exit(Exit::Node, "cannot audit")?;
    let genesis = chain.genesis_hash();
    let mut auditor = Auditor::new(settings, &chain, device).await?;
    let health = Arc::clone(&auditor.settings.health);
    health.start([auditor.worker.name.clone()]);
    let mut pause = Duration::from_secs(1);
    let _graceful = signals::graceful();
    loop {
        let connected = Instant::now();
        health.connected(chain.url());
        match auditor.follow(&chain).await {
            Ok(()) => return Ok(auditor.summary),
            Err(Stop::Failed(failure)) => return Err(failure),
            Err(Stop::Lost(cause)) => {
                health.disconnected(&cause.to_string());
                warn!(%cause, "lost the node, trying again");
            }
        }
        if connected.elapsed() > LONGEST_PAUSE {
            pause = Duration::from_secs(1);
        }
        chain = loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = signals::stopped() => return Ok(auditor.summary),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            match Chain::connect_to_any(&auditor.settings.urls).await {
                Ok(chain) if chain.genesis_hash() == genesis => break chain,
                Ok(chain) => {
                    let message = format!("{} now serves another chain", chain.url());
                    return Err(Failure::new(Exit::Node, message));
                }
                Err(cause) => warn!(%cause, "still no node, trying again"),
            }
        };
    }
}

/// Why following a chain ended before it was to.
enum Stop {
    /// The connection broke.
    Lost(ChainError),
    /// Going on makes no sense.
    Failed(Failure),
}

impl From<ChainError> for Stop {
    fn from(cause: ChainError) -> Self {
        match cause {
            ChainError::WrongChain(_) => Self::Failed(Failure::new(Exit::Node, cause)),
            cause => Self::Lost(cause),
        }
    }
}

impl From<AuditStoreError> for Stop {
    fn from(cause: AuditStoreError) -> Self {
        Self::Failed(Failure::new(Exit::File, cause))
    }
}

/// What came of publishing a calibration.
type Outcome = Result<Published, ChainError>;

struct Auditor {
    settings: Settings,
    genesis: Hash,
    store: AuditStore,
    evidence: Folder,
    exporter: Option<Exporter>,
    alerts: Alerts,
    worker: Worker,
    lease: Option<Lease>,
    /// The number in the store of the reveal that the device is at.
    judging: Option<u64>,
    /// Whether the device is measured, or the result on its way to the chain.
    calibrating: bool,
    failures: u32,
    published: UnboundedSender<Outcome>,
    outcomes: UnboundedReceiver<Outcome>,
    summary: Summary,
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
        let folder = settings
            .evidence
            .clone()
            .unwrap_or_else(|| path.with_extension("evidence"));
        let evidence = Folder::open(&folder, settings.kept_evidence).or_exit(
            Exit::File,
            format!("cannot keep evidence in {}", folder.display()),
        )?;
        let exporter = settings
            .export
            .as_deref()
            .map(|path| {
                let cannot = format!("cannot export to {}", path.display());
                Exporter::open(path).or_exit(Exit::File, cannot)
            })
            .transpose()?;
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
        let alerts = Alerts::start(settings.alert.clone());
        let (published, outcomes) = unbounded_channel();
        Ok(Self {
            settings,
            genesis,
            store,
            evidence,
            exporter,
            alerts,
            worker,
            lease,
            judging: None,
            calibrating: false,
            failures: 0,
            published,
            outcomes,
            summary: Summary::default(),
        })
    }

    /// Follows one connection until it breaks or there is nothing left to do.
    async fn follow(&mut self, chain: &Chain) -> Result<(), Stop> {
        let mut heads = chain.finalized_blocks().await?;
        let mut head = chain.finalized().await?;
        let mut looked = None;
        loop {
            let next = self.next_block(&head).await?;
            self.give_work()?;
            if next <= head.number() {
                self.read_block(chain, next, head.number()).await?;
                while let Some(done) = self.worker.done_already() {
                    self.note(chain, done)?;
                }
                continue;
            }
            if looked != Some(head.number()) {
                looked = Some(head.number());
                self.look_for_missed(chain, &head).await?;
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
                Some(outcome) = self.outcomes.recv() => self.note_published(outcome)?,
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
            Err(cause) if is_pruned(&cause) => return self.skip(chain, number, head).await,
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
            Err(cause) if is_pruned(&cause) => return self.skip(chain, number, head).await,
            Err(cause) => return Err(cause.into()),
        };
        self.take(&collected)?;
        if let Some(window) = collected.closed
            && head < number + FRESH
        {
            self.calibrate(chain, &view, window).await?;
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
        self.export(&export::gap(number, next - 1))?;
        let mut nothing = Collected::default();
        nothing.taken.number = next - 1;
        nothing.taken.hash = chain.hash_of(next - 1).await?.0;
        self.take(&nothing)
    }

    /// Takes a block that was read into the store, and tells of it. What stands in the
    /// block is exported before it counts as read: killed in between, it is told twice.
    fn take(&mut self, collected: &Collected) -> Result<(), Stop> {
        let taken = &collected.taken;
        for (gpu, slashed, reporter) in &collected.missed {
            let reporter = reporter.as_ref();
            self.export(&export::slashed(gpu, taken.number, *slashed, reporter))?;
            if reporter.is_some() && reporter == self.signer().as_ref() {
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
            self.tell(verdict, None)?;
        }
        if let Some(window) = collected.closed {
            self.export(&export::window(window, taken.number))?;
        }
        for verdict in self.store.take(taken)? {
            self.tell(&verdict, None)?;
        }
        debug!(
            block = taken.number,
            reveals = taken.revealed.len(),
            commits = taken.committed.len(),
            "read"
        );
        let waiting = self.store.waiting()?;
        if let Some(window) = collected.closed {
            self.summary.windows += 1;
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
                self.publish(chain, calibration);
                Ok(())
            }
            Done::Calibrated(Err(error)) => {
                self.calibrating = false;
                self.note_failure(error)
            }
        }
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

    /// Evidence first, then who is to be told, and last the store: killed in between, the
    /// reveal is judged once more.
    fn note_verdict(
        &mut self,
        number: u64,
        revealed: &Revealed,
        verdict: &Verdict,
    ) -> Result<(), Stop> {
        self.failures = 0;
        let mut evidence = None;
        if verdict.finding.is_alarming() {
            let path = self.evidence.keep(revealed, verdict).or_exit(
                Exit::File,
                format!("cannot write evidence of \"{verdict}\""),
            );
            let path = path.map_err(Stop::Failed)?;
            error!(
                window = verdict.window,
                hotkey = keys::address(&verdict.account),
                gpu = verdict.gpu,
                block = verdict.block,
                evidence = %path.display(),
                "THE CHAIN IS CONTRADICTED: {verdict}; show it with `ni-worker verify {}`",
                path.display()
            );
            self.alerts.tell(&path);
            evidence = Some(path);
        }
        meters::judged(verdict);
        self.tell(verdict, evidence.as_deref())?;
        Ok(self.store.judged(number, verdict)?)
    }

    /// Tells of a verdict in log, metrics, summary and export.
    fn tell(&mut self, verdict: &Verdict, evidence: Option<&Path>) -> Result<(), Stop> {
        meters::verdict(verdict.finding.name());
        match &verdict.finding {
            Finding::Honest => self.summary.honest += 1,
            Finding::Dishonest(_) | Finding::Disputed(_) => self.summary.alarming += 1,
            Finding::Missed => self.summary.missed += 1,
            Finding::Refused(_) | Finding::Skipped(_) => {}
        }
        info!(
            window = verdict.window,
            hotkey = keys::address(&verdict.account),
            gpu = verdict.gpu,
            tiles = verdict.checked_tiles,
            rounds = verdict.recomputed_rounds,
            "{verdict}"
        );
        self.export(&export::verdict(verdict, evidence))
    }

    fn export(&self, line: &Value) -> Result<(), Stop> {
        let Some(exporter) = &self.exporter else {
            return Ok(());
        };
        exporter
            .write(line)
            .or_exit(Exit::File, "cannot export what was seen")
            .map_err(Stop::Failed)
    }

    fn signer(&self) -> Option<Hash> {
        self.settings.signer.as_ref().map(|key| key.public_key().0)
    }

    /// Looks at the commits to closed windows of which nothing has come, in finalized
    /// state, and reports those that were called.
    async fn look_for_missed(&mut self, chain: &Chain, head: &View) -> Result<(), Stop> {
        let current = head.window().await?.map(|window| window.id);
        if let Some(lease) = &mut self.lease {
            lease.look(chain, current).await?;
        }
        let current = current.unwrap_or(u32::MAX);
        for (gpu, reported) in self.store.unsettled(current, AT_ONCE)? {
            let bounty = match missed::read(head, &gpu).await? {
                Standing::Over => {
                    self.store.settle(&gpu)?;
                    continue;
                }
                Standing::Missed { bounty } => bounty,
            };
            let mut reported = reported;
            if !reported.noted {
                reported.noted = true;
                let verdict = Verdict::missed(&gpu, head.number());
                self.tell(&verdict, None)?;
                self.store.found(&verdict)?;
                self.store.reporting(&gpu, reported)?;
            }
            match self.settings.signer.clone() {
                Some(signer) if self.settings.report => {
                    self.report(chain, head, &gpu, reported, bounty, &signer)
                        .await?;
                }
                _ => self.store.settle(&gpu)?,
            }
        }
        Ok(())
    }

    /// Reports a missed reveal, where that is worth its fee and not under way.
    async fn report(
        &self,
        chain: &Chain,
        head: &View,
        gpu: &Gpu,
        reported: Reported,
        bounty: u128,
        signer: &Keypair,
    ) -> Result<(), Stop> {
        if reported.attempts > 0 && head.number() < reported.at + RESEND_AFTER {
            return Ok(());
        }
        let hotkey = keys::address(&gpu.account);
        if reported.attempts >= MOST_REPORTS {
            warn!(
                window = gpu.window,
                hotkey,
                gpu = gpu.gpu,
                "giving up reporting it"
            );
            return Ok(self.store.settle(gpu)?);
        }
        // Somebody may have been faster, in a block that is not final yet.
        if missed::read(&chain.best().await?, gpu).await? == Standing::Over {
            return Ok(());
        }
        let call = calls::report_missed(gpu.account, gpu.gpu, gpu.window);
        let nonce = chain.next_nonce(&signer.public_key().0).await?;
        let anchor = chain.anchor().await?;
        let signed = chain.sign(&anchor, &call, signer, nonce, 0).await?;
        let fee = signed.fee().await?;
        if bounty <= fee {
            info!(
                window = gpu.window,
                hotkey,
                gpu = gpu.gpu,
                bounty = %Amount(bounty),
                fee = %Amount(fee),
                "missed its reveal; reporting it would cost more than it brings"
            );
            self.export(&export::report(gpu, "unprofitable", bounty, Some(fee)))?;
            meters::report("unprofitable");
            return Ok(self.store.settle(gpu)?);
        }
        // Before it is sent: killed in between it is sent late, not twice.
        let attempt = Reported {
            attempts: reported.attempts + 1,
            at: head.number(),
            ..reported
        };
        self.store.reporting(gpu, attempt)?;
        let outcome = match signed.submit().await {
            Ok(_) => {
                info!(
                    window = gpu.window,
                    hotkey,
                    gpu = gpu.gpu,
                    bounty = %Amount(bounty),
                    fee = %Amount(fee),
                    "reported that it missed its reveal"
                );
                "sent"
            }
            Err(cause) => {
                warn!(%cause, window = gpu.window, hotkey, gpu = gpu.gpu, "could not report it");
                "failed"
            }
        };
        meters::report(outcome);
        self.export(&export::report(gpu, outcome, bounty, Some(fee)))
    }

    /// Has the device measured on the challenge that a miner of the signer's account would
    /// have had in a window that `view`'s block has closed. Everybody's work is over by
    /// then, so a device that also mines loses nothing.
    async fn calibrate(&mut self, chain: &Chain, view: &View, window: u32) -> Result<(), Stop> {
        let due = window.checked_rem(self.settings.calibrate_every) == Some(0);
        let (Some(account), true, false) = (self.signer(), due, self.calibrating) else {
            return Ok(());
        };
        let before = chain.at(view.parent().await?).await?;
        let Some(of) = before.window().await? else {
            return Ok(());
        };
        let workload = of.parameters.workload.into();
        let challenge = challenge::<SoftwareSha256>(&ChallengeInput {
            genesis_hash: self.genesis,
            window: of.id,
            beacon: of.beacon,
            account,
            gpu: 0,
            workload,
        });
        self.calibrating = true;
        self.worker.give(Job::Calibrate {
            window: of.id,
            challenge,
            workload,
            time: Duration::from_secs(self.settings.calibrate_seconds.into()),
        });
        Ok(())
    }

    /// Publishes what the device reached, on a task of its own.
    fn publish(&mut self, chain: &Chain, calibration: Calibration) {
        self.failures = 0;
        meters::calibration(calibration.mops);
        let Some(signer) = self.settings.signer.clone() else {
            self.calibrating = false;
            return;
        };
        let (chain, published) = (chain.clone(), self.published.clone());
        tokio::spawn(async move {
            let outcome = async {
                let call = calibration::publish(&calibration);
                let included = chain.call(&call, &signer).await?;
                let view = chain.at(included.block).await?;
                let signer = signer.public_key().0;
                let registration = view.registration(&signer).await?;
                Ok(Published {
                    block: view.number(),
                    signer,
                    role: registration.map(|registration| registration.role),
                    calibration,
                })
            };
            // Nobody listens any more where the auditor has stopped.
            let _ = published.send(outcome.await);
        });
    }

    fn note_published(&mut self, outcome: Outcome) -> Result<(), Stop> {
        self.calibrating = false;
        match outcome {
            Ok(published) => {
                let calibration = &published.calibration;
                info!(
                    window = calibration.window,
                    mops = calibration.mops,
                    workload = %calibration.workload,
                    block = published.block,
                    "published what this device reaches"
                );
                self.export(&export::calibration(&published))
            }
            Err(cause) => {
                warn!(%cause, "could not publish what this device reaches");
                Ok(())
            }
        }
    }

    async fn is_over(&self, head: &View) -> Result<bool, Stop> {
        let enough = self.settings.windows != 0 && self.summary.windows >= self.settings.windows;
        if !enough || self.judging.is_some() || self.calibrating || self.store.waiting()? > 0 {
            return Ok(false);
        }
        let current = head.window().await?.map_or(u32::MAX, |window| window.id);
        Ok(self.store.unsettled(current, 1)?.is_empty())
    }
}

/// Whether a node said that it no longer has a block's state.
fn is_pruned(cause: &ChainError) -> bool {
    matches!(cause, ChainError::Rpc(message) if message.contains("discarded"))
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
