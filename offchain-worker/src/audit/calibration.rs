// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a validator's own hardware reached, published on the chain, so that the floors
//! of the tiers can be set by what known devices do.
//!
//! It is a signed remark: `System.remark_with_event` with [`MARK`] and a [`Calibration`]
//! in SCALE. The chain keeps who said it and when; it verifies nothing of it. The device's
//! name, the time and the root are the validator's word. Only that the throughput follows
//! from rounds, shape and time is checked, when it is read.

use std::fmt;

use codec::{Decode, Encode, Input};
use proof_of_gpu_primitives::{Hash, Workload, check_rounds};
use subxt::{dynamic, ext::scale_encode::EncodeAsType, transactions::DynamicPayload};

use ni_client::{Chain, ChainError, View, extrinsics::Extrinsic, types::Role};

/// What the remark of a calibration begins with.
pub const MARK: &[u8] = b"NI-CALIBRATION";

/// Version of the record.
pub const VERSION: u8 = 1;

/// Longest name of a device, driver or kernel, in bytes.
pub const LONGEST_NAME: usize = 64;

/// A name that is safe to show: UTF-8 of at most [`LONGEST_NAME`] bytes without control
/// characters, whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Name(String);

impl Name {
    /// As much of a text as fits, control characters left out.
    pub fn of(text: &str) -> Self {
        let mut name = String::new();
        for letter in text.chars().filter(|letter| !letter.is_control()) {
            if name.len() + letter.len_utf8() > LONGEST_NAME {
                break;
            }
            name.push(letter);
        }
        Self(name)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Decode for Name {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let codec::Compact(length) = codec::Compact::<u32>::decode(input)?;
        if length as usize > LONGEST_NAME {
            return Err("a longer name than is taken".into());
        }
        let mut bytes = vec![0; length as usize];
        input.read(&mut bytes)?;
        let text = String::from_utf8(bytes).map_err(|_| "a name that is no UTF-8")?;
        if text.chars().any(char::is_control) {
            return Err("a name with control characters".into());
        }
        Ok(Self(text))
    }
}

/// What a device reached.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Calibration {
    /// The window whose challenge was worked on: that of the signer's account and GPU 0.
    pub window: u32,
    /// The device's name.
    pub device: Name,
    /// Its driver.
    pub driver: Name,
    /// The kernel that multiplied.
    pub kernel: Name,
    /// Shape of a round.
    pub workload: Workload,
    /// Rounds computed.
    pub rounds: u32,
    /// The time that they took, in milliseconds.
    pub ms: u64,
    /// Throughput in MOPS, as the chain rounds it.
    pub mops: u64,
    /// The commitment to every round.
    pub root: Hash,
}

impl Calibration {
    /// The remark that publishes it.
    pub fn remark(&self) -> Vec<u8> {
        let mut remark = MARK.to_vec();
        remark.push(VERSION);
        self.encode_to(&mut remark);
        remark
    }

    /// Reads a remark; `None` where it is no calibration of this version, or one whose
    /// figures do not follow from each other.
    pub fn from_remark(remark: &[u8]) -> Option<Self> {
        let mut rest = remark.strip_prefix(MARK)?.strip_prefix(&[VERSION])?;
        let read = Self::decode(&mut rest).ok()?;
        let sound = rest.is_empty()
            && read.workload.validate().is_ok()
            && check_rounds(read.rounds).is_ok()
            && read.mops == throughput(read.rounds, &read.workload, read.ms);
        sound.then_some(read)
    }
}

/// ⌊rounds · 2mnk / (ms · 10³)⌋: MOPS, as the chain computes them. Zero in no time.
pub fn throughput(rounds: u32, workload: &Workload, ms: u64) -> u64 {
    u128::from(rounds)
        .checked_mul(workload.operations())
        .zip(u128::from(ms).checked_mul(1_000))
        .and_then(|(operations, time)| operations.checked_div(time))
        .and_then(|mops| u64::try_from(mops).ok())
        .unwrap_or(0)
}

/// Fields of `System.remark_with_event`.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct Remark {
    remark: Vec<u8>,
}

/// The call that publishes a calibration; its signer stands for it.
pub fn publish(calibration: &Calibration) -> DynamicPayload<Remark> {
    let remark = calibration.remark();
    dynamic::transaction("System", "remark_with_event", Remark { remark })
}

/// A calibration that stands on the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The block.
    pub block: u64,
    /// Who signed.
    pub signer: Hash,
    /// What the signer is registered as, by the block's state.
    pub role: Option<Role>,
    /// What it said.
    pub calibration: Calibration,
}

