// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whole windows: a fee recycled, work proven and paid, a silent miner slashed;
//! in every block the identities of the supply.

use super::chain::{Chain, signed, sum_of_balances};
use crate::{
    AccountId, Balance, Balances, BlockNumber, Delegation, EXISTENTIAL_DEPOSIT, Emission, NI,
    ProofOfGpu, Registration, Runtime, RuntimeCall, RuntimeEvent, Settings, Supply, System,
    UncheckedExtrinsic,
    configs::{economy::CAP, proof::ProofWeight, system::BlockLength},
    settings,
};
use codec::Encode;
use frame_support::{
    assert_ok,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::{Get, fungible::InspectHold},
    weights::Weight,
};
use pallet_emission::{Event as EmissionEvent, Floor};
use pallet_proof_of_gpu::{
    Call as ProofCall, CurrentWindow, Event as ProofEvent, GpuClaim, Phase, WalkCommit, WalkRules,
    Window, WindowParameters,
};
use pallet_registration::{Call as RegistrationCall, Role};
use pallet_supply::{BurnSource, Event as SupplyEvent, RecycleSource};
use proof_of_gpu_primitives::{
    ChallengeInput, MAX_TILE_PATH, Opening, SoftwareSha256, challenge,
    prover::{CpuEngine, Proof, open, prove},
    walk::{
        joined_challenge,
        prover::{CpuFill, WalkProof, open_walk, prove_walk},
    },
};
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave, Eve};
use sp_runtime::transaction_validity::InvalidTransaction;

/// Enough of the development chain's rounds for a thousand MOPS in a window of five
/// blocks: 150 · 2 · 256³ operations in five seconds.
const ROUNDS: u32 = 150;

/// A chain with windows short enough to be proven by a test, on which Dave, Eve's
/// hotkey, and Charlie, Bob's, are registered as miners.
pub(super) struct Network {
    pub(super) chain: Chain,
    /// What events say has moved since genesis.
    minted: Balance,
    burned: Balance,
    recycled: Balance,
    drawn: Balance,
}

impl Network {
    pub(super) fn new() -> Self {
        let mut chain = Chain::new("development");
        let minted = chain.with(|| {
            let mut window = settings::parameters::Window::get();
            window.work = 4;
            window.grace = 1;
            // A test asks for it where it is about both proofs.
            window.walk = None;
            assert_ok!(Settings::begin_with(window.into()));
            assert_ok!(Settings::do_try_state());
            Balances::total_issuance()
        });
        let mut network = Self {
            chain,
            minted,
            burned: 0,
            recycled: 0,
            drawn: 0,
        };
        network.block(|| vec![register(Bob, Charlie, 0), register(Eve, Dave, 0)]);
        network
    }

    /// A block in which every transaction succeeds, after which the identities
    /// hold: the ledger against the events, and both against the balances.
    pub(super) fn block(&mut self, make: impl FnOnce() -> Vec<UncheckedExtrinsic>) {
        for result in self.chain.block(make) {
            assert_eq!(result, Ok(Ok(())));
        }
        for event in self.chain.events() {
            let RuntimeEvent::Supply(event) = event else {
                continue;
            };
            match event {
                SupplyEvent::Minted { amount } => self.minted += amount,
                SupplyEvent::Burned { amount, .. } => self.burned += amount,
                SupplyEvent::Recycled { amount, .. } => self.recycled += amount,
                SupplyEvent::Drawn { amount } => self.drawn += amount,
                _ => (),
            }
        }
        let Self {
            minted,
            burned,
            recycled,
            drawn,
            ..
        } = *self;
        self.chain.with(|| {
            assert_eq!(Balances::total_issuance(), minted - burned);
            assert_eq!(sum_of_balances(), Balances::total_issuance());
            assert_eq!(Supply::minted(), minted);
            assert_eq!(Supply::burned(), burned);
            assert_eq!(Supply::recycled(), recycled);
            assert_eq!(Supply::pool(), recycled - drawn);
            assert!(minted <= CAP);
        });
    }

    /// Takes what the ledger says as known, after blocks made past [`Self::block`].
    pub(super) fn resume(&mut self) {
        (self.minted, self.burned, self.recycled, self.drawn) = self.chain.with(|| {
            (
                Supply::minted(),
                Supply::burned(),
                Supply::recycled(),
                Supply::drawn(),
            )
        });
    }

