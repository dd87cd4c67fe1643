// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The benchmarks this runtime offers: the project's own pallets. The SDK's have
//! been measured by the SDK.

use crate::{
    AllPalletsWithSystem, Bridge, Buyback, Delegation, Emission, Governance, ProofOfGpu,
    Registration, Settings, Supply,
};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};

frame_benchmarking::define_benchmarks!(
    [pallet_supply, Supply]
    [pallet_registration, Registration]
    [pallet_proof_of_gpu, ProofOfGpu]
    [pallet_emission, Emission]
    [pallet_buyback, Buyback]
    [pallet_delegation, Delegation]
    [pallet_governance, Governance]
    [settings, Settings]
    [bridge, Bridge]
);

/// What can be measured, and the storage it touches.
pub(crate) fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs the benchmarks asked for.
pub(crate) fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
