// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whole referenda on the assembled chain: what they can decide, when it is done, and
//! whose stake stays for how long.

use super::{
    chain::Chain,
    equivocation::{evidence, report},
};
use crate::{
    Balance, Balances, BlockNumber, Buyback, EXISTENTIAL_DEPOSIT, Emission, Governance, NI,
    OriginCaller, Preimage, Referenda, Runtime, RuntimeCall, RuntimeEvent, Supply, System,
    TAO_UNIT,
    bridge::{self, Bounds},
    configs::{
        governance::{ASSETS_TRACK, BridgeBounds, REVOKE_TRACK, Tracks, UPGRADE_TRACK},
        market::{AssetKind, TAO},
    },
    settings::{
        self, Periods, RuntimeParameters,
        defaults::{self, DAY},
        parameters,
    },
};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::DispatchResult,
    traits::{Bounded, Currency as _, Get, Polling, QueryPreimage, schedule::DispatchTime},
};
use pallet_delegation::{Call as DelegationCall, Error as DelegationError};
use pallet_emission::Tier;
use pallet_governance::{Call, Error, Origin, Side};
use pallet_referenda::{ReferendumInfo, TracksInfo};
use sp_keyring::Sr25519Keyring::{
    self, Alice, AliceStash, Bob, Charlie, Dave, Eve, Ferdie, One, Two,
};
use sp_runtime::{
    DispatchError,
    traits::{BlakeTwo256, Hash as _},
};

/// What each voter has staked before anything is proposed.
const STAKE: Balance = 2_000 * TAO_UNIT;
/// What Alice's owner has, from genesis on.
const SELF_STAKE: Balance = 1_000 * TAO_UNIT;

/// A chain on which Bob and Ferdie have staked.
fn chain() -> Chain {
    let mut chain = Chain::new("development");
    for who in [Bob, Ferdie] {
        assert_ok!(chain.send(who, stake(STAKE)));
    }
    chain.empty();
    chain
}

fn stake(amount: Balance) -> DelegationCall<Runtime> {
    DelegationCall::stake {
        validator: Alice.to_account_id(),
        amount,
    }
}

fn unstake(amount: Balance) -> DelegationCall<Runtime> {
    DelegationCall::unstake {
        validator: Alice.to_account_id(),
        amount,
    }
}

/// Submits, in Charlie's name, that `call` be made in the name of `origin`.
fn submit(
    chain: &mut Chain,
    origin: impl Into<OriginCaller>,
    call: impl Into<RuntimeCall>,
) -> DispatchResult {
    let bytes = call.into().encode();
    let hash = BlakeTwo256::hash(&bytes);
    let len = u32::try_from(bytes.len()).unwrap();
    if chain.with(|| <Preimage as QueryPreimage>::len(&hash).is_none()) {
        assert_ok!(chain.send(Charlie, pallet_preimage::Call::note_preimage { bytes }));
    }
    chain.send(
        Charlie,
        pallet_referenda::Call::submit {
            proposal_origin: Box::new(origin.into()),
            proposal: Bounded::Lookup { hash, len },
            enactment_moment: DispatchTime::After(0),
        },
    )
}

/// A referendum that waits for nothing but votes.
fn propose(
    chain: &mut Chain,
    origin: impl Into<OriginCaller>,
    call: impl Into<RuntimeCall>,
) -> u32 {
    let index = chain.with(pallet_referenda::ReferendumCount::<Runtime>::get);
    assert_ok!(submit(chain, origin, call));
    let place = pallet_referenda::Call::place_decision_deposit { index };
    assert_ok!(chain.send(Dave, place));
    index
}

fn vote(chain: &mut Chain, who: Sr25519Keyring, poll: u32, side: Side) -> DispatchResult {
    let amount = None;
    chain.send(who, Call::vote { poll, side, amount })
}

/// Goes on until the referendum is over; the block in which it ended.
fn until_over(chain: &mut Chain, poll: u32) -> BlockNumber {
    for _ in 0..120 {
        if chain.with(|| Referenda::as_ongoing(poll).is_none()) {
            return chain.number();
        }
        chain.empty();
    }
    panic!("referendum {poll} goes on and on");
}

fn is_approved(chain: &mut Chain, poll: u32) -> bool {
    chain.with(|| {
        matches!(
            pallet_referenda::ReferendumInfoFor::<Runtime>::get(poll),
            Some(ReferendumInfo::Approved(..))
        )
    })
}

