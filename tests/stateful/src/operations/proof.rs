// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Windows and those who prove in them: honest ones, liars, and who says nothing.

use super::Operation;
use crate::{Actor, World};
use frame_support::BoundedVec;
use ni_runtime::configs::proof::CLAIM_ROUNDS;
use ni_runtime::{AccountId, BlockNumber, Registration, Runtime, System};
use pallet_proof_of_gpu::{Call, CurrentWindow, GpuClaim, Gpus, Phase, Records, Window};
use proof_of_gpu_primitives::{
    ChallengeInput, Hash, Opening, Path, SoftwareSha256, challenge,
    prover::{CpuEngine, Proof, open, prove},
    sampling,
};

/// What happens to windows.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "commit",
        weight: 130,
        run: commit,
    },
    Operation {
        name: "reveal",
        weight: 260,
        run: reveal,
    },
    Operation {
        name: "confirm",
        weight: 60,
        run: confirm,
    },
    Operation {
        name: "report a missed reveal",
        weight: 8,
        run: report_missed,
    },
];

/// What a GPU is going to do about its commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    /// Reveal what it computed.
    Honest,
    /// Reveal, with something altered.
    Altered,
    /// Say nothing.
    Vanish,
    /// Reveal when it is too late.
    Late,
}

/// What a GPU has committed to in the current window.
pub(crate) struct Work {
    window: u32,
    /// None when nothing was computed.
    proof: Option<Proof>,
    plan: Plan,
    /// Whether it has been revealed or confirmed, or never will be.
    done: bool,
}

/// Operations of a round of the smallest shape.
const OPERATIONS_A_ROUND: u64 = 2 * 64 * 64 * 64;

/// A window of the chain.
pub type CurrentWindowOf = Window<BlockNumber>;

impl World {
    /// Lets go of the work of windows that are over, and remembers what was missed.
    pub(crate) fn forget_work(&mut self) {
        let current = CurrentWindow::<Runtime>::get().map(|window| window.id);
        let over: Vec<(AccountId, u32)> = self
            .work
            .iter()
            .filter(|(_, work)| Some(work.window) != current)
            .map(|(gpu, _)| gpu.clone())
            .collect();
        for (hotkey, gpu) in over {
            let Some(work) = self.work.remove(&(hotkey.clone(), gpu)) else {
                continue;
            };
            if let Some(missed) = missed(&hotkey, gpu)
                && missed == work.window
            {
                self.missed.push((hotkey, gpu, missed));
            }
        }
    }
}

/// The window in which the GPU was called and has not answered, if one has closed.
fn missed(hotkey: &AccountId, gpu: u32) -> Option<u32> {
    let commit = Gpus::<Runtime>::get(hotkey, gpu)?.commit?;
    let record = Records::<Runtime>::get(commit.window % CLAIM_ROUNDS)?;
    let called = sampling::is_called::<SoftwareSha256>(
        &record.sampling_beacon,
        hotkey.as_ref(),
        gpu,
        record.commits,
        record.capacity,
    );
    (called && !commit.resolved && record.id == commit.window).then_some(commit.window)
}

/// The window that takes commits now.
fn open_window() -> Option<CurrentWindowOf> {
    CurrentWindow::<Runtime>::get()
        .filter(|window| window.phase == Phase::Open && System::block_number() <= window.deadline)
}

/// The window that takes reveals now, with its sampling beacon.
fn revealing_window() -> Option<(CurrentWindowOf, Hash)> {
    let window = CurrentWindow::<Runtime>::get()?;
    match window.phase {
        Phase::Revealing {
            sampling_beacon,
            until,
            ..
        } if System::block_number() <= until => Some((window, sampling_beacon)),
        _ => None,
    }
}

fn is_called(window: &CurrentWindowOf, beacon: &Hash, hotkey: &AccountId, gpu: u32) -> bool {
    sampling::is_called::<SoftwareSha256>(
        beacon,
        hotkey.as_ref(),
        gpu,
        window.commits,
        window.parameters.capacity,
    )
}

/// Rounds for about so many MOPS in the window.
#[must_use]
pub fn rounds_for(window: &CurrentWindowOf, mops: u32) -> u32 {
    let parameters = &window.parameters;
    let slots = u64::from(parameters.work + parameters.grace);
    let ms = slots * ni_runtime::Babe::slot_duration();
    let operations = u64::from(mops) * ms * 1_000;
    u32::try_from(operations.div_ceil(OPERATIONS_A_ROUND)).unwrap_or(1)
}

/// Computes what an honest GPU would. None for what the protocol does not allow.
#[must_use]
pub fn compute(
    window: &CurrentWindowOf,
    hotkey: &AccountId,
    gpu: u32,
    rounds: u32,
) -> Option<Proof> {
    let input = ChallengeInput {
        genesis_hash: System::block_hash(0).into(),
        window: window.id,
        beacon: window.beacon,
        account: hotkey.clone().into(),
        gpu,
        workload: window.parameters.workload,
    };
    prove(
        &mut CpuEngine::default(),
        challenge::<SoftwareSha256>(&input),
        &window.parameters.workload,
        rounds,
        &mut |_| (),
    )
    .ok()
}

