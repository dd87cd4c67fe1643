// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The transaction extension that refuses and prioritises proof calls.
//!
//! Proof calls are feeless, so one that fails would be free. At top level this
//! extension runs all the checks that can make one fail, and refuses it, both
//! before the pool and again when it is applied: of two conflicting calls in one
//! block the second finds the state after the first. What is let through
//!
//! - has one size: lists name each GPU once, and a reveal is as long as its commit and the
//!   drawn samples ask for, to the byte. Whoever would take more room than that is refused;
//! - comes before any tip, by one of two bands of priorities: commits and reveals first,
//!   confirmations next. A reveal that finds no place costs its miner the slash, a
//!   confirmation that finds none costs a window's pay;
//! - has its place in the band by [`turn`], which the window's beacon draws for each
//!   hotkey. A pool takes first of equals what expires first, so equals could be overtaken
//!   by whoever signs for the shortest time. A drawn place cannot be chosen;
//! - provides a tag for each GPU, window and kind of call, so the pool holds one
//!   of a kind;
//! - lives as long as the phase that takes it;
//! - is counted: past [`Config::MaxProofCallsPerBlock`] or
//!   [`Config::MaxProofWeightPerBlock`] it waits for the next block, so proof
//!   calls cannot crowd out everything else.
//!
//! It goes anywhere outside `SkipCheckIfFeeless`, after `CheckNonce`; it looks at
//! no balance.
//!
//! # Reasons for refusal
//!
//! A pool does not look at the same transaction again for a while after it was
//! refused. What came too early is signed anew, with another nonce or mortality.
//!
//! `InvalidTransaction::BadSigner` where the call is not signed,
//! `InvalidTransaction::ExhaustsResources` past the caps, and otherwise
//! `InvalidTransaction::Custom` with the number of a [`Refusal`], which has the name of the
//! [`Error`].

use alloc::{vec, vec::Vec};
use core::{fmt, marker::PhantomData};

use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::{
    CloneNoBound, EqNoBound, PartialEqNoBound,
    dispatch::{DispatchInfo, PostDispatchInfo},
    traits::{Get, IsSubType},
    weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use proof_of_gpu_primitives::{Hash, Refusal};
use scale_info::TypeInfo;
use sp_runtime::{
    traits::{
        AsSystemOriginSigner, CheckedSub, DispatchInfoOf, DispatchOriginOf, Dispatchable,
        Implication, TransactionExtension, UniqueSaturatedInto, ValidateResult,
    },
    transaction_validity::{
        InvalidTransaction, TransactionLongevity, TransactionPriority, TransactionSource,
        TransactionTag, TransactionValidityError, ValidTransaction,
    },
};

use crate::{
    BlockUse, Call, Config, Error, Pallet, ProofCalls, WeightInfo, checks::Shown, randomness::turn,
};

/// Priorities of a band: a [`turn`] has 32 bits.
const TURNS: TransactionPriority = 1 << 32;

/// The highest priority of commits and reveals. To be put before the lowest, a block's
/// worth of transactions would have to be tipped with some 2⁶⁴ of the smallest units.
pub const PRIORITY: TransactionPriority = TransactionPriority::MAX;

/// The highest priority of confirmations: after all reveals.
pub const CONFIRM_PRIORITY: TransactionPriority = PRIORITY - TURNS;

/// First part of every tag that a proof call provides.
const TAG: &[u8] = b"proof-of-gpu";

/// A kind of proof call, as a part of its tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode)]
pub enum ProofCallKind {
    /// `commit`
    Commit,
    /// `reveal` or `confirm`: no GPU can do both.
    Answer,
}

/// Refuses proof calls that would fail, and puts the others first. See the
/// [module's documentation](self). Encodes to nothing.
#[derive(
    Encode, Decode, DecodeWithMemTracking, CloneNoBound, PartialEqNoBound, EqNoBound, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct CheckProofCall<T: Config + Send + Sync>(PhantomData<T>);

impl<T: Config + Send + Sync> CheckProofCall<T> {
    /// The extension.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Config + Send + Sync> Default for CheckProofCall<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Config + Send + Sync> fmt::Debug for CheckProofCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckProofCall")
    }
}

