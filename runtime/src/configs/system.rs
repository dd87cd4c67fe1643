// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Blocks, accounts, calls and the ways to make them.

use crate::{
    AccountId, Balance, Balances, Block, EXISTENTIAL_DEPOSIT, Nonce, OriginCaller, PalletInfo,
    Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask, SS58_PREFIX, System,
    UncheckedExtrinsic, VERSION,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{ConstU16, ConstU32, Contains, InstanceFilter},
    weights::{
        Weight,
        constants::{
            BlockExecutionWeight, ExtrinsicBaseWeight, ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND,
        },
    },
};
use frame_system::limits;
use scale_info::TypeInfo;
use sp_runtime::{Perbill, traits::BlakeTwo256};
use sp_version::RuntimeVersion;

/// The part of a block that ordinary transactions may fill. The rest is for
/// operational ones: proofs land while the pool is full of transfers.
const NORMAL_RATIO: Perbill = Perbill::from_percent(75);
/// The part of a block's weight that hooks take, on average.
const HOOKS_RATIO: Perbill = Perbill::from_percent(10);
/// 2 s of compute in a block of 6 s. The chain is no parachain: no proof is
/// ever sent, so its size has no limit.
pub const BLOCK_WEIGHT: Weight = Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX);
/// A block's length, in bytes.
pub const BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

parameter_types! {
    /// This runtime's version.
    pub const Version: RuntimeVersion = VERSION;
    /// How many blocks back a mortal transaction may refer: four hours.
    pub const BlockHashCount: u32 = 2400;
    /// How much compute a block holds.
    pub BlockWeights: limits::BlockWeights = limits::BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |weights| {
            weights.base_extrinsic = ExtrinsicBaseWeight::get();
        })
        .for_class(DispatchClass::Normal, |weights| {
            weights.max_total = Some(NORMAL_RATIO * BLOCK_WEIGHT);
        })
        .for_class(DispatchClass::Operational, |weights| {
            weights.max_total = Some(BLOCK_WEIGHT);
            weights.reserved = Some(BLOCK_WEIGHT - NORMAL_RATIO * BLOCK_WEIGHT);
        })
        .avg_block_initialization(HOOKS_RATIO)
        .build_or_panic();
    /// How many bytes a block holds.
    pub BlockLength: limits::BlockLength = limits::BlockLength::builder()
        .max_length(BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |length| {
            *length = NORMAL_RATIO * BLOCK_LENGTH;
        })
        .build();
}

/// Refuses the calls that would change an issuance past who keeps the books of it, or
/// give back deposits past who decides on them.
///
/// `Balances::burn` is one of them: `Supply::burn` burns and records it. A refund that
/// burns is another: what is left of a bridged asset in an account is redeemed by
/// `Bridge`. Deposits of referenda are given back by `Governance::settle_deposits`. Root
/// bypasses this filter, and could change any storage item besides.
pub struct CallFilter;

impl Contains<RuntimeCall> for CallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(
            call,
            RuntimeCall::Balances(pallet_balances::Call::burn { .. })
                | RuntimeCall::Assets(pallet_assets::Call::refund {
                    allow_burn: true,
                    ..
                })
                | RuntimeCall::Referenda(
                    pallet_referenda::Call::refund_decision_deposit { .. }
                        | pallet_referenda::Call::refund_submission_deposit { .. }
                )
        )
    }
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = CallFilter;
    type Block = Block;
    type BlockHashCount = BlockHashCount;
    type BlockLength = BlockLength;
    type BlockWeights = BlockWeights;
    type DbWeight = ParityDbWeight;
    type SingleBlockMigrations = crate::migrations::Migrations;
    type Nonce = Nonce;
    type AccountId = AccountId;
    type AccountData = pallet_balances::AccountData<Balance>;
    type Version = Version;
    type SS58Prefix = ConstU16<SS58_PREFIX>;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    type OnSetCode = pallet_proof_of_gpu::upgrade::BetweenWindows<Runtime>;
}

impl<LocalCall> frame_system::offchain::CreateTransactionBase<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

/// A validator's own report of an equivocation is an unsigned transaction.
impl<LocalCall> frame_system::offchain::CreateBare<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

/// The price of `items` new storage items of `bytes` in all, returned when they
/// are removed. At 0.01 NI an item a million of them would take 10,000 NI out of
/// circulation.
const fn deposit(items: u128, bytes: u128) -> Balance {
    items * 10 * EXISTENTIAL_DEPOSIT + bytes * EXISTENTIAL_DEPOSIT / 100
}

parameter_types! {
    /// A proxied account's deposit for its list of proxies.
    pub const ProxyDepositBase: Balance = deposit(1, 48);
    /// And for each proxy in it.
    pub const ProxyDepositFactor: Balance = deposit(0, 37);
    /// A proxy's deposit for its list of announcements.
    pub const AnnouncementDepositBase: Balance = deposit(1, 48);
    /// And for each announcement in it.
    pub const AnnouncementDepositFactor: Balance = deposit(0, 68);
    /// A multisig call's deposit.
    pub const MultisigDepositBase: Balance = deposit(1, 88);
    /// And for each signatory.
    pub const MultisigDepositFactor: Balance = deposit(0, 32);
}

/// What a proxy may do on behalf of the account that named it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// Votes, takes out what is the account's, and ends what it began. It moves nothing to
    /// others and burns, pays, deposits, bonds and stakes nothing. It signs for no window
    /// and sets no session keys, which may cost a bond or a stake. It acts for no account
    /// but this one. What it may do is listed: a call that is added is not.
    NonTransfer,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::NonTransfer => matches!(
                call,
                RuntimeCall::System(
                    frame_system::Call::remark { .. }
                        | frame_system::Call::remark_with_event { .. }
                ) | RuntimeCall::Registration(
                    pallet_registration::Call::shrink { .. }
                        | pallet_registration::Call::leave { .. }
                        | pallet_registration::Call::withdraw { .. }
                ) | RuntimeCall::ProofOfGpu(pallet_proof_of_gpu::Call::report_missed { .. })
                    | RuntimeCall::Emission(pallet_emission::Call::claim { .. })
                    | RuntimeCall::Delegation(
                        pallet_delegation::Call::set_commission { .. }
                            | pallet_delegation::Call::leave { .. }
                            | pallet_delegation::Call::unstake { .. }
                            | pallet_delegation::Call::withdraw { .. }
                            | pallet_delegation::Call::claim { .. }
                            | pallet_delegation::Call::claim_commission { .. }
                    )
                    | RuntimeCall::Governance(
                        pallet_governance::Call::vote { .. }
                            | pallet_governance::Call::remove_vote { .. }
                            | pallet_governance::Call::clear_expired { .. }
                            | pallet_governance::Call::settle_deposits { .. }
                    )
                    | RuntimeCall::Preimage(pallet_preimage::Call::unnote_preimage { .. })
                    | RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. })
                    // What is in them is filtered again.
                    | RuntimeCall::Utility(
                        pallet_utility::Call::batch { .. }
                            | pallet_utility::Call::batch_all { .. }
                            | pallet_utility::Call::force_batch { .. }
                            | pallet_utility::Call::if_else { .. }
                    )
            ),
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        self == &Self::Any || self == other
    }
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDepositBase;
    type ProxyDepositFactor = ProxyDepositFactor;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDepositBase;
    type AnnouncementDepositFactor = AnnouncementDepositFactor;
    type BlockNumberProvider = System;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDepositBase;
    type DepositFactor = MultisigDepositFactor;
    type MaxSignatories = ConstU32<100>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}
