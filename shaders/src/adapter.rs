// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which adapters there are, and what each can run.

use std::fmt;

use crate::error::GpuError;
use crate::pipeline::{self, Kernel};

/// What kind of device an adapter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdapterKind {
    /// A card with memory of its own.
    Discrete,
    /// A GPU that shares the host's memory.
    Integrated,
    /// A GPU of a virtual machine.
    Virtual,
    /// A CPU that runs the shaders in software.
    Cpu,
    /// Anything else.
    Other,
}

impl fmt::Display for AdapterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discrete => "discrete",
            Self::Integrated => "integrated",
            Self::Virtual => "virtual",
            Self::Cpu => "cpu",
            Self::Other => "other",
        })
    }
}

/// Whether an adapter can run a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelSupport {
    /// The kernel.
    pub kernel: Kernel,
    /// Why it cannot, where it cannot.
    pub missing: Option<String>,
}

/// An adapter: one way to reach one device.
#[derive(Clone, Debug)]
pub struct Adapter {
    /// Its number among those that [`adapters`] returns.
    pub index: usize,
    /// The device's name.
    pub name: String,
    /// The interface it is reached through, such as `vulkan`.
    pub backend: String,
    /// The driver and its version.
    pub driver: String,
    /// The kind of device.
    pub kind: AdapterKind,
    /// Bytes of memory local to the device, where the interface tells.
    pub memory: Option<u64>,
    /// What it can run.
    pub kernels: Vec<KernelSupport>,
    pub(crate) raw: wgpu::Adapter,
}

/// Lists every adapter, whether it can run the shaders or not.
///
/// # Errors
/// [`GpuError::NoDriver`] and [`GpuError::NoAdapter`]; the list is never empty.
pub fn adapters() -> Result<Vec<Adapter>, GpuError> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::PRIMARY,
        // Validation layers would check every dispatch; the tests are our check.
        flags: wgpu::InstanceFlags::empty(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let found = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
    if found.is_empty() {
        return Err(why_none(&instance));
    }
    Ok(found
        .into_iter()
        .enumerate()
        .map(|(index, raw)| describe(index, raw))
        .collect())
}

/// Tells a missing loader from a loader that knows no device.
fn why_none(instance: &wgpu::Instance) -> GpuError {
    let request = instance.request_adapter(&wgpu::RequestAdapterOptions::default());
    match pollster::block_on(request) {
        Err(wgpu::RequestAdapterError::NotFound {
            active_backends, ..
        }) if active_backends.is_empty() => GpuError::NoDriver,
        _ => GpuError::NoAdapter,
    }
}

fn describe(index: usize, raw: wgpu::Adapter) -> Adapter {
    let info = raw.get_info();
    let missing = pipeline::missing(&raw);
    Adapter {
        index,
        name: info.name,
        backend: info.backend.to_string(),
        driver: format!("{} {}", info.driver, info.driver_info)
            .trim()
            .to_owned(),
        kind: match info.device_type {
            wgpu::DeviceType::DiscreteGpu => AdapterKind::Discrete,
            wgpu::DeviceType::IntegratedGpu => AdapterKind::Integrated,
            wgpu::DeviceType::VirtualGpu => AdapterKind::Virtual,
            wgpu::DeviceType::Cpu => AdapterKind::Cpu,
            wgpu::DeviceType::Other => AdapterKind::Other,
        },
        memory: memory(&raw),
        kernels: Kernel::ALL
            .into_iter()
            .map(|kernel| KernelSupport {
                kernel,
                missing: missing.clone(),
            })
            .collect(),
        raw,
    }
}

/// Bytes of the largest heap that is local to the device.
#[cfg(any(target_os = "linux", target_os = "windows", target_os = "android"))]
#[allow(unsafe_code)]
fn memory(adapter: &wgpu::Adapter) -> Option<u64> {
    // Safety: the handles stay owned by wgpu and are only used for a query
    // without side effects, while `vulkan` keeps the adapter alive.
    let properties = unsafe {
        let vulkan = adapter.as_hal::<wgpu::hal::api::Vulkan>()?;
        vulkan
            .shared_instance()
            .raw_instance()
            .get_physical_device_memory_properties(vulkan.raw_physical_device())
    };
    // Bit 0 of a heap's flags is VK_MEMORY_HEAP_DEVICE_LOCAL_BIT.
    properties
        .memory_heaps_as_slice()
        .iter()
        .filter(|heap| heap.flags.as_raw() & 1 == 1)
        .map(|heap| heap.size)
        .max()
}

/// Other interfaces do not tell.
#[cfg(not(any(target_os = "linux", target_os = "windows", target_os = "android")))]
fn memory(_adapter: &wgpu::Adapter) -> Option<u64> {
    None
}
