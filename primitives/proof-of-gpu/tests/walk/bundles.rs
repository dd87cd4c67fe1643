// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Bundles of version 2: their JSON, and what is checked beyond the protocol.

use proof_of_gpu_primitives::{
    Workload,
    bundle::{Bundle, BundleError, MAX_JSON},
    prover::{CpuEngine, open, prove},
    walk::bundle::{WalkBundle, WalkBundleError},
};
use serde_json::{Value, json};

use crate::support::{bundle, golden, hash};

fn seven_batches() -> Value {
    golden()["walks"][1].clone()
}

/// A walk and the product after it.
fn joined() -> WalkBundle {
    let mut walk = bundle(&seven_batches());
    let mut engine = CpuEngine::new();
    let workload = Workload::new(64, 64, 64);
    let challenge = walk.product_challenge();
    let proof = prove(&mut engine, challenge, &workload, 3, &mut |_| ()).expect("proves");
    let beacon = walk.sampling_beacon.expect("sampled");
    let openings = open(&mut engine, &proof, &beacon, 4).expect("opens");
    walk.product = Some(Bundle::opened(&proof, beacon, openings));
    assert_eq!(walk.verify(), Ok(()));
    walk
}

#[test]
fn json_comes_back_as_it_was() {
    for walk in [bundle(&seven_batches()), joined()] {
        let text = walk.to_json();
        assert_eq!(WalkBundle::from_json(text.as_bytes()), Ok(walk.clone()));
        assert_eq!(WalkBundle::read(text.as_bytes()), Ok(walk));
        assert!(text.ends_with("}\n"));
    }
}

#[test]
fn a_commitment_without_openings_is_not_verified() {
    let mut commitment = bundle(&seven_batches());
    commitment.sampling_beacon = None;
    commitment.openings.clear();
    assert_eq!(commitment.verify(), Err(WalkBundleError::NotSampled));
    let text = commitment.to_json();
    assert!(!text.contains("sampling_beacon") && !text.contains("product"));
    assert_eq!(WalkBundle::from_json(text.as_bytes()), Ok(commitment));
}

#[test]
fn openings_must_name_their_own_position() {
    for field in 0..3 {
        let mut walk = bundle(&seven_batches());
        let sample = &mut walk.openings[2].sample;
        *[&mut sample.round, &mut sample.tile, &mut sample.sub_tile][field] ^= 1;
        let expected = WalkBundleError::Position { opening: 2 };
        assert_eq!(walk.verify(), Err(expected));
    }
}

#[test]
fn the_challenge_of_the_product_is_the_golden_one() {
    let vector = seven_batches();
    let expected = hash(&vector["joined_challenge"]);
    assert_eq!(bundle(&vector).product_challenge(), expected);
}

#[test]
fn the_product_must_follow_from_the_walk() {
    let mut walk = joined();
    let product = walk.product.as_mut().expect("joined");
    product.claim.challenge[0] ^= 1;
    assert_eq!(walk.verify(), Err(WalkBundleError::NotJoined));

    let mut walk = joined();
    walk.product.as_mut().expect("joined").sampling_beacon = Some([0; 32]);
    assert_eq!(walk.verify(), Err(WalkBundleError::Beacon));

    let mut walk = joined();
    let product = walk.product.as_mut().expect("joined");
    product.openings[0].opening.folds[0] ^= 1;
    assert!(matches!(
        walk.verify(),
        Err(WalkBundleError::Product(BundleError::Refused(_)))
    ));
}

/// The reason for which altered JSON is no bundle.
fn malformed(alter: impl FnOnce(&mut Value)) -> String {
    let mut vector = seven_batches();
    alter(&mut vector);
    match WalkBundle::from_json(vector.to_string().as_bytes()) {
        Err(WalkBundleError::Unreadable(BundleError::Malformed(reason))) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn lists_are_bounded_and_versions_told_apart() {
    let reason = malformed(|vector| vector["version"] = json!(1));
    assert!(reason.contains("version 1, not 2"), "{reason}");
    let reason = malformed(|vector| {
        let opening = &mut vector["openings"][0];
        opening["marks"] = json!(vec![0; 65]);
    });
    assert!(reason.contains("at most 64"), "{reason}");
    let reason = malformed(|vector| {
        let path = vec![vector["root"].clone(); 17];
        vector["openings"][0]["group_path"] = Value::Array(path);
    });
    assert!(reason.contains("at most 16"), "{reason}");
    let reason = malformed(|vector| {
        vector
            .as_object_mut()
            .expect("an object")
            .remove("parameters");
    });
    assert!(reason.contains("parameters"), "{reason}");
    let long = vec![b' '; MAX_JSON + 1];
    assert_eq!(
        WalkBundle::read(&long[..]),
        Err(WalkBundleError::Unreadable(BundleError::TooLarge))
    );
    // As long as it may be, it is read, and is no bundle.
    assert!(matches!(
        WalkBundle::from_json(&long[1..]),
        Err(WalkBundleError::Unreadable(BundleError::Malformed(_)))
    ));
}

#[test]
fn a_bundle_of_version_2_is_none_of_version_1() {
    let text = seven_batches().to_string();
    assert!(matches!(
        Bundle::from_json(text.as_bytes()),
        Err(BundleError::Malformed(_))
    ));
}
