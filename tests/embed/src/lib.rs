// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The runtime of somebody who wants two of the pallets and nothing else of this
//! project: a plain balance, a supply with a cap and a recycle pool, and leases for
//! hotkeys. What it proves is in `tests/`.

#![cfg_attr(not(feature = "std"), no_std)]
// The macro that composes the runtime writes public items without documentation.
#![allow(missing_docs)]

extern crate alloc;

mod apis;

use alloc::{borrow::Cow, vec::Vec};
use frame_support::{
    PalletId, derive_impl, parameter_types,
    traits::{ConstU32, ConstU128},
};
use pallet_registration::{PriceBounds, RegistrationParameters};
use pallet_supply::{Burn, Dust, Recycle, RegistrationFees, Slashes};
use sp_runtime::{
    FixedU128, MultiAddress, MultiSignature, generic,
    traits::{AccountIdLookup, BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

#[cfg(feature = "std")]
pub use apis::api;

/// A signature by any of the supported schemes.
pub type Signature = MultiSignature;
/// An account.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// An amount in the smallest unit.
pub type Balance = u128;
/// A block's number.
pub type BlockNumber = u32;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block of this runtime's transactions.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// What a transaction is checked for.
pub type TxExtension = (
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
);
/// A transaction.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<MultiAddress<AccountId, ()>, RuntimeCall, Signature, TxExtension>;

/// Executes blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// One whole token.
pub const UNIT: Balance = 1_000_000_000;
/// The smallest balance that keeps an account alive.
pub const EXISTENTIAL_DEPOSIT: Balance = 1_000_000;

/// This runtime's version.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("embed"),
    impl_name: Cow::Borrowed("embed"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    /// The runtime.
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
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Supply = pallet_supply;
    #[runtime::pallet_index(3)]
    pub type Registration = pallet_registration;
}

parameter_types! {
    /// This runtime's version.
    pub const Version: RuntimeVersion = VERSION;
    /// Where the recycle pool is.
    pub const PoolId: PalletId = PalletId(*b"em/recyc");
    /// What a place costs, and its bond.
    pub const Places: RegistrationParameters<Balance, BlockNumber> = RegistrationParameters {
        miner: PriceBounds { floor: UNIT, ceiling: 1_000 * UNIT },
        validator: PriceBounds { floor: 10 * UNIT, ceiling: 1_000 * UNIT },
        bump: FixedU128::from_rational(126, 100),
        half_life: 100,
        slots_per_call: 4,
        term: 10_000,
        bond: 50 * UNIT,
        cool_down: 100,
    };
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type Nonce = u32;
    type AccountData = pallet_balances::AccountData<Balance>;
    type Version = Version;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type DustRemoval = Burn<Runtime, Dust>;
}

impl pallet_supply::Config for Runtime {
    type Currency = Balances;
    type PalletId = PoolId;
    type Cap = ConstU128<{ 1_000_000 * UNIT }>;
    type WeightInfo = pallet_supply::weights::SubstrateWeight<Runtime>;
}

impl pallet_registration::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Fees = Recycle<Runtime, RegistrationFees>;
    type Slashes = Burn<Runtime, Slashes>;
    type Leaving = ();
    type Reserved = ();
    type Parameters = Places;
    type MaxSlots = ConstU32<4>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_registration::weights::SubstrateWeight<Runtime>;
}
