// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The calls' weights, put together from what the benchmarks measure and what
//! the hooks state. Weights saturate: one that does is refused as too heavy.

use codec::Compact;
use frame_support::{dispatch::DispatchClass, traits::Get, weights::Weight};
use proof_of_gpu_primitives::{
    FOLDS, Hash, MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_TILE_PATH, Opening, TILE,
    walk::{HOP_ROUNDS, MAX_HOPS, MAX_LANE_ROUNDS as MAX_ENTRY_ROUNDS, START_ROUNDS},
};

use crate::{Config, OnCommitted, OnVerified, Pallet, WeightInfo, WindowParameters};

/// The largest k that the protocol allows. The window's own k is in storage, so a
/// reveal declares this one and is refunded the difference.
pub(crate) const MAX_DEPTH: u32 = 4_096;

/// Rounds of the permutation that a lane takes to verify, at most: what the protocol allows
/// its entries, four a hop, and those before and after the hops. The window's own are in
/// storage, as k is.
pub(crate) const MAX_LANE_ROUNDS: u32 =
    MAX_ENTRY_ROUNDS + HOP_ROUNDS * MAX_HOPS + START_ROUNDS + HOP_ROUNDS;

/// Rounds of the permutation in one unit of `reveal_lane`.
pub(crate) const ROUNDS_A_BLOCK: u32 = 512;

/// What a key over a range's peaks, or a root, costs in path elements: at most 31
/// hashes and 40 bytes more are 17 blocks of SHA-256, an element is two.
const PEAKS_IN_ELEMENTS: u64 = 9;

/// Bytes of a reveal's transaction besides its peaks and openings: the signature, the
/// signer, what the extensions carry, and the call's other arguments, with room.
const ENVELOPE: u64 = 320;