    /// Goes on, block by block, until the window is as asked.
    fn until(&mut self, reached: impl Fn(Option<&Window<BlockNumber>>) -> bool) {
        for _ in 0..60 {
            if self
                .chain
                .with(|| reached(CurrentWindow::<Runtime>::get().as_ref()))
            {
                return;
            }
            self.block(Vec::new);
        }
        panic!("no window as asked in 60 blocks");
    }

    pub(super) fn until_open(&mut self) -> Window<BlockNumber> {
        self.until(|window| window.is_some_and(|window| window.phase == Phase::Open));
        self.chain.with(CurrentWindow::<Runtime>::get).unwrap()
    }

    /// Until reveals are taken; returns the sampling beacon.
    pub(super) fn until_revealing(&mut self) -> [u8; 32] {
        let beacon = |window: Option<&Window<BlockNumber>>| match window?.phase {
            Phase::Revealing {
                sampling_beacon, ..
            } => Some(sampling_beacon),
            _ => None,
        };
        self.until(|window| beacon(window).is_some());
        self.chain
            .with(|| beacon(CurrentWindow::<Runtime>::get().as_ref()))
            .unwrap()
    }

    pub(super) fn until_closed(&mut self) {
        self.until(|window| window.is_none());
    }

    pub(super) fn free(&mut self, account: &AccountId) -> Balance {
        self.chain.with(|| Balances::free_balance(account))
    }
}

fn register(owner: Sr25519Keyring, hotkey: Sr25519Keyring, nonce: u32) -> UncheckedExtrinsic {
    let call = RegistrationCall::register {
        hotkey: hotkey.to_account_id(),
        role: Role::Miner,
        slots: 1,
        max_price: 10 * NI,
    };
    signed(owner, nonce, 0, call)
}

/// The honest proof of `hotkey`'s GPU 0 in `window`.
pub(super) fn proof(
    network: &mut Network,
    hotkey: Sr25519Keyring,
    window: &Window<BlockNumber>,
) -> Proof {
    let genesis = network.chain.with(|| System::block_hash(0));
    let input = ChallengeInput {
        genesis_hash: genesis.into(),
        window: window.id,
        beacon: window.beacon,
        account: hotkey.to_account_id().into(),
        gpu: 0,
        workload: window.parameters.workload,
    };
    prove(
        &mut CpuEngine::default(),
        challenge::<SoftwareSha256>(&input),
        &window.parameters.workload,
        ROUNDS,
        &mut |_| (),
    )
    .unwrap()
}

pub(super) fn commit(window: &Window<BlockNumber>, proof: &Proof) -> RuntimeCall {
    let claim = GpuClaim {
        gpu: 0,
        rounds: proof.rounds(),
        root: proof.root(),
        walk: None,
    };
    ProofCall::commit {
        window: window.id,
        beacon: window.beacon,
        claims: vec![claim].try_into().unwrap(),
    }
    .into()
}

pub(super) fn reveal(window: &Window<BlockNumber>, proof: &Proof, beacon: [u8; 32]) -> RuntimeCall {
    let openings: Vec<Opening> = open(
        &mut CpuEngine::default(),
        proof,
        &beacon,
        window.parameters.samples,
    )
    .unwrap();
    ProofCall::reveal {
        window: window.id,
        sampling_beacon: beacon,
        gpu: 0,
        peaks: proof.peaks().to_vec().try_into().unwrap(),
        openings: openings.try_into().unwrap(),
        walk_peaks: Default::default(),
        walk_openings: Default::default(),
    }
    .into()
}