/// What the scheduler's task in the latest block came to.
fn enacted(chain: &mut Chain) -> Option<DispatchResult> {
    chain.events().into_iter().find_map(|event| match event {
        RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
            id: Some(_),
            result,
            ..
        }) => Some(result),
        _ => None,
    })
}

/// Bob has it approved, and it is enacted on time and not before; what that came to.
fn decide(
    chain: &mut Chain,
    origin: impl Into<OriginCaller>,
    call: impl Into<RuntimeCall>,
) -> DispatchResult {
    let poll = propose(chain, origin, call);
    assert_ok!(vote(chain, Bob, poll, Side::Aye));
    let end = until_over(chain, poll);
    assert!(is_approved(chain, poll));
    let enactment = chain.with(|| Periods::<Runtime>::get().enactment);
    while chain.number() < end + enactment - 1 {
        chain.empty();
        assert_eq!(enacted(chain), None, "too early");
    }
    chain.empty();
    enacted(chain).unwrap()
}

/// The values that are, with a change.
fn emission(reference_weight: u128) -> RuntimeParameters {
    let mut emission = parameters::Emission::get();
    emission.reference_weight = reference_weight;
    emission.into()
}

fn set(parameters: RuntimeParameters) -> settings::Call<Runtime> {
    settings::Call::set { parameters }
}

#[test]
fn a_hyperparameter_changes_after_the_enactment_period_and_not_before() {
    let mut chain = chain();
    let reference = chain.with(|| parameters::Emission::get().reference_weight);
    let poll = chain.with(|| set(emission(reference + 7)));
    let poll = propose(&mut chain, Origin::Parameters, poll);
    assert_ok!(vote(&mut chain, Bob, poll, Side::Aye));
    let end = until_over(&mut chain, poll);
    assert!(is_approved(&mut chain, poll));
    let enactment = chain.with(|| Periods::<Runtime>::get().enactment);
    assert!(enactment > 1);
    while chain.number() < end + enactment {
        chain.with(|| assert_eq!(parameters::Emission::get().reference_weight, reference));
        chain.empty();
    }
    chain.with(|| assert_eq!(parameters::Emission::get().reference_weight, reference + 7));
    assert_eq!(enacted(&mut chain), Some(Ok(())));
    // Both deposits come back, whoever asks.
    assert_ok!(chain.send(Eve, Call::settle_deposits { poll }));
    for who in [Charlie, Dave] {
        let left = reserved(&mut chain, who);
        assert!(left < NI, "{who:?} has {left} left");
    }
}

fn reserved(chain: &mut Chain, who: Sr25519Keyring) -> Balance {
    chain.with(|| Balances::reserved_balance(who.to_account_id()))
}

#[test]
fn what_is_voted_down_changes_nothing() {
    let mut chain = chain();
    let reference = chain.with(|| parameters::Emission::get().reference_weight);
    let call = chain.with(|| set(emission(reference + 7)));
    let poll = propose(&mut chain, Origin::Parameters, call);
    assert_ok!(vote(&mut chain, Bob, poll, Side::Nay));
    assert_ok!(vote(&mut chain, Ferdie, poll, Side::Nay));
    assert_ok!(vote(&mut chain, AliceStash, poll, Side::Aye));
    until_over(&mut chain, poll);
    assert!(!is_approved(&mut chain, poll));
    chain.blocks(10);
    chain.with(|| assert_eq!(parameters::Emission::get().reference_weight, reference));
}

#[test]
fn a_value_out_of_range_is_refused_at_its_enactment() {
    let mut chain = chain();
    let samples = chain.with(|| parameters::Window::get().samples);
    let call = chain.with(|| {
        let mut window = parameters::Window::get();
        window.samples = 0;
        set(window.into())
    });
    let refused = decide(&mut chain, Origin::Parameters, call);
    assert_eq!(refused, Err(settings::Error::<Runtime>::Samples.into()));
    chain.with(|| assert_eq!(parameters::Window::get().samples, samples));
}

#[test]
fn a_value_that_does_not_fit_the_others_is_refused_at_its_enactment() {
    let mut chain = chain();
    let call = chain.with(|| {
        let mut delegation = parameters::Delegation::get();
        delegation.unbonding = 1;
        set(delegation.into())
    });
    let refused = decide(&mut chain, Origin::Parameters, call);
    assert_eq!(refused, Err(settings::Error::<Runtime>::Unbonding.into()));
    chain.with(|| assert!(parameters::Delegation::get().unbonding > 1));
}

