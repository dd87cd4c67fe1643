// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The polkadot-js JSON keystore, version 3: an sr25519 secret in PKCS #8,
//! sealed with XSalsa20-Poly1305 under a key that scrypt makes of a password.

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_secretbox::{
    Key, Nonce, XSalsa20Poly1305,
    aead::{Aead, KeyInit},
};
use schnorrkel::Keypair as Secret;
use serde::{Deserialize, Serialize};
use subxt_signer::{
    polkadot_js_compat::{self, decrypt_json},
    sr25519::Keypair,
};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use ni_client::keys;

/// Largest file that is read. One that polkadot-js writes has about 600 bytes.
pub const LARGEST: u64 = 16 * 1024;

/// What scrypt is given here, as polkadot-js does: log₂ N, r and p. It takes
/// 128 MiB and a fraction of a second, once, to try one password.
const SCRYPT: (u8, u32, u32) = (17, 8, 1);

/// The parameters (N, p, r) that polkadot-js takes, and so the most that a
/// hostile file can make this process spend.
const TAKEN: [(u32, u32, u32); 6] = [
    (1 << 13, 10, 8),
    (1 << 14, 5, 8),
    (1 << 15, 3, 8),
    (1 << 15, 1, 8),
    (1 << 16, 2, 8),
    (1 << 17, 1, 8),
];

/// Bytes of the salt.
const SALT: usize = 32;

/// Bytes of the scrypt parameters, three numbers of four bytes.
const PARAMETERS: usize = 12;

/// Bytes of the nonce.
const NONCE: usize = 24;

/// Bytes before the sealed part: salt, scrypt parameters, nonce.
const HEAD: usize = SALT + PARAMETERS + NONCE;

/// What precedes the secret in PKCS #8, as polkadot-js writes it.
const BEFORE_SECRET: [u8; 16] = [48, 83, 2, 1, 1, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];

/// What stands between the secret and the public key.
const BEFORE_PUBLIC: [u8; 5] = [161, 35, 3, 33, 0];

/// Bytes of the PKCS #8 form: 64 of the secret, 32 of the public key.
const PLAIN: usize = BEFORE_SECRET.len() + 64 + BEFORE_PUBLIC.len() + 32;

/// Bytes that sealing adds.
const TAG: usize = 16;

/// Why a keystore cannot be opened. Holds nothing of the key or the password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeystoreError {
    /// It is larger than any keystore.
    #[error("it is larger than a keystore can be ({LARGEST} bytes): name the JSON file of one key")]
    TooLarge,
    /// It is not the JSON of a keystore.
    #[error(
        "it is no polkadot-js keystore, or not all of it ({0}): restore it from a copy, or make one with `ni-worker keys new` or `keys import`"
    )]
    NotKeystore(String),
    /// It holds several accounts.
    #[error(
        "it holds several accounts, as polkadot-js exports all at once: export the one that is to sign by itself, from the menu beside its name"
    )]
    Several,
    /// It has another version of the format.
    #[error(
        "it is a keystore of version {0}, and this worker reads version 3: open it in polkadot-js and export it again"
    )]
    Version(String),
    /// It holds another kind of key.
    #[error(
        "it holds a key of the kind {0}, and the worker signs with sr25519: make one with `ni-worker keys new`"
    )]
    Kind(String),
    /// It is not sealed, or in another way.
    #[error(
        "it is sealed with {0}, not with scrypt and xsalsa20-poly1305: export it again from polkadot-js, with a password"
    )]
    Sealing(String),
    /// Opening it would cost more than any honest keystore.
    #[error(
        "its password check asks for scrypt with N {n}, p {p}, r {r}, which polkadot-js never writes: the file is damaged or hostile, restore it from a copy"
    )]
    Costly {
        /// N.
        n: u32,
        /// p.
        p: u32,
        /// r.
        r: u32,
    },
    /// The sealed part has another length.
    #[error(
        "its sealed part has {0} bytes, not {len}: the file is cut off or damaged, restore it from a copy",
        len = HEAD + PLAIN + TAG
    )]
    Length(usize),
    /// The password does not open it.
    #[error("the password does not open it, or the file was altered: try again with its password")]
    Password,
    /// It opens, but its parts contradict each other.
    #[error(
        "its secret does not belong to its address: the file was altered, restore it from a copy"
    )]
    Altered,
    /// The operating system gave no randomness, or scrypt no key.
    #[error("cannot seal a key: {0}")]
    Seal(String),
}

