// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The sorted list of candidates.

use crate::{Balance, Candidate, Config, Ranking};

impl<T: Config> Ranking<T> {
    /// Whether a hotkey is a candidate.
    pub fn contains(&self, hotkey: &T::AccountId) -> bool {
        self.position(hotkey).is_some()
    }

    fn position(&self, hotkey: &T::AccountId) -> Option<usize> {
        self.candidates
            .iter()
            .position(|candidate| candidate.hotkey == *hotkey)
    }

    /// Removes a candidate, if it is one.
    pub(crate) fn remove(&mut self, hotkey: &T::AccountId) -> bool {
        match self.position(hotkey) {
            Some(position) => {
                self.candidates.remove(position);
                true
            }
            None => false,
        }
    }

    /// Moves a candidate to where `total` belongs, if it is one.
    pub(crate) fn update(&mut self, hotkey: &T::AccountId, total: Balance) {
        if self.remove(hotkey) {
            // There is room: one was just removed, and nobody needs to leave.
            let _ = self.insert(hotkey.clone(), total);
        }
    }

    /// Adds a candidate. Where the list is full the last leaves, and is returned,
    /// if it has less than `total`.
    ///
    /// # Errors
    /// The list is full of candidates with as much or more.
    pub(crate) fn insert(
        &mut self,
        hotkey: T::AccountId,
        total: Balance,
    ) -> Result<Option<T::AccountId>, ()> {
        let place = self
            .candidates
            .partition_point(|candidate| candidate.total >= total);
        let evicted = if self.candidates.is_full() {
            if place == self.candidates.len() {
                return Err(());
            }
            self.candidates.pop()
        } else {
            None
        };
        self.candidates
            .try_insert(place, Candidate { hotkey, total })
            .map_err(|_| ())?;
        Ok(evicted.map(|candidate| candidate.hotkey))
    }
}
