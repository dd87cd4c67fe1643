// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What becomes of commits: verified, refused, confirmed, missed, or lapsed.

use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use proof_of_gpu_primitives::{ChallengeInput, Hash, challenge, verify_reveal, walk::verify_walk};
use sp_runtime::traits::Zero;

use crate::{
    Commit, Config, Error, Event, GpuClaim, GpuState, Gpus, Miners, OnCommitted, OnVerified,
    Pallet, Reason, Records, Score, VerifiedResult, Window, WindowRecord,
    checks::{Claims, Committed, RevealPhase, Shown},
    randomness::HostSha256,
    throughput::throughput,
    walk::{bandwidth, memory},
};

/// What is on record of a window.
pub(crate) enum OnRecord {
    /// It has not closed.
    NotClosed,
    /// It has closed and is on record.
    Closed(WindowRecord),
    /// It closed too long ago.
    Gone,
}

/// Where a commit stands.
enum Standing {
    /// Its window is going on, and it is not resolved.
    Live,
    /// It was called and never revealed, which can still be punished.
    Missed(WindowRecord),
    /// It is resolved, or nothing can come of it any more.
    Over,
}

impl<T: Config> Pallet<T> {
    /// Stores a checked claim as the GPU's commit to `window`. Returns whether that
    /// settled an earlier commit as missed.
    pub(crate) fn commit_one(hotkey: &T::AccountId, window: u32, claim: &GpuClaim) -> bool {
        let GpuClaim {
            gpu,
            rounds,
            root,
            walk,
        } = *claim;
        let GpuState {
            commit: last,
            last_verified,
        } = Gpus::<T>::get(hotkey, gpu).unwrap_or_default();
        let missed = last.and_then(|last| match Self::standing(hotkey, gpu, &last) {
            Standing::Missed(record) => Some(record),
            Standing::Live | Standing::Over => None,
        });
        if let Some(record) = &missed {
            Self::slash_missed(hotkey, gpu, record, None);
        }
        let commit = Commit {
            window,
            rounds,
            root,
            walk,
            resolved: false,
            // After what the missed one cost. More than 128 bits would back nothing.
            bond: T::Miners::bond_of(hotkey, gpu).try_into().unwrap_or(0),
        };
        Gpus::<T>::insert(
            hotkey,
            gpu,
            GpuState {
                commit: Some(commit),
                last_verified,
            },
        );
        Self::deposit_event(Event::Committed {
            hotkey: hotkey.clone(),
            gpu,
            window,
            rounds,
            walk,
        });
        T::OnCommitted::on_committed(hotkey, gpu, window);
        missed.is_some()
    }

    /// Verifies a reveal that the cheap checks have let through: credits the GPU or
    /// slashes its bond.
    pub(crate) fn judge(
        hotkey: &T::AccountId,
        gpu: u32,
        phase: &RevealPhase<BlockNumberFor<T>>,
        committed: Committed,
        claims: &Claims,
        product: &Shown<'_>,
        walk: &Shown<'_>,
    ) {
        let Committed {
            mut state,
            mut commit,
        } = committed;
        let window = &phase.window;
        let verdict = Self::verify(phase, claims, product, walk);
        let score = Self::score(&commit, phase);
        commit.resolved = true;
        state.commit = Some(commit);
        match verdict {
            Ok(()) => {
                state.last_verified = Some(score);
                Gpus::<T>::insert(hotkey, gpu, state);
                let Score { mops, gib, gbps } = score;
                Self::deposit_event(Event::Verified {
                    hotkey: hotkey.clone(),
                    gpu,
                    window: window.id,
                    mops,
                    gib,
                    gbps,
                });
                Self::credit(hotkey, gpu, window, score, false);
            }
            Err(reason) => {
                Gpus::<T>::insert(hotkey, gpu, state);
                let share = window.parameters.slash_share;
                let slashed = T::Miners::slash(hotkey, gpu, share, None);
                Self::deposit_event(Event::Refused {
                    hotkey: hotkey.clone(),
                    gpu,
                    window: window.id,
                    reason,
                    slashed,
                });
            }
        }
    }

