// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What an adapter must offer.

use crate::kernel::{Coop, CoopLimits, Kernel};

/// Bytes of parameters that a dispatch takes.
pub(crate) const PARAMETERS: u32 = 16;

/// Bytes of workgroup memory that the tiled kernel takes.
const WORKGROUP_MEMORY: u32 = 16 << 10;

/// Threads in its workgroup.
const THREADS: u32 = 256;

/// The first Mesa of which llvmpipe may be given f16: older ones crash on it.
const LLVMPIPE_WITH_F16: u32 = 25;

/// The features that cooperative kernels take.
pub(crate) const COOP_FEATURES: wgpu::Features =
    wgpu::Features::EXPERIMENTAL_COOPERATIVE_MATRIX.union(wgpu::Features::SHADER_F16);

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

/// The cooperative kernels that an adapter can run, or what it lacks for them.
pub(crate) fn coop_kernels(adapter: &wgpu::Adapter) -> Result<Vec<Kernel>, String> {
    let info = adapter.get_info();
    if !adapter.features().contains(COOP_FEATURES) {
        return Err("its driver offers no cooperative matrices with f16".into());
    }
    if let Some(major) = llvmpipe_version(&info.driver, &info.driver_info)
        && major < LLVMPIPE_WITH_F16
    {
        return Err(format!(
            "llvmpipe crashes on f16 before Mesa {LLVMPIPE_WITH_F16}, this is Mesa {major}"
        ));
    }
    let mut sizes: Vec<_> = adapter
        .cooperative_matrix_properties()
        .into_iter()
        .filter(|offered| {
            offered.ab_type == wgpu::CooperativeScalarType::F16
                && offered.cr_type == wgpu::CooperativeScalarType::F32
                && !offered.saturating_accumulation
                && offered.m_size == offered.n_size
                && offered.m_size == offered.k_size
                && [8, 16].contains(&offered.m_size)
        })
        .map(|offered| offered.m_size)
        .collect();
    sizes.sort_unstable();
    sizes.dedup();
    if sizes.is_empty() {
        return Err("its cooperative matrices are none of 8x8x8 or 16x16x16, f16 to f32".into());
    }
    let limits = adapter.limits();
    let limits = CoopLimits {
        cpu: info.device_type == wgpu::DeviceType::Cpu,
        workgroup_memory: limits.max_compute_workgroup_storage_size,
        threads: limits.max_compute_invocations_per_workgroup,
    };
    // The driver picks one of the sizes in between without saying which: the
    // self-test tells the kernels made for another one.
    let mut subgroups = vec![info.subgroup_min_size, info.subgroup_max_size];
    subgroups.dedup();
    let kernels: Vec<_> = sizes
        .into_iter()
        .flat_map(|size| subgroups.iter().map(move |subgroup| (size, *subgroup)))
        .filter(|(_, subgroup)| (4..=128).contains(subgroup))
        .flat_map(|(size, subgroup)| Coop::variants(size, subgroup, limits))
        .map(Kernel::Coop)
        .collect();
    if kernels.is_empty() {
        return Err("its workgroups are too small for cooperative matrices".into());
    }
    Ok(kernels)
}

/// The major version of Mesa, for its software rasteriser only.
fn llvmpipe_version(driver: &str, information: &str) -> Option<u32> {
    if driver != "llvmpipe" {
        return None;
    }
    let version = information.split_once("Mesa ")?.1;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_software_rasterisers_are_told_from_new_ones_and_from_hardware() {
        let old = "Mesa 22.3.6 (LLVM 15.0.6)";
        assert_eq!(llvmpipe_version("llvmpipe", old), Some(22));
        let new = "Mesa 26.1.6-1 (LLVM 21.1.8)";
        assert_eq!(llvmpipe_version("llvmpipe", new), Some(26));
        assert_eq!(llvmpipe_version("radv", "Mesa 22.3.6"), None);
        assert_eq!(llvmpipe_version("llvmpipe", "Mesa next"), None);
        assert_eq!(llvmpipe_version("llvmpipe", ""), None);
    }
}
