// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What can go wrong with a GPU, each with the next step to take.

use std::fmt;

use proof_of_gpu_primitives::{VerifyError, Workload};

use crate::kernel::KernelPath;

/// The stages of a round, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// ChaCha8 into A and B.
    Generate,
    /// The product and the folds.
    Multiply,
    /// The tiles' leaves.
    Leaves,
    /// The round's root.
    Tree,
    /// The mountain range and the next key.
    Advance,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 5] = [
        Self::Generate,
        Self::Multiply,
        Self::Leaves,
        Self::Tree,
        Self::Advance,
    ];

    /// The stage's name, which is that of its shader and of its twin.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Multiply => "multiply",
            Self::Leaves => "leaves",
            Self::Tree => "tree",
            Self::Advance => "advance",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a GPU cannot prove, or stopped proving.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GpuError {
    /// No graphics interface could be loaded at all.
    #[error(
        "no Vulkan loader or driver could be loaded; `make setup` installs a software one, in a \
         container of a rented GPU set NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics"
    )]
    NoDriver,
    /// A graphics interface is there but lists no adapter.
    #[error(
        "no GPU adapter was found; check that the driver is installed and that this user may open \
         /dev/dri (group render), or run `make setup` for a software adapter"
    )]
    NoAdapter,
    /// The number names no adapter.
    #[error("there is no adapter {index}; the last one is {last} (see `ni-worker devices`)")]
    NoSuchAdapter {
        /// The number asked for.
        index: usize,
        /// The highest number there is.
        last: usize,
    },
    /// The adapter lacks what the shaders need.
    #[error(
        "adapter {adapter} cannot run {path} kernels: {missing}; choose another adapter or path \
         (portable, coop), or update its driver"
    )]
    Unsupported {
        /// The adapter's name.
        adapter: String,
        /// The path asked for.
        path: KernelPath,
        /// What it lacks.
        missing: String,
    },
    /// The protocol does not allow this shape, or this number of samples.
    #[error("the protocol does not allow it: {0}")]
    Protocol(#[from] VerifyError),
    /// The matrices do not fit one binding of this adapter.
    #[error(
        "workload {workload} is too large for this adapter: it needs a buffer of {needed} bytes, \
         the limit is {limit}"
    )]
    TooLarge {
        /// The shape.
        workload: Workload,
        /// Bytes of the largest buffer it takes.
        needed: u64,
        /// The adapter's limit.
        limit: u64,
    },
    /// A session was asked for more rounds than the protocol allows.
    #[error("a proof has at most {} rounds", proof_of_gpu_primitives::MAX_ROUNDS)]
    TooManyRounds,
    /// A session without rounds has nothing to commit to.
    #[error("a proof needs at least one round")]
    NoRounds,
    /// The driver refused to open the device.
    #[error("the device could not be opened: {0}")]
    Open(String),
    /// The device was lost: reset by its driver, unplugged, or out of power.
    #[error("the device was lost: {0}; it has to be opened again")]
    Lost(String),
    /// The device did not finish its work in time.
    #[error("the device did not answer for {0} seconds; it may hang")]
    Hung(u64),
    /// The device has too little free memory.
    #[error("the device is out of memory; close what else uses it, or choose a smaller workload")]
    OutOfMemory,
    /// The driver refused something that it should not.
    #[error("the driver refused a command: {0}")]
    Driver(String),
    /// A stage gave other bytes than its twin.
    #[error(
        "the self-test of stage {stage} failed: the device computes wrong results; its driver or \
         its hardware is at fault, and proofs of it would be slashed"
    )]
    SelfTest {
        /// The first stage that differed.
        stage: Stage,
    },
    /// The key on the device is not the one that its own roots lead to.
    #[error("after round {round} the device's key does not follow from its roots: it miscomputed")]
    Diverged {
        /// Rounds done by then.
        round: u32,
    },
    /// A round, computed once more, has another root than the committed one.
    #[error("round {round}, computed once more, came out otherwise: the device miscomputed")]
    NotReproduced {
        /// The round.
        round: u32,
    },
}
