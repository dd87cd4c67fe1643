// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What lives on other chains: minted by the operator within its limit, redeemed by
//! its holders, and touched by nobody else.

use super::chain::{Chain, genesis_json};
use crate::{
    AccountId, Assets, Balance, BlockNumber, Bridge, Delegation, NI, Runtime, RuntimeCall,
    RuntimeEvent, RuntimeGenesisConfig, RuntimeOrigin, System, TAO_UNIT, USD_UNIT,
    bridge::{Assets as Bridged, Bounds, Call, Error, Event, Gateway, Operator, migration::ToV2},
    configs::{
        governance::{BridgeBounds, MINTED_A_DAY, REVOKE_TRACK, Tracks},
        market::{TAO, USD, bridge_account},
    },
    settings::{
        self,
        defaults::{self, DAY},
    },
};
use frame_support::{
    assert_noop, assert_ok,
    genesis_builder_helper::build_state,
    storage::{TransactionOutcome, with_transaction},
    traits::{
        Get as _, UncheckedOnRuntimeUpgrade as _, UnfilteredDispatchable as _,
        dynamic_params::AggregatedKeyValue as _, fungibles::Inspect as _,
    },
};
use pallet_assets::{AssetStatus, Call as AssetsCall};
use pallet_governance::Origin;
use pallet_referenda::TracksInfo;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Ferdie, One};
use sp_runtime::{DispatchError, DispatchResult, Perbill, TokenError, traits::Dispatchable};

/// What each well-known account has of TAO at genesis, and what may be minted a day.
const ENDOWMENT: Balance = 10_000 * TAO_UNIT;
/// What each has of dollars, and what may be minted of them a day.
const USD_LIMIT: Balance = 100_000 * USD_UNIT;
/// Least of TAO that is redeemed at once.
const LEAST: Balance = TAO_UNIT / 10;
/// An asset nobody bridges.
const OTHER: u32 = 7;

fn mint(asset: u32, nonce: u64, amount: Balance) -> Call<Runtime> {
    Call::mint {
        asset,
        nonce,
        to: Dave.to_account_id(),
        amount,
    }
}

fn redeem(asset: u32, amount: Balance) -> Call<Runtime> {
    Call::redeem {
        asset,
        amount,
        destination: [9; 32],
    }
}

fn tao(who: Sr25519Keyring) -> Balance {
    Assets::balance(TAO, who.to_account_id())
}

fn last_event() -> RuntimeEvent {
    System::read_events_no_consensus()
        .map(|record| record.event)
        .last()
        .unwrap()
}

/// What becomes of `call` in the name of `origin`, past blocks and fees.
fn dispatch(origin: impl Into<RuntimeOrigin>, call: impl Into<RuntimeCall>) -> DispatchResult {
    call.into()
        .dispatch(origin.into())
        .map(|_| ())
        .map_err(|refused| refused.error)
}

/// Runs on a chain with a block, so that events are kept.
fn with_chain(test: impl FnOnce()) {
    let mut chain = Chain::new("development");
    chain.empty();
    chain.with(test);
}

type TaoCall = AssetsCall<Runtime>;

/// An account that its owner opened can be closed with what is in it, which would burn of a
/// bridged asset what nobody redeemed.
#[test]
fn a_refund_that_burns_is_refused() {
    with_chain(|| {
        let stranger = AccountId::from([77; 32]);
        let dave = || RuntimeOrigin::signed(Dave.to_account_id());
        let by_stranger = || RuntimeOrigin::signed(stranger.clone());
        let pay = pallet_balances::Call::transfer_keep_alive {
            dest: stranger.clone().into(),
            value: NI,
        };
        assert_ok!(dispatch(dave(), pay));
        assert_ok!(dispatch(by_stranger(), TaoCall::touch { id: TAO }));
        let give = TaoCall::transfer {
            id: TAO,
            target: stranger.clone().into(),
            amount: 1,
        };
        assert_ok!(dispatch(dave(), give));
        let refund = TaoCall::refund {
            id: TAO,
            allow_burn: true,
        };
        let filtered = frame_system::Error::<Runtime>::CallFiltered;
        assert_noop!(
            dispatch(by_stranger(), refund.clone()),
            DispatchError::from(filtered)
        );
        assert_ok!(Bridge::do_try_state());
        // The twin: past the filter a unit is gone that was neither redeemed nor slashed.
        let past: RuntimeCall = refund.into();
        let _ = with_transaction(|| {
            assert_ok!(past.dispatch_bypass_filter(by_stranger()));
            assert!(Bridge::do_try_state().is_err());
            TransactionOutcome::Rollback(DispatchResult::Ok(()))
        });
    });
}

