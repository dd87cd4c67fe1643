// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain in memory. When a test is over its invariants are checked.

use crate::{
    Babe, Balances, BlockNumber, Bridge, Buyback, Delegation, Emission, Executive, Governance,
    Hash, Header, Moment, ProofOfGpu, Registration, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeGenesisConfig, Session, Settings, SignedPayload, Supply, System, TxExtension,
    UncheckedExtrinsic, configs::consensus::EpochSlots, presets,
};
use codec::Encode;
use frame_support::{dispatch::DispatchResult, genesis_builder_helper::build_state, traits::Get};
use sp_consensus_babe::{
    AuthorityId, BABE_ENGINE_ID, Slot,
    digests::{PreDigest, SecondaryVRFPreDigest},
    epoch_index, make_vrf_sign_data,
};
use sp_core::crypto::VrfSecret;
use sp_genesis_builder::PresetId;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    ApplyExtrinsicResult, Digest, DigestItem,
    generic::Era,
    traits::Header as _,
    transaction_validity::{
        InvalidTransaction, TransactionSource, TransactionValidity, TransactionValidityError,
    },
};

/// The slot before the first block's.
pub(super) const GENESIS_SLOT: u64 = 1_000_000;

/// Block 0's hash.
pub(super) const GENESIS_HASH: Hash = Hash::repeat_byte(0x4e);

/// A chain from one of the presets, authored by the preset's validators.
pub(super) struct Chain {
    state: TestExternalities,
    parent: Hash,
    number: BlockNumber,
    slot: u64,
}

impl Chain {
    /// A chain at its genesis.
    pub(super) fn new(preset: &str) -> Self {
        let mut state = TestExternalities::default();
        state.execute_with(|| build_state::<RuntimeGenesisConfig>(genesis_json(preset)).unwrap());
        Self {
            state,
            parent: GENESIS_HASH,
            number: 0,
            slot: GENESIS_SLOT,
        }
    }

    /// A chain that goes on from a state, whoever made it.
    pub(super) fn of(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> Self {
        let mut state = TestExternalities::default();
        let (number, slot) = state.execute_with(|| {
            for (key, value) in &pairs {
                sp_io::storage::set(key, value);
            }
            (System::block_number(), *Babe::current_slot())
        });
        Self {
            state,
            parent: Hash::repeat_byte(0x4f),
            number,
            slot,
        }
    }

    /// Reads or pokes the state between two blocks.
    pub(super) fn with<R>(&mut self, f: impl FnOnce() -> R) -> R {
        self.state.execute_with(f)
    }

    /// What becomes of `call`, signed by `who`, in a block of its own. Where that
    /// begins a session it has no room, and the call is in the next.
    pub(super) fn send(
        &mut self,
        who: Sr25519Keyring,
        call: impl Into<RuntimeCall>,
    ) -> DispatchResult {
        let call = call.into();
        let mut attempt = || {
            let call = call.clone();
            self.block(|| vec![signed(who, nonce(who), 0, call)])
                .remove(0)
        };
        match attempt() {
            Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources)) => {
                attempt()
            }
            result => result,
        }
        .unwrap()
    }

    /// As many empty blocks.
    pub(super) fn blocks(&mut self, count: u32) {
        for _ in 0..count {
            self.empty();
        }
    }

    /// The number of the latest block.
    pub(super) fn number(&self) -> BlockNumber {
        self.number
    }

    /// Has the next block numbered as if `count` had passed, without their hooks.
    pub(super) fn jump(&mut self, count: BlockNumber) {
        self.number += count;
        let number = self.number;
        self.with(|| System::set_block_number(number));
    }

    /// Goes to the first block of the next session.
    pub(super) fn next_session(&mut self) {
        let before = self.with(Session::current_index);
        let slots = self.with(EpochSlots::get);
        self.skip(slots);
        self.empty();
        assert_eq!(self.with(Session::current_index), before + 1);
    }

    /// Ends a test that broke an invariant on purpose.
    pub(super) fn leave_broken(self) {
        core::mem::forget(self);
    }

    /// The latest block's slot.
    pub(super) fn slot(&self) -> u64 {
        self.slot
    }

    /// Leaves `slots` slots without a block.
    pub(super) fn skip(&mut self, slots: u64) {
        self.slot += slots;
    }

    /// A block without transactions.
    pub(super) fn empty(&mut self) {
        self.block(Vec::new);
    }

    /// A block of the transactions that `make` signs, with what became of each.
    pub(super) fn block(
        &mut self,
        make: impl FnOnce() -> Vec<UncheckedExtrinsic>,
    ) -> Vec<ApplyExtrinsicResult> {
        self.number += 1;
        self.slot += 1;
        let (number, parent, slot) = (self.number, self.parent, self.slot);
        let (hash, results) = self.state.execute_with(|| {
            let header = Header::new(
                number,
                Default::default(),
                Default::default(),
                parent,
                Digest {
                    logs: vec![claim(number, slot)],
                },
            );
            Executive::initialize_block(&header);
            let now: Moment = slot * Babe::slot_duration();
            let timestamp = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
            Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(timestamp))
                .unwrap()
                .unwrap();
            let results = make().into_iter().map(Executive::apply_extrinsic).collect();
            (Executive::finalize_block().hash(), results)
        });
        self.parent = hash;
        results
    }

    /// What the pool would say of a transaction now. Leaves no trace, as a runtime
    /// call of a node leaves none.
    pub(super) fn validate(
        &mut self,
        make: impl FnOnce() -> UncheckedExtrinsic,
    ) -> TransactionValidity {
        let parent = self.parent;
        self.state.execute_with(|| {
            sp_io::storage::start_transaction();
            let validity =
                Executive::validate_transaction(TransactionSource::External, make(), parent);
            sp_io::storage::rollback_transaction();
            validity
        })
    }

    /// The latest block's events.
    pub(super) fn events(&mut self) -> Vec<RuntimeEvent> {
        self.with(|| {
            System::read_events_no_consensus()
                .map(|record| record.event)
                .collect()
        })
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.with(check_invariants);
        }
    }
}

