// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is stored about a hotkey.

use crate::{BalanceOf, BlockNumberOf, Config};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// As what a hotkey is registered.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    Serialize,
    TypeInfo,
)]
pub enum Role {
    /// Proves GPUs.
    Miner,
    /// Stands for election by delegators.
    Validator,
}

/// An announced retreat.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Departure<BlockNumber> {
    /// How many slots stay: those with a lower index.
    pub keep: u32,
    /// The first block in which the bonds can be withdrawn.
    pub at: BlockNumber,
}

/// A registered hotkey. All bonds lie in this one value, so that what a call reads
/// and writes does not grow with the slots.
#[derive(
    CloneNoBound, DebugNoBound, Decode, Encode, EqNoBound, MaxEncodedLen, PartialEqNoBound, TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound())]
pub struct Registration<T: Config> {
    /// Who pays, bonds and is paid.
    pub owner: T::AccountId,
    /// As what.
    pub role: Role,
    /// The first block in which the lease is over.
    pub expires_at: BlockNumberOf<T>,
    /// The slots that are leaving, if any.
    pub departure: Option<Departure<BlockNumberOf<T>>>,
    /// What a GPU's bond must be for it to prove. Zero for a validator.
    pub bond: BalanceOf<T>,
    /// What is on hold, GPU by GPU. Empty for a validator.
    pub bonds: BoundedVec<BalanceOf<T>, T::MaxSlots>,
}

impl<T: Config> Registration<T> {
    /// The slots there are, the leaving ones included.
    pub fn slots(&self) -> u32 {
        match self.role {
            // Bounded by `MaxSlots`, which is 32 bits.
            Role::Miner => u32::try_from(self.bonds.len()).unwrap_or(u32::MAX),
            Role::Validator => 1,
        }
    }

    /// The slots that are not leaving.
    pub fn staying(&self) -> u32 {
        self.departure
            .as_ref()
            .map_or_else(|| self.slots(), |departure| departure.keep)
    }

    /// Whether the GPU may prove in block `now`: it is a miner's, the lease runs, the
    /// slot is not leaving and its bond is whole.
    pub fn can_prove(&self, gpu: u32, now: BlockNumberOf<T>) -> bool {
        self.role == Role::Miner
            && now < self.expires_at
            && gpu < self.staying()
            && self.bond_of(gpu).is_some_and(|bond| bond >= self.bond)
    }

    /// Whether the hotkey may stand for election in block `now`: it is a validator's,
    /// the lease runs and it is not leaving.
    pub fn can_validate(&self, now: BlockNumberOf<T>) -> bool {
        self.role == Role::Validator && now < self.expires_at && self.staying() > 0
    }

    /// What is on hold for the GPU.
    pub fn bond_of(&self, gpu: u32) -> Option<BalanceOf<T>> {
        self.bonds.get(usize::try_from(gpu).ok()?).copied()
    }
}
