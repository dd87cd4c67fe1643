// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the assembled runtime's transactions weigh, how long they are, how many fit a
//! block, and how many GPUs a window.

use codec::Encode;
use frame_support::{
    BoundedVec,
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::Get,
    weights::Weight,
};
use ni_runtime::{
    AccountId, Runtime, RuntimeCall, Signature, TxExtension, UncheckedExtrinsic,
    settings::{WindowParameters, defaults},
};
use pallet_proof_of_gpu::{Call, Config, GpuClaim, WeightInfo};
use proof_of_gpu_primitives::{Hash, Opening, Path};
use sp_runtime::generic::Era;

/// GPUs that one call can name.
pub const MOST_A_CALL: u32 = 16;

/// A kind of transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What the chain charges for it, its extensions and the fixed part of any
    /// transaction included.
    pub weight: Weight,
    /// What of it is given back where no GPU named had an earlier reveal missed.
    pub refunded: Weight,
    /// Bytes in a block.
    pub length: u32,
    /// How many fit a block.
    pub a_block: u32,
    /// What keeps the next one out.
    pub by: Limit,
}

/// What fills a block first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Its weight.
    Weight,
    /// Its length.
    Length,
    /// The number of proof calls.
    Count,
}

impl Limit {
    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Length => "length",
            Self::Count => "proof calls a block",
        }
    }
}

fn account() -> AccountId {
    AccountId::new([7; 32])
}

/// What is checked of a transaction.
pub(crate) fn extension(era: Era, nonce: u32) -> TxExtension {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_proof_of_gpu::extension::CheckProofCall::new(),
        pallet_skip_feeless_payment::SkipCheckIfFeeless::from(
            pallet_transaction_payment::ChargeTransactionPayment::from(0),
        ),
        frame_system::WeightReclaim::new(),
    )
}

/// A transaction as long as a signed one. Its signature would not be accepted, which
/// changes neither length nor weight.
fn transaction(call: RuntimeCall) -> UncheckedExtrinsic {
    let signature = Signature::Sr25519(sp_core::sr25519::Signature::from_raw([1; 64]));
    let extension = extension(Era::mortal(64, 1), 1_000);
    UncheckedExtrinsic::new_signed(call, account().into(), signature, extension)
}

/// A commit of so many GPUs.
#[must_use]
pub fn commit(gpus: u32) -> Kind {
    let claims = (0..gpus)
        .map(|gpu| GpuClaim {
            gpu,
            rounds: 10_000,
            root: [1; 32],
            walk: None,
        })
        .collect();
    kind(
        Call::<Runtime>::commit {
            window: 1_000,
            beacon: [1; 32],
            claims: BoundedVec::truncate_from(claims),
        }
        .into(),
    )
}

/// A reveal of the production chain's shape and number of samples, from some ten
/// thousand rounds: as many as a GPU of 400 TFLOPS computes in a window.
#[must_use]
pub fn reveal() -> Kind {
    let window = defaults::window();
    let tiles = u64::from(window.workload.m / 64) * u64::from(window.workload.n / 64);
    let path = |height: u32| vec![[1u8; 32] as Hash; usize::try_from(height).unwrap_or(0)];
    // The mountain of 8,192 rounds, which covers most of them.
    let opening = Opening {
        folds: [1; 64],
        tile_path: Path::try_from(path(tiles.ilog2())).unwrap_or_default(),
        mountain_path: Path::try_from(path(13)).unwrap_or_default(),
    };
    let samples = usize::try_from(window.samples).unwrap_or(0);
    kind(
        Call::<Runtime>::reveal {
            window: 1_000,
            sampling_beacon: [1; 32],
            gpu: 0,
            peaks: BoundedVec::truncate_from(vec![[1; 32]; 7]),
            openings: BoundedVec::truncate_from(vec![opening; samples]),
            walk_peaks: Default::default(),
            walk_openings: Default::default(),
        }
        .into(),
    )
}

/// A confirmation of so many GPUs.
#[must_use]
pub fn confirm(gpus: u32) -> Kind {
    kind(
        Call::<Runtime>::confirm {
            window: 1_000,
            gpus: BoundedVec::truncate_from((0..gpus).collect()),
        }
        .into(),
    )
}

/// A transfer of NI.
#[must_use]
pub fn transfer() -> Kind {
    kind(
        pallet_balances::Call::transfer_keep_alive {
            dest: account().into(),
            value: ni_runtime::NI,
        }
        .into(),
    )
}

