// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What every prover does before it proves: each stage against its twin, and
//! `multiply` also on matrices made to break a short accumulator.

use proof_of_gpu_primitives::{Hash, Sha256, SoftwareSha256, Workload};

use crate::adapter::AdapterKind;
use crate::cpu;
use crate::error::{GpuError, Stage};
use crate::kernel::Kernel;
use crate::layout::{State, Words, pack, unpack, words};
use crate::stages::Stages;

/// Two tiles a side, and a k that is no multiple of 512.
const SMALL: Workload = Workload::new(128, 128, 576);

/// One tile of the largest kernel a side, and more than one of every other.
const WIDE: Workload = Workload::new(256, 256, 576);

/// The shape of the cross-check, which has enough workgroups to keep a GPU busy.
const CROWDED: Workload = Workload::new(2048, 1024, 1024);

/// The same on a CPU adapter, which a few workgroups keep busy.
const CROWDED_CPU: Workload = Workload::new(512, 256, 256);

/// Tiles that are compared.
const CHECKED_TILES: u32 = 8;

/// Shapes with a tree in one and in two dispatches.
const TREES: [Workload; 2] = [Workload::new(64, 256, 64), Workload::new(1024, 2048, 64)];

/// Terms of 255·255 that sum to just below 2²⁴.
const TERMS: usize = 258;

fn expect(stage: Stage, same: bool) -> Result<(), GpuError> {
    if same {
        Ok(())
    } else {
        Err(GpuError::SelfTest { stage })
    }
}

/// Compares a kernel with its twin, on matrices without a pattern and on crafted ones.
pub(crate) fn kernel(stages: &Stages, kernel: Kernel) -> Result<(), GpuError> {
    let shape = if kernel.fits(&SMALL) { SMALL } else { WIDE };
    let random = cpu::generate::generate(&seed(b"key"), &shape);
    for (a, b) in [random, crafted(&shape)] {
        let folds = cpu::multiply::multiply(&a, &b, &shape);
        let computed = stages.multiply(&a, &b, &shape, kernel)?;
        expect(Stage::Multiply, computed == folds)?;
    }
    Ok(())
}

/// Compares some tiles of a larger product by a kernel with the CPU's integers: many
/// workgroups at once show what a single one does not, such as a read of workgroup
/// memory before its write is visible.
pub(crate) fn cross_check(
    stages: &Stages,
    kernel: Kernel,
    kind: AdapterKind,
) -> Result<(), GpuError> {
    let shape = match kind {
        AdapterKind::Cpu => CROWDED_CPU,
        _ => CROWDED,
    };
    let (a, b) = stages.generate(&seed(b"cross-check"), &shape)?;
    let folds = stages.multiply(&a, &b, &shape, kernel)?;
    let (rows, columns) = (unpack(&a, shape.m as usize), unpack(&b, shape.n as usize));
    let across = shape.n / 64;
    for check in 0..CHECKED_TILES {
        // Spread over the product, in different rows and columns of tiles.
        let tile = (check * shape.tiles() / CHECKED_TILES + check * 5) % shape.tiles();
        let (top, left) = ((tile / across) as usize * 64, (tile % across) as usize * 64);
        let expected = cpu::multiply::tile(&rows[top..top + 64], &columns[left..left + 64]);
        let computed = &folds[tile as usize * 64..][..64];
        expect(Stage::Multiply, computed == expected)?;
    }
    Ok(())
}

/// Compares every stage but `multiply` with its twin.
pub(crate) fn run(stages: &Stages) -> Result<(), GpuError> {
    let key = seed(b"key");
    expect(
        Stage::Generate,
        stages.generate(&key, &SMALL)? == cpu::generate::generate(&key, &SMALL),
    )?;

    let folds = noise(SMALL.tiles() as usize * 64);
    for round in [0, 0x0102_0304] {
        let leaves = cpu::leaves::leaves(round, &folds);
        expect(
            Stage::Leaves,
            stages.leaves(round, &folds, &SMALL)? == leaves,
        )?;
    }

    for workload in TREES {
        let leaves: Vec<Words> = noise(workload.tiles() as usize * 8).as_chunks().0.to_vec();
        let root = cpu::tree::tree(&leaves);
        expect(Stage::Tree, root == Some(stages.tree(&leaves, &workload)?))?;
    }

    for round in [0, 1, 6, 0x7fff_fffe, 0x3fff_ffff] {
        let state = crowded_state(round);
        let root = words(&seed(b"root"));
        let next = cpu::advance::advance(&state, &root);
        expect(Stage::Advance, stages.advance(&state, &root)? == next)?;
    }
    Ok(())
}

