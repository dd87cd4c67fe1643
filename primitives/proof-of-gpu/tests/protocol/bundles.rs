// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Bundles: their JSON, its bounds, and what is checked beyond the protocol.

use proof_of_gpu_primitives::{
    VerifyError,
    bundle::{Bundle, BundleError, MAX_JSON, MAX_OPENINGS},
    prover::Proof,
};
use serde_json::{Value, json};

use crate::support::{bundle, golden, hashes};

fn seven_rounds() -> Value {
    golden().swap_remove(1)
}

fn read(value: &Value) -> Result<Bundle, BundleError> {
    Bundle::from_json(value.to_string().as_bytes())
}

/// The reason for which altered JSON is no bundle.
fn malformed(alter: impl FnOnce(&mut Value)) -> String {
    let mut vector = seven_rounds();
    assert!(read(&vector).is_ok());
    alter(&mut vector);
    match read(&vector) {
        Err(BundleError::Malformed(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn json_comes_back_as_it_was() {
    for vector in golden() {
        let bundle = bundle(&vector);
        let text = bundle.to_json();
        assert_eq!(Bundle::from_json(text.as_bytes()), Ok(bundle.clone()));
        assert_eq!(Bundle::read(text.as_bytes()), Ok(bundle));
        assert!(text.ends_with("}\n"));
    }
}

#[test]
fn json_has_the_golden_fields_and_values() {
    for vector in golden() {
        let written: Value = serde_json::from_str(&bundle(&vector).to_json()).expect("JSON");
        let fields = written.as_object().expect("an object");
        assert_eq!(fields.len(), 7);
        for (name, value) in fields {
            assert_eq!(*value, vector[name], "{name}");
        }
    }
}

#[test]
fn a_commitment_without_openings_is_not_verified() {
    let vector = seven_rounds();
    let golden = bundle(&vector);
    let proof = Proof::from_round_roots(
        golden.claim.challenge,
        golden.claim.workload,
        hashes(&vector["round_roots"]),
    )
    .expect("valid");
    let commitment = Bundle::commitment(&proof);
    assert_eq!(commitment.claim, golden.claim);
    assert_eq!(commitment.verify(), Err(BundleError::NotSampled));
    let text = commitment.to_json();
    assert!(!text.contains("sampling_beacon"));
    assert_eq!(Bundle::from_json(text.as_bytes()), Ok(commitment));
}

#[test]
fn openings_must_name_their_own_position() {
    let mut bundle = bundle(&seven_rounds());
    assert_eq!(bundle.verify(), Ok(()));
    for index in 0..3 {
        let mut wrong = bundle.clone();
        let sample = &mut wrong.openings[index].sample;
        *[&mut sample.round, &mut sample.tile, &mut sample.sub_tile][index] ^= 1;
        let opening = u32::try_from(index).expect("small");
        assert_eq!(wrong.verify(), Err(BundleError::Position { opening }));
    }
    bundle.openings.pop();
    assert_eq!(
        bundle.verify(),
        Ok(()),
        "a bundle has any number of openings but none"
    );
    bundle.openings.clear();
    assert_eq!(
        bundle.verify(),
        Err(BundleError::Refused(VerifyError::NoOpenings))
    );
}

#[test]
fn a_proof_that_fails_says_so_before_the_positions() {
    let mut bundle = bundle(&seven_rounds());
    bundle.openings[0].sample.tile ^= 1;
    bundle.openings[1].opening.folds[0] ^= 1;
    let refused = BundleError::Refused(VerifyError::Peak { opening: 1 });
    assert_eq!(bundle.verify(), Err(refused.clone()));
    assert_eq!(
        refused.to_string(),
        VerifyError::Peak { opening: 1 }.to_string()
    );
}

#[test]
fn every_list_is_bounded() {
    let hash = json!("0x".to_owned() + &"ab".repeat(32));
    let many = |count: usize| Value::Array(vec![hash.clone(); count]);
    let opening =
        |vector: &Value, count: usize| Value::Array(vec![vector["openings"][0].clone(); count]);
    let reason = malformed(|v| v["peaks"] = many(32));
    assert!(
        reason.contains("length 32, expected a list of at most 31"),
        "{reason}"
    );
    assert!(malformed(|v| v["openings"][2]["tile_path"] = many(17)).contains("at most 16"));
    assert!(malformed(|v| v["openings"][2]["mountain_path"] = many(31)).contains("at most 30"));
    let spare = malformed(|v| v["openings"] = opening(v, MAX_OPENINGS + 1));
    assert!(spare.contains("at most 1024"), "{spare}");

    let mut within = seven_rounds();
    within["peaks"] = many(31);
    within["openings"] = opening(&within, MAX_OPENINGS);
    within["openings"][2]["tile_path"] = many(16);
    within["openings"][2]["mountain_path"] = many(30);
    let bundle = read(&within).expect("within the bounds");
    assert_eq!(
        bundle.verify(),
        Err(BundleError::Refused(VerifyError::PeakCount))
    );
}

#[test]
fn folds_are_exactly_64_numbers_of_32_bits() {
    let folds = |count: usize| json!(vec![1; count]);
    assert!(malformed(|v| v["openings"][0]["folds"] = folds(63)).contains("exactly 64 folds"));
    assert!(malformed(|v| v["openings"][0]["folds"] = folds(0)).contains("exactly 64 folds"));
    assert!(malformed(|v| v["openings"][0]["folds"] = folds(65)).contains("at most 64"));
    for number in [
        json!(-1),
        json!(1_u64 << 32),
        json!(0.5),
        json!("1"),
        json!(null),
    ] {
        malformed(|v| v["openings"][0]["folds"][3] = number);
    }
}

#[test]
fn hashes_are_0x_and_64_digits() {
    let digits = "ab".repeat(32);
    for text in [
        digits.clone(),
        format!("0X{digits}"),
        format!("0x{digits}00"),
        format!("0x{}", &digits[2..]),
        format!("0x{}zz", &digits[2..]),
        format!(" 0x{digits}"),
        "0x".to_owned(),
        String::new(),
        format!("0x{}é", &digits[2..]),
    ] {
        let reason = malformed(|v| v["root"] = json!(text));
        assert!(reason.contains("64 hexadecimal digits"), "{reason}");
    }
    malformed(|v| v["root"] = json!(7));
    let mut upper = seven_rounds();
    upper["root"] = json!(format!("0x{}", digits.to_uppercase()));
    assert_eq!(read(&upper).expect("a bundle").claim.root, [0xab; 32]);
}

#[test]
fn what_is_missing_is_named() {
    for field in ["challenge", "workload", "rounds", "root", "peaks"] {
        let reason = malformed(|v| {
            v.as_object_mut().expect("an object").remove(field);
        });
        assert!(reason.contains(field), "{reason}");
    }
    for field in [
        "round",
        "tile",
        "sub_tile",
        "folds",
        "tile_path",
        "mountain_path",
    ] {
        let reason = malformed(|v| {
            v["openings"][0]
                .as_object_mut()
                .expect("an object")
                .remove(field);
        });
        assert!(reason.contains(field), "{reason}");
    }
}

#[test]
fn a_text_that_is_too_large_is_not_parsed() {
    let spaces = vec![b' '; MAX_JSON + 1];
    assert_eq!(Bundle::from_json(&spaces), Err(BundleError::TooLarge));
    assert_eq!(Bundle::read(&spaces[..]), Err(BundleError::TooLarge));
    assert_eq!(
        Bundle::read(std::io::repeat(b'[')),
        Err(BundleError::TooLarge)
    );
    assert!(matches!(
        Bundle::from_json(&spaces[1..]),
        Err(BundleError::Malformed(_))
    ));
}

#[test]
fn a_source_that_fails_is_reported() {
    struct Broken;

    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }

    let reason = BundleError::Unreadable("the disk is gone".to_owned());
    assert_eq!(Bundle::read(Broken), Err(reason));
}

#[test]
fn text_that_is_no_json_is_refused() {
    let deep = "[".repeat(100_000);
    for text in [
        "",
        "{",
        "null",
        "[]",
        "\"bundle\"",
        "{\"challenge\":",
        &deep,
    ] {
        let found = Bundle::from_json(text.as_bytes());
        assert!(matches!(found, Err(BundleError::Malformed(_))), "{found:?}");
    }
    let found = Bundle::from_json(&[0xff, 0xfe, 0x00]);
    assert!(matches!(found, Err(BundleError::Malformed(_))), "{found:?}");
}
