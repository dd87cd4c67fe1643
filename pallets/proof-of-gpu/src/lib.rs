// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Proof-of-GPU pallet
//!
//! ## Overview
//!
//! At times that nobody can foresee a *window* opens in which every registered
//! GPU of the network computes at once, on data that did not exist before. Each
//! commits to the rounds it has computed; after the deadline the chain's
//! accumulated randomness draws a few samples of them, which the runtime itself
//! recomputes; where a window asks for it, of a walk through the GPU's memory too. A lie costs a share of the bond. The protocol's text is that of
//! `proof-of-gpu-primitives`; this pallet is its clock, its randomness and its
//! judge. It knows nothing of tokens: bonds are behind [`Miners`], pay is the
//! business of whoever listens to [`OnVerified`] and [`OnWindowClosed`].
//!
//! ## Terminology
//!
//! - **hotkey**: the account that signs a miner's proof calls; **GPU**: one of
//!   its registered slots, by index.
//! - **accumulator**: acc_n = H('BEAC' ‖ acc_{n−1} ‖ r_n), over the VRF outputs of
//!   every block's parent.
//! - **beacon**: the accumulator of the block that opened the window; the work
//!   depends on it. **Sampling beacon**: the accumulator when the samples and
//!   the lottery are drawn.
//! - **called**: drawn by the lottery to reveal. While there are no more commits
//!   than capacity, all are.
//! - **missed**: called, and not revealed. The same offence as an invalid reveal.
//! - **resolved**: a commit that was verified, refused, confirmed or reported.
//!
//! ## The window
//!
//! `Idle → Open → Sampling → Revealing → Idle`, one window at a time, lengths in
//! blocks. Opened in `on_initialize` of block n, it takes commits in the blocks
//! n ..= D, D = n + work + grace − 1; the sampling beacon is the accumulator of
//! block D + 1 + sampling, and from that block on it takes reveals for `reveal`
//! blocks; the block after those closes it. A block without a VRF output changes
//! neither the accumulator nor the phase; the next one that has it does. Time is
//! (slot start of D) − (slot start of n − 1), the same for everyone however early
//! they commit: the beacon is known once n − 1 is, and empty slots are time too.
//! A window does not open while [`Config::Parameters`] are not valid.
//!
//! ## Assumptions
//!
//! - Most block authors do not collude with miners. Whoever authors the last j
//!   slots in a row knows the accumulator about j slots early and may redraw it
//!   by withholding blocks.
//! - Every slot's claim carries a VRF output (BABE with primary and secondary VRF
//!   slots): BABE repeats the last output for a block that has none.
//! - [`WindowClock`] and [`Config::Randomness`] speak of the current block when
//!   this pallet's `on_initialize` runs, so it comes after the consensus pallet.
//! - Block 0's hash stays in `frame_system::BlockHash`, as it does by default.
//! - [`extension::CheckProofCall`] is among the runtime's transaction extensions,
//!   outside `pallet_skip_feeless_payment::SkipCheckIfFeeless`. Without it the
//!   proof calls that fail are free.
//!
//! ## Interface
//!
//! - `commit`, `reveal`, `confirm`: signed by the hotkey, feeless, operational.
//!   At top level they are refused before the pool when they would fail. Called
//!   from within another call (a batch, a proxy) they pay as that one does.
//! - `report_missed`: signed by anyone, pays a fee, earns a bounty.
//! - [`Pallet::may_leave`] and [`Pallet::on_left`] for whoever keeps the bonds.
//! - [`Pallet::bond_at_commit`] for whoever bounds pay by a bond.
//! - [`upgrade::BetweenWindows`] for `frame_system::Config::OnSetCode`.
//!
//! ## Decisions
//!
//! - **Floor at commit.** The throughput of a claim is not known before the
//!   deadline; over the time passed so far it is worth more than it can come to
//!   be. `commit` refuses what is below the floor even so. A claim that falls
//!   below later can be verified, and its result is passed on with its MOPS.
//! - **Nothing verified yet.** A GPU whose first commits the lottery does not call
//!   has no verified throughput to be credited by: `confirm` refuses, the commit
//!   lapses, costs nothing and earns nothing.
//! - **The memory walk.** A window whose parameters have [`WalkRules`] asks for
//!   version 2 of the protocol: a walk through as many pages as the miner claims, and
//!   then the product, bound to it. A commit carries both and a reveal opens both; what is
//!   wrong with either is punished alike. Commits without what the window asks for, or
//!   with what it does not, are refused before anything is stored. How much memory is
//!   too little to be paid for is left to whoever listens to [`OnVerified`].
//! - **One size.** Proof calls are feeless and come before all else, so each has one size.
//!   A reveal of another size than its commit and the samples ask for is refused before
//!   anything is verified, and not punished: it took nobody's place. Its GPU may reveal
//!   anew, and has missed its reveal if it does not.
//! - **Most rounds.** A commit of more rounds than [`WindowParameters::most_rounds`] is
//!   refused: each doubling makes every path of a reveal longer. The bound is a constant a
//!   block, not measured time, so capacity can be set by it before a window opens.
//! - **Slashed bonds.** A GPU whose bond was slashed away after it committed may
//!   still reveal. A commit that settles a missed one is accepted although the
//!   slash leaves less of a bond: pay is bounded by the lesser of the bond at commit and
//!   the bond at the reveal. A lie risks the first, and a bond topped up afterwards, when
//!   the samples are known, backs nothing.
//! - **Upgrades.** New code waits for the window that is going on: see [`upgrade`].
//! - **Leaving.** See [`Pallet::may_leave`].
//!
//! ## Invariants
//!
//! Checked by `try_state`, whose errors begin with these numbers:
//!
//! 1. A current window has the id before `NextWindow`, and parameters that are
//!    valid.
//! 2. Its deadline is where its opening and its parameters put it; its phase fits
//!    the current block; it took reveals no earlier than its sampling ended.
//! 3. The record at index i is of a closed window whose id is i modulo
//!    `ClaimRounds`, and each of the last `ClaimRounds` closed windows has one.
//! 4. The clock has not run backwards: opening ≤ deadline ≤ now.
//! 5. Every GPU state has a commit, to a window that has opened, of a number of
//!    rounds that can be committed to, and of a walk, if any, that can be.
//! 6. No more GPUs have a commit to the current window than it counts.
//! 7. No commit to the current window is resolved before its reveal phase.
//! 8. `IdleSince` is not in the future, and not after a current window's opening.
//! 9. Proof calls have not taken more of a block than their caps.
//! 10. A commit to the current window has a memory walk if the window asks for one, of
//!     a size and a number of batches that its rules allow, and none if it does not.
//! 11. A commit to the current window is of no more rounds, and of a walk of no more
//!     batches, than the window has time for.
//! 12. Code waits for the current window only, and for no longer than it may.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod extension;
pub mod randomness;
pub mod upgrade;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod charge;
mod checks;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
#[cfg(test)]
mod mock;
mod settle;
#[cfg(test)]
mod tests;
mod throughput;
mod traits;
mod types;
mod walk;
mod window;