/// Bytes of all the peaks that a range can have and of openings of so many path elements
/// each, from counts of at most 32 bits: nothing here saturates before the reveal is too
/// long for any block.
fn reveal_bytes(samples: u32, path: u64) -> u64 {
    let hash = u64::try_from(size_of::<Hash>()).unwrap_or(u64::MAX);
    let folds = u64::try_from(FOLDS * size_of::<u32>()).unwrap_or(u64::MAX);
    let lengths = u64::try_from(2 * size_of::<Compact<u8>>()).unwrap_or(u64::MAX);
    let peaks = u64::try_from(MAX_PEAKS)
        .unwrap_or(u64::MAX)
        .saturating_mul(hash);
    let opening = folds
        .saturating_add(lengths)
        .saturating_add(path.saturating_mul(hash));
    peaks.saturating_add(u64::from(samples).saturating_mul(opening))
}

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

    /// A reveal of these openings where rounds have depth `k`, and of these lanes of a
    /// walk where one takes `lane_rounds` to verify.
    ///
    /// `reveal` is measured at the smallest shape; to it come the columns past the
    /// first 64 of every sample, the elements of every path, the walk, and whichever is
    /// dearer, the hook or the slash.
    pub(crate) fn reveal_weight(
        openings: &[Opening],
        k: u32,
        walk_openings: &[Opening],
        lane_rounds: u32,
    ) -> Weight {
        // Bounded sums: decoding refuses longer paths, and the call more openings.
        let elements = |openings: &[Opening]| {
            openings
                .iter()
                .map(|opening| opening.tile_path.len() + opening.mountain_path.len())
                .sum()
        };
        Self::reveal_weight_for(length(openings.len()), k, elements(openings)).saturating_add(
            Self::walk_weight_for(
                length(walk_openings.len()),
                lane_rounds,
                elements(walk_openings),
            ),
        )
    }

    /// What a walk adds to a reveal: so many lanes of so many rounds, and the elements of
    /// their paths. `reveal_lane` is measured without any.
    fn walk_weight_for(samples: u32, lane_rounds: u32, elements: usize) -> Weight {
        if samples == 0 {
            return Weight::zero();
        }
        let lane = T::WeightInfo::reveal_lane(lane_rounds.div_ceil(ROUNDS_A_BLOCK));
        lane.saturating_mul(samples.into())
            .saturating_add(Self::elements_weight(samples, elements))
    }

    /// What path elements and the keys over a range's peaks cost.
    fn elements_weight(samples: u32, elements: usize) -> Weight {
        let element = T::WeightInfo::reveal_path(1).saturating_sub(T::WeightInfo::reveal_path(0));
        let elements = u64::from(length(elements))
            .saturating_add(PEAKS_IN_ELEMENTS.saturating_mul(u64::from(samples).saturating_add(1)));
        element.saturating_mul(elements)
    }

    /// As [`Self::reveal_weight`] without a walk, for `elements` path elements in all.
    pub(crate) fn reveal_weight_for(samples: u32, k: u32, elements: usize) -> Weight {
        let columns = T::WeightInfo::reveal_columns(k.div_ceil(TILE))
            .saturating_sub(T::WeightInfo::reveal_columns(1));
        T::WeightInfo::reveal(samples)
            .saturating_add(columns.saturating_mul(samples.into()))
            .saturating_add(Self::elements_weight(samples, elements))
            .saturating_add(T::OnVerified::weight().max(T::WeightInfo::settle_missed()))
    }

    /// What the largest reveal that can be decoded declares.
    pub(crate) fn largest_reveal_weight() -> Weight {
        let paths = |samples: u32| {
            usize::try_from(samples)
                .unwrap_or(usize::MAX)
                .saturating_mul(MAX_TILE_PATH + MAX_MOUNTAIN_PATH)
        };
        let (samples, lanes) = (T::MaxSamples::get(), T::MaxWalkSamples::get());
        Self::reveal_weight_for(samples, MAX_DEPTH, paths(samples))
            .saturating_add(Self::walk_weight_for(lanes, MAX_LANE_ROUNDS, paths(lanes)))
    }

    /// Reveals that a reveal phase of these parameters holds where no GPU makes more
    /// than `rounds` rounds, nor as many batches of a walk, by every bound on a block: the
    /// weight and the number of proof calls, and the block's length. Weights are those
    /// that reveals declare, which is what counts against the cap: with the largest k and
    /// the longest lanes. The phase's first block is none of them: the pool takes no
    /// reveal before it. What other extensions weigh is not known here; the capacity
    /// leaves a fifth of the phase for that and for confirmations.
    pub fn reveals_held(parameters: &WindowParameters, rounds: u32) -> u64 {
        let mountain = rounds.checked_ilog2().unwrap_or(0);
        let path = |tiles: u32| {
            let tile = tiles.checked_ilog2().unwrap_or(0);
            u64::from(tile).saturating_add(mountain.into())
        };
        let in_all = |samples: u32, path: u64| {
            usize::try_from(u64::from(samples).saturating_mul(path)).unwrap_or(usize::MAX)
        };
        let samples = parameters.samples;
        let product_path = path(parameters.workload.tiles());
        let (walk_samples, walk_path) = parameters.walk.map_or((0, 0), |walk| {
            (walk.samples, path(walk.parameters(1).groups()))
        });

        let class = DispatchClass::Operational;
        let product = Self::reveal_weight_for(samples, MAX_DEPTH, in_all(samples, product_path));
        let walk = Self::walk_weight_for(
            walk_samples,
            MAX_LANE_ROUNDS,
            in_all(walk_samples, walk_path),
        );
        let reveal = product
            .saturating_add(walk)
            .saturating_add(T::WeightInfo::check_reveal())
            .saturating_add(T::BlockWeights::get().get(class).base_extrinsic);
        let by_weight = T::MaxProofWeightPerBlock::get()
            .checked_div_per_component(&reveal)
            .unwrap_or(u64::MAX);

        let walk_bytes = match walk_samples {
            0 => 0,
            samples => reveal_bytes(samples, walk_path),
        };
        let bytes = ENVELOPE
            .saturating_add(reveal_bytes(samples, product_path))
            .saturating_add(walk_bytes);
        let by_length = u64::from(*T::BlockLength::get().max.get(class))
            .checked_div(bytes)
            .unwrap_or(0);

        by_weight
            .min(by_length)
            .min(T::MaxProofCallsPerBlock::get().into())
            .saturating_mul(parameters.reveal_blocks().into())
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
        assert!(
            T::MaxSamples::get() > 0 && T::MaxWalkSamples::get() > 0,
            "a reveal has to open something"
        );
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
        let cap = T::MaxProofWeightPerBlock::get();
        for (call, weight) in [
            (
                "commit",
                Self::commit_weight(gpus, gpus)
                    .saturating_add(T::WeightInfo::check_commit(T::MaxGpusPerCall::get())),
            ),
            (
                "reveal",
                Self::largest_reveal_weight().saturating_add(T::WeightInfo::check_reveal()),
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
