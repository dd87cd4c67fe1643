// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! From the stored state of one runtime to that of the next.
//!
//! Each step goes by the version that its pallet has stored, so it is taken once, in
//! order, and by a chain that needs it only. The types of the version before are kept
//! here as they were. `docs/terms.md` lists every stored type and what a new field takes.
//!
//! All steps are taken in the block after the new code is set. Those of GPUs read and
//! write one value for each: some ten thousand, which the block's limits bear.

use crate::{
    Balance, BlockNumber, Delegation, Emission, Governance, OriginCaller, ProofOfGpu, Registration,
    Runtime, Settings,
    settings::{BaseCeiling, RuntimeParameters, Values, WindowParameters},
};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use frame_support::{
    migrations::VersionedMigration,
    traits::{UncheckedOnRuntimeUpgrade, dynamic_params::AggregatedKeyValue},
    weights::Weight,
};
use frame_system::Config as SystemConfig;
use pallet_emission::{
    ByTier, Floor, LowestFloor, NextTiers, Results, RoundRecord, Rounds, Running, RunningRound,
    Tier, TierState, Tiers, UnpaidResult,
};
use pallet_proof_of_gpu::{
    Commit, CurrentWindow, GpuState, Gpus, IdleSince, Phase, Score, WalkCommit,
};
use pallet_referenda::{
    BoundedCallOf, ReferendumInfo, ReferendumInfoFor, ReferendumStatus, ScheduleAddressOf,
};
use proof_of_gpu_primitives::Hash;
use sp_core::U256;
use sp_runtime::{FixedU128, Perbill};
use tokenomics_primitives::availability::Availability;

type AccountId = <Runtime as SystemConfig>::AccountId;
type DbWeight = <Runtime as SystemConfig>::DbWeight;

/// The steps to this runtime, in their order.
pub type Migrations = (
    VersionedMigration<1, 2, SettingsToV2, Settings, DbWeight>,
    VersionedMigration<2, 3, ProofOfGpuToV3, ProofOfGpu, DbWeight>,
    VersionedMigration<2, 3, EmissionToV3, Emission, DbWeight>,
    pallet_delegation::migrations::V2ToV3<Runtime>,
    VersionedMigration<1, 2, GovernanceToV2, Governance, DbWeight>,
    crate::bridge::migration::V1ToV2<Runtime>,
);

/// How many MOPS are in a GOPS, in which throughput was counted before.
const MOPS_A_GOPS: u64 = 1_000;

/// Throughput in MOPS. A clamp: what does not fit 64 bits no GPU reaches, and the highest
/// number, which stands for no floor, stays what it is.
const fn mops(gops: u64) -> u64 {
    gops.saturating_mul(MOPS_A_GOPS)
}

/// As [`mops`], of a whole network.
const fn all_mops(gops: u128) -> u128 {
    gops.saturating_mul(MOPS_A_GOPS as u128)
}

/// Reads and writes of so many values.
fn touched(values: u64) -> Weight {
    DbWeight::get().reads_writes(values, values)
}

/// Counts what a closure translates.
fn counting<A, B>(count: &mut u64, translate: impl Fn(A) -> B) -> impl FnMut(A) -> Option<B> {
    move |value| {
        *count = count.saturating_add(1);
        Some(translate(value))
    }
}

/// Windows whose grace is more than a quarter of the work become as long as they were, of
/// which a fifth is grace; so does the window that is open. The most that `base` may be is
/// written down: twice what it is.
pub struct SettingsToV2;

/// The same blocks for work and grace together, a fifth of them grace. Five blocks at
/// least, so that both have some.
fn with_less_grace(mut parameters: WindowParameters) -> WindowParameters {
    let both = parameters.work.saturating_add(parameters.grace);
    if parameters.grace > parameters.work / 4 {
        parameters.grace = (both / 5).max(1);
        parameters.work = both
            .saturating_sub(parameters.grace)
            .max(parameters.grace.saturating_mul(4));
    }
    parameters
}

