// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Modules by their bytes: what is kept, what is removed, what is refused.

use super::*;

const HEADER: &[u8] = b"\0asm\x01\0\0\0";
/// One function from i32 to i32.
const TYPES: &[u8] = &[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f];
const FUNCTIONS: &[u8] = &[3, 2, 1, 0];
/// local.get 0
const PLAIN: &[u8] = &[10, 6, 1, 4, 0, 0x20, 0, 0x0b];
/// local.get 0; i32.extend8_s
const EXTENDS: &[u8] = &[10, 7, 1, 5, 0, 0x20, 0, 0xc0, 0x0b];

fn custom(name: &str, content: &[u8]) -> Vec<u8> {
    let length = |bytes: usize| u8::try_from(bytes).expect("a short section");
    let mut section = vec![
        0,
        length(1 + name.len() + content.len()),
        length(name.len()),
    ];
    section.extend_from_slice(name.as_bytes());
    section.extend_from_slice(content);
    section
}

fn run(module: &[u8]) -> Result<Vec<u8>, OptimizationError> {
    let folder = tempfile::tempdir()?;
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    fs::write(&from, module)?;
    OptimizationOptions::new_opt_level_0()
        .mvp_features_only()
        .debug_info(true)
        .add_pass(Pass::StripDwarf)
        .add_pass(Pass::SignextLowering)
        .run(&from, &to)?;
    Ok(fs::read(to)?)
}

#[test]
fn dwarf_goes_and_every_other_byte_stays() {
    let (version, names) = (custom("runtime_version", b"1"), custom("name", &[]));
    let (info, line) = (custom(".debug_info", b"abc"), custom(".debug_line", b""));
    let with = [
        HEADER, &info, TYPES, FUNCTIONS, &version, PLAIN, &line, &names, &info,
    ]
    .concat();
    let without = [HEADER, TYPES, FUNCTIONS, &version, PLAIN, &names].concat();
    assert_eq!(run(&with).expect("valid"), without);
    assert_eq!(run(&without).expect("valid"), without);
}

#[test]
fn sign_extension_is_refused() {
    let plain = [HEADER, TYPES, FUNCTIONS, PLAIN].concat();
    assert_eq!(run(&plain).expect("valid"), plain);
    let extends = [HEADER, TYPES, FUNCTIONS, EXTENDS].concat();
    let refused = run(&extends)
        .expect_err("not of the first version")
        .to_string();
    assert!(refused.contains("sign extension"), "{refused}");
}

#[test]
fn what_is_cut_short_is_refused() {
    let module = [HEADER, TYPES, FUNCTIONS, PLAIN].concat();
    for length in [0, 4, 9, 15, module.len() - 1] {
        assert!(run(&module[..length]).is_err(), "{length} bytes");
    }
}