#[test]
fn the_tier_table_is_set_by_referendum() {
    let mut chain = chain();
    let (states, lowest) = chain.with(|| (table(), Emission::lowest_floor()));
    assert!(states.len() > 1);
    let shorter = states[1..].to_vec();
    assert_ok!(decide(&mut chain, Origin::Tiers, set_tiers(&shorter)));
    // The round that is going on is paid by the table it began with.
    for _ in 0..60 {
        if chain.with(table) == shorter {
            break;
        }
        chain.empty();
    }
    chain.with(|| {
        assert_eq!(table(), shorter);
        assert!(Emission::lowest_floor() > lowest);
    });

    // One that breaks the order is refused.
    let disordered: Vec<_> = shorter.iter().rev().copied().collect();
    assert!(decide(&mut chain, Origin::Tiers, set_tiers(&disordered)).is_err());
    chain.with(|| assert_eq!(table(), shorter));
}

fn table() -> Vec<Tier> {
    pallet_emission::Tiers::<Runtime>::get()
        .into_iter()
        .map(|state| state.tier)
        .collect()
}

fn set_tiers(tiers: &[Tier]) -> pallet_emission::Call<Runtime> {
    pallet_emission::Call::set_tiers {
        tiers: tiers.to_vec().try_into().unwrap(),
    }
}

#[test]
fn assets_are_disabled_and_enabled_by_referendum() {
    let mut chain = chain();
    let tao = AssetKind::WithId(TAO);
    let terms = chain.with(|| Buyback::quote(tao.clone()).map(|_| market_terms(&tao)));
    let disable = pallet_buyback::Call::disable_asset { asset: tao.clone() };
    assert_ok!(decide(&mut chain, Origin::Assets, disable));
    chain.with(|| assert!(!Buyback::is_enabled(&tao)));
    let enable = pallet_buyback::Call::enable_asset {
        asset: tao.clone(),
        terms: terms.unwrap(),
    };
    assert_ok!(decide(&mut chain, Origin::Assets, enable.clone()));
    chain.with(|| assert!(Buyback::is_enabled(&tao)));
    // Once more is a documented error, and changes nothing.
    assert_eq!(
        decide(&mut chain, Origin::Assets, enable),
        Err(pallet_buyback::Error::<Runtime>::AlreadyEnabled.into())
    );
}

/// What is enabled has to exist, and no call of a referendum's or anybody's creates an
/// asset: another one takes new code, which also says who bridges it.
#[test]
fn an_asset_that_there_is_not_is_not_enabled() {
    let mut chain = chain();
    let terms = chain.with(|| market_terms(&AssetKind::WithId(TAO)));
    let asset = AssetKind::WithId(7);
    let enable = pallet_buyback::Call::enable_asset { asset, terms };
    let unknown = pallet_buyback::Error::<Runtime>::UnknownAsset;
    assert_eq!(
        decide(&mut chain, Origin::Assets, enable),
        Err(unknown.into())
    );
    let create = pallet_assets::Call::<Runtime>::force_create {
        id: 7,
        owner: Eve.to_account_id().into(),
        is_sufficient: false,
        min_balance: 1,
    };
    for origin in [Origin::Assets, Origin::Upgrade] {
        assert_eq!(
            decide(&mut chain, origin, create.clone()),
            Err(DispatchError::BadOrigin)
        );
    }
}

fn market_terms(asset: &AssetKind) -> pallet_buyback::AssetTerms<Balance> {
    pallet_buyback::Markets::<Runtime>::get()
        .into_iter()
        .find(|market| market.asset == *asset)
        .map(|market| market.terms)
        .unwrap()
}

#[test]
fn the_bridges_operator_is_named_as_an_upgrade_is_decided() {
    let mut chain = chain();
    let before = chain.with(bridge::Operator::<Runtime>::get);
    let operator = Some(Eve.to_account_id());
    let call = bridge::Call::set_operator {
        operator: operator.clone(),
    };
    assert_eq!(
        decide(&mut chain, Origin::Assets, call.clone()),
        Err(DispatchError::BadOrigin)
    );
    chain.with(|| assert_eq!(bridge::Operator::<Runtime>::get(), before));
    assert_ok!(decide(&mut chain, Origin::Upgrade, call));
    chain.with(|| assert_eq!(bridge::Operator::<Runtime>::get(), operator));
}