fn seed(name: &[u8]) -> Hash {
    SoftwareSha256::hash(name)
}

/// Words without a pattern.
fn noise(count: usize) -> Vec<u32> {
    (0..count.div_ceil(8))
        .flat_map(|block| words(&seed(&block.to_le_bytes())))
        .take(count)
        .collect()
}

/// A state with every peak filled.
fn crowded_state(round: u32) -> State {
    let mut state = State::new(&seed(b"challenge"), &seed(b"key"), round);
    for (peak, words) in state.peaks.iter_mut().zip(noise(31 * 8).as_chunks().0) {
        *peak = *words;
    }
    state
}

/// Matrices whose partial sums come as close to 2²⁴ as f32 can follow: the first
/// half of k sums to an odd number just below it, with the sign of the row; in
/// the odd columns the second half takes nearly all of it away again.
///
/// An accumulator of fewer than 24 bits, a sum in another order of magnitude, or
/// a product through f16 gives other folds.
pub(crate) fn crafted(workload: &Workload) -> (Vec<u32>, Vec<u32>) {
    let depth = workload.k as usize;
    let lines = |count: u32, line: &dyn Fn(usize, &mut [i16])| {
        let lines: Vec<Vec<i16>> = (0..count as usize)
            .map(|number| {
                let mut entries = vec![0; depth];
                line(number, &mut entries);
                entries
            })
            .collect();
        pack(&lines)
    };
    let small = |number: usize| i16::try_from(number % 8).unwrap_or_default();
    let a = lines(workload.m, &|row, entries| {
        let sign = if row % 3 == 0 { -1 } else { 1 };
        entries[..TERMS].fill(255 * sign);
        // 255² · 258 + 255 · 3 = 2²⁴ − 1, from which an even number is taken.
        entries[TERMS] = 255 * sign;
        entries[TERMS + 1] = -small(row) * sign;
        entries[TERMS + 2..2 * TERMS + 2].fill(255 * sign);
    });
    let b = lines(workload.n, &|column, entries| {
        entries[..TERMS].fill(255);
        entries[TERMS] = 3;
        entries[TERMS + 1] = 2 * small(column);
        if column % 2 == 1 {
            entries[TERMS + 2..2 * TERMS + 2].fill(-255);
        }
    });
    (a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::adapters;
    use crate::kernel::KernelPath;
    use crate::source::Shader;

    /// Runs the self-test with one shader's text changed.
    fn broken(shader: Shader, from: &str, to: &str) -> Result<(), GpuError> {
        let adapters = adapters().expect("an adapter; `make setup` installs a software one");
        let path = match shader {
            Shader::Multiply(kernel) => kernel.path(),
            _ => KernelPath::Portable,
        };
        let (from, to) = (from.to_owned(), to.to_owned());
        let stages = Stages::with_sources(&adapters[0], path, move |each| {
            let wgsl = each.wgsl();
            if each != shader {
                return wgsl;
            }
            assert!(wgsl.contains(&from), "{} has no {from}", shader.name());
            wgsl.replacen(&from, &to, 1)
        })?;
        match shader {
            Shader::Multiply(broken) => {
                kernel(&stages, broken)?;
                cross_check(&stages, broken, adapters[0].kind)
            }
            _ => run(&stages),
        }
    }

    /// Every kernel that the first adapter can run.
    fn kernels() -> Vec<Kernel> {
        let adapters = adapters().expect("an adapter; `make setup` installs a software one");
        adapters[0].usable_kernels().collect()
    }

    #[track_caller]
    fn assert_caught(stage: Stage, result: Result<(), GpuError>) {
        match result {
            Err(GpuError::SelfTest { stage: caught }) => assert_eq!(caught, stage),
            other => panic!("a broken {stage} gave {other:?}"),
        }
    }

    #[test]
    fn the_shipped_shaders_pass() {
        broken(Shader::Tree, "NODE", "NODE").expect("the shaders as they are pass");
    }

    #[test]
    fn a_wrong_ninth_bit_is_caught() {
        let result = broken(Shader::Generate, "(bits & 2u) << 7u", "(bits & 2u) << 6u");
        assert_caught(Stage::Generate, result);
    }

    #[test]
    fn every_kernel_passes_as_it_is() {
        for kernel in kernels() {
            broken(Shader::Multiply(kernel), "PRIME1", "PRIME1")
                .unwrap_or_else(|error| panic!("{kernel}: {error}"));
        }
    }

    #[test]
    fn a_short_accumulator_is_caught_in_every_kernel() {
        // The sums lose their lowest bit where they are largest, as they would in
        // an accumulator of 23 bits.
        for kernel in kernels() {
            let result = broken(
                Shader::Multiply(kernel),
                "var stripes = rows;",
                "var stripes = rows;
                for (var row = 0u; row < 16u; row++) {
                    let short = trunc(rows[row] / 2.0) * 2.0;
                    stripes[row] = select(rows[row], short, abs(rows[row]) >= vec4(8388608.0));
                }",
            );
            assert_caught(Stage::Multiply, result);
        }
    }

    #[test]
    fn a_kernel_that_forgets_a_step_is_caught() {
        for (kernel, from, to) in [
            (
                Kernel::Tiled,
                "step < steps; step++",
                "step + 1u < steps; step++",
            ),
            (
                Kernel::UNIVERSAL,
                "group < parameters.k / 8u",
                "group < parameters.k / 8u - 1u",
            ),
        ] {
            assert_caught(Stage::Multiply, broken(Shader::Multiply(kernel), from, to));
        }
    }

    #[test]
    fn a_wrong_leaf_is_caught() {
        assert_caught(
            Stage::Leaves,
            broken(Shader::Leaves, "0x4c454146u", "0x4c454147u"),
        );
        let round = broken(
            Shader::Leaves,
            "sha256_swap_bytes(state.round)",
            "state.round",
        );
        assert_caught(Stage::Leaves, round);
    }

    #[test]
    fn a_swapped_pair_of_nodes_is_caught() {
        let pair = "level[thread * 2u], level[thread * 2u + 1u]";
        let swapped = "level[thread * 2u + 1u], level[thread * 2u]";
        assert_caught(Stage::Tree, broken(Shader::Tree, pair, swapped));
    }

    #[test]
    fn peaks_in_the_wrong_order_are_caught() {
        let result = broken(
            Shader::Advance,
            "state.peaks[mountain - 1u][word]",
            "state.peaks[31u - mountain][word]",
        );
        assert_caught(Stage::Advance, result);
    }

    #[test]
    fn crafted_sums_come_as_close_to_the_limit_as_they_should() {
        let (a, b) = crafted(&SMALL);
        let (rows, columns) = (unpack(&a, 128), unpack(&b, 128));
        let (mut largest, mut smallest) = (0, 0);
        for (row, a) in rows.iter().enumerate().take(16) {
            for (column, b) in columns.iter().enumerate().take(16) {
                let mut sum = 0_i32;
                for (a, b) in a.iter().zip(b) {
                    sum += a * b;
                    largest = largest.max(sum);
                    smallest = smallest.min(sum);
                }
                assert!(sum % 2 != 0, "row {row}, column {column}: {sum} is even");
                assert_eq!(
                    sum.abs() < 1000,
                    column % 2 == 1,
                    "{sum} does not cancel as it should"
                );
            }
        }
        assert_eq!((largest, smallest), ((1 << 24) - 1, -(1 << 24) + 1));
    }
}
