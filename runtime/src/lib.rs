// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # NI runtime
//!
//! The NI chain's state transition: BABE and GRANDPA, NI as its currency, and
//! the pallets by which a GPU proves itself and is paid, revenue buys NI back, and
//! stakers validate and decide.
//!
//! ## Overview
//!
//! The pallets know nothing of each other. Each names what it needs as a small
//! trait of its own, and [`configs`] is the one place where they are tied:
//!
//! | pallet | is given | by |
//! |---|---|---|
//! | `ProofOfGpu` | who may prove, and whose bond is slashed | `Registration` |
//! | `ProofOfGpu` | randomness and a clock | `Babe` |
//! | `ProofOfGpu` | the least throughput worth a claim | `Emission` |
//! | `Emission` | verified results, and the close of every window | `ProofOfGpu` |
//! | `Emission` | what the recycle pool holds, and new NI | `Supply` |
//! | `Registration` | whether a GPU may leave | `ProofOfGpu` |
//! | `Buyback` | pools, and who brings revenue | `AssetConversion`, `Bridge` |
//! | `Delegation` | who may validate | `Registration`, `Session` |
//! | `Delegation` | the stakers' part of every round | `Emission` |
//! | `Delegation` | which stake may not leave | `Governance` |
//! | `Governance` | what votes weigh | `Delegation` |
//! | `Session` | the validators | `Delegation` |
//! | all | where fees, slashes and dust go | `Supply` |
//! | all | their hyperparameters | `Settings` |
//!
//! [`settings`] holds what a chain's genesis decides and referenda change; there is
//! no Root. [`bridge`] mints what lives on other chains. [`tokenomics_api`] is what
//! a node may ask about all of it.
//! [`presets`] are the genesis states of the chains the node knows by name, and
//! [`migrations`] bring the state of an older runtime to this one.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "512"]
// The runtime macro expands to items without documentation.
#![allow(missing_docs)]

extern crate alloc;

mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod bridge;
pub mod configs;
pub mod migrations;
pub mod presets;
pub mod settings;
#[cfg(test)]
mod tests;
pub mod tokenomics_api;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    MultiAddress, MultiSignature, generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

pub use apis::RuntimeApi;
#[cfg(feature = "std")]
pub use apis::api;

#[cfg(feature = "std")]
mod wasm {
    #![allow(missing_docs, unreachable_pub, dead_code)]
    include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}

/// The runtime as compact, compressed wasm; `None` when it was built with
/// `SKIP_WASM_BUILD`.
#[cfg(feature = "std")]
pub const WASM_BINARY: Option<&[u8]> = wasm::WASM_BINARY;

/// A signature by any of the supported schemes.
pub type Signature = MultiSignature;
/// An account: the public key, or its hash where the scheme's key is longer.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// An amount of NI in its smallest unit.
pub type Balance = u128;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// A block's number.
pub type BlockNumber = u32;
/// A block's, transaction's or state root's hash.
pub type Hash = sp_core::H256;
/// A time in ms since the Unix epoch.
pub type Moment = u64;
/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block of this runtime's transactions.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// One NI: nine decimals.
pub const NI: Balance = 1_000_000_000;
/// One TAO: nine decimals.
pub const TAO_UNIT: Balance = 1_000_000_000;
/// One US dollar as a stablecoin: six decimals.
pub const USD_UNIT: Balance = 1_000_000;
/// The smallest balance that keeps an account alive.
pub const EXISTENTIAL_DEPOSIT: Balance = 1_000_000;
/// The prefix of this chain's addresses.
pub const SS58_PREFIX: u16 = 42;

/// What every transaction is checked for, in this order.
///
/// `CheckProofCall` stands outside `SkipCheckIfFeeless`: it refuses a proof
/// call that cannot succeed, which `feeless_if` alone would merely charge for.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_proof_of_gpu::extension::CheckProofCall<Runtime>,
    pallet_skip_feeless_payment::SkipCheckIfFeeless<
        Runtime,
        pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    >,
    frame_system::WeightReclaim<Runtime>,
);
/// A transaction as it comes from the network.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What a transaction's signature covers.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Executes blocks: hooks of all pallets, then transactions.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Types for a node, which needs a block's frame and never a call's content.
pub mod opaque {
    pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

    /// A block whose transactions are bytes.
    pub type Block = sp_runtime::generic::Block<super::Header, UncheckedExtrinsic>;
}

impl_opaque_keys! {
    /// The keys a validator signs blocks and finality votes with.
    pub struct SessionKeys {
        /// Authors blocks.
        pub babe: Babe,
        /// Votes on finality.
        pub grandpa: Grandpa,
    }
}

/// This runtime's version. `spec_version` grows with every change of behaviour,
/// `transaction_version` with every change to how a transaction is encoded.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("ni"),
    impl_name: Cow::Borrowed("ni-runtime"),
    authoring_version: 1,
    spec_version: 3,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 3,
    system_version: 1,
};

/// The pallets, in the order their hooks run and their genesis is built. `Babe`
/// records the block's slot before `ProofOfGpu` asks for it; `Settings` has the
/// hyperparameters before any pallet's genesis asks for them; `Supply` counts what
/// all other geneses endowed.
#[frame_support::runtime]
mod runtime {
    /// The NI chain's runtime.
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
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Babe = pallet_babe;
    #[runtime::pallet_index(3)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(4)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(5)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(6)]
    pub type Offences = pallet_offences;
    #[runtime::pallet_index(7)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(8)]
    pub type Settings = crate::settings;
    #[runtime::pallet_index(9)]
    pub type Parameters = pallet_parameters;

    #[runtime::pallet_index(10)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(11)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(12)]
    pub type SkipFeeless = pallet_skip_feeless_payment;

    #[runtime::pallet_index(13)]
    pub type Assets = pallet_assets;
    #[runtime::pallet_index(14)]
    pub type AssetsHolder = pallet_assets_holder;
    #[runtime::pallet_index(15)]
    pub type PoolAssets = pallet_assets<Instance1>;
    #[runtime::pallet_index(16)]
    pub type AssetConversion = pallet_asset_conversion;
    #[runtime::pallet_index(17)]
    pub type Bridge = crate::bridge;

    #[runtime::pallet_index(21)]
    pub type Registration = pallet_registration;
    #[runtime::pallet_index(22)]
    pub type ProofOfGpu = pallet_proof_of_gpu;
    #[runtime::pallet_index(23)]
    pub type Emission = pallet_emission;
    #[runtime::pallet_index(25)]
    pub type Buyback = pallet_buyback;
    #[runtime::pallet_index(26)]
    pub type Delegation = pallet_delegation;
    #[runtime::pallet_index(27)]
    pub type Governance = pallet_governance;
    #[runtime::pallet_index(28)]
    pub type Supply = pallet_supply;

    #[runtime::pallet_index(30)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(31)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(32)]
    pub type Multisig = pallet_multisig;

    #[runtime::pallet_index(41)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(42)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(43)]
    pub type Referenda = pallet_referenda;
}
