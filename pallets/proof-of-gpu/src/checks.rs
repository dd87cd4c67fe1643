// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The cheap checks of the proof calls: all that can make one of them fail.
//!
//! Both the calls and [`crate::extension::CheckProofCall`] go through these, so
//! what the extension lets through dispatches `Ok`. They only read, a bounded
//! number of values: a constant for a reveal, so many a GPU named in a commit or
//! a confirmation, which are bounded by `MaxGpusPerCall`.

use frame_system::pallet_prelude::BlockNumberFor;
use proof_of_gpu_primitives::{
    Claim, Hash, MAX_ROUNDS, Opening, check_size, sampling,
    walk::{WalkClaim, check_walk_size, joined_challenge},
};

use crate::{
    Beacon, Commit, Config, CurrentWindow, Error, GpuClaim, GpuState, Gpus, Miners, Pallet, Phase,
    Window, randomness::HostSha256, throughput::throughput,
};
use frame_support::{ensure, traits::Get};

/// The window in its reveal phase, with what that phase carries.
pub(crate) struct RevealPhase<BlockNumber> {
    pub(crate) window: Window<BlockNumber>,
    pub(crate) elapsed_ms: u64,
    pub(crate) sampling_beacon: Hash,
    pub(crate) until: BlockNumber,
}

/// What a commit claims, as the verifier takes it.
pub(crate) struct Claims {
    /// The walk, where the window asks for one.
    pub(crate) walk: Option<WalkClaim>,
    /// The product, bound to the walk if there is one.
    pub(crate) product: Claim,
}

/// What a reveal shows of the product, or of the walk before it.
pub(crate) struct Shown<'a> {
    pub(crate) peaks: &'a [Hash],
    pub(crate) openings: &'a [Opening],
}

impl Shown<'_> {
    /// Whether nothing is shown.
    pub(crate) const fn is_empty(&self) -> bool {
        self.peaks.is_empty() && self.openings.is_empty()
    }
}

/// What a reveal that may be verified is of: the phase, the commit and its claims.
pub(crate) type Revealable<T> = (RevealPhase<BlockNumberFor<T>>, Committed, Claims);

/// A GPU with an unresolved commit to the current window.
pub(crate) struct Committed {
    pub(crate) state: GpuState,
    pub(crate) commit: Commit,
}

impl<T: Config> Pallet<T> {
    /// All that can make `commit` fail. Returns the window, with the new commits
    /// counted in.
    pub(crate) fn check_commit(
        hotkey: &T::AccountId,
        id: u32,
        beacon: &Hash,
        claims: &[GpuClaim],
    ) -> Result<Window<BlockNumberFor<T>>, Error<T>> {
        let mut window = CurrentWindow::<T>::get().ok_or(Error::<T>::NotCurrentWindow)?;
        ensure!(window.id == id, Error::<T>::NotCurrentWindow);
        ensure!(
            window.phase == Phase::Open
                && frame_system::Pallet::<T>::block_number() <= window.deadline,
            Error::<T>::NotOpen
        );
        ensure!(window.beacon == *beacon, Error::<T>::WrongBeacon);
        ensure!(!claims.is_empty(), Error::<T>::NoGpus);
        ensure!(
            claims.is_sorted_by(|a, b| a.gpu < b.gpu),
            Error::<T>::NotAscending
        );
        window.commits = u32::try_from(claims.len())
            .ok()
            .and_then(|added| window.commits.checked_add(added))
            .ok_or(Error::<T>::TooManyCommits)?;

        // The time that counts ends with the deadline's block, so a throughput
        // over the time so far is the most that the claim can come to be worth. A
        // clock that ran backwards counts as one that stood, which bounds nothing.
        let so_far = Beacon::<T>::get()
            .moment
            .saturating_sub(window.opened_moment);
        let floor = T::Floor::get();
        let most = window.parameters.most_rounds();
        for claim in claims {
            ensure!(
                (1..=MAX_ROUNDS).contains(&claim.rounds),
                Error::<T>::RoundsOutOfRange
            );
            Self::check_walk_claim(&window, claim)?;
            ensure!(
                claim.rounds <= most && claim.walk.is_none_or(|walk| walk.batches <= most),
                Error::<T>::TooManyRounds
            );
            ensure!(
                so_far == 0
                    || throughput(claim.rounds, &window.parameters.workload, so_far) >= floor,
                Error::<T>::BelowFloor
            );
        }
        for claim in claims {
            ensure!(
                T::Miners::can_prove(hotkey, claim.gpu),
                Error::<T>::NotRegistered
            );
            let last = Gpus::<T>::get(hotkey, claim.gpu).and_then(|state| state.commit);
            ensure!(
                last.is_none_or(|commit| commit.window != id),
                Error::<T>::AlreadyCommitted
            );
        }
        Ok(window)
    }

