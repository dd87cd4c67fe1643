// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the tests share: the golden vectors, and small proofs.

use proof_of_gpu_primitives::{
    ChallengeInput, Claim, Hash, Opening, SoftwareSha256, VerifyError, Workload,
    bundle::Bundle,
    challenge, check_size,
    prover::{CpuEngine, Proof, open, prove},
    verify_reveal,
};
use serde_json::Value;

/// The golden vectors, from a second implementation.
pub(crate) fn golden() -> Vec<Value> {
    list(include_str!("../vectors/proof-of-gpu-v1.json"))
}

/// Bundles that must be refused.
pub(crate) fn refused() -> Vec<Value> {
    list(include_str!("../vectors/proof-of-gpu-v1-refused.json"))
}

fn list(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("the vectors are a list")
}

/// A 0x-prefixed hash.
pub(crate) fn hash(value: &Value) -> Hash {
    let digits = value
        .as_str()
        .and_then(|text| text.strip_prefix("0x"))
        .expect("0x");
    let mut hash = [0; 32];
    hex::decode_to_slice(digits, &mut hash).expect("64 digits");
    hash
}

pub(crate) fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().expect("a list").iter().map(hash).collect()
}

pub(crate) fn number(value: &Value) -> u32 {
    value
        .as_u64()
        .and_then(|number| number.try_into().ok())
        .expect("a 32-bit number")
}

/// The bundle that a vector holds among other fields.
pub(crate) fn bundle(vector: &Value) -> Bundle {
    Bundle::from_json(vector.to_string().as_bytes()).expect("a bundle")
}

/// What a golden vector's challenge is made of.
pub(crate) fn challenge_input(vector: &Value) -> ChallengeInput {
    let workload = &vector["workload"];
    ChallengeInput {
        genesis_hash: hash(&vector["genesis"]),
        window: number(&vector["window"]),
        beacon: hash(&vector["beacon"]),
        account: hash(&vector["account"]),
        gpu: number(&vector["gpu"]),
        workload: Workload::new(
            number(&workload["m"]),
            number(&workload["n"]),
            number(&workload["k"]),
        ),
    }
}

/// An honest miner's place in a window, told apart by a number.
pub(crate) fn input(seed: u8, workload: Workload) -> ChallengeInput {
    ChallengeInput {
        genesis_hash: [seed; 32],
        window: 7,
        beacon: [0xb0 ^ seed; 32],
        account: [0xac ^ seed; 32],
        gpu: 2,
        workload,
    }
}

/// A reveal that can be altered piece by piece.
#[derive(Clone)]
pub(crate) struct Reveal {
    pub(crate) claim: Claim,
    pub(crate) sampling_beacon: Hash,
    pub(crate) peaks: Vec<Hash>,
    pub(crate) openings: Vec<Opening>,
    pub(crate) samples: u32,
}

impl Reveal {
    /// An honest reveal.
    pub(crate) fn honest(input: &ChallengeInput, rounds: u32, samples: u32) -> Self {
        let challenge = challenge::<SoftwareSha256>(input);
        let proof = prove(
            &mut CpuEngine::new(),
            challenge,
            &input.workload,
            rounds,
            &mut |_| (),
        )
        .expect("an honest proof");
        Self::of(&proof, samples)
    }

    /// The reveal of a proof made by the CPU engine.
    pub(crate) fn of(proof: &Proof, samples: u32) -> Self {
        let sampling_beacon = [0x5a; 32];
        let openings = open(&mut CpuEngine::new(), proof, &sampling_beacon, samples)
            .expect("an honest proof opens");
        Self {
            claim: proof.claim(),
            sampling_beacon,
            peaks: proof.peaks().to_vec(),
            openings,
            samples,
        }
    }

    /// The verdict. What is found wrong with the size alone is, by the way, the same that
    /// the verifier finds, but for a root that is wrong as well: it looks at that between
    /// the peaks and the paths.
    pub(crate) fn verify(&self) -> Result<(), VerifyError> {
        let verdict = verify_reveal::<SoftwareSha256>(
            &self.claim,
            &self.sampling_beacon,
            &self.peaks,
            &self.openings,
            self.samples,
        );
        let size = self.size();
        match verdict {
            Ok(()) | Err(VerifyError::Peak { .. } | VerifyError::Product { .. }) => {
                assert_eq!(size, Ok(()));
            }
            Err(VerifyError::Root) => {}
            refused => assert_eq!(size, refused),
        }
        verdict
    }

    /// The verdict on its size alone.
    pub(crate) fn size(&self) -> Result<(), VerifyError> {
        check_size::<SoftwareSha256>(
            &self.claim,
            &self.sampling_beacon,
            &self.peaks,
            &self.openings,
            self.samples,
        )
    }
}
