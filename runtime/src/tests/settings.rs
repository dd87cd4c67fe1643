// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use super::chain::{Chain, genesis_json};
use crate::{
    Runtime, RuntimeEvent, RuntimeGenesisConfig, RuntimeOrigin, Settings, System,
    configs::proof::MAX_SAMPLES,
    settings::{
        Emission, EmissionParameters, Error, Event, Registration, RegistrationParameters,
        SlotDuration, Window, WindowParameters, defaults,
    },
};
use frame_support::{assert_noop, assert_ok, genesis_builder_helper::build_state, traits::Get};
use proof_of_gpu_primitives::Workload;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{DispatchError, FixedU128, Perbill};

/// Runs on a chain at block 1, so that events are kept, and checks the
/// invariants in the end.
fn with_chain(test: impl FnOnce()) {
    let mut chain = Chain::new("development");
    chain.empty();
    chain.with(|| {
        System::reset_events();
        test();
        assert_ok!(Settings::do_try_state());
    });
}

fn window(change: impl FnOnce(&mut WindowParameters)) -> WindowParameters {
    let mut parameters = Window::<Runtime>::get();
    change(&mut parameters);
    parameters
}

fn registration(change: impl FnOnce(&mut RegistrationParameters)) -> RegistrationParameters {
    let mut parameters = Registration::<Runtime>::get();
    change(&mut parameters);
    parameters
}

fn emission(change: impl FnOnce(&mut EmissionParameters)) -> EmissionParameters {
    let mut parameters = Emission::<Runtime>::get();
    change(&mut parameters);
    parameters
}

fn window_refused(change: impl FnOnce(&mut WindowParameters), error: Error<Runtime>) {
    with_chain(|| {
        assert_noop!(
            Settings::set_window(RuntimeOrigin::root(), window(change)),
            error
        );
    });
}

fn registration_refused(change: impl FnOnce(&mut RegistrationParameters), error: Error<Runtime>) {
    with_chain(|| {
        let parameters = registration(change);
        assert_noop!(
            Settings::set_registration(RuntimeOrigin::root(), parameters),
            error
        );
    });
}

fn emission_refused(change: impl FnOnce(&mut EmissionParameters), error: Error<Runtime>) {
    with_chain(|| {
        assert_noop!(
            Settings::set_emission(RuntimeOrigin::root(), emission(change)),
            error
        );
    });
}

#[test]
fn root_sets_each() {
    with_chain(|| {
        let new = window(|window| window.samples = MAX_SAMPLES);
        assert_ok!(Settings::set_window(RuntimeOrigin::root(), new.clone()));
        assert_eq!(Window::<Runtime>::get(), new);
        System::assert_last_event(Event::WindowSet { parameters: new }.into());

        let new = registration(|registration| registration.bond += 1);
        assert_ok!(Settings::set_registration(RuntimeOrigin::root(), new));
        assert_eq!(Registration::<Runtime>::get(), new);
        System::assert_last_event(Event::RegistrationSet { parameters: new }.into());

        let new = emission(|emission| emission.base += 1);
        assert_ok!(Settings::set_emission(RuntimeOrigin::root(), new));
        assert_eq!(Emission::<Runtime>::get(), new);
        System::assert_last_event(RuntimeEvent::Settings(Event::EmissionSet {
            parameters: new,
        }));
    });
}

#[test]
fn nobody_else_does() {
    with_chain(|| {
        for origin in [
            RuntimeOrigin::signed(Alice.to_account_id()),
            RuntimeOrigin::none(),
        ] {
            let refused = DispatchError::BadOrigin;
            assert_noop!(
                Settings::set_window(origin.clone(), window(|_| ())),
                refused
            );
            assert_noop!(
                Settings::set_registration(origin.clone(), registration(|_| ())),
                refused
            );
            assert_noop!(Settings::set_emission(origin, emission(|_| ())), refused);
        }
    });
}

#[test]
fn a_shape_the_protocol_does_not_know_is_refused() {
    window_refused(
        |window| window.workload = Workload::new(96, 64, 64),
        Error::Workload,
    );
}

#[test]
fn as_many_samples_as_a_reveal_can_hold() {
    window_refused(|window| window.samples = 0, Error::Samples);
    window_refused(|window| window.samples = MAX_SAMPLES + 1, Error::Samples);
}

#[test]
fn the_gaps_are_in_order() {
    window_refused(|window| window.min_gap = window.max_gap + 1, Error::Gaps);
}

#[test]
fn each_phase_has_blocks() {
    window_refused(|window| window.work = 0, Error::Phases);
    window_refused(|window| window.grace = 0, Error::Phases);
    window_refused(|window| window.sampling = 7, Error::Phases);
    window_refused(|window| window.reveal = 0, Error::Phases);
    window_refused(|window| window.reveal = u32::MAX, Error::Phases);
}

