// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! NI: balances, fees, and where each unit that leaves an account goes.

use super::proof::{CLAIM_ROUNDS, Leaving};
use crate::{
    AccountId, Authorship, Balance, Balances, Delegation, EXISTENTIAL_DEPOSIT, NI, ProofOfGpu,
    Registration, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, Supply, System,
    settings,
};
#[cfg(feature = "runtime-benchmarks")]
use frame_support::traits::{OnUnbalanced, fungible::Balanced};
use frame_support::{
    PalletId, parameter_types,
    traits::{ConstU8, ConstU32, ConstU128, Get, VariantCountOf},
    weights::{ConstantMultiplier, Weight, WeightToFee},
};
use pallet_supply::{
    Burn, BurnFeeTipTo, CreditOf, Dust, ExpiredResults, MintReason, Recycle, RegistrationFees,
    Slashes,
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{DispatchError, FixedPointNumber, Perquintill, traits::Bounded};

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = Burn<Runtime, Dust>;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

/// The author of the current block.
pub struct Author;

impl Get<Option<AccountId>> for Author {
    fn get() -> Option<AccountId> {
        Authorship::author()
    }
}

/// What compute costs: 1 NI a second of reference time, rounded up.
pub struct ComputeFee;

impl WeightToFee for ComputeFee {
    type Balance = Balance;

    fn weight_to_fee(weight: &Weight) -> Balance {
        const PICOSECONDS_A_UNIT: Balance = 1_000_000_000_000 / NI;
        Balance::from(weight.ref_time()).div_ceil(PICOSECONDS_A_UNIT)
    }
}

parameter_types! {
    /// What a byte costs: with this a block full of bytes costs what a block
    /// full of compute does.
    pub const ByteFee: Balance = 400;
    /// How full a block is at which fees stay what they are.
    pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
    /// How fast fees follow: at most 3% in 1,000 full blocks.
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(3, 100_000);
    /// Fees never fall below what the two tables above say.
    pub const MinimumMultiplier: Multiplier = Multiplier::from_u32(1);
    /// Nor do they know an upper bound.
    pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

/// The base fee is burned and the tip goes to the block's author.
impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, BurnFeeTipTo<Runtime, Author>>;
    type WeightToFee = ComputeFee;
    type LengthToFee = ConstantMultiplier<Balance, ByteFee>;
    type FeeMultiplierUpdate = TargetedFeeAdjustment<
        Runtime,
        TargetFullness,
        AdjustmentVariable,
        MinimumMultiplier,
        MaximumMultiplier,
    >;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_skip_feeless_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
}

/// The most NI ever minted, genesis included.
pub const CAP: Balance = 21_000_000 * NI;

parameter_types! {
    /// Where the recycle pool is.
    pub const PoolId: PalletId = PalletId(*b"ni/recyc");
    /// Where what miners have been credited waits to be paid.
    pub const PotId: PalletId = PalletId(*b"ni/miner");
    /// The most NI ever minted.
    pub const Cap: Balance = CAP;
}

impl pallet_supply::Config for Runtime {
    type Currency = Balances;
    type PalletId = PoolId;
    type Cap = Cap;
    type WeightInfo = pallet_supply::weights::SubstrateWeight<Runtime>;
}

/// What registering costs now.
pub struct Prices;

impl Get<settings::RegistrationParameters> for Prices {
    fn get() -> settings::RegistrationParameters {
        settings::parameters::Registration::get()
    }
}

/// Fees are recycled and slashes burned.
impl pallet_registration::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Fees = Recycle<Runtime, RegistrationFees>;
    type Slashes = Burn<Runtime, Slashes>;
    type Leaving = Leaving;
    type Reserved = super::staking::RegisteredValidators;
    type Parameters = Prices;
    type MaxSlots = ConstU32<64>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_registration::weights::SubstrateWeight<Runtime>;
}

/// Pays rounds out of the recycle pool, and mints what it lacks.
pub struct FromSupply;

impl pallet_emission::SupplySource for FromSupply {
    type Balance = Balance;
    type Credit = CreditOf<Runtime>;

    fn pool() -> Balance {
        Supply::pool()
    }

    fn minted() -> Balance {
        Supply::minted()
    }

    fn cap() -> Balance {
        Supply::cap()
    }

    fn draw(amount: Balance) -> Result<CreditOf<Runtime>, DispatchError> {
        Supply::draw(amount)
    }

    fn mint(amount: Balance) -> Result<CreditOf<Runtime>, DispatchError> {
        Supply::mint(amount, MintReason::Emission)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn fund_pool(amount: Balance) {
        Recycle::<Runtime, RegistrationFees>::on_unbalanced(Balances::issue(amount));
    }
}

/// Who is paid: the account that registered the hotkey. What bounds the pay: the
/// GPU's bond.
pub struct Owners;

impl pallet_emission::Owners<AccountId> for Owners {
    fn owner_of(hotkey: &AccountId) -> Option<AccountId> {
        Registration::owner_of(hotkey)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, owner: &AccountId) {
        let parameters = Prices::get();
        let funds = parameters.bond + parameters.miner.ceiling + EXISTENTIAL_DEPOSIT;
        let funded = Balances::resolve(owner, Balances::issue(funds)).is_ok();
        assert!(funded, "a benchmark's owner can be funded");
        Registration::register(
            crate::RuntimeOrigin::signed(owner.clone()),
            hotkey.clone(),
            pallet_registration::Role::Miner,
            1,
            parameters.miner.ceiling,
        )
        .expect("a benchmark's miner can be registered");
    }
}

impl pallet_emission::Bonds<AccountId, Balance> for Owners {
    fn bond_of(hotkey: &AccountId, gpu: u32) -> Balance {
        let bond = Registration::bond_of(hotkey, gpu);
        ProofOfGpu::bond_at_commit(hotkey, gpu).map_or(bond, |risked| bond.min(risked))
    }
}

/// What a round pays.
pub struct Schedule;

impl Get<settings::EmissionParameters> for Schedule {
    fn get() -> settings::EmissionParameters {
        settings::parameters::Emission::get()
    }
}

/// Whether the windows to come ask for a memory walk.
pub struct AsksForWalks;

impl Get<bool> for AsksForWalks {
    fn get() -> bool {
        settings::parameters::Window::get().walk.is_some()
    }
}

impl pallet_emission::Config for Runtime {
    type Currency = Balances;
    type PalletId = PotId;
    type Supply = FromSupply;
    type Expired = Recycle<Runtime, ExpiredResults>;
    type Stakers = Delegation;
    type Owners = Owners;
    type Bonds = Owners;
    type Parameters = Schedule;
    type TiersOrigin = pallet_governance::EnsureTiers;
    type ClaimRounds = ConstU32<CLAIM_ROUNDS>;
    type VerifiesMemory = AsksForWalks;
    type MaxTiers = ConstU32<{ pallet_emission::MAX_TIERS }>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_emission::weights::SubstrateWeight<Runtime>;
}
