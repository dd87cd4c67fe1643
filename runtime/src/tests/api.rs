// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the runtime API says, against what the pallets hold.

use super::chain::Chain;
use crate::{
    AccountId, Balance, Balances, Block, Buyback, Delegation, Emission, NI, Referenda,
    Registration, Runtime, RuntimeOrigin, Session, Supply, TAO_UNIT, USD_UNIT, VERSION,
    configs::{
        consensus::EpochSlots,
        market::{AssetKind, TAO, USD},
        proof::CLAIM_ROUNDS,
    },
    tokenomics_api::{
        MAX_PAGE, Page, TokenomicsApi, runtime_decl_for_tokenomics_api::TokenomicsApiV1,
    },
};
use frame_support::{
    assert_ok,
    traits::{Bounded, Get, schedule::DispatchTime},
};
use pallet_buyback::RevenueSource;
use pallet_emission::{RoundRecord, UnpaidResult};
use pallet_governance::Side;
use pallet_registration::Role;
use pallet_supply::MintReason;
use sp_api::RuntimeApiInfo;
use sp_keyring::Sr25519Keyring::{self, Alice, AliceStash, Bob, Charlie, Dave, Eve, One};

/// The API of this runtime.
type Api = dyn TokenomicsApi<Block>;

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
    RuntimeOrigin::signed(who.to_account_id())
}

/// Bob registers Charlie with `slots` GPUs.
fn register(slots: u32) -> AccountId {
    let hotkey = Charlie.to_account_id();
    assert_ok!(Registration::register(
        signed(Bob),
        hotkey.clone(),
        Role::Miner,
        slots,
        1_000 * NI
    ));
    hotkey
}

/// All items, page by page.
fn walk<Item>(limit: u32, page: impl Fn(u32, u32) -> Page<Item>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut from = Some(0);
    while let Some(begin) = from {
        let given = page(begin, limit);
        assert!(given.items.len() <= usize::try_from(limit.min(MAX_PAGE)).unwrap());
        items.extend(given.items);
        assert!(given.next.is_none_or(|next| next > begin));
        from = given.next;
    }
    items
}

fn next_session(chain: &mut Chain) {
    let before = chain.with(Session::current_index);
    let slots = chain.with(EpochSlots::get);
    chain.skip(slots);
    chain.empty();
    assert_eq!(chain.with(Session::current_index), before + 1);
}

/// Runs on a chain whose state is then undone: no chain comes to hold what the test
/// pokes into it.
fn poked(test: impl FnOnce()) {
    development().with(|| {
        sp_io::storage::start_transaction();
        test();
        sp_io::storage::rollback_transaction();
    });
}

fn development() -> Chain {
    let mut chain = Chain::new("development");
    chain.empty();
    chain
}

#[test]
fn the_runtime_says_that_it_has_the_api() {
    assert_eq!(<Api as RuntimeApiInfo>::VERSION, 1);
    assert!(VERSION.apis.contains(&(<Api as RuntimeApiInfo>::ID, 1)));
    let ir = development().with(Runtime::metadata_ir);
    assert!(ir.apis.iter().any(|api| api.name == "TokenomicsApi"));
}

#[test]
fn the_supply_adds_up() {
    development().with(|| {
        let before = Runtime::supply();
        assert_eq!(before.issuance, before.genesis);
        register(2);
        assert_ok!(Supply::burn(signed(Bob), 5 * NI));
        let after = Runtime::supply();
        assert_eq!(after.issuance, before.issuance - 5 * NI);
        assert_eq!(after.issuance, after.minted - after.burned);
        assert_eq!(after.burned, after.burned_by.total());
        assert_eq!(after.burned_by.voluntary, 5 * NI);
        assert_eq!(after.recycled, after.recycled_by.registration_fees);
        assert!(after.recycled > before.recycled);
        assert_eq!(after.pool, after.recycled - after.drawn);
        assert_eq!(after.cap, crate::configs::economy::CAP);
    });
}

