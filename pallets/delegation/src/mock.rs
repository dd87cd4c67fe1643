// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain of balances, for what is earned, and of an asset, for what is staked,
//! held by `pallet-assets-holder`; and this pallet.

use crate::{
    self as pallet_delegation, Balance, CurrentState, DelegationParameters, Event, HoldReason,
    OnSlashed, StakeLocks, Stakers, Validators,
};
use frame_support::{
    PalletId, derive_impl, parameter_types,
    traits::{
        AsEnsureOriginWithArg, ConstU32, ConstU128, OnUnbalanced, ValidatorRegistration,
        fungible::{self, Balanced, Inspect, InspectHold, Mutate},
        tokens::imbalance::ResolveTo,
    },
    weights::{RuntimeDbWeight, Weight},
};
use frame_system::{EnsureNever, EnsureRoot};
use pallet_authorship::EventHandler;
use pallet_session::SessionManager;
use sp_runtime::{BuildStorage, Perbill, traits::IdentityLookup};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) type AccountId = u64;
pub(crate) type BlockNumber = u64;
pub(crate) type Parameter = DelegationParameters<BlockNumber>;

/// The minimum balance of what is earned.
pub(crate) const ED: Balance = 500;
/// The staked asset.
pub(crate) const TAO: u32 = 1;
/// An owner, with the validator `VAL_A`.
pub(crate) const OWNER_A: AccountId = 1;
pub(crate) const OWNER_B: AccountId = 2;
pub(crate) const OWNER_C: AccountId = 3;
pub(crate) const ALICE: AccountId = 4;
pub(crate) const BOB: AccountId = 5;
/// Hotkeys: each is its owner's number and ten.
pub(crate) const VAL_A: AccountId = 11;
pub(crate) const VAL_B: AccountId = 12;
pub(crate) const VAL_C: AccountId = 13;
pub(crate) const SLASHED: AccountId = 900;
pub(crate) const REFUSED: AccountId = 901;
/// What each of the first accounts has of the staked asset.
pub(crate) const ENDOWED: Balance = 10u128.pow(24);
/// The required self-stake.
pub(crate) const SELF_STAKE: Balance = 1_000;
/// What telling of a slash weighs.
pub(crate) const REDUCED_WEIGHT: Weight = Weight::from_parts(7, 3);
pub(crate) const UNBONDING: BlockNumber = 100;
pub(crate) const INTERVAL: BlockNumber = 50;

parameter_types! {
    /// Weights of the database by which a weight tells how often it is used: a read
    /// counts in the 40th bit on, a write in the 52nd, above all that is computed.
    pub const Counted: RuntimeDbWeight = RuntimeDbWeight {
        read: 1 << 40,
        write: 1 << 52,
    };
    pub const PotId: PalletId = PalletId(*b"ni/deleg");
    pub const Tao: u32 = TAO;
    pub const SlashedAccount: AccountId = SLASHED;
    pub const RefusedAccount: AccountId = REFUSED;
    pub static Parameters: Parameter = parameters();
    /// Owners of hotkeys that are registered.
    pub static Owners: BTreeMap<AccountId, AccountId> = BTreeMap::new();
    /// Hotkeys without session keys.
    pub static Keyless: BTreeSet<AccountId> = BTreeSet::new();
    /// What a test locks of each account's stake.
    pub static Locked: Balance = 0;
    /// Whose stake was reduced to what.
    pub static Reduced: Vec<(AccountId, Balance)> = Vec::new();
    /// What slashes brought.
    pub static SlashedAmounts: Vec<Balance> = Vec::new();
}

pub(crate) fn parameters() -> Parameter {
    DelegationParameters {
        self_stake: SELF_STAKE,
        min_stake: 1,
        validators: 2,
        unbonding: UNBONDING,
        max_commission: Perbill::from_percent(50),
        max_commission_rise: Perbill::from_percent(5),
        commission_interval: INTERVAL,
        min_slash: Perbill::from_percent(10),
    }
}

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Assets = pallet_assets;
    #[runtime::pallet_index(3)]
    pub type AssetsHolder = pallet_assets_holder;
    #[runtime::pallet_index(4)]
    pub type Delegation = pallet_delegation;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type DbWeight = Counted;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ConstU128<ED>;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
    type Balance = Balance;
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureNever<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type Holder = AssetsHolder;
    type Freezer = ();
}

impl pallet_assets_holder::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

/// What is staked.
pub(crate) type Stake = fungible::ItemOf<AssetsHolder, Tao, AccountId>;

impl pallet_delegation::Config for Test {
    type Stake = Stake;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Rewards = Balances;
    type Refused = ResolveTo<RefusedAccount, Balances>;
    type Validators = Registry;
    type Keys = Registry;
    type Locks = Registry;
    type SlashDestination = SlashedAccount;
    type OnSlashed = Registry;
    type Parameters = Parameters;
    type PalletId = PotId;
    type MaxCandidates = ConstU32<3>;
    type MaxValidators = ConstU32<3>;
    type MaxDelegations = ConstU32<3>;
    type MaxUnbonding = ConstU32<3>;
    type MaxCheckpoints = ConstU32<3>;
    type BlockNumberProvider = System;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Registry;
}

/// What a test says of hotkeys and locks.
pub struct Registry;

impl Validators<AccountId> for Registry {
    fn owner_of(hotkey: &AccountId) -> Option<AccountId> {
        Owners::get().get(hotkey).copied()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, owner: &AccountId) {
        Owners::mutate(|owners| owners.insert(*hotkey, *owner));
    }
}

impl ValidatorRegistration<AccountId> for Registry {
    fn is_registered(hotkey: &AccountId) -> bool {
        !Keyless::get().contains(hotkey)
    }
}