impl UncheckedOnRuntimeUpgrade for SettingsToV2 {
    fn on_runtime_upgrade() -> Weight {
        let stored = Values::stored();
        BaseCeiling::<Runtime>::put(stored.emission.base.saturating_mul(2));
        let window: RuntimeParameters = with_less_grace(stored.window).into();
        let (key, value) = window.into_parts();
        pallet_parameters::Parameters::<Runtime>::set(key, value);
        CurrentWindow::<Runtime>::mutate(|current| {
            let Some(window) = current else { return };
            let parameters = with_less_grace(window.parameters.clone());
            let longer = (parameters.work.saturating_add(parameters.grace)).saturating_sub(
                window
                    .parameters
                    .work
                    .saturating_add(window.parameters.grace),
            );
            // Where both were fewer than five blocks the window becomes longer: by blocks
            // to come while it is open, and by blocks before its opening otherwise, so that
            // the window before it counts as closed by then.
            if window.phase == Phase::Open {
                window.deadline = window.deadline.saturating_add(longer);
            } else {
                window.opened_at = window.opened_at.saturating_sub(longer);
                let before = window.opened_at.saturating_sub(1);
                IdleSince::<Runtime>::mutate(|closed| *closed = (*closed).min(before));
            }
            window.parameters = parameters;
        });
        // Six sets, the window and the last one's close are read; a set, the most that
        // `base` may be, the window and the close written.
        DbWeight::get().reads_writes(8, 4)
    }
}

/// What a GPU has shown, with throughput in GOPS.
#[derive(Clone, Copy, Decode, Encode)]
pub struct ScoreV2 {
    gops: u64,
    gib: u32,
    gbps: u32,
}

/// A commit that does not say what it risks.
#[derive(Clone, Decode, Encode)]
pub struct CommitV2 {
    window: u32,
    rounds: u32,
    root: Hash,
    walk: Option<WalkCommit>,
    resolved: bool,
}

/// A GPU's state of these.
#[derive(Clone, Decode, Encode)]
pub struct GpuStateV2 {
    commit: Option<CommitV2>,
    last_verified: Option<ScoreV2>,
}

/// Scores in MOPS; a commit risks the bond that its GPU has now.
pub struct ProofOfGpuToV3;

impl UncheckedOnRuntimeUpgrade for ProofOfGpuToV3 {
    fn on_runtime_upgrade() -> Weight {
        let mut count = 0u64;
        Gpus::<Runtime>::translate::<GpuStateV2, _>(|hotkey, gpu, before| {
            count = count.saturating_add(1);
            Some(GpuState {
                commit: before.commit.map(|commit| Commit {
                    window: commit.window,
                    rounds: commit.rounds,
                    root: commit.root,
                    walk: commit.walk,
                    resolved: commit.resolved,
                    bond: Registration::bond_of(&hotkey, gpu),
                }),
                last_verified: before.last_verified.map(|score| Score {
                    mops: mops(score.gops),
                    gib: score.gib,
                    gbps: score.gbps,
                }),
            })
        });
        // The bond is read besides.
        touched(count).saturating_add(DbWeight::get().reads(count))
    }
}

/// A floor in GOPS.
#[derive(Clone, Copy, Decode, Encode)]
pub struct FloorV2 {
    gops: u64,
    gib: u32,
    gbps: u32,
}

/// A row without a ratio, its floor and target in GOPS.
#[derive(Clone, Copy, Decode, Encode)]
pub struct TierV2 {
    floor: FloorV2,
    multiplier: FixedU128,
    decay: Perbill,
    introduced_at: u64,
    target: u128,
}

/// Such a row and its availability, of an average in GOPS.
#[derive(Clone, Copy, Decode, Encode)]
pub struct TierStateV2 {
    tier: TierV2,
    availability: Availability,
}

/// A result in GOPS.
#[derive(Clone, Decode, Encode)]
pub struct UnpaidResultV2 {
    window: u32,
    tier: u8,
    gops: u64,
    owner: AccountId,
    cap: Balance,
}

impl TierV2 {
    /// The row in MOPS. Of a table without ratios no row may have a higher multiplier than
    /// `lowest`.
    fn into_mops(self, lowest: FixedU128) -> Tier {
        Tier {
            floor: Floor {
                mops: mops(self.floor.gops),
                gib: 0,
                gbps: 0,
            },
            multiplier: lowest,
            mops_per_gbps: 0,
            decay: self.decay,
            introduced_at: self.introduced_at,
            target: all_mops(self.target),
        }
    }
}

impl From<UnpaidResultV2> for UnpaidResult<AccountId, Balance> {
    fn from(before: UnpaidResultV2) -> Self {
        Self {
            window: before.window,
            tier: before.tier,
            mops: mops(before.gops),
            base: before.tier,
            rest: 0,
            owner: before.owner,
            cap: before.cap,
        }
    }
}

/// An average in MOPS, to the last 2⁻⁶⁴.
fn in_mops(availability: Availability) -> Availability {
    let exact = ((U256::from(availability.average) << 64) | U256::from(availability.fraction))
        .saturating_mul(U256::from(MOPS_A_GOPS));
    Availability {
        // Clamps: a network of 2¹²⁸ MOPS there is none.
        average: u128::try_from(exact >> 64).unwrap_or(u128::MAX),
        fraction: exact.low_u64(),
        factor: availability.factor,
    }
}

