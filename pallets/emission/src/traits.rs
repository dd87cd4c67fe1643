// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the pallet asks of its runtime: where money comes from, who owns a
//! hotkey, and what bond stands behind a GPU.

use sp_runtime::DispatchError;

/// Where a round's money comes from.
pub trait SupplySource {
    /// Amounts of the currency.
    type Balance;
    /// An amount taken out, to be resolved.
    type Credit;

    /// What the recycle pool can pay now.
    fn pool() -> Self::Balance;

    /// Ever minted, genesis included.
    fn minted() -> Self::Balance;

    /// The most that is ever minted.
    fn cap() -> Self::Balance;

    /// Takes exactly `amount` out of the recycle pool.
    ///
    /// # Errors
    /// When the pool holds less; nothing has moved then.
    fn draw(amount: Self::Balance) -> Result<Self::Credit, DispatchError>;

    /// Mints exactly `amount`.
    ///
    /// # Errors
    /// When that would pass the cap; nothing has moved then.
    fn mint(amount: Self::Balance) -> Result<Self::Credit, DispatchError>;

    /// Puts `amount` into the recycle pool.
    #[cfg(feature = "runtime-benchmarks")]
    fn fund_pool(amount: Self::Balance);
}

/// Who is paid for a hotkey's work.
pub trait Owners<AccountId> {
    /// The account that registered `hotkey`, `None` when nobody did.
    fn owner_of(hotkey: &AccountId) -> Option<AccountId>;

    /// Makes `owner` the owner of `hotkey`, with a bond behind its first GPU.
    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, owner: &AccountId);
}

/// What stands behind a GPU's results.
pub trait Bonds<AccountId, Balance> {
    /// The bond held for GPU number `gpu` of `hotkey`, zero without one.
    fn bond_of(hotkey: &AccountId, gpu: u32) -> Balance;
}
