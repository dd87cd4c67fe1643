// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use super::chain::{Chain, genesis_json};
use crate::{
    Balance, Delegation, Emission, Parameters, ProofOfGpu, Runtime, RuntimeEvent,
    RuntimeGenesisConfig, RuntimeOrigin, Settings, System,
    configs::{
        consensus::{AnswerableFor, ReportLongevity},
        market::LiquidityFee,
        proof::{MAX_SAMPLES, MAX_WALK_SAMPLES},
    },
    settings::{
        EpochDuration, Error, Origin, Periods, RuntimeParameters, RuntimeParametersKey,
        SlotDuration, WindowParameters, defaults, parameters,
    },
};
use frame_support::{
    assert_noop, assert_ok,
    genesis_builder_helper::build_state,
    traits::{Get, dynamic_params::AggregatedKeyValue},
};
use pallet_emission::{ByTier, Floor, Tier};
use pallet_proof_of_gpu::WalkRules;
use proof_of_gpu_primitives::Workload;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{DispatchError, FixedU128, Perbill, Permill, TryRuntimeError};

/// The origin of a referendum on hyperparameters.
fn referendum() -> RuntimeOrigin {
    pallet_governance::Origin::Parameters.into()
}

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

macro_rules! changes {
    ($($key:ident: $change:ident, $refused:ident;)*) => {$(
        /// The stored values with a change.
        fn $change(
            change: impl FnOnce(&mut crate::settings::$key),
        ) -> crate::settings::$key {
            let mut values = stored::$change();
            change(&mut values);
            values
        }

        /// That a change is refused.
        fn $refused(
            change: impl FnOnce(&mut crate::settings::$key),
            error: Error<Runtime>,
        ) {
            with_chain(|| {
                assert_noop!(Settings::set(referendum(), $change(change).into()), error);
            });
        }
    )*};
}

mod stored {
    use crate::settings::{self, parameters};
    use frame_support::traits::Get;

    macro_rules! stored {
        ($($name:ident: $values:ident, $key:ident;)*) => {$(
            pub(super) fn $name() -> settings::$values {
                parameters::$key::get()
            }
        )*};
    }

    stored! {
        window: WindowParameters, Window;
        registration: RegistrationParameters, Registration;
        emission: EmissionParameters, Emission;
        buyback: BuybackParameters, Buyback;
        delegation: DelegationParameters, Delegation;
        governance: GovernanceParameters, Governance;
    }
}

changes! {
    WindowParameters: window, window_refused;
    RegistrationParameters: registration, registration_refused;
    EmissionParameters: emission, emission_refused;
    BuybackParameters: buyback, buyback_refused;
    DelegationParameters: delegation, delegation_refused;
    GovernanceParameters: governance, governance_refused;
}

/// Every set with some change to it.
fn changed() -> [RuntimeParameters; 6] {
    [
        window(|window| window.samples = MAX_SAMPLES).into(),
        registration(|registration| registration.bond += 1).into(),
        emission(|emission| emission.base += 1).into(),
        buyback(|buyback| buyback.period += 1).into(),
        delegation(|delegation| delegation.self_stake += 1).into(),
        governance(|governance| governance.support_floor -= 1).into(),
    ]
}

#[test]
fn a_referendum_sets_each() {
    with_chain(|| {
        for parameters in changed() {
            let (key, value) = parameters.clone().into_parts();
            let old_value = pallet_parameters::Parameters::<Runtime>::get(&key);
            assert_ok!(Settings::set(referendum(), parameters));
            let stored = pallet_parameters::Parameters::<Runtime>::get(&key);
            assert_eq!(stored, value);
            assert_ne!(stored, old_value);
            System::assert_last_event(RuntimeEvent::Parameters(
                pallet_parameters::Event::Updated {
                    key,
                    old_value,
                    new_value: value,
                },
            ));
        }
        assert_eq!(parameters::Window::get().samples, MAX_SAMPLES);
    });
}

