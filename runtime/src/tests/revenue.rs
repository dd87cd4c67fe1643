// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Revenue of every sort: what comes in buys NI, and what is bought is burned.

use super::chain::Chain;
use crate::{
    AccountId, Assets, Balance, Balances, Bridge, Buyback, EXISTENTIAL_DEPOSIT, NI, Runtime,
    RuntimeEvent, Supply, TAO_UNIT, USD_UNIT,
    configs::market::{AssetKind, TAO, USD},
};
use frame_support::assert_ok;
use pallet_buyback::{Call, Error, Event, RevenueSource};
use pallet_governance::Origin;
use pallet_supply::{BurnSource, Event as SupplyEvent};
use sp_keyring::Sr25519Keyring::{self, Alice, Charlie, One};
use sp_runtime::DispatchError;

const NATIVE: AssetKind = AssetKind::Native;
const BRIDGED: [AssetKind; 2] = [AssetKind::WithId(TAO), AssetKind::WithId(USD)];

fn deposit(nonce: u64, asset: AssetKind, amount: Balance) -> Call<Runtime> {
    Call::deposit_revenue {
        nonce,
        asset,
        amount,
        source: RevenueSource::Asset,
    }
}

/// Forty euros, settled as so many dollars.
fn euros(nonce: u64, amount: Balance) -> (Call<Runtime>, RevenueSource) {
    let source = RevenueSource::Fiat {
        currency: *b"EUR",
        minor_units: 4_000,
        reference: [7; 32],
    };
    let call = Call::deposit_revenue {
        nonce,
        asset: AssetKind::WithId(USD),
        amount,
        source: source.clone(),
    };
    (call, source)
}

/// What the latest block burned from `source`.
fn burned(chain: &mut Chain, of: BurnSource) -> Balance {
    chain
        .events()
        .into_iter()
        .filter_map(|event| match event {
            RuntimeEvent::Supply(SupplyEvent::Burned { source, amount }) if source == of => {
                Some(amount)
            }
            _ => None,
        })
        .sum()
}

#[test]
fn revenue_in_tao_and_dollars_buys_ni_that_is_burned() {
    let mut chain = Chain::new("development");
    let issued = chain.with(Balances::total_issuance);
    assert_ok!(chain.send(One, deposit(0, AssetKind::WithId(TAO), TAO_UNIT)));
    let mut fees = burned(&mut chain, BurnSource::TransactionFees);
    let (call, source) = euros(1, 40 * USD_UNIT);
    assert_ok!(chain.send(One, call));
    fees += burned(&mut chain, BurnSource::TransactionFees);
    assert!(
        chain
            .events()
            .contains(&RuntimeEvent::Buyback(Event::RevenueDeposited {
                gateway: One.to_account_id(),
                nonce: 1,
                asset: AssetKind::WithId(USD),
                amount: 40 * USD_UNIT,
                source,
            }))
    );
    chain.with(|| {
        assert_eq!(Buyback::pending(&BRIDGED[0]), TAO_UNIT);
        assert_eq!(Buyback::pending(&BRIDGED[1]), 40 * USD_UNIT);
    });

    let (mut bought, mut slices) = (0, [0; 2]);
    for _ in 0..160 {
        chain.empty();
        let mut in_block = 0;
        for event in chain.events() {
            if let RuntimeEvent::Buyback(Event::SliceBought {
                asset, bought: ni, ..
            }) = event
            {
                in_block += ni;
                slices[usize::from(asset == BRIDGED[1])] += 1;
            }
        }
        assert_eq!(
            burned(&mut chain, BurnSource::Buyback),
            in_block,
            "in the same block"
        );
        bought += in_block;
    }
    assert!(slices.iter().all(|slices| *slices > 3), "{slices:?}");

    chain.with(|| {
        for (asset, id, least) in [
            (&BRIDGED[0], TAO, TAO_UNIT / 100),
            (&BRIDGED[1], USD, USD_UNIT),
        ] {
            let ledger = Buyback::ledger(asset.clone());
            assert_eq!(ledger.received, ledger.spent + ledger.pending());
            assert_eq!(ledger.bought, ledger.burned);
            assert!(ledger.pending() <= least, "{} is left", ledger.pending());
            assert_eq!(Assets::balance(id, Buyback::account()), ledger.pending());
        }
        assert_eq!(Buyback::totals().burned, bought);
        assert_eq!(Supply::burned(), bought + fees);
        assert_eq!(Balances::total_issuance(), issued - bought - fees);
        assert_eq!(
            Balances::free_balance(Buyback::account()),
            EXISTENTIAL_DEPOSIT,
            "nothing that was bought stays"
        );
    });
}

#[test]
fn revenue_in_ni_is_burned_at_once() {
    let mut chain = Chain::new("development");
    assert_ok!(chain.send(One, deposit(0, NATIVE, 3 * NI)));
    assert_eq!(burned(&mut chain, BurnSource::Buyback), 3 * NI);
    chain.with(|| {
        let ledger = Buyback::ledger(NATIVE);
        assert_eq!((ledger.received, ledger.burned), (3 * NI, 3 * NI));
        assert_eq!(ledger.pending(), 0);
    });
}

#[test]
fn only_the_gateway_pays_revenue_in() {
    let mut chain = Chain::new("development");
    for who in Sr25519Keyring::iter().filter(|who| *who != One) {
        for asset in [NATIVE, AssetKind::WithId(TAO)] {
            assert_eq!(
                chain.send(who, deposit(0, asset, 1)),
                Err(DispatchError::BadOrigin)
            );
        }
    }
    // Another is named: the old one is refused, and the new one's receipts begin at 0.
    assert_ok!(chain.send(One, deposit(0, NATIVE, NI)));
    chain.with(|| {
        let gateway = Some(Charlie.to_account_id());
        assert_ok!(Bridge::set_gateway(Origin::Assets.into(), gateway));
    });
    assert_eq!(
        chain.send(One, deposit(1, NATIVE, NI)),
        Err(DispatchError::BadOrigin)
    );
    assert_ok!(chain.send(Charlie, deposit(0, NATIVE, NI)));
}

#[test]
fn receipts_are_taken_once_and_in_order() {
    let mut chain = Chain::new("development");
    assert_ok!(chain.send(One, deposit(0, NATIVE, NI)));
    for (nonce, error) in [(0, Error::ReceiptReplayed), (2, Error::ReceiptSkipped)] {
        assert_eq!(
            chain.send(One, deposit(nonce, NATIVE, NI)),
            Err(Error::<Runtime>::into(error))
        );
    }
    // What is refused uses up no receipt.
    assert_eq!(
        chain.send(One, deposit(1, AssetKind::WithId(9), 1)),
        Err(Error::<Runtime>::NotEnabled.into())
    );
    assert_ok!(chain.send(One, deposit(1, NATIVE, NI)));
}

#[test]
fn what_somebody_sends_unasked_is_no_revenue() {
    let mut chain = Chain::new("development");
    let pot: AccountId = chain.with(Buyback::account);
    let transfer = pallet_assets::Call::<Runtime>::transfer {
        id: TAO,
        target: pot.into(),
        amount: TAO_UNIT,
    };
    assert_ok!(chain.send(Alice, transfer));
    chain.with(|| {
        assert_eq!(Buyback::pending(&BRIDGED[0]), 0);
        assert_eq!(Assets::balance(TAO, Buyback::account()), TAO_UNIT);
    });
    chain.blocks(30);
    chain.with(|| assert_eq!(Buyback::totals().bought, 0));
}
