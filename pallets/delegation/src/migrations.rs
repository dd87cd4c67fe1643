// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! From one version of what is stored to the next. A runtime lists those it needs in
//! `frame_system::Config::SingleBlockMigrations`, in their order.

use crate::{Balance, Config, CurrentState, Pallet, State};
use codec::{Decode, Encode};
use core::marker::PhantomData;
use frame_support::{
    migrations::VersionedMigration,
    traits::{Get, UncheckedOnRuntimeUpgrade},
    weights::Weight,
};
use sp_staking::SessionIndex;

#[cfg(feature = "try-runtime")]
use alloc::vec::Vec;
#[cfg(feature = "try-runtime")]
use sp_runtime::TryRuntimeError;

/// Version 3: a round goes on over sessions, and remembers in which it began.
pub type V2ToV3<T> = VersionedMigration<
    2,
    3,
    RoundsOverSessions<T>,
    Pallet<T>,
    <T as frame_system::Config>::DbWeight,
>;

/// [`State`] in version 2, where each session began a round.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, PartialEq)]
pub struct StateV2 {
    /// The running session.
    pub session: SessionIndex,
    /// The running round.
    pub round: u32,
    /// The points made in it.
    pub points: u128,
    /// What could not be shared yet.
    pub carried: Balance,
}

/// The running round began in the running session, as every round did. What was pending
/// becomes active with the first round of the next.
pub struct RoundsOverSessions<T>(PhantomData<T>);

impl<T: Config> UncheckedOnRuntimeUpgrade for RoundsOverSessions<T> {
    fn on_runtime_upgrade() -> Weight {
        let translated = CurrentState::<T>::translate::<StateV2, _>(|before| {
            before.map(|before| State {
                session: before.session,
                round: before.round,
                began: before.session,
                points: before.points,
                carried: before.carried,
            })
        });
        frame_support::defensive_assert!(translated.is_ok(), "version 2 decodes");
        T::DbWeight::get().reads_writes(1, 1)
    }

    #[cfg(feature = "try-runtime")]
    fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
        let key = CurrentState::<T>::hashed_key();
        Ok(frame_support::storage::unhashed::get_raw(&key).unwrap_or_default())
    }

    #[cfg(feature = "try-runtime")]
    fn post_upgrade(before: Vec<u8>) -> Result<(), TryRuntimeError> {
        let after = Pallet::<T>::state();
        let before = if before.is_empty() {
            StateV2::default()
        } else {
            StateV2::decode(&mut &before[..]).map_err(|_| "the state was not of version 2")?
        };
        frame_support::ensure!(
            before.session == after.session
                && before.round == after.round
                && before.points == after.points
                && before.carried == after.carried
                && after.began == after.session,
            "the state is not what it was"
        );
        Pallet::<T>::do_try_state()
    }
}
