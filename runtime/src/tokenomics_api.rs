// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a node may ask about the economy: typed, in pages of bounded length, and
//! of one block.
//!
//! Amounts are in the smallest unit of what they are of: NI and TAO have nine
//! decimals, the stablecoin six. Prices of assets are NI for one unit of the asset,
//! both in their smallest units. Whatever lists what may grow takes where to begin
//! and how many to give, at most [`MAX_PAGE`], and says where the next page begins.

use crate::{
    AccountId, Balance, BlockNumber, Buyback, Delegation, Emission, Governance, Registration,
    Runtime,
    configs::{market::AssetKind, proof::CLAIM_ROUNDS},
    settings,
};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use frame_support::traits::Get;
use pallet_buyback::{BuybackTotals, Ledger, Quote};
use pallet_delegation::Unbonding;
use pallet_emission::{RoundRecord, RunningRound, TierState};
use pallet_proof_of_gpu::{Commit, Score, Window};
use pallet_registration::{Departure, Role};
use pallet_supply::{BurnedBySource, RecycledBySource};
use scale_info::TypeInfo;
use sp_runtime::{FixedU128, Perbill};

/// The most items of a page. Asked for more, a call gives so many.
pub const MAX_PAGE: u32 = 64;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Page<Item> {
    /// The items.
    pub items: Vec<Item>,
    /// Where the next page begins; `None` where this is the last.
    pub next: Option<u32>,
}

/// Every unit of NI: `issuance = minted − burned`, and `pool = recycled − drawn`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SupplyReport {
    /// What there is.
    pub issuance: Balance,
    /// The most that is ever minted.
    pub cap: Balance,
    /// Ever minted, genesis included.
    pub minted: Balance,
    /// Issued at genesis.
    pub genesis: Balance,
    /// Ever burned.
    pub burned: Balance,
    /// The same by source.
    pub burned_by: BurnedBySource<Balance>,
    /// Ever put into the recycle pool.
    pub recycled: Balance,
    /// The same by source.
    pub recycled_by: RecycledBySource<Balance>,
    /// Ever taken out of it.
    pub drawn: Balance,
    /// What it can pay.
    pub pool: Balance,
}

/// What a place in the network costs now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SlotPrices {
    /// One GPU slot, without its bond; `None` where none is for sale.
    pub miner: Option<Balance>,
    /// A validator's place; `None` where none is for sale.
    pub validator: Option<Balance>,
    /// What is held for each GPU slot.
    pub bond: Balance,
}

/// A row of the tier table, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct TierReport {
    /// The row, and how scarce it is.
    pub state: TierState,
    /// What a MOPS of it weighs now; zero in a retired row.
    pub effective: FixedU128,
}

/// How a hotkey is registered.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RegistrationReport {
    /// Who pays, bonds and is paid.
    pub owner: AccountId,
    /// As what.
    pub role: Role,
    /// With how many slots, leaving ones included.
    pub slots: u32,
    /// The first block in which the lease is over.
    pub expires_at: BlockNumber,
    /// The slots that are leaving, if any.
    pub departure: Option<Departure<BlockNumber>>,
    /// What each GPU's bond must be for it to prove.
    pub bond: Balance,
}

/// A result that waits for its pay.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct PendingPay {
    /// The window it was verified in.
    pub window: u32,
    /// Its row in the table that window had.
    pub tier: u8,
    /// What it was verified at, in MOPS.
    pub mops: u64,
    /// Who is paid.
    pub owner: AccountId,
    /// How much; `None` until the round is settled.
    pub amount: Option<Balance>,
}

/// One GPU of a hotkey.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct GpuReport {
    /// Its number among the hotkey's slots.
    pub gpu: u32,
    /// What is held for it.
    pub bond: Balance,
    /// Whether it may prove now.
    pub can_prove: bool,
    /// Its last commit.
    pub commit: Option<Commit>,
    /// What its last valid reveal has shown.
    pub last_verified: Option<Score>,
    /// What it is still to be paid. A GPU has one unpaid result at most.
    pub pending: Option<PendingPay>,
}

