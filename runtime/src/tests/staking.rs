// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Validators and their stakers: who earns from when on, and who validates.

use super::{
    chain::{Chain, check_invariants, genesis_json, nonce, signed},
    sessions::new_keys,
    window::{Network, commit, proof, reveal},
};
use crate::{
    Babe, Balance, Balances, Delegation, EXISTENTIAL_DEPOSIT, NI, Registration, Runtime,
    RuntimeEvent, RuntimeGenesisConfig, Session, System, TAO_UNIT,
    settings::{defaults::DAY, parameters},
};
use frame_support::{
    assert_ok,
    dispatch::DispatchClass,
    genesis_builder_helper::build_state,
    traits::{Get, fungibles::Inspect as _},
};
use pallet_delegation::{Call, Error, Event, Ranked};
use pallet_emission::Event as EmissionEvent;
use pallet_registration::{Call as RegistrationCall, Role};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{
    self, Alice, AliceStash, Bob, BobStash, Charlie, Dave, Eve, Ferdie,
};
use sp_runtime::{Perbill, traits::Zero};

/// A validator's stake at genesis.
const SELF_STAKE: Balance = 1_000 * TAO_UNIT;

fn stake(validator: Sr25519Keyring, amount: Balance) -> Call<Runtime> {
    Call::stake {
        validator: validator.to_account_id(),
        amount,
    }
}

fn unstake(validator: Sr25519Keyring, amount: Balance) -> Call<Runtime> {
    Call::unstake {
        validator: validator.to_account_id(),
        amount,
    }
}

fn join(hotkey: Sr25519Keyring, self_stake: Balance) -> Call<Runtime> {
    Call::join {
        hotkey: hotkey.to_account_id(),
        self_stake,
        commission: Perbill::from_percent(5),
    }
}

fn claimable(who: Sr25519Keyring, validator: Sr25519Keyring) -> Balance {
    Delegation::claimable(who.to_account_id(), validator.to_account_id())
}

/// One window in which Charlie proves its GPU; what the stakers got, and in which
/// session that was.
fn rewarded_round(network: &mut Network) -> (Balance, u32) {
    let window = network.until_open();
    let honest = proof(network, Charlie, &window);
    network.block(|| vec![signed(Charlie, nonce(Charlie), 0, commit(&window, &honest))]);
    let beacon = network.until_revealing();
    network.block(|| {
        let reveal = reveal(&window, &honest, beacon);
        vec![signed(Charlie, nonce(Charlie), 0, reveal)]
    });
    network.until_closed();
    let stakers = network
        .chain
        .events()
        .into_iter()
        .find_map(|event| match event {
            RuntimeEvent::Emission(EmissionEvent::RoundSettled { stakers, .. }) => Some(stakers),
            _ => None,
        })
        .unwrap();
    (stakers, network.chain.with(Session::current_index))
}

/// The supply's next round and the stakers' reward, beside the window and the emission.
#[test]
fn the_block_that_settles_a_round_is_charged_for_all_that_this_sets_off() {
    use pallet_delegation::WeightInfo as _;
    use pallet_emission::WeightInfo as _;
    use pallet_proof_of_gpu::WeightInfo as _;
    use pallet_supply::WeightInfo as _;
    type Window = <Runtime as pallet_proof_of_gpu::Config>::WeightInfo;
    type Emitted = <Runtime as pallet_emission::Config>::WeightInfo;
    type Supplied = <Runtime as pallet_supply::Config>::WeightInfo;
    type Delegated = <Runtime as pallet_delegation::Config>::WeightInfo;
    let mandatory = |network: &mut Network| {
        let of = || *System::block_weight().get(DispatchClass::Mandatory);
        network.chain.with(of)
    };
    let mut network = Network::new();
    let (stakers, _) = rewarded_round(&mut network);
    assert!(stakers > 0);
    let settling = mandatory(&mut network);
    network.block(Vec::new);
    let others = mandatory(&mut network) - Window::on_initialize_idle();
    let least = Window::on_initialize_close()
        + Emitted::settle(1)
        + Supplied::start_round()
        + Delegated::reward_round();
    assert!(
        settling.all_gte(others + least),
        "{settling}, where {least} is done beside {others}"
    );
}

