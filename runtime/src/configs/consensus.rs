// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Authoring (BABE), finality (GRANDPA) and who takes part.
//!
//! `Delegation` chooses the validators of each session. An equivocation is proven on
//! chain, recorded by `Offences`, and costs the validator its own stake.
//!
//! ## When finality stalls
//!
//! With a third of GRANDPA's voters gone nothing is finalised, but blocks are made and
//! referenda decided. Finality goes on by itself once two thirds vote again. Where keys
//! are lost for good, a new set has to be named without a proof of finality, by
//! `Grandpa::note_stalled`. That call is Root's, and no track has Root. The way is an
//! upgrade whose migration calls it, with a delay and the last block known to be final,
//! and which also ends the candidacies of those who are gone:
//!
//! - Who names the finalising set can have two chains finalised. Only who decides on new
//!   code can do as much, so no weaker decision must reach it.
//! - A call of its own for that track would save no time: new code is decided as fast.
//! - The block to build on and the delay are read by all who vote, in the code.

use crate::{
    AccountId, Babe, Balance, Balances, Delegation, Historical, Moment, Offences, Registration,
    Runtime, RuntimeEvent, Session, SessionKeys, settings,
};
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{ConstU32, Get},
};
use sp_consensus_babe::{AllowedSlots, BabeEpochConfiguration};
use sp_runtime::traits::{Convert, OpaqueKeys};
use sp_session::MembershipProof;
use sp_staking::SessionIndex;

/// How many validators there may be.
pub const MAX_VALIDATORS: u32 = 100;
/// How many sessions back an equivocation can be proven: a week of hours.
const HISTORY: SessionIndex = 168;

/// How slots are claimed. A block whose author gives no VRF output would leave
/// the chain's randomness where it is: there are no such slots.
pub const GENESIS_EPOCH: BabeEpochConfiguration = BabeEpochConfiguration {
    c: (1, 4),
    allowed_slots: AllowedSlots::PrimaryAndSecondaryVRFSlots,
};

parameter_types! {
    /// Blocks for which a report of an equivocation stays in the pool.
    pub ReportLongevity: u64 = u64::from(HISTORY).saturating_mul(EpochSlots::get());
    /// Blocks for which somebody who leaves can be held to account: it authors for two more
    /// sessions, and what it does in the last can be proven until that one is forgotten.
    pub AnswerableFor: u64 =
        u64::from(HISTORY.saturating_add(2)).saturating_mul(EpochSlots::get());
    /// No deposit for session keys: only validators may set them.
    pub const KeyDeposit: Balance = 0;
}

/// The genesis state's slot duration, in ms.
pub struct SlotDuration;

impl Get<Moment> for SlotDuration {
    fn get() -> Moment {
        settings::SlotDuration::<Runtime>::get()
    }
}

/// The genesis state's slots in an epoch, which is also a session.
pub struct EpochSlots;

impl Get<u64> for EpochSlots {
    fn get() -> u64 {
        settings::EpochDuration::<Runtime>::get()
    }
}

/// Half the slot duration, from which BABE derives the whole.
pub struct MinimumPeriod;

impl Get<Moment> for MinimumPeriod {
    fn get() -> Moment {
        SlotDuration::get() / 2
    }
}

