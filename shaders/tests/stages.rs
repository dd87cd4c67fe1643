// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Every stage against its twin, on every adapter, on random and edge inputs.

mod common;

use common::{adapters, hash};
use ni_shaders::layout::{State, Words, pack, words};
use ni_shaders::stages::Stages;
use ni_shaders::{Kernel, KernelPath, Stage, cpu};
use proof_of_gpu_primitives::Workload;

/// Shapes at the edges: the smallest, either side longest, k within one group of
/// 512 entries, at its end, just past it, and the longest.
const SHAPES: [Workload; 9] = [
    Workload::new(64, 64, 64),
    Workload::new(64, 1024, 128),
    Workload::new(1024, 64, 448),
    Workload::new(128, 128, 512),
    Workload::new(128, 256, 576),
    Workload::new(256, 128, 1024),
    Workload::new(64, 128, 4032),
    Workload::new(128, 64, 4096),
    Workload::new(256, 256, 64),
];

fn on_every_adapter(test: impl Fn(&Stages)) {
    with_every_kernel(|stages, _| test(stages));
}

/// Gives the test every adapter, and the kernels that it can run.
fn with_every_kernel(test: impl Fn(&Stages, &[Kernel])) {
    for adapter in adapters() {
        let kernels: Vec<_> = adapter.usable_kernels().collect();
        println!("on {}: {kernels:?}", adapter.name);
        let coop = kernels
            .iter()
            .any(|kernel| kernel.path() == KernelPath::Coop);
        let path = if coop {
            KernelPath::Coop
        } else {
            KernelPath::Portable
        };
        let stages = Stages::new(&adapter, path).expect("the adapter opens");
        test(&stages, &kernels);
    }
}

/// Numbers without a pattern, different for every name.
fn noise(name: &str, count: usize) -> Vec<u32> {
    (0..count.div_ceil(8))
        .flat_map(|block| words(&hash(&format!("{name} {block}"))))
        .take(count)
        .collect()
}

/// Matrices of one value.
fn constant(value: i16, workload: &Workload) -> (Vec<u32>, Vec<u32>) {
    let lines = |count: u32| pack(&vec![vec![value; workload.k as usize]; count as usize]);
    (lines(workload.m), lines(workload.n))
}

#[track_caller]
fn assert_multiplies(
    stages: &Stages,
    kernels: &[Kernel],
    a: &[u32],
    b: &[u32],
    workload: &Workload,
) {
    let twin = cpu::multiply::multiply(a, b, workload);
    for kernel in kernels.iter().filter(|kernel| kernel.fits(workload)) {
        let folds = stages
            .multiply(a, b, workload, *kernel)
            .expect("the device multiplies");
        assert!(
            folds == twin,
            "{kernel} differs from its twin for {workload}"
        );
    }
}

#[test]
fn cooperative_matrices_are_tested_where_they_must_be() {
    // Set by `make coop-conformance`, which brings a driver that has them.
    if std::env::var_os("NI_REQUIRE_COOP").is_some() {
        let coop = |kernel: Kernel| kernel.path() == KernelPath::Coop;
        let mut adapters = adapters().into_iter();
        assert!(adapters.any(|adapter| adapter.usable_kernels().any(coop)));
    }
}

#[test]
fn every_stage_can_be_timed() {
    let workload = Workload::new(256, 256, 64);
    with_every_kernel(|stages, kernels| {
        for kernel in kernels {
            let timer = stages.timer(&workload, *kernel).expect("allocates");
            for stage in Stage::ALL {
                timer.time(stage).expect("runs");
            }
        }
    });
}

#[test]
fn generate() {
    on_every_adapter(|stages| {
        for workload in &SHAPES {
            for key in [[0; 32], [0xff; 32], hash("key")] {
                let device = stages
                    .generate(&key, workload)
                    .expect("the device generates");
                assert!(
                    device == cpu::generate::generate(&key, workload),
                    "{workload}"
                );
            }
        }
    });
}

#[test]
fn generate_fills_only_what_the_shape_asks_for() {
    on_every_adapter(|stages| {
        let workload = Workload::new(64, 128, 64);
        let (a, b) = stages
            .generate(&hash("key"), &workload)
            .expect("the device generates");
        assert_eq!((a.len(), b.len()), (64 * 32, 128 * 32));
        assert!(a != b[..a.len()], "A and B come from different streams");
    });
}

#[test]
fn multiply_random_matrices() {
    with_every_kernel(|stages, kernels| {
        for workload in &SHAPES {
            let (a, b) = cpu::generate::generate(&hash("multiply"), workload);
            assert_multiplies(stages, kernels, &a, &b, workload);
        }
    });
}