/// The rival has a tenth of all stake, and nobody else votes. It wants new code, and the
/// bridge to mint it the votes for that.
#[test]
fn a_tenth_of_the_stake_does_not_become_an_operator() {
    let mut chain = chain();
    // 600 of 5,600 TAO: 10.7%.
    assert_ok!(chain.send(Eve, stake(600 * TAO_UNIT)));
    chain.empty();
    let rival = Some(Eve.to_account_id());
    let name: RuntimeCall = bridge::Call::set_operator {
        operator: rival.clone(),
    }
    .into();
    let raise = chain.with(|| -> RuntimeCall {
        let limit = bridge::Assets::<Runtime>::get(TAO).unwrap().limit;
        bridge::Call::set_limit {
            asset: TAO,
            limit: 2 * limit,
        }
        .into()
    });
    let both = pallet_utility::Call::batch_all {
        calls: vec![name.clone(), raise.clone()],
    };
    let code_hash = BlakeTwo256::hash(b"the rival's");
    let code: RuntimeCall = Call::authorize_upgrade { code_hash }.into();

    // Its votes do not do for an upgrade, nor for an operator.
    for call in [code.clone(), name.clone()] {
        let poll = propose(&mut chain, Origin::Upgrade, call);
        assert_ok!(vote(&mut chain, Eve, poll, Side::Aye));
        until_over(&mut chain, poll);
        assert!(!is_approved(&mut chain, poll));
    }
    // Where they do, what is approved is refused.
    for origin in [
        Origin::Parameters,
        Origin::Tiers,
        Origin::Assets,
        Origin::Revoke,
    ] {
        for call in [code.clone(), name.clone(), both.clone().into()] {
            let poll = propose(&mut chain, origin, call);
            assert_ok!(vote(&mut chain, Eve, poll, Side::Aye));
            until_over(&mut chain, poll);
            assert!(is_approved(&mut chain, poll), "{origin:?}");
            let result = until_enacted(&mut chain);
            assert!(result.is_err(), "{origin:?}");
        }
    }
    // Of the bridge it has the limit, which is none of its own.
    let poll = propose(&mut chain, Origin::Assets, raise);
    assert_ok!(vote(&mut chain, Eve, poll, Side::Aye));
    until_over(&mut chain, poll);
    assert_ok!(until_enacted(&mut chain));
    chain.with(|| assert_ne!(bridge::Operator::<Runtime>::get(), rival));
    let mint = bridge::Call::mint {
        asset: TAO,
        nonce: 0,
        to: Eve.to_account_id(),
        amount: TAO_UNIT,
    };
    assert_eq!(
        chain.send(Eve, mint),
        Err(bridge::Error::<Runtime>::NotOperator.into())
    );
    chain.with(|| assert!(System::authorized_upgrade().is_none()));
}

/// What the next scheduled task came to.
fn until_enacted(chain: &mut Chain) -> DispatchResult {
    for _ in 0..10 {
        chain.empty();
        if let Some(result) = enacted(chain) {
            return result;
        }
    }
    panic!("nothing is enacted");
}

/// The operator mints itself all it can for as many days as a revoking referendum takes
/// at most, stakes it and votes against everybody. It decides nothing, and is revoked.
#[test]
fn what_a_false_operator_mints_decides_nothing() {
    let mut chain = chain();
    let mut minted = 0;
    for day in 0..4 {
        chain.jump(DAY);
        let amount = chain.with(|| BridgeBounds::most_a_day(TAO).unwrap());
        minted += amount;
        let mint = bridge::Call::mint {
            asset: TAO,
            nonce: day,
            to: One.to_account_id(),
            amount,
        };
        assert_ok!(chain.send(One, mint));
        assert_ok!(chain.send(One, stake(amount)));
    }
    chain.empty();
    let operator = chain.with(bridge::Operator::<Runtime>::get);
    assert_eq!(operator, Some(One.to_account_id()));
    // Nobody else votes, and still it wins nothing.
    for origin in [
        Origin::Parameters,
        Origin::Tiers,
        Origin::Assets,
        Origin::Upgrade,
        Origin::Revoke,
    ] {
        let call = frame_system::Call::remark { remark: vec![2] };
        let poll = propose(&mut chain, origin, call);
        assert_ok!(vote(&mut chain, One, poll, Side::Aye));
        chain.with(|| assert_eq!(tally(poll), (minted, 0)));
        until_over(&mut chain, poll);
        assert!(!is_approved(&mut chain, poll), "{origin:?}");
    }
    // Nor does it stop what a few others want.
    let call = bridge::Call::set_operator { operator: None };
    let poll = propose(&mut chain, Origin::Revoke, call);
    assert_ok!(vote(&mut chain, One, poll, Side::Nay));
    assert_ok!(vote(&mut chain, Bob, poll, Side::Aye));
    until_over(&mut chain, poll);
    assert_ok!(until_enacted(&mut chain));
    chain.with(|| assert_eq!(bridge::Operator::<Runtime>::get(), None));
}

