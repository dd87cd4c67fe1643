// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Choosing the set of a session.

use crate::{Elected, Event, mock::*};
use frame_support::{
    assert_ok,
    traits::{BuildGenesisConfig, fungible::Inspect},
};
use pallet_session::{SessionManager, historical};
use sp_runtime::Perbill;

fn plan(session: u32) -> Option<Vec<AccountId>> {
    <Delegation as SessionManager<AccountId>>::new_session(session)
}

#[test]
fn the_candidates_with_most_stake_are_chosen() {
    build_and_execute(|| {
        events();
        assert_eq!(plan(2), Some(vec![VAL_A, VAL_B]));
        assert_eq!(
            events(),
            [Event::ValidatorsChosen {
                session: 2,
                validators: 2
            }]
        );
        assert_ok!(Delegation::join(
            signed(OWNER_C),
            VAL_C,
            1_001,
            Perbill::zero()
        ));
        assert_eq!(plan(3), Some(vec![VAL_A, VAL_C]));
        stake(ALICE, VAL_B, 5);
        assert_eq!(plan(4), Some(vec![VAL_B, VAL_C]));
        Parameters::mutate(|parameters| parameters.validators = 3);
        assert_eq!(plan(5), Some(vec![VAL_A, VAL_B, VAL_C]));
    });
}

#[test]
fn the_same_set_is_not_given_again() {
    build_and_execute(|| {
        assert!(plan(2).is_some());
        assert_eq!(plan(3), None);
        // Another order is no other set.
        stake(ALICE, VAL_B, 5);
        assert_eq!(plan(4), None);
    });
}

#[test]
fn without_keys_or_lease_nobody_is_chosen() {
    build_and_execute(|| {
        Keyless::mutate(|keyless| keyless.insert(VAL_A));
        assert_eq!(plan(2), Some(vec![VAL_B]));
        Keyless::mutate(|keyless| keyless.clear());
        Owners::mutate(|owners| owners.remove(&VAL_B));
        assert_eq!(plan(3), Some(vec![VAL_A]));
        // Leased to another than the one whose stake stands for it.
        Owners::mutate(|owners| owners.insert(VAL_B, BOB));
        assert_eq!(plan(4), None);
        Owners::mutate(|owners| owners.insert(VAL_B, OWNER_B));
        assert_eq!(plan(5), Some(vec![VAL_A, VAL_B]));
    });
}

#[test]
fn with_nobody_to_choose_the_set_stays() {
    build_and_execute(|| {
        assert!(plan(2).is_some());
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        assert_ok!(Delegation::leave(signed(OWNER_B), VAL_B));
        assert_eq!(plan(3), None);
        assert_eq!(Elected::<Test>::get().into_inner(), [VAL_A, VAL_B]);
    });
}

#[test]
fn at_genesis_leases_are_not_asked_for_and_both_sessions_get_the_set() {
    build_and_execute(|| {
        Owners::mutate(|owners| owners.clear());
        let genesis = <Delegation as SessionManager<AccountId>>::new_session_genesis;
        assert_eq!(genesis(0), Some(vec![VAL_A, VAL_B]));
        assert_eq!(genesis(1), Some(vec![VAL_A, VAL_B]));
    });
}

#[test]
fn the_historical_manager_is_the_same() {
    build_and_execute(|| {
        type Manager = dyn Fn(u32) -> Option<Vec<(AccountId, ())>>;
        let plan: &Manager = &<Delegation as historical::SessionManager<_, _>>::new_session;
        assert_eq!(plan(2), Some(vec![(VAL_A, ()), (VAL_B, ())]));
        assert_eq!(plan(3), None);
        let genesis: &Manager =
            &<Delegation as historical::SessionManager<_, _>>::new_session_genesis;
        assert_eq!(genesis(0), Some(vec![(VAL_A, ()), (VAL_B, ())]));
        <Delegation as historical::SessionManager<AccountId, ()>>::end_session(0);
        <Delegation as historical::SessionManager<AccountId, ()>>::start_session(7);
        assert_eq!(Delegation::state().session, 7);
    });
}

#[test]
fn the_weight_of_choosing_is_charged() {
    build_and_execute(|| {
        let before = System::block_weight().total();
        plan(2);
        assert!(System::block_weight().total().all_gt(before));
    });
}

#[test]
fn the_genesis_stake_is_active_in_the_first_session() {
    build_and_execute(|| {
        author(VAL_A, 1);
        reward(1_000);
        assert_eq!(claim(OWNER_A, VAL_A), 1_000);
    });
}

#[test]
#[should_panic(expected = "a candidate of the genesis is refused")]
fn a_genesis_with_too_little_self_stake_is_refused() {
    genesis(vec![(VAL_A, OWNER_A, 999, Perbill::zero())]);
}

#[test]
fn the_views_list_the_candidates() {
    build_and_execute(|| {
        let listed: Vec<_> = Delegation::candidates()
            .into_iter()
            .map(|candidate| candidate.hotkey)
            .collect();
        assert_eq!(listed, [VAL_A, VAL_B]);
    });
}

#[test]
fn the_genesis_gives_the_pot_what_it_lacks_and_no_more() {
    genesis(two()).execute_with(|| {
        assert_eq!(Balances::balance(&Delegation::pot()), ED);
        // Whatever somebody else's genesis gave it.
        for (before, after) in [(0, ED), (ED, ED), (ED + 7, ED + 7)] {
            set_balance(Delegation::pot(), before);
            let issued = Balances::total_issuance();
            crate::GenesisConfig::<Test>::default().build();
            assert_eq!(Balances::balance(&Delegation::pot()), after);
            assert_eq!(Balances::total_issuance() - issued, after - before);
        }
    });
}
