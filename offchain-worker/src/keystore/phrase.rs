// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Secrets as people write them: phrases of words, and seeds.

use std::str::FromStr;

use schnorrkel::{
    ExpansionMode, Keypair as Secret, MiniSecretKey,
    derive::{ChainCode, Derivation},
};
use substrate_bip39::mini_secret_from_entropy;
use subxt_signer::{
    DeriveJunction, ExposeSecret, SecretUri,
    bip39::{Language, Mnemonic},
    sr25519::Keypair,
};
use zeroize::Zeroizing;

/// Words of a new phrase.
const NEW_WORDS: usize = 12;

/// Words of a phrase in a row that give it away: no command line has so many
/// by chance, and a phrase with a word mistyped still has them.
const TELLING: usize = 4;

/// A new secret, and the phrase that it can be written down as.
///
/// # Errors
/// Where the operating system gives no randomness.
pub fn generate() -> Result<(Secret, Zeroizing<String>), String> {
    let mut entropy = Zeroizing::new([0; NEW_WORDS / 3 * 4]);
    getrandom::fill(&mut *entropy).map_err(|error| error.to_string())?;
    let mnemonic = Mnemonic::from_entropy(&*entropy).map_err(|error| error.to_string())?;
    let phrase = Zeroizing::new(mnemonic.to_string());
    let secret = read(&phrase).map_err(str::to_owned)?;
    Ok((secret, phrase))
}

/// The secret of a phrase of 12 to 24 words or of a seed (`0x` and 64
/// hexadecimal digits), with derivations such as `//gpu1` behind it if wished.
///
/// # Errors
/// Why it is none; nothing of it is repeated.
pub fn read(text: &str) -> Result<Secret, &'static str> {
    const WRONG: &str = "this is no secret phrase: give 12 to 24 English words in their order, or \
                         a seed of 0x and 64 hexadecimal digits; one word is perhaps mistyped";
    let text = text.trim();
    if text.starts_with('/') {
        return Err(
            "this is a development key, which anybody can derive: name it as it is, with --dev, \
             on a test chain",
        );
    }
    if text.is_empty() {
        // The library would take the well-known development phrase.
        return Err(WRONG);
    }
    let uri = SecretUri::from_str(text).map_err(|_| WRONG)?;
    let phrase = uri.phrase.expose_secret();
    let mini = match phrase.strip_prefix("0x") {
        Some(digits) => {
            let mut seed = Zeroizing::new([0; 32]);
            hex::decode_to_slice(digits, &mut *seed).map_err(|_| WRONG)?;
            MiniSecretKey::from_bytes(&*seed).map_err(|_| WRONG)?
        }
        None => {
            let mnemonic = Mnemonic::from_str(phrase).map_err(|_| WRONG)?;
            let (entropy, length) = mnemonic.to_entropy_array();
            let entropy = Zeroizing::new(entropy);
            let password = uri.password.as_ref().map_or("", |it| it.expose_secret());
            mini_secret_from_entropy(&entropy[..length], password).map_err(|_| WRONG)?
        }
    };
    let mut secret = mini.expand(ExpansionMode::Ed25519);
    for junction in &uri.junctions {
        secret = match junction {
            DeriveJunction::Soft(code) => secret.derived_key_simple(ChainCode(*code), []).0,
            DeriveJunction::Hard(code) => secret
                .hard_derive_mini_secret_key(Some(ChainCode(*code)), b"")
                .0
                .expand(ExpansionMode::Ed25519),
        };
    }
    let secret = Secret::from(secret);
    // The library that signs must derive the same account.
    let signer = Keypair::from_uri(&uri).map_err(|_| WRONG)?;
    if signer.public_key().0 != secret.public.to_bytes() {
        return Err(
            "this secret cannot be derived here: import it with polkadot-js, and its JSON here",
        );
    }
    Ok(secret)
}