/// A candidate for validating.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ValidatorReport {
    /// Its hotkey, which authors.
    pub hotkey: AccountId,
    /// Who holds the self-stake and gets the commission.
    pub owner: AccountId,
    /// All that is staked to it, of TAO.
    pub total: Balance,
    /// The part of it that earns.
    pub active: Balance,
    /// The part of its rewards that is its owner's before stake is counted.
    pub commission: Perbill,
    /// Whether it validates in the running session.
    pub elected: bool,
}

/// What an account has staked to one validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DelegationReport {
    /// The validator's hotkey.
    pub validator: AccountId,
    /// How much, of TAO.
    pub amount: Balance,
    /// The part of it that earns.
    pub active: Balance,
    /// What a claim from this validator pays now, of NI. It contains what is due to
    /// the account from stake that has changed, which goes with its first claim.
    pub claimable: Balance,
}

/// All that an account has on hold as stake, of TAO.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct StakeReport {
    /// Staked, to whomever.
    pub staked: Balance,
    /// The part of it that may not leave now, because of votes.
    pub locked: Balance,
    /// On its way out, the oldest first.
    pub unbonding: Vec<Unbonding<AccountId, BlockNumber>>,
}

/// An enabled asset: its revenue, and the next slice.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RevenueReport {
    /// The asset.
    pub asset: AssetKind,
    /// What came in, was spent, was bought and was burned since genesis.
    pub ledger: Ledger<Balance>,
    /// What was bought on average for a unit of the asset; `None` before the first
    /// slice.
    pub average_paid: Option<FixedU128>,
    /// What is pending, the pool's price and its average, and what a slice would be
    /// if it were due now, or why there would be none.
    pub quote: Quote<Balance, BlockNumber>,
}

/// Revenue, and what it bought.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BuybackReport {
    /// Bought and burned over all assets, of NI.
    pub totals: BuybackTotals<Balance>,
    /// Every enabled asset: at most eight.
    pub assets: Vec<RevenueReport>,
}

/// Everything that referenda can set, but the tier table and the assets' terms.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Hyperparameters {
    /// How windows go.
    pub window: settings::WindowParameters,
    /// What a place in the network costs.
    pub registration: settings::RegistrationParameters,
    /// What is paid, and out of what.
    pub emission: settings::EmissionParameters,
    /// How revenue buys NI.
    pub buyback: settings::BuybackParameters,
    /// What validators and their stakers go by.
    pub delegation: settings::DelegationParameters,
    /// What a referendum needs.
    pub governance: settings::GovernanceParameters,
}

sp_api::decl_runtime_apis! {
    /// The economy, as of one block.
    #[api_version(1)]
    pub trait TokenomicsApi {
        /// Every unit of NI.
        fn supply() -> SupplyReport;

        /// What a place in the network costs now.
        fn slot_prices() -> SlotPrices;

        /// What so many slots cost now, without bonds; `None` where no call could buy
        /// that many.
        fn price(role: Role, slots: u32) -> Option<Balance>;

        /// The window that is going on.
        fn window() -> Option<Window<BlockNumber>>;

        /// What the running window has verified, once it has anything.
        fn running_round() -> Option<RunningRound>;

        /// The settled round of a window, while it can be claimed from.
        fn round(window: u32) -> Option<RoundRecord<Balance>>;

        /// Settled rounds of windows before `before`, or of the last ones, the newest
        /// first: those among `limit` windows that earned anything.
        fn rounds(before: Option<u32>, limit: u32) -> Page<RoundRecord<Balance>>;

        /// The tier table, the lowest floor first.
        fn tiers() -> Vec<TierReport>;

        /// How a hotkey is registered; `None` where it is not.
        fn registration(hotkey: AccountId) -> Option<RegistrationReport>;

        /// A GPU; `None` where the hotkey has no such slot.
        fn gpu(hotkey: AccountId, gpu: u32) -> Option<GpuReport>;

        /// A hotkey's GPUs, from number `from` on.
        fn gpus(hotkey: AccountId, from: u32, limit: u32) -> Page<GpuReport>;

        /// The candidates for validating, from place `from` on, the most stake first.
        fn validators(from: u32, limit: u32) -> Page<ValidatorReport>;

        /// What an account has staked, from place `from` of its list on.
        fn delegations(who: AccountId, from: u32, limit: u32) -> Page<DelegationReport>;

        /// All that an account has on hold as stake, and what votes lock of it.
        fn stake(who: AccountId) -> StakeReport;

        /// Revenue, what it bought, and the next slice of each enabled asset.
        fn buyback() -> BuybackReport;

        /// The hyperparameters there are now.
        fn hyperparameters() -> Hyperparameters;
    }
}