#[test]
fn to_revoke_takes_a_part_of_the_time() {
    let mut chain = chain();
    let calls: [bridge::Call<Runtime>; 3] = [
        bridge::Call::set_operator { operator: None },
        bridge::Call::set_gateway { gateway: None },
        bridge::Call::set_limit {
            asset: TAO,
            limit: 0,
        },
    ];
    let slow = chain.with(|| Tracks::info(ASSETS_TRACK).unwrap().into_owned());
    for call in calls {
        let began = chain.number();
        let poll = propose(&mut chain, Origin::Revoke, call);
        assert_ok!(vote(&mut chain, Bob, poll, Side::Aye));
        until_over(&mut chain, poll);
        assert_ok!(until_enacted(&mut chain));
        assert!(chain.number() - began <= slow.confirm_period + slow.min_enactment_period + 4);
    }
    chain.with(|| {
        assert_eq!(bridge::Operator::<Runtime>::get(), None);
        assert_eq!(bridge::Gateway::<Runtime>::get(), None);
        assert_eq!(bridge::Assets::<Runtime>::get(TAO).unwrap().limit, 0);
        // On the production chain: within four hours, and two days where it is disputed.
        Periods::<Runtime>::put(defaults::Periods::get());
        let track = Tracks::info(REVOKE_TRACK).unwrap();
        let quickest = track.prepare_period + track.confirm_period + track.min_enactment_period;
        assert!(quickest <= DAY / 6);
        assert!(quickest + track.decision_period <= 2 * DAY);
    });
    chain.leave_broken();
}

/// The opponent proposes nothings to hold the places, so that nothing else is decided.
/// It has what all that costs, and no stake.
#[test]
fn to_hold_a_track_takes_every_place_and_costs_every_deposit() {
    let mut chain = chain();
    let nothing = |chain: &mut Chain, byte| {
        let index = chain.with(pallet_referenda::ReferendumCount::<Runtime>::get);
        let code_hash = sp_core::H256::repeat_byte(byte);
        assert_ok!(submit(
            chain,
            Origin::Upgrade,
            Call::authorize_upgrade { code_hash }
        ));
        let place = pallet_referenda::Call::place_decision_deposit { index };
        assert_ok!(chain.send(Ferdie, place));
        index
    };
    let track = chain.with(|| Tracks::info(UPGRADE_TRACK).unwrap().into_owned());
    assert!(track.max_deciding > 1);
    let begins = chain.number();
    let held: Vec<u32> = (1..u8::try_from(track.max_deciding).unwrap())
        .map(|byte| nothing(&mut chain, byte))
        .collect();
    chain.blocks(3);
    // All but one, and what is wanted is decided as if there were none.
    let code_hash = BlakeTwo256::hash(b"wanted");
    let wanted = propose(
        &mut chain,
        Origin::Upgrade,
        Call::authorize_upgrade { code_hash },
    );
    let submitted = chain.number();
    for who in [Bob, AliceStash] {
        assert_ok!(vote(&mut chain, who, wanted, Side::Aye));
    }
    let end = until_over(&mut chain, wanted);
    assert!(is_approved(&mut chain, wanted));
    assert!(
        end < begins + track.decision_period,
        "before any other ends"
    );
    assert!(end - submitted < track.decision_period);

    // All of them, and it waits for one to end, before all that has fewer votes.
    chain.blocks(3);
    let last = nothing(&mut chain, 90);
    let behind = nothing(&mut chain, 91);
    chain.blocks(3);
    let code_hash = BlakeTwo256::hash(b"wanted as well");
    let wanted = propose(
        &mut chain,
        Origin::Upgrade,
        Call::authorize_upgrade { code_hash },
    );
    for who in [Bob, AliceStash] {
        assert_ok!(vote(&mut chain, who, wanted, Side::Aye));
    }
    until_over(&mut chain, wanted);
    assert!(is_approved(&mut chain, wanted));
    assert!(chain.number() <= begins + 2 * track.decision_period);

    // Every deposit for a decision is gone.
    until_over(&mut chain, behind);
    until_over(&mut chain, last);
    let all = [held, vec![last, behind]].concat();
    let burned = chain.with(Supply::burned);
    let before = chain.with(|| Balances::total_balance(&Ferdie.to_account_id()));
    for poll in all.iter().copied() {
        assert_ok!(chain.send(Eve, Call::settle_deposits { poll }));
    }
    let lost = track.decision_deposit * Balance::from(u32::try_from(all.len()).unwrap());
    chain.with(|| {
        let after = Balances::total_balance(&Ferdie.to_account_id());
        assert_eq!(before - after, lost);
        assert!(Supply::burned() >= burned + lost);
    });
    assert_eq!(reserved(&mut chain, Ferdie), 0);
    // The submissions' come back, though they failed.
    let left = reserved(&mut chain, Charlie);
    assert!(left < 20 * NI + NI, "{left}: of what was approved alone");
}

