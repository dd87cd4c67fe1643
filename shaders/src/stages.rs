// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Runs single stages on a device, from inputs on the host to outputs on the
//! host: what the self-test and the tests compare with the twins in
//! [`crate::cpu`].

use std::time::{Duration, Instant};

use proof_of_gpu_primitives::{Hash, Workload};

use crate::adapter::Adapter;
use crate::device::Gpu;
use crate::error::{GpuError, Stage};
use crate::kernel::{Kernel, KernelPath};
use crate::layout::{State, Words};
use crate::source::Shader;
use crate::workspace::{Dispatch, Pipelines, Workspace};

/// A device with the shaders compiled.
#[derive(Debug)]
pub struct Stages {
    pub(crate) gpu: Gpu,
    pub(crate) pipelines: Pipelines,
}

impl Stages {
    /// Opens an adapter and compiles the shaders; the kernels of `multiply` follow when
    /// they are first used. Those of the path given can be used, and the portable ones.
    ///
    /// # Errors
    /// [`GpuError::Unsupported`], or whatever the driver refuses.
    pub fn new(adapter: &Adapter, path: KernelPath) -> Result<Self, GpuError> {
        Self::with_sources(adapter, path, Shader::wgsl)
    }

    /// With the text that `wgsl` gives for each shader, so that the tests can
    /// break one.
    pub(crate) fn with_sources(
        adapter: &Adapter,
        path: KernelPath,
        wgsl: impl Fn(Shader) -> String + Send + Sync + 'static,
    ) -> Result<Self, GpuError> {
        adapter.check(path)?;
        let gpu = Gpu::open(adapter, path == KernelPath::Coop)?;
        let pipelines = Pipelines::new(&gpu, wgsl)?;
        Ok(Self { gpu, pipelines })
    }

    pub(crate) fn workspace(
        &self,
        workload: &Workload,
        kernel: Kernel,
    ) -> Result<Workspace, GpuError> {
        Workspace::new(&self.gpu, &self.pipelines, *workload, kernel)
    }

