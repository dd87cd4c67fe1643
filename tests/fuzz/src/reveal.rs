// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Encoded claims and reveals, as they come with a call, to the verifier.
//!
//! What is accepted must be of the honest claim, and what an honest prover opens for
//! that beacon: whoever finds another one has broken the hash, or the verifier.

use std::sync::LazyLock;

use codec::{Decode, DecodeAll, Encode, MaxEncodedLen};
use proof_of_gpu_primitives::{
    Claim, Hash, Opening, SoftwareSha256, Workload,
    prover::{CpuEngine, Proof, open, prove},
    verify_reveal,
};

use crate::{Cursor, Reached, Target};

/// The target. An input begins with a byte that says whether a claim and a beacon of
/// its own stand before the reveal.
pub const TARGET: Target = Target {
    name: "reveal",
    longest: 8192,
    run,
    seeds,
    expected: [50, 0],
};

const BEACON: Hash = [0x5e; 32];
const SAMPLES: u32 = 4;

/// A reveal: the peaks and the openings.
type Sent = (Vec<Hash>, Vec<Opening>);
/// A claim in the order in which an input has it.
type Claimed = (Hash, Hash, Workload, u32, Hash, u8);

pub(crate) struct Honest {
    pub(crate) proof: Proof,
    pub(crate) openings: Vec<Opening>,
}

/// One honest proof, of eleven rounds so that there are three peaks, opened.
pub(crate) static HONEST: LazyLock<Honest> = LazyLock::new(|| {
    let mut engine = CpuEngine::new();
    let workload = Workload::new(128, 128, 64);
    let proof =
        prove(&mut engine, [0xc4; 32], &workload, 11, &mut |_| ()).expect("an honest proof");
    let openings = open(&mut engine, &proof, &BEACON, SAMPLES).expect("honest openings");
    Honest { proof, openings }
});

impl Honest {
    /// What is opened for a beacon. Another one can ask for the same.
    pub(crate) fn open(&self, beacon: &Hash, samples: u32) -> Vec<Opening> {
        open(&mut CpuEngine::new(), &self.proof, beacon, samples).expect("honest openings")
    }
}

pub(crate) const fn beacon() -> Hash {
    BEACON
}

fn run(input: &[u8]) -> Reached {
    let honest = &*HONEST;
    let mut cursor = Cursor::new(input);
    let own = cursor.byte() & 1 == 1;
    let mut rest = cursor.rest();
    let (beacon, claim, samples) = if own {
        let Ok((beacon, challenge, workload, rounds, root, samples)) = Claimed::decode(&mut rest)
        else {
            return Reached::Nothing;
        };
        let claim = Claim {
            challenge,
            workload,
            rounds,
            root,
        };
        (beacon, claim, u32::from(samples))
    } else {
        (BEACON, honest.proof.claim(), SAMPLES)
    };
    let Ok((peaks, openings)) = Sent::decode_all(&mut &*rest) else {
        return Reached::Nothing;
    };
    assert_eq!(
        (&peaks, &openings).encode(),
        rest,
        "one reveal has two encodings"
    );
    for opening in &openings {
        assert!(
            opening.encoded_size() <= Opening::max_encoded_len(),
            "an opening is longer than the chain reckons with"
        );
    }
    match verify_reveal::<SoftwareSha256>(&claim, &beacon, &peaks, &openings, samples) {
        Ok(()) => {
            assert_eq!(claim, honest.proof.claim());
            assert_eq!(peaks, honest.proof.peaks());
            assert_eq!(openings, honest.open(&beacon, samples));
            Reached::Accepted
        }
        Err(_) => Reached::Decoded,
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let Honest { proof, openings } = &*HONEST;
    let claim = proof.claim();
    let mut seeds = vec![[vec![0], (proof.peaks(), openings).encode()].concat()];
    for samples in 1_u8..=2 {
        let claimed = (
            BEACON,
            claim.challenge,
            claim.workload,
            claim.rounds,
            claim.root,
            samples,
        );
        let sent = (proof.peaks(), &openings[..usize::from(samples)]);
        seeds.push([vec![1], claimed.encode(), sent.encode()].concat());
    }
    seeds
}
