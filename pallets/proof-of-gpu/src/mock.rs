// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain of this pallet, with miners in a map, a clock and randomness that the
//! test sets, and the transaction extensions that a runtime puts around it.

use frame_support::{
    Blake2_128Concat, derive_impl, parameter_types,
    traits::{ConstU8, ConstU32, ConstU128, OnInitialize, Randomness, UnfilteredDispatchable},
    weights::{ConstantMultiplier, IdentityFee, Weight},
};
use pallet_skip_feeless_payment::SkipCheckIfFeeless;
use pallet_transaction_payment::{ChargeTransactionPayment, FungibleAdapter};
use proof_of_gpu_primitives::{
    Hash, Opening, Sha256, SoftwareSha256, Workload,
    prover::{CpuEngine, Proof, open, prove},
};
use sp_core::H256;
use sp_runtime::{AccountId32, BuildStorage, Perbill, traits::IdentityLookup};

use crate::{
    self as pallet_proof_of_gpu, CurrentWindow, GpuClaim, Miners, OnCommitted, OnVerified,
    OnWindowClosed, Pallet, Phase, Score, VerifiedResult, WalkRules, Window, WindowClock,
    WindowParameters, extension::CheckProofCall, upgrade::BetweenWindows,
};

pub(crate) type AccountId = AccountId32;
pub(crate) type Balance = u128;
pub(crate) type BlockNumber = u64;

/// Registered with GPUs 0..=3.
pub(crate) const ALICE: AccountId = AccountId32::new([1; 32]);
/// Registered with GPUs 0..=3.
pub(crate) const BOB: AccountId = AccountId32::new([2; 32]);
/// Not registered.
pub(crate) const CAROL: AccountId = AccountId32::new([3; 32]);
/// GPUs registered for Alice and Bob each.
pub(crate) const GPUS: u32 = 4;
/// The bond of each GPU at genesis.
pub(crate) const BOND: Balance = 1_000_000;
/// Length of a slot in milliseconds: one, so that a round is hundreds of MOPS.
pub(crate) const SLOT: u64 = 1;
/// Start of block 0's slot.
pub(crate) const GENESIS_MOMENT: u64 = 1_000_000_000_000;

/// By the parameters of [`parameters`]: the block that opens window 0.
pub(crate) const OPENS: BlockNumber = 4;
/// The last block that takes commits to window 0.
pub(crate) const DEADLINE: BlockNumber = 8;
/// The first block that takes reveals in window 0.
pub(crate) const REVEALS: BlockNumber = 17;
/// The last block that takes reveals in window 0.
pub(crate) const UNTIL: BlockNumber = 20;
/// The block that closes window 0.
pub(crate) const CLOSES: BlockNumber = 21;
/// Blocks from one window's opening to the next one's.
pub(crate) const PERIOD: BlockNumber = CLOSES;
/// Milliseconds that count in a window without empty slots.
pub(crate) const ELAPSED: u64 = (DEADLINE - OPENS + 1) * SLOT;

/// Parameters of the tests' windows.
pub(crate) fn parameters() -> WindowParameters {
    WindowParameters {
        workload: Workload::new(64, 64, 64),
        samples: 4,
        walk: None,
        min_gap: 2,
        max_gap: 4,
        open_chance: Perbill::zero(),
        work: 4,
        grace: 1,
        sampling: 8,
        reveal: 4,
        capacity: 100,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
    }
}

/// A walk that a window of the tests may ask for: pages of a GiB, of which the lanes of a
/// batch read so few entries that they are computed as they are read.
pub(crate) const RULES: WalkRules = WalkRules {
    page_bits: 23,
    rounds: 8,
    lanes: 64,
    hops: 16,
    passes: 0,
    samples: 3,
};

parameter_types! {
    pub static Parameters: WindowParameters = parameters();
    pub static Floor: u64 = 0;
    /// What the hooks were told.
    pub static Committed: Vec<(AccountId, u32, u32)> = Vec::new();
    pub static Verified: Vec<VerifiedResult<AccountId>> = Vec::new();
    pub static Closed: Vec<(u32, BlockNumber, BlockNumber)> = Vec::new();
    /// The current block's slot start and its parent's VRF output.
    pub static Moment: u64 = GENESIS_MOMENT;
    pub static Output: Option<Hash> = None;
    pub static MaxProofCalls: u32 = 4;
    pub static MaxProofWeight: Weight = Weight::from_parts(2_000_000_000_000, u64::MAX);
}

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(3)]
    pub type SkipFeeless = pallet_skip_feeless_payment;
    #[runtime::pallet_index(4)]
    pub type ProofOfGpu = pallet_proof_of_gpu;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type OnSetCode = BetweenWindows<Test>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ConstU128<1>;
}

#[derive_impl(pallet_transaction_payment::config_preludes::TestDefaultConfig)]
impl pallet_transaction_payment::Config for Test {
    type OnChargeTransaction = FungibleAdapter<Balances, ()>;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<1>>;
    type OperationalFeeMultiplier = ConstU8<5>;
}

