// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's state at one block.

use std::fmt::Display;

use codec::{Decode, Encode};
use subxt::{
    dynamic,
    ext::{
        frame_decode::storage::{IntoDecodableValues, IntoEncodableValues},
        scale_decode::DecodeAsType,
    },
    storage::PrefixOf,
    utils::H256,
};

use super::{
    At, ChainError, PATIENCE,
    events::Event,
    types::{
        AccountData, AccountInfo, BeaconState, Bytes32, GpuState, Registration, Role, RoundRecord,
        SupplyTotals, TierState, UnpaidResult, Window,
    },
    within,
};

/// Bytes of a view function's id.
const FUNCTION_ID: usize = 32;

/// The chain's state at one block. Every read is of that block, whatever the
/// chain does meanwhile.
#[derive(Clone, Debug)]
pub struct View {
    at: At,
}

impl View {
    pub(super) fn new(at: At) -> Self {
        Self { at }
    }

    pub(super) fn inner(&self) -> &At {
        &self.at
    }

    /// The block's number.
    pub fn number(&self) -> u64 {
        self.at.block_number()
    }

    /// The block's hash.
    pub fn hash(&self) -> H256 {
        self.at.block_hash()
    }

    /// The hash of the block before this one.
    ///
    /// # Errors
    /// [`ChainError::Rpc`].
    pub async fn parent(&self) -> Result<H256, ChainError> {
        let header = within(self.at.block_header()).await?;
        Ok(header.parent_hash)
    }

    /// Fails where the chain has not all of these storage entries.
    pub(super) fn check_landmarks(&self, landmarks: &[(&str, &str)]) -> Result<(), ChainError> {
        for (pallet, entry) in landmarks {
            let found = self
                .at
                .metadata_ref()
                .pallet_by_name(pallet)
                .and_then(|pallet| pallet.storage()?.entry_by_name(entry));
            if found.is_none() {
                return Err(ChainError::WrongChain(format!(
                    "it has no storage {pallet}.{entry}"
                )));
            }
        }
        Ok(())
    }

    /// Reads one value; its default where the chain stores none but defines
    /// one.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where there is no such entry or it has
    /// another shape, [`ChainError::Rpc`] where the node does not answer.
    pub async fn read<Keys, Value>(
        &self,
        pallet: &str,
        entry: &str,
        keys: Keys,
    ) -> Result<Option<Value>, ChainError>
    where
        Keys: IntoEncodableValues + IntoDecodableValues,
        Value: DecodeAsType,
    {
        let address = dynamic::storage::<Keys, Value>(pallet, entry);
        let wrong =
            |error: &dyn Display| ChainError::WrongChain(format!("{pallet}.{entry}: {error}"));
        let entry = self
            .at
            .storage()
            .entry(address)
            .map_err(|error| wrong(&error))?;
        match within(entry.try_fetch(keys)).await? {
            Some(value) => value.decode().map(Some).map_err(|error| wrong(&error)),
            None => Ok(None),
        }
    }

    /// Reads every value of a map under a prefix of its keys, at most `limit`.
    ///
    /// # Errors
    /// As [`Self::read`]; [`ChainError::Rpc`] too where there are more than
    /// `limit`.
    pub async fn read_all<Keys, Value, Prefix>(
        &self,
        pallet: &str,
        entry: &str,
        prefix: Prefix,
        limit: usize,
    ) -> Result<Vec<(Keys, Value)>, ChainError>
    where
        Keys: IntoEncodableValues + IntoDecodableValues,
        Value: DecodeAsType,
        Prefix: PrefixOf<Keys>,
    {
        let name = format!("{pallet}.{entry}");
        let wrong = |error: &dyn Display| ChainError::WrongChain(format!("{name}: {error}"));
        let address = dynamic::storage::<Keys, Value>(pallet, entry);
        let map = self
            .at
            .storage()
            .entry(address)
            .map_err(|error| wrong(&error))?;
        let mut found = within(map.iter(prefix)).await?;
        let mut values = Vec::new();
        while let Some(item) = tokio::time::timeout(PATIENCE, found.next())
            .await
            .map_err(|_| ChainError::timeout())?
        {
            let item = item.map_err(|error| ChainError::Rpc(error.to_string()))?;
            if values.len() == limit {
                return Err(ChainError::Rpc(format!("more than {limit} of {name}")));
            }
            let keys = item
                .key()
                .and_then(|key| key.decode())
                .map_err(|error| wrong(&error))?;
            let value = item.value().decode().map_err(|error| wrong(&error))?;
            values.push((keys, value));
        }
        Ok(values)
    }

