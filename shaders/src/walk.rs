// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The memory walk on a GPU: a fill over as many bindings as it takes, and lanes walked
//! through it. The shaders are `fill` and `walk`; their twins of the same names are in
//! [`crate::cpu`].

use std::time::{Duration, Instant};

use proof_of_gpu_primitives::{
    Hash, SoftwareSha256,
    prover::Folds,
    walk::{
        ENTRY_BYTES, Entry, MAX_PAGE_BITS, WalkError, WalkParameters, prover::BatchEngine,
        walk_challenge,
    },
};

use crate::{adapter::Adapter, device::Gpu, error::GpuError};

mod source;

use source::Shader;

/// How the shaders reach more memory than one binding holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bindings {
    /// One array of bindings, indexed by each lane on its own.
    Array,
    /// A binding for each chunk, chosen by a switch: for drivers without such arrays.
    Switch,
}

const ARRAY_FEATURES: wgpu::Features = wgpu::Features::BUFFER_BINDING_ARRAY
    .union(wgpu::Features::STORAGE_RESOURCE_BINDING_ARRAY)
    .union(wgpu::Features::SAMPLED_TEXTURE_AND_STORAGE_BUFFER_ARRAY_NON_UNIFORM_INDEXING);

/// Threads in a workgroup.
const WORKGROUP: u32 = 64;

/// Entries or lanes of the first submission, which is there to learn the speed from.
const FIRST: u32 = 1 << 10;

/// Most of them in a submission: as many workgroups as a dispatch may have.
const MOST: u32 = 65_535 * WORKGROUP;

/// What a submission aims at.
const SUBMISSION: Duration = Duration::from_millis(50);

/// Bytes of the immediates: first and count.
const IMMEDIATES: u32 = 8;

impl Bindings {
    /// The ways in which an adapter's driver can bind, the better one first.
    #[must_use]
    pub fn of(adapter: &Adapter) -> Vec<Self> {
        if adapter.raw.features().contains(ARRAY_FEATURES) {
            vec![Self::Array, Self::Switch]
        } else {
            vec![Self::Switch]
        }
    }
}

/// Why a GPU holds no fill, or stopped walking.
#[derive(Clone, Debug, thiserror::Error)]
pub enum GpuWalkError {
    /// The protocol does not allow the size.
    #[error("the protocol does not allow it: {0}")]
    Refused(#[from] WalkError),
    /// The adapter cannot bind so many chunks.
    #[error(
        "a fill of {chunks} chunks is too large for this adapter, which can bind {limit}; choose          fewer GiB"
    )]
    TooManyChunks {
        /// Chunks that the fill takes.
        chunks: u64,
        /// Chunks that a shader can reach.
        limit: u64,
    },
    /// The device failed.
    #[error(transparent)]
    Gpu(#[from] GpuError),
}

/// The start of the shaders' `Walk`, and its padding.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Header {
    challenge: [u32; 8],
    key: [u32; 8],
    rounds: u32,
    hops: u32,
    pages: u32,
    page_bits: u32,
    chunk_bits: u32,
    padding: [u32; 3],
}