/// The example of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeDocTests;

pub use pallet::*;
pub use throughput::throughput;
pub use traits::{Miners, OnCommitted, OnVerified, OnWindowClosed, WindowClock};
pub use types::{
    BeaconState, BlockUse, Commit, GpuClaim, GpuState, MAX_BOUNTY_SHARE, MIN_SAMPLING,
    MOST_ROUNDS_PER_BLOCK, ParametersError, Phase, Reason, VerifiedResult, WORK_TO_GRACE, Window,
    WindowParameters, WindowRecord,
};
pub use walk::{Score, WalkCommit, WalkRules};
pub use weights::WeightInfo;

/// Amounts of the bonds' currency.
pub type BalanceOf<T> =
    <<T as Config>::Miners as Miners<<T as frame_system::Config>::AccountId>>::Balance;

/// The pallet.
// The macro's expansion qualifies names that are in scope here, and casts the
// numbers of variants.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
#[frame_support::pallet]
pub mod pallet {
    use frame_support::{pallet_prelude::*, traits::Randomness};
    use frame_system::pallet_prelude::*;
    use proof_of_gpu_primitives::{Hash, MAX_PEAKS, Opening};

    use super::*;

    /// The version of the storage's layout.
    /// Version 1 knew no memory walk. No chain was running with it: there is no migration.
    /// Version 2 counted GOPS, and its commits did not say what bond they risk.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(3);

