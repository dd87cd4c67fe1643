// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Written by polkadot-js; from the tests of subxt-signer. Scrypt with N 2¹⁵.
pub(crate) const ALICE: &str = include_str!("../../tests/keystores/alice.json");

/// Written by polkadot-js, with N 2¹⁷.
const BOB: &str = include_str!("../../tests/keystores/bob.json");

/// The JSON with one place changed.
fn altered(pointer: &str, value: Value) -> String {
    let mut json: Value = serde_json::from_str(ALICE).expect("JSON");
    *json.pointer_mut(pointer).expect("the place") = value;
    json.to_string()
}

/// The JSON with its sealed bytes changed.
fn resealed(change: impl FnOnce(&mut Vec<u8>)) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let json: Value = serde_json::from_str(ALICE).expect("JSON");
    let mut bytes = STANDARD
        .decode(json["encoded"].as_str().expect("text"))
        .expect("base64");
    change(&mut bytes);
    altered("/encoded", STANDARD.encode(bytes).into())
}

fn refusal(text: String) -> KeystoreError {
    match Sealed::read(text) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error,
    }
}

#[test]
fn what_polkadot_js_wrote_opens_with_its_password_and_no_other() {
    for (text, password, uri) in [(ALICE, "whoisalice", "//Alice"), (BOB, "whoisbob", "")] {
        let sealed = Sealed::read(text.to_owned()).expect("a keystore");
        let key = sealed.open(password).expect("the password");
        assert_eq!(key.public_key().0, sealed.account());
        if !uri.is_empty() {
            let known = keys::development(uri).expect("a key").public_key().0;
            assert_eq!(sealed.account(), known);
        }
        for wrong in ["", "whoisalicE", "whoisalice ", &"x".repeat(1000)] {
            assert_eq!(sealed.open(wrong).err(), Some(KeystoreError::Password));
        }
    }
}

#[test]
fn what_is_sealed_here_opens_with_its_password_and_no_other() {
    let (secret, _) = phrase::generate().expect("randomness");
    let sealed = json::seal(&secret, "pass word é", "a name").expect("sealed");
    let again = Sealed::read(sealed.text().to_owned()).expect("a keystore");
    assert_eq!(again.account(), secret.public.to_bytes());
    let key = again.open("pass word é").expect("the password");
    assert_eq!(key.public_key().0, secret.public.to_bytes());
    assert_eq!(
        again.open("pass word e").err(),
        Some(KeystoreError::Password)
    );
    // Its signatures are the account's.
    let signature = key.sign(b"NI");
    assert!(subxt_signer::sr25519::verify(
        &signature,
        b"NI",
        &key.public_key()
    ));

    let other = json::seal(&secret, "pass word é", "a name").expect("sealed");
    assert_ne!(other.text(), sealed.text(), "salt and nonce are fresh");
}

#[test]
fn the_file_has_the_shape_that_polkadot_js_writes() {
    let (secret, _) = phrase::generate().expect("randomness");
    let sealed = json::seal(&secret, "p", "a name").expect("sealed");
    let ours: Value = serde_json::from_str(sealed.text()).expect("JSON");
    let theirs: Value = serde_json::from_str(ALICE).expect("JSON");
    assert_eq!(ours["encoding"], theirs["encoding"]);
    let length = |json: &Value| json["encoded"].as_str().expect("text").len();
    assert_eq!(length(&ours), length(&theirs));
    assert_eq!(ours["meta"]["name"], "a name");
}

#[test]
fn foreign_keystores_are_named_for_what_they_are() {
    let kind = altered("/encoding/content", json!(["pkcs8", "ed25519"]));
    assert_eq!(
        refusal(kind),
        KeystoreError::Kind("\"pkcs8 ed25519\"".into())
    );
    let version = altered("/encoding/version", "2".into());
    assert_eq!(refusal(version), KeystoreError::Version("\"2\"".into()));
    let open = altered("/encoding/type", json!(["none"]));
    assert_eq!(refusal(open), KeystoreError::Sealing("\"none\"".into()));
    let old = altered("/encoding/type", "xsalsa20-poly1305".into());
    assert!(matches!(refusal(old), KeystoreError::Sealing(_)));
    let address = altered("/address", "0x0102".into());
    assert!(matches!(refusal(address), KeystoreError::NotKeystore(_)));
}

#[test]
fn neighbours_of_the_format_are_told_or_taken() {
    let all = json!({
        "encoded": "AAAA",
        "encoding": {"content": ["batch-pkcs8"], "type": ["scrypt"], "version": "3"},
        "accounts": [{"address": "5Grw", "meta": {}}],
    });
    let list = format!("[{ALICE}]");
    for several in [all.to_string(), list, "[]".to_owned()] {
        let refused = refusal(several);
        assert_eq!(refused, KeystoreError::Several);
        assert!(refused.to_string().contains("export"), "{refused}");
    }
    // With a number for its version, and a mark before its text.
    let number = altered("/encoding/version", 3.into());
    for taken in [
        number.clone(),
        format!("\u{feff}{number}"),
        format!("\u{feff}{ALICE}"),
    ] {
        let sealed = Sealed::read(taken).expect("a keystore");
        let key = sealed.open("whoisalice").expect("its password");
        assert_eq!(key.public_key().0, sealed.account());
        Sealed::read(sealed.text().to_owned()).expect("what is written is one, too");
    }
    let other = altered("/encoding/version", 2.into());
    assert_eq!(refusal(other), KeystoreError::Version("2".into()));
}