/// Whether an argument list shows a secret: words of a phrase in a row, in one
/// argument or several, or a seed where none belongs. A seed looks like any 32
/// bytes, such as a challenge, so those are taken as the value of an option,
/// except where the option names a key.
#[must_use]
pub fn exposed<'a>(arguments: impl IntoIterator<Item = &'a str>) -> bool {
    let mut words = 0;
    let mut before = "";
    for argument in arguments {
        for word in argument.split(|c: char| c.is_whitespace() || matches!(c, '=' | '/')) {
            let known = Language::English.find_word(&word.to_lowercase()).is_some();
            words = if known { words + 1 } else { 0 };
            if words >= TELLING {
                return true;
            }
        }
        let (option, value) = match argument.split_once('=') {
            Some((option, value)) if option.starts_with('-') => (option, value),
            _ => (before, argument),
        };
        let of_a_key = !option.starts_with("--") || matches!(option, "--key" | "--owner");
        if of_a_key && is_seed(value) {
            return true;
        }
        before = argument;
    }
    false
}

/// Whether this reads as a seed, or as a secret of 64 bytes.
fn is_seed(text: &str) -> bool {
    let text = text.split('/').next().unwrap_or(text);
    let digits = text.strip_prefix("0x").unwrap_or(text);
    matches!(digits.len(), 64 | 128) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ni_client::keys;

    const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

    #[test]
    fn a_phrase_derives_the_well_known_accounts() {
        for (path, address) in [
            (
                "//Alice",
                "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            ),
            ("//Bob", "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"),
        ] {
            let secret = read(&format!(" {PHRASE}{path}\n")).expect("a phrase");
            assert_eq!(keys::address(&secret.public.to_bytes()), address);
        }
        let seed = format!("0x{}", "ab".repeat(32));
        for text in [
            seed.as_str(),
            &format!("{seed}/soft//hard"),
            &format!("{PHRASE}///word"),
        ] {
            assert!(read(text).is_ok());
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_without_a_word_of_it() {
        for wrong in [
            "",
            "0x",
            "0x12",
            "bottom",
            "bottom drive obey lake curtain smoke basket hold race lonely fit",
            "bottom drive obey lake curtain smoke basket hold race lonely fit wolk",
            "bottom drive obey lake curtain smoke basket hold race lonely walk fit",
            "//Alice",
        ] {
            let error = read(wrong).expect_err("no secret");
            assert!(!error.contains("bottom") && !error.contains("Alice"));
        }
    }

    #[test]
    fn new_secrets_differ_and_are_those_of_their_phrases() {
        let (first, phrase) = generate().expect("randomness");
        let (second, _) = generate().expect("randomness");
        assert_ne!(first.public, second.public);
        assert_eq!(phrase.split(' ').count(), NEW_WORDS);
        assert_eq!(read(&phrase).expect("a phrase").public, first.public);
    }

    #[test]
    fn secrets_among_arguments_are_seen() {
        let seed = format!("0x{}", "ab".repeat(32));
        let bare = "ab".repeat(32);
        for shown in [
            vec!["mine", "--key", PHRASE],
            vec!["mine", &format!("--key={PHRASE}")],
            vec!["keys", "import", "bottom", "drive", "obey", "lake", "x"],
            vec!["keys", "import", "x", "Bottom", "Drive", "Obey", "Lake"],
            vec!["mine", "--key", &format!("{PHRASE}//gpu")],
            vec!["mine", "--key", &seed],
            vec!["mine", "--dev", "--key", &bare],
            vec!["mine", &format!("--key={seed}")],
            vec!["mine", &format!("--owner={seed}//1")],
            vec!["keys", "import", &seed],
            vec![&seed],
        ] {
            assert!(exposed(shown.iter().copied()), "{shown:?}");
        }
        for usual in [
            vec!["mine", "--key", "//Alice", "--dev"],
            vec!["mine", "--key", "/etc/ni/hotkey.json", "--device", "0"],
            vec!["prove", "--challenge", &seed, "--sampling-beacon", &bare],
            vec!["prove", &format!("--challenge={bare}")],
            vec![
                "status",
                "--hotkey",
                "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
            ],
            vec!["keys", "new", "key"],
        ] {
            assert!(!exposed(usual.iter().copied()), "{usual:?}");
        }
    }
}
