// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain of balances and this pallet.

use crate::{self as pallet_supply, Burn, CreditOf, Dust, MintReason, Pallet};
use frame_support::{
    PalletId, derive_impl, parameter_types,
    traits::{ConstU128, fungible::Balanced},
};
use sp_runtime::{BuildStorage, traits::IdentityLookup};

pub(crate) type AccountId = u64;
pub(crate) type Balance = u128;

/// One NI.
pub(crate) const NI: Balance = 1_000_000_000;
/// The minimum balance.
pub(crate) const ED: Balance = 500;
pub(crate) const CAP: Balance = 21_000_000 * NI;
pub(crate) const ALICE: AccountId = 1;
pub(crate) const BOB: AccountId = 2;
/// What Alice and Bob have at genesis.
pub(crate) const ENDOWED: Balance = 1_000 * NI;
/// What is minted at genesis: theirs and the pool's minimum balance.
pub(crate) const GENESIS: Balance = 2 * ENDOWED + ED;

parameter_types! {
    pub const PoolId: PalletId = PalletId(*b"ni/suply");
    /// The author of the block, for the tip.
    pub static Author: Option<AccountId> = None;
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
    pub type Supply = pallet_supply;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ConstU128<ED>;
    type DustRemoval = Burn<Test, Dust>;
}

impl pallet_supply::Config for Test {
    type Currency = Balances;
    type PalletId = PoolId;
    type Cap = ConstU128<CAP>;
    type WeightInfo = ();
}

pub(crate) fn genesis(balances: Vec<(AccountId, Balance)>) -> sp_io::TestExternalities {
    let config = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances,
            dev_accounts: None,
        },
        supply: Default::default(),
    };
    let mut ext: sp_io::TestExternalities = config
        .build_storage()
        .expect("the mock's genesis is valid")
        .into();
    ext.execute_with(|| System::set_block_number(1));
    ext
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    genesis(vec![(ALICE, ENDOWED), (BOB, ENDOWED)])
}

/// Runs a test from genesis and checks every invariant after it.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Pallet::<Test>::do_try_state().expect("the invariants hold after the test");
    });
}

/// A credit to feed a sink with, taken from an account.
pub(crate) fn credit_from(who: AccountId, amount: Balance) -> CreditOf<Test> {
    use frame_support::traits::tokens::{Fortitude, Precision, Preservation};
    Balances::withdraw(
        &who,
        amount,
        Precision::Exact,
        Preservation::Expendable,
        Fortitude::Polite,
    )
    .expect("the account has it")
}

/// Mints to an account.
pub(crate) fn mint_to(who: AccountId, amount: Balance) {
    let credit = Supply::mint(amount, MintReason::Emission).expect("under the cap");
    Balances::resolve(&who, credit).expect("the account can take it");
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<pallet_supply::Event<Test>> {
    let events = System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Supply(event) => Some(event),
            _ => None,
        })
        .collect();
    System::reset_events();
    events
}
