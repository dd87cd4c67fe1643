// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The invariants that the crate's documentation numbers.

use frame_support::{ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use proof_of_gpu_primitives::{Hash, MAX_ROUNDS, walk::MAX_PAGES};
use sp_runtime::{
    TryRuntimeError,
    traits::{CheckedAdd, One},
};

use crate::{
    Beacon, Config, CurrentWindow, Gpus, IdleSince, NextWindow, Pallet, Phase, ProofCalls, Records,
    Window,
};

impl<T: Config> Pallet<T> {
    /// Checks every invariant. Walks all of the pallet's storage: off chain only.
    ///
    /// # Errors
    /// The first that does not hold, by its number.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number();
        let window = CurrentWindow::<T>::get();
        let closed = Self::check_window_ids(window.as_ref())?;
        if let Some(window) = &window {
            Self::check_window(now, window)?;
        }
        Self::check_records(closed)?;
        Self::check_gpus(window.as_ref())?;
        Self::check_waiting_code(now, window.as_ref())?;

        let idle_since = IdleSince::<T>::get();
        ensure!(idle_since <= now, "8: the last window closed in the future");
        ensure!(
            window.is_none_or(|window| idle_since < window.opened_at),
            "8: the current window opened before the last one closed"
        );

        let used = ProofCalls::<T>::get();
        ensure!(
            used.block <= now,
            "9: proof calls were counted in the future"
        );
        ensure!(
            used.calls <= T::MaxProofCallsPerBlock::get()
                && used.weight.all_lte(T::MaxProofWeightPerBlock::get()),
            "9: proof calls have taken more than their caps"
        );
        Ok(())
    }

    /// Invariant 1. Returns how many windows have closed.
    fn check_window_ids(
        window: Option<&Window<BlockNumberFor<T>>>,
    ) -> Result<u32, TryRuntimeError> {
        let next = NextWindow::<T>::get();
        let Some(window) = window else {
            return Ok(next);
        };
        ensure!(
            window.id.checked_add(1) == Some(next),
            "1: the current window is not the one before the next"
        );
        ensure!(
            Self::can_open(&window.parameters),
            "1: the current window's parameters are not valid"
        );
        Ok(window.id)
    }

    /// Invariants 2 and 4.
    fn check_window(
        now: BlockNumberFor<T>,
        window: &Window<BlockNumberFor<T>>,
    ) -> Result<(), TryRuntimeError> {
        ensure!(
            window.opened_at <= now
                && Self::deadline(window.opened_at, &window.parameters) == Some(window.deadline),
            "2: the deadline is not where the opening puts it"
        );
        let sampling_ends =
            Self::sampling_ends(window).ok_or("2: the sampling ends past the last block number")?;
        // A phase may outlast its blocks, waiting for a VRF output, but not begin
        // early.
        match &window.phase {
            Phase::Open => {}
            Phase::Sampling { .. } => {
                ensure!(
                    now > window.deadline,
                    "2: sampling before the deadline has passed"
                );
            }
            Phase::Revealing { until, .. } => {
                ensure!(
                    now >= sampling_ends,
                    "2: revealing before the sampling has ended"
                );
                ensure!(
                    // At the last block number there is none after it.
                    sampling_ends
                        .checked_add(&window.parameters.reveal.into())
                        .is_some_and(
                            |after| after <= until.checked_add(&One::one()).unwrap_or(*until)
                        ),
                    "2: the reveal phase is too short"
                );
            }
        }

        let moment = Beacon::<T>::get().moment;
        let last = window.deadline_moment.unwrap_or(moment);
        ensure!(
            window.opened_moment <= last && last <= moment,
            "4: the clock has run backwards"
        );
        ensure!(
            window.phase == Phase::Open || window.deadline_moment.is_some(),
            "4: the deadline's moment is unknown after the deadline"
        );
        Ok(())
    }

    /// Invariant 3.
    fn check_records(closed: u32) -> Result<(), TryRuntimeError> {
        let size = T::ClaimRounds::get();
        for (index, record) in Records::<T>::iter() {
            ensure!(
                record.id.checked_rem(size) == Some(index) && record.id < closed,
                "3: a record is not of a closed window, or in the wrong place"
            );
        }
        // From the first window on where fewer have closed than the ring holds.
        for id in closed.saturating_sub(size)..closed {
            ensure!(
                id.checked_rem(size)
                    .and_then(Records::<T>::get)
                    .is_some_and(|record| record.id == id),
                "3: a window that closed lately has no record"
            );
        }
        Ok(())
    }

    /// Invariants 5, 6, 7, 10 and 11.
    fn check_gpus(window: Option<&Window<BlockNumberFor<T>>>) -> Result<(), TryRuntimeError> {
        let next = NextWindow::<T>::get();
        let mut committed = 0u32;
        for (_, _, state) in Gpus::<T>::iter() {
            let commit = state.commit.ok_or("5: a GPU's state has no commit")?;
            ensure!(
                commit.window < next,
                "5: a commit is to a window that has not opened"
            );
            ensure!(
                (1..=MAX_ROUNDS).contains(&commit.rounds),
                "5: a commit is of an impossible number of rounds"
            );
            if let Some(walk) = &commit.walk {
                ensure!(
                    (1..=MAX_PAGES).contains(&walk.pages)
                        && (1..=MAX_ROUNDS).contains(&walk.batches),
                    "5: a commit is of an impossible walk"
                );
            }
            let Some(window) = window.filter(|window| window.id == commit.window) else {
                continue;
            };
            ensure!(
                !commit.resolved || matches!(window.phase, Phase::Revealing { .. }),
                "7: a commit is resolved before its reveal phase"
            );
            let walked = match (&window.parameters.walk, &commit.walk) {
                (None, None) => true,
                (Some(rules), Some(walk)) => walk.claim(rules, Hash::default()).validate().is_ok(),
                (None, Some(_)) | (Some(_), None) => false,
            };
            ensure!(
                walked,
                "10: a commit's walk is not what its window asks for"
            );
            let most = window.parameters.most_rounds();
            ensure!(
                commit.rounds <= most && commit.walk.is_none_or(|walk| walk.batches <= most),
                "11: a commit is of more rounds or batches than its window has time for"
            );
            committed = committed
                .checked_add(1)
                .ok_or("6: too many commits to count")?;
            ensure!(
                committed <= window.commits,
                "6: more GPUs have committed to the current window than it counts"
            );
        }
        Ok(())
    }
}
