// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The ways in which `multiply` computes, all with the same bits.

use std::fmt;

use proof_of_gpu_primitives::Workload;

mod coop;
mod direct;

pub use coop::Coop;
pub(crate) use coop::CoopLimits;
pub use direct::Direct;

/// Which units of a device a kernel uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelPath {
    /// f32 multiply-adds, which every adapter has.
    Portable,
    /// Cooperative matrices (tensor cores): f16 factors, f32 sums.
    Coop,
}

impl KernelPath {
    /// All paths.
    pub const ALL: [Self; 2] = [Self::Portable, Self::Coop];

    /// The name of the path.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Coop => "coop",
        }
    }
}

impl fmt::Display for KernelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A variant of `multiply`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// 128x128 a workgroup through workgroup memory, 8x8 a thread: for GPUs.
    Tiled,
    /// Registers only, no barrier: for CPU adapters, and for small shapes.
    Direct(Direct),
    /// Cooperative matrices through workgroup memory.
    Coop(Coop),
}

impl Kernel {
    /// The kernel that fits every shape and that every adapter runs.
    pub const UNIVERSAL: Self = Self::Direct(Direct::SMALL);

    /// The portable kernels, which every adapter runs.
    pub const PORTABLE: [Self; 4] = [
        Self::Tiled,
        Self::Direct(Direct::SMALL),
        Self::Direct(Direct::TALL),
        Self::Direct(Direct::LARGE),
    ];

    /// The path that the variant is of.
    #[must_use]
    pub const fn path(self) -> KernelPath {
        match self {
            Self::Tiled | Self::Direct(_) => KernelPath::Portable,
            Self::Coop(_) => KernelPath::Coop,
        }
    }

    /// Rows and columns of C that a workgroup computes.
    #[must_use]
    pub const fn tile(self) -> (u32, u32) {
        match self {
            Self::Tiled => (128, 128),
            Self::Direct(direct) => direct.tile(),
            Self::Coop(coop) => coop.tile(),
        }
    }

    /// Whether the kernel's tiles divide the shape.
    #[must_use]
    pub const fn fits(self, workload: &Workload) -> bool {
        let (rows, columns) = self.tile();
        workload.m.is_multiple_of(rows) && workload.n.is_multiple_of(columns)
    }

    /// Workgroups that multiply matrices of a shape that the kernel fits.
    pub(crate) const fn workgroups(self, workload: &Workload) -> u32 {
        let (rows, columns) = self.tile();
        (workload.m / rows) * (workload.n / columns)
    }

    /// The shader, before its imports are resolved.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Tiled => include_str!("../wgsl/multiply_tiled.wgsl").into(),
            Self::Direct(direct) => direct.text(),
            Self::Coop(coop) => coop.text(),
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tiled => f.write_str("tiled-128x128"),
            Self::Direct(direct) => write!(f, "direct-{direct}"),
            Self::Coop(coop) => write!(f, "coop-{coop}"),
        }
    }
}

/// Replaces each line `#expand name` by the lines that `lines` gives for the name.
fn expand(template: &str, lines: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    for line in template.lines() {
        match line.strip_prefix("#expand ").map(&lines) {
            Some(Some(expanded)) => text.push_str(&expanded),
            // An unknown name stays in the text, where the compiler refuses it.
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_universal_kernel_fits_every_shape() {
        for side in [64, 128, 256, 16_384] {
            for (m, n) in [(64, side), (side, 64)] {
                assert!(Kernel::UNIVERSAL.fits(&Workload::new(m, n, 64)));
            }
        }
        assert!(!Kernel::Tiled.fits(&Workload::new(64, 128, 64)));
        assert!(!Kernel::Direct(Direct::LARGE).fits(&Workload::new(128, 64, 64)));
    }

    #[test]
    fn names_tell_the_variants_apart() {
        let names: Vec<_> = Kernel::PORTABLE.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            ["tiled-128x128", "direct-8x8", "direct-16x8", "direct-16x16"]
        );
    }

    #[test]
    fn templates_keep_what_they_do_not_know() {
        let text = expand("a\n#expand b\n#expand c\n", |name| {
            (name == "b").then(|| "B1\nB2\n".into())
        });
        assert_eq!(text, "a\nB1\nB2\n#expand c\n");
    }
}
