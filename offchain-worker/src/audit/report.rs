// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Reports commits that were called and never revealed.

use subxt_signer::sr25519::Keypair;
use tracing::{info, warn};

use super::{
    committed::Gpu,
    export, meters,
    missed::{self, Standing},
    stop::Stop,
    store::{AuditStore, Reported},
    tell::Teller,
    verdict::Verdict,
};
use ni_client::{Chain, View, amount::Amount, calls, keys};

/// Times that one missed reveal is reported at most.
const MOST_REPORTS: u32 = 3;

/// Blocks after which a report that did nothing is sent again: it has expired by then.
const RESEND_AFTER: u64 = 72;

/// Commits looked at in one go.
const AT_ONCE: usize = 1024;

/// Who signs reports; nobody where none are made.
pub(super) struct Reporter {
    pub(super) signer: Option<Keypair>,
}

/// A reveal that was missed, and what reporting it brings.
struct Missed<'a> {
    gpu: &'a Gpu,
    reported: Reported,
    bounty: u128,
}

impl Reporter {
    /// Looks at the commits to closed windows of which nothing has come, in finalized
    /// state, and reports those that were called.
    pub(super) async fn look_for_missed(
        &self,
        chain: &Chain,
        head: &View,
        current: u32,
        store: &AuditStore,
        teller: &mut Teller,
    ) -> Result<(), Stop> {
        for (gpu, reported) in store.unsettled(current, AT_ONCE)? {
            let bounty = match missed::read(head, &gpu).await? {
                Standing::Over => {
                    store.settle(&gpu)?;
                    continue;
                }
                Standing::Missed { bounty } => bounty,
            };
            let mut reported = reported;
            if !reported.noted {
                reported.noted = true;
                let verdict = Verdict::missed(&gpu, head.number());
                teller.tell(&verdict, None)?;
                store.found(&verdict)?;
                store.reporting(&gpu, reported)?;
            }
            match &self.signer {
                Some(signer) => {
                    let missed = Missed {
                        gpu: &gpu,
                        reported,
                        bounty,
                    };
                    self.report(chain, head, missed, signer, store, teller)
                        .await?;
                }
                None => store.settle(&gpu)?,
            }
        }
        Ok(())
    }

    /// Reports a missed reveal, where that is worth its fee and not under way.
    async fn report(
        &self,
        chain: &Chain,
        head: &View,
        missed: Missed<'_>,
        signer: &Keypair,
        store: &AuditStore,
        teller: &Teller,
    ) -> Result<(), Stop> {
        let Missed {
            gpu,
            reported,
            bounty,
        } = missed;
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
            return Ok(store.settle(gpu)?);
        }
        // Somebody may have been faster, in a block that is not final yet.
        if missed::read(&chain.best().await?, gpu).await? == Standing::Over {
            return Ok(());
        }
        let call = calls::report_missed(gpu.account, gpu.gpu, gpu.window);
        let nonce = chain.next_nonce(&signer.public_key().0).await?;
        let anchor = chain.anchor().await?;
        let signed = chain.sign(&anchor, &call, signer, nonce, 0)?;
        let fee = chain.fee(&signed).await?;
        if bounty <= fee {
            info!(
                window = gpu.window,
                hotkey,
                gpu = gpu.gpu,
                bounty = %Amount(bounty),
                fee = %Amount(fee),
                "missed its reveal; reporting it would cost more than it brings"
            );
            teller.export(&export::report(gpu, "unprofitable", bounty, Some(fee)))?;
            meters::report("unprofitable");
            return Ok(store.settle(gpu)?);
        }
        // Before it is sent: killed in between it is sent late, not twice.
        let attempt = Reported {
            attempts: reported.attempts + 1,
            at: head.number(),
            ..reported
        };
        store.reporting(gpu, attempt)?;
        let outcome = match chain.spread(&signed).await {
            Ok(()) => {
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
        teller.export(&export::report(gpu, outcome, bounty, Some(fee)))
    }
}
