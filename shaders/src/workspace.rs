// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The buffers of one shape, and the dispatches over them.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use proof_of_gpu_primitives::Workload;

use crate::device::Gpu;
use crate::error::{GpuError, Stage};
use crate::kernel::Kernel;
use crate::layout::{Sizes, State};
use crate::pipeline::Pipeline;
use crate::schedule::Piece;
use crate::source::Shader;

/// The compiled shaders; of `multiply`, the kernels asked for so far.
pub(crate) struct Pipelines {
    generate: Pipeline,
    leaves: Pipeline,
    tree: Pipeline,
    advance: Pipeline,
    multiply: Mutex<Vec<(Kernel, Pipeline)>>,
    wgsl: Box<dyn Fn(Shader) -> String + Send + Sync>,
}

impl fmt::Debug for Pipelines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipelines").finish_non_exhaustive()
    }
}

impl Pipelines {
    /// Compiles every shader but `multiply` from the text that `wgsl` gives for it.
    pub(crate) fn new(
        gpu: &Gpu,
        wgsl: impl Fn(Shader) -> String + Send + Sync + 'static,
    ) -> Result<Self, GpuError> {
        let pipeline = |shader| Pipeline::new(gpu, shader, wgsl(shader));
        let pipelines = Self {
            generate: pipeline(Shader::Generate),
            leaves: pipeline(Shader::Leaves),
            tree: pipeline(Shader::Tree),
            advance: pipeline(Shader::Advance),
            multiply: Mutex::default(),
            wgsl: Box::new(wgsl),
        };
        gpu.check()?;
        Ok(pipelines)
    }

    /// A kernel of `multiply`, compiled at its first use.
    fn multiply(&self, gpu: &Gpu, kernel: Kernel) -> Result<Pipeline, GpuError> {
        let mut compiled = self.multiply.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pipeline)) = compiled.iter().find(|(known, _)| *known == kernel) {
            return Ok(pipeline.clone());
        }
        let shader = Shader::Multiply(kernel);
        let pipeline = Pipeline::new(gpu, shader, (self.wgsl)(shader));
        gpu.check()?;
        compiled.push((kernel, pipeline.clone()));
        Ok(pipeline)
    }
}

/// Roots kept on the device until they are read back.
pub(crate) const KEPT_ROOTS: u32 = 1024;

/// Leaves that one workgroup of `tree` reduces.
const TREE_WIDTH: u32 = 256;

/// Threads in a workgroup of `generate` and `leaves`.
const WORKGROUP: u32 = 64;

/// One dispatch: a shader, its parameters and its workgroups.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dispatch {
    shader: Shader,
    parameters: [u32; 4],
    workgroups: [u32; 2],
}

impl Dispatch {
    /// The stage that the dispatch belongs to.
    pub(crate) const fn stage(&self) -> Stage {
        match self.shader {
            Shader::Generate => Stage::Generate,
            Shader::Multiply(_) => Stage::Multiply,
            Shader::Leaves => Stage::Leaves,
            Shader::Tree => Stage::Tree,
            Shader::Advance => Stage::Advance,
        }
    }
}

/// Buffers for rounds of one shape, bound to the shaders.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) workload: Workload,
    pub(crate) kernel: Kernel,
    pub(crate) state: wgpu::Buffer,
    pub(crate) a: wgpu::Buffer,
    pub(crate) b: wgpu::Buffer,
    pub(crate) folds: wgpu::Buffer,
    pub(crate) nodes: wgpu::Buffer,
    pub(crate) roots: wgpu::Buffer,
    generate: Bound,
    multiply: Bound,
    leaves: Bound,
    tree: Bound,
    advance: Bound,
}

/// A compiled shader with its buffers.
type Bound = (wgpu::ComputePipeline, wgpu::BindGroup);