#[test]
fn some_reveal_fits() {
    window_refused(|window| window.capacity = 0, Error::Capacity);
}

#[test]
fn a_lie_costs_something_and_the_bounty_is_a_tenth_of_it_at_most() {
    window_refused(|window| window.slash_share = Perbill::zero(), Error::Shares);
    window_refused(
        |window| window.bounty_share = Perbill::from_percent(11),
        Error::Shares,
    );
}

#[test]
fn the_bonds_outlast_the_windows() {
    window_refused(|window| window.max_gap = 1_000, Error::CoolDown);
    // 6 + 3 + 8 + 5 blocks and the gap of 5 before them.
    registration_refused(|registration| registration.cool_down = 27, Error::CoolDown);
    with_chain(|| {
        let parameters = registration(|registration| registration.cool_down = 28);
        assert_ok!(Settings::set_registration(
            RuntimeOrigin::root(),
            parameters
        ));
    });
}

#[test]
fn prices_can_be_bumped_and_halved() {
    registration_refused(|registration| registration.miner.floor = 0, Error::Price);
    registration_refused(
        |registration| registration.validator.ceiling = registration.validator.floor - 1,
        Error::Price,
    );
    registration_refused(
        |registration| registration.bump = FixedU128::from_rational(99, 100),
        Error::Price,
    );
    registration_refused(|registration| registration.half_life = 0, Error::Price);
}

#[test]
fn there_is_a_lease_to_buy() {
    registration_refused(|registration| registration.slots_per_call = 0, Error::Lease);
    registration_refused(|registration| registration.term = 0, Error::Lease);
}

#[test]
fn there_is_a_bond() {
    registration_refused(|registration| registration.bond = 0, Error::Bond);
}

#[test]
fn a_round_is_of_some_blocks_and_not_above_a_day() {
    emission_refused(|emission| emission.max_round = 0, Error::Round);
    emission_refused(|emission| emission.day = 0, Error::Round);
    emission_refused(
        |emission| emission.max_round = emission.day + 1,
        Error::Round,
    );
}

#[test]
fn the_budget_is_to_be_earned() {
    emission_refused(|emission| emission.reference_weight = 0, Error::Reference);
}

#[test]
fn without_a_word_at_genesis_the_production_defaults_hold() {
    let config = serde_json::to_vec(&RuntimeGenesisConfig::default()).unwrap();
    TestExternalities::default().execute_with(|| {
        assert_ok!(build_state::<RuntimeGenesisConfig>(config));
        assert_eq!(SlotDuration::<Runtime>::get(), defaults::SLOT_DURATION);
        assert_eq!(Window::<Runtime>::get(), defaults::Window::get());
        assert_eq!(
            Registration::<Runtime>::get(),
            defaults::Registration::get()
        );
        assert_eq!(Emission::<Runtime>::get(), defaults::Emission::get());
        assert_ok!(Settings::do_try_state());
    });
    // The same where no genesis was built at all.
    TestExternalities::default().execute_with(|| {
        assert_ok!(Settings::do_try_state());
    });
}

#[test]
#[should_panic(expected = "the settings are refused")]
fn a_genesis_with_an_odd_slot_is_refused() {
    let mut config: serde_json::Value =
        serde_json::from_slice(&genesis_json("development")).unwrap();
    config["settings"]["slotDuration"] = 999.into();
    let config = serde_json::to_vec(&config).unwrap();
    let _ =
        TestExternalities::default().execute_with(|| build_state::<RuntimeGenesisConfig>(config));
}

/// Each invariant, broken by poking storage.
mod invariants {
    use super::*;

    fn broken(poke: impl FnOnce()) {
        Chain::new("development").with(|| {
            assert_ok!(Settings::do_try_state());
            poke();
            assert!(Settings::do_try_state().is_err());
        });
    }

    #[test]
    fn one_the_slot() {
        broken(|| SlotDuration::<Runtime>::put(999));
        broken(|| SlotDuration::<Runtime>::put(0));
    }

    #[test]
    fn two_each_set() {
        broken(|| Window::<Runtime>::mutate(|window| window.work = 0));
        broken(|| Registration::<Runtime>::mutate(|registration| registration.bond = 0));
        broken(|| Emission::<Runtime>::mutate(|emission| emission.max_round = 0));
    }

    #[test]
    fn three_the_samples() {
        broken(|| Window::<Runtime>::mutate(|window| window.samples = MAX_SAMPLES + 1));
    }

    #[test]
    fn four_the_cool_down() {
        broken(|| Registration::<Runtime>::mutate(|registration| registration.cool_down = 0));
    }
}
