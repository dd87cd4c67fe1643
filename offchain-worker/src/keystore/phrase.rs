// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Secrets as people write them: phrases of words, and seeds.

use std::{path::Path, str::FromStr};

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
use thiserror::Error;
use zeroize::Zeroizing;

/// Words of a new phrase.
const NEW_WORDS: usize = 12;

/// How many words phrases have.
const LENGTHS: [usize; 5] = [12, 15, 18, 21, 24];

/// Words of as many as the shortest phrase has that can be mistyped, or none of the list,
/// while the rest still give it away.
const MISTYPED: usize = 2;

/// A secret that stands where others can see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Exposed {
    /// A whole phrase, whose checksum is right, or a seed.
    #[error(
        "a secret phrase or seed stands on the command line or in the environment. Other users can see those, and shells keep them: treat that key as known to others, and move what it owns. Keys are read from an encrypted file: `ni-worker keys import FILE` makes one and asks for the phrase"
    )]
    Secret,
    /// Words of a phrase, not all of them right.
    #[error(
        "what stands on the command line or in the environment reads as a secret phrase with a word mistyped. It is of no use there, and others can see it. Keys are read from an encrypted file: `ni-worker keys import FILE` makes one and asks for the phrase"
    )]
    Mistyped,
}

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
    // A node's keystore has it as text in JSON.
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
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

/// The secret that an argument list shows: a phrase, in one argument or several, or a seed
/// where none belongs. A seed looks like any 32 bytes, such as a challenge, so those are
/// taken as the value of an option, except where the option names a key.
///
/// What exists as a file is a file's name, and a word with a separator is a part of a
/// path: neither is a secret.
#[must_use]
pub fn exposed<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Option<Exposed> {
    let mut words = Vec::new();
    let mut before = "";
    for argument in arguments {
        let (option, value) = match argument.split_once('=') {
            Some((option, value)) if option.starts_with('-') => (option, value),
            _ => (before, argument),
        };
        before = argument;
        if Path::new(value).exists() && value.contains(|c: char| c.is_whitespace() || c == '/') {
            words.push(String::new());
            continue;
        }
        let of_a_key = !option.starts_with("--") || matches!(option, "--key" | "--owner");
        if of_a_key && is_seed(value) && !Path::new(value).exists() {
            return Some(Exposed::Secret);
        }
        for word in argument.split(|c: char| c.is_whitespace() || c == '=') {
            // A derivation may follow the last word. Of a path no two parts are in a row.
            let mut parts = word.splitn(2, '/');
            words.push(parts.next().unwrap_or_default().to_lowercase());
            words.extend(parts.next().map(|_| String::new()));
        }
    }
    of_words(&words)
}

/// What words in a row show.
fn of_words(words: &[String]) -> Option<Exposed> {
    let known: Vec<_> = words
        .iter()
        .map(|word| Language::English.find_word(word).is_some())
        .collect();
    let is_phrase = |length: &usize| {
        let runs = words.windows(*length).zip(known.windows(*length));
        runs.filter(|(_, known)| known.iter().all(|known| *known))
            .any(|(words, _)| {
                let phrase = Zeroizing::new(words.join(" "));
                Mnemonic::from_str(&phrase).is_ok()
            })
    };
    if LENGTHS.iter().any(is_phrase) {
        return Some(Exposed::Secret);
    }
    let telling = LENGTHS[0] - MISTYPED;
    known
        .windows(LENGTHS[0])
        .any(|known| known.iter().filter(|known| **known).count() >= telling)
        .then_some(Exposed::Mistyped)
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

    /// A command line with the words of a phrase one by one.
    fn split<'a>(before: &[&'a str], phrase: &'a str) -> Vec<&'a str> {
        let words: Vec<_> = phrase.split(' ').collect();
        [before, words.as_slice()].concat()
    }

    #[test]
    fn secrets_among_arguments_are_seen() {
        let seed = format!("0x{}", "ab".repeat(32));
        let bare = "ab".repeat(32);
        for shown in [
            vec!["mine", "--key", PHRASE],
            vec!["mine", &format!("--key={PHRASE}")],
            split(&["keys", "import"], PHRASE),
            split(&["keys", "import", "x"], &PHRASE.to_uppercase()),
            split(&["status"], &format!("{PHRASE}//gpu")),
            vec!["mine", "--key", &format!("{PHRASE}//gpu")],
            vec!["mine", "--key", &format!("{PHRASE}/soft///word")],
            vec!["mine", "--key", &seed],
            vec!["mine", "--dev", "--key", &bare],
            vec!["mine", &format!("--key={seed}")],
            vec!["mine", &format!("--owner={seed}//1")],
            vec!["keys", "import", &seed],
            vec![&seed],
        ] {
            let found = exposed(shown.iter().copied());
            assert_eq!(found, Some(Exposed::Secret), "{shown:?}");
        }
        for shown in [
            vec!["mine", "--key", &PHRASE.replace("smoke", "smokee")],
            vec!["mine", "--key", &PHRASE.replace("walk", "fit")],
            split(&["keys", "import"], &PHRASE.replace("bottom", "botom")),
        ] {
            let found = exposed(shown.iter().copied());
            assert_eq!(found, Some(Exposed::Mistyped), "{shown:?}");
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
            // Words of the list, as folders have them, or a few in a row.
            vec!["mine", "--key", "/home/core/project/private/hotkey.json"],
            vec![
                "mine",
                "--store",
                "army/camera/desk/walk/lake/basket/hold/race",
            ],
            vec!["mine", &format!("--store=/{}", PHRASE.replace(' ', "/"))],
            vec![
                "mine",
                "--store",
                &format!("{}/store", PHRASE.replace(' ', "/")),
            ],
            vec!["keys", "import", "bottom", "drive", "obey", "lake", "x"],
            vec!["verify", "army camera desk.json"],
        ] {
            assert_eq!(exposed(usual.iter().copied()), None, "{usual:?}");
        }
    }

    #[test]
    fn what_exists_as_a_file_is_no_secret() {
        let folder = tempfile::tempdir().expect("a folder");
        let seed = "ab".repeat(32);
        for name in [PHRASE, seed.as_str()] {
            let path = folder.path().join(name);
            let named = path.to_str().expect("UTF-8");
            std::fs::write(&path, "").expect("written");
            assert_eq!(exposed(["mine", "--key", named]), None);
        }
    }
}
