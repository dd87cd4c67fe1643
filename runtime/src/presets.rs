// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The genesis states of the chains a node knows by name.
//!
//! Both are made for GPUs that are no GPUs: small rounds, short gaps, and a tier
//! table that begins at a thousand MOPS. What a genesis does not name is the production
//! chain's ([`crate::settings::defaults`]).

use crate::{
    AccountId, AssetConversionConfig, AssetsConfig, BabeConfig, Balance, BalancesConfig,
    BlockNumber, BridgeConfig, Buyback, BuybackConfig, DelegationConfig, EXISTENTIAL_DEPOSIT,
    EmissionConfig, NI, RegistrationConfig, RuntimeGenesisConfig, SessionConfig, SessionKeys,
    SettingsConfig, TAO_UNIT, USD_UNIT,
    configs::{
        consensus::GENESIS_EPOCH,
        market::{AssetKind, TAO, USD, bridge_account},
    },
    settings::{
        BuybackParameters, DelegationParameters, EmissionParameters, GovernanceParameters,
        ReferendumPeriods, RegistrationParameters, WindowParameters,
        defaults::{self, DAY},
    },
};
use alloc::{vec, vec::Vec};
use frame_support::build_struct_json_patch;
use pallet_buyback::AssetTerms;
use pallet_emission::{Floor, Tier};
use pallet_proof_of_gpu::WalkRules;
use pallet_registration::PriceBounds;
use proof_of_gpu_primitives::Workload;
use serde_json::Value;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PresetId};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{FixedU128, Perbill};

/// What each well-known account holds at genesis.
const ENDOWMENT: Balance = 100_000 * NI;
/// And of TAO.
const TAO_ENDOWMENT: Balance = 10_000 * TAO_UNIT;
/// And of the stablecoin.
const USD_ENDOWMENT: Balance = 100_000 * USD_UNIT;

/// The least of TAO that an account holds: a cent's worth, five times that of NI, so that
/// no account is cheaper than one of NI, and none is made for a fee alone.
const TAO_LEAST: Balance = TAO_UNIT / 10_000;
/// And of the stablecoin: a cent.
const USD_LEAST: Balance = USD_UNIT / 100;

/// What a pool holds of NI: twenty thousand dollars' worth, at two dollars an NI and
/// a hundred a TAO.
const POOL: Balance = 10_000 * NI;
/// For how much TAO.
const POOL_TAO: Balance = 200 * TAO_UNIT;
/// For how many dollars.
const POOL_USD: Balance = 20_000 * USD_UNIT;

/// What a validator has staked at genesis.
const SELF_STAKE: Balance = 1_000 * TAO_UNIT;

/// A slot's length in the development chain, in ms.
const DEVELOPMENT_SLOT: u64 = 1_000;
/// Slots of an epoch, and so of a session: stake becomes active within a minute.
const EPOCH: u64 = 30;

/// Mints, and brings revenue.
const OPERATOR: Sr25519Keyring = Sr25519Keyring::One;
/// Owns what the pools hold at genesis.
const PROVIDER: Sr25519Keyring = Sr25519Keyring::Two;

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

/// One author and slots of a second: a window closes about every 28 s. With one
/// author the randomness is no surprise to it.
fn development() -> Value {
    genesis(&[Validator::ALICE], DEVELOPMENT_SLOT)
}

/// Two authors and the production chain's slots.
fn local_testnet() -> Value {
    genesis(&[Validator::ALICE, Validator::BOB], defaults::SLOT_DURATION)
}

/// A well-known validator.
struct Validator {
    hotkey: Sr25519Keyring,
    grandpa: Ed25519Keyring,
    owner: Sr25519Keyring,
}

impl Validator {
    const ALICE: Self = Self {
        hotkey: Sr25519Keyring::Alice,
        grandpa: Ed25519Keyring::Alice,
        owner: Sr25519Keyring::AliceStash,
    };
    const BOB: Self = Self {
        hotkey: Sr25519Keyring::Bob,
        grandpa: Ed25519Keyring::Bob,
        owner: Sr25519Keyring::BobStash,
    };

    fn session_keys(&self) -> (AccountId, AccountId, SessionKeys) {
        let account = self.hotkey.to_account_id();
        let keys = SessionKeys {
            babe: self.hotkey.public().into(),
            grandpa: self.grandpa.public().into(),
        };
        (account.clone(), account, keys)
    }

    fn registration(&self) -> (AccountId, AccountId) {
        (self.hotkey.to_account_id(), self.owner.to_account_id())
    }

    fn candidate(&self) -> (AccountId, AccountId, Balance, Perbill) {
        let (hotkey, owner) = self.registration();
        (hotkey, owner, SELF_STAKE, Perbill::from_percent(10))
    }
}

