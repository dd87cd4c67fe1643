// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a node answers, altered on its way to a worker.
//!
//! The node is the native runtime on a state of its own; the worker's client decodes
//! what it says, and `ni-worker status` shows it. A node can lie, and then the worker
//! shows lies; but it does not fall over.

use std::{
    cell::OnceCell,
    sync::{Arc, Mutex},
};

use codec::Encode;
use ni_client::Chain;
use ni_runtime::{Header, System, api};
use ni_worker::commands::status::Status;
use serde_json::{Value, json, value::RawValue};
use sp_runtime::{Digest, traits::Header as _};
use stateful::{World, memory::Memory};
use subxt::rpcs::{
    Error, RpcClient,
    client::{RawRpcFuture, RawRpcSubscription, RpcClientT},
};
use tokio::runtime::Runtime;

use crate::{Cursor, Edits, Reached, Target};

/// The target. An input begins with a byte that says whether the worker connects anew,
/// and goes on with edits of answers: the answer's number, how it is edited, and how.
pub const TARGET: Target = Target {
    name: "answers",
    longest: 512,
    run,
    seeds,
    expected: [200, 100],
};

/// Random steps that the node's state has behind it.
const STEPS: u64 = 600;
/// Decides them.
const SEED: u64 = 21;
/// What a worker asks about one GPU's hotkey.
const URL: &str = "ws://altered.invalid";

/// The answers to one case's requests.
#[derive(Default)]
struct Script {
    /// What is left of the input.
    edits: Vec<Edit>,
    /// Requests so far.
    asked: u8,
}

struct Edit {
    answer: u8,
    /// Of the bytes within the answer, or of its JSON.
    bytes: bool,
    how: Vec<u8>,
}

/// Bytes of one edit: kind, place, arguments.
const EDIT: usize = 16;

struct Node {
    state: Mutex<Memory>,
    script: Mutex<Script>,
    hash: String,
    header: Value,
}

impl Node {
    /// What an honest node answers.
    fn honest(&self, method: &str, params: &[Value]) -> Value {
        let text = |index: usize| params.get(index).and_then(Value::as_str).unwrap_or("");
        let bytes =
            |index: usize| hex::decode(text(index).trim_start_matches("0x")).unwrap_or_default();
        let hex = |bytes: Vec<u8>| Value::String(format!("0x{}", hex::encode(bytes)));
        let mut state = self.state.lock().expect("one thread");
        match method {
            "chain_getBlockHash" | "chain_getFinalizedHead" => json!(self.hash),
            "chain_getHeader" => self.header.clone(),
            "system_accountNextIndex" => json!(7),
            "state_call" => state
                .execute_with(|| api::dispatch(text(0), &bytes(1)))
                .map_or(Value::Null, hex),
            "state_getStorage" => {
                use sp_externalities::Externalities;
                state.storage(&bytes(0)).map_or(Value::Null, hex)
            }
            _ => Value::Null,
        }
    }

    /// What this one answers.
    fn answer(&self, method: &str, params: &[Value]) -> Result<Box<RawValue>, Error> {
        let mut answer = self.honest(method, params);
        let mut script = self.script.lock().expect("one thread");
        let number = script.asked;
        script.asked = number.wrapping_add(1);
        let mut text = None;
        for edit in script.edits.iter().filter(|edit| edit.answer == number) {
            let mut cursor = Cursor::new(&edit.how);
            let inner = answer
                .as_str()
                .and_then(|text| hex::decode(text.strip_prefix("0x")?).ok());
            match inner {
                Some(mut bytes) if edit.bytes => {
                    Edits(&mut cursor).edit(&mut bytes, 0);
                    answer = Value::String(format!("0x{}", hex::encode(bytes)));
                }
                _ => {
                    let mut bytes = answer.to_string().into_bytes();
                    Edits(&mut cursor).edit(&mut bytes, 0);
                    text = Some(String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        let text = text.unwrap_or_else(|| answer.to_string());
        RawValue::from_string(text).map_err(Error::Deserialization)
    }
}

/// The connection to a node in the same process.
#[derive(Clone)]
struct Wire(Arc<Node>);

impl RpcClientT for Wire {
    fn request_raw<'a>(
        &'a self,
        method: &'a str,
        params: Option<Box<RawValue>>,
    ) -> RawRpcFuture<'a, Box<RawValue>> {
        let params: Vec<Value> = params
            .and_then(|params| serde_json::from_str(params.get()).ok())
            .unwrap_or_default();
        let answer = self.0.answer(method, &params);
        Box::pin(async move { answer })
    }

    fn subscribe_raw<'a>(
        &'a self,
        _: &'a str,
        _: Option<Box<RawValue>>,
        _: &'a str,
    ) -> RawRpcFuture<'a, RawRpcSubscription> {
        Box::pin(async { Err(Error::Client("this node has no subscriptions".into())) })
    }
}

