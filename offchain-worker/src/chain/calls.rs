// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's calls that a worker makes.

use proof_of_gpu_primitives::Opening as ProtocolOpening;
use subxt::{dynamic, ext::scale_encode::EncodeAsType, transactions::DynamicPayload};

use super::types::{Bytes32, Role};

/// One GPU's claim in a commit.
#[derive(Clone, Debug, PartialEq, Eq, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct GpuClaim {
    /// The GPU's number among the hotkey's slots.
    pub gpu: u32,
    /// Rounds computed.
    pub rounds: u32,
    /// The commitment's root.
    pub root: Bytes32,
}

/// Fields of `ProofOfGpu.commit`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Commit {
    window: u32,
    beacon: Bytes32,
    claims: Vec<GpuClaim>,
}

/// `ProofOfGpu.commit`, signed by the hotkey: claims in ascending order of GPU.
pub fn commit(window: u32, beacon: Bytes32, claims: Vec<GpuClaim>) -> DynamicPayload<Commit> {
    dynamic::transaction(
        "ProofOfGpu",
        "commit",
        Commit {
            window,
            beacon,
            claims,
        },
    )
}

/// One opening of a reveal.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
struct Opening {
    folds: Vec<u32>,
    tile_path: Vec<Bytes32>,
    mountain_path: Vec<Bytes32>,
}

/// Fields of `ProofOfGpu.reveal`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Reveal {
    window: u32,
    sampling_beacon: Bytes32,
    gpu: u32,
    peaks: Vec<Bytes32>,
    openings: Vec<Opening>,
}

/// `ProofOfGpu.reveal`, signed by the hotkey.
pub fn reveal(
    window: u32,
    sampling_beacon: Bytes32,
    gpu: u32,
    peaks: &[Bytes32],
    openings: &[ProtocolOpening],
) -> DynamicPayload<Reveal> {
    let openings = openings
        .iter()
        .map(|opening| Opening {
            folds: opening.folds.to_vec(),
            tile_path: opening.tile_path.to_vec(),
            mountain_path: opening.mountain_path.to_vec(),
        })
        .collect();
    dynamic::transaction(
        "ProofOfGpu",
        "reveal",
        Reveal {
            window,
            sampling_beacon,
            gpu,
            peaks: peaks.to_vec(),
            openings,
        },
    )
}

/// Fields of `ProofOfGpu.confirm`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Confirm {
    window: u32,
    gpus: Vec<u32>,
}

/// `ProofOfGpu.confirm`, signed by the hotkey.
pub fn confirm(window: u32, gpus: Vec<u32>) -> DynamicPayload<Confirm> {
    dynamic::transaction("ProofOfGpu", "confirm", Confirm { window, gpus })
}

/// Fields of `ProofOfGpu.report_missed`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct ReportMissed {
    hotkey: Bytes32,
    gpu: u32,
    window: u32,
}

/// `ProofOfGpu.report_missed`, signed by anyone who can pay its fee.
pub fn report_missed(hotkey: Bytes32, gpu: u32, window: u32) -> DynamicPayload<ReportMissed> {
    dynamic::transaction(
        "ProofOfGpu",
        "report_missed",
        ReportMissed {
            hotkey,
            gpu,
            window,
        },
    )
}

/// Fields of `Registration.register`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Register {
    hotkey: Bytes32,
    role: Role,
    slots: u32,
    max_price: u128,
}

/// `Registration.register`, signed by the owner: `max_price` is the most that
/// the fee may be, bonds not counted.
pub fn register(
    hotkey: Bytes32,
    role: Role,
    slots: u32,
    max_price: u128,
) -> DynamicPayload<Register> {
    dynamic::transaction(
        "Registration",
        "register",
        Register {
            hotkey,
            role,
            slots,
            max_price,
        },
    )
}

/// Fields of `Registration.renew`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Renew {
    hotkey: Bytes32,
    max_price: u128,
}

/// `Registration.renew`, signed by the owner: for another term.
pub fn renew(hotkey: Bytes32, max_price: u128) -> DynamicPayload<Renew> {
    dynamic::transaction("Registration", "renew", Renew { hotkey, max_price })
}

/// Fields of `Emission.claim`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Claim {
    hotkey: Bytes32,
    gpu: u32,
}

/// `Emission.claim`: pays a GPU's last result to its owner, whoever signs.
pub fn claim(hotkey: Bytes32, gpu: u32) -> DynamicPayload<Claim> {
    dynamic::transaction("Emission", "claim", Claim { hotkey, gpu })
}
