// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker keys`, and what becomes of secrets given to any command.

use std::{fs, path::Path};

use crate::{DONE, FILE, KEY, NOWHERE, PHRASE, Place, USAGE, command, expect, finish};

/// Written by polkadot-js, with the password `whoisalice`.
const ALICE: &str = include_str!("../keystores/alice.json");

const ALICE_ADDRESS: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

#[test]
fn a_new_key_is_shown_by_address_and_opens_with_its_password() {
    let place = Place::new();
    let (file, password) = (place.path("key.json"), place.path("password"));
    let (out, err) = expect(DONE, &["keys", "new", &file, "--password-file", &password]);
    let address = out.trim();
    assert!(address.starts_with('5') && address.len() == 48, "{out}");
    assert_eq!(err, "");
    assert_eq!(expect(DONE, &["keys", "show", &file]).0.trim(), address);
    let check = [
        "keys",
        "show",
        &file,
        "--check",
        "--password-file",
        &password,
    ];
    assert_eq!(expect(DONE, &check).0.trim(), address);

    let mut wrong = command(&["keys", "show", &file, "--check"]);
    wrong.env("NI_PASSWORD", "not it");
    let (out, err) = finish(KEY, wrong, "");
    assert!(
        out.is_empty() && err.contains("the password does not open it"),
        "{err}"
    );
    assert!(!err.contains("not it\n") && !err.contains("pass\n"));
}

#[cfg(unix)]
#[test]
fn a_key_file_is_private_and_never_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let (file, password) = (place.path("key.json"), place.path("password"));
    let new = ["keys", "new", &file, "--password-file", &password];
    expect(DONE, &new);
    let mode = fs::metadata(&file).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(&file).expect("there");
    let (_, err) = expect(FILE, &new);
    assert!(err.contains("never replaced"), "{err}");
    let import = ["keys", "import", &file, "--password-file", &password];
    let (_, err) = finish(FILE, command(&import), PHRASE);
    assert!(err.contains("never replaced"), "{err}");
    assert_eq!(fs::read(&file).expect("there"), before);
}

#[test]
fn a_shown_phrase_is_that_of_the_key() {
    let place = Place::new();
    let password = place.path("password");
    let file = place.path("key.json");
    let new = [
        "keys",
        "new",
        &file,
        "--show-phrase",
        "--password-file",
        &password,
    ];
    let (out, _) = expect(DONE, &new);
    let (address, phrase) = out.trim().split_once('\n').expect("two lines");
    let again = place.path("again.json");
    let import = ["keys", "import", &again, "--password-file", &password];
    let (out, _) = finish(DONE, command(&import), phrase);
    assert_eq!(out.trim(), address);
    assert!(!fs::read_to_string(&file).expect("there").contains(phrase));
}

#[test]
fn phrases_seeds_and_polkadot_js_files_are_imported() {
    let place = Place::new();
    let password = place.path("password");
    let phrase = place.write("phrase", &format!("{PHRASE}//Alice\n"));
    let file = place.path("from-phrase.json");
    let import = [
        "keys",
        "import",
        &file,
        "--from",
        &phrase,
        "--password-file",
        &password,
    ];
    assert_eq!(expect(DONE, &import).0.trim(), ALICE_ADDRESS);

    // Alice's seed, which is as public as her phrase.
    let seed = "0xe5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a";
    let file = place.path("from-seed.json");
    let import = ["keys", "import", &file, "--password-file", &password];
    assert_eq!(finish(DONE, command(&import), seed).0.trim(), ALICE_ADDRESS);

    let exported = place.write("exported.json", ALICE);
    let file = place.path("from-json.json");
    let mut import = command(&["keys", "import", &file, "--from", &exported]);
    import.env("NI_PASSWORD", "whoisalice");
    assert_eq!(finish(DONE, import, "").0.trim(), ALICE_ADDRESS);
    let mut check = command(&["keys", "show", &file, "--check"]);
    check.env("NI_PASSWORD", "whoisalice");
    finish(DONE, check, "");

    let file = place.path("wrong.json");
    let import = [
        "keys",
        "import",
        &file,
        "--from",
        &exported,
        "--password-file",
        &password,
    ];
    let (_, err) = expect(KEY, &import);
    assert!(err.contains("the password does not open it"), "{err}");
    assert!(!Path::new(&file).exists(), "nothing is written");
}

#[test]
fn what_is_no_key_is_refused_with_the_next_step() {
    let place = Place::new();
    let cut = &ALICE[..ALICE.len() / 2];
    let ed25519 = ALICE.replace("sr25519", "ed25519");
    let older = ALICE.replace("\"version\": \"3\"", "\"version\": \"2\"");
    let open = ALICE.replace("\"scrypt\"", "\"none\"");
    let large = " ".repeat(100_000);
    let several = format!("[{ALICE}]");
    for (content, says) in [
        (several.as_str(), "it holds several accounts"),
        (cut, "no polkadot-js keystore, or not all of it"),
        ("", "no polkadot-js keystore, or not all of it"),
        (
            &ed25519,
            "signs with sr25519: make one with `ni-worker keys new`",
        ),
        (&older, "version \"2\""),
        (&open, "export it again from polkadot-js, with a password"),
        (&large, "larger than a keystore"),
    ] {
        let file = place.write("foreign.json", content);
        let (_, err) = expect(KEY, &["keys", "show", &file]);
        assert!(err.contains(says), "{err}");
        let mine = ["mine", "--key", &file, "--url", NOWHERE];
        let (_, err) = expect(KEY, &mine);
        assert!(err.contains(says), "{err}");
    }
    let (_, err) = expect(FILE, &["keys", "show", &place.path("missing.json")]);
    assert!(err.contains("`ni-worker keys new`"), "{err}");
    expect(FILE, &["keys", "show", &place.path("")]);
}

