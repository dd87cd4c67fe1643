// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Who is let through where a referendum decides: one type for each origin, for the
//! configurations of the pallets that are governed.

use crate::Origin;
use frame_support::traits::EnsureOrigin;

macro_rules! ensure_origin {
    ($($(#[$doc:meta])* $name:ident: $origin:ident,)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl<O: Into<Result<Origin, O>> + From<Origin>> EnsureOrigin<O> for $name {
            type Success = ();

            fn try_origin(origin: O) -> Result<(), O> {
                match origin.into()? {
                    Origin::$origin => Ok(()),
                    other => Err(O::from(other)),
                }
            }

            #[cfg(feature = "runtime-benchmarks")]
            fn try_successful_origin() -> Result<O, ()> {
                Ok(O::from(Origin::$origin))
            }
        }
    )*};
}

ensure_origin! {
    /// Lets [`Origin::Parameters`] through and nobody else.
    EnsureParameters: Parameters,
    /// Lets [`Origin::Tiers`] through and nobody else.
    EnsureTiers: Tiers,
    /// Lets [`Origin::Assets`] through and nobody else.
    EnsureAssets: Assets,
    /// Lets [`Origin::Upgrade`] through and nobody else.
    EnsureUpgrade: Upgrade,
    /// Lets [`Origin::Revoke`] through and nobody else.
    EnsureRevoke: Revoke,
}
