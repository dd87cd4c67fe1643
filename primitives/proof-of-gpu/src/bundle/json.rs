// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The JSON form of a bundle. Every list is bounded while it is read.

use alloc::{string::String, vec::Vec};
use core::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, SeqAccess, Visitor},
};

use super::{Bundle, BundleOpening, MAX_OPENINGS};
use crate::{
    Claim, FOLDS, Hash, MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_TILE_PATH, Opening, Path, Workload,
    sampling::Sample,
};

/// Reads a bundle.
pub(super) fn read(text: &[u8]) -> serde_json::Result<Bundle> {
    serde_json::from_slice::<Document>(text)?.bundle()
}

/// Writes a bundle.
pub(super) fn write(bundle: &Bundle) -> String {
    // Nothing in the document can fail to serialise: no maps with other keys than
    // texts, and serialisers of our own that do not refuse.
    let mut text = serde_json::to_string_pretty(&Document::of(bundle)).unwrap_or_default();
    text.push('\n');
    text
}

impl Document {
    /// The bundle that the document is of.
    pub(crate) fn bundle(self) -> serde_json::Result<Bundle> {
        let mut openings = Vec::with_capacity(self.openings.0.len());
        for opening in self.openings.0 {
            openings.push(BundleOpening {
                sample: Sample {
                    round: opening.round,
                    tile: opening.tile,
                    sub_tile: opening.sub_tile,
                },
                opening: Opening {
                    folds: opening.folds.0,
                    tile_path: path(opening.tile_path)?,
                    mountain_path: path(opening.mountain_path)?,
                },
            });
        }
        Ok(Bundle {
            claim: Claim {
                challenge: self.challenge.0,
                workload: self.workload,
                rounds: self.rounds,
                root: self.root.0,
            },
            peaks: self.peaks.hashes(),
            sampling_beacon: self.sampling_beacon.map(|hash| hash.0),
            openings,
        })
    }

    /// The document of a bundle.
    pub(crate) fn of(bundle: &Bundle) -> Self {
        let Claim {
            challenge,
            workload,
            rounds,
            root,
        } = bundle.claim;
        let openings = bundle
            .openings
            .iter()
            .map(|BundleOpening { sample, opening }| OpeningDocument {
                round: sample.round,
                tile: sample.tile,
                sub_tile: sample.sub_tile,
                folds: FoldList(opening.folds),
                tile_path: List::of(&opening.tile_path),
                mountain_path: List::of(&opening.mountain_path),
            });
        Self {
            challenge: Hexadecimal(challenge),
            workload,
            rounds,
            root: Hexadecimal(root),
            peaks: List::of(&bundle.peaks),
            sampling_beacon: bundle.sampling_beacon.map(Hexadecimal),
            openings: List(openings.collect()),
        }
    }
}

pub(crate) fn path<const N: usize>(list: List<Hexadecimal, N>) -> serde_json::Result<Path<N>> {
    Path::try_from(list.hashes()).map_err(serde_json::Error::custom)
}

/// A bundle's JSON object.
#[derive(Serialize, Deserialize)]
pub(crate) struct Document {
    challenge: Hexadecimal,
    workload: Workload,
    rounds: u32,
    root: Hexadecimal,
    peaks: List<Hexadecimal, MAX_PEAKS>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sampling_beacon: Option<Hexadecimal>,
    #[serde(default)]
    openings: List<OpeningDocument, MAX_OPENINGS>,
}

#[derive(Serialize, Deserialize)]
struct OpeningDocument {
    round: u32,
    tile: u32,
    sub_tile: u32,
    folds: FoldList,
    tile_path: List<Hexadecimal, MAX_TILE_PATH>,
    mountain_path: List<Hexadecimal, MAX_MOUNTAIN_PATH>,
}

/// 32 bytes as 0x-prefixed hexadecimal.
#[derive(Clone, Copy)]
pub(crate) struct Hexadecimal(pub(crate) Hash);

impl Serialize for Hexadecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("0x{}", hex::encode(self.0)))
    }
}

impl<'de> Deserialize<'de> for Hexadecimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Hexadecimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("32 bytes as 0x and 64 hexadecimal digits")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Hexadecimal, E> {
                let mut hash = [0; 32];
                text.strip_prefix("0x")
                    .filter(|digits| hex::decode_to_slice(digits, &mut hash).is_ok())
                    .map(|_| Hexadecimal(hash))
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// At most `N` elements.
pub(crate) struct List<T, const N: usize>(pub(crate) Vec<T>);

impl<T, const N: usize> Default for List<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<const N: usize> List<Hexadecimal, N> {
    pub(crate) fn of(hashes: &[Hash]) -> Self {
        Self(hashes.iter().copied().map(Hexadecimal).collect())
    }

    pub(crate) fn hashes(&self) -> Vec<Hash> {
        self.0.iter().map(|hash| hash.0).collect()
    }
}

impl<T: Serialize, const N: usize> Serialize for List<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for List<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T, const N: usize>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for Elements<T, N> {
            type Value = List<T, N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a list of at most {N} elements")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<List<T, N>, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = from.next_element()? {
                    if elements.len() == N {
                        return Err(A::Error::invalid_length(N + 1, &self));
                    }
                    elements.push(element);
                }
                Ok(List(elements))
            }
        }

        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

/// Exactly 64 numbers.
pub(crate) struct FoldList(pub(crate) [u32; FOLDS]);

impl Serialize for FoldList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0)
    }
}

impl<'de> Deserialize<'de> for FoldList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let List(folds) = List::<u32, FOLDS>::deserialize(deserializer)?;
        let found = folds.len();
        folds
            .try_into()
            .map(Self)
            .map_err(|_| D::Error::invalid_length(found, &"exactly 64 folds"))
    }
}
