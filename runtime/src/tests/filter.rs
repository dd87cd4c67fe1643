// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use super::chain::{Chain, signed};
use crate::{Balances, NI, Runtime, RuntimeCall, RuntimeEvent, Supply, configs::system::ProxyType};
use frame_support::{assert_ok, dispatch::DispatchResult, traits::InstanceFilter};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
use sp_runtime::{DispatchError, Perbill};

fn balances_burn() -> RuntimeCall {
    pallet_balances::Call::burn {
        value: NI,
        keep_alive: true,
    }
    .into()
}

/// The result of `call`, made by Bob in a block of its own.
fn dispatch(chain: &mut Chain, nonce: u32, call: RuntimeCall) -> DispatchResult {
    chain
        .block(|| vec![signed(Bob, nonce, 0, call)])
        .remove(0)
        .unwrap()
}

fn filtered() -> DispatchError {
    frame_system::Error::<Runtime>::CallFiltered.into()
}

#[test]
fn balances_burn_is_refused_and_supply_burn_is_not() {
    let mut chain = Chain::new("development");
    let before = chain.with(Supply::minted);
    assert_eq!(dispatch(&mut chain, 0, balances_burn()), Err(filtered()));
    chain.with(|| {
        let fees = Supply::burned();
        assert_eq!(Balances::total_issuance(), before - fees);
    });
    let burned = chain.with(Supply::burned);
    assert_ok!(dispatch(
        &mut chain,
        1,
        pallet_supply::Call::burn { amount: NI }.into()
    ));
    assert!(chain.with(Supply::burned) > burned + NI);
}

#[test]
fn balances_burn_is_refused_in_a_batch() {
    let mut chain = Chain::new("development");
    let batch = pallet_utility::Call::batch_all {
        calls: vec![balances_burn()],
    };
    assert_eq!(dispatch(&mut chain, 0, batch.into()), Err(filtered()));
}

#[test]
fn balances_burn_is_refused_through_a_proxy() {
    let mut chain = Chain::new("development");
    let add = pallet_proxy::Call::add_proxy {
        delegate: Bob.to_account_id().into(),
        proxy_type: ProxyType::Any,
        delay: 0,
    };
    let added = chain.block(|| vec![signed(Charlie, 0, 0, add)]);
    assert_eq!(added, [Ok(Ok(()))]);
    let proxied = |call: RuntimeCall| pallet_proxy::Call::proxy {
        real: Charlie.to_account_id().into(),
        force_proxy_type: None,
        call: Box::new(call),
    };
    assert_ok!(dispatch(&mut chain, 0, proxied(balances_burn()).into()));
    let executed = |chain: &mut Chain| {
        chain.events().into_iter().find_map(|event| match event {
            RuntimeEvent::Proxy(pallet_proxy::Event::ProxyExecuted { result }) => Some(result),
            _ => None,
        })
    };
    assert_eq!(executed(&mut chain), Some(Err(filtered())));
    let burn = pallet_supply::Call::burn { amount: NI };
    assert_ok!(dispatch(&mut chain, 1, proxied(burn.into()).into()));
    assert_eq!(executed(&mut chain), Some(Ok(())));
}

#[test]
fn a_non_transfer_proxy_neither_burns_nor_pays_nor_puts_at_stake() {
    let hotkey = Alice.to_account_id();
    let refused: [RuntimeCall; 6] = [
        pallet_supply::Call::burn { amount: NI }.into(),
        pallet_registration::Call::register {
            hotkey: hotkey.clone(),
            role: pallet_registration::Role::Miner,
            slots: 1,
            max_price: NI,
        }
        .into(),
        pallet_registration::Call::renew {
            hotkey: hotkey.clone(),
            max_price: NI,
        }
        .into(),
        pallet_registration::Call::top_up {
            hotkey: hotkey.clone(),
            gpu: 0,
        }
        .into(),
        pallet_delegation::Call::join {
            hotkey: hotkey.clone(),
            self_stake: 1,
            commission: Perbill::zero(),
        }
        .into(),
        pallet_delegation::Call::stake {
            validator: hotkey.clone(),
            amount: 1,
        }
        .into(),
    ];
    for call in refused {
        assert!(!ProxyType::NonTransfer.filter(&call), "{call:?}");
        assert!(ProxyType::Any.filter(&call), "{call:?}");
    }
    // What takes nothing is its to do.
    let leave = pallet_registration::Call::leave { hotkey }.into();
    assert!(ProxyType::NonTransfer.filter(&leave));
}

#[test]
fn a_non_transfer_proxy_moves_no_balance() {
    let mut chain = Chain::new("development");
    let add = pallet_proxy::Call::add_proxy {
        delegate: Bob.to_account_id().into(),
        proxy_type: ProxyType::NonTransfer,
        delay: 0,
    };
    chain.block(|| vec![signed(Charlie, 0, 0, add)]);
    let before = chain.with(|| Balances::free_balance(Charlie.to_account_id()));
    let call = pallet_proxy::Call::proxy {
        real: Charlie.to_account_id().into(),
        force_proxy_type: None,
        call: Box::new(
            pallet_balances::Call::transfer_keep_alive {
                dest: Alice.to_account_id().into(),
                value: NI,
            }
            .into(),
        ),
    };
    assert_ok!(dispatch(&mut chain, 0, call.into()));
    assert_eq!(
        chain.with(|| Balances::free_balance(Charlie.to_account_id())),
        before
    );
}
