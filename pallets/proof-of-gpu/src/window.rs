// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The state machine of windows, one step a block.

use frame_support::{
    traits::{Get, Randomness},
    weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use proof_of_gpu_primitives::Hash;
use sp_runtime::traits::{CheckedAdd, CheckedSub, One};

use crate::{
    Beacon, BeaconState, Config, CurrentWindow, Event, IdleSince, NextWindow, OnWindowClosed,
    Pallet, Phase, Records, WeightInfo, Window, WindowParameters, WindowRecord,
    randomness::{accumulate, opens},
};

/// What one block brings.
struct Tick<BlockNumber> {
    now: BlockNumber,
    /// The accumulator of this block.
    acc: Hash,
    /// Start of the parent block's slot.
    parent_moment: u64,
}

impl<T: Config> Pallet<T> {
    /// The parent block's VRF output.
    pub(crate) fn vrf_output() -> Option<Hash> {
        T::Randomness::random(&[]).0.map(Into::into)
    }

    /// Takes block `now`, whose slot starts at `moment`, into the accumulator and
    /// takes the step that is due, if the block has a VRF output.
    pub(crate) fn advance(now: BlockNumberFor<T>, output: Option<Hash>, moment: u64) -> Weight {
        let BeaconState {
            acc,
            moment: parent_moment,
        } = Beacon::<T>::get();
        let acc = output.map_or(acc, |output| accumulate(&acc, &output));
        Beacon::<T>::put(BeaconState { acc, moment });

        let tick = Tick {
            now,
            acc,
            parent_moment,
        };
        let window = CurrentWindow::<T>::get();
        let overdue = window
            .as_ref()
            .is_some_and(|window| !Self::keeps_code(window, now));
        let step = match (window, output) {
            (Some(window), output) => Self::step(&tick, window, output.is_some()),
            (None, Some(_)) => Self::open_if_due(&tick),
            (None, None) => None,
        };
        let weight = step.unwrap_or_else(T::WeightInfo::on_initialize_idle);
        if overdue {
            weight.saturating_add(Self::set_waiting_code())
        } else {
            weight
        }
    }

    /// Opens a window if one is due. Returns the weight if it did.
    fn open_if_due(tick: &Tick<BlockNumberFor<T>>) -> Option<Weight> {
        // With no moment of a block before, there would be no start to the time.
        if tick.parent_moment == 0 {
            return None;
        }
        let parameters = T::Parameters::get();
        let idle = tick.now.checked_sub(&IdleSince::<T>::get())?;
        let due = idle >= parameters.max_gap.into()
            || idle >= parameters.min_gap.into() && opens(&tick.acc, parameters.open_chance);
        if !due || !Self::can_open(&parameters) {
            return None;
        }
        let id = NextWindow::<T>::get();
        let next = id.checked_add(1)?;
        let deadline = Self::deadline(tick.now, &parameters)?;
        NextWindow::<T>::put(next);
        CurrentWindow::<T>::put(Window {
            id,
            parameters,
            beacon: tick.acc,
            opened_at: tick.now,
            opened_moment: tick.parent_moment,
            deadline,
            deadline_moment: None,
            commits: 0,
            phase: Phase::Open,
        });
        Self::deposit_event(Event::WindowOpened {
            window: id,
            beacon: tick.acc,
            deadline,
        });
        Some(T::WeightInfo::on_initialize_open())
    }

    /// Whether a window can be run by these parameters, and its reveals be taken.
    pub(crate) fn can_open(parameters: &WindowParameters) -> bool {
        let walk_samples = parameters.walk.map_or(0, |walk| walk.samples);
        parameters.validate().is_ok()
            && parameters.samples <= T::MaxSamples::get()
            && walk_samples <= T::MaxWalkSamples::get()
    }

    /// Takes a window's step if one is due. Returns the weight if it was.
    fn step(
        tick: &Tick<BlockNumberFor<T>>,
        mut window: Window<BlockNumberFor<T>>,
        has_output: bool,
    ) -> Option<Weight> {
        match window.phase {
            Phase::Open if tick.now > window.deadline => {
                // The first block after the deadline sees that block's moment, and
                // keeps it even if the step itself has to wait.
                let last = *window.deadline_moment.get_or_insert(tick.parent_moment);
                if has_output {
                    // A clock that ran backwards would count as one that stood.
                    let elapsed_ms = last.saturating_sub(window.opened_moment);
                    window.phase = Phase::Sampling { elapsed_ms };
                    Self::deposit_event(Event::WindowSampling {
                        window: window.id,
                        commits: window.commits,
                        elapsed_ms,
                    });
                }
                CurrentWindow::<T>::put(window);
                Some(T::WeightInfo::on_initialize_sampling())
            }
            Phase::Sampling { elapsed_ms }
                if has_output
                    && Self::sampling_ends(&window).is_some_and(|block| tick.now >= block) =>
            {
                let until = tick
                    .now
                    .checked_add(&window.parameters.reveal.into())?
                    .checked_sub(&One::one())?;
                let sampling_beacon = tick.acc;
                window.phase = Phase::Revealing {
                    elapsed_ms,
                    sampling_beacon,
                    until,
                };
                Self::deposit_event(Event::WindowRevealing {
                    window: window.id,
                    sampling_beacon,
                    commits: window.commits,
                    until,
                });
                CurrentWindow::<T>::put(window);
                Some(T::WeightInfo::on_initialize_revealing())
            }
            Phase::Revealing {
                sampling_beacon,
                until,
                ..
            } if has_output && tick.now > until => {
                Some(Self::close(tick.now, window, sampling_beacon))
            }
            Phase::Open | Phase::Sampling { .. } | Phase::Revealing { .. } => None,
        }
    }

    fn close(
        now: BlockNumberFor<T>,
        window: Window<BlockNumberFor<T>>,
        sampling_beacon: Hash,
    ) -> Weight {
        let Window {
            id,
            parameters,
            commits,
            opened_at,
            ..
        } = window;
        let record = WindowRecord {
            id,
            sampling_beacon,
            commits,
            capacity: parameters.capacity,
            slash_share: parameters.slash_share,
            bounty_share: parameters.bounty_share,
        };
        // `ClaimRounds` is not zero: the runtime's integrity test sees to it.
        if let Some(index) = id.checked_rem(T::ClaimRounds::get()) {
            Records::<T>::insert(index, record);
        }
        CurrentWindow::<T>::kill();
        IdleSince::<T>::put(now);
        Self::deposit_event(Event::WindowClosed { window: id });
        T::WeightInfo::on_initialize_close()
            .saturating_add(T::OnWindowClosed::on_window_closed(id, opened_at, now))
            .saturating_add(Self::set_waiting_code())
    }

    /// The last block that takes commits to a window opened in `opened_at`;
    /// `None` past the last block number.
    pub(crate) fn deadline(
        opened_at: BlockNumberFor<T>,
        parameters: &WindowParameters,
    ) -> Option<BlockNumberFor<T>> {
        opened_at
            .checked_add(&parameters.work.into())?
            .checked_add(&parameters.grace.into())?
            .checked_sub(&One::one())
    }

    /// The first block whose accumulator can be the sampling beacon: the one that
    /// holds the VRF outputs of `sampling` blocks after the deadline.
    pub(crate) fn sampling_ends(window: &Window<BlockNumberFor<T>>) -> Option<BlockNumberFor<T>> {
        window
            .deadline
            .checked_add(&One::one())?
            .checked_add(&window.parameters.sampling.into())
    }
}