impl StakeLocks<AccountId, Balance> for Registry {
    fn locked(_: &AccountId) -> Balance {
        Locked::get()
    }

    fn on_stake_reduced(who: &AccountId, total: Balance) {
        Reduced::mutate(|reduced| reduced.push((*who, total)));
    }

    fn on_stake_reduced_weight() -> Weight {
        REDUCED_WEIGHT
    }
}

impl OnSlashed<Balance> for Registry {
    fn on_slashed(amount: Balance) {
        SlashedAmounts::mutate(|amounts| amounts.push(amount));
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId> for Registry {
    fn endow(who: &AccountId, amount: Balance) {
        endow(*who, amount);
    }
}

/// Gives an account some of the staked asset.
pub(crate) fn endow(who: AccountId, amount: Balance) {
    let minted =
        <Assets as frame_support::traits::fungibles::Mutate<_>>::mint_into(TAO, &who, amount);
    assert_eq!(minted, Ok(amount));
}

/// A chain with candidates: hotkey, owner, self-stake, commission.
pub(crate) fn genesis(
    candidates: Vec<(AccountId, AccountId, Balance, Perbill)>,
) -> sp_io::TestExternalities {
    Parameters::set(parameters());
    Owners::set((1..=9).map(|owner| (owner + 10, owner)).collect());
    Keyless::set(BTreeSet::new());
    Locked::set(0);
    Reduced::set(Vec::new());
    SlashedAmounts::set(Vec::new());
    let config = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances: [REFUSED]
                .into_iter()
                .chain(1..=9)
                .map(|who| (who, ED))
                .collect(),
            dev_accounts: None,
        },
        assets: pallet_assets::GenesisConfig {
            assets: vec![(TAO, SLASHED, true, 1)],
            metadata: Vec::new(),
            accounts: (1..=9)
                .map(|who| (TAO, who, ENDOWED))
                .chain([(TAO, SLASHED, 1)])
                .collect(),
            next_asset_id: None,
            reserves: Vec::new(),
        },
        delegation: crate::GenesisConfig { candidates },
    };
    let mut ext: sp_io::TestExternalities = config
        .build_storage()
        .expect("the mock's genesis is valid")
        .into();
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// The validators A and B of a session that runs, without commission.
pub(crate) fn two() -> Vec<(AccountId, AccountId, Balance, Perbill)> {
    vec![
        (VAL_A, OWNER_A, SELF_STAKE, Perbill::zero()),
        (VAL_B, OWNER_B, SELF_STAKE, Perbill::zero()),
    ]
}

/// Runs a test from genesis with two candidates and checks every invariant after
/// it, and that the staked asset's issuance is what the accounts have.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    genesis(two()).execute_with(|| {
        test();
        check();
    });
}

pub(crate) fn check() {
    Delegation::do_try_state().expect("the invariants hold");
    let accounts: Balance = (1..=9)
        .chain([SLASHED])
        .map(|who| Stake::total_balance(&who))
        .sum();
    assert_eq!(accounts, 9 * ENDOWED + 1, "no stake was lost");
}

pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

pub(crate) fn stake(who: AccountId, validator: AccountId, amount: Balance) {
    assert_eq!(Delegation::stake(signed(who), validator, amount), Ok(()));
}

pub(crate) fn unstake(who: AccountId, validator: AccountId, amount: Balance) {
    assert_eq!(Delegation::unstake(signed(who), validator, amount), Ok(()));
}

/// Begins the next session, and no round.
pub(crate) fn next_session() {
    let next = Delegation::state().session + 1;
    <Delegation as SessionManager<AccountId>>::start_session(next);
}

/// Begins the next round, the running one ending without a reward.
pub(crate) fn next_round() {
    let mut state = Delegation::state();
    assert!(Delegation::close(&mut state, 0).is_ok());
    CurrentState::<Test>::put(state);
}

/// Begins the next session with a round, so that all stake there is is active in it.
pub(crate) fn activate() {
    next_session();
    next_round();
}

/// Has a validator author blocks.
pub(crate) fn author(validator: AccountId, blocks: u32) {
    for _ in 0..blocks {
        <Delegation as EventHandler<_, _>>::note_author(validator);
    }
}

/// Pays a round's stakers' part in.
pub(crate) fn reward(amount: Balance) {
    <Delegation as OnUnbalanced<_>>::on_unbalanced(Balances::issue(amount));
}

/// Claims, and returns what was paid.
pub(crate) fn claim(who: AccountId, validator: AccountId) -> Balance {
    let before = Balances::balance(&who);
    match Delegation::claim(signed(who), validator) {
        Ok(()) => Balances::balance(&who) - before,
        Err(error) => {
            assert_eq!(error, crate::Error::<Test>::NothingToClaim.into());
            0
        }
    }
}

pub(crate) fn forward(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}

pub(crate) fn held(who: AccountId) -> Balance {
    Stake::balance_on_hold(&HoldReason::Stake.into(), &who)
}

/// What an account has staked and is not unbonding.
pub(crate) fn staked(who: AccountId) -> Balance {
    Stakers::<Test>::get(who).staked().expect("small")
}

/// What the pot has beyond what it lives on.
pub(crate) fn pot() -> Balance {
    Balances::balance(&Delegation::pot()) - ED
}

/// Sets what an account has of what is earned.
pub(crate) fn set_balance(who: AccountId, amount: Balance) {
    assert_eq!(Balances::set_balance(&who, amount), amount);
}

/// The pallet's events since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
    let events = System::read_events_for_pallet::<Event<Test>>();
    System::reset_events();
    events
}
