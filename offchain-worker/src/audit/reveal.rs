// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A reveal that stands on the chain, with everything that it is judged by.

use codec::{Decode, Encode, Input};
use proof_of_gpu_primitives::{
    ChallengeInput, Claim, Hash, MAX_PEAKS, Opening, SoftwareSha256, VerifyError, Workload,
    bundle::{Bundle, BundleOpening, MAX_OPENINGS},
    challenge,
    sampling::samples,
    verify_reveal,
    walk::{
        WalkClaim, WalkError, WalkParameters, bundle::WalkBundle, joined_challenge, verify_walk,
        walk_challenge,
    },
};
use thiserror::Error;

use super::proven::Proven;

/// A walk that a reveal opens.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RevealedWalk {
    /// Its size.
    pub parameters: WalkParameters,
    /// Batches committed to.
    pub batches: u32,
    /// The commitment's root.
    pub root: Hash,
    /// Lanes that the window asks for.
    pub samples: u32,
    /// Peaks of the range over all batches, oldest first.
    pub peaks: Vec<Hash>,
    /// What is shown of the samples.
    pub openings: Vec<Opening>,
}

/// Why a reveal does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Disproof {
    /// For its product.
    #[error(transparent)]
    Product(#[from] VerifyError),
    /// For the walk before it.
    #[error("the walk: {0}")]
    Walk(#[from] WalkError),
}

/// A reveal of a finalized block. What it is judged by is the chain's state: a miner's
/// word is only in [`Self::peaks`] and [`Self::openings`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Revealed {
    /// Block 0's hash.
    pub genesis_hash: Hash,
    /// The window.
    pub window: u32,
    /// The window's beacon.
    pub beacon: Hash,
    /// The miner's hotkey.
    pub account: Hash,
    /// Its GPU.
    pub gpu: u32,
    /// Shape of the window's rounds.
    pub workload: Workload,
    /// Rounds committed to.
    pub rounds: u32,
    /// The commitment's root.
    pub root: Hash,
    /// What the samples are drawn from.
    pub sampling_beacon: Hash,
    /// Openings that the window asks for.
    pub samples: u32,
    /// Whether the chain accepted it.
    pub accepted: bool,
    /// The block that holds it.
    pub block: u64,
    /// That block's hash.
    pub block_hash: Hash,
    /// The call's place in that block.
    pub extrinsic: u32,
    /// Peaks of the range over all rounds, oldest first.
    pub peaks: Vec<Hash>,
    /// What is shown of the samples.
    pub openings: Vec<Opening>,
    /// The walk before the product, where the window asks for one.
    pub walk: Option<RevealedWalk>,
}

/// One of nothing, to be filled in.
impl Default for Revealed {
    fn default() -> Self {
        Self {
            genesis_hash: Hash::default(),
            window: 0,
            beacon: Hash::default(),
            account: Hash::default(),
            gpu: 0,
            workload: Workload::new(0, 0, 0),
            rounds: 0,
            root: Hash::default(),
            sampling_beacon: Hash::default(),
            samples: 0,
            accepted: false,
            block: 0,
            block_hash: Hash::default(),
            extrinsic: 0,
            peaks: Vec::new(),
            openings: Vec::new(),
            walk: None,
        }
    }
}

impl Revealed {
    /// The challenge of this GPU in this window, derived anew.
    pub fn challenge(&self) -> Hash {
        challenge::<SoftwareSha256>(&ChallengeInput {
            genesis_hash: self.genesis_hash,
            window: self.window,
            beacon: self.beacon,
            account: self.account,
            gpu: self.gpu,
            workload: self.workload,
        })
    }

    /// What is claimed of the product.
    pub fn claim(&self) -> Claim {
        let own = self.challenge();
        Claim {
            challenge: self.walk.as_ref().map_or(own, |walk| {
                joined_challenge::<SoftwareSha256>(&own, &walk.root)
            }),
            workload: self.workload,
            rounds: self.rounds,
            root: self.root,
        }
    }

