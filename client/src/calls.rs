// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's calls that a worker makes, and those of gateways, stakers and voters.

use proof_of_gpu_primitives::Opening as ProtocolOpening;
use subxt::{
    dynamic,
    ext::{scale_encode::EncodeAsType, scale_value::Value},
    transactions::DynamicPayload,
};

use super::{
    reports::AssetKind,
    types::{Bytes32, Role, WalkCommit},
};

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
    /// The walk before them, where the window asks for one.
    pub walk: Option<WalkCommit>,
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
    walk_peaks: Vec<Bytes32>,
    walk_openings: Vec<Opening>,
}

/// What a reveal shows of the product, or of the walk before it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown<'a> {
    /// Peaks of the range.
    pub peaks: &'a [Bytes32],
    /// The samples' openings.
    pub openings: &'a [ProtocolOpening],
}

impl Shown<'_> {
    fn openings(&self) -> Vec<Opening> {
        self.openings
            .iter()
            .map(|opening| Opening {
                folds: opening.folds.to_vec(),
                tile_path: opening.tile_path.to_vec(),
                mountain_path: opening.mountain_path.to_vec(),
            })
            .collect()
    }
}

/// `ProofOfGpu.reveal`, signed by the hotkey; of a walk nothing, where the window asks
/// for none.
pub fn reveal(
    window: u32,
    sampling_beacon: Bytes32,
    gpu: u32,
    product: Shown<'_>,
    walk: Shown<'_>,
) -> DynamicPayload<Reveal> {
    dynamic::transaction(
        "ProofOfGpu",
        "reveal",
        Reveal {
            window,
            sampling_beacon,
            gpu,
            peaks: product.peaks.to_vec(),
            openings: product.openings(),
            walk_peaks: walk.peaks.to_vec(),
            walk_openings: walk.openings(),
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

/// Fields of `Registration.top_up`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct TopUp {
    hotkey: Bytes32,
    gpu: u32,
}

/// `Registration.top_up`, signed by the owner: restores a GPU's bond.
pub fn top_up(hotkey: Bytes32, gpu: u32) -> DynamicPayload<TopUp> {
    dynamic::transaction("Registration", "top_up", TopUp { hotkey, gpu })
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

/// Where revenue comes from.
#[derive(Clone, Debug, PartialEq, Eq, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub enum RevenueSource {
    /// It was paid in the asset itself.
    Asset,
    /// It was paid off the chain, and the gateway settled it in the asset.
    Fiat {
        /// The currency by its three capital letters.
        currency: [u8; 3],
        /// What was paid, in the currency's smallest unit.
        minor_units: u128,
        /// A hash of the payment's documents.
        reference: Bytes32,
    },
}

/// Fields of `Buyback.deposit_revenue`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct DepositRevenue {
    nonce: u64,
    asset: AssetKind,
    amount: u128,
    source: RevenueSource,
}

/// `Buyback.deposit_revenue`, signed by the gateway, with its next receipt.
pub fn deposit_revenue(
    nonce: u64,
    asset: AssetKind,
    amount: u128,
    source: RevenueSource,
) -> DynamicPayload<DepositRevenue> {
    dynamic::transaction(
        "Buyback",
        "deposit_revenue",
        DepositRevenue {
            nonce,
            asset,
            amount,
            source,
        },
    )
}

/// Fields of `Delegation.stake`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Stake {
    validator: Bytes32,
    amount: u128,
}

/// `Delegation.stake`, signed by whose TAO it is.
pub fn stake(validator: Bytes32, amount: u128) -> DynamicPayload<Stake> {
    dynamic::transaction("Delegation", "stake", Stake { validator, amount })
}

/// Fields of `Delegation.claim`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct ClaimRewards {
    validator: Bytes32,
}

/// `Delegation.claim`, signed by the staker: what it has earned with this validator.
pub fn claim_rewards(validator: Bytes32) -> DynamicPayload<ClaimRewards> {
    dynamic::transaction("Delegation", "claim", ClaimRewards { validator })
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum RuntimeParameters {
    Emission(EmissionParameters),
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum EmissionParameters {
    Emission(EmissionKey, Option<Value<()>>),
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
struct EmissionKey;

/// Fields of `Settings.set`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct SetParameters {
    parameters: RuntimeParameters,
}

/// `Settings.set`, which a referendum makes: all of the emission's parameters.
pub fn set_emission(parameters: Value<()>) -> DynamicPayload<SetParameters> {
    let parameters =
        RuntimeParameters::Emission(EmissionParameters::Emission(EmissionKey, Some(parameters)));
    dynamic::transaction("Settings", "set", SetParameters { parameters })
}

/// Fields of `Preimage.note_preimage`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct NotePreimage {
    bytes: Vec<u8>,
}

/// `Preimage.note_preimage`: the bytes of a call to be decided on.
pub fn note_preimage(bytes: Vec<u8>) -> DynamicPayload<NotePreimage> {
    dynamic::transaction("Preimage", "note_preimage", NotePreimage { bytes })
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum OriginCaller {
    Governance(Track),
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum Track {
    Upgrade,
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum Proposal {
    Lookup { hash: Bytes32, len: u32 },
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum Moment {
    After(u32),
}

/// Fields of `Referenda.submit`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct SubmitReferendum {
    proposal_origin: OriginCaller,
    proposal: Proposal,
    enactment_moment: Moment,
}

/// `Referenda.submit` on the track that sets every hyperparameter, that of new code: the
/// call whose preimage has this hash and length, as soon as the track allows.
pub fn submit_referendum(hash: Bytes32, len: u32) -> DynamicPayload<SubmitReferendum> {
    dynamic::transaction(
        "Referenda",
        "submit",
        SubmitReferendum {
            proposal_origin: OriginCaller::Governance(Track::Upgrade),
            proposal: Proposal::Lookup { hash, len },
            enactment_moment: Moment::After(1),
        },
    )
}

/// Fields of `Referenda.place_decision_deposit`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct PlaceDeposit {
    index: u32,
}

/// `Referenda.place_decision_deposit`, without which nothing is decided.
pub fn place_decision_deposit(index: u32) -> DynamicPayload<PlaceDeposit> {
    dynamic::transaction(
        "Referenda",
        "place_decision_deposit",
        PlaceDeposit { index },
    )
}

/// For or against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub enum Side {
    /// For what is proposed.
    Aye,
    /// Against it.
    Nay,
}

/// Fields of `Governance.vote`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Vote {
    poll: u32,
    side: Side,
    amount: Option<u128>,
}

/// `Governance.vote`, signed by a staker, with all of its voting stake.
pub fn vote(poll: u32, side: Side) -> DynamicPayload<Vote> {
    let fields = Vote {
        poll,
        side,
        amount: None,
    };
    dynamic::transaction("Governance", "vote", fields)
}
