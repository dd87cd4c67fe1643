// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Proof of GPU, and how what it learns reaches the bonds and the emission.

use super::system::BLOCK_WEIGHT;
use crate::{
    AccountId, Babe, Balance, BlockNumber, Emission, ProofOfGpu, Registration, Runtime, Supply,
    settings,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, Get},
    weights::Weight,
};
use pallet_proof_of_gpu::VerifiedResult;
use sp_runtime::Perbill;

/// The part of a block's weight that proof calls may take: the rest is left for
/// transfers, however many GPUs there are. Of its length they may take all: where every
/// called GPU reveals in a few blocks, these hold nothing else.
const PROOF_RATIO: Perbill = Perbill::from_percent(80);

/// How many windows back a missed reveal can be reported and a result be
/// claimed: eleven days of windows of 65 minutes.
pub const CLAIM_ROUNDS: u32 = 256;

parameter_types! {
    /// Most weight that proof calls take of a block.
    pub ProofWeight: Weight = PROOF_RATIO * BLOCK_WEIGHT;
}

/// The start of the current block's slot.
pub struct SlotClock;

impl pallet_proof_of_gpu::WindowClock for SlotClock {
    fn now_ms() -> u64 {
        // A clamp: a block of a slot past the year 584 million is refused for its
        // timestamp.
        u64::from(Babe::current_slot()).saturating_mul(Babe::slot_duration())
    }
}

/// The hyperparameters of windows.
pub struct Windows;

impl Get<settings::WindowParameters> for Windows {
    fn get() -> settings::WindowParameters {
        settings::parameters::Window::get()
    }
}

/// Miners are who registered as such; what is slashed is their bond.
pub struct Registered;

impl pallet_proof_of_gpu::Miners<AccountId> for Registered {
    type Balance = Balance;

    fn can_prove(hotkey: &AccountId, gpu: u32) -> bool {
        Registration::can_prove(hotkey, gpu)
    }

    fn bond_of(hotkey: &AccountId, gpu: u32) -> Balance {
        Registration::bond_of(hotkey, gpu)
    }

    fn slash(
        hotkey: &AccountId,
        gpu: u32,
        share: Perbill,
        bounty: Option<(&AccountId, Perbill)>,
    ) -> Balance {
        Registration::slash(hotkey, gpu, share, bounty)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn register(hotkey: &AccountId, gpus: u32) {
        Registration::register_for_benchmark(hotkey, gpus)
            .expect("a benchmark's miner can be registered");
    }
}

/// The lowest tier's floor.
pub struct LowestFloor;

impl Get<u64> for LowestFloor {
    fn get() -> u64 {
        Emission::lowest_floor()
    }
}

/// A commit pays what its GPU has earned before.
pub struct PayEarlier;

impl pallet_proof_of_gpu::OnCommitted<AccountId> for PayEarlier {
    fn on_committed(hotkey: &AccountId, gpu: u32, _window: u32) {
        Emission::pay_pending(hotkey, gpu);
    }

    fn weight() -> Weight {
        <<Runtime as pallet_emission::Config>::WeightInfo as pallet_emission::WeightInfo>::pay_pending()
    }
}

/// A verified result counts in the round.
pub struct NoteResult;

impl pallet_proof_of_gpu::OnVerified<AccountId> for NoteResult {
    fn on_verified(result: &VerifiedResult<AccountId>) {
        Emission::note_result(&pallet_emission::VerifiedResult {
            window: result.window,
            hotkey: result.hotkey.clone(),
            gpu: result.gpu,
            mops: result.mops,
            gib: result.gib,
            gbps: result.gbps,
            confirmed: result.confirmed,
            samples: result.samples,
            slash_share: result.slash_share,
            bounty_share: result.bounty_share,
            capacity: result.capacity,
            commits: result.commits,
        });
    }

    fn weight() -> Weight {
        <<Runtime as pallet_emission::Config>::WeightInfo as pallet_emission::WeightInfo>::note_result()
    }
}

/// A window that closes settles the round, and the supply's totals begin anew.
pub struct SettleRound;

impl pallet_proof_of_gpu::OnWindowClosed<BlockNumber> for SettleRound {
    fn on_window_closed(window: u32, opened_at: BlockNumber, closed_at: BlockNumber) -> Weight {
        let settled = Emission::settle(window, opened_at, closed_at);
        Supply::start_round();
        settled
            .saturating_add(
                <<Runtime as pallet_supply::Config>::WeightInfo as pallet_supply::WeightInfo>::start_round(),
            )
            // The stakers' part ends the stakers' round.
            .saturating_add(
                <<Runtime as pallet_delegation::Config>::WeightInfo as pallet_delegation::WeightInfo>::reward_round(),
            )
    }
}

impl pallet_proof_of_gpu::Config for Runtime {
    type Randomness = pallet_babe::ParentBlockRandomness<Runtime>;
    type Clock = SlotClock;
    type Parameters = Windows;
    type Miners = Registered;
    type Floor = LowestFloor;
    type OnCommitted = PayEarlier;
    type OnVerified = NoteResult;
    type OnWindowClosed = SettleRound;
    type MaxSamples = ConstU32<MAX_SAMPLES>;
    type MaxWalkSamples = ConstU32<MAX_WALK_SAMPLES>;
    type MaxGpusPerCall = ConstU32<16>;
    type ClaimRounds = ConstU32<CLAIM_ROUNDS>;
    type MaxProofCallsPerBlock = ConstU32<2_000>;
    type MaxProofWeightPerBlock = ProofWeight;
    type SetCode = ();
    type WeightInfo = pallet_proof_of_gpu::weights::SubstrateWeight<Runtime>;
}

/// Most openings of the product in a reveal.
pub const MAX_SAMPLES: u32 = 32;

/// Most lanes of a memory walk that a reveal opens.
pub const MAX_WALK_SAMPLES: u32 = 16;

/// A GPU that leaves is paid what it has earned, and forgotten.
pub struct Leaving;

impl pallet_registration::Leaving<AccountId> for Leaving {
    fn may_leave(hotkey: &AccountId, gpu: u32) -> bool {
        ProofOfGpu::may_leave(hotkey, gpu)
    }

    fn on_left(hotkey: &AccountId, gpu: u32) {
        Emission::pay_pending(hotkey, gpu);
        ProofOfGpu::on_left(hotkey, gpu);
    }

    /// The pay, and of `ProofOfGpu` what the commit's window and the next one left on
    /// record, and the GPU's own state, which is removed.
    fn weight() -> Weight {
        <PayEarlier as pallet_proof_of_gpu::OnCommitted<AccountId>>::weight()
            .saturating_add(<Runtime as frame_system::Config>::DbWeight::get().reads_writes(3, 1))
    }
}