#[test]
fn a_delegator_earns_from_the_next_session_on_and_claims() {
    let mut network = Network::new();
    network.block(|| vec![signed(Ferdie, 0, 0, stake(Alice, SELF_STAKE))]);
    let expected = Event::Staked {
        who: Ferdie.to_account_id(),
        validator: Alice.to_account_id(),
        amount: SELF_STAKE,
        from: 1,
    };
    let events = network.chain.events();
    assert!(events.contains(&RuntimeEvent::Delegation(expected)));

    // A round in the session of the stake: all of it is for who was there before.
    let (first, session) = rewarded_round(&mut network);
    assert_eq!(session, 0, "the round settles before the session is over");
    assert!(first > 0);
    network.chain.with(|| {
        assert_eq!(claimable(Ferdie, Alice), 0);
        let own = claimable(AliceStash, Alice);
        let after_commission = first - Perbill::from_percent(10) * first;
        assert!(own.abs_diff(after_commission) <= 1, "{own} of {first}");
    });
    let nothing = Error::<Runtime>::NothingToClaim;
    let claim = || Call::claim {
        validator: Alice.to_account_id(),
    };
    assert_eq!(network.chain.send(Ferdie, claim()), Err(nothing.into()));

    // The round in which the next session begins is for who was there when it began.
    network.chain.next_session();
    network.resume();
    rewarded_round(&mut network);
    let own = network.chain.with(|| {
        assert_eq!(claimable(Ferdie, Alice), 0);
        claimable(AliceStash, Alice)
    });
    // With the next it has half of what stakes.
    let (second, session) = rewarded_round(&mut network);
    assert!(session >= 1 && second > 0);
    let half = (second - Perbill::from_percent(10) * second) / 2;
    let earned = network.chain.with(|| {
        let earned = claimable(Ferdie, Alice);
        assert!(earned.abs_diff(half) <= 1, "{earned} of {second}");
        assert!(claimable(AliceStash, Alice).abs_diff(own + half) <= 1);
        earned
    });

    let before = network.free(&Ferdie.to_account_id());
    network.block(|| vec![signed(Ferdie, nonce(Ferdie), 0, claim())]);
    assert!(
        network
            .chain
            .events()
            .contains(&RuntimeEvent::Delegation(Event::Claimed {
                who: Ferdie.to_account_id(),
                validator: Alice.to_account_id(),
                amount: earned,
            }))
    );
    let fee = fee(&mut network.chain);
    assert_eq!(network.free(&Ferdie.to_account_id()), before + earned - fee);
    network
        .chain
        .with(|| assert!(claimable(Ferdie, Alice).is_zero()));
}

/// What the latest block's transactions paid.
fn fee(chain: &mut Chain) -> Balance {
    chain
        .events()
        .into_iter()
        .filter_map(|event| match event {
            RuntimeEvent::TransactionPayment(
                pallet_transaction_payment::Event::TransactionFeePaid { actual_fee, .. },
            ) => Some(actual_fee),
            _ => None,
        })
        .sum()
}

#[test]
fn the_owner_claims_its_commission() {
    let mut network = Network::new();
    let (reward, _) = rewarded_round(&mut network);
    let claim = Call::claim_commission {
        hotkey: Alice.to_account_id(),
    };
    let not_owner = Error::<Runtime>::NotOwner;
    assert_eq!(
        network.chain.send(Bob, claim.clone()),
        Err(not_owner.into())
    );
    assert_ok!(network.chain.send(AliceStash, claim.clone()));
    let paid = network
        .chain
        .events()
        .into_iter()
        .find_map(|event| match event {
            RuntimeEvent::Delegation(Event::CommissionClaimed { owner, amount, .. }) => {
                assert_eq!(owner, AliceStash.to_account_id());
                Some(amount)
            }
            _ => None,
        })
        .unwrap();
    assert!(paid.abs_diff(Perbill::from_percent(10) * reward) <= 1);
    let nothing = Error::<Runtime>::NothingToClaim;
    assert_eq!(network.chain.send(AliceStash, claim), Err(nothing.into()));
}