/// A hash as eight little-endian words.
fn words(hash: &Hash) -> [u32; 8] {
    let mut words = [0; 8];
    for (word, bytes) in words.iter_mut().zip(hash.as_chunks().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}

/// A fill in a GPU's memory.
#[derive(Debug)]
pub struct GpuFill {
    gpu: Gpu,
    walk_challenge: Hash,
    parameters: WalkParameters,
    chunk_bits: u32,
    chunks: Vec<wgpu::Buffer>,
    header: wgpu::Buffer,
    marks: wgpu::Buffer,
    group: wgpu::BindGroup,
    walk: wgpu::ComputePipeline,
    lanes: Pace,
}

impl GpuFill {
    /// Fills a GPU's memory. Chunks have 2^`chunk_bits` entries at most, and no more
    /// than a binding holds; give `MAX_PAGE_BITS` where nothing speaks for less.
    /// `progress` is told the number of entries done.
    ///
    /// # Errors
    ///
    /// [`GpuWalkError`].
    pub fn new(
        adapter: &Adapter,
        bindings: Bindings,
        chunk_bits: u32,
        challenge: &Hash,
        parameters: WalkParameters,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, GpuWalkError> {
        parameters.validate()?;
        let gpu = open(adapter, bindings)?;
        let limits = gpu.device.limits();
        let binding = limits
            .max_buffer_size
            .min(limits.max_storage_buffer_binding_size);
        let most = (binding / u64::from(ENTRY_BYTES)).max(1).ilog2();
        let chunk_bits = chunk_bits.min(most).min(MAX_PAGE_BITS);
        let wanted = parameters.entries().div_ceil(1 << chunk_bits);
        let limit = match bindings {
            // Header and marks are the two others.
            Bindings::Switch => limits
                .max_storage_buffers_per_shader_stage
                .saturating_sub(2),
            Bindings::Array => limits.max_binding_array_elements_per_shader_stage,
        };
        let chunks = u32::try_from(wanted)
            .ok()
            .filter(|chunks| *chunks <= limit)
            .ok_or(GpuWalkError::TooManyChunks {
                chunks: wanted,
                limit: u64::from(limit),
            })?;

        let usage = wgpu::BufferUsages::STORAGE
            | wgpu::BufferUsages::COPY_SRC
            | wgpu::BufferUsages::COPY_DST;
        let last = parameters.entries() - (u64::from(chunks - 1) << chunk_bits);
        let buffers: Vec<_> = (1..=chunks)
            .map(|chunk| {
                let entries = if chunk == chunks {
                    last
                } else {
                    1 << chunk_bits
                };
                gpu.buffer("fill", entries * u64::from(ENTRY_BYTES), usage)
            })
            .collect();
        let header = gpu.buffer("walk", size_of::<Header>() as u64, usage);
        let marks = gpu.buffer("marks", u64::from(parameters.lanes) * 4, usage);
        gpu.check()?;

        let layout = layout(&gpu, bindings, chunks);
        let group = bind(&gpu, &layout, bindings, &header, &marks, &buffers);
        let fill = pipeline(
            &gpu,
            Shader::Fill.name(),
            &Shader::Fill.wgsl(bindings, chunks),
            &layout,
        );
        let walk = pipeline(
            &gpu,
            Shader::Walk.name(),
            &Shader::Walk.wgsl(bindings, chunks),
            &layout,
        );
        gpu.check()?;
        let filled = Self {
            gpu,
            walk_challenge: walk_challenge::<SoftwareSha256>(challenge, &parameters),
            parameters,
            chunk_bits,
            chunks: buffers,
            header,
            marks,
            group,
            walk,
            lanes: Pace::new(),
        };
        filled.write_header(&Hash::default());
        let entries = filled.parameters.entries();
        let mut pace = Pace::new();
        filled.dispatch(&fill, &mut pace, entries, progress)?;
        Ok(filled)
    }

    /// Chunks that the fill lies in.
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// The first entries of a chunk, up to so many; none of a chunk that is not there.
    ///
    /// # Errors
    ///
    /// A fault of the device.
    pub fn entries(&self, chunk: usize, count: usize) -> Result<Vec<Entry>, GpuError> {
        let Some(buffer) = self.chunks.get(chunk) else {
            return Ok(Vec::new());
        };
        let held = usize::try_from(buffer.size() / u64::from(ENTRY_BYTES)).unwrap_or(usize::MAX);
        let [entries] = self.gpu.read::<Entry, 1>([(buffer, count.min(held))])?;
        Ok(entries)
    }

    /// Tells the shaders what the walk is and which batch is next.
    fn write_header(&self, key: &Hash) {
        let header = Header {
            challenge: words(&self.walk_challenge),
            key: words(key),
            rounds: self.parameters.rounds,
            hops: self.parameters.hops,
            pages: self.parameters.pages,
            page_bits: self.parameters.page_bits,
            chunk_bits: self.chunk_bits,
            padding: [0; 3],
        };
        self.gpu
            .queue
            .write_buffer(&self.header, 0, bytemuck::bytes_of(&header));
    }

    /// Runs a pipeline for the numbers below `total`, in submissions of a bounded length.
    fn dispatch(
        &self,
        pipeline: &wgpu::ComputePipeline,
        pace: &mut Pace,
        total: u64,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), GpuError> {
        let mut first = 0;
        while first < total {
            let left = u32::try_from(total - first).unwrap_or(u32::MAX);
            let count = pace.size.min(left);
            // Below 2³²: so many entries there are at most.
            let start = u32::try_from(first).unwrap_or(u32::MAX);
            let begun = Instant::now();
            let mut encoder = self.gpu.encoder();
            {
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                pass.set_pipeline(pipeline);
                pass.set_bind_group(0, &self.group, &[]);
                pass.set_immediates(0, bytemuck::cast_slice(&[start, count]));
                pass.dispatch_workgroups(count.div_ceil(WORKGROUP), 1, 1);
            }
            let submission = self.gpu.queue.submit([encoder.finish()]);
            self.gpu.wait(submission)?;
            pace.learn(begun.elapsed());
            first += u64::from(count);
            progress(first);
        }
        Ok(())
    }
}

impl BatchEngine for GpuFill {
    type Error = GpuError;

    fn walk_challenge(&self) -> Hash {
        self.walk_challenge
    }

    fn parameters(&self) -> WalkParameters {
        self.parameters
    }

    fn batch(&mut self, key: &Hash, _batch: u32) -> Result<Vec<Folds>, GpuError> {
        self.write_header(key);
        let mut pace = self.lanes;
        let lanes = self.parameters.lanes;
        self.dispatch(&self.walk, &mut pace, u64::from(lanes), &mut |_| ())?;
        self.lanes = pace;
        let [marks] = self
            .gpu
            .read::<Folds, 1>([(&self.marks, self.parameters.groups() as usize)])?;
        Ok(marks)
    }
}

/// How much a submission takes on, learnt from those before.
#[derive(Clone, Copy, Debug)]
struct Pace {
    size: u32,
}

impl Pace {
    const fn new() -> Self {
        Self { size: FIRST }
    }

    fn learn(&mut self, took: Duration) {
        if took > SUBMISSION {
            self.size = (self.size / 2).max(WORKGROUP);
        } else if took < SUBMISSION / 2 {
            self.size = self.size.saturating_mul(2).min(MOST);
        }
    }
}

/// Opens an adapter's device with what the bindings ask for.
fn open(adapter: &Adapter, bindings: Bindings) -> Result<Gpu, GpuError> {
    if let Some(missing) = crate::capabilities::missing(&adapter.raw) {
        return Err(GpuError::Unsupported {
            adapter: adapter.name.clone(),
            path: crate::KernelPath::Portable,
            missing,
        });
    }
    let arrays = match bindings {
        Bindings::Array => ARRAY_FEATURES,
        Bindings::Switch => wgpu::Features::empty(),
    };
    let raw = &adapter.raw;
    let (device, queue) = pollster::block_on(raw.request_device(&wgpu::DeviceDescriptor {
        label: Some("ni walk"),
        required_features: wgpu::Features::IMMEDIATES | arrays,
        required_limits: raw.limits(),
        ..Default::default()
    }))
    .map_err(|error| GpuError::Open(error.to_string()))?;
    Ok(Gpu::watched(device, queue, wgpu::Features::empty()))
}

/// The layout that both shaders share: header, marks, chunks.
fn layout(gpu: &Gpu, bindings: Bindings, chunks: u32) -> wgpu::BindGroupLayout {
    let entry = |binding, read_only, count| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count,
    };
    let mut entries = vec![entry(0, true, None), entry(1, false, None)];
    match bindings {
        Bindings::Array => entries.push(entry(2, false, std::num::NonZeroU32::new(chunks))),
        Bindings::Switch => entries.extend((0..chunks).map(|chunk| entry(chunk + 2, false, None))),
    }
    gpu.device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("walk"),
            entries: &entries,
        })
}

