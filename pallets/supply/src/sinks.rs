// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Where other pallets send credits: a type for each source, to be named in a
//! runtime's configuration wherever an `OnUnbalanced` is asked for.

use crate::{BurnSource, Config, CreditOf, Pallet, RecycleSource};
use core::marker::PhantomData;
use frame_support::traits::{Get, Imbalance, OnUnbalanced, fungible::Balanced};
use sp_runtime::traits::Zero;

/// A source of recycled units.
pub trait RecycledFrom {
    /// How it is called in events and totals.
    const SOURCE: RecycleSource;
}

/// A source of burned units.
pub trait BurnedFrom {
    /// How it is called in events and totals.
    const SOURCE: BurnSource;
}

macro_rules! sources {
    ($($trait:ident, $kind:ident: $($name:ident)*;)*) => {$($(
        #[doc = concat!("See [`", stringify!($kind), "::", stringify!($name), "`].")]
        pub struct $name;
        impl $trait for $name {
            const SOURCE: $kind = $kind::$name;
        }
    )*)*};
}

sources! {
    RecycledFrom, RecycleSource: RegistrationFees ExpiredResults Donations;
    BurnedFrom, BurnSource: TransactionFees Slashes Dust Buyback Voluntary Unresolved;
}

/// Puts every credit it is given into the recycle pool, to the last unit.
pub struct Recycle<T, Source>(PhantomData<(T, Source)>);

impl<T: Config, Source: RecycledFrom> OnUnbalanced<CreditOf<T>> for Recycle<T, Source> {
    fn on_nonzero_unbalanced(credit: CreditOf<T>) {
        Pallet::<T>::recycle(credit, Source::SOURCE);
    }
}

/// Destroys every credit it is given.
pub struct Burn<T, Source>(PhantomData<(T, Source)>);

impl<T: Config, Source: BurnedFrom> OnUnbalanced<CreditOf<T>> for Burn<T, Source> {
    fn on_nonzero_unbalanced(credit: CreditOf<T>) {
        Pallet::<T>::destroy(credit, Source::SOURCE);
    }
}

/// For transaction payment, which hands over a fee and then a tip: burns the fee
/// and pays the tip to the account `Author` names.
///
/// A tip nobody can take, because there is no author or because it would leave the
/// author below the minimum balance, is burned with the fee.
pub struct BurnFeeTipTo<T, Author>(PhantomData<(T, Author)>);

impl<T: Config, Author: Get<Option<T::AccountId>>> OnUnbalanced<CreditOf<T>>
    for BurnFeeTipTo<T, Author>
{
    fn on_unbalanceds(mut credits: impl Iterator<Item = CreditOf<T>>) {
        if let Some(fee) = credits.next() {
            Self::on_unbalanced(fee);
        }
        for tip in credits.filter(|tip| !tip.peek().is_zero()) {
            let refused = match Author::get() {
                Some(author) => T::Currency::resolve(&author, tip),
                None => Err(tip),
            };
            if let Err(tip) = refused {
                Self::on_unbalanced(tip);
            }
        }
    }

    fn on_nonzero_unbalanced(fee: CreditOf<T>) {
        Pallet::<T>::destroy(fee, BurnSource::TransactionFees);
    }
}
