// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whole chains of rounds: against the golden vectors, against the CPU prover,
//! and through the verifier.

mod common;

use std::sync::LazyLock;
use std::time::Instant;

use common::{adapters, hash};
use ni_shaders::{GpuError, GpuProver, KernelPath, Options, Stage};
use proof_of_gpu_primitives::prover::{self, CpuEngine, RoundEngine};
use proof_of_gpu_primitives::{SoftwareSha256, Workload, verify_reveal};
use serde::Deserialize;

type Bytes = [u8; 32];

/// One golden vector; the fields that the prover does not see are left out.
#[derive(Deserialize)]
struct Vector {
    name: String,
    workload: Workload,
    rounds: u32,
    #[serde(with = "hexadecimal::one")]
    challenge: Bytes,
    #[serde(with = "hexadecimal::one")]
    sampling_beacon: Bytes,
    #[serde(with = "hexadecimal::many")]
    round_roots: Vec<Bytes>,
    #[serde(with = "hexadecimal::many")]
    peaks: Vec<Bytes>,
    #[serde(with = "hexadecimal::one")]
    root: Bytes,
    openings: Vec<VectorOpening>,
}

#[derive(Deserialize)]
struct VectorOpening {
    folds: Vec<u32>,
    #[serde(with = "hexadecimal::many")]
    tile_path: Vec<Bytes>,
    #[serde(with = "hexadecimal::many")]
    mountain_path: Vec<Bytes>,
}

mod hexadecimal {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer};

    fn parse<E: Error>(text: &str) -> Result<[u8; 32], E> {
        let mut bytes = [0; 32];
        let digits = text.strip_prefix("0x").ok_or_else(|| E::custom("no 0x"))?;
        hex::decode_to_slice(digits, &mut bytes).map_err(E::custom)?;
        Ok(bytes)
    }

    pub(crate) mod one {
        use super::*;

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<[u8; 32], D::Error> {
            parse(&String::deserialize(from)?)
        }
    }

    pub(crate) mod many {
        use super::*;

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Vec<[u8; 32]>, D::Error> {
            Vec::<String>::deserialize(from)?
                .iter()
                .map(|text| parse(text))
                .collect()
        }
    }
}

fn vectors() -> Vec<Vector> {
    let text = include_str!("../../primitives/proof-of-gpu/tests/vectors/proof-of-gpu-v1.json");
    serde_json::from_str(text).expect("the golden vectors parse")
}

/// A prover for each adapter and kernel, which the tests share: opening them all takes
/// longer than most tests.
fn provers() -> &'static [GpuProver] {
    static PROVERS: LazyLock<Vec<GpuProver>> = LazyLock::new(open_all);
    &PROVERS
}

fn open_all() -> Vec<GpuProver> {
    let mut provers = Vec::new();
    for adapter in adapters() {
        for kernel in adapter.usable_kernels() {
            let options = Options {
                kernel: Some(kernel),
                ..Options::default()
            };
            provers.push(GpuProver::new(&adapter, &options).expect("the self-test passes"));
        }
    }
    provers
}

#[test]
fn golden_vectors() {
    let vectors = vectors();
    assert!(!vectors.is_empty());
    for gpu in provers() {
        for vector in &vectors {
            let proof = gpu
                .prove(
                    &vector.challenge,
                    &vector.workload,
                    vector.rounds,
                    &mut |_| (),
                )
                .expect("the device proves");
            assert_eq!(proof.round_roots(), vector.round_roots, "{}", vector.name);
            assert_eq!(proof.peaks(), vector.peaks, "{}", vector.name);
            assert_eq!(proof.root(), vector.root, "{}", vector.name);
            let count = u32::try_from(vector.openings.len()).expect("few openings");
            let openings = gpu
                .open(&proof, &vector.sampling_beacon, count)
                .expect("the device opens");
            for (opening, expected) in openings.iter().zip(&vector.openings) {
                assert_eq!(opening.folds.as_slice(), expected.folds, "{}", vector.name);
                assert_eq!(
                    *opening.tile_path,
                    expected.tile_path[..],
                    "{}",
                    vector.name
                );
                assert_eq!(
                    *opening.mountain_path,
                    expected.mountain_path[..],
                    "{}",
                    vector.name
                );
            }
            assert_eq!(openings.len(), vector.openings.len());
        }
    }
}

