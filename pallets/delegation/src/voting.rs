// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How much stake an account had at all times since a block.
//!
//! The least since a block never falls when the block is later, so it is kept as
//! steps that rise with the block: a new stake cuts every step above it down, and
//! adds one where it is above the last. Where there is no room for another step
//! the second oldest is given up, and what it stood for is answered with the
//! smaller stake of the oldest: never too much.

use crate::{Balance, BlockNumberOf, Checkpoint, Config, Pallet, Staker, Stakers};
use sp_runtime::{
    ArithmeticError,
    traits::{CheckedAdd, One},
};

impl<T: Config> Staker<T> {
    /// All that is staked. `None` beyond 128 bits.
    pub fn staked(&self) -> Option<Balance> {
        self.delegations
            .iter()
            .try_fold(0, |all: Balance, delegation| {
                all.checked_add(delegation.amount()?)
            })
    }

    /// The least stake at any time since block `since`.
    pub fn voting_stake(&self, since: BlockNumberOf<T>) -> Balance {
        self.checkpoints
            .iter()
            .rev()
            .find(|checkpoint| checkpoint.since <= since)
            .map_or(0, |checkpoint| checkpoint.stake)
    }

    /// Notes that `stake` is staked from now, in block `now`, on.
    ///
    /// A rise counts from the next block: in this one there was less.
    pub(crate) fn note_stake(
        &mut self,
        stake: Balance,
        now: BlockNumberOf<T>,
    ) -> Result<(), ArithmeticError> {
        let kept = self
            .checkpoints
            .partition_point(|checkpoint| checkpoint.stake < stake);
        let since = match self.checkpoints.get(kept) {
            // Cut down to the new stake, which there was ever since.
            Some(cut) => cut.since,
            None => now
                .checked_add(&One::one())
                .ok_or(ArithmeticError::Overflow)?,
        };
        self.checkpoints.truncate(kept);
        match self.checkpoints.last_mut() {
            Some(last) if last.since == since => last.stake = stake,
            _ => {
                if self.checkpoints.is_full() {
                    // Without a second one the oldest goes: answered with nothing.
                    let given_up = usize::from(self.checkpoints.len() > 1);
                    self.checkpoints.remove(given_up);
                }
                self.checkpoints
                    .try_push(Checkpoint { since, stake })
                    .map_err(|_| ArithmeticError::Overflow)?;
            }
        }
        Ok(())
    }
}

impl<T: Config> Pallet<T> {
    /// The least stake `who` has had, active or pending but not unbonding, at any
    /// time since block `since`. Never too much; too little only for an account
    /// that changed its stake at least [`Config::MaxCheckpoints`] − 1 times since.
    pub fn voting_stake(who: &T::AccountId, since: BlockNumberOf<T>) -> Balance {
        Stakers::<T>::get(who).voting_stake(since)
    }
}
