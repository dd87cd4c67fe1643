// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Properties: honest walks verify, altered ones do not, and no bytes panic.

use codec::{DecodeAll, Encode};
use proof_of_gpu_primitives::{
    Hash, Opening, SoftwareSha256,
    walk::{Lane, WalkClaim, WalkParameters, bundle::WalkBundle, verify_walk},
};
use proptest::{collection::vec, prelude::*};

use crate::support::{Reveal, SMALL, fill, golden};

/// What a reveal sends, in the order of the call's arguments.
type Sent = (Vec<Hash>, Vec<Opening>);

fn sent(reveal: &Reveal) -> Vec<u8> {
    (&reveal.peaks, &reveal.openings).encode()
}

/// Whether bytes sent in place of a reveal's are accepted.
fn accepted(honest: &Reveal, bytes: &[u8]) -> bool {
    let Ok((peaks, openings)) = Sent::decode_all(&mut &bytes[..]) else {
        return false;
    };
    let Reveal {
        claim,
        sampling_beacon,
        samples,
        ..
    } = honest;
    verify_walk::<SoftwareSha256>(claim, sampling_beacon, &peaks, &openings, *samples).is_ok()
}

#[test]
fn no_byte_of_a_reveal_is_free() {
    let reveal = Reveal::of(&mut fill(SMALL), 3, 3);
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

fn small() -> impl Strategy<Value = WalkParameters> {
    (1_u32..6, 0_u32..6, 8_u32..24, 0_u32..3, 1_u32..5, 0_u32..4).prop_map(
        |(pages, page_bits, rounds, lanes, hops, passes)| WalkParameters {
            pages,
            page_bits,
            rounds,
            lanes: 64 << lanes,
            hops,
            passes,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn honest_walks_verify(parameters in small(), more in 0_u32..6, samples in 1_u32..6) {
        let batches = u32::try_from(parameters.min_batches()).expect("few") + more;
        let reveal = Reveal::of(&mut fill(parameters), batches, samples);
        prop_assert_eq!(reveal.verify(), Ok(()));

        let mut claim = reveal.clone();
        claim.claim.challenge[31] ^= 1;
        prop_assert!(claim.verify().is_err());
        let mut claim = reveal;
        claim.claim.batches += 1;
        prop_assert!(claim.verify().is_err());
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in vec(any::<u8>(), 0..4_096)) {
        let claim = WalkClaim {
            challenge: [0; 32],
            parameters: SMALL,
            batches: 7,
            root: [0; 32],
        };
        if let Ok((peaks, openings)) = Sent::decode_all(&mut &bytes[..]) {
            prop_assert!(
                verify_walk::<SoftwareSha256>(&claim, &[0; 32], &peaks, &openings, 6).is_err()
            );
        }
        prop_assert!(WalkBundle::from_json(&bytes).is_err());
    }

    #[test]
    fn arbitrary_sizes_and_claims_do_not_panic(
        numbers in any::<[u32; 7]>(),
        samples in any::<u32>(),
    ) {
        let [pages, page_bits, rounds, lanes, hops, passes, batches] = numbers;
        let parameters = WalkParameters { pages, page_bits, rounds, lanes, hops, passes };
        let claim = WalkClaim { challenge: [0; 32], parameters, batches, root: [0; 32] };
        prop_assert!(verify_walk::<SoftwareSha256>(&claim, &[0; 32], &[], &[], samples).is_err());
        let _ = (parameters.min_batches(), parameters.bytes_read(batches));
        let _ = Lane::new(&[0; 32], lanes).next(&parameters);
    }

    #[test]
    fn altered_text_is_never_accepted(at in 0_usize..20_000, byte in any::<u8>()) {
        let vector = &golden()["walks"][1];
        let mut text = vector.to_string().into_bytes();
        let at = at % text.len();
        prop_assume!(text[at] != byte);
        let before = WalkBundle::from_json(&text).expect("golden");
        text[at] = byte;
        // Fields that are no part of the bundle, and equal spellings, change nothing.
        if let Ok(altered) = WalkBundle::from_json(&text) {
            prop_assert!(altered == before || altered.verify().is_err());
        }
    }
}
