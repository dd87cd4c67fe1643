// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use super::chain::{Chain, genesis_json, sum_of_balances};
use crate::{
    Babe, Balances, Grandpa, RuntimeGenesisConfig, Session, Supply, configs::economy::CAP, presets,
};
use frame_support::genesis_builder_helper::{build_state, get_preset};
use sp_consensus_babe::AllowedSlots;
use sp_genesis_builder::PresetId;
use sp_io::TestExternalities;

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