fn commit(world: &mut World) -> bool {
    let Some(window) = open_window() else {
        return world.rng.percent(1) && stray_commit(world);
    };
    let ready: Vec<(AccountId, Vec<u32>)> = pallet_registration::Hotkeys::<Runtime>::iter()
        .map(|(hotkey, registration)| {
            let gpus = (0..registration.slots())
                .filter(|gpu| {
                    Registration::can_prove(&hotkey, *gpu)
                        && !world.work.contains_key(&(hotkey.clone(), *gpu))
                })
                .collect::<Vec<_>>();
            (hotkey, gpus)
        })
        .filter(|(_, gpus)| !gpus.is_empty())
        .collect();
    let Some((hotkey, gpus)) = world.rng.pick(&ready).cloned() else {
        return false;
    };
    let Some(signer) = world.actor(&hotkey) else {
        return false;
    };
    if world.rng.percent(6) {
        return bad_commit(world, &window, &signer, gpus[0]);
    }
    let most = if world.rng.percent(30) { gpus.len() } else { 1 };
    let mut claims = Vec::new();
    let mut begun = Vec::new();
    for gpu in gpus.into_iter().take(most) {
        let plan = match world.rng.below(20) {
            0..=13 => Plan::Honest,
            14 | 15 => Plan::Altered,
            16..=18 => Plan::Vanish,
            _ => Plan::Late,
        };
        let mops = match world.rng.below(16) {
            0 => 5_000,
            1..=3 => 2_000,
            _ => 1_000,
        };
        let rounds = rounds_for(&window, mops) + world.rng.within(0, 6);
        let proof = (plan != Plan::Vanish)
            .then(|| compute(&window, &hotkey, gpu, rounds))
            .flatten();
        let root = proof.as_ref().map_or([0x11; 32], Proof::root);
        claims.push(GpuClaim {
            gpu,
            rounds,
            root,
            walk: None,
        });
        begun.push((
            gpu,
            Work {
                window: window.id,
                proof,
                plan,
                done: false,
            },
        ));
    }
    let Ok(claims) = claims.try_into() else {
        return false;
    };
    let committed = world.call(
        &signer,
        Call::commit {
            window: window.id,
            beacon: window.beacon,
            claims,
        },
    );
    if committed {
        for (gpu, work) in begun {
            world.work.insert((hotkey.clone(), gpu), work);
        }
    }
    true
}

/// A commit that must be refused, whatever window there is.
fn stray_commit(world: &mut World) -> bool {
    let hotkey = world.any_hotkey();
    let window = CurrentWindow::<Runtime>::get().map_or(0, |window| window.id);
    let claim = GpuClaim {
        gpu: 0,
        rounds: 100,
        root: [1; 32],
        walk: None,
    };
    world.call(
        &hotkey,
        Call::commit {
            window,
            beacon: [2; 32],
            claims: BoundedVec::truncate_from(vec![claim]),
        },
    );
    true
}

/// A commit to an open window that must be refused.
fn bad_commit(world: &mut World, window: &CurrentWindowOf, signer: &Actor, gpu: u32) -> bool {
    let mut beacon = window.beacon;
    let claim = GpuClaim {
        gpu,
        rounds: rounds_for(window, 1_000),
        root: [1; 32],
        walk: None,
    };
    let mut claims = vec![claim];
    match world.rng.below(6) {
        0 => beacon[7] ^= 1,
        1 => claims[0].rounds = 0,
        2 => claims[0].gpu += 50,
        3 => claims.push(claim),
        4 => claims.clear(),
        _ => claims[0].rounds = u32::MAX,
    }
    world.call(
        signer,
        Call::commit {
            window: window.id,
            beacon,
            claims: BoundedVec::truncate_from(claims),
        },
    );
    true
}

fn reveal(world: &mut World) -> bool {
    let Some((window, beacon)) = revealing_window() else {
        return world.rng.percent(1) && late_reveal(world);
    };
    let due: Vec<(AccountId, u32)> = world
        .work
        .iter()
        .filter(|((hotkey, gpu), work)| {
            !work.done
                && matches!(work.plan, Plan::Honest | Plan::Altered)
                && is_called(&window, &beacon, hotkey, *gpu)
        })
        .map(|(gpu, _)| gpu.clone())
        .collect();
    let Some((hotkey, gpu)) = world.rng.pick(&due).cloned() else {
        return world.rng.percent(2) && uncalled_reveal(world, &window, beacon);
    };
    let (Some(signer), Some(work)) = (
        world.actor(&hotkey),
        world.work.get_mut(&(hotkey.clone(), gpu)),
    ) else {
        return false;
    };
    work.done = true;
    let altered = work.plan == Plan::Altered;
    let Some(proof) = work.proof.take() else {
        return false;
    };
    let Ok(mut openings) = open(
        &mut CpuEngine::default(),
        &proof,
        &beacon,
        window.parameters.samples,
    ) else {
        return false;
    };
    let mut peaks = proof.peaks().to_vec();
    if altered {
        alter(world, &mut peaks, &mut openings);
    }
    world.call(
        &signer,
        Call::reveal {
            window: window.id,
            sampling_beacon: beacon,
            gpu,
            peaks: BoundedVec::truncate_from(peaks),
            openings: BoundedVec::truncate_from(openings),
            walk_peaks: Default::default(),
            walk_openings: Default::default(),
        },
    );
    true
}