#[test]
fn a_commission_rises_by_a_step_at_a_time() {
    let mut chain = Chain::new("development");
    let set = |percent| Call::<Runtime>::set_commission {
        hotkey: Alice.to_account_id(),
        commission: Perbill::from_percent(percent),
    };
    let (interval, most) = chain.with(|| {
        let parameters = parameters::Delegation::get();
        (parameters.commission_interval, parameters.max_commission)
    });
    assert_eq!(most, Perbill::from_percent(25));
    let refused = |error: Error<Runtime>| Err(error.into());
    assert_eq!(
        chain.send(AliceStash, set(11)),
        refused(Error::CommissionChangedTooSoon)
    );
    chain.blocks(interval);
    assert_eq!(
        chain.send(AliceStash, set(12)),
        refused(Error::CommissionRisesTooFast)
    );
    assert_eq!(
        chain.send(AliceStash, set(26)),
        refused(Error::CommissionTooHigh)
    );
    assert_eq!(chain.send(Alice, set(11)), refused(Error::NotOwner));
    assert_ok!(chain.send(AliceStash, set(11)));
    assert_eq!(
        chain.send(AliceStash, set(0)),
        refused(Error::CommissionChangedTooSoon)
    );
    chain.blocks(interval);
    assert_ok!(chain.send(AliceStash, set(0)));
}

/// Charlie becomes a validator of Dave's, but for its self-stake.
fn register_validator(chain: &mut Chain) {
    let register = RegistrationCall::register {
        hotkey: Charlie.to_account_id(),
        role: Role::Validator,
        slots: 1,
        max_price: 100 * NI,
    };
    assert_ok!(chain.send(Dave, register));
    let no_keys = Error::<Runtime>::NoKeys;
    assert_eq!(
        chain.send(Dave, join(Charlie, 100 * TAO_UNIT)),
        Err(no_keys.into())
    );
    let (keys, proof) = new_keys(Charlie);
    assert_ok!(chain.send(Charlie, pallet_session::Call::set_keys { keys, proof }));
}

#[test]
fn a_new_validator_is_in_the_set_two_sessions_later() {
    let mut chain = Chain::new("development");
    register_validator(&mut chain);
    let refused = |error: Error<Runtime>| Err(error.into());
    assert_eq!(
        chain.send(Dave, join(Charlie, 100 * TAO_UNIT - 1)),
        refused(Error::SelfStakeTooLow)
    );
    assert_eq!(
        chain.send(Eve, join(Charlie, 100 * TAO_UNIT)),
        refused(Error::NotOwner)
    );
    assert_eq!(
        chain.send(Eve, join(Ferdie, 100 * TAO_UNIT)),
        refused(Error::NotRegistered)
    );
    assert_ok!(chain.send(Dave, join(Charlie, 100 * TAO_UNIT)));
    chain.next_session();
    chain.with(|| {
        assert_eq!(Session::validators(), [Alice.to_account_id()]);
    });
    chain.next_session();
    chain.with(|| {
        let mut both = [Alice, Charlie].map(|who| who.to_account_id());
        both.sort();
        assert_eq!(Session::validators(), both);
        let (keys, _) = new_keys(Charlie);
        assert!(Babe::authorities().iter().any(|(key, _)| *key == keys.babe));
        assert_eq!(crate::Grandpa::grandpa_authorities().len(), 2);
    });
}

#[test]
fn a_stolen_key_is_no_validators() {
    let mut chain = Chain::new("development");
    register_validator(&mut chain);
    // Somebody else's proof, and no proof at all.
    let (keys, proof) = new_keys(Bob);
    for proof in [proof, Vec::new()] {
        let set = pallet_session::Call::set_keys {
            keys: keys.clone(),
            proof,
        };
        let invalid = pallet_session::Error::<Runtime>::InvalidProof;
        assert_eq!(chain.send(Charlie, set), Err(invalid.into()));
    }
}

