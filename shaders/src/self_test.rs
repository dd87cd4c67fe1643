// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What every prover does before it proves: each stage against its twin, and
//! `multiply` also on matrices made to break a short accumulator.

use proof_of_gpu_primitives::{Hash, Sha256, SoftwareSha256, Workload};

use crate::cpu;
use crate::error::{GpuError, Stage};
use crate::layout::{State, Words, pack, words};
use crate::pipeline::Kernel;
use crate::stages::Stages;

/// Two tiles a side, and a k that is no multiple of 512.
const SMALL: Workload = Workload::new(128, 128, 576);

/// Shapes with a tree in one and in two dispatches.
const TREES: [Workload; 2] = [Workload::new(64, 256, 64), Workload::new(1024, 2048, 64)];

/// Terms of 255·255 that sum to just below 2²⁴.
const TERMS: usize = 258;

/// Compares every stage with its twin.
pub(crate) fn run(stages: &Stages) -> Result<(), GpuError> {
    let expect = |stage: Stage, same: bool| {
        if same {
            Ok(())
        } else {
            Err(GpuError::SelfTest { stage })
        }
    };
    let key = seed(b"key");
    let (a, b) = cpu::generate::generate(&key, &SMALL);
    expect(
        Stage::Generate,
        stages.generate(&key, &SMALL)? == (a.clone(), b.clone()),
    )?;

    let (crafted_a, crafted_b) = crafted(&SMALL);
    for (a, b) in [(&a, &b), (&crafted_a, &crafted_b)] {
        let folds = cpu::multiply::multiply(a, b, &SMALL);
        for kernel in Kernel::ALL {
            expect(
                Stage::Multiply,
                stages.multiply(a, b, &SMALL, kernel)? == folds,
            )?;
        }
    }

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
    use crate::source::Shader;

    /// Runs the self-test with one shader's text changed.
    fn broken(shader: Shader, from: &str, to: &str) -> Result<(), GpuError> {
        let adapters = adapters().expect("an adapter; `make setup` installs a software one");
        let stages = Stages::with_sources(&adapters[0], |each| {
            let wgsl = each.wgsl();
            if each != shader {
                return wgsl;
            }
            assert!(wgsl.contains(from), "{} has no {from}", shader.name());
            wgsl.replacen(from, to, 1)
        })?;
        run(&stages)
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
    fn a_short_accumulator_is_caught_in_either_kernel() {
        // The sums lose their lowest bit where they are largest, as they would in
        // an accumulator of 23 bits.
        for shader in [Shader::Multiply, Shader::MultiplyDirect] {
            let result = broken(
                shader,
                "= xxhash32_fold(sums)",
                "= xxhash32_fold(shortened(sums));
}
fn shortened(sums: array<vec4<f32>, 16>) -> array<vec4<f32>, 16> {
    var short = sums;
    for (var row = 0u; row < 16u; row++) {
        let large = abs(short[row]) >= vec4(8388608.0);
        short[row] = select(short[row], trunc(short[row] / 2.0) * 2.0, large);
    }
    return short",
            );
            assert_caught(Stage::Multiply, result);
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
        let entry = |packed: &[u32], lines: u32, line: u32, k: u32| {
            let word = packed[((k / 2) * lines + line) as usize];
            let half = if k.is_multiple_of(2) {
                word & 0xffff
            } else {
                word >> 16
            };
            crate::layout::whole(u16::try_from(half).expect("16 bits"))
        };
        let (mut largest, mut smallest) = (0, 0);
        for row in 0..16 {
            for column in 0..16 {
                let mut sum = 0_i32;
                for k in 0..SMALL.k {
                    sum += entry(&a, SMALL.m, row, k) * entry(&b, SMALL.n, column, k);
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
