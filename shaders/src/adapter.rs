// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which adapters there are, and what each can run.

use std::fmt;

use crate::capabilities;
use crate::error::GpuError;
use crate::kernel::{Kernel, KernelPath};

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

/// Whether an adapter can run the kernels of a path, going by what its driver says:
/// whether their results are right is for the self-test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelSupport {
    /// The path.
    pub path: KernelPath,
    /// Its variants that the adapter can run; empty where it can run none.
    pub kernels: Vec<Kernel>,
    /// Why it can run none, where it can run none.
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
    /// The address of the card on its bus, where the driver tells: two adapters with one
    /// address are one card behind two drivers, and two cards of one name have two.
    pub bus: Option<String>,
    /// Bytes of memory local to the device, where the interface tells.
    pub memory: Option<u64>,
    /// What it can run, by path.
    pub kernels: Vec<KernelSupport>,
    pub(crate) raw: wgpu::Adapter,
}

impl Adapter {
    /// Every kernel that it can run.
    pub fn usable_kernels(&self) -> impl Iterator<Item = Kernel> {
        let supports = self.kernels.iter();
        supports.flat_map(|support| support.kernels.iter().copied())
    }

    /// Whether it can run the kernels of a path.
    pub(crate) fn check(&self, path: KernelPath) -> Result<(), GpuError> {
        let support = self.kernels.iter().find(|support| support.path == path);
        match support.and_then(|support| support.missing.clone()) {
            None => Ok(()),
            Some(missing) => Err(GpuError::Unsupported {
                adapter: self.name.clone(),
                path,
                missing,
            }),
        }
    }
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
    let portable = capabilities::missing(&raw).map_or(Ok(Kernel::PORTABLE.to_vec()), Err);
    let coop = portable
        .clone()
        .and_then(|_| capabilities::coop_kernels(&raw));
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
        bus: Some(info.device_pci_bus_id).filter(|bus| !bus.is_empty()),
        memory: memory(&raw),
        kernels: vec![
            support(KernelPath::Portable, portable),
            support(KernelPath::Coop, coop),
        ],
        raw,
    }
}

fn support(path: KernelPath, kernels: Result<Vec<Kernel>, String>) -> KernelSupport {
    let (kernels, missing) = match kernels {
        Ok(kernels) => (kernels, None),
        Err(missing) => (Vec::new(), Some(missing)),
    };
    KernelSupport {
        path,
        kernels,
        missing,
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
