// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use super::{
    chain::{Chain, signed},
    issuance::{every_call, make, name, random::Random},
};
use crate::{
    Balances, NI, Runtime, RuntimeCall, RuntimeEvent, SessionKeys, Supply,
    configs::system::ProxyType,
};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::DispatchResult,
    traits::{Bounded, Currency as _, InstanceFilter, schedule::DispatchTime},
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{DispatchError, Perbill};
use std::collections::BTreeSet;

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

/// What a proxy that moves nothing may do. Every other call there is, it may not.
const NON_TRANSFERS: [&str; 23] = [
    "Delegation::claim",
    "Delegation::claim_commission",
    "Delegation::leave",
    "Delegation::set_commission",
    "Delegation::unstake",
    "Delegation::withdraw",
    "Emission::claim",
    "Governance::clear_expired",
    "Governance::remove_vote",
    "Governance::settle_deposits",
    "Governance::vote",
    "Preimage::unnote_preimage",
    "ProofOfGpu::report_missed",
    "Proxy::reject_announcement",
    "Registration::leave",
    "Registration::shrink",
    "Registration::withdraw",
    "System::remark",
    "System::remark_with_event",
    "Utility::batch",
    "Utility::batch_all",
    "Utility::force_batch",
    "Utility::if_else",
];

#[test]
fn each_proxy_type_reaches_what_is_listed() {
    let mut random = Random::new(1);
    Chain::new("development").with(|| {
        let mut reached = BTreeSet::new();
        let mut unmade = Vec::new();
        for kind in every_call() {
            let Some(call) = make(kind, &mut random) else {
                unmade.push(kind);
                continue;
            };
            assert!(ProxyType::Any.filter(&call), "{call:?}");
            if ProxyType::NonTransfer.filter(&call) {
                reached.insert(name(&call));
            }
        }
        assert_eq!(reached.iter().collect::<Vec<_>>(), NON_TRANSFERS);
        // Reports of equivocations do not come out by chance.
        let reports = |(pallet, call): &(u8, u8)| [2, 7].contains(pallet) && *call < 2;
        assert!(unmade.iter().all(reports), "{unmade:?}");
    });
}

/// What a rival with such a proxy would try, and how it would wrap it.
#[test]
fn a_non_transfer_proxy_costs_its_account_nothing() {
    let mut chain = Chain::new("development");
    // Charlie may do anything for Dave, and Bob a little for Charlie.
    for (real, delegate, proxy_type) in [
        (Charlie, Bob, ProxyType::NonTransfer),
        (Dave, Charlie, ProxyType::Any),
    ] {
        let add = pallet_proxy::Call::add_proxy {
            delegate: delegate.to_account_id().into(),
            proxy_type,
            delay: 0,
        };
        assert_ok!(chain.send(real, add));
    }
    let submit: RuntimeCall = pallet_referenda::Call::submit {
        proposal_origin: Box::new(pallet_governance::Origin::Upgrade.into()),
        proposal: Bounded::Inline(remark().encode().try_into().unwrap()),
        enactment_moment: DispatchTime::After(0),
    }
    .into();
    assert_ok!(chain.send(Eve, submit.clone()));
    let transfer: RuntimeCall = pallet_balances::Call::transfer_keep_alive {
        dest: Bob.to_account_id().into(),
        value: NI,
    }
    .into();
    let for_dave: RuntimeCall = pallet_proxy::Call::proxy {
        real: Dave.to_account_id().into(),
        force_proxy_type: None,
        call: Box::new(transfer.clone()),
    }
    .into();
    let tried: [RuntimeCall; 8] = [
        transfer.clone(),
        for_dave,
        submit,
        pallet_referenda::Call::place_decision_deposit { index: 0 }.into(),
        pallet_preimage::Call::note_preimage { bytes: vec![1] }.into(),
        pallet_proxy::Call::add_proxy {
            delegate: Eve.to_account_id().into(),
            proxy_type: ProxyType::NonTransfer,
            delay: 0,
        }
        .into(),
        pallet_session::Call::set_keys {
            keys: SessionKeys {
                babe: Bob.public().into(),
                grandpa: sp_keyring::Ed25519Keyring::Bob.public().into(),
            },
            proof: vec![],
        }
        .into(),
        pallet_multisig::Call::as_multi_threshold_1 {
            other_signatories: vec![Bob.to_account_id()],
            call: Box::new(transfer),
        }
        .into(),
    ];
    let held = |chain: &mut Chain| {
        chain.with(|| {
            [Charlie, Dave].map(|who| {
                let who = who.to_account_id();
                let reserved = Balances::reserved_balance(&who);
                (Balances::total_balance(&who), reserved)
            })
        })
    };
    let before = held(&mut chain);
    for call in tried {
        let wrapped: [RuntimeCall; 5] = [
            call.clone(),
            pallet_utility::Call::batch {
                calls: vec![call.clone()],
            }
            .into(),
            pallet_utility::Call::force_batch {
                calls: vec![call.clone()],
            }
            .into(),
            pallet_utility::Call::if_else {
                main: Box::new(call.clone()),
                fallback: Box::new(call.clone()),
            }
            .into(),
            pallet_utility::Call::as_derivative {
                index: 0,
                call: Box::new(call.clone()),
            }
            .into(),
        ];
        for inner in wrapped {
            let proxied = pallet_proxy::Call::proxy {
                real: Charlie.to_account_id().into(),
                force_proxy_type: None,
                call: Box::new(inner),
            };
            assert_ok!(chain.send(Bob, proxied));
            assert_eq!(held(&mut chain), before, "{call:?}");
        }
    }
    chain.with(|| {
        let keys = pallet_session::NextKeys::<Runtime>::get(Charlie.to_account_id());
        assert!(keys.is_none());
        assert_eq!(pallet_referenda::ReferendumCount::<Runtime>::get(), 1);
    });
}

fn remark() -> RuntimeCall {
    frame_system::Call::remark { remark: vec![1] }.into()
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