    /// Checks the walk, where the window asks for one, and then the product, which is
    /// bound to it.
    fn verify(
        phase: &RevealPhase<BlockNumberFor<T>>,
        claims: &Claims,
        product: &Shown<'_>,
        walk: &Shown<'_>,
    ) -> Result<(), Reason> {
        let parameters = &phase.window.parameters;
        if let (Some(rules), Some(claim)) = (&parameters.walk, &claims.walk) {
            verify_walk::<HostSha256>(
                claim,
                &phase.sampling_beacon,
                walk.peaks,
                walk.openings,
                rules.samples,
            )
            .map_err(Reason::Walk)?;
        }
        verify_reveal::<HostSha256>(
            &claims.product,
            &phase.sampling_beacon,
            product.peaks,
            product.openings,
            parameters.samples,
        )
        .map_err(Reason::Product)
    }

    /// What a commit to the window comes to, if it is true.
    fn score(commit: &Commit, phase: &RevealPhase<BlockNumberFor<T>>) -> Score {
        let parameters = &phase.window.parameters;
        let elapsed_ms = phase.elapsed_ms;
        let (gib, gbps) = match (&parameters.walk, &commit.walk) {
            (Some(rules), Some(walk)) => {
                let size = rules.parameters(walk.pages);
                (memory(&size), bandwidth(&size, walk.batches, elapsed_ms))
            }
            _ => (0, 0),
        };
        Score {
            mops: throughput(commit.rounds, &parameters.workload, elapsed_ms),
            gib,
            gbps,
        }
    }

    /// Credits a GPU that was not called.
    pub(crate) fn confirm_one(
        hotkey: &T::AccountId,
        gpu: u32,
        phase: &RevealPhase<BlockNumberFor<T>>,
    ) -> Result<(), Error<T>> {
        let window = &phase.window;
        let Committed {
            mut state,
            mut commit,
        } = Self::committed(hotkey, gpu, window.id)?;
        let last_verified = state.last_verified.ok_or(Error::<T>::NothingVerified)?;
        let score = Self::score(&commit, phase).min(last_verified);
        commit.resolved = true;
        state.commit = Some(commit);
        Gpus::<T>::insert(hotkey, gpu, state);
        let Score { mops, gib, gbps } = score;
        Self::deposit_event(Event::Confirmed {
            hotkey: hotkey.clone(),
            gpu,
            window: window.id,
            mops,
            gib,
            gbps,
        });
        Self::credit(hotkey, gpu, window, score, true);
        Ok(())
    }

    /// Settles a missed reveal that `reporter` has pointed out.
    pub(crate) fn settle_reported(
        hotkey: &T::AccountId,
        gpu: u32,
        window: u32,
        reporter: T::AccountId,
    ) -> DispatchResult {
        let record = match Self::on_record(window) {
            OnRecord::NotClosed => Err(Error::<T>::NotClosed),
            OnRecord::Gone => Err(Error::<T>::NoRecord),
            OnRecord::Closed(record) => Ok(record),
        }?;
        let Committed {
            mut state,
            mut commit,
        } = Self::committed(hotkey, gpu, window)?;
        ensure!(
            Self::was_called(hotkey, gpu, &record),
            Error::<T>::NotCalled
        );
        commit.resolved = true;
        state.commit = Some(commit);
        Gpus::<T>::insert(hotkey, gpu, state);
        Self::slash_missed(hotkey, gpu, &record, Some(reporter));
        Ok(())
    }

    /// Slashes the bond of a GPU that missed its reveal in a closed window.
    pub(crate) fn slash_missed(
        hotkey: &T::AccountId,
        gpu: u32,
        record: &WindowRecord,
        reporter: Option<T::AccountId>,
    ) {
        let bounty = reporter
            .as_ref()
            .map(|reporter| (reporter, record.bounty_share));
        let slashed = T::Miners::slash(hotkey, gpu, record.slash_share, bounty);
        Self::deposit_event(Event::Missed {
            hotkey: hotkey.clone(),
            gpu,
            window: record.id,
            slashed,
            reporter,
        });
    }