#[test]
fn a_validator_that_leaves_is_out_two_sessions_later() {
    let mut chain = Chain::new("local_testnet");
    let leave = Call::leave {
        hotkey: Bob.to_account_id(),
    };
    let not_owner = Error::<Runtime>::NotOwner;
    assert_eq!(chain.send(Bob, leave.clone()), Err(not_owner.into()));
    // As long as it is a candidate its self-stake stays.
    let too_low = Error::<Runtime>::SelfStakeTooLow;
    assert_eq!(
        chain.send(BobStash, unstake(Bob, SELF_STAKE)),
        Err(too_low.into())
    );
    assert_ok!(chain.send(BobStash, leave));
    assert_ok!(chain.send(BobStash, unstake(Bob, SELF_STAKE)));
    chain.next_session();
    chain.with(|| assert_eq!(Session::validators().len(), 2));
    chain.next_session();
    chain.with(|| assert_eq!(Session::validators(), [Alice.to_account_id()]));

    // What is unbonding is free after its time, and not before.
    let early = Error::<Runtime>::NothingToWithdraw;
    assert_eq!(chain.send(BobStash, Call::withdraw {}), Err(early.into()));
    chain.jump(DAY);
    assert_ok!(chain.send(BobStash, Call::withdraw {}));
    chain.with(|| {
        let free = crate::Assets::balance(crate::configs::market::TAO, BobStash.to_account_id());
        assert_eq!(free, 10_000 * TAO_UNIT);
    });
}

#[test]
fn a_validator_whose_lease_is_over_is_not_chosen() {
    let mut chain = Chain::new("development");
    register_validator(&mut chain);
    assert_ok!(chain.send(Dave, join(Charlie, 100 * TAO_UNIT)));
    chain.next_session();
    chain.next_session();
    let term = chain.with(|| {
        assert_eq!(Session::validators().len(), 2);
        parameters::Registration::get().term
    });
    // Alice's owner renews, Charlie's does not.
    let renew = RegistrationCall::renew {
        hotkey: Alice.to_account_id(),
        max_price: 1_000 * NI,
    };
    assert_ok!(chain.send(AliceStash, renew));
    chain.jump(term);
    chain.next_session();
    chain.next_session();
    chain.with(|| {
        assert!(Registration::validator_owner(&Charlie.to_account_id()).is_none());
        assert_eq!(Session::validators(), [Alice.to_account_id()]);
        assert!(Ranked::<Runtime>::get().contains(&Charlie.to_account_id()));
    });
    // It renews, and is back.
    let renew = RegistrationCall::renew {
        hotkey: Charlie.to_account_id(),
        max_price: 1_000 * NI,
    };
    assert_ok!(chain.send(Dave, renew));
    chain.next_session();
    chain.next_session();
    chain.with(|| assert_eq!(Session::validators().len(), 2));
}

/// The rival waits for a validator that is late with its renewal and takes the hotkey, so
/// that its candidacy, and those who staked to it, are locked out.
#[test]
fn a_validator_that_is_late_keeps_its_hotkey_and_its_stakers() {
    let mut chain = Chain::new("local_testnet");
    let hotkey = Bob.to_account_id();
    assert_ok!(chain.send(Ferdie, stake(Bob, 50 * TAO_UNIT)));
    let renew = |of: Sr25519Keyring| RegistrationCall::renew {
        hotkey: of.to_account_id(),
        max_price: 10_000 * NI,
    };
    let register = |role| RegistrationCall::register {
        hotkey: Bob.to_account_id(),
        role,
        slots: 1,
        max_price: 10_000 * NI,
    };
    let withdraw = || RegistrationCall::withdraw {
        hotkey: Bob.to_account_id(),
    };
    let not_owner = || Err(pallet_registration::Error::<Runtime>::NotOwner.into());
    assert_ok!(chain.send(AliceStash, renew(Alice)));
    let (term, cool_down) = chain.with(|| {
        let parameters = parameters::Registration::get();
        (parameters.term, parameters.cool_down)
    });
    chain.jump(term + cool_down);
    assert_ok!(chain.send(AliceStash, renew(Alice)));
    let lapsed = Error::<Runtime>::NotRegistered;
    assert_eq!(chain.send(Ferdie, stake(Bob, TAO_UNIT)), Err(lapsed.into()));
    assert_eq!(chain.send(Eve, withdraw()), not_owner());

    // A term later the registration is anybody's to end, and the hotkey still Bob's.
    chain.jump(term);
    assert_ok!(chain.send(Eve, withdraw()));
    for role in [Role::Miner, Role::Validator] {
        assert_eq!(chain.send(Eve, register(role)), not_owner());
    }
    chain.with(|| assert_eq!(Delegation::choose(true), [Alice.to_account_id()]));
    assert_ok!(chain.send(BobStash, register(Role::Validator)));
    chain.with(|| {
        assert_eq!(Delegation::choose(true).len(), 2);
        let record = pallet_delegation::ValidatorRecords::<Runtime>::get(&hotkey);
        let total = record.and_then(|record| record.total());
        assert_eq!(total, Some(SELF_STAKE + 50 * TAO_UNIT));
    });
    assert_ok!(chain.send(Ferdie, stake(Bob, TAO_UNIT)));
}

