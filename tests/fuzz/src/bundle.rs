// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Bundle files, as `ni-worker verify` reads them.

use proof_of_gpu_primitives::bundle::Bundle;

use crate::{
    Reached, Target,
    reveal::{HONEST, beacon},
};

/// The target: an input is the file.
pub const TARGET: Target = Target {
    name: "bundle",
    longest: 32 << 10,
    run,
    seeds,
    expected: [5, 0],
};

fn honest() -> Bundle {
    Bundle::opened(&HONEST.proof, beacon(), HONEST.openings.clone())
}

fn run(input: &[u8]) -> Reached {
    let Ok(bundle) = Bundle::read(input) else {
        return Reached::Nothing;
    };
    let written = bundle.to_json();
    assert_eq!(
        Bundle::from_json(written.as_bytes()).as_ref(),
        Ok(&bundle),
        "a bundle changes when it is written and read"
    );
    if bundle.verify().is_err() {
        return Reached::Decoded;
    }
    // With fewer openings it is a smaller proof of the same claim; another beacon can
    // ask for the same openings.
    let beacon = bundle.sampling_beacon.expect("what is verified is sampled");
    let samples = u32::try_from(bundle.openings.len()).expect("few openings");
    let honest = Bundle::opened(&HONEST.proof, beacon, HONEST.open(&beacon, samples));
    assert_eq!(bundle, honest, "an altered bundle is accepted");
    Reached::Accepted
}

fn seeds() -> Vec<Vec<u8>> {
    let mut one = honest();
    one.openings.truncate(1);
    let compact = |bundle: &Bundle| {
        let value: serde_json::Value =
            serde_json::from_str(&bundle.to_json()).expect("a bundle is JSON");
        value.to_string().into_bytes()
    };
    vec![
        compact(&one),
        compact(&honest()),
        Bundle::commitment(&HONEST.proof).to_json().into_bytes(),
    ]
}
