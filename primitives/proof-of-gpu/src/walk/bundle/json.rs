// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The JSON form of a walk's bundle. Every list is bounded while it is read.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize, de::Error};

use super::WalkBundle;
use crate::{
    MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_TILE_PATH, Opening,
    bundle::{
        BundleOpening, MAX_OPENINGS,
        json::{Document as Product, FoldList, Hexadecimal, List, path},
    },
    sampling::Sample,
    walk::{WALK_VERSION, WalkClaim, WalkParameters},
};

/// Reads a bundle.
pub(super) fn read(text: &[u8]) -> serde_json::Result<WalkBundle> {
    let document: Document = serde_json::from_slice(text)?;
    if document.version != WALK_VERSION {
        return Err(serde_json::Error::custom(format_args!(
            "a bundle of version {}, not {WALK_VERSION}",
            document.version
        )));
    }
    let mut openings = Vec::with_capacity(document.openings.0.len());
    for opening in document.openings.0 {
        openings.push(BundleOpening {
            sample: Sample {
                round: opening.batch,
                tile: opening.group,
                sub_tile: opening.lane,
            },
            opening: Opening {
                folds: opening.marks.0,
                tile_path: path(opening.group_path)?,
                mountain_path: path(opening.mountain_path)?,
            },
        });
    }
    Ok(WalkBundle {
        claim: WalkClaim {
            challenge: document.challenge.0,
            parameters: document.parameters,
            batches: document.batches,
            root: document.root.0,
        },
        peaks: document.peaks.hashes(),
        sampling_beacon: document.sampling_beacon.map(|hash| hash.0),
        openings,
        product: document.product.map(Product::bundle).transpose()?,
    })
}

/// Writes a bundle.
pub(super) fn write(bundle: &WalkBundle) -> String {
    let WalkClaim {
        challenge,
        parameters,
        batches,
        root,
    } = bundle.claim;
    let openings = bundle
        .openings
        .iter()
        .map(|BundleOpening { sample, opening }| OpeningDocument {
            batch: sample.round,
            group: sample.tile,
            lane: sample.sub_tile,
            marks: FoldList(opening.folds),
            group_path: List::of(&opening.tile_path),
            mountain_path: List::of(&opening.mountain_path),
        });
    let document = Document {
        version: WALK_VERSION,
        challenge: Hexadecimal(challenge),
        parameters,
        batches,
        root: Hexadecimal(root),
        peaks: List::of(&bundle.peaks),
        sampling_beacon: bundle.sampling_beacon.map(Hexadecimal),
        openings: List(openings.collect()),
        product: bundle.product.as_ref().map(Product::of),
    };
    // As in a bundle of version 1, nothing in the document can fail to serialise.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    challenge: Hexadecimal,
    parameters: WalkParameters,
    batches: u32,
    root: Hexadecimal,
    peaks: List<Hexadecimal, MAX_PEAKS>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sampling_beacon: Option<Hexadecimal>,
    #[serde(default)]
    openings: List<OpeningDocument, MAX_OPENINGS>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product: Option<Product>,
}

#[derive(Serialize, Deserialize)]
struct OpeningDocument {
    batch: u32,
    group: u32,
    lane: u32,
    marks: FoldList,
    group_path: List<Hexadecimal, MAX_TILE_PATH>,
    mountain_path: List<Hexadecimal, MAX_MOUNTAIN_PATH>,
}