impl Workspace {
    /// Allocates for a valid workload and a kernel that fits it.
    pub(crate) fn new(
        gpu: &Gpu,
        pipelines: &Pipelines,
        workload: Workload,
        kernel: Kernel,
    ) -> Result<Self, GpuError> {
        workload.validate()?;
        let sizes = Sizes::of(&workload);
        let limits = gpu.device.limits();
        let limit = limits
            .max_buffer_size
            .min(limits.max_storage_buffer_binding_size);
        sizes.check(workload, limit)?;
        let storage = |label, size| {
            let usage = wgpu::BufferUsages::STORAGE
                | wgpu::BufferUsages::COPY_SRC
                | wgpu::BufferUsages::COPY_DST;
            gpu.buffer(label, size, usage)
        };
        let state = storage("state", size_of::<State>() as u64);
        let a = storage("a", sizes.a);
        let b = storage("b", sizes.b);
        let folds = storage("folds", sizes.folds);
        let nodes = storage("nodes", sizes.nodes);
        let roots = storage("roots", u64::from(KEPT_ROOTS) * 32);
        let bind = |pipeline: &Pipeline, buffers: &[&wgpu::Buffer]| {
            let entries: Vec<_> = (0..)
                .zip(buffers)
                .map(|(binding, buffer)| wgpu::BindGroupEntry {
                    binding,
                    resource: buffer.as_entire_binding(),
                })
                .collect();
            let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: None,
                layout: &pipeline.bindings,
                entries: &entries,
            });
            (pipeline.compute.clone(), group)
        };
        let multiply = pipelines.multiply(gpu, kernel)?;
        let workspace = Self {
            workload,
            kernel,
            generate: bind(&pipelines.generate, &[&state, &a, &b]),
            multiply: bind(&multiply, &[&a, &b, &folds]),
            leaves: bind(&pipelines.leaves, &[&state, &folds, &nodes]),
            tree: bind(&pipelines.tree, &[&nodes]),
            advance: bind(&pipelines.advance, &[&state, &nodes, &roots]),
            state,
            a,
            b,
            folds,
            nodes,
            roots,
        };
        gpu.check()?;
        Ok(workspace)
    }

    const fn bound(&self, shader: Shader) -> &Bound {
        match shader {
            Shader::Generate => &self.generate,
            Shader::Multiply(_) => &self.multiply,
            Shader::Leaves => &self.leaves,
            Shader::Tree => &self.tree,
            Shader::Advance => &self.advance,
        }
    }

    /// Groups `first` and on of the matrices' entries.
    pub(crate) fn generate(&self, first: u32, count: u32) -> Dispatch {
        let Workload { m, n, k } = self.workload;
        Dispatch {
            shader: Shader::Generate,
            parameters: [m, n, k, first],
            workgroups: [(m + n) / WORKGROUP, count],
        }
    }

    /// Workgroups `first` and on of the product.
    pub(crate) fn multiply(&self, first: u32, count: u32) -> Dispatch {
        let Workload { m, n, k } = self.workload;
        Dispatch {
            shader: Shader::Multiply(self.kernel),
            parameters: [m, n, k, first],
            workgroups: [count, 1],
        }
    }

    /// Every leaf.
    pub(crate) fn leaves(&self) -> Dispatch {
        let tiles = self.workload.tiles();
        Dispatch {
            shader: Shader::Leaves,
            parameters: [tiles, 0, 0, 0],
            workgroups: [tiles.div_ceil(WORKGROUP), 1],
        }
    }

    /// The dispatches of the tree, none for a single leaf, and the node that its
    /// root ends in.
    pub(crate) fn tree(&self) -> (Vec<Dispatch>, u32) {
        let mut dispatches = Vec::new();
        let (mut source, mut left) = (0, self.workload.tiles());
        while left > 1 {
            let width = left.min(TREE_WIDTH);
            let destination = source + left;
            dispatches.push(Dispatch {
                shader: Shader::Tree,
                parameters: [source, destination, width, 0],
                workgroups: [left / width, 1],
            });
            (source, left) = (destination, left / width);
        }
        (dispatches, source)
    }

    /// The end of a round; its root is kept in place `kept`.
    pub(crate) fn advance(&self, root: u32, kept: u32) -> Dispatch {
        Dispatch {
            shader: Shader::Advance,
            parameters: [root, kept, 0, 0],
            workgroups: [1, 1],
        }
    }

    /// The dispatches of a piece of a round whose root is kept in place `kept`.
    pub(crate) fn piece(&self, piece: Piece, kept: u32) -> Vec<Dispatch> {
        match piece {
            Piece::Generate { first, count } => vec![self.generate(first, count)],
            Piece::Multiply { first, count } => vec![self.multiply(first, count)],
            Piece::Finish => {
                let (tree, root) = self.tree();
                let mut dispatches = vec![self.leaves()];
                dispatches.extend(tree);
                dispatches.push(self.advance(root, kept));
                dispatches
            }
        }
    }

    /// Encodes dispatches into a pass; each sees what those before it wrote.
    pub(crate) fn encode(&self, pass: &mut wgpu::ComputePass<'_>, dispatches: &[Dispatch]) {
        for dispatch in dispatches {
            let (pipeline, group) = self.bound(dispatch.shader);
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, group, &[]);
            pass.set_immediates(0, bytemuck::cast_slice(&dispatch.parameters));
            let [x, y] = dispatch.workgroups;
            pass.dispatch_workgroups(x, y, 1);
        }
    }
}