/// Changes one bit, or leaves something out.
fn alter(world: &mut World, peaks: &mut Vec<Hash>, openings: &mut Vec<Opening>) {
    let rng = &mut world.rng;
    let index = rng.index(openings.len());
    match (rng.below(5), openings.get_mut(index)) {
        (0, Some(opening)) => opening.folds[rng.index(64)] ^= 1 << rng.within(0, 31),
        (1, Some(opening)) => {
            let mut path: Vec<Hash> = opening.mountain_path.clone().into();
            match path.first_mut() {
                Some(sibling) => sibling[0] ^= 1,
                None => path.push([3; 32]),
            }
            if let Ok(path) = Path::try_from(path) {
                opening.mountain_path = path;
            }
        }
        (2, _) => {
            openings.pop();
        }
        (3, _) => {
            peaks.pop();
        }
        _ => {
            if let Some(peak) = peaks.first_mut() {
                peak[31] ^= 0x80;
            }
        }
    }
}

/// A reveal by a GPU that has not been called or has not committed.
fn uncalled_reveal(world: &mut World, window: &CurrentWindowOf, beacon: Hash) -> bool {
    let hotkey = world.any_hotkey();
    world.call(
        &hotkey,
        Call::reveal {
            window: window.id,
            sampling_beacon: beacon,
            gpu: 60,
            peaks: BoundedVec::default(),
            openings: BoundedVec::default(),
            walk_peaks: Default::default(),
            walk_openings: Default::default(),
        },
    );
    true
}

/// A reveal outside of its phase.
fn late_reveal(world: &mut World) -> bool {
    let late = world
        .work
        .iter()
        .find(|(_, work)| work.plan == Plan::Late && !work.done)
        .map(|((hotkey, gpu), work)| (hotkey.clone(), *gpu, work.window));
    let (hotkey, gpu, window) = late.unwrap_or((world.any_hotkey().account, 0, 0));
    let Some(signer) = world.actor(&hotkey) else {
        return false;
    };
    world.call(
        &signer,
        Call::reveal {
            window,
            sampling_beacon: [5; 32],
            gpu,
            peaks: BoundedVec::default(),
            openings: BoundedVec::default(),
            walk_peaks: Default::default(),
            walk_openings: Default::default(),
        },
    );
    true
}

fn confirm(world: &mut World) -> bool {
    let Some((window, beacon)) = revealing_window() else {
        return false;
    };
    // With one chance in twenty of what must be refused.
    let any = world.rng.percent(5);
    let due: Vec<(AccountId, u32)> = world
        .work
        .iter()
        .filter(|((hotkey, gpu), work)| {
            let verified = Gpus::<Runtime>::get(hotkey, gpu)
                .is_some_and(|state| state.last_verified.is_some());
            !work.done && (any || verified && !is_called(&window, &beacon, hotkey, *gpu))
        })
        .map(|(gpu, _)| gpu.clone())
        .collect();
    let Some((hotkey, gpu)) = world.rng.pick(&due).cloned() else {
        return false;
    };
    let Some(signer) = world.actor(&hotkey) else {
        return false;
    };
    let mut gpus: Vec<u32> = due
        .iter()
        .filter(|(other, _)| *other == hotkey)
        .map(|(_, gpu)| *gpu)
        .collect();
    if world.rng.percent(50) {
        gpus = vec![gpu];
    }
    let confirmed = world.call(
        &signer,
        Call::confirm {
            window: window.id,
            gpus: BoundedVec::truncate_from(gpus.clone()),
        },
    );
    if confirmed {
        for gpu in gpus {
            if let Some(work) = world.work.get_mut(&(hotkey.clone(), gpu)) {
                work.done = true;
            }
        }
    }
    true
}

fn report_missed(world: &mut World) -> bool {
    // What has been settled since needs no report, but a few.
    let stale = world.rng.percent(3);
    world
        .missed
        .retain(|(hotkey, gpu, window)| stale || missed(hotkey, *gpu) == Some(*window));
    let index = world.rng.index(world.missed.len());
    let (hotkey, gpu, window) = match world.missed.get(index) {
        Some(_) => world.missed.swap_remove(index),
        None if !world.rng.percent(5) => return false,
        None => (world.any_hotkey().account, world.rng.within(0, 3), 0),
    };
    let reporter = world.any_owner();
    world.call(
        &reporter,
        Call::report_missed {
            hotkey,
            gpu,
            window,
        },
    );
    true
}
