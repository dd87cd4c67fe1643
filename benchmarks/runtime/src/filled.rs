// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A block that is filled with commits in earnest: signed, checked by every extension,
//! dispatched by the assembled runtime.

use frame_support::{BoundedVec, weights::Weight};
use ni_runtime::{
    AccountId, Executive, NI, Runtime, RuntimeCall, RuntimeOrigin, Signature, SignedPayload,
    System, TxExtension, UncheckedExtrinsic,
    settings::{WindowParameters, defaults},
};
use pallet_proof_of_gpu::{Call, CurrentWindow, GpuClaim, Phase};
use pallet_registration::{Hotkeys, Role};
use sp_core::{Pair, sr25519};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::Era,
    traits::{IdentifyAccount, Verify},
};
use stateful::{chain::Chain, memory::Memory};

/// What a block has come to after so many commits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Filled {
    /// Commits in it, of one GPU each.
    pub commits: u32,
    /// The part of a block's compute that is charged, the block's own part left out and
    /// what was refunded given back.
    pub charged: f64,
}

/// Where a block stands after each of these numbers of commits, and when it takes no
/// more.
///
/// # Panics
///
/// When the chain does not take what it must, such as the first commit.
#[must_use]
pub fn fill(stops: &[u32]) -> Vec<Filled> {
    Memory::default().execute_with(|| {
        let window = WindowParameters {
            min_gap: 1,
            max_gap: 1,
            ..defaults::window()
        };
        // A bond stays longer than the window that it answers for.
        let length = window.max_gap + window.work + window.grace + window.sampling + window.reveal;
        let registration = serde_json::json!({ "cool_down": length + 1 });
        let changes = serde_json::json!({
            "settings": { "window": window, "registration": registration }
        });
        let mut chain = Chain::new(changes);
        chain.begin(1);
        let model = model();
        let open = || {
            CurrentWindow::<Runtime>::get().filter(|window| {
                window.phase == Phase::Open && System::block_number() > window.opened_at
            })
        };
        let window = loop {
            chain.end();
            chain.begin(1);
            if let Some(window) = open() {
                break window;
            }
        };
        let before = System::block_weight().total();
        let call = Call::<Runtime>::commit {
            window: window.id,
            beacon: window.beacon,
            claims: BoundedVec::truncate_from(vec![GpuClaim {
                gpu: 0,
                rounds: 10_000,
                root: [1; 32],
                walk: None,
            }]),
        };
        let mut filled = Vec::new();
        for commits in 0.. {
            let here = || Filled {
                commits,
                charged: share(System::block_weight().total().saturating_sub(before)),
            };
            if stops.contains(&commits) {
                filled.push(here());
            }
            let who = miner(commits, &model);
            if !matches!(Executive::apply_extrinsic(signed(&who, &call)), Ok(Ok(()))) {
                filled.push(here());
                break;
            }
            // A block's events are one value that grows: it need not here.
            System::reset_events();
        }
        filled
    })
}

#[allow(clippy::cast_precision_loss)]
fn share(weight: Weight) -> f64 {
    let blocks = <Runtime as frame_system::Config>::BlockWeights::get();
    weight.ref_time() as f64 / blocks.max_block.ref_time() as f64
}

/// Registers a miner with one slot.
fn model() -> AccountId {
    let hotkey = AccountId::new([9; 32]);
    let registered = ni_runtime::Registration::register(
        RuntimeOrigin::signed(Sr25519Keyring::AliceStash.to_account_id()),
        hotkey.clone(),
        Role::Miner,
        1,
        1_000 * NI,
    );
    assert!(registered.is_ok(), "{registered:?}");
    hotkey
}

/// A miner with a key of its own, written into the state as the model is.
fn miner(number: u32, model: &AccountId) -> sr25519::Pair {
    let mut seed = [5; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    let key = sr25519::Pair::from_seed(&seed);
    let hotkey = account(&key);
    let registration = Hotkeys::<Runtime>::get(model).expect("the model is registered");
    frame_system::Account::<Runtime>::insert(&hotkey, System::account(model));
    Hotkeys::<Runtime>::insert(&hotkey, registration);
    key
}

fn account(key: &sr25519::Pair) -> AccountId {
    <<Signature as Verify>::Signer as From<_>>::from(key.public()).into_account()
}

fn signed(key: &sr25519::Pair, call: &Call<Runtime>) -> UncheckedExtrinsic {
    let extension: TxExtension = crate::capacity::extension(Era::Immortal, 0);
    let payload = SignedPayload::new(RuntimeCall::from(call.clone()), extension)
        .expect("the extensions' implicit parts are known");
    let signature = codec::Encode::using_encoded(&payload, |bytes| key.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(call, account(key).into(), signature.into(), extension)
}
