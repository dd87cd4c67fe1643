// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! An open device whose failures are errors, never panics.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::adapter::Adapter;
use crate::capabilities::COOP_FEATURES;
use crate::error::GpuError;

/// How long a submission may take before the device counts as hung. Submissions
/// aim at a twentieth of a second; a busy CPU adapter may take far longer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A device, its queue and its first fault.
#[derive(Debug)]
pub(crate) struct Gpu {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    pub(crate) timestamps: bool,
    fault: Arc<Mutex<Option<GpuError>>>,
}

/// Keeps the first of several faults; the later ones follow from it.
fn note(fault: &Mutex<Option<GpuError>>, error: GpuError) {
    fault
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get_or_insert(error);
}

impl Gpu {
    /// Opens an adapter's device; `coop` asks for cooperative matrices too.
    #[allow(unsafe_code)]
    pub(crate) fn open(adapter: &Adapter, coop: bool) -> Result<Self, GpuError> {
        let raw = &adapter.raw;
        let timestamps = raw.features() & wgpu::Features::TIMESTAMP_QUERY;
        let (coop_features, experimental_features) = if coop {
            // Safety: the token stands for knowing that experimental features may have
            // faults. The kernels that use them are compared with the CPU at every start.
            let experimental = unsafe { wgpu::ExperimentalFeatures::enabled() };
            (COOP_FEATURES, experimental)
        } else {
            (
                wgpu::Features::empty(),
                wgpu::ExperimentalFeatures::disabled(),
            )
        };
        let (device, queue) = pollster::block_on(raw.request_device(&wgpu::DeviceDescriptor {
            label: Some("ni prover"),
            required_features: wgpu::Features::IMMEDIATES | timestamps | coop_features,
            experimental_features,
            required_limits: raw.limits(),
            ..Default::default()
        }))
        .map_err(|error| GpuError::Open(error.to_string()))?;
        Ok(Self::watched(device, queue, timestamps))
    }

    /// An open device, watched for faults from here on.
    pub(crate) fn watched(
        device: wgpu::Device,
        queue: wgpu::Queue,
        timestamps: wgpu::Features,
    ) -> Self {
        let fault = Arc::new(Mutex::new(None));
        let lost = Arc::clone(&fault);
        device.set_device_lost_callback(move |_, message| note(&lost, GpuError::Lost(message)));
        let uncaptured = Arc::clone(&fault);
        device.on_uncaptured_error(Arc::new(move |error| {
            let error = match error {
                wgpu::Error::OutOfMemory { .. } => GpuError::OutOfMemory,
                error => GpuError::Driver(error.to_string()),
            };
            note(&uncaptured, error);
        }));
        Self {
            device,
            queue,
            timestamps: !timestamps.is_empty(),
            fault,
        }
    }

    /// The device's first fault, if it had one.
    pub(crate) fn check(&self) -> Result<(), GpuError> {
        match &*self.fault.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(fault) => Err(fault.clone()),
            None => Ok(()),
        }
    }

    /// Waits for a submission.
    pub(crate) fn wait(&self, submission: wgpu::SubmissionIndex) -> Result<(), GpuError> {
        let waited = self.device.poll(wgpu::PollType::Wait {
            submission_index: Some(submission),
            timeout: Some(PATIENCE),
        });
        if waited.is_err() {
            // A lost device refuses the wait as well, and tells why in a poll.
            let _ = self.device.poll(wgpu::PollType::Poll);
        }
        self.check()?;
        waited.map(|_| ()).map_err(|error| match error {
            wgpu::PollError::Timeout => GpuError::Hung(PATIENCE.as_secs()),
            error => GpuError::Driver(error.to_string()),
        })
    }

    pub(crate) fn buffer(&self, label: &str, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size,
            usage,
            mapped_at_creation: false,
        })
    }

    pub(crate) fn encoder(&self) -> wgpu::CommandEncoder {
        self.device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
    }

    /// Reads the start of each buffer: as many elements as asked for.
    pub(crate) fn read<T: bytemuck::Pod, const N: usize>(
        &self,
        sources: [(&wgpu::Buffer, usize); N],
    ) -> Result<[Vec<T>; N], GpuError> {
        let bytes = |elements: usize| (elements * size_of::<T>()) as u64;
        let total = sources.iter().map(|(_, elements)| bytes(*elements)).sum();
        let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ;
        let staging = self.buffer("read-back", total, usage);
        let mut encoder = self.encoder();
        let mut offset = 0;
        for (source, elements) in sources {
            encoder.copy_buffer_to_buffer(source, 0, &staging, offset, bytes(elements));
            offset += bytes(elements);
        }
        let submission = self.queue.submit([encoder.finish()]);
        // The outcome is seen below, when the range is asked for.
        staging.map_async(wgpu::MapMode::Read, .., |_| ());
        self.wait(submission)?;
        let mapped = staging
            .get_mapped_range(..)
            .map_err(|error| GpuError::Driver(error.to_string()))?;
        let mut rest = &mapped[..];
        Ok(sources.map(|(_, elements)| {
            let (head, tail) = rest.split_at(elements * size_of::<T>());
            rest = tail;
            bytemuck::pod_collect_to_vec(head)
        }))
    }
}