#[test]
fn deposits_go_by_their_settlement_alone() {
    let mut chain = chain();
    let code_hash = BlakeTwo256::hash(b"nobody's");
    let poll = propose(
        &mut chain,
        Origin::Upgrade,
        Call::authorize_upgrade { code_hash },
    );
    let settle = || Call::settle_deposits { poll };
    let nothing_held = Err(Error::<Runtime>::NothingHeld.into());
    assert_eq!(chain.send(Eve, settle()), nothing_held, "it is ongoing");
    until_over(&mut chain, poll);
    let filtered = Err(frame_system::Error::<Runtime>::CallFiltered.into());
    let refunds: [pallet_referenda::Call<Runtime>; 2] = [
        pallet_referenda::Call::refund_decision_deposit { index: poll },
        pallet_referenda::Call::refund_submission_deposit { index: poll },
    ];
    for refund in refunds {
        assert_eq!(chain.send(Dave, refund.clone()), filtered);
        let batch = pallet_utility::Call::batch_all {
            calls: vec![refund.into()],
        };
        assert_eq!(chain.send(Dave, batch), filtered);
    }
    let held = reserved(&mut chain, Dave);
    assert_ok!(chain.send(Eve, settle()));
    assert_eq!(reserved(&mut chain, Dave), held - 1_000 * NI);
    assert_eq!(chain.send(Eve, settle()), nothing_held);
}

/// Its owner may have put all else at stake: what keeps an account is not burned.
#[test]
fn a_deposit_is_burned_down_to_what_keeps_its_account() {
    let mut chain = chain();
    let code_hash = BlakeTwo256::hash(b"nobody's");
    let poll = propose(
        &mut chain,
        Origin::Upgrade,
        Call::authorize_upgrade { code_hash },
    );
    // A proxy's deposit keeps Dave's account, from which all else goes.
    let add = pallet_proxy::Call::add_proxy {
        delegate: Eve.to_account_id().into(),
        proxy_type: crate::configs::system::ProxyType::Any,
        delay: 0,
    };
    assert_ok!(chain.send(Dave, add));
    let free = chain.with(|| Balances::free_balance(Dave.to_account_id()));
    let empty = pallet_balances::Call::transfer_allow_death {
        dest: Eve.to_account_id().into(),
        value: free - NI,
    };
    assert_ok!(chain.send(Dave, empty));
    until_over(&mut chain, poll);
    let issuance = chain.with(Balances::total_issuance);
    assert_ok!(chain.send(Eve, Call::settle_deposits { poll }));
    chain.with(|| {
        assert!(issuance - Balances::total_issuance() >= 1_000 * NI - EXISTENTIAL_DEPOSIT);
        assert!(Balances::total_balance(&Dave.to_account_id()) > 0);
    });
}

/// Whoever is about to lose stakes what it can borrow: it may not vote, and counts for
/// nothing.
#[test]
fn stake_that_may_not_vote_defeats_nothing() {
    let mut chain = chain();
    let poll = voted(&mut chain, Side::Aye);
    for who in [Eve, One, Two] {
        assert_ok!(chain.send(who, stake(9_000 * TAO_UNIT)));
    }
    until_over(&mut chain, poll);
    assert!(is_approved(&mut chain, poll));
}