/// The calibration that a call publishes, and its signer. Those within other calls are
/// nobody's signed word, and passed over.
pub fn published(extrinsic: &Extrinsic) -> Option<(Hash, Calibration)> {
    if (extrinsic.pallet.as_str(), extrinsic.call.as_str()) != ("System", "remark_with_event") {
        return None;
    }
    let mut fields = extrinsic.fields.as_slice();
    let codec::Compact(length) = codec::Compact::<u32>::decode(&mut fields).ok()?;
    let remark = fields.get(..length as usize)?;
    Some((extrinsic.signer?, Calibration::from_remark(remark)?))
}

/// The calibrations of the last `blocks` finalized blocks, the newest first; `progress`
/// is told how many blocks are read.
///
/// # Errors
/// [`ChainError::Rpc`], also where the node no longer has a block's state: nodes keep
/// that of the last 256 blocks unless told otherwise.
pub async fn recent(
    chain: &Chain,
    blocks: u32,
    progress: &dyn Fn(u32),
) -> Result<Vec<Published>, ChainError> {
    let mut view = chain.finalized().await?;
    let mut found = Vec::new();
    for read in 0..blocks {
        found.extend(of_block(&view).await?);
        progress(read + 1);
        if view.number() == 0 {
            break;
        }
        view = chain.at(view.parent().await?).await?;
    }
    Ok(found)
}

async fn of_block(view: &View) -> Result<Vec<Published>, ChainError> {
    let mut found = Vec::new();
    for extrinsic in view.extrinsics().await?.iter().rev() {
        if let Some((signer, calibration)) = published(extrinsic) {
            let registration = view.registration(&signer).await?;
            found.push(Published {
                block: view.number(),
                signer,
                role: registration.map(|registration| registration.role),
                calibration,
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration() -> Calibration {
        let workload = Workload::new(1024, 2048, 512);
        Calibration {
            window: 7,
            device: Name::of("A device"),
            driver: Name::of("its driver 1.2"),
            kernel: Name::of("portable"),
            workload,
            rounds: 900,
            ms: 1_234,
            mops: throughput(900, &workload, 1_234),
            root: [6; 32],
        }
    }

    fn extrinsic(remark: &[u8]) -> Extrinsic {
        Extrinsic {
            index: 1,
            pallet: "System".into(),
            call: "remark_with_event".into(),
            fields: remark.to_vec().encode(),
            signer: Some([8; 32]),
        }
    }

    #[test]
    fn what_is_published_is_read() {
        let calibration = calibration();
        assert!(calibration.mops > 0);
        let call = extrinsic(&calibration.remark());
        assert_eq!(published(&call), Some(([8; 32], calibration.clone())));
        let unsigned = Extrinsic {
            signer: None,
            ..call.clone()
        };
        let other_call = Extrinsic {
            call: "remark".into(),
            ..call
        };
        assert_eq!(published(&unsigned), None);
        assert_eq!(published(&other_call), None);
    }

    #[test]
    fn the_record_is_small() {
        let mut largest = calibration();
        for name in [
            &mut largest.device,
            &mut largest.driver,
            &mut largest.kernel,
        ] {
            *name = Name::of(&"x".repeat(1_000));
        }
        assert!(largest.remark().len() <= 512);
        assert_eq!(Calibration::from_remark(&largest.remark()), Some(largest));
    }

    #[test]
    fn what_does_not_add_up_is_not_read() {
        let good = calibration();
        let wrong = [
            Calibration {
                mops: good.mops + 1,
                ..good.clone()
            },
            Calibration {
                rounds: 0,
                mops: 0,
                ..good.clone()
            },
            Calibration {
                workload: Workload::new(3, 3, 3),
                mops: 0,
                ..good.clone()
            },
        ];
        for one in wrong {
            assert_eq!(Calibration::from_remark(&one.remark()), None, "{one:?}");
        }
        let remark = good.remark();
        let longer = [&remark[..], &[0]].concat();
        let mut another_version = remark.clone();
        another_version[MARK.len()] = VERSION + 1;
        for bytes in [
            &remark[..remark.len() - 1],
            &longer,
            &another_version,
            &remark[1..],
            &[],
        ] {
            assert_eq!(Calibration::from_remark(bytes), None);
        }
    }

    #[test]
    fn names_cannot_command_a_terminal_nor_be_endless() {
        assert_eq!(Name::of("a\u{1b}[2Jb\n").as_str(), "a[2Jb");
        assert_eq!(Name::of(&"ä".repeat(100)).as_str().len(), LONGEST_NAME);
        for bytes in [b"\x1b[2J".as_slice(), b"\xff", &[b'x'; 65]] {
            let encoded = bytes.to_vec().encode();
            assert!(Name::decode(&mut encoded.as_slice()).is_err());
        }
        let endless = [0xfe, 0xff, 0xff, 0xff];
        assert!(Name::decode(&mut endless.as_slice()).is_err());
    }
}
