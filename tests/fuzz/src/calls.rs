// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Extrinsics, through the runtime's decoder, its pool's checks and its dispatch, on
//! states in the middle of a chain's life.
//!
//! A refused transaction leaves nothing behind, and after whatever is done the
//! invariants of every pallet of ours hold and the accounts hold the issuance.

mod typed;

use std::cell::{OnceCell, RefCell};

use codec::{DecodeAll, DecodeLimit, Encode};
use frame_support::MAX_EXTRINSIC_DEPTH;
use ni_runtime::{Executive, Runtime, RuntimeCall, RuntimeOrigin, System, UncheckedExtrinsic};
use pallet_governance::Origin;
use pallet_proof_of_gpu::CurrentWindow;
use sp_externalities::with_externalities;
use sp_runtime::{traits::Dispatchable, transaction_validity::TransactionSource};
use stateful::{
    Actor, World,
    chain::{Chain, GENESIS_HASH},
    check_pallets,
    ledger::check_accounts,
    memory::Memory,
    transaction,
};

use crate::{Cursor, Reached, Target};

/// The target. An input begins with a byte that chooses a state, and goes on with
/// steps: an extrinsic as it is, a call signed by somebody, a call made by its types,
/// one by an origin of governance, or time that passes.
pub const TARGET: Target = Target {
    name: "calls",
    longest: 6144,
    run,
    seeds,
    expected: [300, 50],
};

/// Steps of one input.
const STEPS: usize = 6;
/// States, and the random steps between two of them.
const STATES: usize = 8;
const BETWEEN: u64 = 120;
/// Calls after a state that seeds are made of.
const AHEAD: u64 = 24;
/// Decides the states.
const SEED: u64 = 8;
/// How far time passes at once, in blocks.
const JUMPS: [u32; 8] = [1, 1, 2, 4, 8, 30, 200, 1_000];

/// A chain somewhere in its life.
struct State {
    memory: Memory,
    chain: Chain,
    /// The calls that were made next there.
    next: Vec<(Actor, RuntimeCall)>,
}

struct Life {
    states: Vec<RefCell<State>>,
    actors: Vec<Actor>,
}

thread_local! {
    static LIFE: OnceCell<Life> = const { OnceCell::new() };
}

fn with_life<R>(f: impl FnOnce(&Life) -> R) -> R {
    LIFE.with(|life| f(life.get_or_init(live)))
}

/// A random life, with a state taken every so often.
fn live() -> Life {
    let mut memory = Memory::default();
    let mut world = memory.execute_with(|| World::new(SEED));
    let mut states = Vec::new();
    for _ in 0..STATES {
        memory.execute_with(|| {
            for _ in 0..BETWEEN {
                world.act();
            }
            // A block with room in it.
            world.next_block(1);
        });
        let (before, chain) = (memory.clone(), world.chain.clone());
        world.calls = Some(Vec::new());
        memory.execute_with(|| {
            for _ in 0..AHEAD {
                world.act();
            }
        });
        states.push(RefCell::new(State {
            memory: before,
            chain,
            next: world.calls.take().unwrap_or_default(),
        }));
    }
    let actors = world.owners.iter().chain(&world.hotkeys).cloned().collect();
    Life { states, actors }
}

fn run(input: &[u8]) -> Reached {
    with_life(|life| {
        let mut cursor = Cursor::new(input);
        let state = &mut *life.states[cursor.index(life.states.len())].borrow_mut();
        let chain = state.chain.clone();
        state.memory.execute_with(|| {
            start();
            let mut case = Case {
                chain,
                actors: &life.actors,
                reached: Reached::Nothing,
            };
            for _ in 0..STEPS {
                if cursor.is_empty() {
                    break;
                }
                case.step(&mut cursor);
            }
            take_back();
            case.reached
        })
    })
}

fn start() {
    with_externalities(|state| state.storage_start_transaction());
}

fn take_back() {
    with_externalities(|state| state.storage_rollback_transaction())
        .expect("within a state")
        .expect("a transaction was begun");
}

struct Case<'a> {
    chain: Chain,
    actors: &'a [Actor],
    reached: Reached,
}