fn bind(
    gpu: &Gpu,
    layout: &wgpu::BindGroupLayout,
    bindings: Bindings,
    header: &wgpu::Buffer,
    marks: &wgpu::Buffer,
    chunks: &[wgpu::Buffer],
) -> wgpu::BindGroup {
    let whole: Vec<_> = chunks
        .iter()
        .map(wgpu::Buffer::as_entire_buffer_binding)
        .collect();
    let mut resources = vec![header.as_entire_binding(), marks.as_entire_binding()];
    match bindings {
        Bindings::Array => resources.push(wgpu::BindingResource::BufferArray(&whole)),
        Bindings::Switch => resources.extend(chunks.iter().map(wgpu::Buffer::as_entire_binding)),
    }
    let entries: Vec<_> = (0..)
        .zip(resources)
        .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
        .collect();
    gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("walk"),
        layout,
        entries: &entries,
    })
}

/// Compiles a shader, with the run-time checks. Errors reach the device's fault.
fn pipeline(
    gpu: &Gpu,
    name: &str,
    wgsl: &str,
    bindings: &wgpu::BindGroupLayout,
) -> wgpu::ComputePipeline {
    let device = &gpu.device;
    let label = Some(name);
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label,
        source: wgpu::ShaderSource::Wgsl(wgsl.into()),
    });
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label,
        bind_group_layouts: &[Some(bindings)],
        immediate_size: IMMEDIATES,
    });
    device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label,
        layout: Some(&layout),
        module: &module,
        entry_point: Some("main"),
        compilation_options: wgpu::PipelineCompilationOptions::default(),
        cache: None,
    })
}
