// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! New code waits for the window that is going on.
//!
//! A transaction is signed for one version of the runtime. Code that changed inside a
//! reveal phase would make every reveal that was signed before it invalid, and every called
//! GPU whose worker did not sign again in time would be slashed. The call that sets
//! authorised code is open to anybody, who could choose that block.
//!
//! So [`BetweenWindows`] keeps code that is set inside a window, and the block that closes
//! the window sets it. The call succeeds, and a scheduled one is not lost. To refuse it
//! would be worse: it is feeless and comes before all else, so it could be sent again in
//! every block, and its megabytes would take the place of reveals.
//!
//! No window keeps code for ever. One that does not close in time, for want of VRF outputs
//! or by a defect, keeps it for [`PATIENCE_BLOCKS`] more; one that is meant to take longer
//! than [`LONGEST_BLOCKS`], for so many. Whatever is wrong with a chain can be mended by an
//! upgrade.

use alloc::vec::Vec;
use core::marker::PhantomData;

use frame_support::{BoundedVec, dispatch::DispatchResult, traits::Get, weights::Weight};
use frame_system::{SetCode, WeightInfo as _, pallet_prelude::BlockNumberFor};
use sp_runtime::{
    DispatchError,
    traits::{CheckedAdd, Hash as _},
};

use crate::{Config, CurrentWindow, Event, Pallet, WaitingCode, Window};

/// Blocks past the one that should have closed a window in which code still waits for it.
pub const PATIENCE_BLOCKS: u32 = 100;

/// Blocks past its opening in which code waits for a window, however long that is meant to
/// take: a day with slots of 6 s.
pub const LONGEST_BLOCKS: u32 = 14_400;

/// Longest code that waits, in bytes.
pub const MAX_CODE_BYTES: u32 = 5 * 1024 * 1024;

/// Sets code as [`Config::SetCode`] does, but not inside a window: what
/// `frame_system::Config::OnSetCode` should be. See the [module's documentation](self).
pub struct BetweenWindows<T>(PhantomData<T>);

impl<T: Config> SetCode<T> for BetweenWindows<T> {
    fn set_code(code: Vec<u8>) -> DispatchResult {
        let now = frame_system::Pallet::<T>::block_number();
        let Some(window) =
            CurrentWindow::<T>::get().filter(|window| Pallet::<T>::keeps_code(window, now))
        else {
            return T::SetCode::set_code(code);
        };
        let hash = T::Hashing::hash(&code);
        let code: BoundedVec<_, _> = code.try_into().map_err(|_| DispatchError::Exhausted)?;
        WaitingCode::<T>::put(code);
        Pallet::<T>::deposit_event(Event::CodeWaits {
            code: hash,
            window: window.id,
        });
        Ok(())
    }
}

impl<T: Config> Pallet<T> {
    /// Whether code that is set in block `now` waits for this window.
    pub(crate) fn keeps_code(window: &Window<BlockNumberFor<T>>, now: BlockNumberFor<T>) -> bool {
        let overdue = Self::sampling_ends(window)
            .and_then(|block| block.checked_add(&window.parameters.reveal.into()))
            .and_then(|closes| closes.checked_add(&PATIENCE_BLOCKS.into()));
        let too_long = window.opened_at.checked_add(&LONGEST_BLOCKS.into());
        // Past the last block number nothing waits.
        overdue
            .zip(too_long)
            .is_some_and(|(overdue, too_long)| now <= overdue && now <= too_long)
    }

    /// Sets the code that waits, if any. Returns the weight of that.
    pub(crate) fn set_waiting_code() -> Weight {
        let Some(code) = WaitingCode::<T>::take() else {
            return T::DbWeight::get().reads(1);
        };
        let hash = T::Hashing::hash(&code);
        let set = T::SetCode::set_code(code.into_inner());
        Self::deposit_event(Event::CodeReleased {
            code: hash,
            result: set,
        });
        T::SystemWeightInfo::set_code().saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    /// Whether code waits for a window, and for none that is over or overdue: invariant 12.
    #[cfg(any(feature = "std", feature = "try-runtime"))]
    pub(crate) fn check_waiting_code(
        now: BlockNumberFor<T>,
        window: Option<&Window<BlockNumberFor<T>>>,
    ) -> Result<(), sp_runtime::TryRuntimeError> {
        frame_support::ensure!(
            !WaitingCode::<T>::exists()
                || window.is_some_and(|window| Self::keeps_code(window, now)),
            "12: code waits for no window, or for one that is overdue"
        );
        Ok(())
    }
}