#[test]
fn without_terminal_or_password_it_says_where_to_put_one() {
    let place = Place::new();
    let file = place.path("key.json");
    let (_, err) = expect(KEY, &["keys", "new", &file]);
    for named in ["--password-file", "NI_PASSWORD"] {
        assert!(err.contains(named), "{err}");
    }
    let empty = place.write("empty", "\n");
    let (_, err) = expect(KEY, &["keys", "new", &file, "--password-file", &empty]);
    assert!(err.contains("empty"), "{err}");
    assert!(!Path::new(&file).exists());
}

#[test]
fn development_keys_want_to_be_asked_for() {
    let (_, err) = expect(USAGE, &["mine", "--key", "//Alice", "--url", NOWHERE]);
    assert!(err.contains("--dev") && err.contains("keys new"), "{err}");
}

/// No word of a secret comes back, wherever it was put.
#[test]
fn secrets_on_a_command_line_are_refused_and_never_repeated() {
    let place = Place::new();
    let file = place.path("key.json");
    let seed = format!("0x{}", "a7".repeat(32));
    let words: Vec<_> = PHRASE.split(' ').collect();
    let typo = PHRASE.replace("smoke", "smokee");
    let split = |before: &[&'static str]| [before, words.as_slice()].concat();
    let attached = format!("--key={PHRASE}");
    let owner = format!("--owner={seed}");
    for arguments in [
        vec!["keys", "import", &file, PHRASE],
        vec!["keys", "import", PHRASE],
        vec!["keys", "import", &file, &typo],
        vec!["mine", "--key", &typo],
        vec!["keys", "import", &file, &seed],
        vec!["keys", "new", &file, "--phrase", PHRASE],
        split(&["keys", "import"]),
        split(&["mine", "--key"]),
        split(&["mine", "--dev", "--key"]),
        split(&["status"]),
        split(&[]),
        vec![PHRASE],
        vec!["mine", "--key", PHRASE],
        vec!["mine", "--dev", "--key", PHRASE],
        vec!["mine", &attached],
        vec!["mine", "--key", &seed],
        vec!["mine", "--key", "//Alice", "--dev", &owner],
        vec!["mine", &seed],
        vec!["status", "--key", PHRASE],
        vec!["--log", "trace", "status", "--hotkey", PHRASE],
        vec!["verify", PHRASE],
        vec!["bench", "--device", PHRASE],
    ] {
        let (out, err) = expect(USAGE, &arguments);
        assert!(err.contains("ni-worker keys import"), "{err}");
        for secret in words.iter().copied().chain([seed.as_str()]) {
            // Not as part of another word of the message.
            let shown = format!(" {out} {err} ");
            let told = shown
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == secret);
            assert!(!told, "{secret} of {arguments:?} in {shown}");
        }
        assert!(!Path::new(&file).exists());
    }
}

#[test]
fn secrets_in_the_environment_are_refused_and_never_repeated() {
    for (variable, arguments) in [
        ("NI_KEY", vec!["mine", "--url", NOWHERE]),
        ("NI_KEY", vec!["status", "--url", NOWHERE]),
        (
            "NI_OWNER",
            vec!["mine", "--dev", "--key", "//Alice", "--url", NOWHERE],
        ),
    ] {
        let mut command = command(&arguments);
        command.env(variable, PHRASE);
        let (out, err) = finish(USAGE, command, "");
        assert!(err.contains("ni-worker keys import"), "{err}");
        assert!(!format!("{out}{err}").contains("curtain"), "{err}");
    }
    // The help shows what variables are set to, but for keys.
    let mut help = command(&["mine", "--help"]);
    help.env("NI_KEY", PHRASE).env("NI_OWNER", PHRASE);
    let (out, _) = finish(DONE, help, "");
    assert!(out.contains("NI_KEY") && !out.contains("curtain"), "{out}");
}

/// A file has it as its first line, so the variable is the way for one with a line break.
#[test]
fn a_password_with_a_line_break_is_given_by_the_variable() {
    let place = Place::new();
    let file = place.path("key.json");
    let broken = "first\nsecond";
    let mut new = command(&["keys", "new", &file]);
    new.env("NI_PASSWORD", broken);
    finish(DONE, new, "");
    let mut check = command(&["keys", "show", "--check", &file]);
    check.env("NI_PASSWORD", broken);
    finish(DONE, check, "");
    let by_file = place.write("two-lines", broken);
    let check = [
        "keys",
        "show",
        "--check",
        &file,
        "--password-file",
        &by_file,
    ];
    expect(KEY, &check);
}

#[test]
fn passwords_do_not_come_back_either() {
    let place = Place::new();
    let file = place.path("key.json");
    for arguments in [
        vec!["keys", "new", &file, "--password", "hunter2hunter2"],
        vec!["keys", "new", &file, "--password=hunter2hunter2"],
    ] {
        let (out, err) = expect(USAGE, &arguments);
        assert!(!format!("{out}{err}").contains("hunter2"), "{err}");
        assert!(err.contains("--password-file"), "{err}");
    }
}