/// Whoever submits while little is staked has it decided soon, or not at all.
#[test]
fn what_is_submitted_is_decided_soon_or_not_at_all() {
    let mut chain = chain();
    let call = frame_system::Call::remark { remark: vec![1] };
    assert_ok!(submit(&mut chain, Origin::Upgrade, call));
    let end = until_over(&mut chain, 0);
    let periods = chain.with(Periods::<Runtime>::get);
    assert!(end <= periods.prepare + periods.decision + 10);
    assert!(!is_approved(&mut chain, 0));
    assert_ok!(chain.send(Eve, Call::settle_deposits { poll: 0 }));
    assert!(reserved(&mut chain, Charlie) < NI);
}

/// So that who votes on all that is being decided can do it.
#[test]
fn there_are_no_more_places_than_votes() {
    let mut chain = chain();
    chain.with(|| {
        let places: u32 = Tracks::tracks().map(|track| track.info.max_deciding).sum();
        assert!(places <= <Runtime as pallet_governance::Config>::MaxVotes::get());
        assert!(Tracks::tracks().all(|track| track.info.max_deciding >= 4));
    });
}

#[test]
fn an_upgrade_is_authorised_by_its_hash() {
    let mut chain = chain();
    let code_hash = BlakeTwo256::hash(b"new code");
    let call = Call::authorize_upgrade { code_hash };
    assert_ok!(decide(&mut chain, Origin::Upgrade, call));
    assert!(chain.events().contains(&RuntimeEvent::System(
        frame_system::Event::UpgradeAuthorized {
            code_hash,
            check_version: true,
        }
    )));
    // Other code is refused; without an authorisation so is any.
    let apply = |code: &[u8]| frame_system::Call::<Runtime>::apply_authorized_upgrade {
        code: code.to_vec(),
    };
    assert_eq!(
        chain.send(Eve, apply(b"other code")),
        Err(frame_system::Error::<Runtime>::Unauthorized.into())
    );
    let mut fresh = Chain::new("development");
    assert_eq!(
        fresh.send(Eve, apply(b"new code")),
        Err(frame_system::Error::<Runtime>::NothingAuthorized.into())
    );
}

#[test]
fn no_track_has_root_or_anything_else_of_power() {
    let mut chain = chain();
    let call = || frame_system::Call::<Runtime>::set_code { code: vec![1] };
    let origins: [OriginCaller; 5] = [
        frame_system::RawOrigin::Root.into(),
        frame_system::RawOrigin::None.into(),
        frame_system::RawOrigin::Signed(Bob.to_account_id()).into(),
        settings::Origin::Checked.into(),
        frame_system::RawOrigin::Authorized.into(),
    ];
    for origin in origins {
        assert_eq!(
            submit(&mut chain, origin, call()),
            Err(pallet_referenda::Error::<Runtime>::NoTrack.into())
        );
    }
}

#[test]
fn a_track_does_not_do_what_is_anothers() {
    let mut chain = chain();
    let reference = chain.with(|| parameters::Emission::get().reference_weight);
    let set_reference: RuntimeCall = chain.with(|| set(emission(reference + 1)).into());
    let code_hash = BlakeTwo256::hash(b"new code");
    let upgrade: RuntimeCall = Call::authorize_upgrade { code_hash }.into();
    let root: RuntimeCall = frame_system::Call::set_code { code: vec![1] }.into();
    let asset = AssetKind::WithId(TAO);
    let disable: RuntimeCall = pallet_buyback::Call::disable_asset { asset }.into();
    let refused: [(Origin, RuntimeCall); 7] = [
        (Origin::Tiers, set_reference.clone()),
        (Origin::Revoke, set_reference.clone()),
        (Origin::Assets, upgrade.clone()),
        (Origin::Parameters, upgrade),
        (Origin::Assets, set_reference),
        (Origin::Upgrade, disable),
        (Origin::Upgrade, root),
    ];
    for (origin, call) in refused {
        let poll = propose(&mut chain, origin, call);
        assert_ok!(vote(&mut chain, Bob, poll, Side::Aye));
        until_over(&mut chain, poll);
        assert!(is_approved(&mut chain, poll));
        assert_eq!(until_enacted(&mut chain), Err(DispatchError::BadOrigin));
    }
    chain.with(|| assert_eq!(parameters::Emission::get().reference_weight, reference));
}

/// A referendum that Bob has voted on and Ferdie has not.
fn voted(chain: &mut Chain, side: Side) -> u32 {
    let call = frame_system::Call::remark { remark: vec![1] };
    let poll = propose(chain, Origin::Parameters, call);
    assert_ok!(vote(chain, Bob, poll, side));
    poll
}

