// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Choices that a seed decides.

/// SplitMix64: small, and the same on every machine.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// The sequence of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; zero when `end` is.
    pub fn below(&mut self, end: u128) -> u128 {
        let wide = u128::from(self.bits()) << 64 | u128::from(self.bits());
        wide.checked_rem(end).unwrap_or(0)
    }

    /// A number from `first` to `last`, both included.
    pub fn within(&mut self, first: u32, last: u32) -> u32 {
        let span = u128::from(last.saturating_sub(first)) + 1;
        let more = u32::try_from(self.below(span)).unwrap_or(0);
        first + more
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < u128::from(chance)
    }

    /// An index of a list of `length`; zero when it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u128)).unwrap_or(0)
    }

    /// One of the values, if there are any.
    pub fn pick<'a, Value>(&mut self, values: &'a [Value]) -> Option<&'a Value> {
        values.get(self.index(values.len()))
    }
}
