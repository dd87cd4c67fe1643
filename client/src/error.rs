// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What can go wrong between a worker and its chain.

use std::fmt::{self, Display};

use proof_of_gpu_primitives::Refusal;
use subxt::{
    error::{BackendError, ExtrinsicError, RpcError, TransactionEventsError},
    rpcs,
};
use thiserror::Error;

/// Why a node's pool did not take a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A check of the proof pallet said no.
    Proof(Refusal),
    /// The pool has this very call already.
    Known,
    /// It was signed with a number that the account has used.
    Outdated,
    /// Its signature does not fit what the node takes to be the chain.
    BadSignature,
    /// The account cannot pay for it.
    Payment,
    /// Another call of the account, or one that does the same, comes before it.
    Outbid,
    /// The node refused it shortly before, and does not look at it again yet.
    Banned,
    /// Anything else, in the node's words.
    Other(String),
}

/// Codes and texts by which a node's JSON-RPC interface tells why its pool refuses.
const BANNED: i32 = 1012;
const KNOWN: i32 = 1013;
const OUTBID: i32 = 1014;
const WORDS: [(&str, Reason); 3] = [
    ("Transaction is outdated", Reason::Outdated),
    ("bad signature", Reason::BadSignature),
    ("Inability to pay", Reason::Payment),
];

impl Reason {
    /// Reads it from a node's answer.
    fn read(code: i32, message: &str, detail: &str) -> Self {
        if let Some(refusal) = proof_refusal(detail) {
            return Self::Proof(refusal);
        }
        match code {
            BANNED => return Self::Banned,
            KNOWN => return Self::Known,
            OUTBID => return Self::Outbid,
            _ => {}
        }
        let told = WORDS.iter().find(|(words, _)| detail.contains(words));
        told.map_or_else(
            || Self::Other(format!("{message} {detail}").trim().to_owned()),
            |(_, reason)| reason.clone(),
        )
    }

    /// Whether the node's view of the account or of the chain made it refuse, rather than
    /// the call itself: signed by another node's answers it may be taken.
    #[must_use]
    pub const fn is_of_the_signature(&self) -> bool {
        matches!(self, Self::Outdated | Self::BadSignature | Self::Payment)
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proof(refusal) => refusal.text(),
            Self::Known => "the node has it already",
            Self::Outdated => "the account has used its number already",
            Self::BadSignature => "its signature does not fit the chain's version",
            Self::Payment => "the account cannot pay for it",
            Self::Outbid => "another call of the account comes before it",
            Self::Banned => "the node refused it shortly before",
            Self::Other(text) => text,
        })
    }
}

/// What can go wrong between a worker and its chain. Each says the next step
/// where there is one.
#[derive(Debug, Error)]
pub enum ChainError {
    /// Nothing answers at the address.
    #[error(
        "no node answers at {url} ({cause}): start one (`ni-node --dev`), or name its RPC address with --url"
    )]
    Unreachable {
        /// The address.
        url: String,
        /// What the transport said.
        cause: String,
    },
    /// The light client cannot follow the chain.
    #[error("the light client cannot follow the chain of {0}")]
    Light(String),
    /// What answers is another chain, or another version of this one.
    #[error("not an NI chain, or not of this worker's version: {0}")]
    WrongChain(String),
    /// The node's newest block is too old for what it says to be of today.
    #[error(
        "{url} is at block {number}, which is {age_s} s old: wait until the node has caught up, name another with --url, or see that this machine's clock is right"
    )]
    Stale {
        /// The address.
        url: String,
        /// The node's best block.
        number: u64,
        /// That block's age, in seconds.
        age_s: u64,
    },
    /// The node no longer keeps the state of the block asked for.
    #[error("the node no longer has the block's state: {0}")]
    Pruned(String),
    /// The node did not answer in time.
    #[error("the node did not answer as expected: no answer in time")]
    Timeout,
    /// The node answered with an error.
    #[error("the node did not answer as expected: {0}")]
    Rpc(String),
    /// The node's pool refused a call.
    #[error("{call} was refused: {reason}")]
    Refused {
        /// The call, as `Pallet.call`.
        call: String,
        /// Why.
        reason: Reason,
    },
    /// A call left the pool without reaching a block.
    #[error("{call} did not reach a block: {message}")]
    Dropped {
        /// The call, as `Pallet.call`.
        call: String,
        /// The pool's reason.
        message: String,
    },
    /// A call reached a block and failed there.
    #[error("{call} failed on chain: {message}")]
    Failed {
        /// The call, as `Pallet.call`.
        call: String,
        /// The runtime's error.
        message: String,
    },
    /// A key could not be read. Never holds the key.
    #[error("{0}")]
    Key(&'static str),
}

/// What a node says where it has thrown a block's state away. Its interface has no code
/// for that.
const PRUNED: &str = "State already discarded";

