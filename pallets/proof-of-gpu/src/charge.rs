// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The calls' weights, put together from what the benchmarks measure and what
//! the hooks state. Weights saturate: one that does is refused as too heavy.

use codec::Compact;
use frame_support::{dispatch::DispatchClass, traits::Get, weights::Weight};
use proof_of_gpu_primitives::{
    FOLDS, Hash, MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_TILE_PATH, Opening, TILE,
};

use crate::{Config, OnCommitted, OnVerified, Pallet, WeightInfo, WindowParameters};

/// The largest k that the protocol allows. The window's own k is in storage, so a
/// reveal declares this one and is refunded the difference.
pub(crate) const MAX_DEPTH: u32 = 4_096;

/// What a key over a range's peaks, or a root, costs in path elements: at most 31
/// hashes and 40 bytes more are 17 blocks of SHA-256, an element is two.
const PEAKS_IN_ELEMENTS: u64 = 9;

/// Bytes of a reveal's transaction besides its peaks and openings: the signature, the
/// signer, what the extensions carry, and the call's other arguments, with room.
const ENVELOPE: u64 = 320;

/// Lengths of bounded vectors fit; anything else would be too heavy anyway.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl<T: Config> Pallet<T> {
    /// A commit of `gpus` GPUs, of which `missed` settle an earlier one.
    pub(crate) fn commit_weight(gpus: usize, missed: usize) -> Weight {
        T::WeightInfo::commit(length(gpus))
            .saturating_add(T::OnCommitted::weight().saturating_mul(length(gpus).into()))
            .saturating_add(T::WeightInfo::settle_missed().saturating_mul(length(missed).into()))
    }

    /// A reveal of these openings where rounds have depth `k`.
    ///
    /// `reveal` is measured at the smallest shape; to it come the columns past the
    /// first 64 of every sample, the elements of every path, and whichever is
    /// dearer, the hook or the slash.
    pub(crate) fn reveal_weight(openings: &[Opening], k: u32) -> Weight {
        let samples = length(openings.len());
        let elements = openings
            .iter()
            .map(|opening| opening.tile_path.len() + opening.mountain_path.len())
            .sum();
        Self::reveal_weight_for(samples, k, elements)
    }

    /// As [`Self::reveal_weight`], for `elements` path elements in all.
    pub(crate) fn reveal_weight_for(samples: u32, k: u32, elements: usize) -> Weight {
        let columns = T::WeightInfo::reveal_columns(k.div_ceil(TILE))
            .saturating_sub(T::WeightInfo::reveal_columns(1));
        let element = T::WeightInfo::reveal_path(1).saturating_sub(T::WeightInfo::reveal_path(0));
        let elements = u64::from(length(elements))
            .saturating_add(PEAKS_IN_ELEMENTS.saturating_mul(u64::from(samples).saturating_add(1)));
        T::WeightInfo::reveal(samples)
            .saturating_add(columns.saturating_mul(samples.into()))
            .saturating_add(element.saturating_mul(elements))
            .saturating_add(T::OnVerified::weight().max(T::WeightInfo::settle_missed()))
    }

    /// Reveals that a reveal phase of these parameters holds where no GPU makes more
    /// than `rounds` rounds, by every bound on a block: the weight and the number of
    /// proof calls, and the block's length. What other extensions weigh is not known
    /// here; the capacity leaves a fifth of the phase for that and for confirmations.
    pub fn reveals_held(parameters: &WindowParameters, rounds: u32) -> u64 {
        let mountain = rounds.checked_ilog2().unwrap_or(0);
        let tile = parameters.workload.tiles().checked_ilog2().unwrap_or(0);
        let path = u64::from(tile).saturating_add(mountain.into());
        let samples = u64::from(parameters.samples);
        let elements = usize::try_from(samples.saturating_mul(path)).unwrap_or(usize::MAX);

        let class = DispatchClass::Operational;
        let reveal = Self::reveal_weight_for(parameters.samples, parameters.workload.k, elements)
            .saturating_add(T::WeightInfo::check_reveal())
            .saturating_add(T::BlockWeights::get().get(class).base_extrinsic);
        let by_weight = T::MaxProofWeightPerBlock::get()
            .checked_div_per_component(&reveal)
            .unwrap_or(u64::MAX);

        // Bytes, from counts of at most 32 bits each: nothing here saturates before
        // the reveal is too long for any block.
        let hash = u64::try_from(size_of::<Hash>()).unwrap_or(u64::MAX);
        let folds = u64::try_from(FOLDS * size_of::<u32>()).unwrap_or(u64::MAX);
        let lengths = u64::try_from(2 * size_of::<Compact<u8>>()).unwrap_or(u64::MAX);
        let peaks = u64::try_from(MAX_PEAKS)
            .unwrap_or(u64::MAX)
            .saturating_mul(hash);
        let opening = folds
            .saturating_add(lengths)
            .saturating_add(path.saturating_mul(hash));
        let bytes = ENVELOPE
            .saturating_add(peaks)
            .saturating_add(samples.saturating_mul(opening));
        let by_length = u64::from(*T::BlockLength::get().max.get(class))
            .checked_div(bytes)
            .unwrap_or(0);

        by_weight
            .min(by_length)
            .min(T::MaxProofCallsPerBlock::get().into())
            .saturating_mul(parameters.reveal.into())
    }

    /// A confirmation of `gpus` GPUs.
    pub(crate) fn confirm_weight(gpus: usize) -> Weight {
        T::WeightInfo::confirm(length(gpus))
            .saturating_add(T::OnVerified::weight().saturating_mul(length(gpus).into()))
    }

    /// Whether the runtime's constants go together.
    ///
    /// # Panics
    ///
    /// If they do not: this is for the runtime's integrity test.
    pub(crate) fn check_constants() {
        assert!(T::MaxSamples::get() > 0, "a reveal has to open something");
        assert!(T::MaxGpusPerCall::get() > 0, "a commit has to name a GPU");
        assert!(
            T::ClaimRounds::get() > 0,
            "missed reveals are told from records"
        );
        assert!(
            T::MaxProofCallsPerBlock::get() > 0,
            "proof calls have to land"
        );
        let gpus = usize::try_from(T::MaxGpusPerCall::get()).unwrap_or(usize::MAX);
        let paths = (MAX_TILE_PATH + MAX_MOUNTAIN_PATH)
            * usize::try_from(T::MaxSamples::get()).unwrap_or(usize::MAX);
        let cap = T::MaxProofWeightPerBlock::get();
        for (call, weight) in [
            (
                "commit",
                Self::commit_weight(gpus, gpus)
                    .saturating_add(T::WeightInfo::check_commit(T::MaxGpusPerCall::get())),
            ),
            (
                "reveal",
                Self::reveal_weight_for(T::MaxSamples::get(), MAX_DEPTH, paths)
                    .saturating_add(T::WeightInfo::check_reveal()),
            ),
            (
                "confirm",
                Self::confirm_weight(gpus)
                    .saturating_add(T::WeightInfo::check_confirm(T::MaxGpusPerCall::get())),
            ),
        ] {
            assert!(
                weight.all_lte(cap),
                "the largest {call} takes {weight}, above the cap on proof calls of {cap}"
            );
        }
    }
}