/// A page's length as an index into what is listed.
fn length(limit: u32) -> usize {
    index(limit.min(MAX_PAGE))
}

// A number beyond what can be indexed is past the end of every list.
fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The items from `from` on, at most `limit`, each made of what is listed.
fn page<Listed, Item>(
    listed: &[Listed],
    from: u32,
    limit: u32,
    make: impl Fn(&Listed) -> Item,
) -> Page<Item> {
    let rest = listed.get(index(from)..).unwrap_or_default();
    let items: Vec<_> = rest.iter().take(length(limit)).map(make).collect();
    let next = u32::try_from(items.len())
        .ok()
        .and_then(|given| from.checked_add(given))
        .filter(|_| items.len() < rest.len());
    Page { items, next }
}

/// See [`TokenomicsApi::supply`].
pub(crate) fn supply() -> SupplyReport {
    let totals = pallet_supply::Totals::<Runtime>::get();
    SupplyReport {
        issuance: pallet_balances::TotalIssuance::<Runtime>::get(),
        cap: pallet_supply::Pallet::<Runtime>::cap(),
        minted: totals.minted(),
        genesis: totals.genesis,
        burned: totals.all.burned.total(),
        recycled: totals.all.recycled.total(),
        drawn: totals.all.drawn,
        pool: totals.pool(),
        burned_by: totals.all.burned,
        recycled_by: totals.all.recycled,
    }
}

/// See [`TokenomicsApi::slot_prices`].
pub(crate) fn slot_prices() -> SlotPrices {
    SlotPrices {
        miner: Registration::quote(Role::Miner, 1),
        validator: Registration::quote(Role::Validator, 1),
        bond: settings::parameters::Registration::get().bond,
    }
}

/// See [`TokenomicsApi::rounds`].
pub(crate) fn rounds(before: Option<u32>, limit: u32) -> Page<RoundRecord<Balance>> {
    let next = pallet_proof_of_gpu::NextWindow::<Runtime>::get();
    // Clamps: there is no window below zero, and no round of one before the ring's.
    let oldest = next.saturating_sub(CLAIM_ROUNDS);
    let before = before.map_or(next, |before| before.min(next));
    let first = before.saturating_sub(limit.min(MAX_PAGE)).max(oldest);
    Page {
        items: (first..before).rev().filter_map(Emission::round).collect(),
        next: (oldest < first && first < before).then_some(first),
    }
}

/// See [`TokenomicsApi::tiers`].
pub(crate) fn tiers() -> Vec<TierReport> {
    Emission::tiers()
        .into_iter()
        .map(|(state, effective)| TierReport { state, effective })
        .collect()
}

/// See [`TokenomicsApi::registration`].
pub(crate) fn registration(hotkey: &AccountId) -> Option<RegistrationReport> {
    let registration = pallet_registration::Hotkeys::<Runtime>::get(hotkey)?;
    Some(RegistrationReport {
        role: registration.role,
        slots: registration.slots(),
        expires_at: registration.expires_at,
        bond: registration.bond,
        owner: registration.owner,
        departure: registration.departure,
    })
}

fn gpu_report(
    registration: &pallet_registration::Registration<Runtime>,
    hotkey: &AccountId,
    gpu: u32,
    bond: Balance,
) -> GpuReport {
    let state = pallet_proof_of_gpu::Gpus::<Runtime>::get(hotkey, gpu).unwrap_or_default();
    let pending = pallet_emission::Results::<Runtime>::get(hotkey, gpu).map(|unpaid| PendingPay {
        amount: Emission::round(unpaid.window).map(|_| Emission::pending_pay(hotkey, gpu)),
        window: unpaid.window,
        tier: unpaid.tier,
        mops: unpaid.mops,
        owner: unpaid.owner,
    });
    GpuReport {
        gpu,
        bond,
        can_prove: registration.can_prove(gpu, crate::System::block_number()),
        commit: state.commit,
        last_verified: state.last_verified,
        pending,
    }
}