impl ChainError {
    /// Sorts an error of a request.
    pub(crate) fn from_request(error: &impl Display) -> Self {
        let text = error.to_string();
        if text.contains(PRUNED) {
            Self::Pruned(text)
        } else {
            Self::Rpc(text)
        }
    }

    /// Sorts an error of signing or submitting `call`.
    pub(crate) fn from_submission(call: &str, error: ExtrinsicError) -> Self {
        match error {
            ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(
                RpcError::ClientError(rpcs::Error::User(answer)),
            )) => {
                let detail = answer.data.as_ref().map_or("", |data| data.get());
                Self::Refused {
                    call: call.to_owned(),
                    reason: Reason::read(answer.code, &answer.message, detail),
                }
            }
            ExtrinsicError::ErrorSubmittingTransaction(error) => {
                Self::Rpc(format!("{call}: {error}"))
            }
            ExtrinsicError::PalletNameNotFound(_) | ExtrinsicError::CallNameNotFound { .. } => {
                Self::WrongChain(format!("it has no call {call}"))
            }
            error => Self::Rpc(format!("{call}: {error}")),
        }
    }

    /// Sorts an error of reading what `call` did in a block.
    pub(crate) fn from_events(call: &str, error: TransactionEventsError) -> Self {
        match error {
            TransactionEventsError::ExtrinsicFailed(_)
            | TransactionEventsError::CannotDecodeDispatchError { .. } => Self::Failed {
                call: call.to_owned(),
                message: error.to_string(),
            },
            // It may have done what it should.
            error => Self::from_request(&error),
        }
    }

    /// Whether a new connection or a later block may do better, so that
    /// trying again makes sense.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Light(_)
            | Self::Stale { .. }
            | Self::Pruned(_)
            | Self::Timeout
            | Self::Rpc(_)
            | Self::Dropped { .. } => true,
            Self::WrongChain(_) | Self::Refused { .. } | Self::Failed { .. } | Self::Key(_) => {
                false
            }
        }
    }
}

/// What the pool's `Custom error: N` means.
fn proof_refusal(detail: &str) -> Option<Refusal> {
    let (_, number) = detail.split_once("Custom error: ")?;
    Refusal::from_number(number.trim_end_matches('"').parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::error::DispatchError;

    #[test]
    fn a_call_has_failed_only_where_the_block_says_so() {
        let sorted = |error| ChainError::from_events("Miners.register", error);
        let unknown = TransactionEventsError::BlockNotFound {
            block_hash: [1; 32].into(),
        };
        assert!(matches!(sorted(unknown), ChainError::Rpc(_)));
        let failed = TransactionEventsError::ExtrinsicFailed(DispatchError::BadOrigin);
        assert!(matches!(sorted(failed), ChainError::Failed { .. }));
    }

    #[test]
    fn refusals_are_told_in_words() {
        assert_eq!(
            proof_refusal("\"Custom error: 1\""),
            Some(Refusal::NotCurrentWindow)
        );
        assert_eq!(
            proof_refusal("Custom error: 21"),
            Some(Refusal::WalkOutOfRange)
        );
        for other in [
            "",
            "Custom error: ",
            "Custom error: 0",
            "Custom error: 99",
            "Stale",
        ] {
            assert_eq!(proof_refusal(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_pool_answers_is_sorted_by_what_can_be_done_about_it() {
        let invalid = "Invalid Transaction";
        let read = |code, detail| Reason::read(code, invalid, detail);
        assert_eq!(read(1010, "\"Transaction is outdated\""), Reason::Outdated);
        assert_eq!(
            read(1010, "\"Transaction has a bad signature\""),
            Reason::BadSignature
        );
        assert_eq!(
            read(
                1010,
                "\"Inability to pay some fees (e.g. account balance too low)\""
            ),
            Reason::Payment
        );
        assert_eq!(read(1012, ""), Reason::Banned);
        assert_eq!(read(1013, "[0x01]"), Reason::Known);
        assert_eq!(
            read(1014, "The transaction has too low priority"),
            Reason::Outbid
        );
        assert_eq!(
            read(1010, "\"Custom error: 9\""),
            Reason::Proof(Refusal::AlreadyCommitted)
        );
        let other = read(1010, "\"Transaction call is not expected\"");
        assert!(other.to_string().contains("not expected"), "{other}");
        assert!(!other.is_of_the_signature());
    }

    #[test]
    fn thrown_away_state_is_told_from_other_answers() {
        let pruned = "Client error: UnknownBlock: State already discarded for 0x01";
        assert!(matches!(
            ChainError::from_request(&pruned),
            ChainError::Pruned(_)
        ));
        assert!(matches!(
            ChainError::from_request(&"method not found"),
            ChainError::Rpc(_)
        ));
    }
}
