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
    storage::StoragePrefixedMap,
    traits::{Get, dynamic_params::AggregatedKeyValue},
};
use pallet_emission::{ByTier, Floor, Tier};
use pallet_proof_of_gpu::WalkRules;
use proof_of_gpu_primitives::Workload;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{DispatchError, FixedU128, Perbill, Permill, TryRuntimeError};

/// The origin of a referendum that may change every hyperparameter.
fn referendum() -> RuntimeOrigin {
    pallet_governance::Origin::Upgrade.into()
}

/// The origin of a referendum on hyperparameters that are not guarded.
fn cheapest() -> RuntimeOrigin {
    pallet_governance::Origin::Parameters.into()
}

/// Goes on to where every set may change again.
fn wait() {
    let period = Periods::<Runtime>::get().decision;
    System::set_block_number(System::block_number() + period);
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
        window(|window| window.samples = 16).into(),
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
        assert_eq!(parameters::Window::get().samples, 16);
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
        assert_ok!(Settings::begin_with(most.into()));
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
            assert_ok!(Settings::begin_with(other.into()));
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
        assert_ok!(Settings::begin_with(parameters.into()));
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
    // The most that the phase of the development preset may call: 8 + 2 slots and the
    // one before them, of 600,000 rounds.
    let mut most = 0;
    with_chain(|| {
        let held = ProofOfGpu::reveals_held(&stored::window(), 6_600_000);
        most = u32::try_from(held * 4 / 5).unwrap();
        assert!(stored::window().capacity < most);
        let parameters = window(|window| window.capacity = most);
        assert_ok!(Settings::begin_with(parameters.into()));
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
    // 8 + 2 + 8 + 5 blocks and the gap of 5 before them.
    registration_refused(|registration| registration.cool_down = 28, Error::CoolDown);
    with_chain(|| {
        let parameters = registration(|registration| registration.cool_down = 29);
        // Half of 60 is the least that one change may make of it.
        assert_noop!(
            Settings::set(referendum(), parameters.into()),
            Error::<Runtime>::Step
        );
        assert_ok!(Settings::begin_with(parameters.into()));
        let parameters = registration(|registration| registration.cool_down = 31);
        assert_ok!(Settings::set(referendum(), parameters.into()));
    });
}

#[test]
fn bonds_leave_within_the_time_that_stake_may_take() {
    with_chain(|| {
        let longest = u32::try_from(12 * AnswerableFor::get()).unwrap();
        let cool_down = |blocks| registration(|registration| registration.cool_down = blocks);
        assert_ok!(Settings::begin_with(cool_down(longest).into()));
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
        assert_ok!(Settings::begin_with(longer.into()));
    });
}

#[test]
fn stake_leaves_within_twelve_times_what_it_is_answerable_for() {
    with_chain(|| {
        let longest = u32::try_from(12 * AnswerableFor::get()).unwrap();
        let unbonding = |blocks| delegation(|delegation| delegation.unbonding = blocks);
        assert_ok!(Settings::begin_with(unbonding(longest).into()));
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
        wait();
        // Up to what is staked, and no unit more.
        let staked = Delegation::total_staked();
        assert!(staked > floor / 2);
        assert_noop!(set(staked + 1), Error::<Runtime>::Support);
        assert_noop!(set(Balance::MAX), Error::<Runtime>::Bounds);
        // By twice what it was at a time.
        assert_noop!(set(staked), Error::<Runtime>::Step);
        let mut at = floor / 2;
        while at < staked {
            at = (2 * at).min(staked);
            assert_ok!(set(at));
            wait();
        }
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
    // They would hold where no genesis was built at all, which is an error.
    TestExternalities::default().execute_with(|| {
        assert_eq!(stored::window(), defaults::window());
        let error = TryRuntimeError::Other(Error::<Runtime>::Undecodable.into());
        assert_eq!(Settings::do_try_state(), Err(error));
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
    fn nine_the_bounds() {
        broken(Error::Bounds, || {
            poke(emission(|emission| emission.base *= 3))
        });
        broken(Error::Bounds, || {
            poke(registration(|registration| registration.bond = 1))
        });
    }

    #[test]
    fn ten_all_sets_and_no_others() {
        broken(Error::Undecodable, || {
            let (key, _) = RuntimeParameters::from(stored::buyback()).into_parts();
            pallet_parameters::Parameters::<Runtime>::remove(key);
        });
        broken(Error::Undecodable, || {
            let mut key = pallet_parameters::Parameters::<Runtime>::final_prefix().to_vec();
            key.push(0xff);
            sp_io::storage::set(&key, &[1]);
        });
    }

    #[test]
    fn eleven_the_last_change() {
        broken(Error::LastChange, || {
            let (key, _) = RuntimeParameters::from(stored::buyback()).into_parts();
            crate::settings::LastChange::<Runtime>::insert(key, 1_000);
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

/// How fast a set may change, and by whose decision.
mod bounds {
    use super::*;
    use crate::{
        RuntimeCall, Supply,
        configs::economy::CAP,
        settings::{
            BaseCeiling, LastChange, Values,
            bounds::{Authority, Field},
        },
    };
    use sp_runtime::{Perquintill, traits::Dispatchable};
    use std::collections::BTreeMap;
    use tokenomics_primitives::budget::{Rules, Supply as Before, full};

    /// Blocks of a year of production's slots.
    const YEAR: u32 = 365 * defaults::DAY;

    fn field(name: &str) -> Field {
        Settings::fields()
            .into_iter()
            .find(|field| field.name == name)
            .unwrap()
    }

    /// Every field but those of a walk, in the order of `fields`, by how it is written.
    type Writer = (&'static str, fn(&mut Values, u128));

    fn small(value: u128) -> u32 {
        u32::try_from(value).unwrap()
    }

    fn share(value: u128) -> Perbill {
        Perbill::from_parts(small(value))
    }

    const WRITERS: [Writer; 46] = [
        ("window.workload.m", |v, to| v.window.workload.m = small(to)),
        ("window.workload.n", |v, to| v.window.workload.n = small(to)),
        ("window.workload.k", |v, to| v.window.workload.k = small(to)),
        ("window.samples", |v, to| v.window.samples = small(to)),
        ("window.min_gap", |v, to| v.window.min_gap = small(to)),
        ("window.max_gap", |v, to| v.window.max_gap = small(to)),
        ("window.open_chance", |v, to| {
            v.window.open_chance = share(to)
        }),
        ("window.work", |v, to| v.window.work = small(to)),
        ("window.grace", |v, to| v.window.grace = small(to)),
        ("window.sampling", |v, to| v.window.sampling = small(to)),
        ("window.reveal", |v, to| v.window.reveal = small(to)),
        ("window.capacity", |v, to| v.window.capacity = small(to)),
        ("window.slash_share", |v, to| {
            v.window.slash_share = share(to)
        }),
        ("window.bounty_share", |v, to| {
            v.window.bounty_share = share(to)
        }),
        ("registration.miner.floor", |v, to| {
            v.registration.miner.floor = to;
        }),
        ("registration.miner.ceiling", |v, to| {
            v.registration.miner.ceiling = to;
        }),
        ("registration.validator.floor", |v, to| {
            v.registration.validator.floor = to;
        }),
        ("registration.validator.ceiling", |v, to| {
            v.registration.validator.ceiling = to;
        }),
        ("registration.bump", |v, to| {
            v.registration.bump = FixedU128::from_u32(1) + FixedU128::from_inner(to);
        }),
        ("registration.half_life", |v, to| {
            v.registration.half_life = small(to);
        }),
        ("registration.slots_per_call", |v, to| {
            v.registration.slots_per_call = small(to);
        }),
        ("registration.term", |v, to| v.registration.term = small(to)),
        ("registration.bond", |v, to| v.registration.bond = to),
        ("registration.cool_down", |v, to| {
            v.registration.cool_down = small(to);
        }),
        ("emission.base", |v, to| v.emission.base = to),
        ("emission.drip", |v, to| {
            v.emission.drip = Perquintill::from_parts(u64::try_from(to).unwrap());
        }),
        ("emission.max_round", |v, to| {
            v.emission.max_round = small(to)
        }),
        ("emission.reference_weight", |v, to| {
            v.emission.reference_weight = to;
        }),
        ("emission.stakers_share", |v, to| {
            v.emission.stakers_share = share(to);
        }),
        ("emission.day", |v, to| v.emission.day = small(to)),
        ("emission.retired_below", |v, to| {
            v.emission.retired_below = share(to);
        }),
        ("buyback.period", |v, to| v.buyback.period = small(to)),
        ("buyback.pace", |v, to| v.buyback.pace = share(to)),
        ("buyback.depth_limit", |v, to| {
            v.buyback.depth_limit = Permill::from_parts(small(to));
        }),
        ("buyback.tolerance", |v, to| v.buyback.tolerance = share(to)),
        ("buyback.sample_clamp", |v, to| {
            v.buyback.sample_clamp = share(to);
        }),
        ("buyback.averaged_blocks", |v, to| {
            v.buyback.averaged_blocks = small(to);
        }),
        ("delegation.self_stake", |v, to| {
            v.delegation.self_stake = to
        }),
        ("delegation.min_stake", |v, to| v.delegation.min_stake = to),
        ("delegation.validators", |v, to| {
            v.delegation.validators = small(to);
        }),
        ("delegation.unbonding", |v, to| {
            v.delegation.unbonding = small(to);
        }),
        ("delegation.max_commission", |v, to| {
            v.delegation.max_commission = share(to);
        }),
        ("delegation.max_commission_rise", |v, to| {
            v.delegation.max_commission_rise = share(to);
        }),
        ("delegation.commission_interval", |v, to| {
            v.delegation.commission_interval = small(to);
        }),
        ("delegation.min_slash", |v, to| {
            v.delegation.min_slash = share(to)
        }),
        ("governance.support_floor", |v, to| {
            v.governance.support_floor = to;
        }),
    ];

    /// The set that a field belongs to, with this value in it.
    fn with_field(writer: &Writer, to: u128) -> RuntimeParameters {
        let mut values = Values::stored();
        writer.1(&mut values, to);
        let place = [
            "window",
            "registration",
            "emission",
            "buyback",
            "delegation",
            "governance",
        ]
        .iter()
        .position(|set| writer.0.starts_with(set))
        .unwrap();
        values.into_parameters().into_iter().nth(place).unwrap()
    }

    #[test]
    fn every_field_has_bounds_and_holds_what_it_is_called() {
        with_chain(|| {
            let fields = Settings::fields();
            let walks = fields
                .iter()
                .filter(|field| field.name.starts_with("window.walk."))
                .count();
            assert_eq!(fields.len(), WRITERS.len() + walks);
            for writer in &WRITERS {
                let before = field(writer.0);
                let value = before.value.unwrap();
                assert!(before.is_within_bounds(), "{}", writer.0);
                let (down, up) = before.reach();
                assert!(down <= value && value <= up && down < up, "{}", writer.0);
                // What is written under its name is what is read there.
                let mut values = Values::stored();
                writer.1(&mut values, value);
                assert_eq!(values, Values::stored(), "{}", writer.0);
            }
        });
    }

    /// One unit more, or less, than a change may make of a field is refused, whoever asks.
    #[test]
    fn no_field_moves_by_more_than_its_pace() {
        with_chain(|| {
            let mut refused = 0;
            for writer in &WRITERS {
                let (down, up) = field(writer.0).reach();
                for to in [down.checked_sub(1), Some(up + 1)].into_iter().flatten() {
                    let mut values = Values::stored();
                    writer.1(&mut values, to);
                    let written = values.fields::<Runtime>();
                    let written = written.iter().find(|field| field.name == writer.0);
                    if written.unwrap().value != Some(to) {
                        // A share of more than all there is cannot be told.
                        continue;
                    }
                    let parameters = with_field(writer, to);
                    // Also refused where it does not fit the others, which comes first.
                    assert!(
                        Settings::set(referendum(), parameters).is_err(),
                        "{} {to}",
                        writer.0
                    );
                    refused += 1;
                }
            }
            assert!(refused > 80);
            let doubled = registration(|registration| registration.bond *= 2);
            assert_ok!(Settings::set(referendum(), doubled.into()));
            wait();
            let more = registration(|registration| registration.bond = 2 * registration.bond + 1);
            assert_noop!(
                Settings::set(referendum(), more.into()),
                Error::<Runtime>::Step
            );
            // Half as much again of what is minted.
            let base = emission(|emission| emission.base = emission.base * 3 / 2);
            assert_ok!(Settings::set(referendum(), base.into()));
        });
    }

    #[test]
    fn the_cheapest_track_does_not_move_what_is_guarded() {
        with_chain(|| {
            let guarded: Vec<_> = Settings::fields()
                .into_iter()
                .filter(|field| field.authority == Authority::Upgrade)
                .map(|field| field.name)
                .collect();
            assert_eq!(
                guarded,
                [
                    "window.slash_share",
                    "window.bounty_share",
                    "registration.miner.floor",
                    "registration.validator.floor",
                    "emission.base",
                    "emission.drip",
                    "emission.stakers_share",
                    "delegation.self_stake",
                    "delegation.validators",
                    "delegation.min_slash",
                    "governance.support_floor",
                ]
            );
            let mut tried = 0;
            for writer in WRITERS.iter().filter(|writer| guarded.contains(&writer.0)) {
                let value = field(writer.0).value.unwrap();
                for to in [value.checked_sub(1), value.checked_add(1)]
                    .into_iter()
                    .flatten()
                {
                    let parameters = with_field(writer, to);
                    let result = Settings::set(cheapest(), parameters.clone());
                    assert!(result.is_err(), "{} {to}", writer.0);
                    tried += u32::from(result == Err(Error::<Runtime>::Guarded.into()));
                }
            }
            assert!(tried >= 18, "{tried} were refused for that");
            // The same set with another of its fields.
            let other = emission(|emission| emission.reference_weight += 1);
            assert_ok!(Settings::set(cheapest(), other.into()));
        });
    }

    #[test]
    fn a_set_changes_once_a_decision_period() {
        with_chain(|| {
            let more = || registration(|registration| registration.bond += 1);
            assert_ok!(Settings::set(cheapest(), more().into()));
            let again = || Settings::set(referendum(), more().into());
            assert_noop!(again(), Error::<Runtime>::TooSoon);
            // Another set may.
            let other = buyback(|buyback| buyback.period += 1);
            assert_ok!(Settings::set(cheapest(), other.into()));
            let period = Periods::<Runtime>::get().decision;
            System::set_block_number(System::block_number() + period - 1);
            assert_noop!(again(), Error::<Runtime>::TooSoon);
            System::set_block_number(System::block_number() + 1);
            assert_ok!(again());
        });
    }

    /// What a batch of 43 calls could walk to nothing it cannot move twice.
    #[test]
    fn a_batch_walks_no_guard_to_nothing() {
        with_chain(|| {
            let before = stored::governance().support_floor;
            let mut floor = before;
            let mut calls = Vec::<RuntimeCall>::new();
            while floor > 1 {
                floor = (floor / 2).max(1);
                let governance = governance(|governance| governance.support_floor = floor);
                let call = crate::settings::Call::<Runtime>::set {
                    parameters: governance.into(),
                };
                calls.push(call.into());
            }
            assert!(calls.len() > 30);
            let batch: RuntimeCall = pallet_utility::Call::batch_all { calls }.into();
            assert!(batch.dispatch(referendum()).is_err());
            assert_eq!(stored::governance().support_floor, before);
        });
    }

    /// The most that a year mints from here.
    fn minted_a_year() -> Balance {
        let emission = stored::emission();
        let rules = Rules {
            base: emission.base,
            cap: CAP,
            drip: emission.drip,
        };
        let before = Before {
            minted: Supply::minted(),
            pool: 0,
        };
        full(&rules, &before, YEAR).unwrap().minted
    }

    /// The rival holds the cheapest track for a year. In every decision period it makes the
    /// call of all there are that is best for it, and then as many as a random order of
    /// them: all extremes of one field, of each set, again and again.
    #[test]
    fn a_year_of_the_cheapest_track_mints_no_more_and_to_nobody_else() {
        with_chain(|| {
            let mint = minted_a_year();
            let guarded = || {
                Settings::fields()
                    .into_iter()
                    .filter(|field| field.authority == Authority::Upgrade)
                    .map(|field| (field.name, field.value))
                    .collect::<BTreeMap<_, _>>()
            };
            let kept = guarded();
            let mut at = 7usize;
            let mut moved = 0;
            for _ in 0..26 {
                wait();
                for _ in 0..120 {
                    // Through all fields and both ends, each round in another order: the
                    // step and the number of both have no factor in common.
                    at = (at + 31) % (2 * WRITERS.len());
                    let writer = &WRITERS[at / 2];
                    let (down, up) = field(writer.0).reach();
                    let to = if at.is_multiple_of(2) { down } else { up };
                    let parameters = with_field(writer, to);
                    moved += u32::from(Settings::set(cheapest(), parameters).is_ok());
                    assert!(minted_a_year() <= mint);
                    assert_eq!(guarded(), kept);
                }
            }
            assert!(moved > 60, "only {moved} calls were made");
            // No round fails by what the parameters have become.
            let rows = Emission::tiers().len();
            assert!(rows > 0);
            System::reset_events();
            Emission::settle(1, 2, 3);
            let failed = System::read_events_no_consensus().any(|record| {
                matches!(
                    record.event,
                    RuntimeEvent::Emission(pallet_emission::Event::RoundFailed { .. })
                )
            });
            assert!(!failed);
        });
    }

    /// Whatever the emission's fields are within their bounds, the largest budget there is
    /// can be told, and is no more than what is left.
    #[test]
    fn no_value_within_the_bounds_makes_a_round_fail() {
        with_chain(|| {
            let names = ["emission.base", "emission.drip", "emission.max_round"];
            let ends: Vec<[u128; 2]> = names
                .iter()
                .map(|name| {
                    let field = field(name);
                    [field.lowest, field.highest]
                })
                .collect();
            for choice in 0..8usize {
                let [base, drip, blocks] = [0, 1, 2].map(|place| ends[place][choice >> place & 1]);
                let rules = Rules {
                    base,
                    cap: CAP,
                    drip: Perquintill::from_parts(u64::try_from(drip).unwrap()),
                };
                for (minted, pool) in [(0, 0), (CAP, 0), (CAP / 2, CAP / 2), (CAP - 1, CAP)] {
                    let full = full(&rules, &Before { minted, pool }, small(blocks)).unwrap();
                    assert!(full.minted <= CAP - minted && full.drawn <= pool);
                }
            }
        });
    }

    #[test]
    fn nobody_sets_a_base_above_twice_what_genesis_had() {
        with_chain(|| {
            let first = stored::emission().base;
            assert_eq!(BaseCeiling::<Runtime>::get(), 2 * first);
            for _ in 0..4 {
                wait();
                let base = stored::emission().base;
                let up = (base * 3 / 2).min(2 * first);
                let more = emission(|emission| emission.base = up);
                assert_ok!(Settings::set(referendum(), more.into()));
            }
            assert_eq!(stored::emission().base, 2 * first);
            wait();
            let more = emission(|emission| emission.base += 1);
            assert_noop!(
                Settings::set(referendum(), more.into()),
                Error::<Runtime>::Bounds
            );
        });
    }

    #[test]
    fn a_refused_change_does_not_delay_the_next() {
        with_chain(|| {
            let key = RuntimeParameters::from(stored::window()).into_parts().0;
            let bad = window(|window| window.samples = 0);
            assert!(Settings::set(referendum(), bad.into()).is_err());
            assert_eq!(LastChange::<Runtime>::get(key), None);
        });
    }
}

/// What is stored, as it is encoded. A test that fails here is right: what is stored on
/// running chains does not decode any more. Raise the version of what it belongs to, write
/// the step in `migrations`, exercise it in `tests::migration`, and pin the new bytes.
mod encodings {
    use super::*;
    use codec::Encode;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_sets_are_stored_as_they_were() {
        let golden = [
            include_str!("state/window.hex"),
            include_str!("state/registration.hex"),
            include_str!("state/emission.hex"),
            include_str!("state/buyback.hex"),
            include_str!("state/delegation.hex"),
            include_str!("state/governance.hex"),
        ];
        let walked = WindowParameters {
            walk: Some(WALK),
            ..old::window()
        };
        let sets: [RuntimeParameters; 6] = [
            walked.into(),
            old::registration().into(),
            old::emission().into(),
            old::buyback().into(),
            old::delegation().into(),
            old::governance().into(),
        ];
        let stored = sets.map(|set| {
            let (key, value) = set.into_parts();
            hex(&(key, value.unwrap()).encode())
        });
        assert_eq!(stored, golden.map(str::trim));
    }

    /// Values that no one changes, each field another.
    mod old {
        use super::*;
        use crate::settings::{
            BuybackParameters, DelegationParameters, EmissionParameters, GovernanceParameters,
            RegistrationParameters,
        };
        use pallet_registration::PriceBounds;
        use sp_runtime::Perquintill;

        pub(super) fn window() -> WindowParameters {
            WindowParameters {
                workload: Workload::new(256, 512, 1_024),
                samples: 3,
                walk: None,
                min_gap: 4,
                max_gap: 5,
                open_chance: Perbill::from_parts(6),
                work: 7,
                grace: 8,
                sampling: 9,
                reveal: 10,
                capacity: 11,
                slash_share: Perbill::from_parts(12),
                bounty_share: Perbill::from_parts(13),
            }
        }

        pub(super) fn registration() -> RegistrationParameters {
            let bounds = |floor| PriceBounds {
                floor,
                ceiling: floor + 1,
            };
            RegistrationParameters {
                miner: bounds(1),
                validator: bounds(3),
                bump: FixedU128::from_inner(5),
                half_life: 6,
                slots_per_call: 7,
                term: 8,
                bond: 9,
                cool_down: 10,
            }
        }

        pub(super) fn emission() -> EmissionParameters {
            EmissionParameters {
                base: 1,
                drip: Perquintill::from_parts(2),
                max_round: 3,
                reference_weight: 4,
                stakers_share: Perbill::from_parts(5),
                day: 6,
                retired_below: Perbill::from_parts(7),
            }
        }

        pub(super) fn buyback() -> BuybackParameters {
            BuybackParameters {
                period: 1,
                pace: Perbill::from_parts(2),
                depth_limit: Permill::from_parts(3),
                tolerance: Perbill::from_parts(4),
                sample_clamp: Perbill::from_parts(5),
                averaged_blocks: 6,
            }
        }

        pub(super) fn delegation() -> DelegationParameters {
            DelegationParameters {
                self_stake: 1,
                min_stake: 2,
                validators: 3,
                unbonding: 4,
                max_commission: Perbill::from_parts(5),
                max_commission_rise: Perbill::from_parts(6),
                commission_interval: 7,
                min_slash: Perbill::from_parts(8),
            }
        }

        pub(super) fn governance() -> GovernanceParameters {
            GovernanceParameters { support_floor: 1 }
        }
    }

    /// A set of another layout, a byte short or a byte long, and one that is missing: an
    /// error each, where all of them read as the default.
    #[test]
    fn a_set_that_does_not_decode_is_an_error() {
        for spoil in [
            (|bytes: &mut Vec<u8>| {
                bytes.pop();
            }) as fn(&mut Vec<u8>),
            |bytes| bytes.push(0),
            |bytes| bytes.clear(),
        ] {
            for place in 0..6 {
                let mut chain = Chain::new("development");
                chain.with(|| {
                    let (key, value) = changed()[place].clone().into_parts();
                    let raw = pallet_parameters::Parameters::<Runtime>::hashed_key_for(&key);
                    let mut bytes = value.encode();
                    // Of the option that `into_parts` gives.
                    bytes.remove(0);
                    spoil(&mut bytes);
                    if bytes.is_empty() {
                        sp_io::storage::clear(&raw);
                    } else {
                        sp_io::storage::set(&raw, &bytes);
                    }
                    let error = Error::<Runtime>::Undecodable;
                    let error = TryRuntimeError::Other(error.into());
                    assert_eq!(Settings::do_try_state(), Err(error));
                });
                chain.leave_broken();
            }
        }
    }

    #[test]
    fn an_upgrade_that_leaves_one_says_so() {
        use frame_support::traits::OnRuntimeUpgrade;
        let mut chain = Chain::new("development");
        chain.empty();
        chain.with(|| {
            System::reset_events();
            let said = || {
                System::read_events_no_consensus().any(|record| {
                    record.event == RuntimeEvent::Settings(crate::settings::Event::DefaultsInForce)
                })
            };
            Settings::on_runtime_upgrade();
            assert!(!said());
            let (key, _) = RuntimeParameters::from(stored::emission()).into_parts();
            pallet_parameters::Parameters::<Runtime>::remove(key);
            Settings::on_runtime_upgrade();
            assert!(said());
        });
        chain.leave_broken();
    }
}