    /// The bond that stood behind this GPU's last commit; `None` where it has none. What a
    /// result may be paid by a bond is the lesser of this and the bond at that time: a lie
    /// risked no more than this, and a bond raised between commit and reveal backs nothing.
    pub fn bond_at_commit(hotkey: &T::AccountId, gpu: u32) -> Option<u128> {
        Some(Gpus::<T>::get(hotkey, gpu)?.commit?.bond)
    }

    /// Whether this GPU's slot may be given up and its bond be taken back.
    ///
    /// It may once nothing can come of its last commit any more, that is when the
    /// commit is resolved, was not called in its window's lottery, or is of a
    /// window that is off the records, where it can no longer be reported; and
    /// once a full window has closed after the one it committed to. A GPU that
    /// never committed may leave at any time.
    ///
    /// NOTE: this function has no side effects; it reads three values at most.
    pub fn may_leave(hotkey: &T::AccountId, gpu: u32) -> bool {
        let Some(commit) = Gpus::<T>::get(hotkey, gpu).and_then(|state| state.commit) else {
            return true;
        };
        let full_window_passed = commit
            .window
            .checked_add(1)
            .is_some_and(|next| !matches!(Self::on_record(next), OnRecord::NotClosed));
        full_window_passed && matches!(Self::standing(hotkey, gpu, &commit), Standing::Over)
    }

    /// Forgets a GPU that has left, its last verified throughput with it. Only for
    /// one that [`Self::may_leave`].
    pub fn on_left(hotkey: &T::AccountId, gpu: u32) {
        Gpus::<T>::remove(hotkey, gpu);
    }

    /// The challenge of one GPU in a window: of its walk where the window asks for one,
    /// and of its product where it does not.
    pub fn challenge(hotkey: &T::AccountId, gpu: u32, window: &Window<BlockNumberFor<T>>) -> Hash {
        let genesis = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
        challenge::<HostSha256>(&ChallengeInput {
            genesis_hash: genesis.into(),
            window: window.id,
            beacon: window.beacon,
            account: hotkey.clone().into(),
            gpu,
            workload: window.parameters.workload,
        })
    }

    /// What is on record of window `id`.
    pub(crate) fn on_record(id: u32) -> OnRecord {
        let record = id
            .checked_rem(T::ClaimRounds::get())
            .and_then(Records::<T>::get);
        match record {
            Some(record) if record.id == id => OnRecord::Closed(record),
            Some(record) if record.id > id => OnRecord::Gone,
            _ => OnRecord::NotClosed,
        }
    }

    fn standing(hotkey: &T::AccountId, gpu: u32, commit: &Commit) -> Standing {
        if commit.resolved {
            return Standing::Over;
        }
        match Self::on_record(commit.window) {
            OnRecord::NotClosed => Standing::Live,
            OnRecord::Closed(record) if Self::was_called(hotkey, gpu, &record) => {
                Standing::Missed(record)
            }
            OnRecord::Closed(_) | OnRecord::Gone => Standing::Over,
        }
    }

    fn was_called(hotkey: &T::AccountId, gpu: u32, record: &WindowRecord) -> bool {
        let WindowRecord {
            sampling_beacon,
            commits,
            capacity,
            ..
        } = record;
        Self::is_called(hotkey, gpu, sampling_beacon, *commits, *capacity)
    }

    fn credit(
        hotkey: &T::AccountId,
        gpu: u32,
        window: &Window<BlockNumberFor<T>>,
        score: Score,
        confirmed: bool,
    ) {
        let Score { mops, gib, gbps } = score;
        let parameters = &window.parameters;
        T::OnVerified::on_verified(&VerifiedResult {
            window: window.id,
            hotkey: hotkey.clone(),
            gpu,
            mops,
            gib,
            gbps,
            confirmed,
            samples: parameters.samples,
            slash_share: parameters.slash_share,
            bounty_share: parameters.bounty_share,
            capacity: parameters.capacity,
            commits: window.commits,
        });
    }
}
