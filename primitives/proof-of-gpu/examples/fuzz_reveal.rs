// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A seeded fuzzer of everything that comes from outside: encoded reveals, claims
//! and JSON bundles. It stops at the first input that panics or that is accepted
//! although it was altered.
//!
//!     cargo run -p proof-of-gpu-primitives --example fuzz_reveal -- [iterations] [seed]

use std::process::ExitCode;

use codec::{DecodeAll, Encode};
use proof_of_gpu_primitives::{
    Hash, Opening, SoftwareSha256, Workload,
    bundle::Bundle,
    prover::{CpuEngine, open, prove},
    verify_reveal,
};

type Sent = (Vec<Hash>, Vec<Opening>);

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let scaled = (u128::from(self.next()) * bound as u128) >> 64;
        usize::try_from(scaled).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// Changes, cuts, repeats, moves or inserts bytes, a few times.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            if bytes.is_empty() {
                bytes.push(self.byte());
                continue;
            }
            let at = self.below(bytes.len());
            let length = 1 + self.below((bytes.len() - at).min(80));
            match self.below(6) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = self.byte(),
                2 => bytes.truncate(at),
                3 => drop(bytes.drain(at..at + length)),
                4 => bytes.extend_from_within(at..at + length),
                _ => {
                    let piece = bytes[at..at + length].to_vec();
                    let to = self.below(bytes.len() - length + 1);
                    bytes[to..to + length].copy_from_slice(&piece);
                }
            }
        }
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Ok(iterations), Ok(seed)) = (
        arguments.next().unwrap_or(Ok(20_000)),
        arguments.next().unwrap_or(Ok(1)),
    ) else {
        eprintln!("usage: fuzz_reveal [iterations] [seed]");
        return ExitCode::from(2);
    };

    let mut engine = CpuEngine::new();
    let workload = Workload::new(128, 128, 64);
    let beacon = [0x5e; 32];
    let Ok(proof) = prove(&mut engine, [0xc4; 32], &workload, 11, &mut |_| ()) else {
        eprintln!("the honest proof failed");
        return ExitCode::FAILURE;
    };
    let Ok(openings) = open(&mut engine, &proof, &beacon, 4) else {
        eprintln!("the honest openings failed");
        return ExitCode::FAILURE;
    };
    let honest = (proof.peaks().to_vec(), openings.clone()).encode();
    let text = Bundle::opened(&proof, beacon, openings)
        .to_json()
        .into_bytes();

    let mut random = Random(seed);
    let (mut decoded, mut parsed) = (0_u64, 0_u64);
    for iteration in 0..iterations {
        let mut bytes = honest.clone();
        random.mutate(&mut bytes);
        if let Ok((peaks, openings)) = Sent::decode_all(&mut &bytes[..]) {
            decoded += 1;
            let claim = proof.claim();
            let verdict = verify_reveal::<SoftwareSha256>(&claim, &beacon, &peaks, &openings, 4);
            if verdict.is_ok() && bytes != honest {
                eprintln!("iteration {iteration} of seed {seed}: an altered reveal is accepted");
                return ExitCode::FAILURE;
            }
        }

        let mut json = text.clone();
        random.mutate(&mut json);
        if let Ok(bundle) = Bundle::from_json(&json) {
            parsed += 1;
            let same = Bundle::from_json(&text).is_ok_and(|honest| honest == bundle);
            // A bundle with fewer openings is a smaller proof of the same claim.
            let fewer = bundle.openings.len() < 4;
            if bundle.verify().is_ok() && !same && !fewer {
                eprintln!("iteration {iteration} of seed {seed}: an altered bundle is accepted");
                return ExitCode::FAILURE;
            }
        }
    }
    println!(
        "{iterations} iterations of seed {seed}: {decoded} altered reveals decoded, {parsed} \
         altered bundles parsed, none accepted"
    );
    ExitCode::SUCCESS
}