struct Fixture {
    node: Arc<Node>,
    runtime: Runtime,
    chain: Chain,
    hotkey: [u8; 32],
}

thread_local! {
    static FIXTURE: OnceCell<Fixture> = const { OnceCell::new() };
}

impl Fixture {
    fn new() -> Self {
        let mut memory = Memory::default();
        let (number, hotkey) = memory.execute_with(|| {
            let mut world = World::new(SEED);
            for _ in 0..STEPS {
                world.act();
            }
            let hotkey = pallet_registration::Hotkeys::<ni_runtime::Runtime>::iter_keys()
                .next()
                .expect("somebody is registered");
            (System::block_number(), hotkey)
        });
        let header = Header::new(
            number,
            Default::default(),
            Default::default(),
            Default::default(),
            Digest::default(),
        );
        let node = Arc::new(Node {
            state: Mutex::new(memory),
            script: Mutex::default(),
            hash: format!("0x{}", hex::encode(header.hash())),
            header: serde_json::to_value(&header).expect("a header is JSON"),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
        let chain = runtime
            .block_on(Chain::over(URL, RpcClient::new(Wire(node.clone()))))
            .expect("an honest node is taken");
        Self {
            node,
            runtime,
            chain,
            hotkey: hotkey.into(),
        }
    }

    fn run(&self, input: &[u8]) -> Reached {
        let mut cursor = Cursor::new(input);
        let anew = cursor.byte() & 7 == 7;
        let mut edits = Vec::new();
        while !cursor.is_empty() {
            edits.push(Edit {
                answer: cursor.byte() % 32,
                bytes: cursor.byte() & 3 != 0,
                how: cursor.take(EDIT).to_vec(),
            });
        }
        *self.node.script.lock().expect("one thread") = Script { edits, asked: 0 };
        self.runtime.block_on(async {
            let connected;
            let chain = if anew {
                let rpc = RpcClient::new(Wire(self.node.clone()));
                match Chain::over(URL, rpc).await {
                    Ok(chain) => {
                        connected = chain;
                        &connected
                    }
                    Err(error) => {
                        assert!(!error.to_string().is_empty());
                        return Reached::Nothing;
                    }
                }
            } else {
                &self.chain
            };
            let read = read(chain, self.hotkey).await;
            let shown = Status::read(chain, Some(self.hotkey)).await;
            match (read, shown) {
                (Ok(()), Ok(status)) => {
                    let json = status.json();
                    assert!(json.is_object());
                    assert!(!status.tables().is_empty());
                    Reached::Accepted
                }
                (Err(_), Err(_)) => Reached::Nothing,
                _ => Reached::Decoded,
            }
        })
    }
}

/// Reads what a miner reads, and what it makes of it.
async fn read(chain: &Chain, hotkey: [u8; 32]) -> Result<(), ni_client::ChainError> {
    let view = chain.best().await?;
    view.window().await?;
    view.moment_and_floor().await?;
    view.registration(&hotkey).await?;
    view.gpu(&hotkey, 0).await?;
    view.account(&hotkey).await?;
    view.events().await?;
    let supply = view.supply().await?;
    let _ = (supply.minted(), supply.pool(), supply.all.total_burned());
    view.delegations(&hotkey).await?;
    view.hyperparameters().await?.emission_base();
    Ok(())
}

fn run(input: &[u8]) -> Reached {
    FIXTURE.with(|fixture| fixture.get_or_init(Fixture::new).run(input))
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![vec![0], vec![7]];
    for answer in 0..28_u8 {
        for (kind, bytes) in [(1_u8, 1_u8), (3, 1), (4, 1), (1, 0)] {
            let mut seed = vec![0, answer, bytes, kind];
            (u32::from(answer) * 3 + 1).encode_to(&mut seed);
            seed.extend([0xff; 8]);
            seeds.push(seed);
        }
    }
    seeds
}
