// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Reads what a finalized block has to do with proofs.

use proof_of_gpu_primitives::Hash;
use tracing::warn;

use super::{
    committed::Gpu,
    reveal::{Revealed, RevealedWalk, find},
    store::Taken,
    verdict::{Finding, Verdict},
};
use ni_client::{
    ChainError, View,
    events::Event,
    extrinsics::Extrinsic,
    keys,
    types::{Phase, WalkCommit, Window},
};

/// What a block holds.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// What goes into the store.
    pub taken: Taken,
    /// The window that ended in it.
    pub closed: Option<u32>,
    /// Slashes for missed reveals: of whom, how much, by whose report.
    pub missed: Vec<(Gpu, u128, Option<Hash>)>,
}

/// Reads a block of the chain whose block 0 is `genesis`.
///
/// # Errors
/// [`ChainError::Rpc`] where the node does not give it, [`ChainError::WrongChain`] where
/// it is of another form.
pub async fn read(view: &View, genesis: &Hash) -> Result<Collected, ChainError> {
    let mut collected = Collected::default();
    collected.taken.number = view.number();
    collected.taken.hash = view.hash().0;
    let taken = &mut collected.taken;
    let mut reveals = Vec::new();
    for (place, event) in view.placed_events().await? {
        let of = |account, gpu, window| Gpu {
            window,
            account,
            gpu,
        };
        match event {
            Event::Committed {
                hotkey,
                gpu,
                window,
                ..
            } => taken.committed.push(of(hotkey, gpu, window)),
            Event::Confirmed {
                hotkey,
                gpu,
                window,
                ..
            } => taken.settled.push(of(hotkey, gpu, window)),
            Event::Verified {
                hotkey,
                gpu,
                window,
                ..
            } => reveals.push((place, of(hotkey, gpu, window), true)),
            Event::Refused {
                hotkey,
                gpu,
                window,
                ..
            } => reveals.push((place, of(hotkey, gpu, window), false)),
            Event::Missed {
                hotkey,
                gpu,
                window,
                slashed,
                reporter,
            } => {
                let gpu = of(hotkey, gpu, window);
                taken.settled.push(gpu);
                collected.missed.push((gpu, slashed, reporter));
            }
            Event::WindowClosed { window } => collected.closed = Some(window),
            _ => {}
        }
    }
    if reveals.is_empty() {
        return Ok(collected);
    }
    let block = Block {
        view,
        genesis,
        window: view.window().await?,
        extrinsics: view.extrinsics().await?,
    };
    for reveal in reveals {
        take_reveal(&block, reveal, taken).await?;
    }
    Ok(collected)
}

/// A block with reveals in it, as far as these need it.
struct Block<'a> {
    view: &'a View,
    genesis: &'a Hash,
    window: Option<Window>,
    extrinsics: Vec<Extrinsic>,
}

/// Takes one reveal of a block: to be judged, or, where its call does not show it, with
/// the verdict that it cannot be.
async fn take_reveal(
    block: &Block<'_>,
    (place, gpu, accepted): (Option<u32>, Gpu, bool),
    taken: &mut Taken,
) -> Result<(), ChainError> {
    taken.settled.push(gpu);
    let state = block.view.gpu(&gpu.account, gpu.gpu).await?;
    let claim = state
        .commit
        .filter(|commit| commit.window == gpu.window)
        .map(|commit| (commit.rounds, commit.root, commit.walk));
    let frame = Revealed {
        genesis_hash: *block.genesis,
        window: gpu.window,
        account: gpu.account,
        gpu: gpu.gpu,
        rounds: claim.map_or(0, |(rounds, ..)| rounds),
        root: claim.map_or_else(Hash::default, |(_, root, _)| root),
        accepted,
        block: block.view.number(),
        block_hash: block.view.hash().0,
        extrinsic: place.unwrap_or(u32::MAX),
        ..Revealed::default()
    };
    let call = block.extrinsics.iter().find(|one| Some(one.index) == place);
    let revealed = block
        .window
        .as_ref()
        .filter(|window| window.id == gpu.window && claim.is_some())
        .zip(call)
        .and_then(|(window, call)| {
            let walk = claim.and_then(|(.., walk)| walk);
            complete(&frame, window, walk, call)
        });
    match revealed {
        Some(revealed) => taken.revealed.push(revealed),
        None => {
            warn!(
                window = gpu.window,
                hotkey = keys::address(&gpu.account),
                gpu = gpu.gpu,
                block = block.view.number(),
                "a reveal is not in the call that made it: it cannot be audited"
            );
            let reason = "the reveal is not in the call that made it";
            let verdict = Verdict::without_work(&frame, Finding::Skipped(reason.into()));
            taken.verdicts.push(verdict);
        }
    }
    Ok(())
}

