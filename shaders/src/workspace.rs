// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The buffers of one shape, and the dispatches over them.

use proof_of_gpu_primitives::Workload;

use crate::device::Gpu;
use crate::error::{GpuError, Stage};
use crate::layout::{Sizes, State};
use crate::pipeline::{Kernel, Pipeline};
use crate::schedule::Piece;
use crate::source::Shader;

/// The compiled shaders.
#[derive(Debug)]
pub(crate) struct Pipelines {
    generate: Pipeline,
    multiply: Pipeline,
    multiply_direct: Pipeline,
    leaves: Pipeline,
    tree: Pipeline,
    advance: Pipeline,
}

impl Pipelines {
    /// Compiles every shader from the text that `wgsl` gives for it.
    pub(crate) fn new(gpu: &Gpu, wgsl: impl Fn(Shader) -> String) -> Result<Self, GpuError> {
        let pipeline = |shader| Pipeline::new(gpu, shader, wgsl(shader));
        let pipelines = Self {
            generate: pipeline(Shader::Generate),
            multiply: pipeline(Shader::Multiply),
            multiply_direct: pipeline(Shader::MultiplyDirect),
            leaves: pipeline(Shader::Leaves),
            tree: pipeline(Shader::Tree),
            advance: pipeline(Shader::Advance),
        };
        gpu.check()?;
        Ok(pipelines)
    }

    const fn of(&self, shader: Shader) -> &Pipeline {
        match shader {
            Shader::Generate => &self.generate,
            Shader::Multiply => &self.multiply,
            Shader::MultiplyDirect => &self.multiply_direct,
            Shader::Leaves => &self.leaves,
            Shader::Tree => &self.tree,
            Shader::Advance => &self.advance,
        }
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
            Shader::Multiply | Shader::MultiplyDirect => Stage::Multiply,
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
    generate: wgpu::BindGroup,
    multiply: wgpu::BindGroup,
    leaves: wgpu::BindGroup,
    tree: wgpu::BindGroup,
    advance: wgpu::BindGroup,
}

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
        let bind = |shader: Shader, buffers: &[&wgpu::Buffer]| {
            let entries: Vec<_> = (0..)
                .zip(buffers)
                .map(|(binding, buffer)| wgpu::BindGroupEntry {
                    binding,
                    resource: buffer.as_entire_binding(),
                })
                .collect();
            gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(shader.name()),
                layout: &pipelines.of(shader).bindings,
                entries: &entries,
            })
        };
        let workspace = Self {
            workload,
            kernel,
            generate: bind(Shader::Generate, &[&state, &a, &b]),
            multiply: bind(kernel.shader(), &[&a, &b, &folds]),
            leaves: bind(Shader::Leaves, &[&state, &folds, &nodes]),
            tree: bind(Shader::Tree, &[&nodes]),
            advance: bind(Shader::Advance, &[&state, &nodes, &roots]),
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

    const fn group(&self, shader: Shader) -> &wgpu::BindGroup {
        match shader {
            Shader::Generate => &self.generate,
            Shader::Multiply | Shader::MultiplyDirect => &self.multiply,
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
            shader: self.kernel.shader(),
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
    pub(crate) fn encode(
        &self,
        pipelines: &Pipelines,
        pass: &mut wgpu::ComputePass<'_>,
        dispatches: &[Dispatch],
    ) {
        for dispatch in dispatches {
            pass.set_pipeline(&pipelines.of(dispatch.shader).compute);
            pass.set_bind_group(0, self.group(dispatch.shader), &[]);
            pass.set_immediates(0, bytemuck::cast_slice(&dispatch.parameters));
            let [x, y] = dispatch.workgroups;
            pass.dispatch_workgroups(x, y, 1);
        }
    }
}