/// Floors, targets, averages and results in MOPS. No row names a ratio or asks for memory:
/// until a referendum sets a table that does, all have the lowest multiplier.
pub struct EmissionToV3;

impl UncheckedOnRuntimeUpgrade for EmissionToV3 {
    fn on_runtime_upgrade() -> Weight {
        let lowest = |rows: &mut dyn Iterator<Item = FixedU128>| rows.next().unwrap_or_default();
        let tiers = Tiers::<Runtime>::translate::<ByTier<TierStateV2>, _>(|before| {
            let before = before.unwrap_or_default();
            let multiplier = lowest(&mut before.iter().map(|state| state.tier.multiplier));
            let states = before.into_iter().map(|state| TierState {
                tier: state.tier.into_mops(multiplier),
                availability: in_mops(state.availability),
            });
            ByTier::try_from(states.collect::<Vec<_>>()).ok()
        });
        let next = NextTiers::<Runtime>::translate::<ByTier<TierV2>, _>(|before| {
            let before = before?;
            let multiplier = lowest(&mut before.iter().map(|tier| tier.multiplier));
            let rows = before.into_iter().map(|tier| tier.into_mops(multiplier));
            ByTier::try_from(rows.collect::<Vec<_>>()).ok()
        });
        frame_support::defensive_assert!(tiers.is_ok() && next.is_ok(), "version 2 decodes");
        LowestFloor::<Runtime>::mutate(|floor| *floor = mops(*floor));
        // The encoding is the same.
        Running::<Runtime>::mutate(|running| {
            let Some(RunningRound { mops, .. }) = running else {
                return;
            };
            for sum in mops.iter_mut() {
                *sum = all_mops(*sum);
            }
        });
        let mut count = 4u64;
        Rounds::<Runtime>::translate_values::<RoundRecord<Balance>, _>(counting(
            &mut count,
            |mut round: RoundRecord<Balance>| {
                for rate in round.rates.iter_mut() {
                    // What a MOPS earns: rounded down, so no result is due more than before.
                    *rate /= u128::from(MOPS_A_GOPS);
                }
                round
            },
        ));
        Results::<Runtime>::translate_values::<UnpaidResultV2, _>(counting(
            &mut count,
            UnpaidResult::from,
        ));
        touched(count)
    }
}

/// A tally that does not say how much was staked when its poll began.
#[derive(
    Clone, Debug, Decode, codec::DecodeWithMemTracking, Encode, Eq, PartialEq, scale_info::TypeInfo,
)]
pub struct TallyV1 {
    ayes: Balance,
    nays: Balance,
}

/// A referendum with such a tally.
pub type ReferendumV1 = ReferendumInfo<
    u16,
    OriginCaller,
    BlockNumber,
    BoundedCallOf<Runtime, ()>,
    Balance,
    TallyV1,
    AccountId,
    ScheduleAddressOf<Runtime, ()>,
>;

/// The support of polls that are ongoing is measured against what is staked now.
pub struct GovernanceToV2;

impl UncheckedOnRuntimeUpgrade for GovernanceToV2 {
    fn on_runtime_upgrade() -> Weight {
        let staked = Delegation::total_staked();
        let mut count = 0u64;
        ReferendumInfoFor::<Runtime>::translate_values::<ReferendumV1, _>(counting(
            &mut count,
            |before: ReferendumV1| match before {
                ReferendumInfo::Ongoing(status) => ReferendumInfo::Ongoing(ReferendumStatus {
                    track: status.track,
                    origin: status.origin,
                    proposal: status.proposal,
                    enactment: status.enactment,
                    submitted: status.submitted,
                    submission_deposit: status.submission_deposit,
                    decision_deposit: status.decision_deposit,
                    deciding: status.deciding,
                    tally: pallet_governance::Tally {
                        ayes: status.tally.ayes,
                        nays: status.tally.nays,
                        staked,
                    },
                    in_queue: status.in_queue,
                    alarm: status.alarm,
                }),
                ReferendumInfo::Approved(at, submission, decision) => {
                    ReferendumInfo::Approved(at, submission, decision)
                }
                ReferendumInfo::Rejected(at, submission, decision) => {
                    ReferendumInfo::Rejected(at, submission, decision)
                }
                ReferendumInfo::Cancelled(at, submission, decision) => {
                    ReferendumInfo::Cancelled(at, submission, decision)
                }
                ReferendumInfo::TimedOut(at, submission, decision) => {
                    ReferendumInfo::TimedOut(at, submission, decision)
                }
                ReferendumInfo::Killed(at) => ReferendumInfo::Killed(at),
            },
        ));
        touched(count).saturating_add(DbWeight::get().reads(1))
    }
}
