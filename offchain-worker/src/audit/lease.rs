// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The lease of the validator that audits: renewed before it ends where the auditor was
//! started to, else the log says in time what to do. A validator whose lease is over
//! authors no more.

use std::time::Duration;

use subxt_signer::sr25519::Keypair;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use super::meters;
use crate::miner::{Registering, account};
use ni_client::{
    Chain, ChainError, keys,
    types::{Bytes32, Registration, Role},
};

/// Whose lease is watched, and who renews it.
pub struct Watched {
    /// The validator's hotkey.
    pub hotkey: Bytes32,
    /// Renews it, and the highest fee to pay, in the smallest unit; `None` for whatever it
    /// is. Without, it is only watched.
    pub renewal: Option<(Keypair, Option<u128>)>,
}

/// Watches over a lease.
pub(super) struct Lease {
    watched: Watched,
    /// The length of a slot.
    slot: Duration,
    /// The window in progress when it was last looked at.
    looked_in: Option<Option<u32>>,
    /// The end that the log has spoken of.
    told: Option<u32>,
    /// The renewal on its way.
    under_way: Option<JoinHandle<()>>,
}

impl Lease {
    /// Watches over this one, on a chain of such slots.
    pub(super) fn new(watched: Watched, slot: Duration) -> Self {
        Self {
            watched,
            slot,
            looked_in: None,
            told: None,
            under_way: None,
        }
    }

    /// Looks after it, once for each window in progress. What failed is tried again in
    /// the next one.
    pub(super) async fn look(
        &mut self,
        chain: &Chain,
        window: Option<u32>,
    ) -> Result<(), ChainError> {
        self.under_way.take_if(|renewal| renewal.is_finished());
        if self.under_way.is_some() || self.looked_in == Some(window) {
            return Ok(());
        }
        let best = chain.best().await?;
        let registration = best.registration(&self.watched.hotkey).await?;
        self.looked_in = Some(window);
        let lease = registration.as_ref().and_then(end);
        meters::lease(lease.unwrap_or_default());
        let (Some(registration), Some(ends)) = (registration, lease) else {
            return Ok(());
        };
        let ahead = account::renewed_before(self.slot);
        if u64::from(ends) > best.number().saturating_add(ahead.into()) {
            return Ok(());
        }
        match self.watched.renewal.clone() {
            Some((payer, max_price)) if payer.public_key().0 == registration.owner => {
                let (chain, hotkey) = (chain.clone(), self.watched.hotkey);
                self.under_way = Some(tokio::spawn(async move {
                    renew(&chain, &hotkey, &payer, max_price, ends).await;
                }));
            }
            _ if self.told != Some(ends) => {
                self.told = Some(ends);
                warn!(
                    ends,
                    owner = keys::address(&registration.owner),
                    "the validator's lease ends within a day: `ni-worker register --hotkey {} \
                     --owner FILE --renew`, or audit with --renew and the key of its owner",
                    keys::address(&self.watched.hotkey)
                );
            }
            _ => {}
        }
        Ok(())
    }
}

/// Until when a validator that stays is registered; `None` for anybody else.
fn end(registration: &Registration) -> Option<u32> {
    let stays = registration.role == Role::Validator && registration.is_staying(0);
    stays.then_some(registration.expires_at)
}

async fn renew(
    chain: &Chain,
    hotkey: &Bytes32,
    payer: &Keypair,
    max_price: Option<u128>,
    ends: u32,
) {
    let how = Registering {
        slots: None,
        max_price,
    };
    match account::register(chain, hotkey, payer, Role::Validator, Some(1), how, 1).await {
        Ok(_) => info!(was_to_end = ends, "lease renewed"),
        Err(cause) => warn!(
            %cause,
            ends,
            owner = keys::address(&payer.public_key().0),
            "the validator's lease could not be renewed; trying again in the next window"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ni_client::types::Departure;

    #[test]
    fn only_a_validator_that_stays_has_a_lease_to_renew() {
        let validator = Registration {
            owner: [1; 32],
            role: Role::Validator,
            expires_at: 1_000,
            departure: None,
            bond: 0,
            bonds: vec![0],
        };
        assert_eq!(end(&validator), Some(1_000));
        let leaving = Registration {
            departure: Some(Departure { keep: 0, at: 70 }),
            ..validator.clone()
        };
        assert_eq!(end(&leaving), None);
        let miner = Registration {
            role: Role::Miner,
            ..validator
        };
        assert_eq!(end(&miner), None);
    }
}