    /// Buffers of a shape in which single stages can be run again and again, to be
    /// timed: A and B hold a round's entries. The kernel must fit the workload.
    ///
    /// # Errors
    /// An invalid or too large workload, or a fault of the device.
    pub fn timer(&self, workload: &Workload, kernel: Kernel) -> Result<Timer<'_>, GpuError> {
        let workspace = self.workspace(workload, kernel)?;
        let state = State::new(&Hash::default(), &Hash::default(), 0);
        self.write(&workspace.state, &[state]);
        let timer = Timer {
            stages: self,
            workspace,
        };
        for stage in Stage::ALL {
            timer.time(stage)?;
        }
        Ok(timer)
    }

    /// Submits dispatches in one pass.
    pub(crate) fn submit(
        &self,
        workspace: &Workspace,
        dispatches: &[Dispatch],
    ) -> wgpu::SubmissionIndex {
        let mut encoder = self.gpu.encoder();
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            workspace.encode(&mut pass, dispatches);
        }
        self.gpu.queue.submit([encoder.finish()])
    }

    fn write<T: bytemuck::NoUninit>(&self, buffer: &wgpu::Buffer, data: &[T]) {
        self.gpu
            .queue
            .write_buffer(buffer, 0, bytemuck::cast_slice(data));
    }

    /// A and B under a round's key.
    ///
    /// # Errors
    /// An invalid or too large workload, or a fault of the device.
    pub fn generate(
        &self,
        key: &Hash,
        workload: &Workload,
    ) -> Result<(Vec<u32>, Vec<u32>), GpuError> {
        let workspace = self.workspace(workload, Kernel::UNIVERSAL)?;
        self.write(&workspace.state, &[State::new(&Hash::default(), key, 0)]);
        self.submit(
            &workspace,
            &[workspace.generate(0, workload.k.div_ceil(512))],
        );
        let words = |lines: u32| lines as usize * workload.k as usize / 2;
        let [a, b] = self.gpu.read([
            (&workspace.a, words(workload.m)),
            (&workspace.b, words(workload.n)),
        ])?;
        Ok((a, b))
    }

    /// The folds of the product of A and B, by the given kernel, which must fit
    /// the workload. `a` and `b` must be as long as the workload asks for.
    ///
    /// # Errors
    /// An invalid or too large workload, or a fault of the device.
    pub fn multiply(
        &self,
        a: &[u32],
        b: &[u32],
        workload: &Workload,
        kernel: Kernel,
    ) -> Result<Vec<u32>, GpuError> {
        let workspace = self.workspace(workload, kernel)?;
        self.write(&workspace.a, a);
        self.write(&workspace.b, b);
        let all = workspace.multiply(0, kernel.workgroups(workload));
        self.submit(&workspace, &[all]);
        let [folds] = self
            .gpu
            .read([(&workspace.folds, workload.tiles() as usize * 64)])?;
        Ok(folds)
    }

    /// The leaves of a round's folds, 64 a tile of the workload.
    ///
    /// # Errors
    /// An invalid workload, or a fault of the device.
    pub fn leaves(
        &self,
        round: u32,
        folds: &[u32],
        workload: &Workload,
    ) -> Result<Vec<Words>, GpuError> {
        let workspace = self.workspace(workload, Kernel::UNIVERSAL)?;
        self.write(
            &workspace.state,
            &[State::new(&Hash::default(), &Hash::default(), round)],
        );
        self.write(&workspace.folds, folds);
        self.submit(&workspace, &[workspace.leaves()]);
        let [leaves] = self
            .gpu
            .read([(&workspace.nodes, workload.tiles() as usize)])?;
        Ok(leaves)
    }

    /// The root over a round's leaves, one a tile of the workload.
    ///
    /// # Errors
    /// An invalid workload, or a fault of the device.
    pub fn tree(&self, leaves: &[Words], workload: &Workload) -> Result<Words, GpuError> {
        let workspace = self.workspace(workload, Kernel::UNIVERSAL)?;
        self.write(&workspace.nodes, leaves);
        let (dispatches, root) = workspace.tree();
        self.submit(&workspace, &dispatches);
        let [nodes] = self
            .gpu
            .read::<Words, 1>([(&workspace.nodes, root as usize + 1)])?;
        nodes
            .last()
            .copied()
            .ok_or_else(|| GpuError::Driver("an empty read-back".into()))
    }

    /// The state after a round with the given root.
    ///
    /// # Errors
    /// A fault of the device.
    pub fn advance(&self, state: &State, root: &Words) -> Result<State, GpuError> {
        let workspace = self.workspace(&Workload::new(64, 64, 64), Kernel::UNIVERSAL)?;
        self.write(&workspace.state, &[*state]);
        self.write(&workspace.nodes, &[*root]);
        self.submit(&workspace, &[workspace.advance(0, 0)]);
        let [states] = self.gpu.read::<State, 1>([(&workspace.state, 1)])?;
        states
            .first()
            .copied()
            .ok_or_else(|| GpuError::Driver("an empty read-back".into()))
    }
}

/// Runs single stages on buffers that stay on the device.
#[derive(Debug)]
pub struct Timer<'a> {
    stages: &'a Stages,
    workspace: Workspace,
}

impl Timer<'_> {
    /// Runs one stage of a round once, and returns how long it took from its submission
    /// until the host saw it end.
    ///
    /// # Errors
    /// A fault of the device.
    pub fn time(&self, stage: Stage) -> Result<Duration, GpuError> {
        let workspace = &self.workspace;
        let workload = &workspace.workload;
        let (tree, root) = workspace.tree();
        let dispatches = match stage {
            Stage::Generate => vec![workspace.generate(0, workload.k.div_ceil(512))],
            Stage::Multiply => {
                vec![workspace.multiply(0, workspace.kernel.workgroups(workload))]
            }
            Stage::Leaves => vec![workspace.leaves()],
            Stage::Tree => tree,
            Stage::Advance => vec![workspace.advance(root, 0)],
        };
        let start = Instant::now();
        let submission = self.stages.submit(workspace, &dispatches);
        self.stages.gpu.wait(submission)?;
        Ok(start.elapsed())
    }
}