    /// Checks it as the chain does.
    ///
    /// # Errors
    /// The first check that fails.
    pub fn verify(&self) -> Result<(), Disproof> {
        if let Some(walk) = &self.walk {
            verify_walk::<SoftwareSha256>(
                &self.walk_claim(walk),
                &self.sampling_beacon,
                &walk.peaks,
                &walk.openings,
                walk.samples,
            )?;
        }
        Ok(verify_reveal::<SoftwareSha256>(
            &self.claim(),
            &self.sampling_beacon,
            &self.peaks,
            &self.openings,
            self.samples,
        )?)
    }

    fn walk_claim(&self, walk: &RevealedWalk) -> WalkClaim {
        WalkClaim {
            challenge: self.challenge(),
            parameters: walk.parameters,
            batches: walk.batches,
            root: walk.root,
        }
    }

    /// The reveal's product as a bundle, which anybody can verify without a chain.
    pub fn bundle(&self) -> Bundle {
        let claim = self.claim();
        let tiles = claim.workload.tiles();
        Bundle {
            claim,
            peaks: self.peaks.clone(),
            sampling_beacon: Some(self.sampling_beacon),
            openings: self.placed(
                &claim.challenge,
                &claim.root,
                claim.rounds,
                tiles,
                &self.openings,
            ),
        }
    }

    /// All of the reveal as a bundle: with the walk, where there is one.
    pub fn proven(&self) -> Proven {
        let product = self.bundle();
        let Some(walk) = &self.walk else {
            return Proven::Product(product);
        };
        let claim = self.walk_claim(walk);
        let walked = walk_challenge::<SoftwareSha256>(&claim.challenge, &claim.parameters);
        let groups = claim.parameters.groups();
        Proven::Walk(WalkBundle {
            claim,
            peaks: walk.peaks.clone(),
            sampling_beacon: Some(self.sampling_beacon),
            openings: self.placed(&walked, &claim.root, claim.batches, groups, &walk.openings),
            product: Some(product),
        })
    }

    /// Openings with the positions that they are of, in order.
    fn placed(
        &self,
        challenge: &Hash,
        root: &Hash,
        rounds: u32,
        tiles: u32,
        openings: &[Opening],
    ) -> Vec<BundleOpening> {
        let count = u32::try_from(openings.len()).unwrap_or(u32::MAX);
        let beacon = &self.sampling_beacon;
        samples::<SoftwareSha256>(beacon, challenge, root, rounds, tiles, count)
            .zip(openings)
            .map(|(sample, opening)| BundleOpening {
                sample,
                opening: opening.clone(),
            })
            .collect()
    }
}

/// The miner's part of a reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Peaks of the range over all rounds.
    pub peaks: Vec<Hash>,
    /// What is shown of the samples.
    pub openings: Vec<Opening>,
    /// Peaks of the range over all batches of the walk; none without one.
    pub walk_peaks: Vec<Hash>,
    /// What is shown of the walk's samples.
    pub walk_openings: Vec<Opening>,
}

/// Every reveal of a GPU within a call's bytes, however deep other calls (a batch, a
/// proxy, a multisig) wrap it.
///
/// A reveal is the window, the sampling beacon, the GPU, the peaks and the openings, and
/// those of the walk, in SCALE, one after the other; the first three are known, and the beacon cannot have
/// been written before it was drawn. What else carries those bytes is for the verifier
/// to tell from the reveal: leaves commit to all that is shown of a sample. Each is read
/// when it is asked for: bytes can be such that thousands begin in each other, which
/// together are far longer than the call.
pub fn find<'a>(
    fields: &'a [u8],
    window: u32,
    sampling_beacon: &Hash,
    gpu: u32,
) -> impl Iterator<Item = Shown> + use<'a> {
    let start = (window, sampling_beacon, gpu).encode();
    (0..fields.len()).filter_map(move |at| {
        let rest = fields.get(at..)?.strip_prefix(start.as_slice())?;
        shown(rest).ok()
    })
}

fn shown(mut rest: &[u8]) -> Result<Shown, codec::Error> {
    Ok(Shown {
        peaks: list(&mut rest, MAX_PEAKS)?,
        openings: list(&mut rest, MAX_OPENINGS)?,
        walk_peaks: list(&mut rest, MAX_PEAKS)?,
        walk_openings: list(&mut rest, MAX_OPENINGS)?,
    })
}

