// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The memory walk on a device.

use std::str::FromStr;

use ni_shaders::{
    Adapter, GpuError,
    walk::{Bindings, GpuFill, GpuWalkError},
};
use proof_of_gpu_primitives::{
    Hash,
    prover::Folds,
    walk::{
        MAX_PAGE_BITS, WalkError, WalkParameters,
        bundle::WalkBundle,
        prover::{BatchEngine, CpuFill, FillError, open_walk, prove_walk},
    },
};

use crate::devices::Device;
use crate::exit::{Exit, Failure, OrExit};

/// The size of a walk, as on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkSize(pub WalkParameters);

/// Why a text is no size of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseWalkError {
    /// It is neither one number nor six.
    #[error(
        "a walk is written as its GiB, for example 80, or as \
         PAGES,PAGE_BITS,ROUNDS,LANES,HOPS,PASSES, for example 3,4,16,128,3,8"
    )]
    Form,
    /// The protocol does not allow the size.
    #[error(transparent)]
    Size(#[from] WalkError),
}

impl FromStr for WalkSize {
    type Err = ParseWalkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Vec<u32> = text
            .split(',')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| ParseWalkError::Form)?;
        let parameters = match numbers[..] {
            [gib] => WalkParameters::production(gib),
            [pages, page_bits, rounds, lanes, hops, passes] => WalkParameters {
                pages,
                page_bits,
                rounds,
                lanes,
                hops,
                passes,
            },
            _ => return Err(ParseWalkError::Form),
        };
        parameters.validate()?;
        Ok(Self(parameters))
    }
}

/// Whose memory is walked through.
#[derive(Clone, Debug)]
pub enum Place {
    /// The host's, by its cores.
    Host,
    /// The memory of the GPU behind an adapter.
    Gpu(Box<Adapter>),
}

/// Why memory could not be filled.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FillFault {
    /// The host's.
    #[error(transparent)]
    Host(#[from] FillError),
    /// A GPU's.
    #[error(transparent)]
    Gpu(#[from] GpuWalkError),
}

impl Place {
    /// Where a device's memory is.
    #[must_use]
    pub fn of(device: &Device) -> Self {
        match device {
            Device::Cpu(_) => Self::Host,
            Device::Gpu(_, adapter) => Self::Gpu(adapter.clone()),
        }
    }

    /// The name of whose memory it is.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Host => "cpu",
            Self::Gpu(adapter) => &adapter.name,
        }
    }

    /// Fills it. `progress` is told the number of entries done. The memory is free again
    /// when the fill is dropped.
    ///
    /// # Errors
    /// [`FillFault`].
    pub fn fill(
        &self,
        challenge: &Hash,
        parameters: WalkParameters,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Fill, FillFault> {
        Ok(match self {
            Self::Host => Fill::Host(CpuFill::new(challenge, parameters, progress)?),
            Self::Gpu(adapter) => {
                let bindings = Bindings::of(adapter)
                    .first()
                    .copied()
                    .unwrap_or(Bindings::Switch);
                let fill = GpuFill::new(
                    adapter,
                    bindings,
                    MAX_PAGE_BITS,
                    challenge,
                    parameters,
                    progress,
                )?;
                Fill::Gpu(Box::new(fill))
            }
        })
    }
}

/// Memory that is filled, to be walked through.
#[derive(Debug)]
pub enum Fill {
    /// The host's.
    Host(CpuFill),
    /// A GPU's.
    Gpu(Box<GpuFill>),
}

impl BatchEngine for Fill {
    type Error = GpuError;

    fn walk_challenge(&self) -> Hash {
        match self {
            Self::Host(fill) => fill.walk_challenge(),
            Self::Gpu(fill) => fill.walk_challenge(),
        }
    }

    fn parameters(&self) -> WalkParameters {
        match self {
            Self::Host(fill) => fill.parameters(),
            Self::Gpu(fill) => fill.parameters(),
        }
    }

    fn batch(&mut self, key: &Hash, batch: u32) -> Result<Vec<Folds>, GpuError> {
        match self {
            Self::Host(fill) => {
                let Ok(marks) = fill.batch(key, batch);
                Ok(marks)
            }
            Self::Gpu(fill) => fill.batch(key, batch),
        }
    }
}

/// What is told of a walk's progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Entries filled, of how many.
    Fill(u64, u64),
    /// Batches walked, of how many.
    Walk(u64, u64),
    /// The samples are being opened.
    Open,
}

/// Fills a device's memory, walks as many batches as the size asks for, and opens the
/// samples where there is a beacon. The memory is free again afterwards.
///
/// # Errors
/// [`Exit::Device`].
pub fn walk(
    device: &Device,
    challenge: &Hash,
    WalkSize(parameters): WalkSize,
    sampling: Option<(Hash, u32)>,
    progress: &mut dyn FnMut(Step),
) -> Result<WalkBundle, Failure> {
    let entries = parameters.entries();
    let place = Place::of(device);
    let mut fill = place
        .fill(challenge, parameters, &mut |done| {
            progress(Step::Fill(done, entries));
        })
        .or_exit(
            Exit::Device,
            format!("cannot fill the memory of {}", place.name()),
        )?;
    let total = parameters.min_batches();
    let too_many = "the walk asks for more batches than a proof can have";
    let batches = u32::try_from(total).or_exit(Exit::Device, too_many)?;
    let proof = prove_walk(&mut fill, *challenge, batches, &mut |done| {
        progress(Step::Walk(done.into(), total));
    })
    .or_exit(Exit::Device, "cannot walk")?;
    let Some((beacon, samples)) = sampling else {
        return Ok(WalkBundle::commitment(&proof));
    };
    progress(Step::Open);
    let openings = open_walk(&mut fill, &proof, &beacon, samples)
        .or_exit(Exit::Device, "cannot open the walk")?;
    Ok(WalkBundle::opened(&proof, beacon, openings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_gibibytes_or_every_parameter() {
        let production = WalkSize(WalkParameters::production(80));
        assert_eq!("80".parse(), Ok(production));
        let WalkSize(small) = "3,4,16,128,3,8".parse().expect("six numbers");
        assert_eq!((small.pages, small.passes, small.entries()), (3, 8, 48));
        for text in [
            "",
            "x",
            "-1",
            "1,2",
            "3,4,16,128,3",
            "3,4,16,128,3,8,9",
            "80 ",
        ] {
            assert_eq!(
                text.parse::<WalkSize>(),
                Err(ParseWalkError::Form),
                "{text}"
            );
        }
        assert_eq!(
            "513".parse::<WalkSize>(),
            Err(ParseWalkError::Size(WalkError::Pages))
        );
    }
}