#[test]
fn multiply_random_shapes() {
    with_every_kernel(|stages, kernels| {
        for (number, bits) in noise("shapes", 12).into_iter().enumerate() {
            let workload = Workload::new(
                64 << (bits & 3),
                64 << (bits >> 2 & 3),
                64 * (1 + (bits >> 4) % 8),
            );
            let (a, b) = cpu::generate::generate(&hash(&format!("shape {number}")), &workload);
            assert_multiplies(stages, kernels, &a, &b, &workload);
        }
    });
}

#[test]
fn multiply_extreme_matrices() {
    with_every_kernel(|stages, kernels| {
        // 255 · 65536 is the largest sum of full squares below 2^24.
        let workload = Workload::new(128, 128, 192);
        for value in [-256, -255, -1, 0, 1, 255] {
            let (a, b) = constant(value, &workload);
            assert_multiplies(stages, kernels, &a, &b, &workload);
        }
        let (positive, _) = constant(255, &workload);
        let (_, negative) = constant(-256, &workload);
        assert_multiplies(stages, kernels, &positive, &negative, &workload);
    });
}

#[test]
fn one_entry_off_changes_exactly_the_folds_of_its_row() {
    with_every_kernel(|stages, kernels| {
        let workload = Workload::new(128, 128, 64);
        let (a, b) = cpu::generate::generate(&hash("off by one"), &workload);
        let mut off = a.clone();
        // Row 9, entries 0 and 1: the sign of entry 0.
        off[9 * 4] ^= 0x8000;
        for &kernel in kernels.iter().filter(|kernel| kernel.fits(&workload)) {
            let folds = |a: &[u32]| {
                stages
                    .multiply(a, &b, &workload, kernel)
                    .expect("multiplies")
            };
            let changed: Vec<_> = folds(&a)
                .into_iter()
                .zip(folds(&off))
                .enumerate()
                .filter(|(_, (before, after))| before != after)
                .map(|(fold, _)| fold)
                .collect();
            // Sub-row 1 of the two tiles of the first row of tiles.
            let expected: Vec<_> = (8..16).chain(64 + 8..64 + 16).collect();
            assert_eq!(changed, expected, "{kernel}");
        }
    });
}

#[test]
fn leaves() {
    on_every_adapter(|stages| {
        for workload in [Workload::new(64, 64, 64), Workload::new(1024, 512, 64)] {
            let folds = noise("leaves", workload.tiles() as usize * 64);
            for round in [0, 1, 255, 0x0102_0304, 0x7fff_fffe] {
                let device = stages
                    .leaves(round, &folds, &workload)
                    .expect("the device hashes");
                assert_eq!(device, cpu::leaves::leaves(round, &folds), "round {round}");
            }
        }
    });
}

#[test]
fn tree() {
    on_every_adapter(|stages| {
        // 1, 2, 16, 128, 256, 512 and 65536 leaves: none, one and two dispatches.
        for (m, n) in [
            (64, 64),
            (64, 128),
            (256, 256),
            (512, 1024),
            (1024, 1024),
            (2048, 1024),
            (16384, 16384),
        ] {
            let workload = Workload::new(m, n, 64);
            let leaves: Vec<Words> = noise("tree", workload.tiles() as usize * 8)
                .as_chunks()
                .0
                .to_vec();
            let device = stages.tree(&leaves, &workload).expect("the device hashes");
            assert_eq!(
                Some(device),
                cpu::tree::tree(&leaves),
                "{} leaves",
                workload.tiles()
            );
        }
    });
}

#[test]
fn advance() {
    on_every_adapter(|stages| {
        let mut state = State::new(&hash("challenge"), &hash("key"), 0);
        for round in 0..40 {
            let root = words(&hash(&format!("root {round}")));
            let device = stages.advance(&state, &root).expect("the device advances");
            state = cpu::advance::advance(&state, &root);
            assert_eq!(device, state, "round {round}");
        }
    });
}

#[test]
fn advance_with_many_peaks() {
    on_every_adapter(|stages| {
        for round in [
            0x0000_ffff,
            0x2aaa_aaaa,
            0x3fff_ffff,
            0x7fff_ffef,
            0x7fff_fffe,
        ] {
            let mut state = State::new(&hash("challenge"), &hash("key"), round);
            for (height, peak) in state.peaks.iter_mut().enumerate() {
                *peak = words(&hash(&format!("peak {height}")));
            }
            let root = words(&hash("root"));
            let device = stages.advance(&state, &root).expect("the device advances");
            assert_eq!(
                device,
                cpu::advance::advance(&state, &root),
                "round {round}"
            );
        }
    });
}
