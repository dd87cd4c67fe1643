// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of the calls, of `on_initialize` and of the extension's checks, each
//! set up at its worst.

mod proof;

use alloc::vec;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    dispatch::{DispatchInfo, GetDispatchInfo, PostDispatchInfo},
    traits::{Get, IsSubType},
};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};
use proof_of_gpu_primitives::{
    FOLDS, Hash, Opening, Path, TILE, VerifyError, Workload, verify_reveal,
    walk::{MAX_PAGES, WalkParameters, verify_walk},
};
use sp_runtime::{
    Perbill,
    traits::{
        AsSystemOriginSigner, AsTransactionAuthorizedOrigin, DispatchTransaction, Dispatchable,
    },
};

use crate::{
    Beacon, BeaconState, BlockUse, Call, Commit, Config, CurrentWindow, GpuClaim, GpuState, Gpus,
    IdleSince, MOST_ROUNDS_PER_BLOCK, Miners, NextWindow, Pallet, Phase, ProofCalls, Records,
    Score, WalkCommit, WalkRules, Window, WindowClock, WindowParameters, WindowRecord,
    charge::ROUNDS_A_BLOCK, extension::CheckProofCall, randomness::HostSha256,
};
use proof::{Prepared, PreparedWalk};

/// Draws the samples and the lottery.
const SAMPLING_BEACON: Hash = [0x5a; 32];

/// The smallest shape.
const SMALLEST: Workload = Workload::new(TILE, TILE, TILE);

/// What a walk is asked for by, as in production.
const RULES: WalkRules = WalkRules {
    page_bits: 23,
    rounds: 1_280,
    lanes: 1 << 20,
    hops: 16,
    passes: 32,
    samples: 1,
};

/// The largest fill there is, and as many batches as a window of two blocks has time for.
const WALK: WalkCommit = WalkCommit {
    pages: MAX_PAGES,
    batches: MOST_ROUNDS_PER_BLOCK,
    root: [5; 32],
};

/// The window's id: past a whole ring of records.
fn id<T: Config>() -> u32 {
    T::ClaimRounds::get() + 1
}

fn hotkey<T: Config>() -> T::AccountId {
    account("hotkey", 0, 0)
}

fn parameters(workload: Workload, samples: u32, capacity: u32) -> WindowParameters {
    WindowParameters {
        workload,
        samples,
        walk: None,
        min_gap: 1,
        max_gap: 1,
        open_chance: Perbill::one(),
        work: 40,
        grace: 10,
        sampling: 8,
        reveal: 10,
        capacity,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
    }
}

/// Starts a window in `phase` in the current block, and fills the ring of records.
fn start<T: Config>(phase: Phase<BlockNumberFor<T>>, parameters: WindowParameters) {
    let now: BlockNumberFor<T> = 100u32.into();
    frame_system::Pallet::<T>::set_block_number(now);
    Beacon::<T>::put(BeaconState {
        acc: [1; 32],
        moment: 1_000_000,
    });
    NextWindow::<T>::put(id::<T>() + 1);
    for window in 1..id::<T>() {
        Records::<T>::insert(window % T::ClaimRounds::get(), uncalled(window));
    }
    CurrentWindow::<T>::put(Window {
        id: id::<T>(),
        parameters,
        beacon: [2; 32],
        opened_at: now,
        opened_moment: 1_000_000 - 1,
        deadline: now,
        deadline_moment: Some(1_000_000),
        commits: 1,
        phase,
    });
    // Of an earlier block, so that it is read and overwritten.
    ProofCalls::<T>::put(BlockUse {
        block: 99u32.into(),
        ..Default::default()
    });
}

fn revealing<T: Config>() -> Phase<BlockNumberFor<T>> {
    Phase::Revealing {
        elapsed_ms: 1,
        sampling_beacon: SAMPLING_BEACON,
        until: 200u32.into(),
    }
}

/// The record of a window that called nobody.
fn uncalled(id: u32) -> WindowRecord {
    WindowRecord {
        id,
        sampling_beacon: SAMPLING_BEACON,
        commits: u32::MAX,
        capacity: 0,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
    }
}

/// The record of a window that called everybody.
fn called(id: u32) -> WindowRecord {
    WindowRecord {
        commits: 1,
        capacity: u32::MAX,
        ..uncalled(id)
    }
}

fn insert_commit<T: Config>(
    gpu: u32,
    window: u32,
    rounds: u32,
    root: Hash,
    walk: Option<WalkCommit>,
) {
    let commit = Some(Commit {
        window,
        rounds,
        root,
        walk,
        resolved: false,
        bond: 1,
    });
    Gpus::<T>::insert(
        hotkey::<T>(),
        gpu,
        GpuState {
            commit,
            last_verified: Some(Score {
                mops: 1,
                gib: 1,
                gbps: 1,
            }),
        },
    );
}

