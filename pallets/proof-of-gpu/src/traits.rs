// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the pallet asks of its runtime: a clock, the miners' bonds, and the
//! hooks by which others learn of commits, results and closed windows.

use frame_support::{traits::tokens::Balance, weights::Weight};
use sp_runtime::Perbill;

use crate::types::VerifiedResult;

/// The chain's clock, as far as windows need one.
pub trait WindowClock {
    /// Start of the current block's slot, in milliseconds since the Unix
    /// epoch.
    ///
    /// Valid from this pallet's `on_initialize`, so the pallet that knows the
    /// slot comes before this one in the runtime. Strictly greater than in the
    /// block before.
    fn now_ms() -> u64;
}

/// The registered miners and the bonds held for their GPUs.
pub trait Miners<AccountId> {
    /// Amounts of the bond's currency.
    type Balance: Balance;

    /// Whether `hotkey` has a slot number `gpu` with which it may commit now.
    fn can_prove(hotkey: &AccountId, gpu: u32) -> bool;

    /// The bond held for this GPU; zero without one.
    fn bond_of(hotkey: &AccountId, gpu: u32) -> Self::Balance;

    /// Takes `share` of the bond held for this GPU, rounded as the implementor
    /// documents, and returns what was taken in all.
    ///
    /// With `bounty`, that share of what was taken goes to the account named
    /// in it. Infallible: where there is no bond (left) nothing is taken.
    fn slash(
        hotkey: &AccountId,
        gpu: u32,
        share: Perbill,
        bounty: Option<(&AccountId, Perbill)>,
    ) -> Self::Balance;

    /// Makes `can_prove` true for `hotkey` and GPUs `0..gpus`, each with a
    /// bond that can be slashed.
    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, gpus: u32);
}

/// Learns of every accepted commit.
pub trait OnCommitted<AccountId> {
    /// `hotkey` has committed with `gpu` to `window`.
    fn on_committed(hotkey: &AccountId, gpu: u32, window: u32);

    /// Upper bound of one call's weight.
    fn weight() -> Weight;
}

/// Learns of every result that counts: revealed and verified, or confirmed.
pub trait OnVerified<AccountId> {
    /// One GPU's result in one window. Called at most once for each.
    fn on_verified(result: &VerifiedResult<AccountId>);

    /// Upper bound of one call's weight.
    fn weight() -> Weight;
}

/// Learns of every window that ends.
pub trait OnWindowClosed<BlockNumber> {
    /// `window`, opened in block `opened_at`, ends in the current block
    /// `closed_at`. Returns the weight used.
    fn on_window_closed(window: u32, opened_at: BlockNumber, closed_at: BlockNumber) -> Weight;
}

impl<AccountId> OnCommitted<AccountId> for () {
    fn on_committed(_: &AccountId, _: u32, _: u32) {}

    fn weight() -> Weight {
        Weight::zero()
    }
}

impl<AccountId> OnVerified<AccountId> for () {
    fn on_verified(_: &VerifiedResult<AccountId>) {}

    fn weight() -> Weight {
        Weight::zero()
    }
}

impl<BlockNumber> OnWindowClosed<BlockNumber> for () {
    fn on_window_closed(_: u32, _: BlockNumber, _: BlockNumber) -> Weight {
        Weight::zero()
    }
}
