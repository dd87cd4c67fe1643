// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Disabling an asset loses nothing.

use crate::{AssetTerms, Error, Event, RevenueSource, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, FixedU128};

fn disable(asset: Kind) -> Result<(), DispatchError> {
    Buyback::disable_asset(RuntimeOrigin::root(), asset)
}

#[test]
fn what_is_pending_waits_until_the_asset_is_enabled_again() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        events();
        assert_ok!(disable(TAO));
        assert_eq!(
            events(),
            [Event::AssetDisabled {
                asset: TAO,
                pending: 100 * NI
            }]
        );
        assert_noop!(
            Buyback::deposit_revenue(
                RuntimeOrigin::signed(GATEWAY),
                1,
                TAO,
                NI,
                RevenueSource::Asset
            ),
            Error::<Test>::NotEnabled
        );
        forward(5 * PERIOD);
        assert_eq!(events(), [], "nothing is bought with it");
        assert_eq!(Buyback::pending(&TAO), 100 * NI);
        assert_eq!(balance(TAO, pot()), 100 * NI);

        let terms = AssetTerms {
            reference_price: FixedU128::from_rational(201, 100),
            ..tao_terms()
        };
        assert_ok!(Buyback::enable_asset(RuntimeOrigin::root(), TAO, terms));
        forward(3 * PERIOD);
        let ledger = Buyback::ledger(TAO);
        assert_eq!(ledger.received, 100 * NI);
        assert!(ledger.spent > 50 * NI, "it is bought with again");
    });
}

#[test]
fn the_other_assets_go_on() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        deposit(USD, 100 * USD_UNIT);
        assert_ok!(disable(TAO));
        forward(3 * PERIOD);
        assert_eq!(Buyback::ledger(TAO).spent, 0);
        assert!(Buyback::ledger(USD).spent > 0);
    });
}

#[test]
fn only_governance_disables_what_is_enabled() {
    build_and_execute(|| {
        assert_noop!(
            Buyback::disable_asset(RuntimeOrigin::signed(GATEWAY), TAO),
            DispatchError::BadOrigin
        );
        assert_noop!(disable(NATIVE), Error::<Test>::NotEnabled);
        assert_ok!(disable(TAO));
        assert_noop!(disable(TAO), Error::<Test>::NotEnabled);
    });
}