#[test]
fn gpu_and_cpu_give_the_same_proofs_and_openings() {
    let beacon = hash("sampling");
    for gpu in provers() {
        for (m, n, k) in [(64, 64, 64), (128, 256, 192), (512, 512, 512)] {
            let workload = Workload::new(m, n, k);
            for rounds in [1, 2, 3, 7, 32, 33] {
                let challenge = hash(&format!("{workload} {rounds}"));
                let cpu = prover::prove(
                    &mut CpuEngine::new(),
                    challenge,
                    &workload,
                    rounds,
                    &mut |_| (),
                )
                .expect("the CPU proves");
                let proof = gpu
                    .prove(&challenge, &workload, rounds, &mut |_| ())
                    .expect("the GPU proves");
                assert_eq!(proof, cpu, "{workload}, {rounds} rounds");
                let openings = gpu.open(&proof, &beacon, 2).expect("the GPU opens");
                let cpu_openings = prover::open(&mut CpuEngine::new(), &cpu, &beacon, 2);
                assert_eq!(Ok(&openings), cpu_openings.as_ref());
                verify_reveal::<SoftwareSha256>(
                    &proof.claim(),
                    &beacon,
                    proof.peaks(),
                    &openings,
                    2,
                )
                .expect("the verifier accepts");
            }
        }
    }
}

#[test]
fn random_shapes_and_rounds_give_the_bytes_of_the_cpu() {
    let provers = provers();
    for case in 0..4_u8 {
        let seed = hash(&format!("case {case}"));
        let workload = Workload::new(
            64 << (seed[0] & 3),
            64 << (seed[1] & 3),
            64 * (1 + u32::from(seed[2] % 12)),
        );
        let rounds = 1 + u32::from(seed[3] % 9);
        let cpu = prover::prove(&mut CpuEngine::new(), seed, &workload, rounds, &mut |_| ())
            .expect("the CPU proves");
        for gpu in provers {
            let proof = gpu
                .prove(&seed, &workload, rounds, &mut |_| ())
                .expect("the GPU proves");
            assert_eq!(
                proof,
                cpu,
                "{workload}, {rounds} rounds, {}",
                gpu.kernel(&workload)
            );
        }
    }
}

#[test]
fn the_kernel_is_of_the_path_asked_for_and_remembered() {
    let folder = tempfile::tempdir().expect("a folder");
    let workload = Workload::new(256, 256, 64);
    for adapter in adapters() {
        for path in KernelPath::ALL {
            let support = adapter.kernels.iter().find(|support| support.path == path);
            let support = support.expect("every path is listed");
            assert_eq!(support.kernels.is_empty(), support.missing.is_some());
            let options = Options {
                path: Some(path),
                memory: Some(folder.path().join("kernels.json")),
                ..Options::default()
            };
            match GpuProver::new(&adapter, &options) {
                Ok(gpu) => {
                    let kernel = gpu.kernel(&workload);
                    assert_eq!(kernel.path(), path);
                    let again = GpuProver::new(&adapter, &options).expect("opens again");
                    assert_eq!(again.kernel(&workload), kernel);
                    let text = std::fs::read_to_string(folder.path().join("kernels.json"));
                    assert!(text.expect("a file").contains(&kernel.to_string()));
                }
                Err(error) => {
                    let missing = support
                        .missing
                        .as_ref()
                        .expect("only what is not there fails");
                    assert!(error.to_string().contains(missing), "{error}");
                }
            }
        }
    }
}

#[test]
fn rounds_may_be_run_in_any_portions() {
    let workload = Workload::new(64, 128, 64);
    let challenge = hash("portions");
    for gpu in provers() {
        // More rounds than roots are kept on the device.
        let whole = gpu
            .prove(&challenge, &workload, 1100, &mut |_| ())
            .expect("proves");
        let mut session = gpu.start(&challenge, &workload).expect("starts");
        for portion in [1, 0, 15, 84, 1000] {
            session.run(portion).expect("runs");
        }
        assert_eq!(session.rounds(), 1100);
        assert_eq!(session.finish().expect("finishes"), whole);
    }
}

