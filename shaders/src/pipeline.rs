// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What an adapter must offer, and the compiled shaders.

use std::fmt;

use proof_of_gpu_primitives::Workload;

use crate::device::Gpu;
use crate::source::Shader;

/// The ways in which `multiply` computes, all with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// 128x128 tiles through workgroup memory, 8x8 a thread: for GPUs.
    Tiled,
    /// 8x8 a thread without barriers: for CPU adapters, and for shapes with a
    /// side below 128.
    Direct,
}

impl Kernel {
    /// All kernels.
    pub const ALL: [Self; 2] = [Self::Tiled, Self::Direct];

    /// The name of the variant.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tiled => "tiled",
            Self::Direct => "direct",
        }
    }

    /// The path that the variant is of: which units of the device it uses.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Tiled | Self::Direct => "portable",
        }
    }

    /// Whether the kernel's tiles divide the shape.
    #[must_use]
    pub const fn fits(self, workload: &Workload) -> bool {
        match self {
            Self::Tiled => workload.m >= 128 && workload.n >= 128,
            Self::Direct => true,
        }
    }

    /// Rows and columns of C that a workgroup computes.
    pub(crate) const fn side(self) -> u32 {
        match self {
            Self::Tiled => 128,
            Self::Direct => 64,
        }
    }

    pub(crate) const fn shader(self) -> Shader {
        match self {
            Self::Tiled => Shader::Multiply,
            Self::Direct => Shader::MultiplyDirect,
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Bytes of parameters that a dispatch takes.
pub(crate) const PARAMETERS: u32 = 16;

/// Bytes of workgroup memory that the tiled kernel takes.
const WORKGROUP_MEMORY: u32 = 16 << 10;

/// Threads in its workgroup.
const THREADS: u32 = 256;

/// What an adapter lacks to run the shaders.
pub(crate) fn missing(adapter: &wgpu::Adapter) -> Option<String> {
    let downlevel = adapter.get_downlevel_capabilities().flags;
    if !downlevel.contains(wgpu::DownlevelFlags::COMPUTE_SHADERS) {
        return Some("its driver offers no compute shaders".into());
    }
    if !adapter.features().contains(wgpu::Features::IMMEDIATES) {
        return Some("its driver offers no immediates (push constants)".into());
    }
    let limits = adapter.limits();
    [
        ("bytes of immediates", limits.max_immediate_size, PARAMETERS),
        (
            "bytes of workgroup memory",
            limits.max_compute_workgroup_storage_size,
            WORKGROUP_MEMORY,
        ),
        (
            "threads in a workgroup",
            limits.max_compute_invocations_per_workgroup,
            THREADS,
        ),
        (
            "workgroups in a dispatch",
            limits.max_compute_workgroups_per_dimension,
            65_535,
        ),
        (
            "storage buffers in a shader",
            limits.max_storage_buffers_per_shader_stage,
            3,
        ),
    ]
    .into_iter()
    .find(|(_, has, needs)| has < needs)
    .map(|(what, has, needs)| format!("it has {has} {what} of the {needs} needed"))
}

/// A compiled shader.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) compute: wgpu::ComputePipeline,
    pub(crate) bindings: wgpu::BindGroupLayout,
}

/// Whether each binding of a shader, in order, is only read.
const fn read_only(shader: Shader) -> &'static [bool] {
    match shader {
        Shader::Generate => &[true, false, false],
        Shader::Multiply | Shader::MultiplyDirect | Shader::Leaves => &[true, true, false],
        Shader::Tree => &[false],
        Shader::Advance => &[false, true, false],
    }
}

impl Pipeline {
    /// Compiles a shader. Errors reach the device's fault.
    pub(crate) fn new(gpu: &Gpu, shader: Shader, wgsl: String) -> Self {
        let device = &gpu.device;
        let label = Some(shader.name());
        let module = trusted_module(
            device,
            wgpu::ShaderModuleDescriptor {
                label,
                source: wgpu::ShaderSource::Wgsl(wgsl.into()),
            },
        );
        let entries: Vec<_> = (0..)
            .zip(read_only(shader))
            .map(|(binding, read_only)| wgpu::BindGroupLayoutEntry {
                binding,
                visibility: wgpu::ShaderStages::COMPUTE,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Storage {
                        read_only: *read_only,
                    },
                    has_dynamic_offset: false,
                    min_binding_size: None,
                },
                count: None,
            })
            .collect();
        let bindings = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label,
            entries: &entries,
        });
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: PARAMETERS,
        });
        let compute = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label,
            layout: Some(&layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                // Every shader writes its workgroup memory before it reads it.
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: None,
        });
        Self { compute, bindings }
    }
}

/// Compiles without run-time checks, which cost `multiply` a fifth on lavapipe.
#[allow(unsafe_code)]
fn trusted_module(
    device: &wgpu::Device,
    descriptor: wgpu::ShaderModuleDescriptor<'_>,
) -> wgpu::ShaderModule {
    // Safety: the shaders are this crate's own. Every index they form is bounded
    // by the parameters of the dispatch, which come from a validated workload and
    // the buffers sized for it; every loop's count is bounded by the same.
    unsafe {
        device.create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked())
    }
}