#[test]
fn an_honest_miner_is_paid_and_a_silent_one_slashed() {
    let mut network = Network::new();
    let fees: Balance = network
        .chain
        .events()
        .into_iter()
        .map(|event| match event {
            RuntimeEvent::Supply(SupplyEvent::Recycled {
                source: RecycleSource::RegistrationFees,
                amount,
            }) => amount,
            _ => 0,
        })
        .sum();
    assert!(fees >= 2 * NI, "two slots were sold");
    assert_eq!(network.chain.with(Supply::pool), fees);

    let window = network.until_open();
    let honest = proof(&mut network, Charlie, &window);
    let silent = proof(&mut network, Dave, &window);
    network.block(|| {
        vec![
            signed(Charlie, 0, 0, commit(&window, &honest)),
            signed(Dave, 0, 0, commit(&window, &silent)),
        ]
    });
    let beacon = network.until_revealing();
    network.block(|| vec![signed(Charlie, 1, 0, reveal(&window, &honest, beacon))]);
    assert!(network.chain.events().into_iter().any(|event| matches!(
        event,
        RuntimeEvent::ProofOfGpu(ProofEvent::Verified {
            gpu: 0,
            mops: 1_006,
            ..
        })
    )));
    network.until_closed();

    let (drawn, minted, miners) = network
        .chain
        .events()
        .into_iter()
        .find_map(|event| match event {
            RuntimeEvent::Emission(EmissionEvent::RoundSettled {
                drawn,
                minted,
                miners,
                ..
            }) => Some((drawn, minted, miners)),
            _ => None,
        })
        .unwrap();
    // A thousand MOPS are half of what earns it all; what is not earned is not minted.
    assert!(drawn + minted > 0);
    assert_eq!(miners, (drawn + minted).div_ceil(2));
    let stakers = network.free(&Delegation::pot());
    assert_eq!(stakers, EXISTENTIAL_DEPOSIT + (drawn + minted) / 2);

    // Its next commit pays the owner.
    let owner = Bob.to_account_id();
    let before = network.free(&owner);
    let due = network
        .chain
        .with(|| Emission::pending_pay(&Charlie.to_account_id(), 0));
    assert!(due > 0 && due <= miners);
    let window = network.until_open();
    let honest = proof(&mut network, Charlie, &window);
    network.block(|| vec![signed(Charlie, 2, 0, commit(&window, &honest))]);
    assert_eq!(network.free(&owner), before + due);

    // The silent one is reported by anybody, who gets a tenth of the slash.
    let bond = |network: &mut Network| {
        network.chain.with(|| {
            let held = Balances::total_balance_on_hold(&Eve.to_account_id());
            assert_eq!(held, Registration::bond_of(&Dave.to_account_id(), 0));
            held
        })
    };
    let full = bond(&mut network);
    let reporter = Sr25519Keyring::Ferdie;
    let before = network.free(&reporter.to_account_id());
    let report = ProofCall::report_missed {
        hotkey: Dave.to_account_id(),
        gpu: 0,
        window: window.id - 1,
    };
    network.block(|| vec![signed(reporter, 0, 0, report)]);
    assert_eq!(bond(&mut network), full / 2);
    let burned = |network: &mut Network, of: BurnSource| -> Balance {
        network
            .chain
            .events()
            .into_iter()
            .map(|event| match event {
                RuntimeEvent::Supply(SupplyEvent::Burned { source, amount }) if source == of => {
                    amount
                }
                _ => 0,
            })
            .sum()
    };
    let bounty = full / 20;
    assert_eq!(burned(&mut network, BurnSource::Slashes), full / 2 - bounty);
    let fee = burned(&mut network, BurnSource::TransactionFees);
    assert_eq!(
        network.free(&reporter.to_account_id()),
        before + bounty - fee
    );
    network.until_closed();
}

/// A commit that settles a missed one risks what that left of the bond. Topped up before
/// the reveal, when the samples are known, the bond backs no more than was at risk.
#[test]
fn a_bond_topped_up_after_the_commit_backs_nothing() {
    let mut network = Network::new();
    let window = network.until_open();
    let silent = proof(&mut network, Charlie, &window);
    network.block(|| vec![signed(Charlie, 0, 0, commit(&window, &silent))]);
    network.until_closed();

    let window = network.until_open();
    let proofs = [Charlie, Dave].map(|hotkey| proof(&mut network, hotkey, &window));
    network.block(|| {
        vec![
            signed(Charlie, 1, 0, commit(&window, &proofs[0])),
            signed(Dave, 0, 0, commit(&window, &proofs[1])),
        ]
    });
    let beacon = network.until_revealing();
    let bonds = |network: &mut Network| {
        [Charlie, Dave].map(|hotkey| {
            network
                .chain
                .with(|| Registration::bond_of(&hotkey.to_account_id(), 0))
        })
    };
    let [left, full] = bonds(&mut network);
    assert_eq!(left, full / 2);
    let top_up = RegistrationCall::top_up {
        hotkey: Charlie.to_account_id(),
        gpu: 0,
    };
    network.block(|| vec![signed(Bob, 1, 0, top_up)]);
    assert_eq!(bonds(&mut network), [full, full]);
    network.block(|| {
        vec![
            signed(Charlie, 2, 0, reveal(&window, &proofs[0], beacon)),
            signed(Dave, 1, 0, reveal(&window, &proofs[1], beacon)),
        ]
    });
    let [topped_up, other] = [Charlie, Dave].map(|hotkey| {
        network
            .chain
            .with(|| pallet_emission::Results::<Runtime>::get(hotkey.to_account_id(), 0))
            .unwrap()
            .cap
    });
    assert!(other > 0);
    assert_eq!(topped_up, other / 2);
}

