// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Blocks as a node makes them: BABE's claim of the slot, the timestamp, every
//! pallet's hooks.
//!
//! All of it works on the state of the surrounding
//! [`Memory::execute_with`](crate::memory::Memory::execute_with).

use codec::Encode;
use frame_support::{genesis_builder_helper::build_state, traits::Get};
use ni_runtime::{
    Babe, BlockNumber, Executive, Hash, Header, Moment, RuntimeCall, RuntimeGenesisConfig, System,
    UncheckedExtrinsic, configs::consensus::EpochSlots, presets,
};
use sp_consensus_babe::{
    AuthorityId, BABE_ENGINE_ID, Slot,
    digests::{PreDigest, SecondaryVRFPreDigest},
    epoch_index, make_vrf_sign_data,
};
use sp_core::{Pair, crypto::VrfSecret, sr25519};
use sp_genesis_builder::{DEV_RUNTIME_PRESET, PresetId};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{Digest, DigestItem, traits::Header as _};

/// The slot before the first block's.
const GENESIS_SLOT: u64 = 1_000_000;

/// Block 0's hash.
pub const GENESIS_HASH: Hash = Hash::repeat_byte(0x4e);

/// Where the chain stands.
#[derive(Clone)]
pub struct Chain {
    authors: Vec<sr25519::Pair>,
    parent: Hash,
    number: BlockNumber,
    slot: u64,
}

impl Chain {
    /// A chain at the genesis of the development preset with `changes` merged in:
    /// lists become longer, other values are replaced.
    ///
    /// # Panics
    ///
    /// When the preset or the changes are refused.
    #[must_use]
    pub fn new(changes: serde_json::Value) -> Self {
        let patch = presets::get(&PresetId::from(DEV_RUNTIME_PRESET)).expect("the preset exists");
        let mut config = serde_json::to_value(RuntimeGenesisConfig::default())
            .expect("a genesis configuration is JSON");
        merge(
            &mut config,
            serde_json::from_slice(&patch).expect("a preset is JSON"),
            false,
        );
        merge(&mut config, changes, true);
        build_state::<RuntimeGenesisConfig>(config.to_string().into_bytes())
            .expect("the genesis can be built");
        Self {
            authors: vec![Sr25519Keyring::Alice.pair()],
            parent: GENESIS_HASH,
            number: 0,
            slot: GENESIS_SLOT,
        }
    }

    /// Lets an authority with this key author its blocks.
    pub fn add_author(&mut self, author: sr25519::Pair) {
        self.authors.push(author);
    }

    /// The present block's number.
    #[must_use]
    pub const fn number(&self) -> BlockNumber {
        self.number
    }

    /// Lets `slots` slots pass without a block.
    pub const fn skip(&mut self, slots: u64) {
        self.slot += slots;
    }

    /// Begins a block, the one `ahead` after the last one: with more than one, the
    /// blocks between are as if they had never been, and their slots have passed.
    ///
    /// # Panics
    ///
    /// When the block's own inherents fail.
    pub fn begin(&mut self, ahead: BlockNumber) {
        self.number += ahead;
        self.slot += u64::from(ahead);
        // The runtime asks for numbers without a gap.
        System::set_block_number(self.number - 1);
        let header = Header::new(
            self.number,
            Default::default(),
            Default::default(),
            self.parent,
            Digest {
                logs: vec![self.claim()],
            },
        );
        Executive::initialize_block(&header);
        let now: Moment = self.slot * Babe::slot_duration();
        let timestamp = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
        Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(timestamp))
            .expect("the timestamp is valid")
            .expect("the timestamp is accepted");
    }

    /// Ends the block.
    pub fn end(&mut self) {
        self.parent = Executive::finalize_block().hash();
    }
}

impl Chain {
    /// The next of the authorities claims the slot by a secondary VRF claim, which is
    /// always allowed. The first block of an epoch is claimed by the epoch it begins.
    fn claim(&self) -> DigestItem {
        let slot = Slot::from(self.slot);
        let duration = EpochSlots::get();
        let begins = self.number > 1 && slot >= Babe::current_epoch_start() + duration;
        let (epoch, index) = if begins {
            (
                Babe::next_epoch(),
                epoch_index(slot, Babe::genesis_slot(), duration),
            )
        } else {
            (Babe::current_epoch(), Babe::epoch_index())
        };
        let (authority_index, author) = (0..)
            .zip(&epoch.authorities)
            .filter_map(|(index, (authority, _))| {
                let author = self
                    .authors
                    .iter()
                    .find(|author| *authority == AuthorityId::from(author.public()))?;
                Some((index, author))
            })
            .cycle()
            .nth(usize::try_from(self.slot % 7).unwrap_or(0))
            .expect("the key of an authority is known");
        let data = make_vrf_sign_data(&epoch.randomness, slot, index);
        let claim = PreDigest::SecondaryVRF(SecondaryVRFPreDigest {
            authority_index,
            slot,
            vrf_signature: author.vrf_sign(&data),
        });
        DigestItem::PreRuntime(BABE_ENGINE_ID, claim.encode())
    }
}

/// Merges `changes` in. Lists are replaced, or made longer by those of the changes.
fn merge(into: &mut serde_json::Value, changes: serde_json::Value, longer: bool) {
    match (into, changes) {
        (serde_json::Value::Object(into), serde_json::Value::Object(changes)) => {
            for (key, value) in changes {
                merge(
                    into.entry(key).or_insert(serde_json::Value::Null),
                    value,
                    longer,
                );
            }
        }
        (serde_json::Value::Array(into), serde_json::Value::Array(more)) if longer => {
            into.extend(more);
        }
        (into, changes) => *into = changes,
    }
}
