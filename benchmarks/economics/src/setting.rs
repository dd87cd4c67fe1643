// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The genesis: the development preset's accounts and pools, the production chain's
//! hyperparameters, and what the compression changes of them.

use crate::{Pace, Who};
use ni_runtime::{
    AccountId, Balance, NI, TAO_UNIT, USD_UNIT,
    configs::market::{TAO, USD},
    settings::{
        BuybackParameters, DelegationParameters, EmissionParameters, RegistrationParameters,
        WindowParameters, defaults,
    },
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::Perbill;

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

/// A window is verified at once, at the terms under which 48 windows a day would have
/// been: a bond of 50 NI backs (50 · 50% · 90%) / 16 NI of pay a window, that is 67.5 NI a
/// day; so does one of 67.5 NI with nothing divided and everything at stake.
fn bond(pace: Pace) -> Balance {
    67_500_000_000 * Balance::from(pace.days)
}

/// What is merged into the preset.
pub(crate) fn genesis(pace: Pace, base: Balance) -> serde_json::Value {
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
    let round = pace.round();
    serde_json::json!({
        "balances": { "balances": balances },
        "assets": { "accounts": assets },
        "settings": {
            "slotDuration": defaults::SLOT_DURATION,
            // A session a round.
            "epochDuration": round,
            "window": window(pace),
            "registration": RegistrationParameters {
                bond: bond(pace),
                // Longer than a window and the gap before it.
                cool_down: round,
                ..defaults::registration()
            },
            "emission": EmissionParameters {
                base,
                max_round: round,
                day: round,
                ..defaults::emission()
            },
            "buyback": BuybackParameters {
                // An executed block is an hour of production's: a slice in each, and an
                // average that follows by as much an hour.
                period: 1,
                averaged_blocks: 1,
                ..defaults::buyback()
            },
            "delegation": DelegationParameters {
                unbonding: 184 * round,
                ..defaults::delegation()
            },
        },
    })
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
