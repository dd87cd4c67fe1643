// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How much a device may do: the share of the time, and the memory to walk through.

use std::{fs, time::Duration};

use ni_shaders::Adapter;
use proof_of_gpu_primitives::walk::{ENTRY_BYTES, MAX_PAGES};

use crate::walks::Place;
use ni_client::types::WalkRules;

/// The share of the time until the deadline that a walk takes, in percent, unless it is
/// told otherwise.
pub const USUAL_SHARE: u8 = 20;

/// The part of a GPU's memory that is filled at most, in percent: what the product, the
/// driver and perhaps a display need is left.
const OF_GPU: u64 = 80;

/// The part of the host's available memory that is filled at most, in percent.
const OF_HOST: u64 = 50;

/// The share of the time that a device may work, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load(u8);

impl Load {
    /// All of the time.
    pub const FULL: Self = Self(100);

    /// So much of it, at least 1 and at most 100 percent.
    pub fn percent(share: u8) -> Self {
        Self(share.clamp(1, 100))
    }

    /// How long to rest after having worked for so long.
    pub(super) fn rest(self, worked: Duration) -> Duration {
        worked * u32::from(100 - self.0) / u32::from(self.0)
    }
}

/// Memory to be walked through, and how much of it, for how long.
#[derive(Clone, Debug)]
pub struct Memory {
    pub(super) place: Place,
    gib: Option<u32>,
    pub(super) share: u8,
    pub(super) load: Load,
}

impl Memory {
    /// The host's memory.
    pub const fn host(load: Load) -> Self {
        Self {
            place: Place::Host,
            gib: None,
            share: USUAL_SHARE,
            load,
        }
    }

    /// The memory of the GPU behind an adapter.
    pub fn of(adapter: Adapter, load: Load) -> Self {
        Self {
            place: Place::Gpu(Box::new(adapter)),
            ..Self::host(load)
        }
    }

    /// No more than so many GiB of it, and walked through in so many percent of the time.
    #[must_use]
    pub fn limited(self, gib: Option<u32>, share: u8) -> Self {
        Self {
            gib,
            share: share.clamp(1, 90),
            ..self
        }
    }

    /// How many pages of these rules fit, at least one.
    pub(super) fn pages(&self, rules: &WalkRules) -> u32 {
        let page = u64::from(ENTRY_BYTES) << rules.page_bits.min(32);
        let bytes = self.gib.map_or_else(
            || match &self.place {
                Place::Host => available().map_or(page, |bytes| bytes / 100 * OF_HOST),
                Place::Gpu(adapter) => adapter.memory.map_or(page, |bytes| bytes / 100 * OF_GPU),
            },
            |gib| u64::from(gib) << 30,
        );
        u32::try_from(bytes / page)
            .unwrap_or(MAX_PAGES)
            .clamp(1, MAX_PAGES)
    }
}

/// Bytes of memory that the host has available, where it says so.
fn available() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_as_much_as_is_asked_for_and_a_page_at_least() {
        let production = WalkRules {
            page_bits: 23,
            rounds: 16,
            lanes: 64,
            hops: 4,
            passes: 8,
            samples: 3,
        };
        let limited = |gib| Memory::host(Load::FULL).limited(Some(gib), USUAL_SHARE);
        assert_eq!(limited(24).pages(&production), 24);
        assert_eq!(limited(0).pages(&production), 1);
        assert_eq!(limited(9_999).pages(&production), MAX_PAGES);
        assert!(available().is_none_or(|bytes| bytes > 1 << 20));
    }

    #[test]
    fn a_limited_load_rests() {
        let second = Duration::from_secs(1);
        assert_eq!(Load::FULL.rest(second), Duration::ZERO);
        assert_eq!(Load::percent(50).rest(second), second);
        assert_eq!(Load::percent(25).rest(second), 3 * second);
        assert_eq!(Load::percent(0), Load::percent(1));
    }
}
