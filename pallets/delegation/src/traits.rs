// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the pallet asks of a runtime.

use frame_support::weights::Weight;

/// Who is registered as a validator.
pub trait Validators<AccountId> {
    /// The owner of a hotkey that is registered as a validator and whose lease runs.
    fn owner_of(hotkey: &AccountId) -> Option<AccountId>;

    /// Registers a hotkey as a validator of `owner`, and gives it session keys.
    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, owner: &AccountId);
}

/// What keeps stake from leaving, such as a vote.
pub trait StakeLocks<AccountId, Balance> {
    /// The stake of `who` that must not be unstaked now.
    fn locked(who: &AccountId) -> Balance;

    /// A slash has reduced what `who` has staked to `total`.
    fn on_stake_reduced(who: &AccountId, total: Balance);

    /// What that weighs at most.
    fn on_stake_reduced_weight() -> Weight;

    /// Makes both of the above cost the most they can for `who`, without locking
    /// anything.
    #[cfg(feature = "runtime-benchmarks")]
    fn prepare_worst_case(_who: &AccountId) {}
}

/// Nothing locks anything.
impl<AccountId, Balance: Default> StakeLocks<AccountId, Balance> for () {
    fn locked(_: &AccountId) -> Balance {
        Balance::default()
    }

    fn on_stake_reduced(_: &AccountId, _: Balance) {}

    fn on_stake_reduced_weight() -> Weight {
        Weight::zero()
    }
}

/// Told what slashes brought.
pub trait OnSlashed<Balance> {
    /// `amount` has arrived at the account slashes go to.
    fn on_slashed(amount: Balance);
}

/// Nobody is told.
impl<Balance> OnSlashed<Balance> for () {
    fn on_slashed(_: Balance) {}
}

/// Makes what the pallet needs for its benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper<AccountId> {
    /// Gives `who` `amount` of the token that is staked, and lets it be held.
    fn endow(who: &AccountId, amount: crate::Balance);
}