impl<T: Config> Error<T> {
    /// Why a call that would fail with this error is refused; `None` for the variant that
    /// has no value.
    pub const fn refusal(&self) -> Option<Refusal> {
        let refusal = match self {
            Self::NotCurrentWindow => Refusal::NotCurrentWindow,
            Self::NotOpen => Refusal::NotOpen,
            Self::WrongBeacon => Refusal::WrongBeacon,
            Self::NoGpus => Refusal::NoGpus,
            Self::NotAscending => Refusal::NotAscending,
            Self::RoundsOutOfRange => Refusal::RoundsOutOfRange,
            Self::BelowFloor => Refusal::BelowFloor,
            Self::NotRegistered => Refusal::NotRegistered,
            Self::AlreadyCommitted => Refusal::AlreadyCommitted,
            Self::TooManyCommits => Refusal::TooManyCommits,
            Self::NotRevealing => Refusal::NotRevealing,
            Self::NoCommit => Refusal::NoCommit,
            Self::AlreadyResolved => Refusal::AlreadyResolved,
            Self::NotCalled => Refusal::NotCalled,
            Self::Called => Refusal::Called,
            Self::NothingVerified => Refusal::NothingVerified,
            Self::NotClosed => Refusal::NotClosed,
            Self::NoRecord => Refusal::NoRecord,
            Self::WalkMissing => Refusal::WalkMissing,
            Self::WalkNotAsked => Refusal::WalkNotAsked,
            Self::WalkOutOfRange => Refusal::WalkOutOfRange,
            Self::TooManyRounds => Refusal::TooManyRounds,
            Self::WrongSize => Refusal::WrongSize,
            Self::__Ignore(..) => return None,
        };
        Some(refusal)
    }

    /// The number of [`InvalidTransaction::Custom`] by which such a call is refused:
    /// [`Refusal::number`].
    pub const fn code(&self) -> u8 {
        match self.refusal() {
            Some(refusal) => refusal.number(),
            None => 0,
        }
    }
}

/// A proof call that would succeed.
struct Sound<T: Config> {
    priority: TransactionPriority,
    /// The last block that takes it.
    until: BlockNumberFor<T>,
    provides: Vec<TransactionTag>,
}

/// The tag that a proof call provides for each of its GPUs.
pub fn tag<AccountId: Encode>(
    kind: ProofCallKind,
    hotkey: &AccountId,
    gpu: u32,
    window: u32,
) -> TransactionTag {
    (TAG, kind, hotkey, gpu, window).encode()
}

impl<T: Config + Send + Sync> CheckProofCall<T> {
    /// Runs the checks of a proof call; `None` for any other.
    fn check(
        signer: Option<&T::AccountId>,
        call: &Call<T>,
    ) -> Result<Option<Sound<T>>, InvalidTransaction> {
        let refused = |error: Error<T>| InvalidTransaction::Custom(error.code());
        // No band has fewer places than there are turns, so nothing saturates.
        let placed = |band: TransactionPriority, beacon: &Hash, hotkey: &T::AccountId| {
            band.saturating_sub(turn(beacon, &hotkey.clone().into()).into())
        };
        let sound = match (call, signer) {
            (Call::report_missed { .. } | Call::__Ignore(..), _) => return Ok(None),
            (_, None) => return Err(InvalidTransaction::BadSigner),
            (
                Call::commit {
                    window,
                    beacon,
                    claims,
                },
                Some(hotkey),
            ) => Sound {
                until: Pallet::<T>::check_commit(hotkey, *window, beacon, claims)
                    .map_err(refused)?
                    .deadline,
                priority: placed(PRIORITY, beacon, hotkey),
                provides: claims
                    .iter()
                    .map(|claim| tag(ProofCallKind::Commit, hotkey, claim.gpu, *window))
                    .collect(),
            },
            (
                Call::reveal {
                    window,
                    sampling_beacon,
                    gpu,
                    peaks,
                    openings,
                    walk_peaks,
                    walk_openings,
                },
                Some(hotkey),
            ) => {
                let product = Shown { peaks, openings };
                let walk = Shown {
                    peaks: walk_peaks,
                    openings: walk_openings,
                };
                let (phase, ..) = Pallet::<T>::check_reveal(
                    hotkey,
                    *window,
                    sampling_beacon,
                    *gpu,
                    &product,
                    &walk,
                )
                .map_err(refused)?;
                Sound {
                    until: phase.until,
                    priority: placed(PRIORITY, sampling_beacon, hotkey),
                    provides: vec![tag(ProofCallKind::Answer, hotkey, *gpu, *window)],
                }
            }
            (Call::confirm { window, gpus }, Some(hotkey)) => {
                let phase = Pallet::<T>::check_confirm(hotkey, *window, gpus).map_err(refused)?;
                Sound {
                    until: phase.until,
                    priority: placed(CONFIRM_PRIORITY, &phase.sampling_beacon, hotkey),
                    provides: gpus
                        .iter()
                        .map(|gpu| tag(ProofCallKind::Answer, hotkey, *gpu, *window))
                        .collect(),
                }
            }
        };
        Ok(Some(sound))
    }

