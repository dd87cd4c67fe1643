// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Keys and addresses.

use std::str::FromStr;

use subxt::utils::AccountId32;
use subxt_signer::{SecretUri, sr25519::Keypair};

use super::ChainError;

/// The key that a development URI such as `//Alice` or `//Bob//gpu` stands for.
///
/// Only URIs derived from the well-known development phrase are taken: a
/// secret has no place on a command line.
///
/// # Errors
/// [`ChainError::Key`], which never repeats what was given.
pub fn development(uri: &str) -> Result<Keypair, ChainError> {
    if !uri.starts_with("//") {
        return Err(ChainError::Key(
            "not a development key: with --dev a key is named as `//Alice` or `//Alice//gpu`",
        ));
    }
    let uri = SecretUri::from_str(uri)
        .map_err(|_| ChainError::Key("not a key URI: write it as `//Alice` or `//Alice//gpu`"))?;
    Keypair::from_uri(&uri).map_err(|_| ChainError::Key("no key can be derived from this URI"))
}

/// An account's address in SS58.
pub fn address(account: &[u8; 32]) -> String {
    AccountId32(*account).to_string()
}

/// The first characters of an account's address, for tables and logs.
pub fn short_address(account: &[u8; 32]) -> String {
    let mut address = address(account);
    address.truncate(8);
    address
}

/// The account of an SS58 address.
///
/// # Errors
/// [`ChainError::Key`].
pub fn account(address: &str) -> Result<[u8; 32], ChainError> {
    AccountId32::from_str(address)
        .map(|account| account.0)
        .map_err(|_| ChainError::Key("not an SS58 address of this chain"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_uris_derive_the_well_known_accounts() {
        let alice = development("//Alice").expect("a development URI");
        let known = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        assert_eq!(address(&alice.public_key().0), known);
        assert_eq!(account(known).ok(), Some(alice.public_key().0));
        assert_eq!(short_address(&alice.public_key().0), "5GrwvaEF");
    }

    #[test]
    fn secrets_are_refused_and_never_repeated() {
        let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
        for secret in [phrase, "0x0101", "", "Alice"] {
            let Err(error) = development(secret) else {
                panic!("{secret:?} was taken");
            };
            assert!(secret.is_empty() || !error.to_string().contains(phrase));
        }
    }
}