impl pallet_skip_feeless_payment::Config for Test {
    type RuntimeEvent = RuntimeEvent;
}

impl crate::Config for Test {
    type Randomness = MockRandomness;
    type Clock = MockClock;
    type Parameters = Parameters;
    type Miners = MockMiners;
    type Floor = Floor;
    type OnCommitted = Recorder;
    type OnVerified = Recorder;
    type OnWindowClosed = Recorder;
    type MaxSamples = ConstU32<8>;
    type MaxWalkSamples = ConstU32<4>;
    type MaxGpusPerCall = ConstU32<4>;
    type ClaimRounds = ConstU32<3>;
    type MaxProofCallsPerBlock = MaxProofCalls;
    type MaxProofWeightPerBlock = MaxProofWeight;
    type SetCode = ();
    type WeightInfo = ();
}

/// The extensions of a runtime that take part in what is tested here, in order.
pub(crate) type Extensions = (
    frame_system::CheckNonce<Test>,
    CheckProofCall<Test>,
    SkipCheckIfFeeless<Test, ChargeTransactionPayment<Test>>,
);

pub struct MockRandomness;

impl Randomness<Option<H256>, BlockNumber> for MockRandomness {
    fn random(_: &[u8]) -> (Option<H256>, BlockNumber) {
        (Output::get().map(H256), System::block_number())
    }
}

pub struct MockClock;

impl WindowClock for MockClock {
    fn now_ms() -> u64 {
        Moment::get()
    }
}

/// The slots and their bonds.
#[frame_support::storage_alias]
pub(crate) type Bonds = StorageMap<MockMiners, Blake2_128Concat, (AccountId, u32), Balance>;

/// What was paid for reports.
#[frame_support::storage_alias]
pub(crate) type Bounties = StorageMap<MockMiners, Blake2_128Concat, AccountId, Balance>;

pub struct MockMiners;

impl Miners<AccountId> for MockMiners {
    type Balance = Balance;

    fn can_prove(hotkey: &AccountId, gpu: u32) -> bool {
        Bonds::contains_key((hotkey, gpu))
    }

    fn bond_of(hotkey: &AccountId, gpu: u32) -> Balance {
        Bonds::get((hotkey, gpu)).unwrap_or_default()
    }

    fn slash(
        hotkey: &AccountId,
        gpu: u32,
        share: Perbill,
        bounty: Option<(&AccountId, Perbill)>,
    ) -> Balance {
        let bond = Bonds::get((hotkey, gpu)).unwrap_or_default();
        let taken = share.mul_floor(bond);
        Bonds::insert((hotkey, gpu), bond - taken);
        if let Some((reporter, share)) = bounty {
            Bounties::mutate(reporter, |paid| {
                *paid = Some(paid.unwrap_or_default() + share.mul_floor(taken));
            });
        }
        taken
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, gpus: u32) {
        for gpu in 0..gpus {
            Bonds::insert((hotkey, gpu), BOND);
        }
    }
}

/// Writes down what the hooks are told.
pub struct Recorder;

impl OnCommitted<AccountId> for Recorder {
    fn on_committed(hotkey: &AccountId, gpu: u32, window: u32) {
        Committed::mutate(|list| list.push((hotkey.clone(), gpu, window)));
    }

    fn weight() -> Weight {
        Weight::from_parts(1_000, 0)
    }
}

impl OnVerified<AccountId> for Recorder {
    fn on_verified(result: &VerifiedResult<AccountId>) {
        Verified::mutate(|list| list.push(result.clone()));
    }

    fn weight() -> Weight {
        Weight::from_parts(1_000, 0)
    }
}

impl OnWindowClosed<BlockNumber> for Recorder {
    fn on_window_closed(window: u32, opened_at: BlockNumber, closed_at: BlockNumber) -> Weight {
        Closed::mutate(|list| list.push((window, opened_at, closed_at)));
        Weight::from_parts(7, 0)
    }
}

/// A chain at block 0, Alice and Bob registered.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    Parameters::set(parameters());
    Floor::set(0);
    Committed::take();
    Verified::take();
    Closed::take();
    Moment::set(GENESIS_MOMENT);
    Output::set(None);
    MaxProofCalls::set(4);
    MaxProofWeight::set(Weight::from_parts(2_000_000_000_000, u64::MAX));
    let storage = RuntimeGenesisConfig::default()
        .build_storage()
        .expect("a valid genesis");
    let mut ext = sp_io::TestExternalities::new(storage);
    ext.execute_with(|| {
        for hotkey in [ALICE, BOB] {
            for gpu in 0..GPUS {
                Bonds::insert((&hotkey, gpu), BOND);
            }
            System::inc_providers(&hotkey);
        }
    });
    ext
}

/// Runs a test, and then the invariants.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Pallet::<Test>::do_try_state().expect("the invariants hold after every test");
    });
}

/// The VRF output that block `block` finds, unless the test says otherwise.
pub(crate) fn output_of(block: BlockNumber) -> Hash {
    SoftwareSha256::hash(&block.to_le_bytes())
}

