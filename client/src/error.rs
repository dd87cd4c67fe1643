// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What can go wrong between a worker and its chain.

use subxt::{
    error::{BackendError, ExtrinsicError, RpcError},
    rpcs,
};
use thiserror::Error;

/// Why the chain refuses a proof call, by the number that its pool answers
/// with, from 1 on.
const PROOF_REFUSALS: [&str; 21] = [
    "the window is not the current one",
    "the window does not take commits any more",
    "the beacon is that of another fork",
    "it names no GPU",
    "its GPUs are not in ascending order",
    "its number of rounds is out of range",
    "its throughput is below the lowest tier's floor",
    "the hotkey has no such GPU slot, its lease is over, or its bond was slashed: see `ni-worker check`",
    "this GPU has already committed in this window",
    "the window holds the most commits that it can",
    "reveals are not taken now",
    "there is no commit of this GPU in the window",
    "the commit is already resolved",
    "this GPU is not called to reveal",
    "this GPU is called to reveal, not to confirm",
    "nothing of this GPU was ever verified",
    "the window has not closed",
    "the window closed too long ago",
    "the window asks for a memory walk before the product: install a newer worker",
    "the window asks for no memory walk",
    "the memory walk is of a size that the protocol does not allow, or has too few batches",
];

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
    /// The node answered with an error, or not in time.
    #[error("the node did not answer as expected: {0}")]
    Rpc(String),
    /// The node's pool refused a call.
    #[error("{call} was refused: {message}")]
    Refused {
        /// The call, as `Pallet.call`.
        call: String,
        /// The pool's reason.
        message: String,
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

impl ChainError {
    /// The error of a request that took too long.
    pub(crate) fn timeout() -> Self {
        Self::Rpc("no answer in time".into())
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
                    message: proof_refusal(detail).map_or_else(
                        || format!("{} {detail}", answer.message).trim().to_owned(),
                        str::to_owned,
                    ),
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

    /// Whether a new connection or a later block may do better, so that
    /// trying again makes sense.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::Light(_) | Self::Rpc(_) | Self::Dropped { .. }
        )
    }
}

/// What the pool's `Custom error: N` means.
fn proof_refusal(detail: &str) -> Option<&'static str> {
    let (_, number) = detail.split_once("Custom error: ")?;
    let number: usize = number.trim_end_matches('"').parse().ok()?;
    PROOF_REFUSALS.get(number.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_in_words() {
        assert_eq!(
            proof_refusal("\"Custom error: 1\""),
            Some(PROOF_REFUSALS[0])
        );
        assert_eq!(proof_refusal("Custom error: 21"), Some(PROOF_REFUSALS[20]));
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
}
