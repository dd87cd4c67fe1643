// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Bridge
//!
//! ## Overview
//!
//! TAO and stablecoins live elsewhere. What this chain has of them was minted by one
//! account, the *operator*, that says it holds as much over there: whoever uses them
//! trusts it, and this pallet bounds that trust. The operator mints against receipts
//! with sequential nonces and at most a limit a day; it can take nothing from
//! anybody, and no asset has an owner, issuer, admin or freezer who signs. Holders
//! redeem: the amount is burned here and the event tells the operator where to pay.
//!
//! The *gateway* is the account revenue is taken from. It has no power besides.
//!
//! ## Who decides
//!
//! | decision | origin |
//! |---|---|
//! | names an operator | `OperatorOrigin` |
//! | names a gateway, sets a limit above nothing | `AssetsOrigin` |
//! | leaves the bridge without operator or gateway, sets a limit to nothing | `RevokeOrigin` |
//!
//! `OperatorOrigin` and `AssetsOrigin` differ, so no proposal both names an operator and
//! raises its limit. What is minted may become stake and vote. So a limit has bounds
//! that no decision moves: see [`Bounds`].
//!
//! ## Terminology
//!
//! - *Limit*: how much of an asset may be minted a day, of `DAY` blocks counted from
//!   block 0. An asset without a limit is not bridged.
//! - *Raise*: a limit that is set above what it was: at most to twice that, or to the
//!   highest it has ever been, and once in [`Bounds::between_raises`].
//! - *Receipt*: the nonce of a mint, counted up for every asset by itself.
//!
//! ## Invariants
//!
//! 1. Of every bridged asset there is what was minted less what was redeemed.
//! 2. No limit is above the highest it has ever been.

mod benchmarking;
pub mod migration;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use crate::{AccountId, Balance, BlockNumber};

/// What names an asset.
pub type AssetId = u32;

/// What bounds the bridge, whatever is decided on it.
pub trait Bounds {
    /// Most of an asset that may be minted a day, though its limit be higher. `None` for
    /// an asset that is bounded by its limit alone.
    fn most_a_day(asset: AssetId) -> Option<Balance>;

    /// Least of an asset that is redeemed at once: whoever pays it out elsewhere pays a
    /// fee there.
    fn least_redeemed(asset: AssetId) -> Balance;

    /// Blocks between two raises of an asset's limit, and from genesis to the first.
    fn between_raises() -> BlockNumber;
}

