// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A fill in the machine's own memory, and lanes walked on its cores.

use alloc::vec::Vec;
use core::{
    convert::Infallible,
    num::NonZeroUsize,
    sync::atomic::{AtomicU64, Ordering},
};
use std::{collections::TryReserveError, thread};

use super::BatchEngine;
use crate::{
    FOLDS, Hash, SoftwareSha256,
    prover::Folds,
    walk::{
        Entry, HOP_ROUNDS, START_ROUNDS, WalkError, WalkParameters, entry, walk, walk_challenge,
    },
};

/// Entries computed between two reports of progress.
const REPORT: usize = 1 << 14;

/// What a prover has computed and read so far. Counts do not depend on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Rounds of the permutation for entries kept.
    pub fill_rounds: u64,
    /// Rounds of the permutation for entries computed when a lane came to them.
    pub missing_rounds: u64,
    /// Rounds of the permutation that lanes take between entries.
    pub lane_rounds: u64,
    /// Entries read from memory.
    pub reads: u64,
}

impl Work {
    /// All rounds of the permutation.
    pub const fn rounds(&self) -> u64 {
        self.fill_rounds
            .saturating_add(self.missing_rounds)
            .saturating_add(self.lane_rounds)
    }
}

/// Why there is no fill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// The protocol does not allow the size.
    #[error(transparent)]
    Refused(#[from] WalkError),
    /// The machine does not have the memory.
    #[error("no memory for a fill of {0} bytes")]
    Memory(u64),
}

/// A fill, or the first part of one: entries beyond are computed whenever a lane
/// comes to them, so that what keeping less costs can be measured.
#[derive(Debug)]
pub struct CpuFill {
    walk_challenge: Hash,
    parameters: WalkParameters,
    entries: Vec<Entry>,
    threads: NonZeroUsize,
    work: Work,
}

impl CpuFill {
    /// Fills memory on all of the machine's cores. `progress` is told the number of
    /// entries done, now and then.
    ///
    /// # Errors
    ///
    /// [`FillError`].
    pub fn new(
        challenge: &Hash,
        parameters: WalkParameters,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, FillError> {
        Self::keeping(challenge, parameters, parameters.entries(), progress)
    }

    /// The same, but keeps only the first `kept` entries.
    ///
    /// # Errors
    ///
    /// [`FillError`].
    pub fn keeping(
        challenge: &Hash,
        parameters: WalkParameters,
        kept: u64,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, FillError> {
        parameters.validate()?;
        let kept = kept.min(parameters.entries());
        let mut fill = Self {
            walk_challenge: walk_challenge::<SoftwareSha256>(challenge, &parameters),
            parameters,
            entries: Vec::new(),
            threads: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            work: Work::default(),
        };
        fill.allocate(kept).map_err(|_| {
            FillError::Memory(kept.saturating_mul(u64::from(crate::walk::ENTRY_BYTES)))
        })?;
        fill.fill(progress);
        Ok(fill)
    }

    /// What has been computed and read so far.
    pub const fn work(&self) -> Work {
        self.work
    }

    /// Entries kept.
    pub fn kept(&self) -> &[Entry] {
        &self.entries
    }

    fn allocate(&mut self, kept: u64) -> Result<(), Option<TryReserveError>> {
        let kept = usize::try_from(kept).map_err(|_| None)?;
        self.entries.try_reserve_exact(kept).map_err(Some)?;
        self.entries.resize(kept, [0; 32]);
        Ok(())
    }

    fn fill(&mut self, progress: &mut dyn FnMut(u64)) {
        let (challenge, rounds) = (self.walk_challenge, self.parameters.rounds);
        let step = REPORT.saturating_mul(self.threads.get());
        let mut first = 0_usize;
        for part in self.entries.chunks_mut(step) {
            let share = part.len().div_ceil(self.threads.get());
            thread::scope(|scope| {
                for (index, entries) in part.chunks_mut(share).enumerate() {
                    let numbers = first + index * share..;
                    scope.spawn(move || {
                        for (number, slot) in numbers.zip(entries) {
                            // An entry's number has 32 bits: the parameters are valid.
                            let number = u32::try_from(number).unwrap_or(u32::MAX);
                            *slot = entry(&challenge, number, rounds);
                        }
                    });
                }
            });
            first += part.len();
            progress(first as u64);
        }
        self.work.fill_rounds += first as u64 * u64::from(rounds);
    }
}

impl BatchEngine for CpuFill {
    type Error = Infallible;

    fn walk_challenge(&self) -> Hash {
        self.walk_challenge
    }

    fn parameters(&self) -> WalkParameters {
        self.parameters
    }

    fn batch(&mut self, key: &Hash, _batch: u32) -> Result<Vec<Folds>, Infallible> {
        let parameters = &self.parameters;
        let missing = AtomicU64::new(0);
        let mut marks: Vec<Folds> = vec![[0; FOLDS]; parameters.groups() as usize];
        let share = marks.len().div_ceil(self.threads.get()).max(1);
        let lanes = (0..parameters.lanes).step_by(FOLDS);
        let mut groups: Vec<_> = lanes.zip(&mut marks).collect();
        thread::scope(|scope| {
            for groups in groups.chunks_mut(share) {
                scope.spawn(|| {
                    let mut computed = 0_u64;
                    for (first, marks) in groups {
                        for (lane, mark) in (*first..).zip(marks.iter_mut()) {
                            *mark = walk(key, lane, parameters, |number| {
                                self.entries
                                    .get(number as usize)
                                    .copied()
                                    .unwrap_or_else(|| {
                                        computed += 1;
                                        entry(&self.walk_challenge, number, parameters.rounds)
                                    })
                            });
                        }
                    }
                    missing.fetch_add(computed, Ordering::Relaxed);
                });
            }
        });
        let lanes = u64::from(parameters.lanes);
        let hops = lanes * u64::from(parameters.hops);
        let missing = missing.into_inner();
        let work = &mut self.work;
        work.missing_rounds += missing * u64::from(parameters.rounds);
        work.lane_rounds +=
            lanes * u64::from(START_ROUNDS + HOP_ROUNDS) + hops * u64::from(HOP_ROUNDS);
        work.reads += hops - missing;
        Ok(marks)
    }
}
