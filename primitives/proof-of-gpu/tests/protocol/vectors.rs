// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The golden vectors: every value that they hold is computed here too, and every
//! bundle that must be refused is, for the reason it was made for.

use crate::support::{bundle, challenge_input, golden, hash, hashes, number, refused};
use proof_of_gpu_primitives::{
    SoftwareSha256, VerifyError,
    bundle::{Bundle, BundleError},
    challenge,
    prover::{CpuEngine, Proof, open, prove},
    sampling::Sample,
};

#[test]
fn challenges_are_the_golden_ones() {
    for vector in golden() {
        let computed = challenge::<SoftwareSha256>(&challenge_input(&vector));
        assert_eq!(computed, hash(&vector["challenge"]), "{}", vector["name"]);
    }
}

#[test]
fn the_cpu_prover_gives_the_golden_keys_roots_peaks_and_openings() {
    for vector in golden() {
        let golden = bundle(&vector);
        let mut done = Vec::new();
        let mut engine = CpuEngine::new();
        let proof = prove(
            &mut engine,
            golden.claim.challenge,
            &golden.claim.workload,
            golden.claim.rounds,
            &mut |rounds| done.push(rounds),
        )
        .expect("proves");
        let name = &vector["name"];
        assert_eq!(
            done,
            (1..=golden.claim.rounds).collect::<Vec<_>>(),
            "{name}"
        );
        assert_eq!(
            proof.round_keys().collect::<Vec<_>>(),
            hashes(&vector["keys"]),
            "{name}"
        );
        assert_eq!(
            proof.round_roots(),
            hashes(&vector["round_roots"]),
            "{name}"
        );
        assert_eq!(proof.peaks(), hashes(&vector["peaks"]), "{name}");
        assert_eq!(proof.root(), hash(&vector["root"]), "{name}");

        let beacon = hash(&vector["sampling_beacon"]);
        let count = u32::try_from(golden.openings.len()).expect("a few openings");
        let openings = open(&mut engine, &proof, &beacon, count).expect("opens");
        assert_eq!(Bundle::opened(&proof, beacon, openings), golden, "{name}");
    }
}

#[test]
fn a_proof_from_golden_round_roots_is_the_golden_one() {
    for vector in golden() {
        let golden = bundle(&vector);
        let roots = hashes(&vector["round_roots"]);
        let proof = Proof::from_round_roots(golden.claim.challenge, golden.claim.workload, roots)
            .expect("valid");
        assert_eq!(proof.claim(), golden.claim);
        assert_eq!(proof.rounds(), golden.claim.rounds);
        assert_eq!(proof.peaks(), golden.peaks);
    }
}

#[test]
fn sampled_positions_are_the_golden_ones() {
    for vector in golden() {
        let golden = bundle(&vector);
        let roots = hashes(&vector["round_roots"]);
        let proof = Proof::from_round_roots(golden.claim.challenge, golden.claim.workload, roots)
            .expect("valid");
        let positions = proof.samples(&hash(&vector["sampling_beacon"]), 8);
        let openings = vector["openings"].as_array().expect("openings");
        assert!(openings.len() >= 2);
        for (position, opening) in positions.iter().zip(openings) {
            let golden = Sample {
                round: number(&opening["round"]),
                tile: number(&opening["tile"]),
                sub_tile: number(&opening["sub_tile"]),
            };
            assert_eq!(*position, golden);
        }
    }
}

#[test]
fn golden_bundles_verify() {
    for vector in golden() {
        assert_eq!(bundle(&vector).verify(), Ok(()), "{}", vector["name"]);
    }
}

#[test]
fn refused_bundles_are_refused_for_their_own_reason() {
    let vectors = refused();
    assert_eq!(vectors.len(), 9);
    for vector in vectors {
        let name = vector["name"].as_str().expect("a name");
        let found =
            Bundle::from_json(vector.to_string().as_bytes()).and_then(|bundle| bundle.verify());
        let expected = match name {
            "a peak too many" | "rounds changed" => VerifyError::PeakCount,
            "peaks swapped" => VerifyError::Root,
            "a tile path element too many" => VerifyError::TilePathLength { opening: 0 },
            "a mountain path element altered" => VerifyError::Peak { opening: 1 },
            "a fold altered" => VerifyError::Peak { opening: 0 },
            "no openings" => VerifyError::NoOpenings,
            "k changed" => VerifyError::Product { opening: 0 },
            "65 folds" => {
                let Err(BundleError::Malformed(reason)) = found else {
                    panic!("65 folds are not read, {found:?}");
                };
                assert!(reason.contains("at most 64"), "{reason}");
                continue;
            }
            _ => panic!("no expectation for {name}"),
        };
        assert_eq!(found, Err(BundleError::Refused(expected)), "{name}");
    }
}