/// Text of a file for a message: not long, and nothing that moves a cursor.
fn quote(text: &str) -> String {
    let short: String = text.chars().take(32).collect();
    format!("{short:?}")
}

/// What older versions wrote as one word, and newer ones as a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Many(Vec<String>),
}

impl Words {
    fn has(&self, word: &str) -> bool {
        match self {
            Self::One(one) => one == word,
            Self::Many(many) => many.iter().any(|one| one == word),
        }
    }

    fn quote(&self) -> String {
        match self {
            Self::One(one) => quote(one),
            Self::Many(many) => quote(&many.join(" ")),
        }
    }
}

/// A version, which some programs write as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Version {
    Text(String),
    Number(u64),
}

#[derive(Deserialize)]
struct Encoding {
    content: Words,
    r#type: Words,
    version: Version,
}

/// What a foreign file may be in place of a keystore of one key.
fn is_of_several(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Any {
        #[serde(default)]
        accounts: Option<serde::de::IgnoredAny>,
    }
    let is_list = text.trim_start().starts_with('[')
        && serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text).is_ok();
    is_list || serde_json::from_str::<Any>(text).is_ok_and(|any| any.accounts.is_some())
}

/// The text with its version as the library that opens it reads it.
fn with_version_as_text(text: &str) -> Result<String, serde_json::Error> {
    let mut json: serde_json::Value = serde_json::from_str(text)?;
    if let Some(version) = json.pointer_mut("/encoding/version") {
        *version = "3".into();
    }
    serde_json::to_string(&json)
}

#[derive(Deserialize)]
struct File {
    encoded: String,
    encoding: Encoding,
    address: String,
}

/// A keystore whose form was checked, still sealed.
pub struct Sealed {
    text: String,
    account: [u8; 32],
}

