// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chains the node knows by name. Their genesis states are presets of the
//! runtime; this adds what concerns the network and its users' wallets.

use sc_service::{ChainType, GenericChainSpec, Properties};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// A chain's specification.
pub(crate) type ChainSpec = GenericChainSpec;

/// Names the network's older protocols, which are not named by the chain's genesis. Nodes of
/// two chains that have none would speak the SDK's default to each other.
const PROTOCOL_ID: &str = "ni";

/// One author, Alice, for use by one developer.
pub(crate) fn development() -> Result<ChainSpec, String> {
    named(
        "NI Development",
        "ni_dev",
        ChainType::Development,
        DEV_RUNTIME_PRESET,
    )
}

/// Two authors, Alice and Bob.
pub(crate) fn local_testnet() -> Result<ChainSpec, String> {
    named(
        "NI Local Testnet",
        "ni_local_testnet",
        ChainType::Local,
        LOCAL_TESTNET_RUNTIME_PRESET,
    )
}

fn named(name: &str, id: &str, kind: ChainType, preset: &str) -> Result<ChainSpec, String> {
    let code = ni_runtime::WASM_BINARY.ok_or(
        "this node was built without the runtime's wasm (SKIP_WASM_BUILD): it can only run a \
         chain given by --chain <file>",
    )?;
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "NI".into());
    properties.insert("tokenDecimals".into(), ni_runtime::NI.ilog10().into());
    properties.insert("ss58Format".into(), ni_runtime::SS58_PREFIX.into());
    Ok(ChainSpec::builder(code, None)
        .with_name(name)
        .with_id(id)
        .with_chain_type(kind)
        .with_protocol_id(PROTOCOL_ID)
        .with_genesis_config_preset_name(preset)
        .with_properties(properties)
        .build())
}