#[test]
fn costly_scrypt_is_refused_before_it_is_run() {
    for (at, number) in [
        (32, 1_u32 << 31),
        (32, 0),
        (32, 3),
        (36, u32::MAX),
        (40, 1 << 30),
    ] {
        let hostile = resealed(|bytes| bytes[at..at + 4].copy_from_slice(&number.to_le_bytes()));
        assert!(
            matches!(refusal(hostile), KeystoreError::Costly { .. }),
            "{number} at {at}"
        );
    }
}

#[test]
fn another_address_or_sealed_byte_is_noticed() {
    let bob: Value = serde_json::from_str(BOB).expect("JSON");
    let swapped = Sealed::read(altered("/address", bob["address"].clone())).expect("a keystore");
    assert_eq!(
        swapped.open("whoisalice").err(),
        Some(KeystoreError::Altered)
    );
    // Of the salt, the nonce, the tag and the key.
    for at in [0, 31, 44, 67, 68, 100, 200] {
        let sealed = Sealed::read(resealed(|bytes| bytes[at] ^= 1)).expect("a keystore");
        assert_eq!(
            sealed.open("whoisalice").err(),
            Some(KeystoreError::Password),
            "{at}"
        );
    }
}

#[test]
fn a_cut_off_file_is_refused_at_every_length() {
    for length in 0..ALICE.trim_end().len() {
        refusal(ALICE[..length].to_owned());
    }
    for length in [0, 1, 67, 68, 200, 202] {
        let cut = resealed(|bytes| bytes.resize(length, 0));
        assert_eq!(refusal(cut), KeystoreError::Length(length));
    }
    assert_eq!(refusal(" ".repeat(20_000)), KeystoreError::TooLarge);
}

#[test]
fn messages_hold_no_more_of_a_file_than_a_few_harmless_characters() {
    let long = altered("/encoding/version", "\u{1b}[2J".repeat(500).into());
    let message = refusal(long).to_string();
    assert!(
        message.len() < 400 && !message.contains('\u{1b}'),
        "{message}"
    );
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    assert!(
        !refusal(format!("\"{phrase}\""))
            .to_string()
            .contains("bottom")
    );
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(text in ".{0,300}", at in 0_usize..600, with in any::<char>()) {
        let _ = Sealed::read(text);
        let spoiled: String = ALICE.chars().enumerate()
            .map(|(index, old)| if index == at { with } else { old })
            .collect();
        let _ = Sealed::read(spoiled);
    }
}

#[test]
fn a_key_is_named_by_its_file_or_with_dev_by_its_uri() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("alice.json");
    let named = path.to_str().expect("UTF-8");
    fs::write(&path, ALICE).expect("written");
    let password = folder.path().join("password");
    fs::write(&password, "whoisalice\n").expect("written");
    let source = PasswordSource::of_key(Some(password));

    let key = signer(named, false, &source)
        .expect("Alice's key")
        .public_key()
        .0;
    assert_eq!(account(named, false).expect("Alice's account"), key);
    assert_eq!(account("//Alice", true).expect("Alice's account"), key);

    let exit = |named: &str, dev| account(named, dev).expect_err("refused");
    assert_eq!(exit("//Alice", false).exit(), Exit::Usage);
    assert_eq!(exit("no-such-file.json", false).exit(), Exit::File);
    // The same key as Polkadot writes its address.
    let foreign = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";
    let refused = address(foreign, false).expect_err("another network's");
    assert_eq!(refused.exit(), Exit::Usage);
    assert!(
        refused.to_string().contains(&keys::address(&key)),
        "{refused}"
    );
    assert_eq!(
        address(&keys::address(&key), false).expect("this chain's"),
        key
    );
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    for dev in [false, true] {
        let refused = exit(phrase, dev);
        assert_eq!(refused.exit(), Exit::Usage);
        assert!(!refused.to_string().contains("bottom"));
    }
}

#[cfg(unix)]
#[test]
fn a_keystore_is_private_and_never_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("key.json");
    let sealed = Sealed::read(ALICE.to_owned()).expect("a keystore");
    let write = |path, sealed| prepare(path, sealed)?.name();
    write(&path, &sealed).expect("written");
    let mode = fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let bob = Sealed::read(BOB.to_owned()).expect("a keystore");
    assert_eq!(
        write(&path, &bob).expect_err("it exists").exit(),
        Exit::File
    );
    assert_eq!(fs::read_to_string(&path).expect("there"), ALICE);
    let nowhere = folder.path().join("no/such/folder/key.json");
    assert_eq!(
        write(&nowhere, &bob).expect_err("no folder").exit(),
        Exit::File
    );
}

#[cfg(target_os = "linux")]
#[test]
fn core_files_are_forbidden() {
    forbid_core_files();
    assert_eq!(rlimit::getrlimit(rlimit::Resource::CORE).ok(), Some((0, 0)));
}
