// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is stored.

use crate::{Balance, BlockNumberOf, Config};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
    defensive_assert, traits::ConstU32,
};
use scale_info::TypeInfo;
use sp_runtime::{Perbill, traits::Saturating};
use sp_staking::SessionIndex;
use tokenomics_primitives::rewards::Precise;

/// Where the chain stands between two rewards.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct State {
    /// The running session.
    pub session: SessionIndex,
    /// The running round: one more with each reward.
    pub round: u32,
    /// The session in which the running round began.
    pub began: SessionIndex,
    /// The points made in it: for each block its author's active stake, less what
    /// was withdrawn from being active since.
    pub points: u128,
    /// What could not be shared yet, for nobody had a point; for the next reward.
    pub carried: Balance,
}

/// What a closed round has to pay, and to how many points.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Round {
    /// What is shared.
    pub amount: Balance,
    /// The points it is shared by.
    pub points: u128,
    /// What is not shared out yet.
    pub amount_left: Balance,
    /// The points of those who have not got their part yet. Above zero.
    pub points_left: u128,
}

/// Sessions of which a validator remembers what their offences have cost it. Each cost
/// it the candidacy, and the session to come back.
pub const MAX_OFFENCES: u32 = 16;

/// What a validator was slashed for offences of one session.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Offence {
    /// The session in which they were committed.
    pub session: SessionIndex,
    /// The share that was taken for them in all.
    pub share: Perbill,
}

/// A validator, as a candidate or for what is still bound to it.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Validator<AccountId, BlockNumber> {
    /// Who holds the self-stake and gets the commission.
    pub owner: AccountId,
    /// The self-stake that was required when it last became a candidate, which a
    /// slash takes its share of.
    pub required: Balance,
    /// The part of its rewards that is its owner's before stake is counted.
    pub commission: Perbill,
    /// When the commission was last changed.
    pub commission_changed: BlockNumber,
    /// Commission not yet claimed.
    pub commission_due: Balance,
    /// The stake that earns.
    pub active: Balance,
    /// The stake that will be active from [`Self::pending_from`] on.
    pub pending: Balance,
    /// The first round that begins in this session or later is the one with which the
    /// pending stake becomes active.
    pub pending_from: SessionIndex,
    /// The cohort the pending stake belongs to; those before it are active.
    pub cohort: u32,
    /// How many delegations are in that cohort.
    pub pending_stakers: u32,
    /// How many delegations there are.
    pub stakers: u32,
    /// How many unbondings of self-stake are in the owner's queue.
    pub own_unbondings: u32,
    /// The round it was last brought to.
    pub round: u32,
    /// The blocks authored in it: times the active stake its points.
    pub blocks: u32,
    /// What one unit of active stake has earned in all settled rounds.
    pub earned: Precise,
    /// What dividing rewards has left, in units of 2⁻¹²⁸.
    pub remainder: u128,
    /// What it was slashed for. It is forgotten with the record, which outlasts the time
    /// in which an offence can be reported, as stake unbonds for longer, but where a slash
    /// took all that was bound to it.
    pub offences: BoundedVec<Offence, ConstU32<MAX_OFFENCES>>,
}

impl<AccountId, BlockNumber> Validator<AccountId, BlockNumber> {
    /// Notes that offences of `session` cost `share`, at least `least` where they are the
    /// first. Returns what of that has not been taken: a report of an offence names again
    /// all who committed it at the same time, with a share that grows with their number.
    pub fn note_offence(
        &mut self,
        session: SessionIndex,
        share: Perbill,
        least: Perbill,
    ) -> Perbill {
        let mut known = self.offences.iter_mut();
        if let Some(known) = known.find(|known| known.session == session) {
            let taken = known.share;
            known.share = taken.max(share);
            // Not below zero.
            return known.share.saturating_sub(taken);
        }
        let share = share.max(least);
        if self.offences.is_full() {
            let oldest = (0..)
                .zip(&self.offences)
                .min_by_key(|(_, known)| known.session);
            if let Some((oldest, _)) = oldest {
                self.offences.remove(oldest);
            }
        }
        let noted = self.offences.try_push(Offence { session, share });
        defensive_assert!(noted.is_ok(), "there is room");
        share
    }

    /// All that is staked to it. `None` beyond 128 bits.
    pub fn total(&self) -> Option<Balance> {
        self.active.checked_add(self.pending)
    }
}

/// A cohort of stake that became active at one time.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Cohort {
    /// What a unit of active stake had earned before.
    pub earned: Precise,
    /// The delegations that were not touched since. Above zero.
    pub stakers: u32,
}

/// Stake that is not active yet.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Pending {
    /// The validator's cohort it is in.
    pub cohort: u32,
    /// How much. Above zero.
    pub amount: Balance,
}

/// What one account has staked to one validator. Never nothing.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Delegation<AccountId> {
    /// The validator's hotkey.
    pub validator: AccountId,
    /// The stake that earns.
    pub active: Balance,
    /// What a unit of it had earned when this was last settled.
    pub earned: Precise,
    /// The stake of a cohort that is not active, or was not when this was last
    /// touched.
    pub pending: Option<Pending>,
}

impl<AccountId> Delegation<AccountId> {
    /// All of it, active or not. `None` beyond 128 bits.
    pub fn amount(&self) -> Option<Balance> {
        self.active
            .checked_add(self.pending.map_or(0, |pending| pending.amount))
    }
}

/// Stake on its way out.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Unbonding<AccountId, BlockNumber> {
    /// Where it was staked.
    pub validator: AccountId,
    /// Whether it is self-stake, which a slash still reaches.
    pub own: bool,
    /// How much.
    pub amount: Balance,
    /// The first block in which it can be withdrawn.
    pub at: BlockNumber,
}

/// From this block on, to the next step or to now, there was never less stake.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Checkpoint<BlockNumber> {
    /// The block.
    pub since: BlockNumber,
    /// The stake.
    pub stake: Balance,
}

/// Everything of one account.
#[derive(
    CloneNoBound,
    DebugNoBound,
    Decode,
    DefaultNoBound,
    Encode,
    EqNoBound,
    MaxEncodedLen,
    PartialEqNoBound,
    TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct Staker<T: Config> {
    /// Where it has staked, one entry for each validator.
    pub delegations: BoundedVec<Delegation<T::AccountId>, T::MaxDelegations>,
    /// What is on its way out, the oldest first.
    pub unbonding: BoundedVec<Unbonding<T::AccountId, BlockNumberOf<T>>, T::MaxUnbonding>,
    /// What it earned and has not claimed, where its stake has changed since.
    pub due: Precise,
    /// The least stake since a block, by rising block and stake.
    pub checkpoints: BoundedVec<Checkpoint<BlockNumberOf<T>>, T::MaxCheckpoints>,
}

/// A validator that can be chosen, with all that is staked to it.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Candidate<AccountId> {
    /// Its hotkey.
    pub hotkey: AccountId,
    /// Its stake, active or pending.
    pub total: Balance,
}

/// The candidates by their stake, and what all accounts have staked.
#[derive(
    CloneNoBound,
    DebugNoBound,
    Decode,
    DefaultNoBound,
    Encode,
    EqNoBound,
    MaxEncodedLen,
    PartialEqNoBound,
    TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct Ranking<T: Config> {
    /// All stake, that of validators which are candidates no longer included.
    pub staked: Balance,
    /// The most stake first; of equals, who had it first.
    pub candidates: BoundedVec<Candidate<T::AccountId>, T::MaxCandidates>,
}
