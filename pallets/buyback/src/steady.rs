// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The reserve that the depth of a slice is a part of.

use frame_support::traits::tokens::Balance;

/// A pool's reserve rises into its steady reserve by one part in so many a block.
pub const RISE_BLOCKS: u32 = 20;

/// The steady reserve after one more block, in which the pool's was `reserve`.
///
/// It falls with the pool's at once. Of a rise it takes one part in [`RISE_BLOCKS`],
/// rounded up, so that it reaches a reserve that stays.
pub(crate) fn followed<B: Balance>(steady: Option<B>, reserve: B) -> B {
    let rise = steady.and_then(|steady| reserve.checked_sub(&steady));
    // Rounded down; and no more than the rise, which is no more than the reserve.
    let kept = rise.and_then(|rise| {
        let taken = rise.checked_div(&RISE_BLOCKS.into())?;
        let exact = taken.checked_mul(&RISE_BLOCKS.into())? == rise;
        let kept = rise.checked_sub(&taken)?;
        if exact {
            Some(kept)
        } else {
            kept.checked_sub(&B::one())
        }
    });
    kept.and_then(|kept| reserve.checked_sub(&kept))
        .unwrap_or(reserve)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_counts_at_once_and_a_rise_by_its_part() {
        assert_eq!(followed(None, 1_000u128), 1_000);
        assert_eq!(followed(Some(1_000u128), 0), 0);
        assert_eq!(followed(Some(1_000u128), 999), 999);
        assert_eq!(followed(Some(1_000u128), 1_000), 1_000);
        assert_eq!(followed(Some(1_000u128), 1_001), 1_001);
        assert_eq!(followed(Some(1_000u128), 1_020), 1_001);
        assert_eq!(followed(Some(1_000u128), 1_021), 1_002);
        assert_eq!(followed(Some(0), u128::MAX), u128::MAX / 20 + 1);
    }

    #[test]
    fn a_reserve_that_stays_is_reached() {
        let reserve = 100_000_000_000_000u128;
        let mut steady = 0;
        let mut blocks = 0;
        while steady < reserve {
            let before = steady;
            steady = followed(Some(steady), reserve);
            assert!(before < steady && steady <= reserve);
            blocks += 1;
        }
        assert!(blocks < 700, "{blocks}");
    }
}