#[test]
fn without_candidates_the_set_stays() {
    let mut chain = Chain::new("development");
    let leave = Call::leave {
        hotkey: Alice.to_account_id(),
    };
    assert_ok!(chain.send(AliceStash, leave));
    chain.with(|| assert!(Ranked::<Runtime>::get().candidates.is_empty()));
    for _ in 0..4 {
        chain.next_session();
    }
    chain.with(|| {
        assert_eq!(Session::validators(), [Alice.to_account_id()]);
        assert_eq!(Babe::authorities().len(), 1);
    });
}

#[test]
fn the_most_stake_is_chosen() {
    let mut chain = Chain::new("development");
    register_validator(&mut chain);
    assert_ok!(chain.send(Dave, join(Charlie, 100 * TAO_UNIT)));
    chain.with(|| {
        let mut delegation = parameters::Delegation::get();
        delegation.validators = 1;
        assert_ok!(crate::Settings::begin_with(delegation.into()));
    });
    chain.next_session();
    chain.next_session();
    chain.with(|| assert_eq!(Session::validators(), [Alice.to_account_id()]));
    // Those that are planned, not those that are: Alice still authors the blocks.
    assert_ok!(chain.send(Ferdie, stake(Charlie, 901 * TAO_UNIT)));
    chain.with(|| assert_eq!(Delegation::choose(true), [Charlie.to_account_id()]));
    assert_ok!(chain.send(Ferdie, stake(Alice, 2 * TAO_UNIT)));
    chain.with(|| assert_eq!(Delegation::choose(true), [Alice.to_account_id()]));
}

#[test]
fn stake_is_not_spent_twice() {
    let mut chain = Chain::new("development");
    // But for what keeps the account of it.
    let kept = chain.with(|| crate::Assets::minimum_balance(crate::configs::market::TAO));
    assert_ok!(chain.send(Ferdie, stake(Alice, 10_000 * TAO_UNIT - kept)));
    let transfer = pallet_assets::Call::<Runtime>::transfer {
        id: crate::configs::market::TAO,
        target: Eve.to_account_id().into(),
        amount: 1,
    };
    assert!(chain.send(Ferdie, transfer).is_err());
    assert!(chain.send(Ferdie, stake(Alice, 1)).is_err());
}

/// Without the preset's help: what counts the issuance counts the endowment.
#[test]
fn the_genesis_gives_stakers_a_pot() {
    let mut config: serde_json::Value =
        serde_json::from_slice(&genesis_json("development")).unwrap();
    let pot = serde_json::to_value(Delegation::pot()).unwrap();
    config["balances"]["balances"]
        .as_array_mut()
        .unwrap()
        .retain(|entry| entry[0] != pot);
    let mut state = TestExternalities::default();
    state.execute_with(|| {
        build_state::<RuntimeGenesisConfig>(serde_json::to_vec(&config).unwrap()).unwrap();
        assert_eq!(
            Balances::free_balance(Delegation::pot()),
            EXISTENTIAL_DEPOSIT
        );
        check_invariants();
    });
}