/// Opens a window to which the hotkey's first `g` GPUs can commit; each has an
/// unresolved commit to look up the record of. Returns the claims.
fn ready_to_commit<T: Config>(g: u32) -> BoundedVec<GpuClaim, T::MaxGpusPerCall> {
    let parameters = WindowParameters {
        walk: Some(RULES),
        ..parameters(Workload::new(16_384, 16_384, 4_096), 1, 1)
    };
    start::<T>(Phase::Open, parameters);
    T::Miners::register(&hotkey::<T>(), g);
    for gpu in 0..g {
        insert_commit::<T>(gpu, id::<T>() - 1, 1, [3; 32], Some(WALK));
    }
    let claims = (0..g).map(|gpu| GpuClaim {
        gpu,
        rounds: MOST_ROUNDS_PER_BLOCK,
        root: [4; 32],
        walk: Some(WALK),
    });
    BoundedVec::truncate_from(claims.collect())
}

/// Starts a reveal phase in which the hotkey's first `g` GPUs are to confirm.
fn ready_to_confirm<T: Config>(g: u32) -> BoundedVec<u32, T::MaxGpusPerCall> {
    let parameters = WindowParameters {
        walk: Some(RULES),
        ..parameters(SMALLEST, 1, 0)
    };
    start::<T>(revealing::<T>(), parameters);
    CurrentWindow::<T>::mutate(|window| {
        if let Some(window) = window {
            window.commits = u32::MAX;
        }
    });
    T::Miners::register(&hotkey::<T>(), g);
    for gpu in 0..g {
        insert_commit::<T>(gpu, id::<T>(), 1, [3; 32], Some(WALK));
    }
    BoundedVec::truncate_from((0..g).collect())
}

/// Starts a reveal phase in which the hotkey's GPU 0 is called, with an honest proof
/// of one round.
fn ready_to_reveal<T: Config>(
    workload: Workload,
    samples: u32,
) -> Result<Prepared, BenchmarkError> {
    start::<T>(revealing::<T>(), parameters(workload, samples, 1));
    let hotkey = hotkey::<T>();
    T::Miners::register(&hotkey, 1);
    let window = CurrentWindow::<T>::get().ok_or("the window has been started")?;
    let challenge = Pallet::<T>::challenge(&hotkey, 0, &window);
    let proof = Prepared::honest(challenge, workload, &SAMPLING_BEACON, samples)
        .ok_or("the shape is valid")?;
    insert_commit::<T>(0, id::<T>(), proof.claim.rounds, proof.claim.root, None);
    Ok(proof)
}

fn reveal_call<T: Config>(proof: &Prepared) -> Call<T> {
    Call::reveal {
        window: id::<T>(),
        sampling_beacon: SAMPLING_BEACON,
        gpu: 0,
        peaks: BoundedVec::truncate_from(proof.peaks.clone()),
        openings: BoundedVec::truncate_from(proof.openings.clone()),
        walk_peaks: BoundedVec::default(),
        walk_openings: BoundedVec::default(),
    }
}

/// Starts a reveal phase that asks for both proofs, and a reveal of the right size and of
/// nothing else: with the most samples, of one round of one tile and one batch of a group.
fn sized_reveal<T: Config>() -> Call<T> {
    let (samples, lanes) = (T::MaxSamples::get(), T::MaxWalkSamples::get());
    let rules = WalkRules {
        lanes: 64,
        passes: 0,
        samples: lanes,
        ..RULES
    };
    let asked = WindowParameters {
        walk: Some(rules),
        ..parameters(SMALLEST, samples, 1)
    };
    start::<T>(revealing::<T>(), asked);
    T::Miners::register(&hotkey::<T>(), 1);
    let walk = WalkCommit {
        pages: 1,
        batches: 1,
        root: [5; 32],
    };
    insert_commit::<T>(0, id::<T>(), 1, [4; 32], Some(walk));
    let openings = |count: u32| {
        let opening = Opening {
            folds: [0; FOLDS],
            tile_path: Path::default(),
            mountain_path: Path::default(),
        };
        (0..count).map(|_| opening.clone()).collect()
    };
    let peaks = || BoundedVec::truncate_from(vec![[6; 32]]);
    Call::reveal {
        window: id::<T>(),
        sampling_beacon: SAMPLING_BEACON,
        gpu: 0,
        peaks: peaks(),
        openings: BoundedVec::truncate_from(openings(samples)),
        walk_peaks: peaks(),
        walk_openings: BoundedVec::truncate_from(openings(lanes)),
    }
}

/// Whether the hotkey's GPU has a commit that is resolved.
fn is_resolved<T: Config>(gpu: u32) -> bool {
    Gpus::<T>::get(hotkey::<T>(), gpu)
        .and_then(|state| state.commit)
        .is_some_and(|commit| commit.resolved)
}

