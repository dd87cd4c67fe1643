// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which device computes, and with which kernel.

use std::fmt;
use std::str::FromStr;

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
        text.parse().map(Self::Index).map_err(|_| {
            format!("'{text}' is neither 'cpu' nor a number from `ni-worker devices`")
        })
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
    /// Cooperative matrices (tensor cores); refused by builds without them.
    Coop,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_cpu_or_a_number() {
        assert_eq!("cpu".parse(), Ok(DeviceChoice::Cpu));
        assert_eq!("12".parse(), Ok(DeviceChoice::Index(12)));
        for wrong in ["", "CPU", "-1", "gpu0", "1.5"] {
            assert!(wrong.parse::<DeviceChoice>().is_err(), "{wrong} was taken");
        }
    }
}