impl Case<'_> {
    fn step(&mut self, cursor: &mut Cursor<'_>) {
        match cursor.byte() % 8 {
            0 => {
                let length = usize::from(u16::from_le_bytes(cursor.bytes()));
                self.raw(cursor.take(length));
            }
            1 | 2 => {
                let who = self.actor(cursor);
                let mut rest = cursor.rest();
                let before = rest.len();
                let decoded = RuntimeCall::decode_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut rest);
                cursor.take(before - rest.len());
                if let Ok(call) = decoded {
                    self.signed(&who, call, cursor.byte());
                }
            }
            3..=5 => {
                let who = self.actor(cursor);
                if let Some(call) = self.typed(cursor) {
                    self.signed(&who, call, cursor.byte());
                }
            }
            6 => {
                let origins = [
                    Origin::Parameters,
                    Origin::Tiers,
                    Origin::Assets,
                    Origin::Revoke,
                ];
                let origin = origins[cursor.index(origins.len())];
                if let Some(call) = self.typed(cursor) {
                    self.decoded();
                    if call.dispatch(RuntimeOrigin::from(origin)).is_ok() {
                        self.reached = Reached::Accepted;
                    }
                    hold();
                }
            }
            _ => {
                let ahead = JUMPS[cursor.index(JUMPS.len())];
                self.chain.end();
                self.chain.begin(ahead);
                hold();
            }
        }
    }

    fn actor(&self, cursor: &mut Cursor<'_>) -> Actor {
        self.actors[cursor.index(self.actors.len())].clone()
    }

    fn decoded(&mut self) {
        if self.reached == Reached::Nothing {
            self.reached = Reached::Decoded;
        }
    }

    /// A call made by its types. Lists can be longer than the chain takes.
    fn typed(&self, cursor: &mut Cursor<'_>) -> Option<RuntimeCall> {
        let accounts: Vec<[u8; 32]> = self
            .actors
            .iter()
            .map(|actor| actor.account.clone().into())
            .collect();
        let beacon = CurrentWindow::<Runtime>::get().map_or([1; 32], |window| window.beacon);
        let call = typed::call(cursor, &accounts, &[beacon, [0; 32], GENESIS_HASH.0]);
        RuntimeCall::decode_all(&mut &call[..]).ok()
    }

    fn signed(&mut self, who: &Actor, call: RuntimeCall, more: u8) {
        let nonce = System::account_nonce(&who.account);
        // Some with a nonce ahead, some with a tip.
        let nonce = nonce.saturating_add(u32::from(more >= 0xf0));
        let tip = u128::from(more & 7) * 1_000;
        let bytes = transaction(who, nonce, tip, call).encode();
        assert!(
            UncheckedExtrinsic::decode_all(&mut &bytes[..]).is_ok(),
            "the runtime does not decode what it encodes"
        );
        self.raw(&bytes);
    }

    /// What a node does with the bytes of an extrinsic: the pool's check, and a block.
    fn raw(&mut self, bytes: &[u8]) {
        let Ok(extrinsic) =
            UncheckedExtrinsic::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &*bytes)
        else {
            return;
        };
        self.decoded();
        start();
        // Its verdict may differ, as it is of the next block; it must have one.
        let _ = Executive::validate_transaction(
            TransactionSource::External,
            extrinsic.clone(),
            GENESIS_HASH,
        );
        take_back();
        // As a block's author does: what is refused is taken back.
        start();
        match Executive::apply_extrinsic(extrinsic) {
            Ok(dispatched) => {
                with_externalities(|state| state.storage_commit_transaction())
                    .expect("within a state")
                    .expect("a transaction was begun");
                if dispatched.is_ok() {
                    self.reached = Reached::Accepted;
                }
                hold();
            }
            Err(_) => take_back(),
        }
    }
}

/// Checks everything that must hold at any time.
fn hold() {
    if let Err(broken) = check_pallets().and_then(|()| check_accounts()) {
        panic!("{broken}");
    }
}

/// Every call once with arguments of zeros, by one actor after the other, and what was
/// really called in the states, with a block after it.
fn seeds() -> Vec<Vec<u8>> {
    with_life(|life| {
        let mut seeds = vec![vec![0, 7, 0], vec![0, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]];
        for (index, call) in (0..=u8::MAX).cycle().zip(typed::every_call()) {
            seeds.push([&[index % 8, 1, index], &call[..], &[0; 24]].concat());
        }
        for (index, state) in (0..).zip(&life.states) {
            for (who, call) in &state.borrow().next {
                let actor = (0_u8..)
                    .zip(&life.actors)
                    .find(|(_, actor)| actor.account == who.account);
                if let Some((actor, _)) = actor {
                    let mut seed = vec![index, 1, actor];
                    call.encode_to(&mut seed);
                    seed.extend([0, 7, 0]);
                    seeds.push(seed);
                }
            }
        }
        seeds
    })
}
