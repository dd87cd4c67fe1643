// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The golden vectors: every value that they hold is computed here too, and every
//! bundle that must be refused is, for the reason it was made for.

use proof_of_gpu_primitives::{
    SoftwareSha256, VerifyError,
    walk::{
        WalkError, WalkParameters,
        bundle::{WalkBundle, WalkBundleError},
        entry, joined_challenge,
        permutation::permute,
        prover::{CpuFill, open_walk, prove_walk},
        walk, walk_challenge,
    },
};
use serde_json::Value;

use crate::support::{bundle, golden, hash, hashes, numbers, refused};

fn parameters(vector: &Value) -> WalkParameters {
    serde_json::from_value(vector["parameters"].clone()).expect("parameters")
}

fn list<'a>(vector: &'a Value, name: &str) -> &'a Vec<Value> {
    let list = vector[name].as_array().expect("a list");
    assert!(list.len() >= 3, "{name}");
    list
}

#[test]
fn the_permutation_is_the_golden_one() {
    for vector in list(&golden(), "permutation") {
        let mut state: [u32; 32] = numbers(&vector["from"]).try_into().expect("32 words");
        let rounds = serde_json::from_value(vector["rounds"].clone()).expect("a number");
        permute(&mut state, rounds);
        assert_eq!(state.to_vec(), numbers(&vector["to"]), "{rounds} rounds");
    }
}

#[test]
fn entries_and_lanes_of_production_are_the_golden_ones() {
    let vector = &golden()["production"];
    let parameters = parameters(vector);
    assert_eq!(parameters, WalkParameters::production(128));
    let challenge = walk_challenge::<SoftwareSha256>(&hash(&vector["challenge"]), &parameters);
    assert_eq!(challenge, hash(&vector["walk_challenge"]));
    for one in list(vector, "entries") {
        let number = serde_json::from_value(one["number"].clone()).expect("a number");
        let computed = entry(&challenge, number, parameters.rounds);
        assert_eq!(computed.to_vec(), numbers(&one["words"]), "entry {number}");
    }
    for one in list(vector, "lanes") {
        let lane = serde_json::from_value(one["lane"].clone()).expect("a number");
        let mut visited = Vec::new();
        let mark = walk(&hash(&vector["batch_key"]), lane, &parameters, |number| {
            visited.push(number);
            entry(&challenge, number, parameters.rounds)
        });
        assert_eq!(visited, numbers(&one["visited"]), "lane {lane}");
        assert_eq!(one["mark"], mark, "lane {lane}");
    }
}

#[test]
fn the_cpu_prover_gives_the_golden_keys_roots_peaks_and_openings() {
    for vector in list(&golden(), "walks") {
        let name = &vector["name"];
        let golden = bundle(vector);
        let claim = golden.claim;
        let mut fill =
            CpuFill::new(&claim.challenge, claim.parameters, &mut |_| ()).expect("small");
        let mut done = Vec::new();
        let proof = prove_walk(&mut fill, claim.challenge, claim.batches, &mut |batches| {
            done.push(batches);
        })
        .expect("walks");
        assert_eq!(done, (1..=claim.batches).collect::<Vec<_>>(), "{name}");
        assert_eq!(
            proof.batch_keys().collect::<Vec<_>>(),
            hashes(&vector["keys"]),
            "{name}"
        );
        assert_eq!(
            proof.batch_roots(),
            hashes(&vector["batch_roots"]),
            "{name}"
        );
        assert_eq!(
            joined_challenge::<SoftwareSha256>(&claim.challenge, &claim.root),
            hash(&vector["joined_challenge"]),
            "{name}"
        );
        let beacon = golden.sampling_beacon.expect("sampled");
        let count = u32::try_from(golden.openings.len()).expect("a few");
        let openings = open_walk(&mut fill, &proof, &beacon, count).expect("opens");
        let computed = WalkBundle::opened(&proof, beacon, openings);
        assert_eq!(computed, golden, "{name}");
        assert_eq!(computed.verify(), Ok(()), "{name}");

        let written: Value = serde_json::from_str(&computed.to_json()).expect("JSON");
        let fields = written.as_object().expect("an object");
        assert_eq!(fields.len(), 8, "{name}");
        for (field, value) in fields {
            assert_eq!(*value, vector[field], "{name}: {field}");
        }
    }
}

#[test]
fn refused_bundles_are_refused_for_their_own_reason() {
    let vectors = refused();
    assert_eq!(vectors.len(), 22);
    for vector in vectors {
        let name = vector["name"].as_str().expect("a name");
        let reason = vector["refused_for"].as_str().expect("a reason");
        let (reason, opening) = match reason.rsplit_once(' ') {
            Some((reason, opening)) if opening.parse::<u32>().is_ok() => {
                (reason, opening.parse().expect("a number"))
            }
            _ => (reason, 0),
        };
        let expected = match reason {
            "pages" => WalkError::Pages,
            "lanes" => WalkError::Lanes,
            "hops" => WalkError::Hops,
            "too few batches" => WalkError::TooFewBatches,
            "no openings" => VerifyError::NoOpenings.into(),
            "peak count" => VerifyError::PeakCount.into(),
            "root" => VerifyError::Root.into(),
            "group path length" => VerifyError::TilePathLength { opening }.into(),
            "mountain path length" => VerifyError::MountainPathLength { opening }.into(),
            "peak" => VerifyError::Peak { opening }.into(),
            "mark" => WalkError::Mark { opening },
            "position" => {
                let found = bundle(&vector).verify();
                assert_eq!(found, Err(WalkBundleError::Position { opening }), "{name}");
                continue;
            }
            _ => panic!("no expectation for {reason}"),
        };
        let found = bundle(&vector).verify();
        assert_eq!(found, Err(WalkBundleError::Refused(expected)), "{name}");
    }
}
