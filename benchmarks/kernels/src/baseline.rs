// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the kernels are compared with on the same adapter: the naive kernel, and a copy.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use pollster::block_on;
use proof_of_gpu_primitives::Workload;

/// Bytes copied on a GPU; a CPU adapter copies an eighth.
const COPIED: u64 = 256 << 20;

/// An adapter's device with the naive kernel.
pub(crate) struct Baseline {
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipeline: wgpu::ComputePipeline,
    bound: wgpu::BindGroup,
    sums: wgpu::Buffer,
    workload: Workload,
    copied: [wgpu::Buffer; 2],
}

impl Baseline {
    /// Opens the adapter with this number, as `ni_shaders::adapters` counts them.
    pub(crate) fn new(index: usize, workload: Workload) -> Result<Self> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::PRIMARY,
            flags: wgpu::InstanceFlags::empty(),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let adapters = block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
        let adapter = adapters
            .into_iter()
            .nth(index)
            .context("the adapter is gone")?;
        let (device, queue) = block_on(adapter.request_device(&wgpu::DeviceDescriptor {
            required_features: wgpu::Features::IMMEDIATES,
            required_limits: adapter.limits(),
            ..Default::default()
        }))?;
        let storage = |size: u64| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size,
                usage: wgpu::BufferUsages::STORAGE
                    | wgpu::BufferUsages::COPY_DST
                    | wgpu::BufferUsages::COPY_SRC,
                mapped_at_creation: false,
            })
        };
        let Workload { m, n, k } = workload;
        let [a, b] = [m, n].map(|lines| storage(u64::from(lines) * u64::from(k) * 4));
        let sums = storage(u64::from(m / 8) * u64::from(n / 8) * 4);
        // One everywhere, so that every sum is 64 times k.
        for (buffer, lines) in [(&a, m), (&b, n)] {
            let ones = vec![1_f32; lines as usize * k as usize];
            queue.write_buffer(buffer, 0, bytemuck::cast_slice(&ones));
        }
        let module = trusted(&device);
        let entries = [true, true, false].map(|read_only| wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only },
            has_dynamic_offset: false,
            min_binding_size: None,
        });
        let entries: Vec<_> = (0..)
            .zip(entries)
            .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
                binding,
                visibility: wgpu::ShaderStages::COMPUTE,
                ty,
                count: None,
            })
            .collect();
        let bindings = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: None,
            entries: &entries,
        });
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: 16,
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: Some(&layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        let entries: Vec<_> = (0..)
            .zip([&a, &b, &sums])
            .map(|(binding, buffer)| wgpu::BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        let bound = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &bindings,
            entries: &entries,
        });
        let cpu = adapter.get_info().device_type == wgpu::DeviceType::Cpu;
        let size = if cpu { COPIED / 8 } else { COPIED };
        let copied = [storage(size), storage(size)];
        let baseline = Self {
            device,
            queue,
            pipeline,
            bound,
            sums,
            workload,
            copied,
        };
        baseline.product()?;
        baseline.check()?;
        Ok(baseline)
    }

    fn submit(&self, encode: impl FnOnce(&mut wgpu::CommandEncoder)) -> Result<Duration> {
        let mut encoder = self.device.create_command_encoder(&Default::default());
        encode(&mut encoder);
        let start = Instant::now();
        let submission = self.queue.submit([encoder.finish()]);
        self.device.poll(wgpu::PollType::Wait {
            submission_index: Some(submission),
            timeout: Some(Duration::from_secs(120)),
        })?;
        Ok(start.elapsed())
    }

    /// The time of one product by the naive kernel.
    pub(crate) fn product(&self) -> Result<Duration> {
        let Workload { m, n, k } = self.workload;
        self.submit(|encoder| {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &self.bound, &[]);
            pass.set_immediates(0, bytemuck::cast_slice(&[m, n, k, 0]));
            pass.dispatch_workgroups(n / 64, m / 64, 1);
        })
    }

    /// GB read and written a second by one copy on the device.
    pub(crate) fn copy(&self) -> Result<f64> {
        let [from, to] = &self.copied;
        let size = from.size();
        let time = self.submit(|encoder| {
            encoder.copy_buffer_to_buffer(from, 0, to, 0, size);
        })?;
        #[allow(clippy::cast_precision_loss)] // Far below 2^53.
        Ok(2.0 * size as f64 / time.as_secs_f64() / 1e9)
    }

    /// Whether the naive kernel computed every entry.
    fn check(&self) -> Result<()> {
        let size = self.sums.size();
        let read = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.submit(|encoder| encoder.copy_buffer_to_buffer(&self.sums, 0, &read, 0, size))?;
        read.map_async(wgpu::MapMode::Read, .., |_| ());
        self.device.poll(wgpu::PollType::wait_indefinitely())?;
        let mapped = read.get_mapped_range(..)?;
        let sums: Vec<f32> = bytemuck::pod_collect_to_vec(&mapped);
        #[allow(clippy::cast_precision_loss)] // At most 64 · 4096.
        let expected = (64 * self.workload.k) as f32;
        ensure!(
            sums.iter().all(|sum| *sum == expected),
            "the naive kernel computes wrong sums on this adapter"
        );
        Ok(())
    }
}

/// Compiled without run-time checks, as the prover's shaders are.
#[allow(unsafe_code)]
fn trusted(device: &wgpu::Device) -> wgpu::ShaderModule {
    let descriptor = wgpu::ShaderModuleDescriptor {
        label: Some("naive"),
        source: wgpu::ShaderSource::Wgsl(include_str!("naive.wgsl").into()),
    };
    // Safety: every index is below the sizes of the buffers, which were made for the
    // workload that the dispatch is given.
    unsafe {
        device.create_shader_module_trusted(descriptor, wgpu::ShaderRuntimeChecks::unchecked())
    }
}
