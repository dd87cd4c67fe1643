// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whole referenda on the assembled chain: what they can decide, when it is done, and
//! whose stake stays for how long.

use super::{
    chain::Chain,
    equivocation::{evidence, report},
};
use crate::{
    Balance, BlockNumber, Buyback, Emission, Governance, OriginCaller, Preimage, Referenda,
    Runtime, RuntimeCall, RuntimeEvent, TAO_UNIT, bridge,
    configs::market::{AssetKind, TAO},
    settings::{self, Periods, RuntimeParameters, parameters},
};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::DispatchResult,
    traits::{Bounded, Get, Polling, QueryPreimage, schedule::DispatchTime},
};
use pallet_delegation::{Call as DelegationCall, Error as DelegationError};
use pallet_emission::Tier;
use pallet_governance::{Call, Error, Origin, Side};
use pallet_referenda::ReferendumInfo;
use sp_keyring::Sr25519Keyring::{self, Alice, AliceStash, Bob, Charlie, Dave, Eve, Ferdie};
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
fn emission(base: Balance) -> RuntimeParameters {
    let mut emission = parameters::Emission::get();
    emission.base = base;
    emission.into()
}

fn set(parameters: RuntimeParameters) -> settings::Call<Runtime> {
    settings::Call::set { parameters }
}

#[test]
fn a_hyperparameter_changes_after_the_enactment_period_and_not_before() {
    let mut chain = chain();
    let base = chain.with(|| parameters::Emission::get().base);
    let poll = chain.with(|| set(emission(base + 7)));
    let poll = propose(&mut chain, Origin::Parameters, poll);
    assert_ok!(vote(&mut chain, Bob, poll, Side::Aye));
    let end = until_over(&mut chain, poll);
    assert!(is_approved(&mut chain, poll));
    let enactment = chain.with(|| Periods::<Runtime>::get().enactment);
    assert!(enactment > 1);
    while chain.number() < end + enactment {
        chain.with(|| assert_eq!(parameters::Emission::get().base, base));
        chain.empty();
    }
    chain.with(|| assert_eq!(parameters::Emission::get().base, base + 7));
    assert_eq!(enacted(&mut chain), Some(Ok(())));
    // Both deposits come back.
    for (who, refund) in [
        (
            Charlie,
            pallet_referenda::Call::refund_submission_deposit { index: poll },
        ),
        (
            Dave,
            pallet_referenda::Call::refund_decision_deposit { index: poll },
        ),
    ] {
        assert_ok!(chain.send(who, refund));
        let reserved = chain.with(|| crate::Balances::reserved_balance(who.to_account_id()));
        assert!(reserved < crate::NI, "{who:?} has {reserved} left");
    }
}

#[test]
fn what_is_voted_down_changes_nothing() {
    let mut chain = chain();
    let base = chain.with(|| parameters::Emission::get().base);
    let call = chain.with(|| set(emission(base + 7)));
    let poll = propose(&mut chain, Origin::Parameters, call);
    assert_ok!(vote(&mut chain, Bob, poll, Side::Nay));
    assert_ok!(vote(&mut chain, Ferdie, poll, Side::Nay));
    assert_ok!(vote(&mut chain, AliceStash, poll, Side::Aye));
    until_over(&mut chain, poll);
    assert!(!is_approved(&mut chain, poll));
    chain.blocks(10);
    chain.with(|| assert_eq!(parameters::Emission::get().base, base));
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

fn market_terms(asset: &AssetKind) -> pallet_buyback::AssetTerms<Balance> {
    pallet_buyback::Markets::<Runtime>::get()
        .into_iter()
        .find(|market| market.asset == *asset)
        .map(|market| market.terms)
        .unwrap()
}

#[test]
fn the_bridges_operator_is_named_by_referendum() {
    let mut chain = chain();
    let operator = Some(Eve.to_account_id());
    let call = bridge::Call::set_operator {
        operator: operator.clone(),
    };
    assert_ok!(decide(&mut chain, Origin::Assets, call));
    chain.with(|| assert_eq!(bridge::Operator::<Runtime>::get(), operator));
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
    let base = chain.with(|| parameters::Emission::get().base);
    let set_base: RuntimeCall = chain.with(|| set(emission(base + 1)).into());
    let code_hash = BlakeTwo256::hash(b"new code");
    let upgrade: RuntimeCall = Call::authorize_upgrade { code_hash }.into();
    let root: RuntimeCall = frame_system::Call::set_code { code: vec![1] }.into();
    let refused: [(Origin, RuntimeCall); 5] = [
        (Origin::Tiers, set_base.clone()),
        (Origin::Assets, upgrade.clone()),
        (Origin::Parameters, upgrade),
        (Origin::Upgrade, set_base),
        (Origin::Upgrade, root),
    ];
    for (origin, call) in refused {
        assert_eq!(
            decide(&mut chain, origin, call),
            Err(DispatchError::BadOrigin)
        );
    }
    chain.with(|| assert_eq!(parameters::Emission::get().base, base));
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
    let poll = voted(&mut chain, Side::Aye);
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