    /// Most peaks that a range can have, as a type.
    pub type MaxPeaks = ConstU32<{ MAX_PEAKS as u32 }>;

    /// What the runtime provides.
    ///
    /// Accounts and block hashes are 32 bytes: the protocol hashes them.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<
            RuntimeEvent: From<Event<Self>>,
            AccountId: Into<Hash>,
            Hash: Into<Hash>,
        >
    {
        /// The parent block's VRF output, `None` if it had none: with BABE,
        /// `pallet_babe::ParentBlockRandomness`.
        type Randomness: Randomness<Option<Self::Hash>, BlockNumberFor<Self>>;

        /// The start of the current block's slot.
        type Clock: WindowClock;

        /// Parameters of the next window. May change at any time.
        type Parameters: Get<WindowParameters>;

        /// The registered miners and their bonds.
        type Miners: Miners<Self::AccountId>;

        /// The lowest throughput that is paid for, in MOPS. Read at every commit.
        type Floor: Get<u64>;

        /// Learns of commits.
        type OnCommitted: OnCommitted<Self::AccountId>;

        /// Learns of results.
        type OnVerified: OnVerified<Self::AccountId>;

        /// Learns of closed windows.
        type OnWindowClosed: OnWindowClosed<BlockNumberFor<Self>>;

        /// Most openings in a reveal. A window whose parameters ask for more does
        /// not open; lower it only while no window is going on.
        #[pallet::constant]
        type MaxSamples: Get<u32>;

        /// Most lanes of a walk that a reveal opens. As [`Config::MaxSamples`].
        #[pallet::constant]
        type MaxWalkSamples: Get<u32>;

        /// Most GPUs in one commit or confirmation.
        #[pallet::constant]
        type MaxGpusPerCall: Get<u32>;

        /// Closed windows on record, and so the time, in windows, in which a missed
        /// reveal can be reported. Changing it needs a migration of `Records`.
        #[pallet::constant]
        type ClaimRounds: Get<u32>;

        /// Most proof calls that a block takes at top level.
        #[pallet::constant]
        type MaxProofCallsPerBlock: Get<u32>;

        /// Most weight that proof calls at top level may take of a block, as they
        /// declare it. Holds the largest commit, confirmation and reveal.
        #[pallet::constant]
        type MaxProofWeightPerBlock: Get<Weight>;

        /// How new code is set, once no window is in its way: `()` where a chain's code is
        /// its own. Takes effect where [`upgrade::BetweenWindows`] is
        /// `frame_system::Config::OnSetCode`.
        type SetCode: frame_system::SetCode<Self>;

        /// Weights of the calls and of `on_initialize`.
        type WeightInfo: WeightInfo;
    }

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// The newest version of the proof protocol that windows may ask for; each says
        /// in its parameters whether it does. A worker that does not know it refuses to
        /// work: its proofs would be slashed.
        #[pallet::constant_name(ProtocolVersion)]
        fn protocol_version() -> u32 {
            proof_of_gpu_primitives::walk::WALK_VERSION
        }
    }

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The accumulated randomness and the clock, as of the current block.
    #[pallet::storage]
    pub type Beacon<T> = StorageValue<_, BeaconState, ValueQuery>;

    /// The window that is going on, if any.
    #[pallet::storage]
    pub type CurrentWindow<T: Config> = StorageValue<_, Window<BlockNumberFor<T>>, OptionQuery>;

    /// Id of the window that opens next.
    #[pallet::storage]
    pub type NextWindow<T> = StorageValue<_, u32, ValueQuery>;

    /// The block that closed the last window.
    #[pallet::storage]
    pub type IdleSince<T: Config> = StorageValue<_, BlockNumberFor<T>, ValueQuery>;

    /// The last `ClaimRounds` closed windows, each by its id modulo `ClaimRounds`.
    #[pallet::storage]
    pub type Records<T> = StorageMap<_, Twox64Concat, u32, WindowRecord, OptionQuery>;

    /// GPUs that have committed since they registered, by hotkey and index.
    #[pallet::storage]
    pub type Gpus<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        Twox64Concat,
        u32,
        GpuState,
        OptionQuery,
    >;

    /// What proof calls at top level have taken of the last block that had one.
    #[pallet::storage]
    pub type ProofCalls<T: Config> = StorageValue<_, BlockUse<BlockNumberFor<T>>, ValueQuery>;

    /// New code that was set inside the window that is going on, and waits for its close:
    /// see [`upgrade`].
    #[pallet::storage]
    pub type WaitingCode<T> =
        StorageValue<_, BoundedVec<u8, ConstU32<{ upgrade::MAX_CODE_BYTES }>>, OptionQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A window has opened and takes commits.
        WindowOpened {
            /// Its id.
            window: u32,
            /// What the work depends on.
            beacon: Hash,
            /// The last block that takes commits.
            deadline: BlockNumberFor<T>,
        },
        /// A window takes no more commits.
        WindowSampling {
            /// Its id.
            window: u32,
            /// GPUs that have committed.
            commits: u32,
            /// The time that every GPU had, in milliseconds.
            elapsed_ms: u64,
        },
        /// The samples are drawn; a window takes reveals and confirmations.
        WindowRevealing {
            /// Its id.
            window: u32,
            /// Draws the samples and whom the lottery calls.
            sampling_beacon: Hash,
            /// GPUs that have committed.
            commits: u32,
            /// The last block that takes reveals and confirmations.
            until: BlockNumberFor<T>,
        },
        /// A window has ended.
        WindowClosed {
            /// Its id.
            window: u32,
        },
        /// A GPU has committed.
        Committed {
            /// Who.
            hotkey: T::AccountId,
            /// Which GPU.
            gpu: u32,
            /// To which window.
            window: u32,
            /// To how many rounds.
            rounds: u32,
            /// The walk before them, where the window asks for one.
            walk: Option<WalkCommit>,
        },
        /// A reveal was verified.
        Verified {
            /// Whose.
            hotkey: T::AccountId,
            /// Of which GPU.
            gpu: u32,
            /// In which window.
            window: u32,
            /// Throughput, in MOPS.
            mops: u64,
            /// Memory held, in GiB.
            gib: u32,
            /// Its bandwidth, in GB/s.
            gbps: u32,
        },
        /// The claim of a GPU that was not called is credited.
        Confirmed {
            /// Whose.
            hotkey: T::AccountId,
            /// Of which GPU.
            gpu: u32,
            /// In which window.
            window: u32,
            /// Throughput credited, in MOPS: the lower of the claim and the last
            /// verified one.
            mops: u64,
            /// Memory credited, in GiB: likewise.
            gib: u32,
            /// Bandwidth credited, in GB/s: likewise.
            gbps: u32,
        },
        /// A reveal was found wrong, and the bond slashed.
        Refused {
            /// Whose.
            hotkey: T::AccountId,
            /// Of which GPU.
            gpu: u32,
            /// In which window.
            window: u32,
            /// What is wrong with it.
            reason: Reason,
            /// What was taken of the bond.
            slashed: BalanceOf<T>,
        },
        /// A called GPU had not revealed, and the bond is slashed.
        Missed {
            /// Whose.
            hotkey: T::AccountId,
            /// Which GPU.
            gpu: u32,
            /// In which window.
            window: u32,
            /// What was taken of the bond, the bounty included.
            slashed: BalanceOf<T>,
            /// Who reported it; `None` if the GPU's next commit settled it.
            reporter: Option<T::AccountId>,
        },
        /// New code was set inside a window, and waits for its close.
        CodeWaits {
            /// The code's hash.
            code: T::Hash,
            /// The window's id.
            window: u32,
        },
        /// Code that waited was set.
        CodeReleased {
            /// The code's hash.
            code: T::Hash,
            /// Whether [`Config::SetCode`] took it.
            result: DispatchResult,
        },
    }

    /// Why a call fails. All but those of `report_missed` are found by the cheap
    /// checks, before anything is verified or charged; what an invalid reveal is
    /// punished for is in [`Event::Refused`].
    #[pallet::error]
    #[derive(PartialEq, Eq)]
    pub enum Error<T> {
        /// No window of this id is going on.
        NotCurrentWindow,
        /// The window takes no (more) commits.
        NotOpen,
        /// The beacon is not this chain's: the call was made for another fork.
        WrongBeacon,
        /// The list of GPUs is empty.
        NoGpus,
        /// The GPUs are not in strictly ascending order.
        NotAscending,
        /// The number of rounds is not in 1 ..= 2³¹ − 1.
        RoundsOutOfRange,
        /// Whatever time is left, the claim will be below the lowest floor.
        BelowFloor,
        /// The account is not registered for this GPU, or its bond is not in
        /// place.
        NotRegistered,
        /// This GPU has committed to this window.
        AlreadyCommitted,
        /// The window counts as many commits as it can.
        TooManyCommits,
        /// The window takes no reveals and confirmations yet, or no more.
        NotRevealing,
        /// This GPU has no commit to this window.
        NoCommit,
        /// The commit has been verified, refused, confirmed or reported.
        AlreadyResolved,
        /// The lottery did not call this GPU: there is nothing to reveal or miss.
        NotCalled,
        /// The lottery called this GPU: it has to reveal.
        Called,
        /// This GPU has no verified throughput yet to be credited by.
        NothingVerified,
        /// The window has not closed: a reveal may still come.
        NotClosed,
        /// The window closed too long ago to be on record.
        NoRecord,
        /// The window asks for a memory walk, and the claim has none.
        WalkMissing,
        /// The window asks for no memory walk, and the claim or the reveal has one.
        WalkNotAsked,
        /// The protocol does not allow a walk of that size, or it takes more batches.
        WalkOutOfRange,
        /// The rounds, or the batches of a walk, are more than the window has time for:
        /// [`WindowParameters::most_rounds`].
        TooManyRounds,
        /// The reveal is not exactly of the size that its commit and the samples ask for.
        WrongSize,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::advance(now, Self::vrf_output(), T::Clock::now_ms())
        }

        fn integrity_test() {
            Self::check_constants();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(
            _: BlockNumberFor<T>,
        ) -> Result<(), frame_support::sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Commits GPUs of the signing hotkey to the rounds they have computed in
        /// `window`, whose beacon is `beacon`. Once a GPU and window, never
        /// replaced.
        ///
        /// A called commit to an earlier window on record that one of these GPUs never
        /// revealed is settled: it costs what a refused reveal does.
        ///
        /// # Errors
        ///
        /// `NotCurrentWindow`, `NotOpen`, `WrongBeacon`, `NoGpus`,
        /// `NotAscending`, `TooManyCommits`, `RoundsOutOfRange`, `WalkMissing`,
        /// `WalkNotAsked`, `WalkOutOfRange`, `TooManyRounds`, `BelowFloor`, `NotRegistered`,
        /// `AlreadyCommitted`: the first that applies, and then
        /// none of the GPUs has committed. Nothing is punished.
        #[pallet::call_index(0)]
        #[pallet::weight((
            Pallet::<T>::commit_weight(claims.len(), claims.len()),
            DispatchClass::Operational,
        ))]
        #[pallet::feeless_if(|
            _: &OriginFor<T>,
            _: &u32,
            _: &Hash,
            _: &BoundedVec<GpuClaim, T::MaxGpusPerCall>,
        | -> bool { true })]
        pub fn commit(
            origin: OriginFor<T>,
            window: u32,
            beacon: Hash,
            claims: BoundedVec<GpuClaim, T::MaxGpusPerCall>,
        ) -> DispatchResultWithPostInfo {
            let hotkey = ensure_signed(origin)?;
            let current = Self::check_commit(&hotkey, window, &beacon, &claims)?;
            CurrentWindow::<T>::put(current);
            let mut missed = 0usize;
            for claim in &claims {
                missed += usize::from(Self::commit_one(&hotkey, window, claim));
            }
            Ok(Some(Self::commit_weight(claims.len(), missed)).into())
        }

        /// Shows the sampled part of what a called GPU has committed to. A valid
        /// reveal makes what it shows the GPU's last verified score. `walk_peaks` and
        /// `walk_openings` are of the walk before the product, and empty where the
        /// window asks for none.
        ///
        /// An invalid reveal of the right size is `Ok` all the same: it uses up the commit,
        /// slashes the bond and says why in [`Event::Refused`]. One of another size is an
        /// error, and the commit stays open.
        ///
        /// # Errors
        ///
        /// `NotCurrentWindow`, `NotRevealing`, `WrongBeacon`, `NoCommit`,
        /// `AlreadyResolved`, `NotCalled`, `WalkNotAsked`, `WrongSize`. Nothing is
        /// punished.
        #[pallet::call_index(1)]
        #[pallet::weight((
            Pallet::<T>::reveal_weight(
                openings,
                charge::MAX_DEPTH,
                walk_openings,
                charge::MAX_LANE_ROUNDS,
            ),
            DispatchClass::Operational,
        ))]
        #[pallet::feeless_if(|
            _: &OriginFor<T>,
            _: &u32,
            _: &Hash,
            _: &u32,
            _: &BoundedVec<Hash, MaxPeaks>,
            _: &BoundedVec<Opening, T::MaxSamples>,
            _: &BoundedVec<Hash, MaxPeaks>,
            _: &BoundedVec<Opening, T::MaxWalkSamples>,
        | -> bool { true })]
        #[allow(clippy::too_many_arguments)]
        pub fn reveal(
            origin: OriginFor<T>,
            window: u32,
            sampling_beacon: Hash,
            gpu: u32,
            peaks: BoundedVec<Hash, MaxPeaks>,
            openings: BoundedVec<Opening, T::MaxSamples>,
            walk_peaks: BoundedVec<Hash, MaxPeaks>,
            walk_openings: BoundedVec<Opening, T::MaxWalkSamples>,
        ) -> DispatchResultWithPostInfo {
            let hotkey = ensure_signed(origin)?;
            let product = checks::Shown {
                peaks: &peaks,
                openings: &openings,
            };
            let walk = checks::Shown {
                peaks: &walk_peaks,
                openings: &walk_openings,
            };
            let (phase, committed, claims) =
                Self::check_reveal(&hotkey, window, &sampling_beacon, gpu, &product, &walk)?;
            let parameters = &phase.window.parameters;
            let lane_rounds = parameters.walk.map_or(0, |walk| walk.lane_rounds());
            let actual = Self::reveal_weight(
                &openings,
                parameters.workload.k,
                &walk_openings,
                lane_rounds,
            );
            Self::judge(&hotkey, gpu, &phase, committed, &claims, &product, &walk);
            Ok(Some(actual).into())
        }

        /// Credits GPUs that the lottery did not call, each with the lower of its
        /// claim and its last verified throughput.
        ///
        /// # Errors
        ///
        /// `NotCurrentWindow`, `NotRevealing`, `NoGpus`, `NotAscending`,
        /// `NoCommit`, `AlreadyResolved`, `Called`, `NothingVerified`: the first
        /// that applies, and then none of the GPUs is credited.
        #[pallet::call_index(2)]
        #[pallet::weight((
            Pallet::<T>::confirm_weight(gpus.len()),
            DispatchClass::Operational,
        ))]
        #[pallet::feeless_if(|
            _: &OriginFor<T>,
            _: &u32,
            _: &BoundedVec<u32, T::MaxGpusPerCall>,
        | -> bool { true })]
        pub fn confirm(
            origin: OriginFor<T>,
            window: u32,
            gpus: BoundedVec<u32, T::MaxGpusPerCall>,
        ) -> DispatchResult {
            let hotkey = ensure_signed(origin)?;
            let phase = Self::check_confirm(&hotkey, window, &gpus)?;
            for gpu in gpus {
                Self::confirm_one(&hotkey, gpu, &phase)?;
            }
            Ok(())
        }

        /// Reports that a called GPU has not revealed in a closed window. Works
        /// once, while the window is on record and the GPU has not committed
        /// anew; the signer gets a share of the slash.
        ///
        /// # Errors
        ///
        /// `NotClosed`, `NoRecord`, `NoCommit`, `AlreadyResolved`, `NotCalled`.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::report_missed())]
        pub fn report_missed(
            origin: OriginFor<T>,
            hotkey: T::AccountId,
            gpu: u32,
            window: u32,
        ) -> DispatchResult {
            let reporter = ensure_signed(origin)?;
            Self::settle_reported(&hotkey, gpu, window, reporter)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The window that is going on, if any.
        pub fn window() -> Option<Window<BlockNumberFor<T>>> {
            CurrentWindow::<T>::get()
        }

        /// What is known of a GPU that has committed since it registered.
        pub fn gpu(hotkey: T::AccountId, gpu: u32) -> Option<GpuState> {
            Gpus::<T>::get(hotkey, gpu)
        }
    }
}