#[test]
fn proof_calls_cost_a_hotkey_without_a_balance_nothing() {
    let mut network = Network::new();
    // The hotkey spends all it has.
    let everything = pallet_balances::Call::transfer_all {
        dest: Bob.to_account_id().into(),
        keep_alive: false,
    };
    network.block(|| vec![signed(Charlie, 0, 0, everything)]);
    assert_eq!(network.free(&Charlie.to_account_id()), 0);

    let window = network.until_open();
    let honest = proof(&mut network, Charlie, &window);
    network.block(|| vec![signed(Charlie, 1, 0, commit(&window, &honest))]);
    assert_eq!(network.free(&Charlie.to_account_id()), 0);

    // What cannot succeed is refused before the pool, and costs nothing either.
    let again = network
        .chain
        .validate(|| signed(Charlie, 2, 0, commit(&window, &honest)));
    let code = pallet_proof_of_gpu::Error::<Runtime>::AlreadyCommitted.code();
    assert_eq!(again, Err(InvalidTransaction::Custom(code).into()));
    let beacon = network.until_revealing();
    // Of two in one block, the second finds the commit resolved.
    let results = network.chain.block(|| {
        let reveal = reveal(&window, &honest, beacon);
        vec![
            signed(Charlie, 2, 0, reveal.clone()),
            signed(Charlie, 3, 0, reveal),
        ]
    });
    let code = pallet_proof_of_gpu::Error::<Runtime>::AlreadyResolved.code();
    assert_eq!(
        results,
        [Ok(Ok(())), Err(InvalidTransaction::Custom(code).into())]
    );
    assert_eq!(network.free(&Charlie.to_account_id()), 0);
}

#[test]
fn a_proof_comes_before_any_tip() {
    let mut network = Network::new();
    let window = network.until_open();
    let honest = proof(&mut network, Charlie, &window);
    let commit = network
        .chain
        .validate(|| signed(Charlie, 0, 0, commit(&window, &honest)))
        .unwrap();
    let tipped = network
        .chain
        .validate(|| {
            let transfer = pallet_balances::Call::transfer_keep_alive {
                dest: Bob.to_account_id().into(),
                value: NI,
            };
            signed(Eve, 1, 50_000 * NI, transfer)
        })
        .unwrap();
    assert!(commit.priority > tipped.priority);
    assert!(tipped.priority > 0);
}

#[test]
fn nobody_leaves_with_an_open_commit() {
    let mut network = Network::new();
    let window = network.until_open();
    let honest = proof(&mut network, Charlie, &window);
    network.block(|| vec![signed(Charlie, 0, 0, commit(&window, &honest))]);
    let leave = RegistrationCall::leave {
        hotkey: Charlie.to_account_id(),
    };
    network.block(|| vec![signed(Bob, 1, 0, leave)]);
    network
        .chain
        .with(|| assert!(!ProofOfGpu::may_leave(&Charlie.to_account_id(), 0)));
    // The cool-down passes, the commit stays unresolved.
    for _ in 0..60 {
        network.block(Vec::new);
    }
    let withdraw = || RegistrationCall::withdraw {
        hotkey: Charlie.to_account_id(),
    };
    let refused = pallet_registration::Error::<Runtime>::Unresolved;
    let result = network.chain.block(|| vec![signed(Bob, 2, 0, withdraw())]);
    assert_eq!(result, [Ok(Err(refused.into()))]);
}

/// A walk through pages of a GiB, of which so few entries are read that a test computes
/// them as they are.
const WALK: WalkRules = WalkRules {
    page_bits: 23,
    rounds: 8,
    lanes: 64,
    hops: 16,
    passes: 0,
    samples: 2,
};

/// The honest proofs of `hotkey`'s GPU 0 in a window that asks for both: a walk through so
/// many GiB, and the product after it.
fn both(
    network: &mut Network,
    hotkey: Sr25519Keyring,
    window: &Window<BlockNumber>,
    gib: u32,
) -> (WalkProof, Proof, CpuFill) {
    let account = hotkey.to_account_id();
    let own = network
        .chain
        .with(|| ProofOfGpu::challenge(&account, 0, window));
    let mut fill = CpuFill::keeping(&own, WALK.parameters(gib), 0, &mut |_| ()).unwrap();
    let walk = prove_walk(&mut fill, own, 3, &mut |_| ()).unwrap();
    let joined = joined_challenge::<SoftwareSha256>(&own, &walk.claim().root);
    let product = prove(
        &mut CpuEngine::default(),
        joined,
        &window.parameters.workload,
        ROUNDS,
        &mut |_| (),
    )
    .unwrap();
    (walk, product, fill)
}

