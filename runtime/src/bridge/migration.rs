// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! From the bridge's stored state of one version to that of the next.

use super::{Assets, Bridged, Config, Pallet};
use crate::{Balance, BlockNumber};
use codec::{Decode, Encode};
use core::marker::PhantomData;
use frame_support::{
    migrations::VersionedMigration,
    traits::{Get, UncheckedOnRuntimeUpgrade},
    weights::Weight,
};

/// From version 1 to 2, once.
pub type V1ToV2<T> =
    VersionedMigration<1, 2, ToV2<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// What version 1 kept of an asset.
#[derive(Clone, Decode, Encode)]
pub struct BridgedV1 {
    limit: Balance,
    day: BlockNumber,
    today: Balance,
    nonce: u64,
    minted: Balance,
    redeemed: Balance,
}

impl From<BridgedV1> for Bridged {
    fn from(before: BridgedV1) -> Self {
        Self {
            limit: before.limit,
            day: before.day,
            today: before.today,
            nonce: before.nonce,
            minted: before.minted,
            redeemed: before.redeemed,
            // Those before were not counted.
            redemptions: 0,
            highest: before.limit,
            raised: 0,
        }
    }
}

/// Limits are the highest there ever were, and redemptions are numbered from now on.
pub struct ToV2<T>(PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for ToV2<T> {
    fn on_runtime_upgrade() -> Weight {
        let mut count = 0u64;
        Assets::<T>::translate_values::<BridgedV1, _>(|before| {
            count = count.saturating_add(1);
            Some(before.into())
        });
        T::DbWeight::get().reads_writes(count, count)
    }
}
