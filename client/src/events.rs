// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's events that a worker, the demo and the tests know.

use subxt::{
    events::Event as RawEvent,
    ext::{scale_decode::DecodeAsType, scale_value::Value},
};

use super::{
    ChainError, NiConfig,
    reports::AssetKind,
    types::{Bytes32, WalkCommit},
};

/// Declares [`Event`] and decodes each variant from the pallet's event of the
/// same name, field by field.
macro_rules! events {
    ($(
        $pallet:ident {$(
            $(#[$doc:meta])*
            $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty, )* }
        )*}
    )*) => {
        /// An event of the chain. Amounts are in the smallest unit.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Event {$($(
            $(#[$doc])*
            $name { $( $(#[$field_doc])* $field: $type, )* },
        )*)*}

        impl Event {
            /// Decodes an event; `None` where it is none of these.
            ///
            /// # Errors
            /// [`ChainError::WrongChain`] where the event exists in another
            /// shape.
            // The derive below imports more than it uses.
            #[allow(unused_imports)]
            pub fn decode(event: &RawEvent<'_, NiConfig>) -> Result<Option<Self>, ChainError> {
                match (event.pallet_name(), event.event_name()) {
                    $($(
                        (stringify!($pallet), stringify!($name)) => {
                            #[derive(DecodeAsType)]
                            #[decode_as_type(crate_path = "subxt::ext::scale_decode")]
                            struct Fields { $( $field: $type, )* }
                            let Fields { $( $field, )* } = event
                                .decode_fields_unchecked_as::<Fields>()
                                .map_err(|error| ChainError::WrongChain(error.to_string()))?;
                            Ok(Some(Self::$name { $( $field, )* }))
                        }
                    )*)*
                    _ => Ok(None),
                }
            }
        }
    };
}

events! {
    ProofOfGpu {
        /// A window opened.
        WindowOpened {
            /// The window.
            window: u32,
        }
        /// Commits of a window are closed.
        WindowSampling {
            /// The window.
            window: u32,
            /// The time that counts, in milliseconds.
            elapsed_ms: u64,
        }
        /// Reveals of a window are taken.
        WindowRevealing {
            /// The window.
            window: u32,
            /// What the samples are drawn from.
            sampling_beacon: Bytes32,
            /// Commits made, one a GPU.
            commits: u32,
        }
        /// A window closed.
        WindowClosed {
            /// The window.
            window: u32,
        }
        /// A GPU committed.
        Committed {
            /// The miner.
            hotkey: Bytes32,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// Rounds claimed.
            rounds: u32,
            /// The walk before them, where the window asks for one.
            walk: Option<WalkCommit>,
        }
        /// A reveal was valid.
        Verified {
            /// The miner.
            hotkey: Bytes32,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// Throughput shown, in MOPS.
            mops: u64,
            /// Memory shown, in GiB.
            gib: u32,
            /// Its bandwidth, in GB/s.
            gbps: u32,
        }
        /// A GPU that was not called was credited.
        Confirmed {
            /// The miner.
            hotkey: Bytes32,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// Throughput credited, in MOPS.
            mops: u64,
            /// Memory credited, in GiB.
            gib: u32,
            /// Its bandwidth, in GB/s.
            gbps: u32,
        }
        /// A reveal was invalid.
        Refused {
            /// The miner.
            hotkey: Bytes32,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// The check that failed.
            reason: Value<()>,
            /// Taken from the bond.
            slashed: u128,
        }
        /// A called GPU did not reveal.
        Missed {
            /// The miner.
            hotkey: Bytes32,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// Taken from the bond.
            slashed: u128,
            /// Who reported it, where somebody did.
            reporter: Option<Bytes32>,
        }
    }
    Supply {
        /// NI came into being.
        Minted {
            /// How much.
            amount: u128,
        }
        /// NI went into the recycle pool.
        Recycled {
            /// Where it came from.
            source: Value<()>,
            /// How much.
            amount: u128,
        }
        /// NI left the recycle pool.
        Drawn {
            /// How much.
            amount: u128,
        }
        /// NI ceased to be.
        Burned {
            /// Where it came from.
            source: Value<()>,
            /// How much.
            amount: u128,
        }
    }
    Registration {
        /// A hotkey was registered.
        Registered {
            /// The hotkey.
            hotkey: Bytes32,
            /// Who paid, and will be paid.
            owner: Bytes32,
            /// GPU slots.
            slots: u32,
            /// What was paid, over all slots.
            fee: u128,
            /// What is held for each GPU.
            bond: u128,
            /// The first block in which the lease is over.
            expires_at: u32,
        }
    }
    Emission {
        /// A round was settled.
        RoundSettled {
            /// The window it belongs to.
            window: u32,
            /// Minted for it.
            minted: u128,
            /// Drawn from the recycle pool for it.
            drawn: u128,
            /// The miners' part.
            miners: u128,
            /// The stakers' part.
            stakers: u128,
        }
        /// A GPU's result counts in its round.
        Credited {
            /// The miner.
            hotkey: Bytes32,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// The tier it reached, by its place in the table.
            tier: u32,
        }
        /// A GPU's result was paid.
        Paid {
            /// The miner.
            hotkey: Bytes32,
            /// Its GPU.
            gpu: u32,
            /// Who received it.
            owner: Bytes32,
            /// The window it was earned in.
            window: u32,
            /// How much.
            amount: u128,
        }
    }
    Buyback {
        /// The gateway paid revenue in.
        RevenueDeposited {
            /// The receipt.
            nonce: u64,
            /// In which asset.
            asset: AssetKind,
            /// How much of it.
            amount: u128,
            /// Where it comes from.
            source: Value<()>,
        }
        /// A slice of revenue bought NI, which was burned.
        SliceBought {
            /// Of which asset.
            asset: AssetKind,
            /// How much of it.
            spent: u128,
            /// How much NI.
            bought: u128,
            /// What is pending of the asset after it.
            pending: u128,
        }
        /// A slice was due and bought nothing.
        SliceSkipped {
            /// Of which asset.
            asset: AssetKind,
            /// Why.
            reason: Value<()>,
        }
    }
    Delegation {
        /// Stake was put on hold.
        Staked {
            /// Whose.
            who: Bytes32,
            /// The validator's hotkey.
            validator: Bytes32,
            /// How much.
            amount: u128,
            /// The session from which it is active.
            from: u32,
        }
        /// The stakers' part of a round is shared by points.
        RoundRewarded {
            /// How much.
            amount: u128,
        }
        /// A staker was paid.
        Claimed {
            /// Who.
            who: Bytes32,
            /// The validator it had staked to.
            validator: Bytes32,
            /// How much.
            amount: u128,
        }
    }
    Preimage {
        /// A call that can be decided on was stored.
        Noted {
            /// Its hash.
            hash: Bytes32,
        }
    }
    Referenda {
        /// A referendum was submitted.
        Submitted {
            /// Its number.
            index: u32,
        }
    }
    Governance {
        /// A vote was cast.
        Voted {
            /// Whose.
            who: Bytes32,
            /// On what.
            poll: u32,
            /// For or against it.
            side: Value<()>,
            /// How much stake it weighs.
            weight: u128,
        }
    }
    Parameters {
        /// A pallet's hyperparameters were set.
        Updated {
            /// Which.
            key: Value<()>,
        }
    }
}