/// A tier that asks for memory is reached by who has walked through it, and by nobody else,
/// however fast.
#[test]
fn memory_that_was_walked_through_lifts_a_gpu_into_a_tier_that_asks_for_it() {
    let mut network = Network::new();
    network.chain.with(|| {
        let mut window = settings::parameters::Window::get();
        window.walk = Some(WALK);
        assert_ok!(Settings::begin_with(window.into()));
        let mut table: Vec<_> = Emission::tiers()
            .into_iter()
            .map(|(state, _)| state.tier)
            .take(2)
            .collect();
        table[1].floor = Floor {
            mops: 1_000,
            gib: 2,
            gbps: 0,
        };
        assert_ok!(Emission::set_tiers(
            pallet_governance::Origin::Tiers.into(),
            table.try_into().unwrap()
        ));
    });
    // The table waits for the running round.
    network.until_open();
    network.until_closed();

    let window = network.until_open();
    let mut proofs = [(Charlie, 1), (Dave, 2)]
        .map(|(hotkey, gib)| (hotkey, both(&mut network, hotkey, &window, gib)));
    network.block(|| {
        proofs
            .iter()
            .map(|(hotkey, (walk, product, _))| {
                let claim = GpuClaim {
                    gpu: 0,
                    rounds: product.rounds(),
                    root: product.root(),
                    walk: Some(WalkCommit {
                        pages: walk.claim().parameters.pages,
                        batches: walk.claim().batches,
                        root: walk.claim().root,
                    }),
                };
                let commit = ProofCall::commit {
                    window: window.id,
                    beacon: window.beacon,
                    claims: vec![claim].try_into().unwrap(),
                };
                signed(*hotkey, 0, 0, commit)
            })
            .collect()
    });
    let beacon = network.until_revealing();
    let reveals: Vec<_> = proofs
        .iter_mut()
        .map(|(hotkey, (walk, product, fill))| {
            let mut call = reveal(&window, product, beacon);
            if let RuntimeCall::ProofOfGpu(ProofCall::reveal {
                walk_peaks,
                walk_openings,
                ..
            }) = &mut call
            {
                *walk_peaks = walk.peaks().to_vec().try_into().unwrap();
                let openings = open_walk(fill, walk, &beacon, WALK.samples).unwrap();
                *walk_openings = openings.try_into().unwrap();
            }
            (*hotkey, call)
        })
        .collect();
    network.block(|| {
        reveals
            .into_iter()
            .map(|(hotkey, call)| signed(hotkey, 1, 0, call))
            .collect()
    });
    let tiers: Vec<_> = network
        .chain
        .events()
        .into_iter()
        .filter_map(|event| match event {
            RuntimeEvent::Emission(EmissionEvent::Credited {
                hotkey, tier, mops, ..
            }) => Some((hotkey, tier, mops)),
            _ => None,
        })
        .collect();
    assert_eq!(
        tiers,
        [
            (Charlie.to_account_id(), 0, 1_006),
            (Dave.to_account_id(), 1, 1_006)
        ]
    );
    network.until_closed();
    let due = |network: &mut Network, hotkey: Sr25519Keyring| {
        network
            .chain
            .with(|| Emission::pending_pay(&hotkey.to_account_id(), 0))
    };
    // So slow a walk backs no multiplier: both rows pay.
    assert!(due(&mut network, Charlie) > 0 && due(&mut network, Dave) > 0);
}

/// A reveal of a production window by a GPU that made as many rounds as the window has
/// time for, every sample of its highest mountain.
pub(super) fn largest_reveal(parameters: &WindowParameters) -> RuntimeCall {
    let mountain = usize::try_from(parameters.most_rounds().ilog2()).unwrap();
    let opening = Opening {
        folds: [0; 64],
        tile_path: vec![[0; 32]; MAX_TILE_PATH].try_into().unwrap(),
        mountain_path: vec![[0; 32]; mountain].try_into().unwrap(),
    };
    let openings = vec![opening; usize::try_from(parameters.samples).unwrap()];
    let reveal = ProofCall::reveal {
        window: 0,
        sampling_beacon: [0; 32],
        gpu: 0,
        // A number that high with a one in every place would be above the bound.
        peaks: vec![[0; 32]; mountain].try_into().unwrap(),
        openings: openings.try_into().unwrap(),
        walk_peaks: Default::default(),
        walk_openings: Default::default(),
    };
    reveal.into()
}

