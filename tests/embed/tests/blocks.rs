// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The runtime is built for wasm, and makes and executes blocks there as natively.

use codec::{Decode, Encode};
use embed_runtime::{
    AccountId, Balance, Balances, Block, BlockNumber, EXISTENTIAL_DEPOSIT, Header, Registration,
    Runtime, RuntimeCall, RuntimeGenesisConfig, Supply, TxExtension, UNIT, UncheckedExtrinsic,
    VERSION, api,
};
use frame_support::traits::fungible::InspectHold;
use pallet_registration::{HoldReason, Role};
use sc_executor::WasmExecutor;
use sp_core::{
    H256,
    traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode},
};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};
use sp_runtime::{
    ApplyExtrinsicResult, Digest,
    generic::SignedPayload,
    traits::{BlakeTwo256, Hash},
};
use sp_version::RuntimeVersion;
use std::{path::Path, process::Command, process::Stdio};

/// What Alice has at genesis.
const ENDOWED: Balance = 1_000 * UNIT;

/// What calls a function of the runtime.
enum Engine {
    Native,
    Wasm {
        executor: Box<WasmExecutor>,
        code: Vec<u8>,
    },
}

impl Engine {
    fn wasm() -> Self {
        Self::Wasm {
            executor: Box::new(WasmExecutor::builder().build()),
            code: build(),
        }
    }

    fn call<Output: Decode>(
        &self,
        state: &mut TestExternalities,
        function: &str,
        input: &[u8],
    ) -> Result<Output, String> {
        let output = match self {
            Self::Native => state
                .execute_with(|| api::dispatch(function, input))
                .ok_or("no such function")?,
            Self::Wasm { executor, code } => {
                let code_ref = WrappedRuntimeCode(code.as_slice().into());
                let runtime = RuntimeCode {
                    code_fetcher: &code_ref,
                    heap_pages: None,
                    hash: BlakeTwo256::hash(code).encode(),
                };
                let context = CallContext::Onchain { import: false };
                executor
                    .call(&mut state.ext(), &runtime, function, input, context)
                    .0
                    .map_err(|error| error.to_string())?
            }
        };
        Output::decode(&mut output.as_slice()).map_err(|error| error.to_string())
    }

    /// A chain's state as the runtime itself builds it.
    fn genesis(&self) -> TestExternalities {
        let config = RuntimeGenesisConfig {
            balances: pallet_balances::GenesisConfig {
                balances: vec![(Alice.to_account_id(), ENDOWED)],
                dev_accounts: None,
            },
            registration: pallet_registration::GenesisConfig {
                validators: vec![(Charlie.to_account_id(), Alice.to_account_id())],
            },
            ..Default::default()
        };
        let json = serde_json::to_vec(&config).expect("the genesis is JSON");
        let mut state = TestExternalities::new(Default::default());
        let built: Result<Result<(), String>, String> =
            self.call(&mut state, "GenesisBuilder_build_state", &json.encode());
        assert_eq!(built, Ok(Ok(())));
        state
    }

    /// Makes a block of these transactions, each with what came of it.
    fn make(
        &self,
        state: &mut TestExternalities,
        number: BlockNumber,
        parent_hash: H256,
        extrinsics: Vec<UncheckedExtrinsic>,
    ) -> (Block, Vec<ApplyExtrinsicResult>) {
        let begun = Header {
            parent_hash,
            number,
            state_root: H256::zero(),
            extrinsics_root: H256::zero(),
            digest: Digest::default(),
        };
        let mode: Result<u8, _> = self.call(state, "Core_initialize_block", &begun.encode());
        assert_eq!(mode, Ok(0), "all transactions are taken");
        let outcomes = extrinsics
            .iter()
            .map(|extrinsic| {
                self.call(state, "BlockBuilder_apply_extrinsic", &extrinsic.encode())
                    .expect("it answers")
            })
            .collect();
        let header = self
            .call(state, "BlockBuilder_finalize_block", &[])
            .expect("the block is complete");
        (Block { header, extrinsics }, outcomes)
    }

    fn execute(&self, state: &mut TestExternalities, block: &Block) -> Result<(), String> {
        self.call(state, "Core_execute_block", &block.encode())
    }
}

