// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! TAO staked to validators, and what it earns and decides.

use super::market::TAO;
use crate::{
    AccountId, AssetsHolder, Balance, Balances, Buyback, Delegation, Governance, Registration,
    Runtime, RuntimeHoldReason, Session, System, settings,
};
use frame_support::{
    PalletId, parameter_types,
    traits::{
        ConstU32, Get,
        fungible::{ItemOf, NativeOrWithId},
    },
    weights::Weight,
};
use pallet_supply::{ExpiredResults, Recycle};

parameter_types! {
    /// Where rewards wait to be claimed.
    pub const StakersId: PalletId = PalletId(*b"ni/stake");
    /// What is staked.
    pub const Tao: crate::bridge::AssetId = TAO;
}

/// Who may validate: those who registered as validators, while their lease runs.
pub struct RegisteredValidators;

impl pallet_delegation::Validators<AccountId> for RegisteredValidators {
    fn owner_of(hotkey: &AccountId) -> Option<AccountId> {
        Registration::validator_owner(hotkey)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, owner: &AccountId) {
        use crate::SessionKeys;
        use frame_support::traits::{Currency, fungible::Balanced};
        use sp_core::{ed25519, sr25519};

        let parameters = settings::parameters::Registration::get();
        let funds = parameters.validator.ceiling + Balances::minimum_balance();
        let funded = Balances::resolve(owner, <Balances as Balanced<_>>::issue(funds)).is_ok();
        assert!(funded, "a benchmark's owner can be funded");
        Registration::register(
            crate::RuntimeOrigin::signed(owner.clone()),
            hotkey.clone(),
            pallet_registration::Role::Validator,
            1,
            parameters.validator.ceiling,
        )
        .expect("a benchmark's validator can be registered");
        let key: [u8; 32] = *hotkey.as_ref();
        let keys = SessionKeys {
            babe: sr25519::Public::from(key).into(),
            grandpa: ed25519::Public::from(key).into(),
        };
        pallet_session::NextKeys::<Runtime>::insert(hotkey, keys);
    }
}

/// A hotkey that others have staked to goes back to the owner of its validator.
impl pallet_registration::Reserved<AccountId> for RegisteredValidators {
    fn reserved_for(hotkey: &AccountId) -> Option<AccountId> {
        Delegation::owner_on_record(hotkey)
    }
}

/// Stake that has voted does not leave.
pub struct Votes;

impl pallet_delegation::StakeLocks<AccountId, Balance> for Votes {
    fn locked(who: &AccountId) -> Balance {
        Governance::locked(who)
    }

    fn on_stake_reduced(who: &AccountId, total: Balance) {
        Governance::on_stake_reduced(who, total);
    }

    fn on_stake_reduced_weight() -> Weight {
        <<Runtime as pallet_governance::Config>::WeightInfo as pallet_governance::WeightInfo>::on_stake_reduced()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn prepare_worst_case(who: &AccountId) {
        let prepared = Governance::expired_votes_for_benchmark(who);
        assert!(prepared.is_ok(), "{prepared:?}");
    }
}

/// Slashed TAO buys NI and is spent with it.
pub struct SlashedTao;

impl Get<AccountId> for SlashedTao {
    fn get() -> AccountId {
        Buyback::account()
    }
}

impl pallet_delegation::OnSlashed<Balance> for SlashedTao {
    fn on_slashed(amount: Balance) {
        let noted = Buyback::note_revenue(NativeOrWithId::WithId(TAO), amount);
        // It has just arrived; past what 128 bits count it would stay in the pot.
        frame_support::defensive_assert!(noted.is_ok(), "slashed TAO is revenue");
    }
}

/// What validators and their stakers go by now.
pub struct Staking;

impl Get<settings::DelegationParameters> for Staking {
    fn get() -> settings::DelegationParameters {
        settings::parameters::Delegation::get()
    }
}

/// Gives accounts TAO.
#[cfg(feature = "runtime-benchmarks")]
pub struct EndowTao;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_delegation::BenchmarkHelper<AccountId> for EndowTao {
    fn endow(who: &AccountId, amount: Balance) {
        use frame_support::traits::fungibles::Mutate;
        crate::Assets::mint_into(TAO, who, amount).expect("a benchmark's account can hold TAO");
    }
}

impl pallet_delegation::Config for Runtime {
    type Stake = ItemOf<AssetsHolder, Tao, AccountId>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Rewards = Balances;
    type Refused = Recycle<Runtime, ExpiredResults>;
    type Validators = RegisteredValidators;
    type Keys = Session;
    type Locks = Votes;
    type SlashDestination = SlashedTao;
    type OnSlashed = SlashedTao;
    type Parameters = Staking;
    type PalletId = StakersId;
    type MaxCandidates = ConstU32<200>;
    type MaxValidators = ConstU32<{ super::consensus::MAX_VALIDATORS }>;
    type MaxDelegations = ConstU32<16>;
    type MaxUnbonding = ConstU32<16>;
    type MaxCheckpoints = ConstU32<16>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_delegation::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = EndowTao;
}
