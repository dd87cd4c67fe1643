// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How stakers decide: referenda, what they can set, and when it is enacted.
//!
//! There is no sudo and no track has Root: a referendum sets hyperparameters, the
//! tier table, the assets revenue comes in, or authorises the hash of new code. New
//! code can change anything, and so can whoever decides on it. What each track reaches
//! is a table in `docs/trust.md`; the test `tracks` searches for more.
//!
//! What may be minted of TAO a day is bounded by all stake, and one track is fast and
//! can only revoke. Together they keep a false mint from deciding anything: before it
//! weighs what the least demanding track asks for, the operator is revoked.

use crate::{
    AccountId, Balance, Balances, BlockNumber, Delegation, NI, OriginCaller, Preimage, Referenda,
    Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, Scheduler, System,
    TAO_UNIT, USD_UNIT,
    configs::{market::TAO, system::BLOCK_WEIGHT},
    settings,
};
use alloc::borrow::Cow;
#[cfg(any(feature = "std", feature = "try-runtime"))]
use alloc::vec::Vec;
use frame_support::{
    parameter_types,
    traits::{
        AsEnsureOriginWithArg, ConstU32, ConstU128, EitherOf, EqualPrivilegeOnly, Get, Imbalance,
        LinearStoragePrice, OnUnbalanced, ReservableCurrency,
        fungible::{Balanced, HoldConsideration},
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_governance::{
    EnactmentTime, EnsureAssets, EnsureRevoke, EnsureUpgrade, Origin, Settled, Tally,
};
use pallet_referenda::{
    Curve, Deposit, ReferendumInfo, ReferendumInfoFor, Track, TrackInfo, TracksInfo,
};
use pallet_supply::{Burn, Slashes};
use sp_runtime::{Perbill, str_array as name};

/// The part of a block that scheduled calls may take.
const SCHEDULED_RATIO: Perbill = Perbill::from_percent(20);

parameter_types! {
    /// Most weight that scheduled calls take of a block.
    pub ScheduledWeight: Weight = SCHEDULED_RATIO * BLOCK_WEIGHT;
    /// A preimage's deposit.
    pub const PreimageBaseDeposit: Balance = NI / 10;
    /// And for each byte of it.
    pub const PreimageByteDeposit: Balance = NI / 10_000;
    /// For what a preimage's deposit is held.
    pub const PreimageHoldReason: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = ScheduledWeight;
    type ScheduleOrigin = EnsureRoot<AccountId>;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<512>;
    type WeightInfo = pallet_scheduler::weights::SubstrateWeight<Runtime>;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_preimage::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type ManagerOrigin = EnsureRoot<AccountId>;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHoldReason,
        LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
    >;
}

/// Nobody has Root, so nobody cancels or kills a referendum. Its deposits go by
/// [`Held`]: the calls that would give them back here are filtered.
///
/// The weight of `submit` counts a read that there is none of here. It stands for that
/// of all stake, which a tally keeps.
impl pallet_referenda::Config for Runtime {
    type WeightInfo = pallet_referenda::weights::SubstrateWeight<Runtime>;
    type RuntimeCall = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type Scheduler = Scheduler;
    type Currency = Balances;
    type SubmitOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type CancelOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Slash = ();
    type Votes = Balance;
    type Tally = Tally<Runtime>;
    type SubmissionDeposit = ConstU128<{ 10 * NI }>;
    type MaxQueued = ConstU32<100>;
    type UndecidingTimeout = UndecidingTimeout;
    type AlarmInterval = ConstU32<1>;
    type Tracks = Tracks;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

/// How long a referendum waits for its decision deposit: until it is prepared, and as
/// long as one is decided on. Not longer: only those who had staked when it was
/// submitted decide on it.
pub struct UndecidingTimeout;

impl Get<BlockNumber> for UndecidingTimeout {
    fn get() -> BlockNumber {
        let periods = settings::Periods::<Runtime>::get();
        // A clamp: a referendum that waits longer than block numbers count waits for
        // ever.
        periods.prepare.saturating_add(periods.decision)
    }
}

/// What can be decided, and what it needs.
pub struct Tracks;

/// Sets hyperparameters.
pub const PARAMETERS_TRACK: u16 = 0;
/// Sets the tier table.
pub const TIERS_TRACK: u16 = 1;
/// Enables assets for revenue, names the gateway and sets what may be bridged a day.
pub const ASSETS_TRACK: u16 = 2;
/// Authorises new code, and names the bridge's operator.
pub const UPGRADE_TRACK: u16 = 3;
/// Takes the operator, the gateway or a limit away, and gives nothing.
pub const REVOKE_TRACK: u16 = 4;

/// A hurried referendum's periods: with those of the production chain an hour, a day,
/// two hours, and one block.
fn hurried(periods: settings::ReferendumPeriods) -> settings::ReferendumPeriods {
    settings::ReferendumPeriods {
        prepare: periods.prepare.div_ceil(24),
        decision: periods.decision.div_ceil(14),
        confirm: periods.confirm.div_ceil(12),
        enactment: 1,
    }
}

impl TracksInfo<Balance, BlockNumber> for Tracks {
    type Id = u16;
    type RuntimeOrigin = OriginCaller;

    fn tracks() -> impl Iterator<Item = Cow<'static, Track<u16, Balance, BlockNumber>>> {
        let periods = settings::Periods::<Runtime>::get();
        let hurried = hurried(periods);
        // Together no more places than an account has votes.
        [
            (
                PARAMETERS_TRACK,
                name("parameters"),
                8,
                100,
                (80, 55),
                (30, 10),
                periods,
            ),
            (
                TIERS_TRACK,
                name("tiers"),
                4,
                100,
                (80, 55),
                (30, 10),
                periods,
            ),
            (
                ASSETS_TRACK,
                name("assets"),
                4,
                100,
                (80, 55),
                (30, 10),
                periods,
            ),
            (
                UPGRADE_TRACK,
                name("upgrade"),
                4,
                1_000,
                (90, 67),
                (50, 20),
                periods,
            ),
            (
                REVOKE_TRACK,
                name("revoke"),
                8,
                100,
                (80, 60),
                (30, 10),
                hurried,
            ),
        ]
        .into_iter()
        .map(
            |(id, name, max_deciding, deposit, approval, support, periods)| {
                Cow::Owned(Track {
                    id,
                    info: TrackInfo {
                        name,
                        max_deciding,
                        decision_deposit: deposit * NI,
                        prepare_period: periods.prepare,
                        decision_period: periods.decision,
                        confirm_period: periods.confirm,
                        min_enactment_period: periods.enactment,
                        min_approval: falling(approval),
                        min_support: falling(support),
                    },
                })
            },
        )
    }

    fn track_for(origin: &OriginCaller) -> Result<u16, ()> {
        match origin {
            OriginCaller::Governance(Origin::Parameters) => Ok(PARAMETERS_TRACK),
            OriginCaller::Governance(Origin::Tiers) => Ok(TIERS_TRACK),
            OriginCaller::Governance(Origin::Assets) => Ok(ASSETS_TRACK),
            OriginCaller::Governance(Origin::Upgrade) => Ok(UPGRADE_TRACK),
            OriginCaller::Governance(Origin::Revoke) => Ok(REVOKE_TRACK),
            _ => Err(()),
        }
    }
}

/// A requirement that falls over the decision period, in percent.
fn falling((from, to): (u32, u32)) -> Curve {
    Curve::LinearDecreasing {
        length: Perbill::one(),
        floor: Perbill::from_percent(to),
        ceil: Perbill::from_percent(from),
    }
}

/// When referenda began, and when what they decide is enacted.
pub struct Moments;

impl pallet_governance::Started<u32, BlockNumber> for Moments {
    fn started(poll: u32) -> Option<BlockNumber> {
        let status = Referenda::ensure_ongoing(poll).ok()?;
        Some(status.submitted)
    }

    #[cfg(any(feature = "std", feature = "try-runtime"))]
    fn ongoing() -> Vec<u32> {
        ReferendumInfoFor::<Runtime>::iter()
            .filter(|(_, info)| matches!(info, ReferendumInfo::Ongoing(_)))
            .map(|(poll, _)| poll)
            .collect()
    }
}

impl pallet_governance::Enactment<u32, BlockNumber> for Moments {
    fn enactment(poll: u32) -> Option<EnactmentTime<BlockNumber>> {
        let status = Referenda::ensure_ongoing(poll).ok()?;
        let track = Tracks::info(status.track)?;
        Some(EnactmentTime::of(
            status.enactment,
            track.min_enactment_period,
        ))
    }
}

/// Deposits of referenda: given back when they are over, or burned.
pub struct Held;

impl pallet_governance::Deposits<u32> for Held {
    type Balance = Balance;

    fn settle(poll: u32, backed: bool) -> Option<Settled<Balance>> {
        let mut info = ReferendumInfoFor::<Runtime>::get(poll)?;
        let (submission, decision, burns) = match &mut info {
            ReferendumInfo::Approved(_, submission, decision)
            | ReferendumInfo::Cancelled(_, submission, decision)
            | ReferendumInfo::TimedOut(_, submission, decision) => {
                (submission.take(), decision.take(), false)
            }
            ReferendumInfo::Rejected(_, submission, decision) => {
                (submission.take(), decision.take(), !backed)
            }
            ReferendumInfo::Ongoing(_) | ReferendumInfo::Killed(_) => return None,
        };
        if submission.is_none() && decision.is_none() {
            return None;
        }
        ReferendumInfoFor::<Runtime>::insert(poll, info);
        let burned = match &decision {
            Some(deposit) if burns => burn(deposit),
            _ => 0,
        };
        let returned = [submission, decision.filter(|_| !burns)]
            .into_iter()
            .flatten()
            .map(give_back)
            // Of an issuance that 128 bits count: a clamp that is never reached.
            .fold(0, Balance::saturating_add);
        Some(Settled { returned, burned })
    }

    #[cfg(any(feature = "std", feature = "try-runtime"))]
    fn is_held(poll: u32) -> bool {
        match ReferendumInfoFor::<Runtime>::get(poll) {
            Some(ReferendumInfo::Ongoing(_)) => true,
            Some(
                ReferendumInfo::Approved(_, submission, decision)
                | ReferendumInfo::Cancelled(_, submission, decision)
                | ReferendumInfo::TimedOut(_, submission, decision)
                | ReferendumInfo::Rejected(_, submission, decision),
            ) => submission.is_some() || decision.is_some(),
            Some(ReferendumInfo::Killed(_)) | None => false,
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn reject(poll: u32) {
        let deposit = |seed| {
            let who: AccountId = frame_benchmarking::account("depositor", seed, 0);
            let amount = 100 * NI;
            // What is left keeps the account.
            let funded = Balances::resolve(&who, <Balances as Balanced<_>>::issue(2 * amount));
            assert!(funded.is_ok(), "a benchmark's account can be funded");
            Balances::reserve(&who, amount).expect("it can deposit what it has");
            Some(Deposit { who, amount })
        };
        let info = ReferendumInfo::Rejected(System::block_number(), deposit(0), deposit(1));
        ReferendumInfoFor::<Runtime>::insert(poll, info);
    }
}

/// Gives a deposit back; how much of it there was.
fn give_back(deposit: Deposit<AccountId, Balance>) -> Balance {
    let missing = Balances::unreserve(&deposit.who, deposit.amount);
    deposit.amount.saturating_sub(missing)
}

/// Burns a deposit, but for what may not leave its account: the minimum balance of one
/// that something else keeps alive. How much is gone.
fn burn(deposit: &Deposit<AccountId, Balance>) -> Balance {
    let amount = give_back(deposit.clone());
    Balances::withdraw(
        &deposit.who,
        amount,
        Precision::BestEffort,
        Preservation::Expendable,
        Fortitude::Force,
    )
    .map(|credit| {
        let burned = credit.peek();
        Burn::<Runtime, Slashes>::on_unbalanced(credit);
        burned
    })
    .unwrap_or_default()
}

/// Who takes powers of the bridge away: whoever may give them, and one that cannot.
pub type EnsureMayRevoke = EitherOf<EnsureRevoke, EitherOf<EnsureAssets, EnsureUpgrade>>;

/// What part of all stake may be minted of TAO a day.
///
/// What is minted may be staked, and votes on what is submitted later. A revoking
/// referendum takes at most a day to get a place, and then as long as its track allows:
/// within four days of the bridge. So less than a tenth of all stake is minted before it
/// is enacted, which is what the least demanding track asks for.
pub const MINTED_A_DAY: Perbill = Perbill::from_percent(2);

/// What no decision on the bridge changes.
pub struct BridgeBounds;

impl crate::bridge::Bounds for BridgeBounds {
    fn most_a_day(asset: crate::bridge::AssetId) -> Option<Balance> {
        // What is no stake does not vote. It buys TAO in the pools, as far as there is
        // some.
        (asset == TAO).then(|| {
            let floor = settings::parameters::Governance::get().support_floor;
            MINTED_A_DAY * Delegation::total_staked().max(floor)
        })
    }

    fn least_redeemed(asset: crate::bridge::AssetId) -> Balance {
        if asset == TAO {
            TAO_UNIT / 10
        } else {
            10 * USD_UNIT
        }
    }

    fn between_raises() -> BlockNumber {
        settings::Periods::<Runtime>::get().decision
    }
}

impl crate::bridge::Config for Runtime {
    type Assets = crate::Assets;
    type OperatorOrigin = EnsureUpgrade;
    type AssetsOrigin = EnsureAssets;
    type RevokeOrigin = EnsureMayRevoke;
    type Bounds = BridgeBounds;
    type WeightInfo = crate::bridge::weights::SubstrateWeight<Runtime>;
}

/// What votes weigh: stake in TAO.
pub struct StakedTao;

impl pallet_governance::Stakes<AccountId, BlockNumber> for StakedTao {
    type Balance = Balance;

    fn voting_stake(who: &AccountId, since: BlockNumber) -> Balance {
        Delegation::voting_stake(who, since)
    }

    fn total() -> Balance {
        Delegation::total_staked()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_voting_stake(who: &AccountId, stake: Balance) {
        use frame_support::traits::fungibles::Inspect;
        use pallet_delegation::BenchmarkHelper;

        let validator = Delegation::choose(false)
            .into_iter()
            .next()
            .expect("the preset has a validator");
        // What keeps the account alive cannot be held.
        let kept = crate::Assets::minimum_balance(TAO);
        super::staking::EndowTao::endow(who, stake + kept);
        Delegation::stake(RuntimeOrigin::signed(who.clone()), validator, stake)
            .expect("a benchmark's account can stake");
    }
}

/// What is governed of the votes themselves.
pub struct SupportFloor;

impl Get<settings::GovernanceParameters> for SupportFloor {
    fn get() -> settings::GovernanceParameters {
        settings::parameters::Governance::get()
    }
}

parameter_types! {
    /// The most blocks from a poll's end to its enactment: 60 days.
    pub const MaxEnactment: BlockNumber = 60 * settings::defaults::DAY;
    /// The support without which a rejected referendum loses its decision deposit.
    pub const Backing: Perbill = Perbill::from_percent(1);
}

impl pallet_governance::Config for Runtime {
    type Polls = Referenda;
    type Started = Moments;
    type Enactment = Moments;
    type Stakes = StakedTao;
    type Deposits = Held;
    type Backing = Backing;
    type Parameters = SupportFloor;
    type UpgradeOrigin = EnsureUpgrade;
    type MaxVotes = ConstU32<32>;
    type MaxEnactment = MaxEnactment;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_governance::weights::SubstrateWeight<Runtime>;
}