/// Checks the invariants of all pallets that have some, and the issuance.
pub(super) fn check_invariants() {
    for (pallet, state) in [
        ("Supply", Supply::do_try_state()),
        ("Settings", Settings::do_try_state()),
        ("Bridge", Bridge::do_try_state()),
        ("Registration", Registration::do_try_state()),
        ("ProofOfGpu", ProofOfGpu::do_try_state()),
        ("Emission", Emission::do_try_state()),
        ("Buyback", Buyback::do_try_state()),
        ("Delegation", Delegation::do_try_state()),
        ("Governance", Governance::do_try_state()),
    ] {
        assert_eq!(state, Ok(()), "{pallet}");
    }
    check_issuance();
}

/// Checks that there is as much NI as was minted and not burned, and that accounts
/// have all of it.
pub(super) fn check_issuance() {
    let left = Supply::minted().checked_sub(Supply::burned());
    assert_eq!(left, Some(Balances::total_issuance()));
    assert_eq!(sum_of_balances(), Balances::total_issuance());
}

/// How many transactions `who` has sent.
pub(super) fn nonce(who: Sr25519Keyring) -> u32 {
    System::account_nonce(who.to_account_id())
}

/// The author of `slot` claims it by a secondary VRF claim, which is always
/// allowed: Alice does. The first block of an epoch is claimed by the epoch it
/// begins.
fn claim(number: BlockNumber, slot: u64) -> DigestItem {
    let author = Sr25519Keyring::Alice;
    let slot = Slot::from(slot);
    let duration = EpochSlots::get();
    let begins = number > 1 && slot >= Babe::current_epoch_start() + duration;
    let (epoch, index) = if begins {
        (
            Babe::next_epoch(),
            epoch_index(slot, Babe::genesis_slot(), duration),
        )
    } else {
        (Babe::current_epoch(), Babe::epoch_index())
    };
    let authority_index = epoch
        .authorities
        .iter()
        .position(|(authority, _)| *authority == AuthorityId::from(author.public()))
        .unwrap();
    let data = make_vrf_sign_data(&epoch.randomness, slot, index);
    let claim = PreDigest::SecondaryVRF(SecondaryVRFPreDigest {
        authority_index: authority_index.try_into().unwrap(),
        slot,
        vrf_signature: author.pair().vrf_sign(&data),
    });
    DigestItem::PreRuntime(BABE_ENGINE_ID, claim.encode())
}

/// The whole genesis configuration of a preset: the defaults with the preset's
/// patch merged in, as a node does.
pub(super) fn genesis_json(preset: &str) -> Vec<u8> {
    let patch = presets::get(&PresetId::from(preset)).unwrap();
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
    merge(&mut config, serde_json::from_slice(&patch).unwrap());
    serde_json::to_vec(&config).unwrap()
}

fn merge(into: &mut serde_json::Value, patch: serde_json::Value) {
    match (into, patch) {
        (serde_json::Value::Object(into), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

/// `call` signed by `who`. Reads the chain's state, so it belongs inside
/// [`Chain::block`], [`Chain::with`] or [`Chain::validate`].
pub(super) fn signed(
    who: Sr25519Keyring,
    nonce: u32,
    tip: u128,
    call: impl Into<RuntimeCall>,
) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_proof_of_gpu::extension::CheckProofCall::new(),
        pallet_skip_feeless_payment::SkipCheckIfFeeless::from(
            pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        ),
        frame_system::WeightReclaim::new(),
    );
    let payload = SignedPayload::new(call.into(), extension).unwrap();
    let signature = payload.using_encoded(|bytes| who.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        who.to_account_id().into(),
        signature.into(),
        extension,
    )
}

/// What the runtime holds of every account, summed.
pub(super) fn sum_of_balances() -> u128 {
    frame_system::Account::<Runtime>::iter_values()
        .map(|account| account.data.free + account.data.reserved)
        .sum()
}
