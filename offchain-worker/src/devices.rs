// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which device computes, and with which kernel.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use ni_shaders::cpu::engine::GemmEngine;
use ni_shaders::{Adapter, AdapterKind, GpuError, GpuProver, KernelPath, Options};
use proof_of_gpu_primitives::prover::{self, Proof};
use proof_of_gpu_primitives::{Hash, Opening, Workload};

use crate::environment;
use crate::exit::{Exit, Failure, OrExit};

/// A device as named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The CPU prover, without any GPU interface.
    Cpu,
    /// The adapter with this number, as `ni-worker devices` lists them.
    Index(usize),
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "cpu" {
            return Ok(Self::Cpu);
        }
        text.parse()
            .map(Self::Index)
            .map_err(|_| format!("'{text}' is neither 'cpu' nor a number from `ni-worker devices`"))
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Index(index) => write!(f, "{index}"),
        }
    }
}

/// The way the product is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum KernelChoice {
    /// The fastest that the device can run and that passes its self-test.
    #[default]
    Auto,
    /// f32 multiply-adds, on every adapter.
    Portable,
    /// Cooperative matrices (tensor cores), where the adapter has them.
    Coop,
}

/// Why the CPU prover cannot run the cooperative kernels.
const NO_COOP: &str =
    "the CPU prover has no cooperative kernels; leave --kernel away, or name a GPU with --device";

/// Names the file that remembers which kernel is the fastest on a device, or is `off`:
/// then every start times them all. Unset or empty, the file is in the user's cache folder.
pub const KERNEL_MEMORY: &str = "NI_KERNEL_MEMORY";

/// What fails where a device cannot be opened.
fn doing(index: usize) -> String {
    format!("cannot prove on device {index}")
}

/// The adapter with a number.
fn adapter(index: usize) -> Result<Adapter, Failure> {
    let adapters = ni_shaders::adapters().or_exit(Exit::Device, doing(index))?;
    let last = adapters.len().saturating_sub(1);
    adapters
        .into_iter()
        .nth(index)
        .ok_or(GpuError::NoSuchAdapter { index, last })
        .or_exit(Exit::Device, doing(index))
}

fn kernel_memory() -> Option<PathBuf> {
    match environment::variable(KERNEL_MEMORY) {
        None => ni_shaders::default_memory(),
        Some(off) if off == "off" => None,
        Some(file) => Some(file.into()),
    }
}

/// What is known of an adapter for a choice among several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// It is a CPU that runs shaders.
    pub software: bool,
    /// Its address on the bus, where the driver tells.
    pub bus: Option<String>,
    /// How many kernels it can run.
    pub kernels: usize,
}

impl Card {
    /// What an adapter says.
    #[must_use]
    pub fn of(adapter: &Adapter) -> Self {
        Self {
            software: adapter.kind == AdapterKind::Cpu,
            bus: adapter.bus.clone(),
            kernels: adapter.usable_kernels().count(),
        }
    }

    /// Whether two adapters are one card behind two drivers.
    #[must_use]
    pub fn is_that_of(&self, other: &Self) -> bool {
        self.bus.is_some() && self.bus == other.bus
    }
}

/// The numbers of the adapters to use where none is named: every GPU, once. Of a card
/// behind several drivers it is the one that runs the most kernels, the first of them.
#[must_use]
pub fn every_gpu(cards: &[Card]) -> Vec<usize> {
    let is_better = |other: usize, index: usize| {
        let (one, two) = (&cards[other], &cards[index]);
        one.is_that_of(two)
            && (one.kernels > two.kernels || (one.kernels == two.kernels && other < index))
    };
    (0..cards.len())
        .filter(|index| !cards[*index].software)
        .filter(|index| !(0..cards.len()).any(|other| is_better(other, *index)))
        .collect()
}

/// An open device.
#[derive(Debug)]
pub enum Device {
    /// The CPU prover.
    Cpu(GemmEngine),
    /// A GPU that has passed its self-test, and the adapter it is behind.
    Gpu(Box<GpuProver>, Box<Adapter>),
}

impl KernelChoice {
    /// Each path that a choice leaves a device, one at a time: where any will do, all
    /// that the adapter can run.
    ///
    /// # Errors
    /// [`Exit::Device`]: no such adapter.
    pub fn paths(self, device: DeviceChoice) -> Result<Vec<Self>, Failure> {
        let (Self::Auto, DeviceChoice::Index(index)) = (self, device) else {
            return Ok(vec![self]);
        };
        let paths: Vec<_> = adapter(index)?
            .kernels
            .iter()
            .filter(|support| support.missing.is_none())
            .map(|support| match support.path {
                KernelPath::Portable => Self::Portable,
                KernelPath::Coop => Self::Coop,
            })
            .collect();
        // Where there is none, opening the device says why.
        Ok(if paths.is_empty() { vec![self] } else { paths })
    }
}

