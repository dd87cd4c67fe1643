// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain of balances and this pallet. Fees and slashes end in accounts of their
//! own, so that a test sees where every unit went.

use crate::{self as pallet_registration, Pallet, PriceBounds, RegistrationParameters, Role};
use frame_support::{
    derive_impl, parameter_types,
    traits::{
        ConstU32, ConstU128,
        fungible::{InspectHold, Mutate},
        tokens::imbalance::ResolveTo,
    },
    weights::{RuntimeDbWeight, Weight},
};
use sp_runtime::{BuildStorage, FixedU128, traits::IdentityLookup};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) type AccountId = u64;
pub(crate) type Balance = u128;
pub(crate) type BlockNumber = u64;
pub(crate) type Parameter = RegistrationParameters<Balance, BlockNumber>;

/// What the leaving of a GPU weighs elsewhere.
pub(crate) const LEAVING_WEIGHT: Weight = Weight::from_parts(7, 3);
/// The minimum balance.
pub(crate) const ED: Balance = 500;
pub(crate) const ALICE: AccountId = 1;
pub(crate) const BOB: AccountId = 2;
pub(crate) const REPORTER: AccountId = 3;
pub(crate) const FEES: AccountId = 4;
pub(crate) const SLASHES: AccountId = 5;
/// A hotkey without an account.
pub(crate) const HOTKEY: AccountId = 10;
/// What each of the accounts above has at genesis.
pub(crate) const ENDOWED: Balance = 1_000_000;
pub(crate) const MAX_SLOTS: u32 = 6;

pub(crate) const FLOOR: Balance = 1_000;
pub(crate) const BOND: Balance = 10_000;
pub(crate) const TERM: BlockNumber = 1_000;
pub(crate) const HALF_LIFE: BlockNumber = 100;
pub(crate) const COOL_DOWN: BlockNumber = 50;
/// The block tests begin in.
pub(crate) const START: BlockNumber = 1;

parameter_types! {
    /// Weights of the database by which a weight tells how often it is used: a read
    /// counts in the 40th bit on, a write in the 52nd, above all that is computed.
    pub const Counted: RuntimeDbWeight = RuntimeDbWeight {
        read: 1 << 40,
        write: 1 << 52,
    };
    pub static Parameters: Parameter = RegistrationParameters {
        miner: PriceBounds { floor: FLOOR, ceiling: 100_000 },
        validator: PriceBounds { floor: 5_000, ceiling: 6_000 },
        bump: FixedU128::from_inner(1_260_000_000_000_000_000),
        half_life: HALF_LIFE,
        slots_per_call: 4,
        term: TERM,
        bond: BOND,
        cool_down: COOL_DOWN,
    };
    pub const FeesAccount: AccountId = FEES;
    pub const SlashesAccount: AccountId = SLASHES;
    /// GPUs with something to answer for.
    pub static Unresolved: BTreeSet<(AccountId, u32)> = BTreeSet::new();
    /// Hotkeys that are kept, and for whom.
    pub static Kept: BTreeMap<AccountId, AccountId> = BTreeMap::new();
    /// GPUs that left, and who owned them when they did.
    pub static Left: Vec<(AccountId, u32, Option<AccountId>)> = Vec::new();
}

/// What a test says keeps a GPU from leaving.
pub struct Judgement;

impl pallet_registration::Leaving<AccountId> for Judgement {
    fn may_leave(hotkey: &AccountId, gpu: u32) -> bool {
        !Unresolved::get().contains(&(*hotkey, gpu))
    }

    fn on_left(hotkey: &AccountId, gpu: u32) {
        Left::mutate(|left| left.push((*hotkey, gpu, Registration::owner_of(hotkey))));
    }

    fn weight() -> Weight {
        LEAVING_WEIGHT
    }
}

impl pallet_registration::Reserved<AccountId> for Judgement {
    fn reserved_for(hotkey: &AccountId) -> Option<AccountId> {
        Kept::get().get(hotkey).copied()
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
    pub type Registration = pallet_registration;
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
    type DustRemoval = ResolveTo<SlashesAccount, Balances>;
}

impl pallet_registration::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Fees = ResolveTo<FeesAccount, Balances>;
    type Slashes = ResolveTo<SlashesAccount, Balances>;
    type Leaving = Judgement;
    type Reserved = Judgement;
    type Parameters = Parameters;
    type MaxSlots = ConstU32<MAX_SLOTS>;
    type BlockNumberProvider = System;
    type WeightInfo = ();
}

/// A chain on which validators, as (hotkey, owner), are registered from the start.
pub(crate) fn genesis(validators: Vec<(AccountId, AccountId)>) -> sp_io::TestExternalities {
    let config = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances: [ALICE, BOB, REPORTER, FEES, SLASHES]
                .map(|who| (who, ENDOWED))
                .to_vec(),
            dev_accounts: None,
        },
        registration: pallet_registration::GenesisConfig { validators },
    };
    let mut ext: sp_io::TestExternalities = config
        .build_storage()
        .expect("the mock's genesis is valid")
        .into();
    ext.execute_with(|| System::set_block_number(START));
    ext
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    genesis(Vec::new())
}

/// Runs a test from genesis and checks every invariant after it.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Pallet::<Test>::do_try_state().expect("the invariants hold after the test");
        let accounts: Balance = frame_system::Account::<Test>::iter_values()
            .map(|account| account.data.free + account.data.reserved)
            .sum();
        assert_eq!(
            accounts,
            5 * ENDOWED,
            "no unit came from nowhere or was lost"
        );
    });
}

pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Registers `HOTKEY` for Alice as a miner, at any price.
pub(crate) fn register_miner(slots: u32) {
    let registered =
        Registration::register(signed(ALICE), HOTKEY, Role::Miner, slots, Balance::MAX);
    assert_eq!(registered, Ok(()));
}

pub(crate) fn forward(blocks: BlockNumber) {
    System::set_block_number(System::block_number() + blocks);
}

pub(crate) fn held(who: AccountId) -> Balance {
    Balances::balance_on_hold(&pallet_registration::HoldReason::Bond.into(), &who)
}

/// Leaves an account with this much free, the rest being with Bob.
pub(crate) fn set_free(who: AccountId, free: Balance) {
    use frame_support::traits::fungible::Inspect;
    let surplus = Balances::balance(&who)
        .checked_sub(free)
        .expect("it has that much");
    let moved = <Balances as Mutate<_>>::transfer(
        &who,
        &BOB,
        surplus,
        frame_support::traits::tokens::Preservation::Expendable,
    );
    assert_eq!(moved, Ok(surplus));
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<pallet_registration::Event<Test>> {
    let events = System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Registration(event) => Some(event),
            _ => None,
        })
        .collect();
    System::reset_events();
    events
}