#[test]
fn genesis_counts_what_is_there_as_minted() {
    with_chain(|| {
        for asset in [TAO, USD] {
            let bridged = Bridged::<Runtime>::get(asset).unwrap();
            assert_eq!(bridged.minted, Assets::total_supply(asset));
            assert!(bridged.minted > 0);
            assert_eq!((bridged.redeemed, bridged.today, bridged.nonce), (0, 0, 0));
            assert_eq!((bridged.redemptions, bridged.raised), (0, 0));
            assert_eq!(bridged.highest, bridged.limit);
        }
        assert_eq!(Operator::<Runtime>::get(), Some(One.to_account_id()));
        assert_eq!(Gateway::<Runtime>::get(), Some(One.to_account_id()));
    });
}

#[test]
fn a_genesis_without_an_operator_bridges_nothing() {
    let mut config: serde_json::Value =
        serde_json::from_slice(&genesis_json("development")).unwrap();
    config["bridge"]["operator"] = serde_json::Value::Null;
    let config = serde_json::to_vec(&config).unwrap();
    TestExternalities::default().execute_with(|| {
        assert_eq!(build_state::<RuntimeGenesisConfig>(config), Ok(()));
        for who in Sr25519Keyring::iter() {
            let origin = RuntimeOrigin::signed(who.to_account_id());
            assert_noop!(
                dispatch(origin, mint(TAO, 0, 1)),
                Error::<Runtime>::NotOperator
            );
        }
    });
}

#[test]
fn the_operator_mints_against_receipts() {
    let mut chain = Chain::new("development");
    assert_ok!(chain.send(One, mint(TAO, 0, 5)));
    chain.with(|| {
        assert_eq!(tao(Dave), ENDOWMENT + 5);
        let bridged = Bridged::<Runtime>::get(TAO).unwrap();
        assert_eq!((bridged.nonce, bridged.today), (1, 5));
        assert_eq!(bridged.minted, Assets::total_supply(TAO));
    });
    assert!(
        chain
            .events()
            .contains(&RuntimeEvent::Bridge(Event::Minted {
                asset: TAO,
                nonce: 0,
                to: Dave.to_account_id(),
                amount: 5,
            }))
    );
    let wrong = Err(Error::<Runtime>::WrongNonce.into());
    assert_eq!(chain.send(One, mint(TAO, 0, 5)), wrong, "replayed");
    assert_eq!(chain.send(One, mint(TAO, 2, 5)), wrong, "skipped");
    assert_ok!(chain.send(One, mint(TAO, 1, 5)));
    // Each asset counts its own.
    assert_ok!(chain.send(One, mint(USD, 0, 5)));
    chain.with(|| assert_eq!(tao(Dave), ENDOWMENT + 10));
}

