// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain of balances, a pool, and this pallet.

use crate::{
    self as pallet_emission, BalanceOf, Bonds, CreditOf, EmissionParameters, Event, Floor, Owners,
    Rounds, SupplySource, Tier, VerifiedResult,
};
use frame_support::{
    PalletId, derive_impl, parameter_types,
    traits::{
        ConstU32, ConstU128, Imbalance,
        fungible::{Balanced, Inspect, Mutate},
        tokens::{Fortitude, Precision, Preservation, imbalance::ResolveTo},
    },
    weights::RuntimeDbWeight,
};
use frame_system::EnsureRoot;
use sp_runtime::{
    BuildStorage, DispatchError, FixedU128, Perbill, Perquintill, TokenError,
    traits::IdentityLookup,
};

pub(crate) type AccountId = u64;
pub(crate) type Balance = u128;

/// One NI.
pub(crate) const NI: Balance = 1_000_000_000;
/// The minimum balance.
pub(crate) const ED: Balance = 500;
/// The weight of a MOPS at a multiplier of one.
pub(crate) const MOPS: u128 = 1_000_000;
/// The blocks of a round.
pub(crate) const ROUND: u64 = 300;
/// A day in blocks.
pub(crate) const DAY: u32 = 14_400;
/// A ratio that the bandwidth of any result here fills.
pub(crate) const ANY_RATIO: u32 = u32::MAX;
/// The bandwidth of a result that has walked.
pub(crate) const WALKED: u32 = 1_000;
/// Anybody, who owns nothing that is paid.
pub(crate) const ANYBODY: AccountId = 1;
/// Who only holds what was minted before a test begins.
const NOBODY: AccountId = 2;
const POOL: AccountId = 900;
const STAKERS: AccountId = 901;

parameter_types! {
    /// Weights of the database by which a weight tells how often it is used: a read
    /// counts in the 40th bit on, a write in the 52nd, above all that is computed.
    pub const Counted: RuntimeDbWeight = RuntimeDbWeight {
        read: 1 << 40,
        write: 1 << 52,
    };
    pub const PotId: PalletId = PalletId(*b"ni/emiss");
    pub const PoolAccount: AccountId = POOL;
    pub const StakersAccount: AccountId = STAKERS;
    pub static Cap: Balance = 21_000_000 * NI;
    pub static Minted: Balance = 0;
    pub static Parameters: EmissionParameters<Balance> = parameters();
    /// What stands behind every GPU.
    pub static Bond: Balance = 1_000_000 * NI;
    /// What an owner's number is above its hotkey's; none owns anything without.
    pub static OwnersFrom: Option<AccountId> = Some(1_000);
    /// Whether memory is verified.
    pub static VerifiesMemory: bool = true;
    /// What the supply keeps back of what it is asked for, or refuses all.
    pub static KeptBack: Result<Balance, DispatchError> = Ok(0);
}

pub(crate) fn parameters() -> EmissionParameters<Balance> {
    EmissionParameters {
        base: NI,
        drip: Perquintill::from_parts(2_000_000_000_000),
        max_round: 1_000,
        reference_weight: 100_000 * MOPS,
        stakers_share: Perbill::from_percent(50),
        day: DAY,
        retired_below: Perbill::from_percent(10),
    }
}

/// A row with a ratio that nobody exceeds who has walked at all.
pub(crate) fn tier(mops: u64, percent: u128, decay_per_mille: u32, target: u128) -> Tier {
    Tier {
        floor: Floor {
            mops,
            gib: 0,
            gbps: 0,
        },
        multiplier: FixedU128::from_rational(percent, 100),
        mops_per_gbps: ANY_RATIO,
        decay: Perbill::from_parts(decay_per_mille * 1_000_000),
        introduced_at: 0,
        target,
    }
}

/// A base row: all of a GPU counts in it.
pub(crate) fn base(mops: u64, percent: u128, decay_per_mille: u32, target: u128) -> Tier {
    Tier {
        mops_per_gbps: 0,
        ..tier(mops, percent, decay_per_mille, target)
    }
}

