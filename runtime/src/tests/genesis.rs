// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use super::chain::{Chain, genesis_json, sum_of_balances};
use crate::{
    AccountId, AssetConversion, Assets, Babe, Balances, Buyback, Delegation, EXISTENTIAL_DEPOSIT,
    Emission, Grandpa, RuntimeGenesisConfig, RuntimeOrigin, Session, Supply,
    configs::{
        economy::CAP,
        market::{AssetKind, TAO, USD},
    },
    presets,
};
use frame_support::{
    assert_noop, assert_ok,
    genesis_builder_helper::{build_state, get_preset},
    traits::fungibles::Inspect as _,
};
use sp_consensus_babe::AllowedSlots;
use sp_genesis_builder::PresetId;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::TokenError;

#[test]
fn every_preset_builds() {
    for name in presets::names() {
        assert!(get_preset::<RuntimeGenesisConfig>(&Some(name.clone()), presets::get).is_some());
        let mut chain = Chain::new(name.as_ref());
        chain.empty();
        chain.empty();
    }
}

#[test]
fn an_unknown_preset_is_none() {
    assert!(
        get_preset::<RuntimeGenesisConfig>(&Some(PresetId::from("no")), presets::get).is_none()
    );
}

#[test]
fn an_unknown_field_is_refused() {
    let mut config: serde_json::Value =
        serde_json::from_slice(&genesis_json("development")).unwrap();
    let build = |config: &serde_json::Value| {
        TestExternalities::default().execute_with(|| {
            build_state::<RuntimeGenesisConfig>(serde_json::to_vec(config).unwrap())
        })
    };
    assert_eq!(build(&config), Ok(()));
    config["settings"]["slotduration"] = 1.into();
    assert!(build(&config).is_err());
}

#[test]
fn the_development_chain_is_authored_by_one_each_second() {
    Chain::new("development").with(|| {
        assert_eq!(Session::validators().len(), 1);
        assert_eq!(Babe::authorities().len(), 1);
        assert_eq!(Grandpa::grandpa_authorities().len(), 1);
        assert_eq!(Babe::slot_duration(), 1_000);
        assert_eq!(
            Babe::epoch_config().unwrap().allowed_slots,
            AllowedSlots::PrimaryAndSecondaryVRFSlots
        );
    });
}

#[test]
fn the_local_testnet_is_authored_by_two_with_production_slots() {
    Chain::new("local_testnet").with(|| {
        assert_eq!(Session::validators().len(), 2);
        assert_eq!(Babe::authorities().len(), 2);
        assert_eq!(Grandpa::grandpa_authorities().len(), 2);
        assert_eq!(Babe::slot_duration(), 6_000);
    });
}

#[test]
fn what_exists_at_genesis_is_recorded_as_minted() {
    for name in presets::names() {
        Chain::new(name.as_ref()).with(|| {
            assert_eq!(Supply::minted(), Balances::total_issuance());
            assert_eq!(sum_of_balances(), Balances::total_issuance());
            assert!(Supply::minted() < CAP);
            assert_eq!(Supply::pool(), 0);
        });
    }
}

/// An account of TAO or dollars alone costs no less to keep than one of NI, at the pools'
/// prices, so nobody fills the state for fees alone.
#[test]
fn no_account_is_cheaper_than_one_of_ni() {
    for name in presets::names() {
        let mut chain = Chain::new(name.as_ref());
        chain.empty();
        chain.with(|| {
            for (asset, nobody) in [(TAO, [7; 32]), (USD, [8; 32])] {
                let least = Assets::minimum_balance(asset);
                let kind = AssetKind::WithId(asset);
                let (held, native) =
                    AssetConversion::get_reserves(kind, AssetKind::Native).unwrap();
                assert!(least * native / held >= EXISTENTIAL_DEPOSIT);
                let send = |amount| {
                    Assets::transfer(
                        RuntimeOrigin::signed(Sr25519Keyring::Ferdie.to_account_id()),
                        asset,
                        AccountId::from(nobody).into(),
                        amount,
                    )
                };
                assert_noop!(send(least - 1), TokenError::BelowMinimum);
                // Who bridges has no NI yet.
                assert_ok!(send(least));
                assert_eq!(Balances::free_balance(AccountId::from(nobody)), 0);
            }
        });
    }
}

#[test]
fn every_pot_can_be_paid_into() {
    for name in presets::names() {
        Chain::new(name.as_ref()).with(|| {
            for pot in [Buyback::account(), Delegation::pot(), Emission::pot()] {
                assert_eq!(Balances::free_balance(pot), EXISTENTIAL_DEPOSIT);
            }
        });
    }
}
