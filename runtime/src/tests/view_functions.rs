// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Every view function of the pallets, called as a client does: by its number, with
//! encoded arguments.

use super::chain::signed;
use super::window::{Network, commit, proof, reveal};
use crate::{
    Buyback, Delegation, Emission, Governance, ProofOfGpu, Registration, Runtime, Supply,
    configs::market::{AssetKind, TAO},
    tokenomics_api::runtime_decl_for_tokenomics_api::TokenomicsApiV1,
};
use codec::Encode;
use frame_support::view_functions::{ViewFunctionDispatchError, ViewFunctionId};
use pallet_registration::Role;
use sp_keyring::Sr25519Keyring::{Alice, AliceStash, Charlie};
use std::collections::BTreeMap;

/// The numbers of the project's view functions, by pallet and name.
fn numbers() -> BTreeMap<(&'static str, &'static str), ViewFunctionId> {
    Runtime::metadata_ir()
        .pallets
        .into_iter()
        .flat_map(|pallet| {
            pallet.view_functions.into_iter().map(move |function| {
                let id = function.id;
                let (prefix, suffix) = id.split_at(16);
                let id = ViewFunctionId {
                    prefix: prefix.try_into().unwrap(),
                    suffix: suffix.try_into().unwrap(),
                };
                ((pallet.name, function.name), id)
            })
        })
        .filter(|((pallet, _), _)| OWN.contains(pallet))
        .collect()
}

/// The project's pallets that have view functions.
const OWN: [&str; 7] = [
    "Supply",
    "Registration",
    "ProofOfGpu",
    "Emission",
    "Buyback",
    "Delegation",
    "Governance",
];

/// A question, and its answer as the pallet gives it natively.
type Case = ((&'static str, &'static str), Vec<u8>, Vec<u8>);

/// Every view function with arguments that say something on a chain in which Charlie's
/// proof was verified in the running window.
fn cases(window: u32) -> Vec<Case> {
    let (charlie, staker) = (Charlie.to_account_id(), AliceStash.to_account_id());
    let (alice, tao) = (Alice.to_account_id(), AssetKind::WithId(TAO));
    let earlier = window.saturating_sub(1);
    macro_rules! ask {
        ($($pallet:ident: $function:ident($($argument:expr),*);)*) => {
            vec![$((
                (stringify!($pallet), stringify!($function)),
                ($($argument.clone(),)*).encode(),
                $pallet::$function($($argument.clone()),*).encode(),
            ),)*]
        };
    }
    ask! {
        Supply: totals();
        Supply: pool();
        Supply: minted();
        Supply: cap();
        Supply: recycled();
        Supply: drawn();
        Supply: burned();
        Registration: quote(Role::Miner, 1u32);
        Registration: registration_of(charlie);
        ProofOfGpu: window();
        ProofOfGpu: gpu(charlie, 0u32);
        Emission: lowest_floor();
        Emission: round(earlier);
        Emission: tiers();
        Emission: pending_pay_of(charlie, 0u32);
        Buyback: quote(tao);
        Buyback: ledger(tao);
        Buyback: totals();
        Delegation: claimable(staker, alice);
        Delegation: candidates();
        Governance: votes_of(staker);
        Governance: locked_of(staker);
    }
}

/// A chain in whose running window Charlie was verified, after one in which it was.
fn verified() -> (Network, u32) {
    let mut network = Network::new();
    let mut nonce = 0;
    let mut id = 0;
    for round in 0..2 {
        let window = network.until_open();
        let honest = proof(&mut network, Charlie, &window);
        network.block(|| vec![signed(Charlie, nonce, 0, commit(&window, &honest))]);
        let beacon = network.until_revealing();
        network.block(|| {
            vec![signed(
                Charlie,
                nonce + 1,
                0,
                reveal(&window, &honest, beacon),
            )]
        });
        nonce += 2;
        id = window.id;
        if round == 0 {
            network.until_closed();
        }
    }
    (network, id)
}

#[test]
fn each_answers_by_its_number_as_the_pallet_does() {
    let (mut network, window) = verified();
    network.chain.with(|| {
        let numbers = numbers();
        let cases = cases(window);
        let asked: Vec<_> = {
            let mut names: Vec<_> = cases.iter().map(|(name, ..)| *name).collect();
            names.sort_unstable();
            names
        };
        assert_eq!(asked, numbers.keys().copied().collect::<Vec<_>>());
        for (name, arguments, answer) in cases {
            let given = Runtime::execute_view_function(numbers[&name].clone(), arguments);
            assert_eq!(given.ok(), Some(answer), "{name:?}");
        }
        // They are about something: a window, a result and a round are there.
        assert!(ProofOfGpu::window().is_some_and(|running| running.id == window));
        assert!(Registration::registration_of(Charlie.to_account_id()).is_some());
        assert!(Emission::round(window - 1).is_some());
        assert!(!Delegation::candidates().is_empty());
    });
}

#[test]
fn what_is_no_view_function_or_no_argument_is_refused() {
    let (mut network, _) = verified();
    network.chain.with(|| {
        let numbers = numbers();
        let unknown = ViewFunctionId {
            prefix: [0xff; 16],
            suffix: [0xff; 16],
        };
        assert!(matches!(
            Runtime::execute_view_function(unknown, vec![]),
            Err(ViewFunctionDispatchError::NotFound(_))
        ));
        let quote = numbers[&("Registration", "quote")].clone();
        for arguments in [vec![], vec![9, 0, 0, 0, 0]] {
            assert!(matches!(
                Runtime::execute_view_function(quote.clone(), arguments),
                Err(ViewFunctionDispatchError::Codec)
            ));
        }
    });
}

#[test]
fn the_api_tells_of_the_running_window_and_what_it_verified() {
    let (mut network, id) = verified();
    network.chain.with(|| {
        let window = Runtime::window().expect("a window is running");
        assert_eq!(window.id, id);
        assert_eq!(Some(window), ProofOfGpu::window());
        let round = Runtime::running_round().expect("it has a result");
        assert_eq!(round.window, id);
        // Of the last two windows, this one has no round yet.
        let newest = Runtime::rounds(None, 2).items;
        assert_eq!(newest.len(), 1);
        assert_eq!(Runtime::round(id - 1).as_ref(), newest.first());
    });
    network.until_closed();
    network.chain.with(|| {
        assert_eq!(Runtime::window(), None);
        assert!(Runtime::round(id).is_some());
    });
}