/// Goes to block `now`, in which no window has been seen yet, a gap after the last.
fn go_to<T: Config>(gap: u32) -> BlockNumberFor<T> {
    // Events are only kept past block 0.
    let now = BlockNumberFor::<T>::from(gap.max(1));
    frame_system::Pallet::<T>::set_block_number(now);
    Beacon::<T>::put(BeaconState {
        acc: [1; 32],
        moment: 1,
    });
    IdleSince::<T>::put(BlockNumberFor::<T>::from(0u32));
    now
}

/// What `on_initialize` does, in a block that has an output.
fn initialize<T: Config>(now: BlockNumberFor<T>) {
    let output = Pallet::<T>::vrf_output().unwrap_or([9; 32]);
    Pallet::<T>::advance(now, Some(output), T::Clock::now_ms());
}

/// What the extension does with a call.
fn check<T>(call: Call<T>) -> Result<(), BenchmarkError>
where
    T: Config + Send + Sync,
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>
        + GetDispatchInfo
        + IsSubType<Call<T>>
        + From<Call<T>>
        + Encode,
    T::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + AsTransactionAuthorizedOrigin,
{
    let call = T::RuntimeCall::from(call);
    let info = DispatchInfo::default();
    let origin = RawOrigin::Signed(hotkey::<T>()).into();
    CheckProofCall::<T>::new()
        .validate_and_prepare(origin, &call, &info, 0, 0)
        .map(|_| ())
        .map_err(|_| BenchmarkError::Stop("the call is sound"))
}

/// The verdict on a claim and one opening of it.
fn verdict_on(proof: &Prepared) -> Result<(), VerifyError> {
    let Prepared {
        claim,
        peaks,
        openings,
    } = proof;
    verify_reveal::<HostSha256>(claim, &SAMPLING_BEACON, peaks, openings, 1)
}