    /// Whether a claim has a walk where the window asks for one, and only there, of a
    /// size that can be committed to.
    fn check_walk_claim(
        window: &Window<BlockNumberFor<T>>,
        claim: &GpuClaim,
    ) -> Result<(), Error<T>> {
        match (&window.parameters.walk, &claim.walk) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(Error::<T>::WalkNotAsked),
            (Some(_), None) => Err(Error::<T>::WalkMissing),
            // The challenge has no part in whether a size is allowed.
            (Some(rules), Some(walk)) => walk
                .claim(rules, Hash::default())
                .validate()
                .map_err(|_| Error::<T>::WalkOutOfRange),
        }
    }

    /// What a commit to the window claims.
    pub(crate) fn claims(
        hotkey: &T::AccountId,
        gpu: u32,
        window: &Window<BlockNumberFor<T>>,
        commit: &Commit,
    ) -> Claims {
        let parameters = &window.parameters;
        let challenge = Self::challenge(hotkey, gpu, window);
        // A commit has a walk where the window asks for one, and only there (invariant 10).
        let walk = parameters
            .walk
            .as_ref()
            .zip(commit.walk.as_ref())
            .map(|(rules, walk)| walk.claim(rules, challenge));
        let challenge = walk.as_ref().map_or(challenge, |walk| {
            joined_challenge::<HostSha256>(&challenge, &walk.root)
        });
        Claims {
            walk,
            product: Claim {
                challenge,
                workload: parameters.workload,
                rounds: commit.rounds,
                root: commit.root,
            },
        }
    }

    /// All that can make `reveal` fail. What is said of a reveal's size is said before a
    /// pool takes it: it is feeless and comes before all else, and one that were longer
    /// than it needs to be would take the place of others.
    pub(crate) fn check_reveal(
        hotkey: &T::AccountId,
        id: u32,
        sampling_beacon: &Hash,
        gpu: u32,
        product: &Shown<'_>,
        walk: &Shown<'_>,
    ) -> Result<Revealable<T>, Error<T>> {
        let phase = Self::reveal_phase(id)?;
        ensure!(
            phase.sampling_beacon == *sampling_beacon,
            Error::<T>::WrongBeacon
        );
        let committed = Self::committed(hotkey, gpu, id)?;
        ensure!(
            Self::is_called_now(hotkey, gpu, &phase),
            Error::<T>::NotCalled
        );
        let parameters = &phase.window.parameters;
        ensure!(
            parameters.walk.is_some() || walk.is_empty(),
            Error::<T>::WalkNotAsked
        );
        let claims = Self::claims(hotkey, gpu, &phase.window, &committed.commit);
        let walk_samples = parameters.walk.map_or(0, |rules| rules.samples);
        let walk_fits = claims.walk.as_ref().is_none_or(|claim| {
            check_walk_size::<HostSha256>(
                claim,
                sampling_beacon,
                walk.peaks,
                walk.openings,
                walk_samples,
            )
            .is_ok()
        });
        let product_fits = check_size::<HostSha256>(
            &claims.product,
            sampling_beacon,
            product.peaks,
            product.openings,
            parameters.samples,
        )
        .is_ok();
        ensure!(walk_fits && product_fits, Error::<T>::WrongSize);
        Ok((phase, committed, claims))
    }

    /// All that can make `confirm` fail.
    pub(crate) fn check_confirm(
        hotkey: &T::AccountId,
        id: u32,
        gpus: &[u32],
    ) -> Result<RevealPhase<BlockNumberFor<T>>, Error<T>> {
        let phase = Self::reveal_phase(id)?;
        ensure!(!gpus.is_empty(), Error::<T>::NoGpus);
        ensure!(gpus.is_sorted_by(|a, b| a < b), Error::<T>::NotAscending);
        for gpu in gpus {
            let committed = Self::committed(hotkey, *gpu, id)?;
            ensure!(
                !Self::is_called_now(hotkey, *gpu, &phase),
                Error::<T>::Called
            );
            ensure!(
                committed.state.last_verified.is_some(),
                Error::<T>::NothingVerified
            );
        }
        Ok(phase)
    }

    /// The current window, if it is `id` and takes reveals in this block.
    fn reveal_phase(id: u32) -> Result<RevealPhase<BlockNumberFor<T>>, Error<T>> {
        let window = CurrentWindow::<T>::get().ok_or(Error::<T>::NotCurrentWindow)?;
        ensure!(window.id == id, Error::<T>::NotCurrentWindow);
        let Phase::Revealing {
            elapsed_ms,
            sampling_beacon,
            until,
        } = window.phase.clone()
        else {
            return Err(Error::<T>::NotRevealing);
        };
        ensure!(
            frame_system::Pallet::<T>::block_number() <= until,
            Error::<T>::NotRevealing
        );
        Ok(RevealPhase {
            window,
            elapsed_ms,
            sampling_beacon,
            until,
        })
    }

    /// The GPU's commit to window `id`, if it has one that is not resolved.
    pub(crate) fn committed(
        hotkey: &T::AccountId,
        gpu: u32,
        id: u32,
    ) -> Result<Committed, Error<T>> {
        let state = Gpus::<T>::get(hotkey, gpu).ok_or(Error::<T>::NoCommit)?;
        let commit = state.commit.clone().ok_or(Error::<T>::NoCommit)?;
        ensure!(commit.window == id, Error::<T>::NoCommit);
        ensure!(!commit.resolved, Error::<T>::AlreadyResolved);
        Ok(Committed { state, commit })
    }

    fn is_called_now(
        hotkey: &T::AccountId,
        gpu: u32,
        phase: &RevealPhase<BlockNumberFor<T>>,
    ) -> bool {
        Self::is_called(
            hotkey,
            gpu,
            &phase.sampling_beacon,
            phase.window.commits,
            phase.window.parameters.capacity,
        )
    }

    /// Whether the lottery of a window calls this GPU.
    pub(crate) fn is_called(
        hotkey: &T::AccountId,
        gpu: u32,
        sampling_beacon: &Hash,
        commits: u32,
        capacity: u32,
    ) -> bool {
        let account: Hash = hotkey.clone().into();
        sampling::is_called::<HostSha256>(sampling_beacon, &account, gpu, commits, capacity)
    }
}