#[test]
fn what_has_voted_aye_stays_until_the_enactment() {
    let mut chain = chain();
    let poll = voted(&mut chain, Side::Aye);
    let locked = Err(DelegationError::<Runtime>::StakeLocked.into());
    assert_eq!(chain.send(Bob, unstake(STAKE)), locked);
    assert_eq!(chain.send(Bob, unstake(TAO_UNIT)), locked);
    assert_ok!(chain.send(Ferdie, unstake(STAKE)));

    let end = until_over(&mut chain, poll);
    let enactment = chain.with(|| Periods::<Runtime>::get().enactment);
    let not_enacted = Err(Error::<Runtime>::NotEnacted.into());
    assert_eq!(chain.send(Bob, Call::remove_vote { poll }), not_enacted);
    while chain.number() < end + enactment - 1 {
        assert_eq!(chain.send(Bob, unstake(TAO_UNIT)), locked);
    }
    assert_ok!(chain.send(Bob, unstake(STAKE)));
    assert_eq!(chain.number(), end + enactment, "in the very block");
}

#[test]
fn what_has_voted_nay_stays_until_the_end() {
    let mut chain = chain();
    let poll = voted(&mut chain, Side::Nay);
    assert_ok!(vote(&mut chain, Ferdie, poll, Side::Nay));
    let locked = Err(DelegationError::<Runtime>::StakeLocked.into());
    assert_eq!(chain.send(Bob, unstake(STAKE)), locked);
    until_over(&mut chain, poll);
    assert!(!is_approved(&mut chain, poll));
    assert_ok!(chain.send(Bob, unstake(STAKE)));
}

#[test]
fn a_vote_taken_back_in_time_locks_nothing() {
    let mut chain = chain();
    let poll = voted(&mut chain, Side::Nay);
    assert_ok!(chain.send(Bob, Call::remove_vote { poll }));
    assert_ok!(chain.send(Bob, unstake(STAKE)));
    chain.with(|| assert_eq!(tally(poll), (0, 0)));
}

fn tally(poll: u32) -> (Balance, Balance) {
    let (tally, _) = Referenda::as_ongoing(poll).unwrap();
    (tally.ayes, tally.nays)
}

#[test]
fn stake_added_after_the_submission_has_no_weight() {
    let mut chain = chain();
    let poll = voted(&mut chain, Side::Nay);
    assert_ok!(chain.send(Eve, stake(STAKE)));
    assert_ok!(chain.send(Bob, stake(STAKE)));
    let none: DispatchError = Error::<Runtime>::NoWeight.into();
    assert_eq!(
        vote(&mut chain, Eve, poll, Side::Nay),
        Err(none),
        "all of it is new"
    );
    let above = Call::vote {
        poll,
        side: Side::Aye,
        amount: Some(STAKE + 1),
    };
    let too_much = Error::<Runtime>::AboveVotingStake;
    assert_eq!(chain.send(Bob, above), Err(too_much.into()));
    assert_ok!(vote(&mut chain, Bob, poll, Side::Aye));
    chain.with(|| assert_eq!(tally(poll), (STAKE, 0)));
}

#[test]
fn stake_that_is_unbonding_has_no_weight() {
    let mut chain = chain();
    let poll = voted(&mut chain, Side::Nay);
    assert_ok!(chain.send(Ferdie, unstake(STAKE)));
    let none: DispatchError = Error::<Runtime>::NoWeight.into();
    assert_eq!(vote(&mut chain, Ferdie, poll, Side::Nay), Err(none));
    // Nor does it come back by being staked again.
    assert_ok!(chain.send(Ferdie, stake(STAKE)));
    assert_eq!(vote(&mut chain, Ferdie, poll, Side::Nay), Err(none));
}

#[test]
fn a_slash_takes_the_weight_it_stood_for() {
    let mut chain = chain();
    let poll = voted(&mut chain, Side::Aye);
    assert_ok!(vote(&mut chain, AliceStash, poll, Side::Nay));
    chain.with(|| assert_eq!(tally(poll), (STAKE, SELF_STAKE)));
    // Alice signs two blocks of one slot, and is reported.
    let evidence = evidence(&mut chain, Alice, [1, 2]);
    assert_ok!(chain.send(Charlie, report(evidence)));
    let taken = 100 * TAO_UNIT;
    chain.with(|| {
        assert_eq!(tally(poll), (STAKE, SELF_STAKE - taken));
        assert_eq!(
            Governance::locked(&AliceStash.to_account_id()),
            SELF_STAKE - taken
        );
    });
}
