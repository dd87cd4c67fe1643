// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Properties: honest proofs verify, altered ones do not, and no bytes panic.

use codec::{DecodeAll, Encode};
use proof_of_gpu_primitives::{
    Claim, Hash, MAX_ROUNDS, Opening, SoftwareSha256, VerifyError, Workload,
    bundle::Bundle,
    challenge,
    prover::{CpuEngine, Proof, open, prove},
    range::{Place, commitment_root},
    sampling::samples,
    verify_reveal,
};
use proptest::{collection::vec, prelude::*};

use crate::support::{Reveal, golden, input};

/// What a reveal sends, in the order of the call's arguments.
type Sent = (Vec<Hash>, Vec<Opening>);

fn proof(seed: u8, workload: Workload, rounds: u32) -> Proof {
    let challenge = challenge::<SoftwareSha256>(&input(seed, workload));
    prove(
        &mut CpuEngine::new(),
        challenge,
        &workload,
        rounds,
        &mut |_| (),
    )
    .expect("proves")
}

/// Whether bytes sent in place of a reveal's are accepted.
fn accepted(honest: &Reveal, bytes: &[u8]) -> bool {
    let Ok((peaks, openings)) = Sent::decode_all(&mut &bytes[..]) else {
        return false;
    };
    verify_reveal::<SoftwareSha256>(
        &honest.claim,
        &honest.sampling_beacon,
        &peaks,
        &openings,
        honest.samples,
    )
    .is_ok()
}

fn sent(reveal: &Reveal) -> Vec<u8> {
    (&reveal.peaks, &reveal.openings).encode()
}

#[test]
fn no_byte_of_a_reveal_is_free() {
    let reveal = Reveal::of(&proof(1, Workload::new(128, 64, 64), 5), 3);
    let bytes = sent(&reveal);
    assert!(accepted(&reveal, &bytes));
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut altered = bytes.clone();
            altered[at] ^= flip;
            assert!(!accepted(&reveal, &altered), "byte {at} ^ {flip}");
        }
        assert!(!accepted(&reveal, &bytes[..at]), "cut at {at}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(!accepted(&reveal, &longer));
}

fn side() -> impl Strategy<Value = u32> {
    prop_oneof![Just(64), Just(128), Just(256)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn honest_proofs_verify(
        seed: u8,
        m in side(),
        n in side(),
        k in 1_u32..12,
        rounds in 1_u32..12,
        samples in 1_u32..24,
        beacon: Hash,
    ) {
        let proof = proof(seed, Workload::new(m, n, 64 * k), rounds);
        let openings = open(&mut CpuEngine::new(), &proof, &beacon, samples).expect("opens");
        let bundle = Bundle::opened(&proof, beacon, openings);
        prop_assert_eq!(bundle.verify(), Ok(()));
        let again = Bundle::from_json(bundle.to_json().as_bytes()).expect("reads");
        prop_assert_eq!(again, bundle);
    }

    #[test]
    fn a_changed_byte_is_refused(
        seed in 0_u8..4,
        rounds in 1_u32..9,
        at: prop::sample::Index,
        flip in 1_u8..,
    ) {
        let reveal = Reveal::of(&proof(seed, Workload::new(128, 128, 64), rounds), 2);
        let mut bytes = sent(&reveal);
        prop_assert!(accepted(&reveal, &bytes));
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert!(!accepted(&reveal, &bytes));
    }

    #[test]
    fn a_changed_text_never_panics(
        vector in 0_usize..4,
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut text = golden()[vector].to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(text.len());
            text[at] = byte;
        }
        if let Ok(bundle) = Bundle::from_json(&text) {
            let _ = bundle.verify();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..4_096)) {
        if let Ok((peaks, openings)) = Sent::decode_all(&mut &bytes[..]) {
            prop_assert_eq!(&(&peaks, &openings).encode(), &bytes);
        }
        prop_assert!(Bundle::from_json(&bytes).is_err());
    }

    #[test]
    fn arbitrary_claims_never_panic(
        m: u32,
        n: u32,
        k: u32,
        rounds: u32,
        samples: u32,
        peaks in vec(any::<Hash>(), 0..33),
        paths in vec((0_usize..17, 0_usize..31), 0..4),
    ) {
        let openings = paths.into_iter().map(|(tile, mountain)| made_up(tile, mountain));
        let reveal = Reveal {
            claim: Claim {
                challenge: [3; 32],
                workload: Workload::new(m, n, k),
                rounds,
                root: [4; 32],
            },
            sampling_beacon: [5; 32],
            peaks,
            openings: openings.collect(),
            samples,
        };
        prop_assert!(reveal.verify().is_err());
    }

    #[test]
    fn claims_of_the_right_form_and_no_substance_are_refused_at_the_peak(
        m in 6_u32..15,
        n in 6_u32..15,
        k in 1_u32..65,
        rounds in 1..=MAX_ROUNDS,
        sampling_beacon: Hash,
        count in 1_u32..20,
    ) {
        let challenge = [3; 32];
        let workload = Workload::new(1 << m, 1 << n, 64 * k);
        let peaks = vec![[6; 32]; rounds.count_ones() as usize];
        let root = commitment_root::<SoftwareSha256>(&challenge, rounds, &peaks);
        let claim = Claim { challenge, workload, rounds, root };
        let tiles = workload.tiles();
        let openings =
            samples::<SoftwareSha256>(&sampling_beacon, &challenge, &root, rounds, tiles, count)
                .map(|sample| {
                    let place = Place::of(sample.round, rounds).expect("in the range");
                    made_up(tiles.ilog2() as usize, place.height as usize)
                })
                .collect();
        let reveal = Reveal { claim, sampling_beacon, peaks, openings, samples: count };
        prop_assert_eq!(reveal.verify(), Err(VerifyError::Peak { opening: 0 }));
    }
}

/// An opening of nothing, with paths of the given lengths.
fn made_up(tile_path: usize, mountain_path: usize) -> Opening {
    Opening {
        folds: [7; 64],
        tile_path: vec![[1; 32]; tile_path].try_into().expect("short enough"),
        mountain_path: vec![[2; 32]; mountain_path]
            .try_into()
            .expect("short enough"),
    }
}