/// Three generations.
pub(crate) fn tiers() -> Vec<Tier> {
    vec![
        base(1_000, 50, 3, 10_000),
        tier(5_000, 100, 2, 50_000),
        tier(20_000, 150, 1, 200_000),
    ]
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
    pub type Emission = pallet_emission;
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

impl pallet_emission::Config for Test {
    type Currency = Balances;
    type PalletId = PotId;
    type Supply = MockSupply;
    type Expired = ResolveTo<PoolAccount, Balances>;
    type Stakers = ResolveTo<StakersAccount, Balances>;
    type Owners = MockMiners;
    type Bonds = MockMiners;
    type Parameters = Parameters;
    type TiersOrigin = EnsureRoot<AccountId>;
    type ClaimRounds = ConstU32<3>;
    type VerifiesMemory = VerifiesMemory;
    type MaxTiers = ConstU32<4>;
    type BlockNumberProvider = System;
    type WeightInfo = ();
}

/// A pool account, and a count of what was minted.
pub struct MockSupply;

impl MockSupply {
    /// Keeps back what a test wants kept back of `credit`.
    fn pass_on(credit: CreditOf<Test>) -> Result<CreditOf<Test>, DispatchError> {
        let (_, passed) = credit.split(KeptBack::get()?);
        Ok(passed)
    }
}

impl SupplySource for MockSupply {
    type Balance = BalanceOf<Test>;
    type Credit = CreditOf<Test>;

    fn pool() -> Balance {
        Balances::balance(&POOL).saturating_sub(ED)
    }

    fn minted() -> Balance {
        Minted::get()
    }

    fn cap() -> Balance {
        Cap::get()
    }

    fn draw(amount: Balance) -> Result<CreditOf<Test>, DispatchError> {
        Self::pass_on(Balances::withdraw(
            &POOL,
            amount,
            Precision::Exact,
            Preservation::Preserve,
            Fortitude::Polite,
        )?)
    }

    fn mint(amount: Balance) -> Result<CreditOf<Test>, DispatchError> {
        if Minted::get() + amount > Cap::get() {
            return Err(TokenError::CannotCreate.into());
        }
        let credit = Self::pass_on(Balances::issue(amount))?;
        Minted::mutate(|minted| *minted += amount);
        Ok(credit)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn fund_pool(amount: Balance) {
        fund_pool(amount);
    }
}

/// Every hotkey is registered.
pub struct MockMiners;

impl Owners<AccountId> for MockMiners {
    fn owner_of(hotkey: &AccountId) -> Option<AccountId> {
        OwnersFrom::get().map(|from| from.wrapping_add(*hotkey))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, owner: &AccountId) {
        OwnersFrom::set(Some(owner.wrapping_sub(*hotkey)));
    }
}

impl Bonds<AccountId, Balance> for MockMiners {
    fn bond_of(_: &AccountId, _: u32) -> Balance {
        Bond::get()
    }
}

pub(crate) fn genesis(tiers: Vec<Tier>) -> sp_io::TestExternalities {
    Cap::set(21_000_000 * NI);
    Parameters::set(parameters());
    Bond::set(1_000_000 * NI);
    OwnersFrom::set(Some(1_000));
    KeptBack::set(Ok(0));
    VerifiesMemory::set(true);
    Minted::set(2 * ED);
    let config = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances: vec![(POOL, ED), (STAKERS, ED)],
            dev_accounts: None,
        },
        emission: crate::GenesisConfig {
            tiers,
            ..Default::default()
        },
    };
    let mut ext: sp_io::TestExternalities = config
        .build_storage()
        .expect("the mock's genesis is valid")
        .into();
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs a test from genesis and checks after it every invariant, that the pot
/// holds what it owes to the unit, and that no credit was dropped on the way.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    genesis(tiers()).execute_with(|| {
        test();
        check();
    });
}

pub(crate) fn check() {
    Emission::do_try_state().expect("the invariants hold");
    let owed: Balance = Rounds::<Test>::iter_values()
        .map(|round| round.credited - round.claimed)
        .sum();
    assert_eq!(pot(), ED + owed, "the pot holds what it owes, to the unit");
    assert_eq!(
        Balances::total_issuance(),
        Minted::get(),
        "nothing was dropped"
    );
}

/// A GPU's result as a reveal makes it, of a memory with bandwidth enough for any row.
pub(crate) fn revealed(hotkey: AccountId, window: u32, mops: u64) -> VerifiedResult<AccountId> {
    VerifiedResult {
        window,
        hotkey,
        gpu: 0,
        mops,
        gib: 0,
        gbps: WALKED,
        confirmed: false,
        samples: 16,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
        capacity: 100,
        commits: 1_000,
    }
}

pub(crate) fn note(hotkey: AccountId, window: u32, mops: u64) {
    Emission::note_result(&revealed(hotkey, window, mops));
}

/// Closes a window one round later than the last.
pub(crate) fn settle(window: u32) {
    settle_after(window, ROUND);
}

pub(crate) fn settle_after(window: u32, blocks: u64) {
    let opened_at = System::block_number();
    let closed_at = opened_at + blocks;
    System::set_block_number(closed_at);
    Emission::settle(window, opened_at, closed_at);
}

/// Settles a window in which one result of the newest tier earned everything.
pub(crate) fn settle_with_one(hotkey: AccountId, window: u32) {
    note(hotkey, window, 30_001);
    Parameters::mutate(|parameters| parameters.reference_weight = 1);
    settle(window);
}

pub(crate) fn fund_pool(amount: Balance) {
    Minted::mutate(|minted| *minted += amount);
    Balances::mint_into(&POOL, amount).expect("the pool's account lives");
}

/// Pays fees out of what was minted to nobody before.
pub(crate) fn recycle(amount: Balance) {
    let moved = Balances::transfer(&NOBODY, &POOL, amount, Preservation::Preserve);
    assert_eq!(moved, Ok(amount));
}

/// Lets so much have been minted that somebody else holds.
pub(crate) fn mint_to_nobody(amount: Balance) {
    Minted::mutate(|minted| *minted += amount);
    Balances::mint_into(&NOBODY, amount).expect("more than the minimum balance");
}

pub(crate) fn pool() -> Balance {
    MockSupply::pool()
}

pub(crate) fn stakers() -> Balance {
    Balances::balance(&STAKERS) - ED
}

pub(crate) fn pot() -> Balance {
    Balances::balance(&Emission::pot())
}

/// What the owner of a hotkey has.
pub(crate) fn earned(hotkey: AccountId) -> Balance {
    Balances::balance(&(1_000 + hotkey))
}

/// The pallet's events since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
    let events = System::read_events_for_pallet::<Event<Test>>();
    System::reset_events();
    events
}
