// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Fills the pool with tipped calls that fill blocks.

use std::collections::BTreeMap;

use ni_worker::{
    amount::NI,
    chain::{Chain, View, keys},
};
use subxt::{dynamic, rpcs::rpc_params};
use subxt_signer::sr25519::Keypair;

/// Bytes of one call: a few dozen fill a block.
const SIZE: usize = 100_000;

/// Calls that are kept waiting.
const WAITING: u64 = 180;

/// Calls in all.
const MOST: u64 = 800;

/// What each call tips.
const TIP: u128 = NI;

/// The accounts that flood.
const WHO: [&str; 2] = ["//Eve", "//Ferdie"];

/// What the flood was like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flood {
    sent: u64,
    /// By block: calls that had landed by then, and that were sent by then.
    progress: BTreeMap<u64, (u64, u64)>,
    /// The block that took a call without a tip, sent before the flood.
    pub(crate) untipped_landed: Option<u64>,
}

impl Flood {
    /// Calls of the flood in the pool after a block.
    pub(crate) fn waiting_after(&self, block: u64) -> u64 {
        self.progress
            .get(&block)
            .map_or(0, |(landed, sent)| sent - landed)
    }

    /// The most of its calls that a block took, on average between two looks.
    pub(crate) fn most_in_a_block(&self) -> u64 {
        let looks: Vec<_> = self.progress.iter().collect();
        looks
            .windows(2)
            .map(|pair| (pair[1].1.0 - pair[0].1.0) / (pair[1].0 - pair[0].0))
            .max()
            .unwrap_or_default()
    }

    /// Notes how far it got by a block, and tops it up.
    pub(crate) async fn step(&mut self, chain: &Chain, view: &View) -> anyhow::Result<()> {
        let mut landed = 0;
        let mut nonces = Vec::new();
        for uri in WHO {
            let key = keys::development(uri)?;
            let nonce = u64::from(view.account(&key.public_key().0).await?.nonce);
            landed += nonce;
            nonces.push((key, nonce));
        }
        self.progress.insert(view.number(), (landed, self.sent));
        let anchor = chain.anchor().await?;
        for (key, _) in nonces {
            let account = key.public_key().0;
            let mut nonce = chain.next_nonce(&account).await?;
            let waiting = nonce - u64::from(view.account(&account).await?.nonce);
            for _ in waiting..WAITING / WHO.len() as u64 {
                if self.sent == MOST {
                    return Ok(());
                }
                if !send(chain, &anchor, &key, nonce, TIP).await? {
                    break;
                }
                nonce += 1;
                self.sent += 1;
            }
        }
        Ok(())
    }
}

/// Puts one call of the flood's size into the pool; false where that is full.
pub(crate) async fn send(
    chain: &Chain,
    anchor: &View,
    key: &Keypair,
    nonce: u64,
    tip: u128,
) -> anyhow::Result<bool> {
    let call = dynamic::transaction("System", "remark", (vec![0x5a_u8; SIZE],));
    let signed = chain.sign(anchor, &call, key, nonce, tip).await?;
    let bytes = signed
        .encoded()
        .iter()
        .fold("0x".to_owned(), |mut text, byte| {
            text.push_str(&format!("{byte:02x}"));
            text
        });
    let taken = chain
        .rpc()
        .request::<String>("author_submitExtrinsic", rpc_params![bytes])
        .await;
    Ok(taken.is_ok())
}