/// The reveal with what the window says and the call shows. Of several in one call, that
/// which the verifier says of what the chain said.
fn complete(
    frame: &Revealed,
    window: &Window,
    walk: Option<WalkCommit>,
    call: &Extrinsic,
) -> Option<Revealed> {
    let Phase::Revealing {
        sampling_beacon, ..
    } = window.phase
    else {
        return None;
    };
    let all = find(&call.fields, window.id, &sampling_beacon, frame.gpu);
    let mut candidates = all.map(|shown| Revealed {
        beacon: window.beacon,
        workload: window.parameters.workload.into(),
        sampling_beacon,
        samples: window.parameters.samples,
        peaks: shown.peaks,
        openings: shown.openings,
        walk: window
            .parameters
            .walk
            .zip(walk)
            .map(|(rules, walk)| RevealedWalk {
                parameters: rules.parameters(walk.pages),
                batches: walk.batches,
                root: walk.root,
                samples: rules.samples,
                peaks: shown.walk_peaks,
                openings: shown.walk_openings,
            }),
        ..frame.clone()
    });
    let first = candidates.next()?;
    let fits = |one: &Revealed| one.verify().is_ok() == frame.accepted;
    if fits(&first) {
        return Some(first);
    }
    Some(candidates.find(fits).unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use codec::Encode;
    use proof_of_gpu_primitives::Opening;

    use super::*;
    use crate::audit::fabricated::{self, Lie};
    use ni_client::types::{Shape, WindowParameters};

    fn window(revealed: &Revealed) -> Window {
        Window {
            id: revealed.window,
            parameters: WindowParameters {
                workload: Shape {
                    m: revealed.workload.m,
                    n: revealed.workload.n,
                    k: revealed.workload.k,
                },
                samples: revealed.samples,
                walk: None,
                work: 1,
                grace: 1,
                sampling: 8,
                reveal: 1,
                capacity: 1,
            },
            beacon: revealed.beacon,
            opened_at: 1,
            opened_moment: 1,
            deadline: 2,
            commits: 1,
            phase: Phase::Revealing {
                elapsed_ms: 1,
                sampling_beacon: revealed.sampling_beacon,
                until: 9,
            },
        }
    }

    fn fields(revealed: &Revealed) -> Vec<u8> {
        (
            revealed.window,
            revealed.sampling_beacon,
            revealed.gpu,
            &revealed.peaks,
            &revealed.openings,
            Vec::<Hash>::new(),
            Vec::<Opening>::new(),
        )
            .encode()
    }

    fn call(fields: Vec<u8>) -> Extrinsic {
        Extrinsic {
            index: 2,
            pallet: "Utility".into(),
            call: "batch".into(),
            fields,
            signer: None,
        }
    }

    fn frame(revealed: &Revealed) -> Revealed {
        Revealed {
            peaks: Vec::new(),
            openings: Vec::new(),
            beacon: Hash::default(),
            ..revealed.clone()
        }
    }

    #[test]
    fn a_reveal_is_completed_from_window_and_call() {
        let revealed = fabricated::revealed(Lie::None);
        let found = complete(
            &frame(&revealed),
            &window(&revealed),
            None,
            &call(fields(&revealed)),
        );
        assert_eq!(found, Some(revealed.clone()));
        let found = complete(
            &frame(&revealed),
            &window(&revealed),
            None,
            &call(vec![0; 99]),
        );
        assert_eq!(found, None);
    }

    #[test]
    fn a_decoy_beside_the_reveal_does_not_hide_it() {
        let revealed = fabricated::revealed(Lie::SubTile);
        let mut decoy = revealed.clone();
        decoy.openings[0].folds = [0; 64];
        for parts in [[&decoy, &revealed], [&revealed, &decoy]] {
            let both = call(parts.map(fields).concat());
            let found = complete(&frame(&revealed), &window(&revealed), None, &both);
            assert_eq!(found, Some(revealed.clone()));
        }
        // A refused one is found beside one that would have been accepted.
        let mut refused = decoy.clone();
        refused.accepted = false;
        let both = call([&revealed, &refused].map(fields).concat());
        let found = complete(&frame(&refused), &window(&refused), None, &both);
        assert_eq!(found, Some(refused));
    }
}