/// What a transaction takes of a block.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) weight: Weight,
    pub(super) bytes: u32,
}

impl Size {
    pub(super) fn of(call: impl Into<RuntimeCall>) -> Self {
        let transaction = signed(Charlie, 0, 0, call);
        Self {
            weight: transaction.get_dispatch_info().total_weight(),
            bytes: transaction.encoded_size().try_into().unwrap(),
        }
    }
}

/// Fills the blocks of a reveal phase. In each, `first` of what waits goes before
/// `then`; a block's share of both arrives in each block. How many of each landed.
pub(super) fn phase(blocks: u32, first: (u32, Size), then: (u32, Size)) -> [u32; 2] {
    let calls: u32 = <Runtime as pallet_proof_of_gpu::Config>::MaxProofCallsPerBlock::get();
    let length = *BlockLength::get().max.get(DispatchClass::Operational);
    let (mut waiting, mut landed) = ([0, 0], [0, 0]);
    for block in 0..blocks {
        let (mut weight, mut bytes, mut made) = (Weight::zero(), 0, 0);
        for (place, (number, size)) in [first, then].into_iter().enumerate() {
            let share = |block: u32| u64::from(number) * u64::from(block) / u64::from(blocks);
            waiting[place] += u32::try_from(share(block + 1) - share(block)).unwrap();
            while waiting[place] > 0
                && made < calls
                && (weight + size.weight).all_lte(ProofWeight::get())
                && bytes + size.bytes <= length
            {
                weight += size.weight;
                bytes += size.bytes;
                made += 1;
                waiting[place] -= 1;
                landed[place] += 1;
            }
        }
    }
    landed
}

/// The production chain's capacity is what its reveal phase holds, less a fifth,
/// by every bound on a block: weight, length and the number of proof calls.
#[test]
fn the_production_capacity_fits_the_reveal_phase() {
    let parameters = settings::defaults::window();
    // The first has begun when the pool takes reveals.
    let blocks = parameters.reveal_blocks();
    Chain::new("development").with(|| {
        let reveal = Size::of(largest_reveal(&parameters));
        let nothing = (0, reveal);
        let [held, _] = phase(blocks, (1_000_000, reveal), nothing);
        assert!(held / blocks >= 195);
        assert!(u64::from(parameters.capacity) * 5 <= u64::from(held) * 4);
        // What the parameters are checked by is no more than that.
        let stated = ProofOfGpu::reveals_held(&parameters, parameters.most_rounds());
        assert!(stated <= held.into() && stated * 10 >= u64::from(held) * 9);
    });
}

/// A hotkey of 16 slots is registered by one call, and commits and confirms by one call.
#[test]
fn one_registration_fills_one_proof_call() {
    let a_call: u32 = <Runtime as pallet_proof_of_gpu::Config>::MaxGpusPerCall::get();
    assert_eq!(a_call, 16);
    assert_eq!(settings::defaults::registration().slots_per_call, a_call);
}

/// With ten times more commits than capacity, nine tenths of them confirm, in the same
/// blocks as the reveals; with fifty times more, they ask for more than there is.
#[test]
fn reveals_find_room_however_many_confirm() {
    let parameters = settings::defaults::window();
    let capacity = parameters.capacity;
    let blocks = parameters.reveal_blocks();
    Chain::new("development").with(|| {
        let reveal = Size::of(largest_reveal(&parameters));
        let confirm = Size::of(ProofCall::confirm {
            window: 0,
            gpus: vec![0].try_into().unwrap(),
        });
        let run = |crowd: u32| {
            let confirms = capacity * (crowd - 1);
            phase(blocks, (capacity, reveal), (confirms, confirm))
        };
        for crowd in [1, 2, 5, 10, 50, 500] {
            let [reveals, confirms] = run(crowd);
            assert_eq!(reveals, capacity, "crowd {crowd}");
            assert!(confirms > 0 || crowd == 1);
        }
        assert!(run(500)[1] < capacity * 499, "they do not all fit");
        // Did confirmations go first, so many would leave reveals out, to be slashed.
        let [_, reveals] = phase(blocks, (capacity * 49, confirm), (capacity, reveal));
        assert!(reveals < capacity);
    });
}
