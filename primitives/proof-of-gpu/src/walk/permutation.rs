// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The permutation of 1024 bits: rounds of CubeHash.

/// 1024 bits as 32 words.
pub type State = [u32; 32];

/// Applies so many rounds.
///
/// A round is CubeHash's, on the words x₀ … x₃₁: add xᵢ to xᵢ₊₁₆ for i < 16; rotate
/// xᵢ by 7; exchange xᵢ and xᵢ₊₈ for i < 8; xᵢ ^= xᵢ₊₁₆; exchange, among the upper 16,
/// the words whose numbers differ in bit 1; then the same with a rotation by 11, an
/// exchange of the lower words that differ in bit 2, and one of the upper words that
/// differ in bit 0.
pub fn permute(state: &mut State, rounds: u32) {
    let (low, high) = halves(state);
    let (mut low, mut high) = (*low, *high);
    for _ in 0..rounds {
        (low, high) = round(&low, &high);
    }
    let (to_low, to_high) = state.split_at_mut(16);
    to_low.copy_from_slice(&low);
    to_high.copy_from_slice(&high);
}

fn halves(state: &State) -> (&[u32; 16], &[u32; 16]) {
    let (halves, _) = state.as_chunks::<16>();
    (&halves[0], &halves[1])
}

/// One round, the exchanges being in the indices.
#[inline(always)]
fn round(low: &[u32; 16], high: &[u32; 16]) -> ([u32; 16], [u32; 16]) {
    let sum: [u32; 16] = core::array::from_fn(|i| high[i].wrapping_add(low[i]));
    let mixed: [u32; 16] = core::array::from_fn(|i| low[i ^ 8].rotate_left(7) ^ sum[i]);
    let sum: [u32; 16] = core::array::from_fn(|i| sum[i ^ 2].wrapping_add(mixed[i]));
    let low = core::array::from_fn(|i| mixed[i ^ 4].rotate_left(11) ^ sum[i]);
    (low, core::array::from_fn(|i| sum[i ^ 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The initial state of CubeHash16/32-512 as its author published it: 160 rounds
    /// from (64, 32, 16, 0, …).
    #[test]
    fn it_is_the_published_permutation() {
        let mut state = [0; 32];
        state[..3].copy_from_slice(&[64, 32, 16]);
        permute(&mut state, 160);
        assert_eq!(
            state[..4],
            [0x2aea_2a61, 0x50f4_94d4, 0x2d53_8b8b, 0x4167_d83e]
        );
    }

    #[test]
    fn rounds_add_up() {
        let mut once: State = core::array::from_fn(|i| u32::try_from(i).expect("small"));
        let mut twice = once;
        permute(&mut once, 7);
        permute(&mut twice, 3);
        permute(&mut twice, 4);
        assert_eq!(once, twice);
        permute(&mut twice, 1);
        assert_ne!(once, twice);
    }

    /// After the rounds of one hop every word depends on every word: no part of an
    /// entry can be left out without losing the next index.
    #[test]
    fn a_hop_spreads_every_word_to_every_word() {
        let base: State = core::array::from_fn(|i| {
            0x9e37_79b9_u32.wrapping_mul(u32::try_from(i).expect("small"))
        });
        let mut plain = base;
        permute(&mut plain, crate::walk::HOP_ROUNDS);
        for word in 0..32 {
            let mut reached = [false; 32];
            for bit in 0..32 {
                let mut other = base;
                other[word] ^= 1 << bit;
                permute(&mut other, crate::walk::HOP_ROUNDS);
                for (reached, (a, b)) in reached.iter_mut().zip(plain.iter().zip(&other)) {
                    *reached |= a != b;
                }
            }
            assert_eq!(reached, [true; 32], "of word {word}");
        }
    }
}