fn kind(call: RuntimeCall) -> Kind {
    let proof = matches!(call, RuntimeCall::ProofOfGpu(_));
    let named = match &call {
        RuntimeCall::ProofOfGpu(Call::commit { claims, .. }) => claims.len() as u64,
        _ => 0,
    };
    let refunded = <Runtime as Config>::WeightInfo::settle_missed().saturating_mul(named);
    let transaction = transaction(call);
    let info = transaction.get_dispatch_info();
    let length = u32::try_from(transaction.encoded_size()).unwrap_or(u32::MAX);
    let blocks = <Runtime as frame_system::Config>::BlockWeights::get();
    let fixed = blocks.get(info.class).base_extrinsic;
    let weight = info.total_weight().saturating_add(fixed);
    let room = blocks
        .get(info.class)
        .max_total
        .unwrap_or(blocks.max_block)
        .saturating_sub(blocks.base_block);
    // The cap on proof calls counts what the calls weigh, without the fixed part.
    let cap = <Runtime as Config>::MaxProofWeightPerBlock::get();
    let by_weight = [
        Some(room.ref_time() / weight.ref_time()),
        proof.then(|| cap.ref_time() / info.total_weight().ref_time()),
    ];
    let by_weight = by_weight.into_iter().flatten().min().unwrap_or(0);
    let lengths = <Runtime as frame_system::Config>::BlockLength::get();
    let by_length = u64::from(length_of(&lengths, info.class) / length);
    let most: u32 = <Runtime as Config>::MaxProofCallsPerBlock::get();
    let by_count = if proof { u64::from(most) } else { u64::MAX };
    let (a_block, by) = [
        (by_weight, Limit::Weight),
        (by_length, Limit::Length),
        (by_count, Limit::Count),
    ]
    .into_iter()
    .min_by_key(|(count, _)| *count)
    .unwrap_or((0, Limit::Weight));
    Kind {
        weight,
        refunded,
        length,
        a_block: u32::try_from(a_block).unwrap_or(u32::MAX),
        by,
    }
}

fn length_of(lengths: &frame_system::limits::BlockLength, class: DispatchClass) -> u32 {
    *lengths.max.get(class)
}

/// What a window of so many GPUs asks of its phases, in full blocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Blocks full of commits.
    pub commits: f64,
    /// Blocks full of reveals.
    pub reveals: f64,
    /// Blocks full of confirmations.
    pub confirms: f64,
}

/// What a window of `gpus` asks for, each hotkey with `a_call` of them.
#[must_use]
pub fn demand(gpus: u64, a_call: u32, window: &WindowParameters) -> Demand {
    let blocks = |gpus: u64, each: u32, kind: Kind| {
        let calls = gpus.div_ceil(u64::from(each));
        float(calls) / f64::from(kind.a_block)
    };
    let called = gpus.min(u64::from(window.capacity));
    Demand {
        commits: blocks(gpus, a_call, commit(a_call)),
        reveals: blocks(called, 1, reveal()),
        confirms: blocks(gpus - called, a_call, confirm(a_call)),
    }
}

#[allow(clippy::cast_precision_loss)]
fn float(number: u64) -> f64 {
    number as f64
}

impl Demand {
    /// The part of the grace blocks that commits take, and of the reveal phase that
    /// reveals and confirmations do: its first block, which begins it, holds none.
    #[must_use]
    pub fn shares(&self, window: &WindowParameters) -> (f64, f64) {
        (
            self.commits / f64::from(window.grace),
            (self.reveals + self.confirms) / f64::from(window.reveal_blocks()),
        )
    }

    /// Whether the window's phases hold it.
    #[must_use]
    pub fn fits(&self, window: &WindowParameters) -> bool {
        let (commits, answers) = self.shares(window);
        commits <= 1.0 && answers <= 1.0
    }
}

/// The most GPUs that a window holds, each hotkey with `a_call` of them.
#[must_use]
pub fn most(a_call: u32, window: &WindowParameters) -> u64 {
    let (mut fits, mut beyond) = (0u64, 1u64 << 32);
    while beyond - fits > 1 {
        let middle = fits.midpoint(beyond);
        if demand(middle, a_call, window).fits(window) {
            fits = middle;
        } else {
            beyond = middle;
        }
    }
    fits
}