/// See [`TokenomicsApi::gpu`].
pub(crate) fn gpu(hotkey: &AccountId, gpu: u32) -> Option<GpuReport> {
    let registration = pallet_registration::Hotkeys::<Runtime>::get(hotkey)?;
    let bond = *registration.bonds.get(index(gpu))?;
    Some(gpu_report(&registration, hotkey, gpu, bond))
}

/// See [`TokenomicsApi::gpus`].
pub(crate) fn gpus(hotkey: &AccountId, from: u32, limit: u32) -> Page<GpuReport> {
    let Some(registration) = pallet_registration::Hotkeys::<Runtime>::get(hotkey) else {
        return Page {
            items: Vec::new(),
            next: None,
        };
    };
    let bonds: Vec<(u32, Balance)> = (0..).zip(registration.bonds.iter().copied()).collect();
    page(&bonds, from, limit, |(gpu, bond)| {
        gpu_report(&registration, hotkey, *gpu, *bond)
    })
}

/// See [`TokenomicsApi::validators`].
pub(crate) fn validators(from: u32, limit: u32) -> Page<ValidatorReport> {
    let began = pallet_delegation::CurrentState::<Runtime>::get().began;
    let elected = crate::Session::validators();
    let candidates = Delegation::candidates();
    let listed: Vec<_> = candidates
        .into_iter()
        .skip(index(from))
        // One more than the page, which tells whether there is a next one.
        .take(length(limit).saturating_add(1))
        .filter_map(|candidate| {
            let record = pallet_delegation::ValidatorRecords::<Runtime>::get(&candidate.hotkey)?;
            Some((candidate, record))
        })
        .collect();
    let report = page(&listed, 0, limit, |(candidate, record)| ValidatorReport {
        hotkey: candidate.hotkey.clone(),
        owner: record.owner.clone(),
        total: candidate.total,
        active: if record.pending_from <= began {
            candidate.total
        } else {
            record.active
        },
        commission: record.commission,
        elected: elected.contains(&candidate.hotkey),
    });
    Page {
        next: report.next.and_then(|given| from.checked_add(given)),
        items: report.items,
    }
}

/// See [`TokenomicsApi::delegations`].
pub(crate) fn delegations(who: &AccountId, from: u32, limit: u32) -> Page<DelegationReport> {
    let began = pallet_delegation::CurrentState::<Runtime>::get().began;
    let staker = pallet_delegation::Stakers::<Runtime>::get(who);
    page(&staker.delegations, from, limit, |delegation| {
        let amount = delegation.amount().unwrap_or(delegation.active);
        let activated = delegation.pending.is_some_and(|pending| {
            pallet_delegation::ValidatorRecords::<Runtime>::get(&delegation.validator).is_some_and(
                |record| pending.cohort < record.cohort || record.pending_from <= began,
            )
        });
        DelegationReport {
            validator: delegation.validator.clone(),
            amount,
            active: if activated { amount } else { delegation.active },
            claimable: Delegation::claimable(who.clone(), delegation.validator.clone()),
        }
    })
}

/// See [`TokenomicsApi::stake`].
pub(crate) fn stake(who: &AccountId) -> StakeReport {
    let staker = pallet_delegation::Stakers::<Runtime>::get(who);
    StakeReport {
        staked: staker.staked().unwrap_or_default(),
        locked: Governance::locked(who),
        unbonding: staker.unbonding.into_inner(),
    }
}

/// See [`TokenomicsApi::buyback`].
pub(crate) fn buyback() -> BuybackReport {
    let assets = pallet_buyback::Markets::<Runtime>::get()
        .into_iter()
        .filter_map(|market| {
            let ledger = pallet_buyback::Ledgers::<Runtime>::get(&market.asset);
            Some(RevenueReport {
                quote: Buyback::quote(market.asset.clone())?,
                asset: market.asset,
                average_paid: ledger.average_price(),
                ledger,
            })
        })
        .collect();
    BuybackReport {
        totals: pallet_buyback::Totals::<Runtime>::get(),
        assets,
    }
}

/// See [`TokenomicsApi::hyperparameters`].
pub(crate) fn hyperparameters() -> Hyperparameters {
    use settings::parameters;
    Hyperparameters {
        window: parameters::Window::get(),
        registration: parameters::Registration::get(),
        emission: parameters::Emission::get(),
        buyback: parameters::Buyback::get(),
        delegation: parameters::Delegation::get(),
        governance: parameters::Governance::get(),
    }
}