#[benchmarks(where
    T: Send + Sync,
    T::RuntimeCall: Dispatchable<Info = DispatchInfo, PostInfo = PostDispatchInfo>
        + GetDispatchInfo
        + IsSubType<Call<T>>
        + From<Call<T>>
        + Encode,
    T::RuntimeOrigin: AsSystemOriginSigner<T::AccountId> + AsTransactionAuthorizedOrigin,
)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_initialize_idle() {
        // All is looked at that may open a window, and it is not for want of an id.
        let now = go_to::<T>(T::Parameters::get().max_gap);
        NextWindow::<T>::put(u32::MAX);

        #[block]
        {
            initialize::<T>(now);
        }

        assert_ne!(Beacon::<T>::get().acc, [1; 32]);
        assert!(CurrentWindow::<T>::get().is_none());
    }

    #[benchmark]
    fn on_initialize_open() {
        let now = go_to::<T>(T::Parameters::get().max_gap);

        #[block]
        {
            initialize::<T>(now);
        }

        assert!(CurrentWindow::<T>::get().is_some());
    }

    #[benchmark]
    fn on_initialize_sampling() {
        start::<T>(Phase::Open, parameters(SMALLEST, 1, 1));

        #[block]
        {
            initialize::<T>(101u32.into());
        }

        let phase = CurrentWindow::<T>::get().map(|window| window.phase);
        assert!(matches!(phase, Some(Phase::Sampling { .. })));
    }

    #[benchmark]
    fn on_initialize_revealing() {
        start::<T>(
            Phase::Sampling { elapsed_ms: 1 },
            parameters(SMALLEST, 1, 1),
        );

        #[block]
        {
            initialize::<T>(109u32.into());
        }

        let phase = CurrentWindow::<T>::get().map(|window| window.phase);
        assert!(matches!(phase, Some(Phase::Revealing { .. })));
    }

    #[benchmark]
    fn on_initialize_close() {
        start::<T>(revealing::<T>(), parameters(SMALLEST, 1, 1));

        #[block]
        {
            initialize::<T>(201u32.into());
        }

        assert!(CurrentWindow::<T>::get().is_none());
    }

    #[benchmark]
    fn commit(g: Linear<1, { T::MaxGpusPerCall::get() }>) {
        let claims = ready_to_commit::<T>(g);

        #[extrinsic_call]
        _(RawOrigin::Signed(hotkey::<T>()), id::<T>(), [2; 32], claims);

        let window = CurrentWindow::<T>::get();
        assert_eq!(window.map(|window| window.commits), Some(g + 1));
    }

    #[benchmark]
    fn settle_missed() {
        go_to::<T>(1);
        let hotkey = hotkey::<T>();
        T::Miners::register(&hotkey, 1);
        let record = called(0);

        #[block]
        {
            Pallet::<T>::slash_missed(&hotkey, 0, &record, None);
        }
    }

    /// Valid, of the smallest shape.
    #[benchmark]
    fn reveal(s: Linear<1, { T::MaxSamples::get() }>) -> Result<(), BenchmarkError> {
        let call = reveal_call::<T>(&ready_to_reveal::<T>(SMALLEST, s)?);
        let origin = RawOrigin::Signed(hotkey::<T>());

        #[block]
        {
            frame_support::traits::UnfilteredDispatchable::dispatch_bypass_filter(
                call,
                origin.into(),
            )
            .map_err(|_| BenchmarkError::Stop("the reveal is in order"))?;
        }

        // A refused one would leave what was verified as it is.
        assert!(is_resolved::<T>(0));
        let state = Gpus::<T>::get(hotkey::<T>(), 0).ok_or("the GPU has committed")?;
        assert_eq!(state.last_verified, Some(Score::default()));
        Ok(())
    }

    /// One sample of `b` times 64 columns.
    #[benchmark]
    fn reveal_columns(b: Linear<1, 64>) -> Result<(), BenchmarkError> {
        let workload = Workload::new(TILE, TILE, b * TILE);
        let proof =
            Prepared::honest([7; 32], workload, &SAMPLING_BEACON, 1).ok_or("the shape is valid")?;
        let verdict;

        #[block]
        {
            verdict = verdict_on(&proof);
        }

        assert_eq!(verdict, Ok(()));
        Ok(())
    }

    /// One sample with `h` path elements, all of which fit; its product, which is
    /// checked last, does not.
    #[benchmark]
    fn reveal_path(h: Linear<0, 16>) -> Result<(), BenchmarkError> {
        let proof = Prepared::hollow([7; 32], h, &SAMPLING_BEACON).ok_or("the shape is valid")?;
        let verdict;

        #[block]
        {
            verdict = verdict_on(&proof);
        }

        assert_eq!(verdict, Err(VerifyError::Product { opening: 0 }));
        Ok(())
    }

    /// One sample of a walk, whose lane takes `b` times 512 rounds for its entries.
    #[benchmark]
    fn reveal_lane(b: Linear<1, 64>) -> Result<(), BenchmarkError> {
        const HOPS: u32 = 8;
        let parameters = WalkParameters {
            pages: 1,
            page_bits: 4,
            rounds: b * ROUNDS_A_BLOCK / HOPS,
            lanes: 64,
            hops: HOPS,
            passes: 0,
        };
        let walk = PreparedWalk::honest([7; 32], parameters, 1).ok_or("the size is valid")?;
        let PreparedWalk {
            claim,
            peaks,
            openings,
        } = &walk;
        let verdict;

        #[block]
        {
            verdict = verify_walk::<HostSha256>(claim, &SAMPLING_BEACON, peaks, openings, 1);
        }

        assert_eq!(verdict, Ok(()));
        Ok(())
    }

    #[benchmark]
    fn confirm(g: Linear<1, { T::MaxGpusPerCall::get() }>) {
        let gpus = ready_to_confirm::<T>(g);

        #[extrinsic_call]
        _(RawOrigin::Signed(hotkey::<T>()), id::<T>(), gpus);

        assert!(is_resolved::<T>(g - 1));
    }

    #[benchmark]
    fn report_missed() {
        start::<T>(Phase::Open, parameters(SMALLEST, 1, 1));
        let hotkey = hotkey::<T>();
        let window = id::<T>() - 1;
        T::Miners::register(&hotkey, 1);
        Records::<T>::insert(window % T::ClaimRounds::get(), called(window));
        insert_commit::<T>(0, window, 1, [3; 32], Some(WALK));

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), hotkey, 0, window);

        assert!(is_resolved::<T>(0));
    }

    #[benchmark]
    fn check_commit(g: Linear<1, { T::MaxGpusPerCall::get() }>) -> Result<(), BenchmarkError> {
        let claims = ready_to_commit::<T>(g);
        let call = Call::<T>::commit {
            window: id::<T>(),
            beacon: [2; 32],
            claims,
        };

        #[block]
        {
            check::<T>(call)?;
        }

        assert_eq!(ProofCalls::<T>::get().calls, 1);
        Ok(())
    }

    /// As many samples of both as there can be: each has a position to be drawn.
    #[benchmark]
    fn check_reveal() -> Result<(), BenchmarkError> {
        let call = sized_reveal::<T>();

        #[block]
        {
            check::<T>(call)?;
        }

        assert_eq!(ProofCalls::<T>::get().calls, 1);
        Ok(())
    }

    #[benchmark]
    fn check_confirm(g: Linear<1, { T::MaxGpusPerCall::get() }>) -> Result<(), BenchmarkError> {
        let call = Call::<T>::confirm {
            window: id::<T>(),
            gpus: ready_to_confirm::<T>(g),
        };

        #[block]
        {
            check::<T>(call)?;
        }

        assert_eq!(ProofCalls::<T>::get().calls, 1);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
