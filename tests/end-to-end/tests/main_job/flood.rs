// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Fills the pool with tipped calls that fill blocks.

use std::{collections::BTreeMap, fmt::Write};

use ni_client::{Chain, View, amount::NI, keys};
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
    /// Calls that the accounts had made before.
    before: Option<u64>,
    /// By block: calls that had landed by then, and that were sent by then.
    progress: BTreeMap<u64, (u64, u64)>,
}

impl Flood {
    /// Calls that were in the pool before a block was made, and still after it.
    pub(crate) fn overtaken_by(&self, block: u64) -> u64 {
        let before = self.progress.range(..block).next_back();
        let after = self.progress.get(&block);
        match (before, after) {
            (Some((_, (_, sent))), Some((landed, _))) => sent.saturating_sub(*landed),
            _ => 0,
        }
    }

    /// Notes how far it got by a block, and tops it up.
    pub(crate) async fn step(&mut self, chain: &Chain, view: &View) -> anyhow::Result<()> {
        let mut landed = 0;
        let mut accounts = Vec::new();
        for uri in WHO {
            let key = keys::development(uri)?;
            let nonce = u64::from(view.account(&key.public_key().0).await?.nonce);
            landed += nonce;
            accounts.push((key, nonce));
        }
        landed -= *self.before.get_or_insert(landed);
        let sent = self.sent;
        self.top_up(chain, accounts).await?;
        // What was sent counts only if the next block was not made meanwhile.
        let in_time = chain.best().await?.number() == view.number();
        let sent = if in_time { self.sent } else { sent };
        self.progress.insert(view.number(), (landed, sent));
        Ok(())
    }

    /// Sends until enough wait, or the pool is full.
    async fn top_up(&mut self, chain: &Chain, accounts: Vec<(Keypair, u64)>) -> anyhow::Result<()> {
        let anchor = chain.anchor().await?;
        for (key, landed) in accounts {
            let mut nonce = chain.next_nonce(&key.public_key().0).await?;
            for _ in nonce - landed..WAITING / WHO.len() as u64 {
                if self.sent == MOST || !send(chain, &anchor, &key, nonce).await? {
                    break;
                }
                nonce += 1;
                self.sent += 1;
            }
        }
        Ok(())
    }
}

/// Puts one call into the pool; false where that is full.
async fn send(chain: &Chain, anchor: &View, key: &Keypair, nonce: u64) -> anyhow::Result<bool> {
    let call = dynamic::transaction("System", "remark", (vec![0x5a_u8; SIZE],));
    let signed = chain.sign(anchor, &call, key, nonce, TIP)?;
    let mut bytes = String::with_capacity(2 * signed.encoded().len() + 2);
    bytes.push_str("0x");
    for byte in signed.encoded() {
        write!(bytes, "{byte:02x}")?;
    }
    let taken = chain
        .rpc()
        .request::<String>("author_submitExtrinsic", rpc_params![bytes])
        .await;
    Ok(taken.is_ok())
}
