// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The prover of the proof-of-GPU protocol on a GPU, through wgpu.
//!
//! A round has five stages: `generate`, `multiply`, `leaves`, `tree` and
//! `advance`. Each is a WGSL file in `wgsl/` with a twin of the same name in
//! [`cpu`] that computes the same bytes; [`stages`] runs one alone, which is
//! how the two are compared, by the tests and by the self-test with which
//! every [`GpuProver`] starts.
//!
//! The key and the mountain range stay on the GPU, so that rounds follow each
//! other without the host; roots are read back in batches. Submissions aim at 50 ms,
//! so that no display's watchdog resets the device.
//!
//! ```no_run
//! use ni_shaders::{GpuProver, Options, adapters};
//! use proof_of_gpu_primitives::Workload;
//!
//! let adapters = adapters()?;
//! let prover = GpuProver::new(&adapters[0], &Options::default())?;
//! let workload = Workload::new(512, 512, 512);
//! let mut session = prover.start(&[7; 32], &workload)?;
//! session.run(10)?;
//! let proof = session.finish()?;
//! let openings = prover.open(&proof, &[8; 32], 16)?;
//! # Ok::<(), ni_shaders::GpuError>(())
//! ```

pub mod cpu;
pub mod layout;
pub mod stages;
pub mod walk;

mod adapter;
mod capabilities;
mod choice;
mod device;
mod error;
mod kernel;
mod memory;
mod pipeline;
mod prover;
mod schedule;
mod self_test;
mod source;
mod workspace;

pub use adapter::{Adapter, AdapterKind, KernelSupport, adapters};
pub use choice::Options;
pub use error::{GpuError, Stage};
pub use kernel::{Coop, Direct, Kernel, KernelPath};
pub use memory::default_memory;
pub use prover::{Engine, GpuProver, Session, StageTimes};