#[test]
fn nobody_else_does() {
    with_chain(|| {
        for origin in [
            RuntimeOrigin::root(),
            RuntimeOrigin::signed(Alice.to_account_id()),
            RuntimeOrigin::none(),
            pallet_governance::Origin::Tiers.into(),
            pallet_governance::Origin::Assets.into(),
            pallet_governance::Origin::Upgrade.into(),
        ] {
            for parameters in changed() {
                assert_noop!(
                    Settings::set(origin.clone(), parameters),
                    DispatchError::BadOrigin
                );
            }
        }
    });
}

#[test]
fn nobody_writes_past_the_check() {
    with_chain(|| {
        for origin in [
            RuntimeOrigin::root(),
            RuntimeOrigin::signed(Alice.to_account_id()),
            referendum(),
        ] {
            let bad = window(|window| window.work = 0);
            assert_noop!(
                Parameters::set_parameter(origin, bad.into()),
                DispatchError::BadOrigin
            );
        }
        // The one origin that does is the check's own, which no call gives.
        let good = window(|window| window.work += 1);
        assert_ok!(Parameters::set_parameter(
            Origin::Checked.into(),
            good.into()
        ));
    });
}

#[test]
fn a_set_is_not_unset() {
    with_chain(|| {
        for parameters in changed() {
            let unset = match parameters.into_parts().0 {
                RuntimeParametersKey::ProofOfGpu(_) => RuntimeParameters::ProofOfGpu(
                    parameters::keys::proof_of_gpu::Parameters::Window(parameters::Window, None),
                ),
                RuntimeParametersKey::Registration(_) => RuntimeParameters::Registration(
                    parameters::keys::registration::Parameters::Registration(
                        parameters::Registration,
                        None,
                    ),
                ),
                RuntimeParametersKey::Emission(_) => RuntimeParameters::Emission(
                    parameters::keys::emission::Parameters::Emission(parameters::Emission, None),
                ),
                RuntimeParametersKey::Buyback(_) => RuntimeParameters::Buyback(
                    parameters::keys::buyback::Parameters::Buyback(parameters::Buyback, None),
                ),
                RuntimeParametersKey::Delegation(_) => RuntimeParameters::Delegation(
                    parameters::keys::delegation::Parameters::Delegation(
                        parameters::Delegation,
                        None,
                    ),
                ),
                RuntimeParametersKey::Governance(_) => RuntimeParameters::Governance(
                    parameters::keys::governance::Parameters::Governance(
                        parameters::Governance,
                        None,
                    ),
                ),
            };
            assert_noop!(
                Settings::set(referendum(), unset),
                Error::<Runtime>::NoValue
            );
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

/// A walk as in production.
const WALK: WalkRules = WalkRules {
    page_bits: 23,
    rounds: 1_280,
    lanes: 1 << 20,
    hops: 16,
    passes: 32,
    samples: 4,
};

#[test]
fn a_walk_is_the_protocols_and_opens_as_many_lanes_as_a_reveal_can_hold() {
    let with = |change: fn(&mut WalkRules)| {
        move |window: &mut WindowParameters| {
            change(window.walk.get_or_insert(WALK));
        }
    };
    window_refused(with(|walk| walk.page_bits = 24), Error::Walk);
    window_refused(with(|walk| walk.rounds = 7), Error::Walk);
    window_refused(with(|walk| walk.samples = 0), Error::Samples);
    window_refused(
        with(|walk| walk.samples = MAX_WALK_SAMPLES + 1),
        Error::Samples,
    );
    with_chain(|| {
        let most = window(with(|walk| walk.samples = MAX_WALK_SAMPLES));
        assert_ok!(Settings::set(referendum(), most.into()));
        let none = window(|window| window.walk = None);
        assert_ok!(Settings::set(referendum(), none.into()));
    });
}

/// A table of one row that asks for so much memory, at so much bandwidth.
fn asking_for(gib: u32, gbps: u32) -> ByTier<Tier> {
    let tier = Tier {
        floor: Floor { mops: 1, gib, gbps },
        ..Emission::tiers()[0].0.tier
    };
    vec![tier].try_into().unwrap()
}

#[test]
fn a_walk_stays_while_a_tier_asks_for_memory() {
    for (gib, gbps) in [(1, 0), (0, 1)] {
        with_chain(|| {
            let none = window(|window| window.walk = None);
            let other = window(|window| window.walk = Some(WALK));
            let tiers = || pallet_governance::Origin::Tiers.into();
            assert_ok!(Emission::set_tiers(tiers(), asking_for(gib, gbps)));
            let refused = || Error::<Runtime>::WalkNeeded;
            assert_noop!(Settings::set(referendum(), none.clone().into()), refused());
            // So is it when the table that was to come is the one in force,
            Emission::settle(0, 1, 2);
            assert!(Emission::asks_for_memory());
            assert_noop!(Settings::set(referendum(), none.clone().into()), refused());
            // another walk is not, nor is none once no tier asks for memory.
            assert_ok!(Settings::set(referendum(), other.into()));
            assert_ok!(Emission::set_tiers(tiers(), asking_for(0, 0)));
            assert_noop!(Settings::set(referendum(), none.clone().into()), refused());
            Emission::settle(1, 2, 3);
            assert_ok!(Settings::set(referendum(), none.into()));
            // And from then on no tier may.
            assert_noop!(
                Emission::set_tiers(tiers(), asking_for(gib, gbps)),
                pallet_emission::Error::<Runtime>::MemoryFloor
            );
        });
    }
}

#[test]
fn a_walk_has_to_find_room_in_the_reveal_phase() {
    let mut most = 0;
    with_chain(|| {
        let walked = window(|window| window.walk = Some(WALK));
        let alone = window(|window| window.walk = None);
        let held = |parameters| ProofOfGpu::reveals_held(parameters, 6_000_000);
        assert!(held(&walked) < held(&alone));
        most = u32::try_from(held(&alone) * 4 / 5).unwrap();
        let parameters = window(|window| {
            window.walk = None;
            window.capacity = most;
        });
        assert_ok!(Settings::set(referendum(), parameters.into()));
    });
    window_refused(
        |window| {
            window.walk = Some(WALK);
            window.capacity = most;
        },
        Error::Capacity,
    );
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
    window_refused(|window| window.reveal = 1, Error::Phases);
    window_refused(|window| window.reveal = u32::MAX, Error::Phases);
}

#[test]
fn some_reveal_fits() {
    window_refused(|window| window.capacity = 0, Error::Capacity);
}

#[test]
fn a_fifth_of_the_reveal_phase_stays_free() {
    // The most that the phase of the development preset may call: 6 + 3 slots and the
    // one before them, of 600,000 rounds.
    let mut most = 0;
    with_chain(|| {
        let held = ProofOfGpu::reveals_held(&stored::window(), 6_000_000);
        most = u32::try_from(held * 4 / 5).unwrap();
        assert!(stored::window().capacity < most);
        let parameters = window(|window| window.capacity = most);
        assert_ok!(Settings::set(referendum(), parameters.into()));
    });
    window_refused(|window| window.capacity = most + 1, Error::Capacity);
    // As many, but in fewer blocks, or of larger reveals.
    window_refused(
        |window| {
            window.capacity = most;
            window.reveal -= 1;
        },
        Error::Capacity,
    );
    window_refused(
        |window| {
            window.capacity = most;
            window.samples *= 2;
        },
        Error::Capacity,
    );
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
        assert_ok!(Settings::set(referendum(), parameters.into()));
    });
}

#[test]
fn bonds_leave_within_the_time_that_stake_may_take() {
    with_chain(|| {
        let longest = u32::try_from(12 * AnswerableFor::get()).unwrap();
        let cool_down = |blocks| registration(|registration| registration.cool_down = blocks);
        assert_ok!(Settings::set(referendum(), cool_down(longest).into()));
        assert_noop!(
            Settings::set(referendum(), cool_down(longest + 1).into()),
            Error::<Runtime>::CoolDown
        );
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
fn revenue_is_spent_at_some_pace() {
    buyback_refused(|buyback| buyback.period = 0, Error::Pace);
    buyback_refused(|buyback| buyback.pace = Perbill::zero(), Error::Pace);
    buyback_refused(|buyback| buyback.averaged_blocks = 0, Error::Pace);
}

#[test]
fn a_slice_is_no_deeper_than_the_pools_fee() {
    buyback_refused(
        |buyback| buyback.depth_limit = LiquidityFee::get() + Permill::from_parts(1),
        Error::Depth,
    );
    buyback_refused(
        |buyback| buyback.depth_limit = Permill::zero(),
        Error::Depth,
    );
}

#[test]
fn the_price_guard_lets_some_slices_through_and_not_all() {
    buyback_refused(
        |buyback| buyback.tolerance = Perbill::from_parts(6_000_000),
        Error::Tolerance,
    );
    buyback_refused(
        |buyback| buyback.tolerance = Perbill::one(),
        Error::Tolerance,
    );
    buyback_refused(
        |buyback| buyback.sample_clamp = Perbill::zero(),
        Error::Clamp,
    );
    buyback_refused(
        |buyback| buyback.sample_clamp = Perbill::one(),
        Error::Clamp,
    );
}

#[test]
fn validators_have_a_stake() {
    delegation_refused(|delegation| delegation.self_stake = 0, Error::Stake);
    delegation_refused(|delegation| delegation.min_stake = 0, Error::Stake);
    delegation_refused(
        |delegation| delegation.min_stake = delegation.self_stake + 1,
        Error::Stake,
    );
    delegation_refused(|delegation| delegation.validators = 0, Error::Validators);
    delegation_refused(
        |delegation| delegation.commission_interval = 0,
        Error::Commission,
    );
    delegation_refused(
        |delegation| delegation.min_slash = Perbill::zero(),
        Error::Slash,
    );
}

#[test]
fn stake_outlasts_the_report_of_an_equivocation() {
    delegation_refused(|delegation| delegation.unbonding = 0, Error::Unbonding);
    with_chain(|| {
        // Who leaves authors for the session that runs and for the next.
        let longest = u32::try_from(AnswerableFor::get()).unwrap();
        assert!(AnswerableFor::get() > ReportLongevity::get());
        let as_long = delegation(|delegation| delegation.unbonding = longest);
        assert_noop!(
            Settings::set(referendum(), as_long.into()),
            Error::<Runtime>::Unbonding
        );
        let longer = delegation(|delegation| delegation.unbonding = longest + 1);
        assert_ok!(Settings::set(referendum(), longer.into()));
    });
}

#[test]
fn stake_leaves_within_twelve_times_what_it_is_answerable_for() {
    with_chain(|| {
        let longest = u32::try_from(12 * AnswerableFor::get()).unwrap();
        let unbonding = |blocks| delegation(|delegation| delegation.unbonding = blocks);
        assert_ok!(Settings::set(referendum(), unbonding(longest).into()));
        assert_noop!(
            Settings::set(referendum(), unbonding(longest + 1).into()),
            Error::<Runtime>::Unbonding
        );
    });
}

#[test]
fn support_has_a_floor() {
    governance_refused(|governance| governance.support_floor = 0, Error::Support);
}

#[test]
fn the_support_floor_stays_within_reach_and_falls_by_half_at_most() {
    with_chain(|| {
        let set = |floor| {
            let changed = governance(|governance| governance.support_floor = floor);
            Settings::set(referendum(), changed.into())
        };
        let floor = governance(|_| ()).support_floor;
        assert_noop!(set(floor / 2 - 1), Error::<Runtime>::Support);
        assert_ok!(set(floor / 2));
        // Up to what is staked, and no unit more.
        let staked = Delegation::total_staked();
        assert!(staked > floor / 2);
        assert_noop!(set(staked + 1), Error::<Runtime>::Support);
        assert_noop!(set(Balance::MAX), Error::<Runtime>::Support);
        assert_ok!(set(staked));
        // What was in force may stay when stake leaves.
        assert_ok!(set(staked - 1));
    });
}

#[test]
fn without_a_word_at_genesis_the_production_defaults_hold() {
    let config = serde_json::to_vec(&RuntimeGenesisConfig::default()).unwrap();
    TestExternalities::default().execute_with(|| {
        assert_ok!(build_state::<RuntimeGenesisConfig>(config));
        assert_eq!(SlotDuration::<Runtime>::get(), defaults::SLOT_DURATION);
        assert_eq!(EpochDuration::<Runtime>::get(), defaults::EPOCH_DURATION);
        assert_eq!(stored::window(), defaults::window());
        assert_eq!(stored::registration(), defaults::registration());
        assert_eq!(stored::emission(), defaults::emission());
        assert_eq!(stored::buyback(), defaults::buyback());
        assert_eq!(stored::delegation(), defaults::delegation());
        assert_eq!(stored::governance(), defaults::governance());
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

    fn broken(error: Error<Runtime>, poke: impl FnOnce()) {
        let mut chain = Chain::new("development");
        chain.with(|| {
            assert_ok!(Settings::do_try_state());
            poke();
            let error = TryRuntimeError::Other(error.into());
            assert_eq!(Settings::do_try_state(), Err(error));
        });
        chain.leave_broken();
    }

    fn poke(parameters: impl Into<RuntimeParameters>) {
        let (key, value) = parameters.into().into_parts();
        pallet_parameters::Parameters::<Runtime>::set(key, value);
    }

    #[test]
    fn one_the_times() {
        broken(Error::SlotDuration, || SlotDuration::<Runtime>::put(999));
        broken(Error::SlotDuration, || SlotDuration::<Runtime>::put(0));
        broken(Error::EpochDuration, || EpochDuration::<Runtime>::put(0));
        broken(Error::Periods, || {
            Periods::<Runtime>::mutate(|periods| periods.decision = 0)
        });
        broken(Error::Periods, || {
            Periods::<Runtime>::mutate(|periods| periods.confirm = 0)
        });
        broken(Error::Periods, || {
            Periods::<Runtime>::mutate(|periods| periods.enactment = 0)
        });
    }

    #[test]
    fn two_each_set() {
        broken(Error::Phases, || poke(window(|window| window.work = 0)));
        broken(Error::Bond, || {
            poke(registration(|registration| registration.bond = 0))
        });
        broken(Error::Round, || {
            poke(emission(|emission| emission.max_round = 0))
        });
        broken(Error::Pace, || poke(buyback(|buyback| buyback.period = 0)));
        broken(Error::Stake, || {
            poke(delegation(|delegation| delegation.self_stake = 0))
        });
        broken(Error::Support, || {
            poke(governance(|governance| governance.support_floor = 0))
        });
    }

    #[test]
    fn three_the_samples() {
        broken(Error::Samples, || {
            poke(window(|window| window.samples = MAX_SAMPLES + 1))
        });
    }

    #[test]
    fn four_the_cool_down() {
        broken(Error::CoolDown, || {
            poke(registration(|registration| registration.cool_down = 0))
        });
    }

    #[test]
    fn five_the_depth() {
        broken(Error::Depth, || {
            poke(buyback(|buyback| buyback.depth_limit = Permill::one()))
        });
    }

    #[test]
    fn six_the_unbonding() {
        broken(Error::Unbonding, || {
            poke(delegation(|delegation| delegation.unbonding = 1))
        });
    }

    #[test]
    fn seven_the_capacity() {
        broken(Error::Capacity, || {
            poke(window(|window| window.capacity = 1_000_000))
        });
        broken(Error::Capacity, || {
            poke(window(|window| window.capacity = 0))
        });
    }

    #[test]
    fn eight_a_walk_while_a_tier_asks_for_memory() {
        broken(Error::WalkNeeded, || {
            pallet_emission::NextTiers::<Runtime>::put(asking_for(1, 0));
            assert_ok!(Settings::do_try_state());
            poke(window(|window| window.walk = None));
        });
    }
}
