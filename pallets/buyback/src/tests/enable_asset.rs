// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which assets can be enabled, and on which terms.

use crate::{AssetTerms, Error, Event, Markets, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, FixedU128};
use tokenomics_primitives::buyback::{HIGHEST_PRICE, LOWEST_PRICE};

fn enable(asset: Kind, terms: AssetTerms<Balance>) -> Result<(), DispatchError> {
    Buyback::enable_asset(RuntimeOrigin::root(), asset, terms)
}

/// Creates assets from 10 on.
fn create(count: u32) -> Vec<Kind> {
    (10..10 + count)
        .map(|id| {
            assert_ok!(Assets::force_create(
                RuntimeOrigin::root(),
                id,
                ADMIN,
                true,
                ASSET_ED
            ));
            Kind::WithId(id)
        })
        .collect()
}

#[test]
fn an_enabled_asset_starts_at_its_reference_price_and_watches_for_a_period() {
    build_and_execute(|| {
        let asset = create(1).remove(0);
        assert_ok!(enable(asset.clone(), tao_terms()));
        assert!(Buyback::is_enabled(&asset));
        let market = Markets::<Test>::get().into_inner().remove(2);
        assert_eq!(market.average, FixedU128::from_u32(2));
        assert_eq!(market.until, 1 + u64::from(PERIOD) - 1);
        assert!(market.tried);
        assert_eq!(
            events(),
            [Event::AssetEnabled {
                asset,
                terms: tao_terms()
            }]
        );
    });
}

#[test]
fn only_governance_enables() {
    build_and_execute(|| {
        let asset = create(1).remove(0);
        assert_noop!(
            Buyback::enable_asset(RuntimeOrigin::signed(GATEWAY), asset, tao_terms()),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn ni_and_what_is_not_there_are_refused() {
    build_and_execute(|| {
        assert_noop!(enable(NATIVE, tao_terms()), Error::<Test>::NativeAsset);
        assert_noop!(
            enable(Kind::WithId(9), tao_terms()),
            Error::<Test>::UnknownAsset
        );
        assert_noop!(enable(TAO, tao_terms()), Error::<Test>::AlreadyEnabled);
    });
}

#[test]
fn terms_have_ranges() {
    build_and_execute(|| {
        let asset = create(1).remove(0);
        let refused: [fn(&mut AssetTerms<Balance>); 4] = [
            |it| it.min_reserve = 0,
            |it| it.min_slice = 0,
            |it| it.reference_price = FixedU128::from_inner(LOWEST_PRICE.into_inner() - 1),
            |it| it.reference_price = FixedU128::from_inner(HIGHEST_PRICE.into_inner() + 1),
        ];
        for change in refused {
            let mut terms = tao_terms();
            change(&mut terms);
            assert_noop!(enable(asset.clone(), terms), Error::<Test>::InvalidTerms);
        }
        let widest = AssetTerms {
            reference_price: LOWEST_PRICE,
            min_reserve: 1,
            min_slice: 1,
        };
        assert_ok!(enable(asset, widest));
    });
}

#[test]
fn there_are_eight_at_most() {
    build_and_execute(|| {
        let mut assets = create(7);
        let last = assets.pop().expect("there are seven");
        for asset in assets {
            assert_ok!(enable(asset, tao_terms()));
        }
        assert_noop!(enable(last, tao_terms()), Error::<Test>::TooManyAssets);
    });
}

#[test]
fn genesis_enables_assets_and_endows_the_pot() {
    build_and_execute(|| {
        assert!(Buyback::is_enabled(&TAO));
        assert!(Buyback::is_enabled(&USD));
        assert_eq!(balance(NATIVE, pot()), ED);
    });
}

#[test]
#[should_panic(expected = "Native is refused")]
fn genesis_refuses_what_cannot_be_enabled() {
    let _ = genesis(vec![(NATIVE, tao_terms())]);
}