#[test]
fn a_slot_costs_what_registering_takes() {
    development().with(|| {
        let prices = Runtime::slot_prices();
        assert_eq!(prices.miner, Runtime::price(Role::Miner, 1));
        assert_eq!(prices.validator, Runtime::price(Role::Validator, 1));
        assert_eq!(Runtime::price(Role::Miner, 0), None);
        assert_eq!(Runtime::price(Role::Miner, u32::MAX), None);
        let before = Balances::free_balance(Bob.to_account_id());
        register(1);
        assert_eq!(
            before - Balances::free_balance(Bob.to_account_id()),
            prices.miner.unwrap() + prices.bond
        );
        assert!(Runtime::slot_prices().miner > prices.miner, "one was sold");
    });
}

#[test]
fn gpus_come_in_pages() {
    development().with(|| {
        let hotkey = register(5);
        let numbers = |page: Page<crate::tokenomics_api::GpuReport>| {
            (
                page.items.iter().map(|gpu| gpu.gpu).collect::<Vec<_>>(),
                page.next,
            )
        };
        let gpus = |from, limit| numbers(Runtime::gpus(hotkey.clone(), from, limit));
        assert_eq!(gpus(0, 2), (vec![0, 1], Some(2)));
        assert_eq!(gpus(4, 2), (vec![4], None));
        assert_eq!(gpus(5, 2), (vec![], None));
        assert_eq!(gpus(u32::MAX, u32::MAX), (vec![], None));
        assert_eq!(gpus(0, u32::MAX), (vec![0, 1, 2, 3, 4], None));
        assert_eq!(gpus(0, 0), (vec![], Some(0)));
        assert_eq!(
            numbers(Runtime::gpus(Dave.to_account_id(), 0, 9)),
            (vec![], None)
        );

        let registration = Runtime::registration(hotkey.clone()).unwrap();
        assert_eq!(registration.owner, Bob.to_account_id());
        assert_eq!(registration.slots, 5);
        assert_eq!(Runtime::registration(Dave.to_account_id()), None);
        let gpu = Runtime::gpu(hotkey.clone(), 4).unwrap();
        assert_eq!(gpu.bond, registration.bond);
        assert!(gpu.can_prove && gpu.commit.is_none() && gpu.pending.is_none());
        assert_eq!(Runtime::gpu(hotkey, 5), None);
    });
}

fn round(window: u32) -> RoundRecord<Balance> {
    RoundRecord {
        window,
        blocks: 20,
        drawn: 0,
        minted: 20,
        weight: 1,
        reference: 1,
        rates: vec![3 << 64].try_into().unwrap(),
        credited: 20,
        claimed: 0,
    }
}

#[test]
fn pay_is_known_once_the_round_is_settled() {
    poked(|| {
        let hotkey = register(1);
        let result = UnpaidResult {
            window: 7,
            tier: 0,
            mops: 5,
            base: 0,
            rest: 0,
            owner: Bob.to_account_id(),
            cap: 100,
        };
        pallet_emission::Results::<Runtime>::insert(&hotkey, 0, result);
        let pending = || {
            Runtime::gpu(hotkey.clone(), 0)
                .and_then(|gpu| gpu.pending)
                .unwrap()
        };
        assert_eq!(pending().window, 7);
        assert_eq!(pending().amount, None);
        pallet_emission::Rounds::<Runtime>::insert(7, round(7));
        assert_eq!(pending().amount, Some(15));
        assert_eq!(
            pending().amount,
            Some(Emission::pending_pay_of(hotkey.clone(), 0))
        );
    });
}

