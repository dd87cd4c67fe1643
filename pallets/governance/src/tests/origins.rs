// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The origins and what lets them through.

use crate::{
    EnsureAssets, EnsureParameters, EnsureRevoke, EnsureTiers, EnsureUpgrade, Origin,
    mock::RuntimeOrigin,
};
use frame_support::traits::EnsureOrigin;

#[test]
fn each_lets_its_own_through_and_nobody_else() {
    type Check = fn(RuntimeOrigin) -> bool;
    let origins: [(RuntimeOrigin, Check); 5] = [
        (Origin::Parameters.into(), |origin| {
            EnsureParameters::ensure_origin(origin).is_ok()
        }),
        (Origin::Tiers.into(), |origin| {
            EnsureTiers::ensure_origin(origin).is_ok()
        }),
        (Origin::Assets.into(), |origin| {
            EnsureAssets::ensure_origin(origin).is_ok()
        }),
        (Origin::Upgrade.into(), |origin| {
            EnsureUpgrade::ensure_origin(origin).is_ok()
        }),
        (Origin::Revoke.into(), |origin| {
            EnsureRevoke::ensure_origin(origin).is_ok()
        }),
    ];
    for (index, (_, ensure)) in origins.iter().enumerate() {
        for (other, (origin, _)) in origins.iter().enumerate() {
            assert_eq!(ensure(origin.clone()), index == other);
        }
        for origin in [
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
            RuntimeOrigin::signed(1),
        ] {
            assert!(!ensure(origin));
        }
    }
}