impl pallet_timestamp::Config for Runtime {
    type Moment = Moment;
    type OnTimestampSet = Babe;
    type MinimumPeriod = MinimumPeriod;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_babe::Config for Runtime {
    type EpochDuration = EpochSlots;
    type ExpectedBlockTime = SlotDuration;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = Session;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type KeyOwnerProof = MembershipProof;
    type EquivocationReportSystem =
        pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = MaxSetIdSessionEntries;
    type KeyOwnerProof = MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

parameter_types! {
    /// As many sets as there are sessions to prove an equivocation in.
    pub const MaxSetIdSessionEntries: u64 = HISTORY as u64;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = Delegation;
}

/// The validators of a session: those `Delegation` chooses. Where it has nobody to
/// choose, at genesis, all whose keys the genesis names; later, those there are.
pub struct ElectedValidators;

impl ElectedValidators {
    /// Whether the keys of the session being planned differ from those of the
    /// one before, or nothing was noted for that one.
    fn must_note(planned: SessionIndex) -> bool {
        let noted = planned.checked_sub(1).is_some_and(|before| {
            pallet_session::historical::HistoricalSessions::<Runtime>::contains_key(before)
        });
        !noted
            || pallet_session::QueuedKeys::<Runtime>::get()
                .into_iter()
                .any(|(validator, keys)| {
                    pallet_session::NextKeys::<Runtime>::get(validator).as_ref() != Some(&keys)
                })
    }

    /// All who have keys, in the order of their accounts, as `Delegation` chooses.
    fn with_keys() -> Vec<AccountId> {
        let mut validators: Vec<_> = pallet_session::NextKeys::<Runtime>::iter_keys().collect();
        validators.sort();
        validators
    }

    /// Those of the session planned last.
    fn planned_last() -> Vec<AccountId> {
        pallet_session::QueuedKeys::<Runtime>::get()
            .into_iter()
            .map(|(validator, _)| validator)
            .collect()
    }
}

impl pallet_session::SessionManager<AccountId> for ElectedValidators {
    /// `None` leaves the set as it is. It is given anew only where it or its keys
    /// change: a set that is given counts as a new one for GRANDPA.
    fn new_session(planned: SessionIndex) -> Option<Vec<AccountId>> {
        <Delegation as pallet_session::SessionManager<_>>::new_session(planned)
            .filter(|chosen| *chosen != Self::planned_last())
            .or_else(|| Self::must_note(planned).then(Self::planned_last))
    }

    fn new_session_genesis(planned: SessionIndex) -> Option<Vec<AccountId>> {
        <Delegation as pallet_session::SessionManager<_>>::new_session_genesis(planned)
            .or_else(|| Some(Self::with_keys()))
    }

    fn start_session(started: SessionIndex) {
        <Delegation as pallet_session::SessionManager<_>>::start_session(started);
        if let Some(oldest) = started.checked_sub(HISTORY) {
            Historical::prune_up_to(oldest);
        }
    }

    fn end_session(ended: SessionIndex) {
        <Delegation as pallet_session::SessionManager<_>>::end_session(ended);
    }
}

impl pallet_session::historical::SessionManager<AccountId, ()> for ElectedValidators {
    fn new_session(planned: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session(planned).map(identify)
    }

    fn new_session_genesis(planned: SessionIndex) -> Option<Vec<(AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session_genesis(planned).map(identify)
    }

    fn start_session(started: SessionIndex) {
        <Self as pallet_session::SessionManager<_>>::start_session(started)
    }

    fn end_session(ended: SessionIndex) {
        <Self as pallet_session::SessionManager<_>>::end_session(ended)
    }
}

/// Gives every validator its identification: nothing beyond its account.
fn identify(validators: Vec<AccountId>) -> Vec<(AccountId, ())> {
    validators
        .into_iter()
        .map(|validator| (validator, ()))
        .collect()
}

/// The validator an account stands for: itself, if it may have session keys. A
/// registered validator sets them before it can join; whoever has them changes them,
/// its lease over or not. `Session` reads the former entry anyway.
pub struct ValidatorOf;

impl Convert<AccountId, Option<AccountId>> for ValidatorOf {
    fn convert(account: AccountId) -> Option<AccountId> {
        let may = pallet_session::NextKeys::<Runtime>::contains_key(&account)
            || Registration::validator_owner(&account).is_some();
        may.then_some(account)
    }
}

/// A validator's identification: nothing beyond its account.
pub struct IdentificationOf;

impl Convert<AccountId, Option<()>> for IdentificationOf {
    fn convert(_validator: AccountId) -> Option<()> {
        Some(())
    }
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ValidatorOf;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, ElectedValidators>;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type KeyDeposit = KeyDeposit;
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = IdentificationOf;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
    type OnOffenceHandler = Delegation;
}
