// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's state at one block.

use std::fmt::Display;

use subxt::{
    dynamic,
    error::RuntimeApiError,
    ext::{
        frame_decode::storage::{IntoDecodableValues, IntoEncodableValues},
        scale_decode::DecodeAsType,
        scale_encode::EncodeAsFields,
    },
    storage::PrefixOf,
    transactions::DynamicPayload,
    utils::H256,
};

use super::{
    At, ChainError, PATIENCE,
    events::Event,
    reports::{
        BuybackReport, DelegationReport, GpuReport, Hyperparameters, Page, RegistrationReport,
        RoundRecord, RunningRound, SlotPrices, SupplyReport, TierReport, ValidatorReport,
    },
    types::{
        AccountData, AccountInfo, BeaconState, Bytes32, GpuState, Registration, Role, SupplyTotals,
        Window,
    },
    within,
};

/// Items asked for at once: as many as the chain gives.
const PAGE: u32 = 64;

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
            .map_err(|_| ChainError::Timeout)?
        {
            let item = item.map_err(|error| ChainError::from_request(&error))?;
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
    /// of the lowest tier, in MOPS.
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

    /// Asks the runtime's `TokenomicsApi`.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where the chain has no such method or it answers
    /// in another shape, [`ChainError::Rpc`] where the node does not answer.
    pub async fn ask<Arguments, Answer>(
        &self,
        method: &'static str,
        arguments: Arguments,
    ) -> Result<Answer, ChainError>
    where
        Arguments: IntoEncodableValues,
        Answer: DecodeAsType,
    {
        let call =
            dynamic::runtime_api_call::<Arguments, Answer>("TokenomicsApi", method, arguments);
        tokio::time::timeout(PATIENCE, self.at.runtime_apis().call(call))
            .await
            .map_err(|_| ChainError::Timeout)?
            .map_err(|error| match error {
                RuntimeApiError::CannotCallApi(cause) => ChainError::from_request(&cause),
                error => ChainError::WrongChain(format!("TokenomicsApi.{method}: {error}")),
            })
    }

    /// What registering, or renewing, so many slots costs now, without bonds;
    /// `None` where no call could buy that many.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn quote(&self, role: Role, slots: u32) -> Result<Option<u128>, ChainError> {
        self.ask("price", (role, slots)).await
    }

    /// Every unit of NI.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn supply_report(&self) -> Result<SupplyReport, ChainError> {
        self.ask("supply", ()).await
    }

    /// What a place in the network costs now.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn slot_prices(&self) -> Result<SlotPrices, ChainError> {
        self.ask("slot_prices", ()).await
    }

    /// The tier table, the lowest floor first.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn tiers(&self) -> Result<Vec<TierReport>, ChainError> {
        self.ask("tiers", ()).await
    }

    /// What the running window has verified, once it has anything.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn running_round(&self) -> Result<Option<RunningRound>, ChainError> {
        self.ask("running_round", ()).await
    }

    /// Settled rounds, the newest first, of the last `limit` windows.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn rounds(&self, limit: u32) -> Result<Vec<RoundRecord>, ChainError> {
        let page: Page<RoundRecord> = self.ask("rounds", (None::<u32>, limit)).await?;
        Ok(page.items)
    }

    /// How a hotkey is registered.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn registration_report(
        &self,
        hotkey: &Bytes32,
    ) -> Result<Option<RegistrationReport>, ChainError> {
        self.ask("registration", (*hotkey,)).await
    }

    /// One GPU of a hotkey; `None` where there is no such slot.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn gpu_report(
        &self,
        hotkey: &Bytes32,
        gpu: u32,
    ) -> Result<Option<GpuReport>, ChainError> {
        self.ask("gpu", (*hotkey, gpu)).await
    }

    /// Every GPU of a hotkey, page by page.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn gpu_reports(&self, hotkey: &Bytes32) -> Result<Vec<GpuReport>, ChainError> {
        let mut gpus = Vec::new();
        let mut from = Some(0);
        while let Some(first) = from {
            let page: Page<GpuReport> = self.ask("gpus", (*hotkey, first, PAGE)).await?;
            gpus.extend(page.items);
            // A page that begins where the last one did would never end.
            from = page.next.filter(|next| *next > first);
        }
        Ok(gpus)
    }

    /// Every candidate for validating, page by page, the most stake first.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn validators(&self) -> Result<Vec<ValidatorReport>, ChainError> {
        let mut validators = Vec::new();
        let mut from = Some(0);
        while let Some(first) = from {
            let page: Page<ValidatorReport> = self.ask("validators", (first, PAGE)).await?;
            validators.extend(page.items);
            from = page.next.filter(|next| *next > first);
        }
        Ok(validators)
    }

    /// What an account has staked, at most a page.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn delegations(&self, who: &Bytes32) -> Result<Vec<DelegationReport>, ChainError> {
        let page: Page<DelegationReport> = self.ask("delegations", (*who, 0_u32, PAGE)).await?;
        Ok(page.items)
    }

    /// Revenue, and what it bought.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn buyback(&self) -> Result<BuybackReport, ChainError> {
        self.ask("buyback", ()).await
    }

    /// What referenda have set.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn hyperparameters(&self) -> Result<Hyperparameters, ChainError> {
        self.ask("hyperparameters", ()).await
    }

    /// A call's bytes, as a preimage holds them.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where the chain has no such call.
    pub fn encode_call<Fields: EncodeAsFields>(
        &self,
        call: &DynamicPayload<Fields>,
    ) -> Result<Vec<u8>, ChainError> {
        self.at
            .transactions()
            .call_data(call)
            .map_err(|error| ChainError::WrongChain(error.to_string()))
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
