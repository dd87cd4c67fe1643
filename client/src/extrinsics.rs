// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A block's calls, and which of its events each of them emitted.

use subxt::events::Phase;

use super::{Bytes32, ChainError, View, events::Event, within};

/// A call in a block, as it was sent. Whether it succeeded is told by events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extrinsic {
    /// Its place in the block.
    pub index: u32,
    /// The pallet of the outermost call.
    pub pallet: String,
    /// The outermost call.
    pub call: String,
    /// The outermost call's fields, in SCALE.
    pub fields: Vec<u8>,
    /// Who signed; `None` for what the block's author put in, or for an address
    /// that is no account's.
    pub signer: Option<Bytes32>,
}

impl View {
    /// The block's calls, in order.
    ///
    /// # Errors
    /// [`ChainError::Rpc`] where the node does not give the block's body,
    /// [`ChainError::WrongChain`] where a call is not of the chain's metadata.
    pub async fn extrinsics(&self) -> Result<Vec<Extrinsic>, ChainError> {
        let body = within(self.inner().extrinsics().fetch()).await?;
        let mut extrinsics = Vec::with_capacity(body.len());
        for (index, one) in (0..).zip(body.iter()) {
            let one = one.map_err(|error| ChainError::WrongChain(error.to_string()))?;
            extrinsics.push(Extrinsic {
                index,
                pallet: one.pallet_name().to_owned(),
                call: one.call_name().to_owned(),
                fields: one.call_data_field_bytes().to_vec(),
                signer: one.address_bytes().and_then(account),
            });
        }
        Ok(extrinsics)
    }

    /// The block's events, of those that the worker knows, each with the place of
    /// the call that emitted it; `None` for those of the block itself.
    ///
    /// # Errors
    /// As [`Self::events`].
    pub async fn placed_events(&self) -> Result<Vec<(Option<u32>, Event)>, ChainError> {
        let raw = within(self.inner().events().fetch()).await?;
        let mut events = Vec::new();
        for event in raw.iter() {
            let event = event.map_err(|error| ChainError::WrongChain(error.to_string()))?;
            let place = match event.phase() {
                Phase::ApplyExtrinsic(index) => Some(index),
                Phase::Initialization | Phase::Finalization => None,
            };
            events.extend(Event::decode(&event)?.map(|event| (place, event)));
        }
        Ok(events)
    }
}

/// The account of an address in SCALE, if it is one of its first form, an account's
/// own 32 bytes.
fn account(address: &[u8]) -> Option<Bytes32> {
    match address {
        [0, account @ ..] => account.try_into().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_accounts_own_address_names_a_signer() {
        let mut address = vec![0];
        address.extend([7; 32]);
        assert_eq!(account(&address), Some([7; 32]));
        for other in [&[][..], &[0], &[1; 33], &address[..32]] {
            assert_eq!(account(other), None);
        }
    }
}