    /// The window in progress; `None` between windows.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn window(&self) -> Result<Option<Window>, ChainError> {
        self.read("ProofOfGpu", "CurrentWindow", ()).await
    }

    /// The start of the block's slot, in milliseconds since 1970, and the floor
    /// of the lowest tier, in GOPS.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn moment_and_floor(&self) -> Result<(u64, u64), ChainError> {
        let beacon: Option<BeaconState> = self.read("ProofOfGpu", "Beacon", ()).await?;
        let floor = self.read("Emission", "LowestFloor", ()).await?;
        Ok((
            beacon.map_or(0, |beacon| beacon.moment),
            floor.unwrap_or_default(),
        ))
    }

    /// What the chain knows about one GPU of a hotkey.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn gpu(&self, hotkey: &Bytes32, gpu: u32) -> Result<GpuState, ChainError> {
        let state = self.read("ProofOfGpu", "Gpus", (*hotkey, gpu)).await?;
        Ok(state.unwrap_or_default())
    }

    /// A hotkey's registration.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn registration(&self, hotkey: &Bytes32) -> Result<Option<Registration>, ChainError> {
        self.read("Registration", "Hotkeys", (*hotkey,)).await
    }

    /// What registering, or renewing, so many slots costs now, without bonds;
    /// `None` where no call could buy that many.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where the chain does not quote prices.
    pub async fn quote(&self, role: Role, slots: u32) -> Result<Option<u128>, ChainError> {
        let wrong =
            |error: &dyn Display| ChainError::WrongChain(format!("Registration.quote: {error}"));
        let call =
            dynamic::view_function_call::<_, Option<u128>>("Registration", "quote", (role, slots));
        // subxt 0.51 forgets that the chain takes a function's arguments as bytes
        // behind its id, and gives the value as bytes within a result.
        let functions = self.at.view_functions();
        let mut call = functions.encode_args(call).map_err(|error| wrong(&error))?;
        let arguments = call.split_off(FUNCTION_ID.min(call.len()));
        arguments.encode_to(&mut call);
        let answer = within(functions.call_raw(Some(&call))).await?;
        let value = match answer.split_first() {
            Some((0, mut bytes)) => Vec::<u8>::decode(&mut bytes).map_err(|error| wrong(&error))?,
            _ => return Err(wrong(&"the chain does not have it")),
        };
        Option::<u128>::decode(&mut value.as_slice()).map_err(|error| wrong(&error))
    }

    /// An account's balance and the number of its calls.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn account(&self, account: &Bytes32) -> Result<AccountInfo, ChainError> {
        let info = self.read("System", "Account", (*account,)).await?;
        Ok(info.unwrap_or_default())
    }

    /// The sum of all NI, as the chain keeps it.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn total_issuance(&self) -> Result<u128, ChainError> {
        let issuance = self.read("Balances", "TotalIssuance", ()).await?;
        Ok(issuance.unwrap_or_default())
    }

    /// A GPU's result that waits for its pay.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn result(
        &self,
        hotkey: &Bytes32,
        gpu: u32,
    ) -> Result<Option<UnpaidResult>, ChainError> {
        self.read("Emission", "Results", (*hotkey, gpu)).await
    }

    /// The settled round of a window, while results of it can be paid.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn round(&self, window: u32) -> Result<Option<RoundRecord>, ChainError> {
        let kept: u32 = self.constant("Emission", "ClaimRounds")?;
        let place = window.checked_rem(kept).unwrap_or_default();
        let round: Option<RoundRecord> = self.read("Emission", "Rounds", (place,)).await?;
        Ok(round.filter(|round| round.window == window))
    }

    /// The tier table, the lowest floor first.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn tiers(&self) -> Result<Vec<TierState>, ChainError> {
        Ok(self
            .read("Emission", "Tiers", ())
            .await?
            .unwrap_or_default())
    }

    /// The chain's ledger of its supply.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn supply(&self) -> Result<SupplyTotals, ChainError> {
        Ok(self.read("Supply", "Totals", ()).await?.unwrap_or_default())
    }

    /// Every account that exists, with its balance; at most `limit` of them.
    ///
    /// # Errors
    /// As [`Self::read_all`].
    pub async fn accounts(&self, limit: usize) -> Result<Vec<(Bytes32, AccountData)>, ChainError> {
        let accounts: Vec<((Bytes32,), AccountInfo)> =
            self.read_all("System", "Account", (), limit).await?;
        Ok(accounts
            .into_iter()
            .map(|((account,), info)| (account, info.data))
            .collect())
    }

    /// The time of the block, in milliseconds since 1970.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub async fn timestamp_ms(&self) -> Result<u64, ChainError> {
        Ok(self.read("Timestamp", "Now", ()).await?.unwrap_or_default())
    }

    /// The block's events, of those that the worker knows.
    ///
    /// # Errors
    /// [`ChainError::Rpc`], or [`ChainError::WrongChain`] where one has
    /// another shape.
    pub async fn events(&self) -> Result<Vec<Event>, ChainError> {
        let raw = within(self.at.events().fetch()).await?;
        let mut events = Vec::new();
        for event in raw.iter() {
            let event = event.map_err(|error| ChainError::WrongChain(error.to_string()))?;
            events.extend(Event::decode(&event)?);
        }
        Ok(events)
    }

    /// A constant of a pallet.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where there is none, or of another type.
    pub fn constant<Value: DecodeAsType>(
        &self,
        pallet: &str,
        name: &str,
    ) -> Result<Value, ChainError> {
        self.at
            .constants()
            .entry(dynamic::constant::<Value>(pallet, name))
            .map_err(|error| ChainError::WrongChain(format!("{pallet}.{name}: {error}")))
    }
}