#[test]
fn nobody_else_mints() {
    let mut chain = Chain::new("development");
    for who in Sr25519Keyring::iter().filter(|who| *who != One) {
        assert_eq!(
            chain.send(who, mint(TAO, 0, 1)),
            Err(Error::<Runtime>::NotOperator.into())
        );
    }
    chain.with(|| {
        for origin in governance() {
            assert_noop!(dispatch(origin, mint(TAO, 0, 1)), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn what_cannot_be_minted_is_refused() {
    with_chain(|| {
        let operator = || RuntimeOrigin::signed(One.to_account_id());
        let refused = |call, error: Error<Runtime>| {
            assert_noop!(dispatch(operator(), call), error);
        };
        refused(mint(TAO, 0, 0), Error::ZeroAmount);
        refused(mint(OTHER, 0, 1), Error::NotBridged);
        refused(mint(TAO, 0, ENDOWMENT + 1), Error::AboveLimit);
        refused(mint(TAO, 0, Balance::MAX), Error::AboveLimit);
        // What no decision can set.
        Bridged::<Runtime>::mutate(USD, |bridged| {
            let bridged = bridged.as_mut().unwrap();
            (bridged.limit, bridged.highest) = (Balance::MAX, Balance::MAX);
        });
        refused(mint(USD, 0, Balance::MAX), Error::Overflow);
        Bridged::<Runtime>::mutate(TAO, |bridged| bridged.as_mut().unwrap().nonce = u64::MAX);
        refused(mint(TAO, u64::MAX, 1), Error::Overflow);
    });
}

#[test]
fn the_limit_is_a_days_and_begins_anew_with_the_next() {
    let mut chain = Chain::new("development");
    assert_ok!(chain.send(One, mint(USD, 0, USD_LIMIT - 1)));
    let above = Err(Error::<Runtime>::AboveLimit.into());
    assert_eq!(chain.send(One, mint(USD, 1, 2)), above);
    assert_ok!(chain.send(One, mint(USD, 1, 1)));
    assert_eq!(chain.send(One, mint(USD, 2, 1)), above, "all is used");
    // To the block before the day's last, and then to that.
    let number: BlockNumber = chain.number();
    chain.jump(DAY - 2 - number);
    assert_eq!(
        chain.send(One, mint(USD, 2, 1)),
        above,
        "the day's last block"
    );
    assert_eq!(chain.number(), DAY - 1);
    assert_ok!(chain.send(One, mint(USD, 2, USD_LIMIT)));
    assert_eq!(chain.send(One, mint(USD, 3, 1)), above);
    // What was not used of a day is gone: two days later there is one day's.
    chain.jump(2 * DAY);
    assert_eq!(chain.send(One, mint(USD, 3, USD_LIMIT + 1)), above);
    assert_ok!(chain.send(One, mint(USD, 3, USD_LIMIT)));
}

#[test]
fn a_limit_of_nothing_closes_the_bridge_one_way() {
    let mut chain = Chain::new("development");
    chain.with(|| {
        assert_ok!(Bridge::set_limit(Origin::Assets.into(), TAO, 0));
    });
    assert_eq!(
        chain.send(One, mint(TAO, 0, 1)),
        Err(Error::<Runtime>::AboveLimit.into())
    );
    assert_ok!(chain.send(Dave, redeem(TAO, LEAST)));
}

#[test]
fn holders_redeem_what_they_have_free() {
    let mut chain = Chain::new("development");
    let supply = chain.with(|| Assets::total_supply(TAO));
    assert_ok!(chain.send(Dave, redeem(TAO, LEAST)));
    assert!(
        chain
            .events()
            .contains(&RuntimeEvent::Bridge(Event::Redeemed {
                asset: TAO,
                number: 0,
                from: Dave.to_account_id(),
                amount: LEAST,
                destination: [9; 32],
            }))
    );
    chain.with(|| {
        assert_eq!(tao(Dave), ENDOWMENT - LEAST);
        assert_eq!(Assets::total_supply(TAO), supply - LEAST);
        assert_eq!(Bridged::<Runtime>::get(TAO).unwrap().redeemed, LEAST);
    });
    // What is staked is not free, nor is the least that keeps the account of it.
    let kept = chain.with(|| Assets::minimum_balance(TAO));
    let stake = pallet_delegation::Call::stake {
        validator: Alice.to_account_id(),
        amount: 4_000 * TAO_UNIT,
    };
    assert_ok!(chain.send(Dave, stake));
    let free = 6_000 * TAO_UNIT - LEAST - kept;
    assert!(chain.send(Dave, redeem(TAO, free + 1)).is_err());
    assert_ok!(chain.send(Dave, redeem(TAO, free)));
    chain.with(|| {
        assert_eq!(tao(Dave), kept);
        assert_eq!(Delegation::total_staked(), 5_000 * TAO_UNIT);
        // Each is numbered, so that whoever pays them out misses none.
        assert_eq!(Bridged::<Runtime>::get(TAO).unwrap().redemptions, 2);
    });
}

#[test]
fn what_cannot_be_redeemed_is_refused() {
    with_chain(|| {
        let dave = || RuntimeOrigin::signed(Dave.to_account_id());
        let refused = |call, error: DispatchError| {
            assert_noop!(dispatch(dave(), call), error);
        };
        refused(redeem(TAO, 0), Error::<Runtime>::ZeroAmount.into());
        refused(redeem(OTHER, 1), Error::<Runtime>::NotBridged.into());
        refused(redeem(TAO, LEAST - 1), Error::<Runtime>::BelowLeast.into());
        refused(
            redeem(USD, 10 * USD_UNIT - 1),
            Error::<Runtime>::BelowLeast.into(),
        );
        refused(
            redeem(TAO, ENDOWMENT + 1),
            TokenError::FundsUnavailable.into(),
        );
        Bridged::<Runtime>::mutate(TAO, |bridged| {
            bridged.as_mut().unwrap().redeemed = Balance::MAX;
        });
        refused(redeem(TAO, LEAST), Error::<Runtime>::Overflow.into());
        Bridged::<Runtime>::mutate(TAO, |bridged| {
            let bridged = bridged.as_mut().unwrap();
            (bridged.redeemed, bridged.redemptions) = (0, u64::MAX);
        });
        refused(redeem(TAO, LEAST), Error::<Runtime>::Overflow.into());
        Bridged::<Runtime>::mutate(TAO, |bridged| bridged.as_mut().unwrap().redemptions = 0);
        for origin in governance() {
            assert_noop!(dispatch(origin, redeem(TAO, 1)), DispatchError::BadOrigin);
        }
    });
}

/// The origins of referenda.
fn governance() -> [RuntimeOrigin; 5] {
    [
        Origin::Parameters,
        Origin::Tiers,
        Origin::Assets,
        Origin::Upgrade,
        Origin::Revoke,
    ]
    .map(RuntimeOrigin::from)
}

#[test]
fn referenda_name_operator_gateway_and_limits() {
    with_chain(|| {
        let account = Some(Charlie.to_account_id());
        assert_ok!(Bridge::set_operator(
            Origin::Upgrade.into(),
            account.clone()
        ));
        assert_eq!(
            last_event(),
            RuntimeEvent::Bridge(Event::OperatorSet {
                operator: account.clone()
            })
        );
        assert_noop!(
            dispatch(RuntimeOrigin::signed(One.to_account_id()), mint(TAO, 0, 1)),
            Error::<Runtime>::NotOperator
        );
        let charlie = RuntimeOrigin::signed(Charlie.to_account_id());
        assert_ok!(dispatch(charlie, mint(TAO, 0, 1)));

        assert_ok!(Bridge::set_gateway(Origin::Assets.into(), None));
        assert_eq!(
            last_event(),
            RuntimeEvent::Bridge(Event::GatewaySet { gateway: None })
        );
        assert_eq!(Gateway::<Runtime>::get(), None);

        assert_ok!(Bridge::set_limit(Origin::Assets.into(), TAO, 5));
        assert_eq!(
            last_event(),
            RuntimeEvent::Bridge(Event::LimitSet {
                asset: TAO,
                limit: 5
            })
        );
        assert_eq!(Bridged::<Runtime>::get(TAO).unwrap().limit, 5);
        assert_noop!(
            Bridge::set_limit(Origin::Assets.into(), OTHER, 5),
            Error::<Runtime>::NotBridged
        );
    });
}

#[test]
fn nobody_else_names_them() {
    with_chain(|| {
        let others = [
            RuntimeOrigin::signed(One.to_account_id()),
            RuntimeOrigin::signed(bridge_account()),
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
            Origin::Parameters.into(),
            Origin::Tiers.into(),
        ];
        for origin in others {
            for call in [takings(), givings()].concat() {
                assert_noop!(dispatch(origin.clone(), call), DispatchError::BadOrigin);
            }
        }
    });
}

/// What takes a power away.
fn takings() -> Vec<Call<Runtime>> {
    vec![
        Call::set_operator { operator: None },
        Call::set_gateway { gateway: None },
        Call::set_limit {
            asset: TAO,
            limit: 0,
        },
    ]
}

/// What gives one.
fn givings() -> Vec<Call<Runtime>> {
    let anybody = Some(Charlie.to_account_id());
    vec![
        Call::set_operator {
            operator: anybody.clone(),
        },
        Call::set_gateway { gateway: anybody },
        Call::set_limit {
            asset: TAO,
            limit: 1,
        },
    ]
}

#[test]
fn who_may_only_revoke_gives_nothing() {
    with_chain(|| {
        for call in givings() {
            assert_noop!(dispatch(Origin::Revoke, call), DispatchError::BadOrigin);
        }
        for call in takings() {
            assert_ok!(dispatch(Origin::Revoke, call));
        }
        assert_eq!(Operator::<Runtime>::get(), None);
        assert_eq!(Gateway::<Runtime>::get(), None);
        assert_eq!(Bridged::<Runtime>::get(TAO).unwrap().limit, 0);
        // Holders are not held up by it.
        assert_ok!(dispatch(
            RuntimeOrigin::signed(Dave.to_account_id()),
            redeem(TAO, LEAST)
        ));
    });
}

#[test]
fn no_proposal_names_an_operator_and_raises_its_limit() {
    with_chain(|| {
        System::set_block_number(BridgeBounds::between_raises());
        let raise = Call::set_limit {
            asset: TAO,
            limit: 2 * ENDOWMENT,
        };
        let both: Vec<RuntimeCall> = vec![
            Call::set_operator {
                operator: Some(Charlie.to_account_id()),
            }
            .into(),
            raise.clone().into(),
        ];
        for origin in governance() {
            let batch = pallet_utility::Call::batch_all {
                calls: both.clone(),
            };
            assert!(dispatch(origin, batch).is_err());
        }
        // The raise alone is well formed.
        assert_ok!(dispatch(Origin::Assets, raise));
    });
}

fn set_limit(limit: Balance) -> DispatchResult {
    let asset = TAO;
    dispatch(Origin::Assets, Call::set_limit { asset, limit })
}

#[test]
fn a_limit_is_doubled_at_most_and_once_in_a_while() {
    with_chain(|| {
        let pause = BridgeBounds::between_raises();
        let far: DispatchError = Error::<Runtime>::RaisedTooFar.into();
        let soon: DispatchError = Error::<Runtime>::RaisedTooSoon.into();
        assert_noop!(set_limit(2 * ENDOWMENT), soon);
        System::set_block_number(pause);
        assert_noop!(set_limit(2 * ENDOWMENT + 1), far);
        assert_noop!(set_limit(Balance::MAX), far);
        assert_ok!(set_limit(2 * ENDOWMENT));
        // Nor by more changes than one.
        assert_noop!(set_limit(2 * ENDOWMENT + 1), soon);
        System::set_block_number(2 * pause - 1);
        assert_noop!(set_limit(4 * ENDOWMENT), soon);
        System::set_block_number(2 * pause);
        assert_ok!(set_limit(4 * ENDOWMENT));
        // What was taken away is given back at once, but no more than there was.
        assert_ok!(set_limit(0));
        assert_noop!(set_limit(4 * ENDOWMENT), soon);
        System::set_block_number(3 * pause);
        assert_noop!(set_limit(4 * ENDOWMENT + 1), far);
        assert_ok!(set_limit(4 * ENDOWMENT));
    });
}

#[test]
fn of_tao_a_part_of_all_stake_is_minted_a_day() {
    let mut chain = Chain::new("development");
    // A thousand are staked, and the limit is ten thousand.
    let most = MINTED_A_DAY * (1_000 * TAO_UNIT);
    let above = Err(Error::<Runtime>::AboveLimit.into());
    assert_eq!(chain.send(One, mint(TAO, 0, most + 1)), above);
    assert_ok!(chain.send(One, mint(TAO, 0, most)));
    assert_eq!(chain.send(One, mint(TAO, 1, 1)), above);
    // Where next to nothing is staked it is a part of the floor.
    chain.with(|| {
        let mut governance = settings::parameters::Governance::get();
        governance.support_floor = 2_000 * TAO_UNIT;
        let (key, value) = settings::RuntimeParameters::from(governance).into_parts();
        pallet_parameters::Parameters::<Runtime>::set(key, value);
        assert_eq!(BridgeBounds::most_a_day(TAO), Some(2 * most));
        assert_eq!(BridgeBounds::most_a_day(USD), None);
    });
    assert_ok!(chain.send(One, mint(TAO, 1, most)));
}

/// With the production chain's periods: before a referendum that revokes is enacted, all
/// that could be minted and staked is less than the least that any track asks for.
///
/// The rival fills the track's places first, mints in the last block of a day, and goes on
/// until the enactment.
#[test]
fn what_is_minted_is_too_little_when_the_operator_is_revoked() {
    with_chain(|| {
        settings::Periods::<Runtime>::put(defaults::Periods::get());
        let track = Tracks::info(REVOKE_TRACK).unwrap();
        let slowest = track.prepare_period
            + 2 * track.decision_period
            + track.confirm_period
            + track.min_enactment_period;
        let days = 1 + slowest.div_ceil(DAY);
        let all = 1_000_000 * TAO_UNIT;
        let staked = (0..days).fold(all, |staked, _| staked + MINTED_A_DAY * staked);
        let weight = Perbill::from_rational(staked - all, all);
        let least = Tracks::tracks()
            .map(|track| track.info.min_support.threshold(Perbill::one()))
            .min()
            .unwrap();
        assert!(
            weight < least,
            "{weight:?} in {days} days, {least:?} asked for"
        );
        // The twin: a limit of a share half as large again would not do.
        let more = Perbill::from_percent(3);
        let staked = (0..days).fold(all, |staked, _| staked + more * staked);
        assert!(Perbill::from_rational(staked - all, all) >= least);
        // And it is enacted before anything else that is submitted with it can be.
        for other in Tracks::tracks().filter(|track| track.id != REVOKE_TRACK) {
            let fastest = other.info.prepare_period
                + other.info.confirm_period
                + other.info.min_enactment_period;
            assert!(slowest < fastest, "{}", other.id);
        }
    });
}

#[test]
fn a_limit_above_the_highest_breaks_the_invariant() {
    let mut chain = Chain::new("development");
    chain.empty();
    chain.with(|| {
        Bridged::<Runtime>::mutate(TAO, |bridged| bridged.as_mut().unwrap().limit += 1);
        assert_eq!(
            Bridge::do_try_state(),
            Err("2: a limit is above the highest it has been".into())
        );
    });
    chain.leave_broken();
}

#[test]
fn more_than_was_minted_breaks_the_invariant() {
    for redeemed in [0, 1] {
        let mut chain = Chain::new("development");
        chain.empty();
        chain.with(|| {
            assert_ok!(Bridge::do_try_state());
            Bridged::<Runtime>::mutate(TAO, |bridged| {
                let bridged = bridged.as_mut().unwrap();
                bridged.minted -= 1 - redeemed;
                bridged.redeemed += redeemed;
            });
            assert_eq!(
                Bridge::do_try_state(),
                Err("1: there is more or less of a bridged asset than was minted".into())
            );
        });
        chain.leave_broken();
    }
}

/// What only an asset's team may do, with every sort of argument in the favour of who
/// asks.
fn team_calls(asset: u32, who: &AccountId) -> Vec<AssetsCall<Runtime>> {
    let me = || who.clone().into();
    let dave = || Dave.to_account_id().into();
    vec![
        AssetsCall::mint {
            id: asset,
            beneficiary: me(),
            amount: 1,
        },
        AssetsCall::burn {
            id: asset,
            who: dave(),
            amount: 1,
        },
        AssetsCall::force_transfer {
            id: asset,
            source: dave(),
            dest: me(),
            amount: 1,
        },
        AssetsCall::freeze {
            id: asset,
            who: dave(),
        },
        AssetsCall::thaw {
            id: asset,
            who: dave(),
        },
        AssetsCall::block {
            id: asset,
            who: dave(),
        },
        AssetsCall::freeze_asset { id: asset },
        AssetsCall::thaw_asset { id: asset },
        AssetsCall::transfer_ownership {
            id: asset,
            owner: me(),
        },
        AssetsCall::set_team {
            id: asset,
            issuer: me(),
            admin: me(),
            freezer: me(),
        },
        AssetsCall::set_metadata {
            id: asset,
            name: b"mine".to_vec(),
            symbol: b"MINE".to_vec(),
            decimals: 0,
        },
        AssetsCall::clear_metadata { id: asset },
        AssetsCall::set_min_balance {
            id: asset,
            min_balance: 1_000,
        },
        AssetsCall::refund_other {
            id: asset,
            who: dave(),
        },
        AssetsCall::start_destroy { id: asset },
        AssetsCall::destroy_accounts { id: asset },
        AssetsCall::destroy_approvals { id: asset },
        AssetsCall::finish_destroy { id: asset },
        AssetsCall::force_cancel_approval {
            id: asset,
            owner: dave(),
            delegate: me(),
        },
        AssetsCall::transfer_approved {
            id: asset,
            owner: dave(),
            destination: me(),
            amount: 1,
        },
        AssetsCall::set_reserves {
            id: asset,
            reserves: Default::default(),
        },
        AssetsCall::force_create {
            id: OTHER,
            owner: me(),
            is_sufficient: true,
            min_balance: 1,
        },
        AssetsCall::create {
            id: OTHER,
            admin: me(),
            min_balance: 1,
        },
        AssetsCall::force_set_metadata {
            id: asset,
            name: b"mine".to_vec(),
            symbol: b"MINE".to_vec(),
            decimals: 0,
            is_frozen: true,
        },
        AssetsCall::force_clear_metadata { id: asset },
        AssetsCall::force_asset_status {
            id: asset,
            owner: me(),
            issuer: me(),
            admin: me(),
            freezer: me(),
            min_balance: 1,
            is_sufficient: true,
            is_frozen: false,
        },
    ]
}

#[test]
fn the_assets_have_no_team_that_signs() {
    with_chain(|| {
        assert!(Sr25519Keyring::iter().all(|who| who.to_account_id() != bridge_account()));
        for who in Sr25519Keyring::iter().map(|who| who.to_account_id()) {
            for asset in [TAO, USD] {
                for call in team_calls(asset, &who) {
                    let origin = RuntimeOrigin::signed(who.clone());
                    let refused = RuntimeCall::from(call.clone()).dispatch(origin);
                    assert!(refused.is_err(), "{call:?}");
                }
                let details = pallet_assets::Asset::<Runtime>::get(asset).unwrap();
                assert_eq!(details.status, AssetStatus::Live);
                for member in [
                    details.owner,
                    details.issuer,
                    details.admin,
                    details.freezer,
                ] {
                    assert_eq!(member, bridge_account());
                }
            }
        }
        for who in [Alice, Bob, Dave, Ferdie] {
            assert_eq!(tao(who) + staked(who), ENDOWMENT);
        }
    });
}

/// The same by whoever had the team's key: so the calls are well formed.
#[test]
fn the_team_could_if_it_signed() {
    let mut chain = Chain::new("development");
    chain.empty();
    let done = chain.with(|| {
        team_calls(TAO, &bridge_account())
            .into_iter()
            .filter(|call| dispatch(RuntimeOrigin::signed(bridge_account()), call.clone()).is_ok())
            .count()
    });
    assert!(done >= 10, "{done} of the team's calls are done");
    chain.leave_broken();
}

fn staked(who: Sr25519Keyring) -> Balance {
    pallet_delegation::Stakers::<Runtime>::get(who.to_account_id())
        .staked()
        .unwrap()
}

/// A chain of the version before has limits, and keeps them.
#[test]
fn what_version_1_kept_is_carried_over() {
    with_chain(|| {
        let now = Bridged::<Runtime>::get(TAO).unwrap();
        let before = (
            now.limit,
            now.day,
            now.today,
            now.nonce,
            now.minted,
            now.redeemed,
        );
        let key = Bridged::<Runtime>::hashed_key_for(TAO);
        frame_support::storage::unhashed::put(&key, &before);
        // The twin: without the step the asset would not be bridged any more.
        assert_eq!(Bridged::<Runtime>::get(TAO), None);
        let dollars = Bridged::<Runtime>::take(USD).unwrap();
        ToV2::<Runtime>::on_runtime_upgrade();
        assert_eq!(Bridged::<Runtime>::get(TAO), Some(now));
        Bridged::<Runtime>::insert(USD, dollars);
    });
}
