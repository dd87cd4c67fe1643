// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Has the auditor's own device measured, and publishes what it reached.

use std::time::Duration;

use proof_of_gpu_primitives::{ChallengeInput, SoftwareSha256, challenge};
use subxt_signer::sr25519::Keypair;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::{info, warn};

use super::{
    Settings,
    calibration::{self, Calibration, Published},
    device::Job,
    export, meters,
    stop::Stop,
    tell::Teller,
};
use ni_client::{Chain, ChainError, View};

/// What came of publishing a calibration.
type Outcome = Result<Published, ChainError>;

/// Measures and publishes, one after the other.
pub(super) struct Measurer {
    signer: Option<Keypair>,
    every: u32,
    time: Duration,
    /// Whether the device is measured, or the result on its way to the chain.
    is_under_way: bool,
    published: UnboundedSender<Outcome>,
    outcomes: UnboundedReceiver<Outcome>,
}

impl Measurer {
    /// As these settings have it.
    pub(super) fn new(settings: &Settings) -> Self {
        let (published, outcomes) = unbounded_channel();
        Self {
            signer: settings.signer.clone(),
            every: settings.calibrate_every,
            time: Duration::from_secs(settings.calibrate_seconds.into()),
            is_under_way: false,
            published,
            outcomes,
        }
    }

    /// Whether the device is measured, or the result on its way to the chain.
    pub(super) const fn is_under_way(&self) -> bool {
        self.is_under_way
    }

    /// The device could not be measured.
    pub(super) const fn failed(&mut self) {
        self.is_under_way = false;
    }

    /// What came of publishing next.
    pub(super) async fn outcome(&mut self) -> Outcome {
        match self.outcomes.recv().await {
            Some(outcome) => outcome,
            // This value holds a sender.
            None => std::future::pending().await,
        }
    }

    /// The order to measure the device on the challenge that a miner of the signer's account would
    /// have had in a window that `view`'s block has closed. Everybody's work is over by
    /// then, so a device that also mines loses nothing.
    pub(super) async fn job(
        &mut self,
        chain: &Chain,
        view: &View,
        window: u32,
    ) -> Result<Option<Job>, ChainError> {
        let due = window.checked_rem(self.every) == Some(0);
        let account = self.signer.as_ref().map(|key| key.public_key().0);
        let (Some(account), true, false) = (account, due, self.is_under_way) else {
            return Ok(None);
        };
        let before = chain.at(view.parent().await?).await?;
        let Some(of) = before.window().await? else {
            return Ok(None);
        };
        let workload = of.parameters.workload.into();
        let challenge = challenge::<SoftwareSha256>(&ChallengeInput {
            genesis_hash: chain.genesis_hash(),
            window: of.id,
            beacon: of.beacon,
            account,
            gpu: 0,
            workload,
        });
        self.is_under_way = true;
        Ok(Some(Job::Calibrate {
            window: of.id,
            challenge,
            workload,
            time: self.time,
        }))
    }

    /// Publishes what the device reached, on a task of its own.
    pub(super) fn publish(&mut self, chain: &Chain, calibration: Calibration) {
        meters::calibration(calibration.mops);
        let Some(signer) = self.signer.clone() else {
            self.is_under_way = false;
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

    /// Takes note of what came of publishing.
    pub(super) fn note_published(&mut self, outcome: Outcome, teller: &Teller) -> Result<(), Stop> {
        self.is_under_way = false;
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
                teller.export(&export::calibration(&published))
            }
            Err(cause) => {
                warn!(%cause, "could not publish what this device reaches");
                Ok(())
            }
        }
    }
}
