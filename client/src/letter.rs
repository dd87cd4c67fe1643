// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A call with its signatures: one for each view that nodes have of the account and of
//! the chain.
//!
//! A node that lies about the account's number or the chain's version has calls signed that
//! no other node takes. So every node gets the call as its own answers have it; where two
//! nodes agree, both get the same bytes.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use subxt::{
    config::DefaultExtrinsicParamsBuilder, ext::scale_encode::EncodeAsFields,
    transactions::DynamicPayload,
};
use subxt_signer::sr25519::Keypair;

use super::{Chain, ChainError, MORTALITY, NiConfig, Reason, SignedCall, Submitted, View};

/// What a node says that a signature depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// The account's next number.
    pub(crate) nonce: u64,
    spec: u32,
    transactions: u32,
    genesis: [u8; 32],
}

/// The blocks that a call is signed at.
pub(crate) struct Moment {
    /// Whose runtime takes the call.
    best: View,
    /// From which on it is valid.
    anchor: View,
}

/// A call of any kind.
trait Call: Send + Sync {
    fn sign(&self, moment: &Moment, signer: &Keypair, nonce: u64)
    -> Result<SignedCall, ChainError>;
}

impl<Fields: EncodeAsFields + Send + Sync> Call for DynamicPayload<Fields> {
    fn sign(
        &self,
        moment: &Moment,
        signer: &Keypair,
        nonce: u64,
    ) -> Result<SignedCall, ChainError> {
        moment.sign(self, signer, nonce, 0)
    }
}

impl Moment {
    /// Of one block.
    pub(crate) fn of(block: &View) -> Self {
        Self {
            best: block.clone(),
            anchor: block.clone(),
        }
    }

    /// Signs a call of the best block's runtime that stays valid for 64 blocks after the
    /// anchor. `tip` is in the chain's smallest unit.
    pub(crate) fn sign<Fields: EncodeAsFields>(
        &self,
        call: &DynamicPayload<Fields>,
        signer: &Keypair,
        nonce: u64,
        tip: u128,
    ) -> Result<SignedCall, ChainError> {
        let name = format!("{}.{}", call.pallet_name(), call.call_name());
        let parameters = DefaultExtrinsicParamsBuilder::<NiConfig>::new()
            .nonce(nonce)
            .mortal_from_unchecked(MORTALITY, self.anchor.number(), self.anchor.hash())
            .tip(tip)
            .build();
        let transactions = self.best.inner().transactions();
        let signed = transactions
            .create_signable_offline(call, parameters)
            .and_then(|mut signable| signable.sign(signer))
            .map_err(|error| ChainError::from_submission(&name, error))?;
        Ok(SignedCall {
            name,
            transaction: signed,
        })
    }
}

impl Chain {
    /// What a signature of this account depends on, by this node, and where it is made.
    pub(crate) async fn terms(&self, account: &[u8; 32]) -> Result<(Terms, Moment), ChainError> {
        let best = self.best().await?;
        let anchor = self.anchor_of(&best).await?;
        let nonce = self.next_nonce(account).await?;
        let terms = Terms {
            nonce,
            spec: best.inner().spec_version(),
            transactions: best.inner().transaction_version(),
            genesis: self.genesis_hash(),
        };
        Ok((terms, Moment { best, anchor }))
    }
}

/// The signed bytes, by the terms they were signed by, and which of them each node got.
#[derive(Default)]
struct Signed {
    variants: Vec<(Terms, Vec<u8>)>,
    given: BTreeMap<String, usize>,
}

/// A call to be carried to every node.
pub struct Letter {
    name: String,
    call: Box<dyn Call>,
    signer: Keypair,
    signed: Mutex<Signed>,
}

impl Letter {
    /// A call to be signed by this key.
    pub fn new<Fields: EncodeAsFields + Send + Sync + 'static>(
        call: DynamicPayload<Fields>,
        signer: &Keypair,
    ) -> Self {
        Self {
            name: format!("{}.{}", call.pallet_name(), call.call_name()),
            call: Box::new(call),
            signer: signer.clone(),
            signed: Mutex::default(),
        }
    }

    fn signed(&self) -> MutexGuard<'_, Signed> {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes that this node got before.
    fn given_to(&self, url: &str) -> Option<Vec<u8>> {
        let signed = self.signed();
        let variant = signed.given.get(url)?;
        signed
            .variants
            .get(*variant)
            .map(|(_, bytes)| bytes.clone())
    }

    /// The bytes for a node with these terms: those that another such node got, unless they
    /// are to be signed anew.
    fn bytes(
        &self,
        url: &str,
        terms: &Terms,
        moment: &Moment,
        anew: bool,
    ) -> Result<Vec<u8>, ChainError> {
        let mut signed = self.signed();
        let known = signed.variants.iter().position(|(of, _)| of == terms);
        let place = match known.filter(|_| !anew) {
            Some(place) => place,
            None => {
                let call = self.call.sign(moment, &self.signer, terms.nonce)?;
                signed.variants.push((*terms, call.encoded().to_vec()));
                signed.variants.len() - 1
            }
        };
        signed.given.insert(url.to_owned(), place);
        Ok(signed.variants[place].1.clone())
    }

    /// Puts the call into a node's pool: the bytes that it got before, or those of a node
    /// that agrees with it, or else signed by its own answers. `None` where the pool has it
    /// already.
    pub(crate) async fn deliver(&self, chain: &Chain) -> Result<Option<Submitted>, ChainError> {
        let url = chain.url();
        if let Some(bytes) = self.given_to(url)
            && let Some(outcome) = self.submit(chain, bytes).await?
        {
            return Ok(outcome.into_submitted());
        }
        let account = self.signer.public_key().0;
        let (terms, moment) = chain.terms(&account).await?;
        let shared = self.bytes(url, &terms, &moment, false)?;
        if let Some(outcome) = self.submit(chain, shared).await? {
            return Ok(outcome.into_submitted());
        }
        let own = self.bytes(url, &terms, &moment, true)?;
        chain.submit_bytes(&self.name, own).await.map(Some)
    }

    /// `None` where the node does not take these bytes and may take others.
    async fn submit(&self, chain: &Chain, bytes: Vec<u8>) -> Result<Option<Taken>, ChainError> {
        match chain.submit_bytes(&self.name, bytes).await {
            Ok(submitted) => Ok(Some(Taken::Now(Box::new(submitted)))),
            Err(ChainError::Refused {
                reason: Reason::Known,
                ..
            }) => Ok(Some(Taken::Before)),
            Err(ChainError::Refused { reason, .. })
                if reason == Reason::Banned || reason.is_of_the_signature() =>
            {
                Ok(None)
            }
            Err(cause) => Err(cause),
        }
    }
}

/// A call that a pool has.
enum Taken {
    Now(Box<Submitted>),
    Before,
}

impl Taken {
    fn into_submitted(self) -> Option<Submitted> {
        match self {
            Self::Now(submitted) => Some(*submitted),
            Self::Before => None,
        }
    }
}
