// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Chooses the kernel: the fastest of those that an adapter can run and that pass their
//! tests.

use std::path::PathBuf;
use std::time::Duration;

use proof_of_gpu_primitives::Workload;
use tracing::{debug, info, warn};

use crate::adapter::Adapter;
use crate::error::{GpuError, Stage};
use crate::kernel::{Kernel, KernelPath};
use crate::memory::Memory;
use crate::self_test;
use crate::stages::Stages;

/// How a prover computes. By default with the fastest kernel, timed at every start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Only kernels of this path.
    pub path: Option<KernelPath>,
    /// This kernel, for every shape that it fits.
    pub kernel: Option<Kernel>,
    /// The file that remembers which kernel was the fastest on a device, such as
    /// [`default_memory`](crate::default_memory).
    pub memory: Option<PathBuf>,
}

/// Shapes on which kernels are timed: the largest one that is quick enough counts.
const SHAPES: [Workload; 3] = [
    Workload::new(256, 256, 512),
    Workload::new(1024, 1024, 1024),
    Workload::new(4096, 4096, 2048),
];

/// How long a product may be expected to take for its shape to be timed.
const QUICK: Duration = Duration::from_millis(60);

/// How often each is timed; the best counts, for what else the machine does only slows.
const TIMES: u32 = 3;

/// Opens an adapter with the kernel that the options ask for, all tests passed.
pub(crate) fn open(adapter: &Adapter, options: &Options) -> Result<(Stages, Kernel), GpuError> {
    if let Some(kernel) = options.kernel {
        return Ok((tested(adapter, kernel)?, kernel));
    }
    if let Some(path) = options.path {
        adapter.check(path)?;
    }
    let asked = |kernel: &Kernel| options.path.is_none_or(|path| path == kernel.path());
    let memory = options
        .memory
        .as_deref()
        .map(|file| Memory::new(file, adapter, options.path));
    if let Some(memory) = &memory
        && let Some(kernel) = memory.recall(adapter.usable_kernels().filter(asked))
    {
        match tested(adapter, kernel) {
            Ok(stages) => return Ok((stages, kernel)),
            Err(error) => {
                warn!(device = adapter.name, %kernel, %error, "no longer using this kernel");
            }
        }
    }
    let (stages, kernel) = fastest(adapter, adapter.usable_kernels().filter(asked))?;
    if let Some(memory) = &memory {
        memory.keep(kernel);
    }
    Ok((stages, kernel))
}

/// Opens a device and tests a kernel, and every other stage, on it.
fn tested(adapter: &Adapter, kernel: Kernel) -> Result<Stages, GpuError> {
    let stages = Stages::new(adapter, kernel.path())?;
    test(adapter, &stages, kernel)?;
    Ok(stages)
}

fn test(adapter: &Adapter, stages: &Stages, kernel: Kernel) -> Result<(), GpuError> {
    self_test::run(stages)?;
    self_test::kernel(stages, kernel)?;
    self_test::cross_check(stages, kernel, adapter.kind)?;
    if kernel != Kernel::UNIVERSAL {
        // It takes the shapes that the other one does not fit.
        self_test::kernel(stages, Kernel::UNIVERSAL)?;
    }
    Ok(())
}

/// Tests and times kernels, each on a device of its own, so that a driver that fails at
/// one does not take the others with it.
fn fastest(
    adapter: &Adapter,
    kernels: impl Iterator<Item = Kernel>,
) -> Result<(Stages, Kernel), GpuError> {
    let mut best: Option<(f64, Stages, Kernel)> = None;
    let mut failure = None;
    for kernel in kernels {
        let timed = tested(adapter, kernel).and_then(|stages| Ok((rate(&stages, kernel)?, stages)));
        match timed {
            Ok((rate, stages)) => {
                debug!(device = adapter.name, %kernel, gops = rate / 1e9, "timed");
                if best.as_ref().is_none_or(|(fastest, ..)| rate > *fastest) {
                    best = Some((rate, stages, kernel));
                }
            }
            Err(error) => {
                warn!(device = adapter.name, %kernel, %error, "not using this kernel");
                failure = Some(error);
            }
        }
    }
    match (best, failure) {
        (Some((rate, stages, kernel)), _) => {
            info!(device = adapter.name, %kernel, gops = rate / 1e9, "using the fastest kernel");
            Ok((stages, kernel))
        }
        (None, Some(error)) => Err(error),
        // `usable_kernels` is empty only where the portable path is unsupported.
        (None, None) => {
            adapter.check(KernelPath::Portable)?;
            Err(GpuError::Driver("the adapter lists no kernel".into()))
        }
    }
}

/// Operations a second of a kernel, on the largest shape that is quick enough.
fn rate(stages: &Stages, kernel: Kernel) -> Result<f64, GpuError> {
    let mut rate = 0.0;
    for shape in &SHAPES {
        #[allow(clippy::cast_precision_loss)] // Far below 2^53.
        let operations = shape.operations() as f64;
        if rate > 0.0 && operations / rate > QUICK.as_secs_f64() {
            break;
        }
        let timer = stages.timer(shape, kernel)?;
        let mut time = Duration::MAX;
        for _ in 0..TIMES {
            time = time.min(timer.time(Stage::Multiply)?);
        }
        rate = operations / time.as_secs_f64().max(1e-9);
    }
    Ok(rate)
}