/// The next block, `slots` slots after the last one, whose parent had `output`.
pub(crate) fn block_with(output: Option<Hash>, slots: u64) -> Weight {
    let block = System::block_number() + 1;
    System::set_block_number(block);
    Moment::mutate(|moment| *moment += slots * SLOT);
    Output::set(output);
    Pallet::<Test>::on_initialize(block)
}

/// The next block, in the next slot, with its usual output.
pub(crate) fn next_block() -> Weight {
    block_with(Some(output_of(System::block_number() + 1)), 1)
}

/// Goes on to block `block`, every slot taken.
pub(crate) fn run_to(block: BlockNumber) {
    while System::block_number() < block {
        next_block();
    }
}

/// The window that is going on.
pub(crate) fn window() -> Window<BlockNumber> {
    CurrentWindow::<Test>::get().expect("a window is going on")
}

/// The sampling beacon of the window that is going on, in its reveal phase.
pub(crate) fn sampling_beacon() -> Hash {
    match window().phase {
        Phase::Revealing {
            sampling_beacon, ..
        } => sampling_beacon,
        phase => panic!("no sampling beacon in {phase:?}"),
    }
}

/// An honest proof of `rounds` rounds in the window that is going on.
pub(crate) fn proof(hotkey: &AccountId, gpu: u32, rounds: u32) -> Proof {
    let window = window();
    let challenge = Pallet::<Test>::challenge(hotkey, gpu, &window);
    let workload = window.parameters.workload;
    prove(
        &mut CpuEngine::new(),
        challenge,
        &workload,
        rounds,
        &mut |_| (),
    )
    .expect("a valid shape")
}

/// What a `commit` says of this proof.
pub(crate) fn claim(gpu: u32, proof: &Proof) -> GpuClaim {
    GpuClaim {
        gpu,
        rounds: proof.rounds(),
        root: proof.root(),
        walk: None,
    }
}

/// The openings that the chain asks of this proof now.
pub(crate) fn openings(proof: &Proof) -> Vec<Opening> {
    let samples = window().parameters.samples;
    open(&mut CpuEngine::new(), proof, &sampling_beacon(), samples).expect("an honest proof opens")
}

/// Commits one GPU with this proof.
pub(crate) fn commit(hotkey: &AccountId, gpu: u32, proof: &Proof) {
    commit_claims(hotkey, vec![claim(gpu, proof)]).expect("the commit is in order");
}

/// Commits to the window that is going on.
pub(crate) fn commit_claims(
    hotkey: &AccountId,
    claims: Vec<GpuClaim>,
) -> frame_support::dispatch::DispatchResultWithPostInfo {
    let Window { id, beacon, .. } = window();
    let origin = RuntimeOrigin::signed(hotkey.clone());
    ProofOfGpu::commit(
        origin,
        id,
        beacon,
        claims.try_into().expect("few enough GPUs"),
    )
}

/// The call that reveals this proof now.
pub(crate) fn reveal_call(gpu: u32, proof: &Proof) -> pallet_proof_of_gpu::Call<Test> {
    pallet_proof_of_gpu::Call::reveal {
        window: window().id,
        sampling_beacon: sampling_beacon(),
        gpu,
        peaks: proof.peaks().to_vec().try_into().expect("few enough peaks"),
        openings: openings(proof).try_into().expect("few enough openings"),
        walk_peaks: Default::default(),
        walk_openings: Default::default(),
    }
}

/// Reveals this proof.
pub(crate) fn reveal(
    hotkey: &AccountId,
    gpu: u32,
    proof: &Proof,
) -> frame_support::dispatch::DispatchResultWithPostInfo {
    reveal_call(gpu, proof).dispatch_bypass_filter(RuntimeOrigin::signed(hotkey.clone()))
}

/// What a GPU's state says, with its commit resolved or not.
pub(crate) fn resolved(hotkey: &AccountId, gpu: u32) -> bool {
    crate::Gpus::<Test>::get(hotkey, gpu)
        .and_then(|state| state.commit)
        .expect("the GPU has committed")
        .resolved
}

/// The last verified throughput of a GPU.
pub(crate) fn last_verified(hotkey: &AccountId, gpu: u32) -> Option<u64> {
    last_score(hotkey, gpu).map(|score| score.mops)
}

/// What the last valid reveal of a GPU has shown.
pub(crate) fn last_score(hotkey: &AccountId, gpu: u32) -> Option<Score> {
    crate::Gpus::<Test>::get(hotkey, gpu).and_then(|state| state.last_verified)
}

/// The bond left of a GPU.
pub(crate) fn bond(hotkey: &AccountId, gpu: u32) -> Balance {
    Bonds::get((hotkey, gpu)).unwrap_or_default()
}

/// This pallet's events since the last call of this function.
pub(crate) fn events() -> Vec<crate::Event<Test>> {
    let events = System::read_events_for_pallet::<crate::Event<Test>>();
    System::reset_events();
    events
}