    /// What the block has taken of proof calls with one more of `weight`; `None`
    /// past the caps.
    fn counted(weight: Weight) -> Option<BlockUse<BlockNumberFor<T>>> {
        let block = frame_system::Pallet::<T>::block_number();
        let used = ProofCalls::<T>::get();
        let (calls, used) = if used.block == block {
            (used.calls, used.weight)
        } else {
            (0, Weight::zero())
        };
        let calls = calls.checked_add(1)?;
        let weight = used.checked_add(&weight)?;
        let fits = calls <= T::MaxProofCallsPerBlock::get()
            && weight.all_lte(T::MaxProofWeightPerBlock::get());
        fits.then_some(BlockUse {
            block,
            calls,
            weight,
        })
    }
}

impl<T: Config + Send + Sync> TransactionExtension<T::RuntimeCall> for CheckProofCall<T>
where
    T::RuntimeCall:
        Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo> + IsSubType<Call<T>>,
    DispatchOriginOf<T::RuntimeCall>: AsSystemOriginSigner<T::AccountId>,
{
    const IDENTIFIER: &'static str = "CheckProofCall";
    type Implicit = ();
    /// What the block will have taken of proof calls; `None` for other calls.
    type Val = Option<BlockUse<BlockNumberFor<T>>>;
    type Pre = ();

    fn weight(&self, call: &T::RuntimeCall) -> Weight {
        // Lists are bounded by 32 bits; anything else would be too heavy.
        let gpus = |gpus: usize| u32::try_from(gpus).unwrap_or(u32::MAX);
        match call.is_sub_type() {
            Some(Call::commit { claims, .. }) => T::WeightInfo::check_commit(gpus(claims.len())),
            Some(Call::reveal { .. }) => T::WeightInfo::check_reveal(),
            Some(Call::confirm { gpus: list, .. }) => {
                T::WeightInfo::check_confirm(gpus(list.len()))
            }
            _ => Weight::zero(),
        }
    }

    fn validate(
        &self,
        origin: DispatchOriginOf<T::RuntimeCall>,
        call: &T::RuntimeCall,
        info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
        _self_implicit: (),
        _inherited_implication: &impl Implication,
        _source: TransactionSource,
    ) -> ValidateResult<Self::Val, T::RuntimeCall> {
        let signer = origin.as_system_origin_signer();
        let checked = call
            .is_sub_type()
            .map(|call| Self::check(signer, call))
            .transpose()?;
        let Some(Sound {
            priority,
            until,
            provides,
        }) = checked.flatten()
        else {
            return Ok((ValidTransaction::default(), None, origin));
        };
        let counted =
            Self::counted(info.total_weight()).ok_or(InvalidTransaction::ExhaustsResources)?;
        // Blocks after this one that still take the call, and this one itself.
        let longevity: TransactionLongevity = until
            .checked_sub(&counted.block)
            .map_or(0, UniqueSaturatedInto::unique_saturated_into);
        // The longest longevity there is cannot be made longer.
        let valid = ValidTransaction {
            priority,
            requires: Vec::new(),
            provides,
            longevity: longevity.checked_add(1).unwrap_or(longevity),
            propagate: true,
        };
        Ok((valid, Some(counted), origin))
    }

    fn prepare(
        self,
        val: Self::Val,
        _origin: &DispatchOriginOf<T::RuntimeCall>,
        _call: &T::RuntimeCall,
        _info: &DispatchInfoOf<T::RuntimeCall>,
        _len: usize,
    ) -> Result<(), TransactionValidityError> {
        if let Some(counted) = val {
            ProofCalls::<T>::put(counted);
        }
        Ok(())
    }
}
