// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Counting.

use frame_support::{
    storage::transactional::TRANSACTION_LEVEL_KEY,
    traits::{StorageInfoTrait, WhitelistedStorageKeys},
};
use ni_runtime::AllPalletsWithSystem;
use sp_externalities::with_externalities;
use sp_storage::{TrackedStorageKey, well_known_keys};
use std::collections::BTreeMap;

/// What was read and written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Distinct keys read.
    pub reads: u32,
    /// Distinct keys written.
    pub writes: u32,
    /// By storage item: keys read and keys written.
    pub items: BTreeMap<String, (u32, u32)>,
}

/// Leaves the keys out that every block has at hand.
pub(crate) fn leave_out_what_is_at_hand() {
    let mut keys = AllPalletsWithSystem::whitelisted_storage_keys();
    // These two never leave memory.
    for key in [TRANSACTION_LEVEL_KEY, well_known_keys::EXTRINSIC_INDEX] {
        keys.push(TrackedStorageKey::new(key.to_vec()));
    }
    with_externalities(|state| state.set_whitelist(keys));
}

/// Does `f` and counts what it reads and writes.
///
/// # Panics
///
/// Outside of a state.
pub fn counted<R>(f: impl FnOnce() -> R) -> (R, Counts) {
    with_externalities(|state| state.reset_read_write_count()).expect("there is a state");
    let done = f();
    let touched =
        with_externalities(|state| state.get_read_and_written_keys()).expect("there is a state");
    let names = names();
    let mut counts = Counts::default();
    for (key, reads, writes, _) in touched {
        counts.reads += reads;
        counts.writes += writes;
        let name = key
            .get(..PREFIX)
            .and_then(|prefix| names.get(prefix))
            .cloned()
            .unwrap_or_else(|| String::from_utf8_lossy(&key).into_owned());
        let item = counts.items.entry(name).or_default();
        item.0 += reads;
        item.1 += writes;
    }
    (done, counts)
}

/// Bytes of a storage item's prefix: the hashes of its pallet's name and of its own.
const PREFIX: usize = 32;

/// The names of storage items by their prefixes.
fn names() -> BTreeMap<Vec<u8>, String> {
    AllPalletsWithSystem::storage_info()
        .into_iter()
        .map(|item| {
            let name = format!(
                "{}::{}",
                String::from_utf8_lossy(&item.pallet_name),
                String::from_utf8_lossy(&item.storage_name)
            );
            (item.prefix, name)
        })
        .collect()
}