impl Sealed {
    /// Checks everything that can be checked without the password, so that
    /// opening it costs a bounded time and memory.
    ///
    /// # Errors
    /// Every [`KeystoreError`] but those of a password.
    pub fn read(text: String) -> Result<Self, KeystoreError> {
        if text.len() as u64 > LARGEST {
            return Err(KeystoreError::TooLarge);
        }
        let text = match text.strip_prefix('\u{feff}') {
            Some(text) => text.to_owned(),
            None => text,
        };
        if is_of_several(&text) {
            return Err(KeystoreError::Several);
        }
        let no_json = |error: serde_json::Error| {
            // Its words can hold a piece of the file.
            KeystoreError::NotKeystore(format!("line {}, column {}", error.line(), error.column()))
        };
        let file: File = serde_json::from_str(&text).map_err(no_json)?;
        let Encoding {
            content,
            r#type,
            version,
        } = &file.encoding;
        let text = match version {
            Version::Text(version) if version == "3" => text,
            Version::Number(3) => with_version_as_text(&text).map_err(no_json)?,
            Version::Text(version) => return Err(KeystoreError::Version(quote(version))),
            Version::Number(version) => {
                return Err(KeystoreError::Version(version.to_string()));
            }
        };
        if !content.has("pkcs8") || !content.has("sr25519") {
            return Err(KeystoreError::Kind(content.quote()));
        }
        if !r#type.has("scrypt") || !r#type.has("xsalsa20-poly1305") {
            return Err(KeystoreError::Sealing(r#type.quote()));
        }
        let sealed = STANDARD
            .decode(&file.encoded)
            .map_err(|_| KeystoreError::NotKeystore("its sealed part is not base64".into()))?;
        if sealed.len() != HEAD + PLAIN + TAG {
            return Err(KeystoreError::Length(sealed.len()));
        }
        let number = |at: usize| {
            let mut bytes = [0; 4];
            bytes.copy_from_slice(&sealed[at..at + 4]);
            u32::from_le_bytes(bytes)
        };
        let (n, p, r) = (number(SALT), number(SALT + 4), number(SALT + 8));
        if !TAKEN.contains(&(n, p, r)) {
            return Err(KeystoreError::Costly { n, p, r });
        }
        let account = keys::account(&file.address)
            .map_err(|_| KeystoreError::NotKeystore("its address is none".into()))?;
        Ok(Self { text, account })
    }

    /// The account that the file says it holds the key of. Only
    /// [`open`](Self::open) shows that it does.
    pub fn account(&self) -> [u8; 32] {
        self.account
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Opens it. Takes up to a second and 128 MiB.
    ///
    /// # Errors
    /// [`KeystoreError::Password`] or [`KeystoreError::Altered`].
    pub fn open(&self, password: &str) -> Result<Keypair, KeystoreError> {
        decrypt_json(&self.text, password).map_err(|error| match error {
            polkadot_js_compat::Error::Secretbox(_) => KeystoreError::Password,
            _ => KeystoreError::Altered,
        })
    }
}

#[derive(Serialize)]
struct Written<'a> {
    encoded: String,
    encoding: WrittenEncoding,
    address: String,
    meta: Meta<'a>,
}

#[derive(Serialize)]
struct WrittenEncoding {
    content: [&'static str; 2],
    r#type: [&'static str; 2],
    version: &'static str,
}

#[derive(Serialize)]
struct Meta<'a> {
    name: &'a str,
}

/// Seals a secret: the text of a keystore that polkadot-js reads too.
///
/// # Errors
/// [`KeystoreError::Seal`].
pub fn seal(secret: &Secret, password: &str, name: &str) -> Result<Sealed, KeystoreError> {
    let failed = |error: &dyn std::fmt::Display| KeystoreError::Seal(error.to_string());
    let mut sealed = vec![0; HEAD];
    getrandom::fill(&mut sealed).map_err(|error| failed(&error))?;
    let (log_n, r, p) = SCRYPT;
    for (at, number) in [(SALT, 1_u32 << log_n), (SALT + 4, p), (SALT + 8, r)] {
        sealed[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }

    let parameters = scrypt::Params::new(log_n, r, p, 32).map_err(|error| failed(&error))?;
    let mut key = Zeroizing::new([0; 32]);
    scrypt::scrypt(password.as_bytes(), &sealed[..SALT], &parameters, &mut *key)
        .map_err(|error| failed(&error))?;

    let mut plain = Zeroizing::new(Vec::with_capacity(PLAIN));
    plain.extend_from_slice(&BEFORE_SECRET);
    let mut bytes = secret.secret.to_ed25519_bytes();
    plain.extend_from_slice(&bytes);
    bytes.zeroize();
    plain.extend_from_slice(&BEFORE_PUBLIC);
    let account = secret.public.to_bytes();
    plain.extend_from_slice(&account);

    let nonce = Nonce::clone_from_slice(&sealed[SALT + PARAMETERS..HEAD]);
    let cipher = XSalsa20Poly1305::new(Key::from_slice(&*key));
    let body = cipher
        .encrypt(&nonce, plain.as_slice())
        .map_err(|error| failed(&error))?;
    sealed.extend_from_slice(&body);

    let written = Written {
        encoded: STANDARD.encode(sealed),
        encoding: WrittenEncoding {
            content: ["pkcs8", "sr25519"],
            r#type: ["scrypt", "xsalsa20-poly1305"],
            version: "3",
        },
        address: keys::address(&account),
        meta: Meta { name },
    };
    let mut text = serde_json::to_string_pretty(&written).map_err(|error| failed(&error))?;
    text.push('\n');
    Ok(Sealed { text, account })
}
