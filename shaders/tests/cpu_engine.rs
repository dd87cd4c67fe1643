// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The CPU prover with a library's product against the one without.

use std::num::NonZeroUsize;

use ni_shaders::cpu::engine::GemmEngine;
use proof_of_gpu_primitives::prover::{self, CpuEngine, RoundEngine};
use proof_of_gpu_primitives::{Sha256, SoftwareSha256, Workload};

#[test]
fn both_engines_give_the_same_folds() {
    let mut gemm = GemmEngine::new();
    for (m, n, k) in [
        (64, 64, 64),
        (64, 1024, 128),
        (1024, 64, 448),
        (128, 256, 576),
        (256, 128, 4096),
        // More entries of C than are computed at a time.
        (128, 16_384, 64),
        (2048, 1024, 64),
    ] {
        let workload = Workload::new(m, n, k);
        let key = SoftwareSha256::hash(workload.to_string().as_bytes());
        let Ok(expected) = CpuEngine::new().round_leaves(&key, 0, &workload);
        let Ok(folds) = gemm.round_leaves(&key, 0, &workload);
        assert!(folds == expected, "{workload}");
        let Ok(other) = gemm.round_leaves(&[1; 32], 0, &workload);
        assert!(other != expected, "{workload}: another key, the same folds");
    }
}

#[test]
fn both_engines_give_the_same_proofs_and_openings() {
    let mut plain = CpuEngine::new();
    for threads in [1, 3] {
        let threads = NonZeroUsize::new(threads).expect("not zero");
        let mut gemm = GemmEngine::with_threads(threads);
        for (case, rounds) in [1, 2, 5, 8].into_iter().enumerate() {
            let seed = SoftwareSha256::hash(&[u8::try_from(case).expect("few")]);
            let workload = Workload::new(
                64 << (seed[0] & 3),
                64 << (seed[1] & 3),
                64 * (1 + u32::from(seed[2] % 16)),
            );
            let expected = prover::prove(&mut plain, seed, &workload, rounds, &mut |_| ());
            let proof = prover::prove(&mut gemm, seed, &workload, rounds, &mut |_| ());
            assert_eq!(proof, expected, "{workload}");
            let proof = proof.expect("proves");
            assert_eq!(
                prover::open(&mut gemm, &proof, &[2; 32], 3),
                prover::open(&mut plain, &proof, &[2; 32], 3)
            );
        }
    }
}
