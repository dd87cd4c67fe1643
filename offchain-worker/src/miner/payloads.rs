// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner's calls, made from what its GPUs hold.

use subxt::transactions::DynamicPayload;

use super::{
    gpu::{Gpu, Opened},
    plan,
};
use ni_client::{
    calls::{self, Commit, GpuClaim, Reveal, Shown},
    types::Window,
};

/// A GPU's claim in a commit; `None` where it has finished nothing.
pub(super) fn claim(gpu: &Gpu) -> Option<GpuClaim> {
    let (_, work) = gpu.finished.as_ref()?;
    Some(GpuClaim {
        gpu: gpu.index,
        rounds: work.product.rounds(),
        root: work.product.root(),
        walk: work.walk.as_ref().map(|walk| walk.claim().into()),
    })
}

/// What a claim has shown so far, where that is below the floor: one such claim would have
/// the whole call refused.
pub(super) fn too_slow(window: &Window, claim: &GpuClaim, moment: u64, floor: u64) -> Option<u64> {
    plan::mops(window, claim.rounds, moment).filter(|mops| *mops < floor)
}

/// The commit of these claims.
pub(super) fn commit(window: &Window, claims: Vec<GpuClaim>) -> DynamicPayload<Commit> {
    calls::commit(window.id, window.beacon, claims)
}

/// A GPU's reveal; `None` where its openings are not ready.
pub(super) fn reveal(window: &Window, gpu: &Gpu) -> Option<DynamicPayload<Reveal>> {
    let (_, work) = gpu.finished.as_ref()?;
    let (sampling_beacon, Opened::Ready(openings)) = gpu.opened.as_ref()? else {
        return None;
    };
    let product = Shown {
        peaks: work.product.peaks(),
        openings: &openings.product,
    };
    let walk = Shown {
        peaks: work.walk.as_ref().map_or(&[], |walk| walk.peaks()),
        openings: &openings.walk,
    };
    let index = gpu.index;
    Some(calls::reveal(
        window.id,
        *sampling_beacon,
        index,
        product,
        walk,
    ))
}