#[test]
fn progress_only_grows_and_ends_at_the_number_of_rounds() {
    let workload = Workload::new(64, 64, 64);
    for gpu in provers() {
        let mut seen = Vec::new();
        gpu.prove(&hash("progress"), &workload, 300, &mut |done| {
            seen.push(done)
        })
        .expect("proves");
        assert!(seen.is_sorted() && seen.last() == Some(&300), "{seen:?}");
    }
}

#[test]
fn a_deadline_is_kept() {
    let workload = Workload::new(64, 64, 64);
    for gpu in provers() {
        let mut session = gpu.start(&hash("deadline"), &workload).expect("starts");
        // The first round is run in any case; a deadline that has passed adds nothing.
        let passed = Instant::now();
        for _ in 0..2 {
            assert_eq!(session.run_until(passed, &mut |_| ()).expect("runs"), 1);
        }
        let round = session.round_time().expect("there was a round");
        let later = Instant::now() + round * 100;
        let rounds = session.run_until(later, &mut |_| ()).expect("runs");
        assert!(rounds > 1, "no round fits the time of a hundred");
        assert_eq!(session.finish().expect("finishes").rounds(), rounds);
    }
}

#[test]
fn a_session_without_rounds_has_no_proof() {
    for gpu in provers() {
        let session = gpu
            .start(&hash("none"), &Workload::new(64, 64, 64))
            .expect("starts");
        assert!(matches!(session.finish(), Err(GpuError::NoRounds)));
    }
}

#[test]
fn shapes_that_the_protocol_does_not_allow_are_errors() {
    for gpu in provers() {
        for (m, n, k) in [
            (0, 0, 0),
            (63, 64, 64),
            (64, 64, 65),
            (32768, 64, 64),
            (64, 64, 1 << 20),
        ] {
            let result = gpu.start(&hash("shape"), &Workload::new(m, n, k));
            assert!(matches!(result, Err(GpuError::Protocol(_))), "{m}x{n}x{k}");
        }
    }
}

#[test]
fn the_largest_shape_starts() {
    for gpu in provers() {
        gpu.start(&hash("largest"), &Workload::new(16384, 16384, 4096))
            .expect("the largest shape fits the smallest limits there are");
    }
}

#[test]
fn a_long_round_is_cut_into_many_submissions() {
    // Long enough that even a GPU needs several submissions at first.
    let workload = Workload::new(512, 512, 2048);
    let key = hash("long");
    let expected = CpuEngine::new()
        .round_leaves(&key, 0, &workload)
        .expect("computes");
    for gpu in provers() {
        let folds = gpu
            .engine()
            .round_leaves(&key, 0, &workload)
            .expect("computes");
        assert!(folds == expected);
    }
}

#[test]
fn opening_another_challenges_roots_is_refused() {
    let workload = Workload::new(64, 64, 64);
    for gpu in provers() {
        let proof = gpu
            .prove(&hash("mine"), &workload, 3, &mut |_| ())
            .expect("proves");
        let mut roots = proof.round_roots().to_vec();
        roots[1][0] ^= 1;
        let forged =
            prover::Proof::from_round_roots(hash("mine"), workload, roots).expect("a shape");
        let refused = (0..8).any(|beacon| {
            let opened = gpu.open(&forged, &[beacon; 32], 4);
            matches!(opened, Err(GpuError::NotReproduced { .. }))
        });
        assert!(refused, "a forged root was opened");
    }
}

#[test]
fn stage_times_cover_every_stage() {
    for gpu in provers() {
        let times = gpu
            .stage_times(&Workload::new(256, 256, 256), 2)
            .expect("measures");
        let sum: f64 = Stage::ALL.into_iter().map(|stage| times.share(stage)).sum();
        assert!((sum - 1.0).abs() < 1e-9, "the shares sum to {sum}");
        for stage in Stage::ALL {
            assert!(times.share(stage) > 0.0, "{stage} took no time: {times:?}");
        }
    }
}