impl Device {
    /// Opens the device; a GPU runs its self-test.
    ///
    /// # Errors
    /// [`Exit::Device`]: no such adapter, or it cannot prove.
    pub fn open(choice: DeviceChoice, kernel: KernelChoice) -> Result<Self, Failure> {
        let DeviceChoice::Index(index) = choice else {
            if kernel == KernelChoice::Coop {
                return Err(Failure::new(Exit::Device, NO_COOP));
            }
            return Ok(Self::Cpu(GemmEngine::new()));
        };
        let adapter = adapter(index)?;
        let options = Options {
            path: match kernel {
                KernelChoice::Auto => None,
                KernelChoice::Portable => Some(KernelPath::Portable),
                KernelChoice::Coop => Some(KernelPath::Coop),
            },
            memory: kernel_memory(),
            ..Options::default()
        };
        let gpu = GpuProver::new(&adapter, &options).or_exit(Exit::Device, doing(index))?;
        Ok(Self::Gpu(Box::new(gpu), Box::new(adapter)))
    }

    /// The device's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Cpu(_) => "cpu",
            Self::Gpu(_, adapter) => &adapter.name,
        }
    }

    /// Whether a CPU computes, through a graphics interface or not.
    #[must_use]
    pub fn is_cpu(&self) -> bool {
        match self {
            Self::Cpu(_) => true,
            Self::Gpu(_, adapter) => adapter.kind == AdapterKind::Cpu,
        }
    }

    /// The path and the variant of the kernel that multiplies matrices of a shape.
    #[must_use]
    pub fn kernel(&self, workload: &Workload) -> (&'static str, String) {
        match self {
            Self::Cpu(_) => ("cpu", "gemm".into()),
            Self::Gpu(gpu, _) => {
                let kernel = gpu.kernel(workload);
                (kernel.path().name(), kernel.to_string())
            }
        }
    }

    /// Proves rounds; `progress` is told how many are done.
    ///
    /// # Errors
    /// [`Exit::Device`].
    pub fn prove(
        &mut self,
        challenge: &Hash,
        workload: &Workload,
        rounds: u32,
        progress: &mut dyn FnMut(u32),
    ) -> Result<Proof, Failure> {
        match self {
            Self::Cpu(engine) => prover::prove(engine, *challenge, workload, rounds, progress)
                .or_exit(Exit::Device, "cannot prove on the CPU"),
            Self::Gpu(gpu, adapter) => gpu
                .prove(challenge, workload, rounds, progress)
                .or_exit(Exit::Device, format!("cannot prove on {}", adapter.name)),
        }
    }

    /// Opens the samples that a sampling beacon asks for.
    ///
    /// # Errors
    /// [`Exit::Device`].
    pub fn openings(
        &mut self,
        proof: &Proof,
        sampling_beacon: &Hash,
        samples: u32,
    ) -> Result<Vec<Opening>, Failure> {
        match self {
            Self::Cpu(engine) => prover::open(engine, proof, sampling_beacon, samples)
                .or_exit(Exit::Device, "cannot open on the CPU"),
            Self::Gpu(gpu, adapter) => gpu
                .open(proof, sampling_beacon, samples)
                .or_exit(Exit::Device, format!("cannot open on {}", adapter.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_behind_two_drivers_is_used_once() {
        let card = |bus: &str, kernels| Card {
            software: false,
            bus: Some(bus.to_owned()).filter(|bus| !bus.is_empty()),
            kernels,
        };
        let software = Card {
            software: true,
            ..card("", 9)
        };
        for (cards, used) in [
            (vec![card("1", 2), card("2", 2)], vec![0, 1]),
            (vec![card("1", 2), card("1", 2), card("2", 2)], vec![0, 2]),
            // The driver that runs more.
            (vec![card("1", 0), card("1", 2)], vec![1]),
            (vec![card("1", 3), software.clone(), card("1", 2)], vec![0]),
            // What is not told is not guessed.
            (vec![card("", 2), card("", 2)], vec![0, 1]),
            (vec![software], vec![]),
        ] {
            assert_eq!(every_gpu(&cards), used, "{cards:?}");
        }
    }

    #[test]
    fn devices_are_cpu_or_a_number() {
        assert_eq!("cpu".parse(), Ok(DeviceChoice::Cpu));
        assert_eq!("12".parse(), Ok(DeviceChoice::Index(12)));
        for wrong in ["", "CPU", "-1", "gpu0", "1.5"] {
            assert!(wrong.parse::<DeviceChoice>().is_err(), "{wrong} was taken");
        }
    }
}