// The macro's expansion qualifies names that are in scope here, and casts the
// numbers of variants.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
/// See the module's documentation.
#[frame_support::pallet]
pub mod pallet {
    use super::{AccountId, AssetId, Balance, BlockNumber, Bounds, WeightInfo};
    use crate::settings::defaults::DAY;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungibles::{Inspect, Mutate},
            tokens::{Fortitude, Precision, Preservation},
        },
    };
    use frame_system::pallet_prelude::*;
    use serde::{Deserialize, Serialize};

    /// Version 1 knew no raises of limits and no numbers of redemptions.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

    /// The pallet: see the module's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What the bridge is tied to.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<
            AccountId = AccountId,
            RuntimeEvent: From<Event<Self>>,
            Nonce = crate::Nonce,
        >
    {
        /// The bridged assets.
        type Assets: Inspect<AccountId, AssetId = AssetId, Balance = Balance> + Mutate<AccountId>;

        /// Who names an operator.
        type OperatorOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who names a gateway and sets limits.
        type AssetsOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who takes away: the operator, the gateway, limits. The two above among them.
        type RevokeOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// What no decision changes.
        type Bounds: Bounds;

        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// What is kept of a bridged asset.
    #[derive(
        Clone,
        Copy,
        Debug,
        Default,
        PartialEq,
        Eq,
        Encode,
        Decode,
        DecodeWithMemTracking,
        MaxEncodedLen,
        TypeInfo,
        Serialize,
        Deserialize,
    )]
    pub struct Bridged {
        /// Most that may be minted a day, in the asset's smallest unit.
        pub limit: Balance,
        /// The last day on which something was minted.
        pub day: BlockNumber,
        /// How much was minted on that day.
        pub today: Balance,
        /// The next receipt.
        pub nonce: u64,
        /// Ever minted, genesis included.
        pub minted: Balance,
        /// Ever redeemed.
        pub redeemed: Balance,
        /// How many redemptions there were.
        pub redemptions: u64,
        /// The highest the limit has ever been.
        pub highest: Balance,
        /// When the limit was last raised; block 0 where it never was.
        pub raised: BlockNumber,
    }

    /// Every bridged asset.
    #[pallet::storage]
    pub type Assets<T> = StorageMap<_, Blake2_128Concat, AssetId, Bridged, OptionQuery>;

    /// Who mints. Without one nobody does.
    #[pallet::storage]
    pub type Operator<T> = StorageValue<_, AccountId, OptionQuery>;

    /// Whose revenue buys NI. Without one none comes in.
    #[pallet::storage]
    pub type Gateway<T> = StorageValue<_, AccountId, OptionQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An amount arrived from elsewhere.
        Minted {
            /// Of what.
            asset: AssetId,
            /// The receipt.
            nonce: u64,
            /// Whose it is.
            to: AccountId,
            /// How much, in the asset's smallest unit.
            amount: Balance,
        },
        /// An amount is to be paid out elsewhere.
        Redeemed {
            /// Of what.
            asset: AssetId,
            /// The redemption's number, counted up for every asset by itself.
            number: u64,
            /// Whose it was.
            from: AccountId,
            /// How much, in the asset's smallest unit.
            amount: Balance,
            /// The account to pay it to, over there.
            destination: [u8; 32],
        },
        /// Another operator mints from now on.
        OperatorSet {
            /// The account, or nobody.
            operator: Option<AccountId>,
        },
        /// Revenue comes from another account from now on.
        GatewaySet {
            /// The account, or nobody.
            gateway: Option<AccountId>,
        },
        /// A limit was set.
        LimitSet {
            /// Of what.
            asset: AssetId,
            /// Most that may be minted a day, in the asset's smallest unit.
            limit: Balance,
        },
    }

    /// Why a call was refused; state is then unchanged.
    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// The sender is not the operator.
        NotOperator,
        /// The asset does not exist or has no limit: it is not bridged.
        NotBridged,
        /// The nonce is not the next one: the receipt was used, or one is missing.
        WrongNonce,
        /// More would be minted today than the limit allows.
        AboveLimit,
        /// The amount is zero.
        ZeroAmount,
        /// The amount is below the least that is redeemed at once.
        BelowLeast,
        /// The limit would be more than twice what it is, and higher than ever before.
        RaisedTooFar,
        /// The limit was raised too short a while ago.
        RaisedTooSoon,
        /// An amount or a nonce is past what numbers can count.
        Overflow,
    }

    /// What is bridged from the start. What the assets' own genesis endows counts as
    /// minted.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Who mints.
        pub operator: Option<AccountId>,
        /// Whose revenue buys NI.
        pub gateway: Option<AccountId>,
        /// Assets, and the most of each that may be minted a day.
        pub limits: alloc::vec::Vec<(AssetId, Balance)>,
        /// No value is kept for it.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Operator::<T>::set(self.operator.clone());
            Gateway::<T>::set(self.gateway.clone());
            for (asset, limit) in &self.limits {
                let bridged = Bridged {
                    limit: *limit,
                    highest: *limit,
                    minted: T::Assets::total_issuance(*asset),
                    ..Default::default()
                };
                Assets::<T>::insert(asset, bridged);
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T>
    where
        BlockNumberFor<T>: Into<BlockNumber>,
    {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T>
    where
        BlockNumberFor<T>: Into<BlockNumber>,
    {
        /// Mint what has arrived elsewhere.
        ///
        /// The origin must be signed by the operator. In a day no more is minted than the
        /// limit and [`Bounds::most_a_day`] allow.
        ///
        /// # Errors
        ///
        /// [`Error::NotOperator`], [`Error::ZeroAmount`], [`Error::NotBridged`],
        /// [`Error::WrongNonce`], [`Error::AboveLimit`], [`Error::Overflow`], and what
        /// the asset says where the account cannot hold it.
        #[pallet::call_index(0)]
        pub fn mint(
            origin: OriginFor<T>,
            asset: AssetId,
            nonce: u64,
            to: AccountId,
            amount: Balance,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(
                Operator::<T>::get().as_ref() == Some(&who),
                Error::<T>::NotOperator
            );
            ensure!(amount > 0, Error::<T>::ZeroAmount);
            let mut bridged = Assets::<T>::get(asset).ok_or(Error::<T>::NotBridged)?;
            ensure!(bridged.nonce == nonce, Error::<T>::WrongNonce);
            let now: BlockNumber = frame_system::Pallet::<T>::block_number().into();
            let day = now / DAY;
            if bridged.day != day {
                bridged.day = day;
                bridged.today = 0;
            }
            let most =
                T::Bounds::most_a_day(asset).map_or(bridged.limit, |most| most.min(bridged.limit));
            bridged.today = bridged
                .today
                .checked_add(amount)
                .filter(|today| *today <= most)
                .ok_or(Error::<T>::AboveLimit)?;
            bridged.nonce = nonce.checked_add(1).ok_or(Error::<T>::Overflow)?;
            bridged.minted = bridged
                .minted
                .checked_add(amount)
                .ok_or(Error::<T>::Overflow)?;
            T::Assets::mint_into(asset, &to, amount)?;
            Assets::<T>::insert(asset, bridged);
            Self::deposit_event(Event::Minted {
                asset,
                nonce,
                to,
                amount,
            });
            Ok(())
        }

        /// Give up `amount` of an asset, to be paid to `destination` elsewhere.
        ///
        /// The origin must be signed by its holder.
        ///
        /// # Errors
        ///
        /// [`Error::ZeroAmount`], [`Error::NotBridged`], [`Error::BelowLeast`],
        /// [`Error::Overflow`], and what the asset says where the holder has not as much
        /// free.
        #[pallet::call_index(1)]
        pub fn redeem(
            origin: OriginFor<T>,
            asset: AssetId,
            amount: Balance,
            destination: [u8; 32],
        ) -> DispatchResult {
            let from = ensure_signed(origin)?;
            ensure!(amount > 0, Error::<T>::ZeroAmount);
            let mut bridged = Assets::<T>::get(asset).ok_or(Error::<T>::NotBridged)?;
            ensure!(
                amount >= T::Bounds::least_redeemed(asset),
                Error::<T>::BelowLeast
            );
            bridged.redeemed = bridged
                .redeemed
                .checked_add(amount)
                .ok_or(Error::<T>::Overflow)?;
            let number = bridged.redemptions;
            bridged.redemptions = number.checked_add(1).ok_or(Error::<T>::Overflow)?;
            T::Assets::burn_from(
                asset,
                &from,
                amount,
                Preservation::Expendable,
                Precision::Exact,
                Fortitude::Polite,
            )?;
            Assets::<T>::insert(asset, bridged);
            Self::deposit_event(Event::Redeemed {
                asset,
                number,
                from,
                amount,
                destination,
            });
            Ok(())
        }

        /// Name another operator, or nobody, who then mints.
        ///
        /// The origin must be `OperatorOrigin`, or `RevokeOrigin` for nobody.
        #[pallet::call_index(2)]
        pub fn set_operator(origin: OriginFor<T>, operator: Option<AccountId>) -> DispatchResult {
            if operator.is_some() {
                T::OperatorOrigin::ensure_origin(origin)?;
            } else {
                T::RevokeOrigin::ensure_origin(origin)?;
            }
            Operator::<T>::set(operator.clone());
            Self::deposit_event(Event::OperatorSet { operator });
            Ok(())
        }

        /// Name another gateway, or nobody.
        ///
        /// The origin must be `AssetsOrigin`, or `RevokeOrigin` for nobody.
        #[pallet::call_index(3)]
        pub fn set_gateway(origin: OriginFor<T>, gateway: Option<AccountId>) -> DispatchResult {
            if gateway.is_some() {
                T::AssetsOrigin::ensure_origin(origin)?;
            } else {
                T::RevokeOrigin::ensure_origin(origin)?;
            }
            Gateway::<T>::set(gateway.clone());
            Self::deposit_event(Event::GatewaySet { gateway });
            Ok(())
        }

        /// Set how much of a bridged asset may be minted a day. With zero, nothing is.
        ///
        /// The origin must be `AssetsOrigin`, or `RevokeOrigin` for a limit of nothing. An
        /// asset is bridged from genesis or not at all: what exists of another one was
        /// minted by somebody else.
        ///
        /// A limit is lowered at any time. It is raised once in
        /// [`Bounds::between_raises`], to twice what it is at most, or back to the highest
        /// it has been.
        ///
        /// # Errors
        ///
        /// [`Error::NotBridged`], [`Error::RaisedTooFar`], [`Error::RaisedTooSoon`],
        /// [`Error::Overflow`].
        #[pallet::call_index(4)]
        pub fn set_limit(origin: OriginFor<T>, asset: AssetId, limit: Balance) -> DispatchResult {
            if limit > 0 {
                T::AssetsOrigin::ensure_origin(origin)?;
            } else {
                T::RevokeOrigin::ensure_origin(origin)?;
            }
            let mut bridged = Assets::<T>::get(asset).ok_or(Error::<T>::NotBridged)?;
            if limit > bridged.limit {
                let now: BlockNumber = frame_system::Pallet::<T>::block_number().into();
                Self::raise(&mut bridged, limit, now)?;
            }
            bridged.limit = limit;
            Assets::<T>::insert(asset, bridged);
            Self::deposit_event(Event::LimitSet { asset, limit });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// Notes that the limit is raised now, where it may be.
        fn raise(bridged: &mut Bridged, limit: Balance, now: BlockNumber) -> Result<(), Error<T>> {
            let within_twice = bridged
                .limit
                .checked_mul(2)
                .is_none_or(|twice| limit <= twice);
            ensure!(
                within_twice || limit <= bridged.highest,
                Error::RaisedTooFar
            );
            let next = bridged
                .raised
                .checked_add(T::Bounds::between_raises())
                .ok_or(Error::Overflow)?;
            ensure!(now >= next, Error::RaisedTooSoon);
            bridged.raised = now;
            bridged.highest = bridged.highest.max(limit);
            Ok(())
        }

        /// Checks the invariants of the module's documentation.
        ///
        /// # Errors
        ///
        /// The invariant that does not hold, by its number.
        #[cfg(any(feature = "std", feature = "try-runtime"))]
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            for (asset, bridged) in Assets::<T>::iter() {
                ensure!(
                    bridged.minted.checked_sub(bridged.redeemed)
                        == Some(T::Assets::total_issuance(asset)),
                    "1: there is more or less of a bridged asset than was minted"
                );
                ensure!(
                    bridged.limit <= bridged.highest,
                    "2: a limit is above the highest it has been"
                );
            }
            Ok(())
        }
    }

    /// Lets the gateway through and says who it is.
    pub struct EnsureGateway<T>(PhantomData<T>);

    impl<T: Config> EnsureOrigin<T::RuntimeOrigin> for EnsureGateway<T> {
        type Success = AccountId;

        fn try_origin(origin: T::RuntimeOrigin) -> Result<AccountId, T::RuntimeOrigin> {
            let signer = ensure_signed(origin.clone()).map_err(|_| origin.clone())?;
            if Gateway::<T>::get().as_ref() == Some(&signer) {
                Ok(signer)
            } else {
                Err(origin)
            }
        }

        #[cfg(feature = "runtime-benchmarks")]
        fn try_successful_origin() -> Result<T::RuntimeOrigin, ()> {
            let gateway = AccountId::from([0x67; 32]);
            Gateway::<T>::put(gateway.clone());
            Ok(frame_system::RawOrigin::Signed(gateway).into())
        }
    }
}
