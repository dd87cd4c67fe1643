// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How stakers decide: referenda, what they can set, and when it is enacted.
//!
//! There is no sudo and no track has Root: a referendum sets hyperparameters, the
//! tier table, the assets revenue comes in, or authorises the hash of new code. New
//! code can change anything, and so can whoever decides on it.

use crate::{
    AccountId, Balance, Balances, BlockNumber, Delegation, NI, OriginCaller, Preimage, Referenda,
    Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin, Scheduler, System,
    configs::system::BLOCK_WEIGHT, settings,
};
use alloc::borrow::Cow;
use frame_support::{
    parameter_types,
    traits::{
        AsEnsureOriginWithArg, ConstU32, ConstU128, EqualPrivilegeOnly, Get, LinearStoragePrice,
        fungible::HoldConsideration,
    },
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_governance::{EnactmentTime, EnsureParameters, EnsureUpgrade, Origin, Tally};
use pallet_referenda::{Curve, Track, TrackInfo, TracksInfo};
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

impl pallet_parameters::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeParameters = settings::RuntimeParameters;
    type AdminOrigin = settings::EnsureChecked;
    type WeightInfo = ();
}

impl settings::Config for Runtime {
    type ParametersOrigin = EnsureParameters;
    type WeightInfo = settings::weights::SubstrateWeight<Runtime>;
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

/// Nobody has Root, so nobody cancels or kills a referendum, and nothing of its
/// deposits is ever slashed.
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

/// How long a referendum waits for its decision deposit: as long as four of the
/// periods in which one is decided.
pub struct UndecidingTimeout;

impl Get<BlockNumber> for UndecidingTimeout {
    fn get() -> BlockNumber {
        // A clamp: a referendum that waits longer than block numbers count waits for
        // ever.
        settings::Periods::<Runtime>::get()
            .decision
            .saturating_mul(4)
    }
}

/// What can be decided, and what it needs.
pub struct Tracks;

/// Sets hyperparameters.
pub const PARAMETERS_TRACK: u16 = 0;
/// Sets the tier table.
pub const TIERS_TRACK: u16 = 1;
/// Enables assets for revenue, and names the bridge's operator and the gateway.
pub const ASSETS_TRACK: u16 = 2;
/// Authorises new code.
pub const UPGRADE_TRACK: u16 = 3;

impl TracksInfo<Balance, BlockNumber> for Tracks {
    type Id = u16;
    type RuntimeOrigin = OriginCaller;

    fn tracks() -> impl Iterator<Item = Cow<'static, Track<u16, Balance, BlockNumber>>> {
        let periods = settings::Periods::<Runtime>::get();
        [
            (
                PARAMETERS_TRACK,
                name("parameters"),
                5,
                100,
                (80, 55),
                (30, 10),
            ),
            (TIERS_TRACK, name("tiers"), 2, 100, (80, 55), (30, 10)),
            (ASSETS_TRACK, name("assets"), 2, 100, (80, 55), (30, 10)),
            (UPGRADE_TRACK, name("upgrade"), 1, 1_000, (90, 67), (50, 20)),
        ]
        .into_iter()
        .map(
            move |(id, name, max_deciding, deposit, approval, support)| {
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
    fn ongoing() -> alloc::vec::Vec<u32> {
        pallet_referenda::ReferendumInfoFor::<Runtime>::iter()
            .filter(|(_, info)| matches!(info, pallet_referenda::ReferendumInfo::Ongoing(_)))
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
        let kept = crate::Assets::minimum_balance(super::market::TAO);
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
}

impl pallet_governance::Config for Runtime {
    type Polls = Referenda;
    type Started = Moments;
    type Enactment = Moments;
    type Stakes = StakedTao;
    type Parameters = SupportFloor;
    type UpgradeOrigin = EnsureUpgrade;
    type MaxVotes = ConstU32<32>;
    type MaxEnactment = MaxEnactment;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_governance::weights::SubstrateWeight<Runtime>;
}
