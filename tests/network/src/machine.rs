// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How fast this machine is now, so that a chain's slots and every limit fit it.
//!
//! Tests count blocks. What a block's time has to hold, a node and some miners that share
//! the cores, takes longer on a slow or busy machine: there the slots are longer, and so
//! is every limit that goes by the clock.

use std::{
    hint::black_box,
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

/// Steps of the piece of work that is timed, on each of [`CORES`] threads.
const STEPS: u64 = 100_000_000;

/// Threads: as many as the cores that a development chain's slots are made for.
const CORES: usize = 2;

/// How long the work takes where a slot of a second is ample.
const AMPLE_MS: u128 = 300;

/// The longest slots, as a multiple of the shortest.
const SLOWNESS_MOST: u32 = 20;

/// The shortest slots of a chain for tests.
const SLOT_MS: u64 = 1_000;

/// How many times as long as on an ample machine everything takes, measured once a
/// process; 1 there.
pub fn slowness() -> u32 {
    static MEASURED: OnceLock<u32> = OnceLock::new();
    *MEASURED.get_or_init(|| {
        let measured = slowness_of(timed());
        if measured > 1 {
            eprintln!(
                "this machine is slow or busy: slots of {measured} s, and limits {measured} times as long"
            );
        }
        measured
    })
}

/// How long a slot of a chain for tests is here, in milliseconds.
pub fn slot_ms() -> u64 {
    SLOT_MS * u64::from(slowness())
}

/// A limit that is ample elsewhere, as it has to be here.
pub fn patience(limit: Duration) -> Duration {
    limit * slowness()
}

fn slowness_of(took: Duration) -> u32 {
    let times = took.as_millis().div_ceil(AMPLE_MS);
    u32::try_from(times)
        .unwrap_or(SLOWNESS_MOST)
        .clamp(1, SLOWNESS_MOST)
}

/// Times the work on all threads at once.
fn timed() -> Duration {
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..CORES {
            scope.spawn(|| {
                (0..STEPS).fold(1_u64, |state, step| {
                    black_box(
                        state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(step),
                    )
                })
            });
        }
    });
    begun.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_grow_with_the_time_that_work_takes_within_bounds() {
        let slowness = |ms| slowness_of(Duration::from_millis(ms));
        assert_eq!([0, 299, 300].map(slowness), [1, 1, 1]);
        assert_eq!([301, 600, 601].map(slowness), [2, 2, 3]);
        assert_eq!([3_000, 8_000, 3_600_000].map(slowness), [10, 20, 20]);
    }

    #[test]
    fn it_is_measured_once() {
        let first = slowness();
        assert!((1..=SLOWNESS_MOST).contains(&first));
        assert_eq!((slowness(), slot_ms()), (first, u64::from(first) * 1_000));
        assert_eq!(
            patience(Duration::from_secs(3)),
            Duration::from_secs(3) * first
        );
    }
}
