// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The genesis: the development preset's accounts and pools, the production chain's
//! hyperparameters and tier table, and what the compression changes of them.

use crate::{Pace, Who, in_ni};
use frame_support::traits::Get;
use ni_runtime::{
    AccountId, Balance, NI, Parameters, Runtime, TAO_UNIT, USD_UNIT,
    configs::market::{TAO, USD},
    settings::{
        BuybackParameters, DelegationParameters, EmissionParameters, EpochDuration, Origin,
        RegistrationParameters, RuntimeParameters, WindowParameters, defaults, tiers,
    },
};
use pallet_emission::{ByTier, LowestFloor, TierState, Tiers};
use sp_keyring::Sr25519Keyring;
use sp_runtime::Perbill;
use tokenomics_primitives::availability::Availability;

/// Brings revenue in, in the development preset.
pub(crate) const GATEWAY: Sr25519Keyring = Sr25519Keyring::One;
/// Owns the one validator.
pub(crate) const VALIDATOR_OWNER: Sr25519Keyring = Sr25519Keyring::AliceStash;
/// The one validator.
pub(crate) const VALIDATOR: Sr25519Keyring = Sr25519Keyring::Alice;

/// NI at genesis, besides the preset's.
const ENDOWED: [(Who, Balance); 6] = [
    (Who::Miners, 100_000),
    (Who::Maker, 300_000),
    (Who::Provider, 320_000),
    (Who::Whale, 200_000),
    (Who::Sybil, 60_000),
    (Who::Cartel, 60_000),
];

/// Windows a day in production, on average: the gap is at least the shortest, and each
/// block after it ends it with a chance until the longest does.
fn windows_a_day() -> f64 {
    let window = defaults::window();
    let chance = f64::from(window.open_chance.deconstruct()) / 1e9;
    let late = f64::from(window.max_gap - window.min_gap);
    let gap = f64::from(window.min_gap) + (1.0 - (1.0 - chance).powf(late)) / chance;
    let phases = window.work + window.grace + window.sampling + window.reveal;
    f64::from(defaults::DAY) / (gap + f64::from(phases))
}

/// NI a day that the bond of a GPU backs in production: what a lie costs, less its
/// reporter's part, divided by the samples, in every window.
pub(crate) fn backed_a_day() -> f64 {
    let window = defaults::window();
    let part = |share: Perbill| f64::from(share.deconstruct()) / 1e9;
    let lost = part(window.slash_share) * (1.0 - part(window.bounty_share));
    in_ni(defaults::registration().bond) * lost / f64::from(window.samples) * windows_a_day()
}

/// A bond that backs as much in a round, with one sample, all of it at stake.
fn bond(pace: Pace) -> Balance {
    crate::from_ni(backed_a_day() * f64::from(pace.days))
}

/// What is merged into the preset.
pub(crate) fn genesis() -> serde_json::Value {
    let balances: Vec<(AccountId, Balance)> = ENDOWED
        .map(|(who, amount)| (who.account(), amount * NI))
        .to_vec();
    // Other assets than NI are not what this is about: there is enough of them.
    let assets: Vec<_> = [
        Who::Maker.account(),
        Who::Provider.account(),
        Who::Whale.account(),
        GATEWAY.to_account_id(),
    ]
    .into_iter()
    .flat_map(|who| {
        [
            (TAO, who.clone(), 100_000_000 * TAO_UNIT),
            (USD, who, 10_000_000_000 * USD_UNIT),
        ]
    })
    .collect();
    serde_json::json!({
        "balances": { "balances": balances },
        "assets": { "accounts": assets },
        "settings": {
            "slotDuration": defaults::SLOT_DURATION,
            "epochDuration": defaults::EPOCH_DURATION,
            "periods": defaults::Periods::get(),
            "window": defaults::window(),
            "registration": defaults::registration(),
            "emission": defaults::emission(),
            "buyback": defaults::buyback(),
            "delegation": defaults::delegation(),
            "governance": defaults::governance(),
        },
    })
}

/// Puts the shipped tier table in the place of the preset's.
pub(crate) fn put_tiers() {
    let states = tiers::table().into_iter().map(|tier| TierState {
        tier,
        availability: Availability::at_target(tier.target),
    });
    let states: Vec<_> = states.collect();
    let lowest = states
        .first()
        .map_or(u64::MAX, |state| state.tier.floor.mops);
    LowestFloor::<Runtime>::put(lowest);
    Tiers::<Runtime>::put(ByTier::truncate_from(states));
}

/// Puts in place what the compression of time changes. Some of it is beyond what a
/// referendum may set, as no chain has windows days apart.
pub(crate) fn compress(pace: Pace, base: Balance) {
    let round = pace.round();
    // A session a round.
    EpochDuration::<Runtime>::put(u64::from(round));
    let registration = RegistrationParameters {
        bond: bond(pace),
        // Longer than a window and the gap before it.
        cool_down: round,
        ..defaults::registration()
    };
    let emission = EmissionParameters {
        base,
        max_round: round,
        day: round,
        ..defaults::emission()
    };
    let buyback = BuybackParameters {
        // An executed block is an hour of production's: a slice in each, and an
        // average that follows by as much an hour.
        period: 1,
        averaged_blocks: 1,
        ..defaults::buyback()
    };
    let delegation = DelegationParameters {
        unbonding: 184 * round,
        ..defaults::delegation()
    };
    let all: [RuntimeParameters; 5] = [
        window(pace).into(),
        registration.into(),
        emission.into(),
        buyback.into(),
        delegation.into(),
    ];
    for parameters in all {
        let put = Parameters::set_parameter(Origin::Checked.into(), parameters);
        assert!(put.is_ok(), "hyperparameters can be written: {put:?}");
    }
}

/// A window that takes three of a round's executed blocks, one round after the other.
fn window(pace: Pace) -> WindowParameters {
    let gap = pace.round() - 3 * pace.part();
    WindowParameters {
        samples: 1,
        slash_share: Perbill::one(),
        bounty_share: Perbill::zero(),
        min_gap: gap,
        max_gap: gap,
        ..defaults::window()
    }
}