#[test]
fn rounds_come_newest_first_and_not_from_before_the_ring() {
    poked(|| {
        pallet_proof_of_gpu::NextWindow::<Runtime>::put(300);
        let settled: Vec<u32> = (290..300).chain([45, 44]).collect();
        for window in &settled {
            pallet_emission::Rounds::<Runtime>::insert(window % CLAIM_ROUNDS, round(*window));
        }
        let mut found = Vec::new();
        let mut before = None;
        loop {
            let page = Runtime::rounds(before, u32::MAX);
            assert!(page.items.len() <= 64);
            found.extend(page.items.iter().map(|round| round.window));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let mut expected: Vec<u32> = (290..300).chain([45, 44]).collect();
        expected.sort_by(|one, other| other.cmp(one));
        assert_eq!(found, expected);
        assert_eq!(Runtime::rounds(Some(3), 10).items, vec![]);
        assert_eq!(Runtime::rounds(Some(3), 10).next, None);
        assert_eq!(Runtime::rounds(Some(292), 1).items, vec![round(291)]);
        assert_eq!(Runtime::round(291), Some(round(291)));
        assert_eq!(Runtime::round(289), None);
    });
}

#[test]
fn the_tiers_are_those_of_the_table() {
    development().with(|| {
        let tiers = Runtime::tiers();
        assert_eq!(tiers.len(), 3);
        assert!(tiers.is_sorted_by_key(|tier| (tier.state.tier.floor.mops, tier.effective)));
        let effective: Vec<_> = tiers.iter().map(|tier| tier.effective).collect();
        assert_eq!(effective, Emission::effective().into_inner());
    });
}

#[test]
fn stake_is_active_from_the_next_session_and_earns() {
    let mut chain = development();
    let who = Eve.to_account_id();
    let validator = Alice.to_account_id();
    chain.with(|| {
        let before = &Runtime::validators(0, 9).items[0];
        assert_eq!(before.total, before.active);
        assert_ok!(Delegation::stake(
            signed(Eve),
            validator.clone(),
            500 * TAO_UNIT
        ));
        let after = &Runtime::validators(0, 9).items[0];
        assert_eq!(after.total, before.total + 500 * TAO_UNIT);
        assert_eq!(after.active, before.active);
        let page = Runtime::delegations(who.clone(), 0, 9);
        assert_eq!(page.next, None);
        assert_eq!(page.items[0].validator, validator);
        assert_eq!(page.items[0].amount, 500 * TAO_UNIT);
        assert_eq!((page.items[0].active, page.items[0].claimable), (0, 0));
    });
    next_session(&mut chain);
    // A round that begins in it.
    chain.with(|| Delegation::reward_round(Supply::mint(NI, MintReason::Emission).unwrap()));
    chain.empty();
    chain.with(|| {
        Delegation::reward_round(Supply::mint(30 * NI, MintReason::Emission).unwrap());
        let report = &Runtime::validators(0, 9).items[0];
        assert_eq!(report.active, report.total);
        let item = &Runtime::delegations(who.clone(), 0, 9).items[0];
        assert_eq!(item.active, 500 * TAO_UNIT);
        // A third of it, less Alice's tenth, rounded down.
        let earned = 9 * NI - 1;
        assert_eq!(item.claimable, earned);
        let before = Balances::free_balance(&who);
        assert_ok!(Delegation::claim(signed(Eve), validator.clone()));
        assert_eq!(Balances::free_balance(&who) - before, earned);
        assert_eq!(
            Runtime::delegations(who.clone(), 0, 9).items[0].claimable,
            0
        );
        assert_eq!(Runtime::delegations(who.clone(), 1, 9).items, vec![]);
    });
}

#[test]
fn delegations_come_in_pages() {
    let mut chain = Chain::new("local_testnet");
    chain.empty();
    chain.with(|| {
        let validators = [Alice, Bob].map(|validator| validator.to_account_id());
        for validator in &validators {
            let amount = 500 * TAO_UNIT;
            assert_ok!(Delegation::stake(signed(Eve), validator.clone(), amount));
        }
        let who = Eve.to_account_id();
        for limit in [1, 2, 9] {
            let walked = walk(limit, |from, limit| {
                Runtime::delegations(who.clone(), from, limit)
            });
            let walked: Vec<_> = walked.into_iter().map(|item| item.validator).collect();
            assert_eq!(walked.len(), 2);
            assert!(
                validators
                    .iter()
                    .all(|validator| walked.contains(validator))
            );
        }
        assert_eq!(Runtime::delegations(who, 0, 1).next, Some(1));
    });
}

#[test]
fn validators_come_in_pages() {
    let mut chain = Chain::new("local_testnet");
    chain.empty();
    chain.with(|| {
        let all = Runtime::validators(0, u32::MAX);
        assert_eq!((all.items.len(), all.next), (2, None));
        assert!(all.items.iter().all(|validator| validator.elected));
        assert_eq!(walk(1, Runtime::validators), all.items);
        assert_eq!(Runtime::validators(0, 1).next, Some(1));
        assert_eq!(Runtime::validators(2, 1).items, vec![]);
        let alice = all
            .items
            .iter()
            .find(|validator| validator.hotkey == Alice.to_account_id());
        assert_eq!(alice.unwrap().owner, AliceStash.to_account_id());
    });
}

#[test]
fn a_vote_locks_stake_and_unbonding_is_told() {
    development().with(|| {
        let who = AliceStash.to_account_id();
        let before = Runtime::stake(who.clone());
        assert_eq!((before.staked, before.locked), (1_000 * TAO_UNIT, 0));
        let call = crate::RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
        let bytes = codec::Encode::encode(&call).try_into().unwrap();
        assert_ok!(Referenda::submit(
            signed(Bob),
            Box::new(pallet_governance::Origin::Parameters.into()),
            Bounded::Inline(bytes),
            DispatchTime::After(1),
        ));
        assert_ok!(crate::Governance::vote(
            signed(AliceStash),
            0,
            Side::Aye,
            Some(TAO_UNIT)
        ));
        assert_eq!(Runtime::stake(who).locked, TAO_UNIT);

        let validator = Alice.to_account_id();
        assert_ok!(Delegation::stake(
            signed(Eve),
            validator.clone(),
            3 * TAO_UNIT
        ));
        assert_ok!(Delegation::unstake(signed(Eve), validator, TAO_UNIT));
        let eve = Runtime::stake(Eve.to_account_id());
        assert_eq!(eve.staked, 2 * TAO_UNIT);
        assert_eq!(eve.unbonding.len(), 1);
        assert_eq!(eve.unbonding[0].amount, TAO_UNIT);
    });
}

#[test]
fn revenue_is_quoted_by_asset() {
    development().with(|| {
        for (nonce, asset, amount) in [(0, TAO, TAO_UNIT), (1, USD, 50 * USD_UNIT)] {
            assert_ok!(Buyback::deposit_revenue(
                signed(One),
                nonce,
                AssetKind::WithId(asset),
                amount,
                RevenueSource::Asset
            ));
        }
        let report = Runtime::buyback();
        assert_eq!(report.totals.bought, 0);
        assert_eq!(report.assets.len(), 2);
        for revenue in report.assets {
            assert_eq!(revenue.quote.pending, revenue.ledger.received);
            assert_eq!(revenue.average_paid, None);
            let slice = revenue.quote.slice.unwrap();
            assert!(slice.amount <= revenue.quote.pending && slice.expected > 0);
        }
    });
}

#[test]
fn hyperparameters_are_those_there_are() {
    development().with(|| {
        let mut emission = Runtime::hyperparameters().emission;
        emission.base += 1;
        assert_ok!(crate::Settings::begin_with(emission.into()));
        assert_eq!(Runtime::hyperparameters().emission, emission);
        assert_eq!(
            Runtime::hyperparameters().window.samples,
            crate::settings::parameters::Window::get().samples
        );
    });
}