/// Builds the runtime for wasm, in the target directory of this test.
fn build() -> Vec<u8> {
    // Cargo runs tests in their package's folder.
    let manifest = Path::new("Cargo.toml");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("embed");
    let output = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--lib",
            "--crate-type=cdylib",
            "--no-default-features",
        ])
        .args([
            "--target=wasm32v1-none",
            "--message-format=json-render-diagnostics",
        ])
        // Small enough for the executor, and no more: it runs two blocks.
        .args(["--config", "profile.dev.opt-level=1"])
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(target)
        // What makes a crate a runtime: the host's functions, and the memory and the
        // table it shares with the host.
        .env(
            "RUSTFLAGS",
            "--cfg substrate_runtime -C link-arg=--export-table \
             -C link-arg=--export=__heap_base -C link-arg=--import-memory",
        )
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "the runtime does not build for wasm"
    );
    let artifact = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message["filenames"].as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(str::to_owned))
        .find(|file| file.ends_with("embed_runtime.wasm"))
        .expect("cargo names what it built");
    std::fs::read(artifact).expect("what was built can be read")
}

fn signed(by: Sr25519Keyring, nonce: u32, call: RuntimeCall) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
    );
    let payload = SignedPayload::from_raw(call.clone(), extension.clone(), ((), ()));
    let signature = payload.using_encoded(|payload| by.sign(payload));
    UncheckedExtrinsic::new_signed(call, by.to_account_id().into(), signature.into(), extension)
}

fn register(hotkey: Sr25519Keyring, max_price: Balance) -> RuntimeCall {
    RuntimeCall::Registration(pallet_registration::Call::register {
        hotkey: hotkey.to_account_id(),
        role: Role::Miner,
        slots: 2,
        max_price,
    })
}

fn burn(amount: Balance) -> RuntimeCall {
    RuntimeCall::Supply(pallet_supply::Call::burn { amount })
}

/// What the first registration of two slots costs.
const PRICE: Balance = 2 * UNIT + UNIT * 26 / 100;

/// A registration at its price, one refused for it, and a burn.
fn transactions() -> [UncheckedExtrinsic; 3] {
    [
        signed(Alice, 0, register(Bob, PRICE)),
        signed(Alice, 1, register(Sr25519Keyring::Dave, PRICE)),
        signed(Alice, 2, burn(UNIT)),
    ]
}

/// Two blocks of them, made and executed.
fn blocks(engine: &Engine, transactions: &[UncheckedExtrinsic; 3]) -> [Block; 2] {
    let [registered, refused, burned] = transactions.clone();
    let mut state = engine.genesis();
    let (first, outcomes) = engine.make(
        &mut state,
        1,
        H256::repeat_byte(7),
        vec![registered, refused],
    );
    let refused = pallet_registration::Error::<Runtime>::PriceAboveMaximum.into();
    assert_eq!(outcomes, [Ok(Ok(())), Ok(Err(refused))]);
    let (second, outcomes) = engine.make(&mut state, 2, first.header.hash(), vec![burned]);
    assert_eq!(outcomes, [Ok(Ok(()))]);

    // Made elsewhere, they are executed to the same state.
    let mut state = engine.genesis();
    for block in [&first, &second] {
        assert_eq!(engine.execute(&mut state, block), Ok(()));
    }
    state.execute_with(check);
    // And a block that says otherwise is refused.
    let mut state = engine.genesis();
    let mut altered = first.clone();
    altered.header.state_root = H256::zero();
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        engine.execute(&mut state, &altered)
    }));
    assert!(!matches!(refused, Ok(Ok(()))));
    [first, second]
}

/// What the two blocks must have done.
fn check() {
    let alice: AccountId = Alice.to_account_id();
    assert_eq!(
        Registration::owner_of(&Bob.to_account_id()),
        Some(alice.clone())
    );
    assert!(Registration::can_prove(&Bob.to_account_id(), 1));
    assert_eq!(
        Registration::owner_of(&Sr25519Keyring::Dave.to_account_id()),
        None
    );
    assert_eq!(
        Registration::validator_owner(&Charlie.to_account_id()),
        Some(alice.clone())
    );
    let bonds = Balances::balance_on_hold(&HoldReason::Bond.into(), &alice);
    assert_eq!(bonds, 100 * UNIT);
    assert_eq!(
        Balances::free_balance(&alice),
        ENDOWED - PRICE - bonds - UNIT
    );
    assert_eq!(Supply::pool(), PRICE);
    assert_eq!(Supply::burned(), UNIT);
    assert_eq!(Supply::minted(), ENDOWED + EXISTENTIAL_DEPOSIT);
    assert_eq!(Supply::do_try_state(), Ok(()));
    assert_eq!(Registration::do_try_state(), Ok(()));
}

#[test]
fn blocks_are_the_same_natively_and_in_wasm() {
    let transactions = transactions();
    let native = blocks(&Engine::Native, &transactions);
    let wasm = Engine::wasm();
    let version: Result<RuntimeVersion, _> = wasm.call(
        &mut TestExternalities::new(Default::default()),
        "Core_version",
        &[],
    );
    assert_eq!(version, Ok(VERSION));
    assert_eq!(blocks(&wasm, &transactions), native);
}
