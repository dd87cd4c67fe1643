// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The compiled shaders.

use crate::capabilities::PARAMETERS;
use crate::device::Gpu;
use crate::source::Shader;

/// A compiled shader.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    pub(crate) compute: wgpu::ComputePipeline,
    pub(crate) bindings: wgpu::BindGroupLayout,
}

/// Whether each binding of a shader, in order, is only read.
const fn read_only(shader: Shader) -> &'static [bool] {
    match shader {
        Shader::Generate => &[true, false, false],
        Shader::Multiply(_) | Shader::Leaves => &[true, true, false],
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
