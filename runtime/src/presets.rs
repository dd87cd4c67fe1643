// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The genesis states of the chains a node knows by name.
//!
//! Both are made for GPUs that are no GPUs: small rounds, short gaps, and a tier
//! table that begins at one GOPS. What a genesis does not name is the production
//! chain's ([`crate::settings::defaults`]).

use crate::{
    AccountId, BabeConfig, Balance, BalancesConfig, BlockNumber, EmissionConfig, NI,
    RuntimeGenesisConfig, SessionConfig, SessionKeys, SettingsConfig,
    configs::consensus::GENESIS_EPOCH,
    settings::{
        EmissionParameters, RegistrationParameters, WindowParameters,
        defaults::{self, DAY},
    },
};
use alloc::{vec, vec::Vec};
use frame_support::{build_struct_json_patch, traits::Get};
use pallet_emission::{Floor, Tier};
use pallet_registration::PriceBounds;
use proof_of_gpu_primitives::Workload;
use serde_json::Value;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PresetId};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{FixedU128, Perbill};

/// What each well-known account holds at genesis.
const ENDOWMENT: Balance = 100_000 * NI;

/// A slot's length in the development chain, in ms.
const DEVELOPMENT_SLOT: u64 = 1_000;

/// The presets there are.
pub fn names() -> Vec<PresetId> {
    vec![
        PresetId::from(DEV_RUNTIME_PRESET),
        PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET),
    ]
}

/// A preset by name, as the JSON that is merged into the default genesis.
pub fn get(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEV_RUNTIME_PRESET => development(),
        LOCAL_TESTNET_RUNTIME_PRESET => local_testnet(),
        _ => return None,
    };
    serde_json::to_vec(&patch).ok()
}

/// One author and slots of a second: a window closes about every 27 s. With one
/// author the randomness is no surprise to it.
fn development() -> Value {
    genesis(
        &[(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
        DEVELOPMENT_SLOT,
    )
}

/// Two authors and the production chain's slots.
fn local_testnet() -> Value {
    genesis(
        &[
            (Sr25519Keyring::Alice, Ed25519Keyring::Alice),
            (Sr25519Keyring::Bob, Ed25519Keyring::Bob),
        ],
        defaults::SLOT_DURATION,
    )
}

fn genesis(validators: &[(Sr25519Keyring, Ed25519Keyring)], slot_duration: u64) -> Value {
    let balances: Vec<(AccountId, Balance)> = Sr25519Keyring::iter()
        .map(|account| (account.to_account_id(), ENDOWMENT))
        .collect();
    let keys: Vec<(AccountId, AccountId, SessionKeys)> = validators
        .iter()
        .map(|(babe, grandpa)| {
            let account = babe.to_account_id();
            let keys = SessionKeys {
                babe: babe.public().into(),
                grandpa: grandpa.public().into(),
            };
            (account.clone(), account, keys)
        })
        .collect();
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances },
        babe: BabeConfig {
            epoch_config: GENESIS_EPOCH
        },
        session: SessionConfig { keys },
        emission: EmissionConfig { tiers: tiers() },
        settings: SettingsConfig {
            slot_duration,
            window: window(),
            registration: registration(),
            emission: emission(),
        },
    })
}

/// Windows of 23 blocks, two to five apart.
fn window() -> WindowParameters {
    WindowParameters {
        workload: Workload::new(256, 256, 256),
        samples: 8,
        min_gap: 2,
        max_gap: 5,
        open_chance: Perbill::from_percent(30),
        work: 6,
        grace: 3,
        sampling: 8,
        reveal: 5,
        capacity: 64,
        ..defaults::Window::get()
    }
}

/// Places for about one NI, with a bond that backs what a lone miner earns.
fn registration() -> RegistrationParameters {
    const HALF_LIFE: BlockNumber = 600;
    RegistrationParameters {
        miner: PriceBounds {
            floor: NI,
            ceiling: 1_000 * NI,
        },
        validator: PriceBounds {
            floor: 10 * NI,
            ceiling: 1_000 * NI,
        },
        half_life: HALF_LIFE,
        bond: 1_000 * NI,
        cool_down: 60,
        ..defaults::Registration::get()
    }
}

/// One NI a block, all of it earned at two GOPS.
fn emission() -> EmissionParameters {
    EmissionParameters {
        base: NI,
        max_round: DAY / 24,
        reference_weight: 2_000_000_000,
        ..defaults::Emission::get()
    }
}

/// What a software GPU reaches, in three rows.
fn tiers() -> Vec<Tier> {
    [(1, 100, 3), (4, 120, 2), (16, 150, 1)]
        .into_iter()
        .map(|(gops, percent, per_mille)| Tier {
            floor: Floor { gops, gib: 0 },
            multiplier: FixedU128::from_rational(percent, 100),
            decay: Perbill::from_parts(per_mille * 1_000_000),
            introduced_at: 0,
            target: 4 * u128::from(gops),
        })
        .collect()
}