fn genesis(validators: &[Validator], slot_duration: u64) -> Value {
    let accounts = || Sr25519Keyring::iter().map(|account| account.to_account_id());
    let balances: Vec<(AccountId, Balance)> = accounts()
        .map(|account| (account, ENDOWMENT))
        .chain([(Buyback::account(), EXISTENTIAL_DEPOSIT)])
        .collect();
    let endowed: Vec<_> = accounts()
        .flat_map(|account| {
            [
                (TAO, account.clone(), TAO_ENDOWMENT),
                (USD, account, USD_ENDOWMENT),
            ]
        })
        .collect();
    let (native, tao, usd) = (
        AssetKind::Native,
        AssetKind::WithId(TAO),
        AssetKind::WithId(USD),
    );
    let provider = PROVIDER.to_account_id();
    let pools = vec![
        (
            native.clone(),
            tao.clone(),
            provider.clone(),
            POOL,
            POOL_TAO,
        ),
        (native, usd.clone(), provider, POOL, POOL_USD),
    ];
    build_struct_json_patch!(RuntimeGenesisConfig {
        balances: BalancesConfig { balances },
        babe: BabeConfig {
            epoch_config: GENESIS_EPOCH
        },
        session: SessionConfig {
            keys: validators.iter().map(Validator::session_keys).collect(),
        },
        assets: AssetsConfig {
            // An account that holds one of them and no NI is one: who bridges has none yet.
            assets: [(TAO, TAO_LEAST), (USD, USD_LEAST)]
                .map(|(asset, least)| (asset, bridge_account(), true, least))
                .to_vec(),
            metadata: vec![
                (TAO, b"TAO".to_vec(), b"TAO".to_vec(), 9),
                (USD, b"US dollar".to_vec(), b"USD".to_vec(), 6),
            ],
            accounts: endowed,
        },
        asset_conversion: AssetConversionConfig { pools },
        bridge: BridgeConfig {
            operator: Some(OPERATOR.to_account_id()),
            gateway: Some(OPERATOR.to_account_id()),
            limits: vec![(TAO, TAO_ENDOWMENT), (USD, USD_ENDOWMENT)],
        },
        registration: RegistrationConfig {
            validators: validators.iter().map(Validator::registration).collect(),
        },
        emission: EmissionConfig { tiers: tiers() },
        buyback: BuybackConfig {
            assets: vec![
                (
                    tao,
                    AssetTerms {
                        reference_price: FixedU128::from_rational(POOL, POOL_TAO),
                        min_reserve: POOL_TAO / 10,
                        min_slice: TAO_UNIT / 100,
                    },
                ),
                (
                    usd,
                    AssetTerms {
                        reference_price: FixedU128::from_rational(POOL, POOL_USD),
                        min_reserve: POOL_USD / 10,
                        min_slice: USD_UNIT,
                    },
                ),
            ],
        },
        delegation: DelegationConfig {
            candidates: validators.iter().map(Validator::candidate).collect(),
        },
        settings: SettingsConfig {
            slot_duration,
            epoch_duration: EPOCH,
            periods: periods(),
            window: window(),
            registration: registration(),
            emission: emission(),
            buyback: buyback(),
            delegation: delegation(),
            governance: governance(),
        },
    })
}

/// A referendum is decided and enacted within a minute of seconds.
fn periods() -> ReferendumPeriods {
    ReferendumPeriods {
        prepare: 2,
        decision: 40,
        confirm: 3,
        enactment: 3,
    }
}

/// A slice every ten blocks, of half of what waits.
fn buyback() -> BuybackParameters {
    BuybackParameters {
        period: 10,
        pace: Perbill::from_percent(50),
        averaged_blocks: 20,
        sample_clamp: Perbill::from_percent(5),
        ..defaults::buyback()
    }
}

/// A self-stake that each well-known account can afford.
fn delegation() -> DelegationParameters {
    DelegationParameters {
        self_stake: 100 * TAO_UNIT,
        unbonding: DAY,
        commission_interval: 10,
        ..defaults::delegation()
    }
}

/// A hundred TAO decide.
fn governance() -> GovernanceParameters {
    GovernanceParameters {
        support_floor: 100 * TAO_UNIT,
    }
}

/// A walk that takes a software GPU a part of a second: at most 512 pages of 16 KiB.
const WALK: WalkRules = WalkRules {
    page_bits: 7,
    rounds: 64,
    lanes: 256,
    hops: 8,
    passes: 4,
    samples: 4,
};

/// Windows of 24 blocks, two to five apart, that ask for both proofs.
fn window() -> WindowParameters {
    WindowParameters {
        workload: Workload::new(256, 256, 256),
        samples: 8,
        walk: Some(WALK),
        min_gap: 2,
        max_gap: 5,
        open_chance: Perbill::from_percent(30),
        work: 8,
        grace: 2,
        sampling: 8,
        reveal: 5,
        capacity: 64,
        ..defaults::window()
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
        ..defaults::registration()
    }
}

/// One NI a block, all of it earned at two thousand MOPS.
fn emission() -> EmissionParameters {
    EmissionParameters {
        base: NI,
        max_round: DAY / 24,
        reference_weight: 2_000_000_000,
        ..defaults::emission()
    }
}

/// What a software GPU reaches, in three rows that differ by fading and availability.
fn tiers() -> Vec<Tier> {
    [(1_000, 3), (4_000, 2), (16_000, 1)]
        .into_iter()
        .map(|(mops, per_mille)| Tier {
            floor: Floor {
                mops,
                gib: 0,
                gbps: 0,
            },
            multiplier: FixedU128::from_u32(1),
            mops_per_gbps: 0,
            decay: Perbill::from_parts(per_mille * 1_000_000),
            introduced_at: 0,
            target: 4 * u128::from(mops),
        })
        .collect()
}