/// A list of at most so many elements, refused before any of it is read where it says
/// that it is longer.
fn list<T: Decode>(input: &mut impl Input, most: usize) -> Result<Vec<T>, codec::Error> {
    let codec::Compact(length) = codec::Compact::<u32>::decode(input)?;
    if length as usize > most {
        return Err("a longer list than any reveal has".into());
    }
    (0..length).map(|_| T::decode(input)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::fabricated::{self, Lie};

    #[test]
    fn a_fabricated_reveal_is_accepted_as_a_reveal_and_as_a_bundle() {
        let revealed = fabricated::revealed(Lie::None);
        assert_eq!(revealed.verify(), Ok(()));
        assert_eq!(revealed.bundle().verify(), Ok(()));
    }

    #[test]
    fn of_another_account_gpu_or_window_it_is_refused() {
        let honest = fabricated::revealed(Lie::None);
        let mut others = [honest.clone(), honest.clone(), honest.clone(), honest];
        others[0].account[0] ^= 1;
        others[1].gpu += 1;
        others[2].window += 1;
        others[3].beacon[0] ^= 1;
        for other in others {
            assert_eq!(other.verify(), Err(VerifyError::Root.into()));
        }
    }

    fn call(revealed: &Revealed) -> Vec<u8> {
        (
            revealed.window,
            revealed.sampling_beacon,
            revealed.gpu,
            &revealed.peaks,
            &revealed.openings,
            revealed.walk.as_ref().map_or(&[][..], |walk| &walk.peaks),
            revealed
                .walk
                .as_ref()
                .map_or(&[][..], |walk| &walk.openings),
        )
            .encode()
    }

    #[test]
    fn a_walk_is_part_of_what_is_found_judged_and_bundled() {
        let revealed = fabricated::walked();
        assert_eq!(revealed.verify(), Ok(()));
        let Proven::Walk(bundle) = revealed.proven() else {
            panic!("the walk is missing");
        };
        assert_eq!(bundle.verify(), Ok(()));
        let walk = revealed.walk.clone().expect("it has one");
        let found = find(
            &call(&revealed),
            revealed.window,
            &revealed.sampling_beacon,
            revealed.gpu,
        )
        .collect::<Vec<_>>();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].walk_peaks, walk.peaks);
        assert_eq!(found[0].walk_openings, walk.openings);

        // Without it the product is of another challenge, and one mark spoils it.
        let without = Revealed {
            walk: None,
            ..revealed.clone()
        };
        assert_eq!(without.verify(), Err(VerifyError::Root.into()));
        let mut altered = revealed;
        if let Some(walk) = &mut altered.walk {
            walk.openings[0].folds[0] ^= 1;
        }
        let peak = WalkError::Commitment(VerifyError::Peak { opening: 0 });
        assert_eq!(altered.verify(), Err(peak.into()));
    }

    #[test]
    fn it_is_found_in_a_call_and_in_what_wraps_it() {
        let revealed = fabricated::revealed(Lie::None);
        let bytes = call(&revealed);
        let wrapped = [&[1, 2, 3][..], &bytes, &[4, 5, 6]].concat();
        for bytes in [&bytes, &wrapped] {
            let found = find(
                bytes,
                revealed.window,
                &revealed.sampling_beacon,
                revealed.gpu,
            )
            .collect::<Vec<_>>();
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].peaks, revealed.peaks);
            assert_eq!(found[0].openings, revealed.openings);
        }
        let of_another = find(
            &bytes,
            revealed.window,
            &revealed.sampling_beacon,
            revealed.gpu + 1,
        )
        .collect::<Vec<_>>();
        assert_eq!(of_another, []);
    }

    #[test]
    fn what_ends_early_or_says_that_it_is_endless_is_none() {
        let revealed = fabricated::revealed(Lie::None);
        let bytes = call(&revealed);
        let start = 40;
        let endless = [&bytes[..start], &[0xfe, 0xff, 0xff, 0xff]].concat();
        for bytes in [&bytes[..bytes.len() - 1], &bytes[..start], &endless, &[]] {
            let found = find(
                bytes,
                revealed.window,
                &revealed.sampling_beacon,
                revealed.gpu,
            )
            .collect::<Vec<_>>();
            assert_eq!(found, []);
        }
    }
}
