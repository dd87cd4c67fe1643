// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How rounds are cut into submissions: several small rounds in one, or a large
//! round over many, so that each takes about [`TARGET`].

use std::time::Duration;

use proof_of_gpu_primitives::Workload;

use crate::kernel::Kernel;

/// How long a submission should take. A display's watchdog resets devices that
/// are busy for longer than some seconds, and the display stutters well before.
pub(crate) const TARGET: Duration = Duration::from_millis(50);

/// Operations that generating one entry counts as, compared with those of the
/// product.
const OPERATIONS_AN_ENTRY: u64 = 16;

/// Operations that a tile's leaf and its share of the tree count as: seven blocks of
/// SHA-256.
const OPERATIONS_A_TILE: u64 = 20_000;

/// Operations that the rest of a round's end counts as, whatever its shape.
const OPERATIONS_AN_END: u64 = 100_000;

/// Entries along k that a thread of `generate` fills.
const GROUP: u32 = 512;

/// A part of a round that is dispatched at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Groups of 512 entries along k of every row and column.
    Generate {
        /// The first group.
        first: u32,
        /// How many.
        count: u32,
    },
    /// Workgroups of the product.
    Multiply {
        /// The first workgroup.
        first: u32,
        /// How many, at most 32768.
        count: u32,
    },
    /// The leaves, the tree and the range: the end of a round.
    Finish,
}

/// Cuts one round after the other into pieces.
#[derive(Clone, Debug)]
pub(crate) struct Cutter {
    groups: u32,
    group_cost: u64,
    workgroups: u32,
    workgroup_cost: u64,
    finish_cost: u64,
    next: Piece,
}

/// Most workgroups in one dispatch; a power of two below WebGPU's limit.
const MOST_WORKGROUPS: u32 = 1 << 15;

impl Cutter {
    /// A cutter for rounds of a shape, multiplied by a kernel that fits it.
    pub(crate) fn new(workload: &Workload, kernel: Kernel) -> Self {
        let lines = u64::from(workload.m) + u64::from(workload.n);
        let (rows, columns) = kernel.tile();
        Self {
            groups: workload.k.div_ceil(GROUP),
            group_cost: lines * u64::from(GROUP.min(workload.k)) * OPERATIONS_AN_ENTRY,
            workgroups: kernel.workgroups(workload),
            workgroup_cost: 2 * u64::from(rows) * u64::from(columns) * u64::from(workload.k),
            finish_cost: u64::from(workload.tiles()) * OPERATIONS_A_TILE + OPERATIONS_AN_END,
            next: Piece::Generate { first: 0, count: 0 },
        }
    }

    /// Whether the next piece is the end of a round.
    pub(crate) const fn at_the_end(&self) -> bool {
        matches!(self.next, Piece::Finish)
    }

    /// The next piece, of about `allowance` operations at most but never empty,
    /// and its operations.
    pub(crate) fn cut(&mut self, allowance: u64) -> (Piece, u64) {
        let fitting = |left: u32, cost: u64, most: u32| {
            let count = u32::try_from(allowance / cost).unwrap_or(u32::MAX);
            count.clamp(1, left.min(most))
        };
        match self.next {
            Piece::Generate { first, .. } => {
                let count = fitting(self.groups - first, self.group_cost, self.groups);
                let end = first + count;
                self.next = if end < self.groups {
                    Piece::Generate {
                        first: end,
                        count: 0,
                    }
                } else {
                    Piece::Multiply { first: 0, count: 0 }
                };
                (
                    Piece::Generate { first, count },
                    self.group_cost * u64::from(count),
                )
            }
            Piece::Multiply { first, .. } => {
                let count = fitting(
                    self.workgroups - first,
                    self.workgroup_cost,
                    MOST_WORKGROUPS,
                );
                let end = first + count;
                self.next = if end < self.workgroups {
                    Piece::Multiply {
                        first: end,
                        count: 0,
                    }
                } else {
                    Piece::Finish
                };
                (
                    Piece::Multiply { first, count },
                    self.workgroup_cost * u64::from(count),
                )
            }
            Piece::Finish => {
                self.next = Piece::Generate { first: 0, count: 0 };
                (Piece::Finish, self.finish_cost)
            }
        }
    }
}

/// What one submission may hold, learnt from those before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    operations: u64,
}

/// Rounds of the smallest shapes that one submission may hold: bounds the time
/// spent on encoding, which the operations do not count.
pub(crate) const MOST_ROUNDS: u32 = 256;

/// The allowance to start with: some 25 ms on the slowest adapter known.
const FIRST: u64 = 50_000_000;

/// Bounds of what is learnt from one submission.
const STEP: u64 = 4;

impl Default for Allowance {
    fn default() -> Self {
        Self { operations: FIRST }
    }
}

impl Allowance {
    /// Operations that the next submission may hold.
    pub(crate) const fn operations(&self) -> u64 {
        self.operations
    }

    /// Learns from a submission that held `operations` and took `time`.
    pub(crate) fn learn(&mut self, operations: u64, time: Duration) {
        // A submission that held little, and so took little, mostly took what any
        // submission takes.
        if operations < self.operations / 2 && time < TARGET {
            return;
        }
        let target = u128::from(operations) * TARGET.as_nanos() / time.as_nanos().max(1);
        let target = u64::try_from(target).unwrap_or(u64::MAX);
        let most = self.operations.saturating_mul(STEP);
        self.operations = target.clamp((self.operations / STEP).max(1), most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(workload: &Workload, kernel: Kernel, allowance: u64) -> Vec<(Piece, u64)> {
        let mut cutter = Cutter::new(workload, kernel);
        let mut pieces = Vec::new();
        loop {
            pieces.push(cutter.cut(allowance));
            if matches!(pieces.last(), Some((Piece::Finish, _))) {
                return pieces;
            }
        }
    }

    #[test]
    fn pieces_cover_a_round_once_and_in_order() {
        for (shape, kernel) in [
            ((64, 64, 64), Kernel::UNIVERSAL),
            ((128, 256, 192), Kernel::Tiled),
            ((16384, 16384, 4096), Kernel::UNIVERSAL),
            ((16384, 16384, 4096), Kernel::Tiled),
        ] {
            let workload = Workload::new(shape.0, shape.1, shape.2);
            for allowance in [1, 1_000_000_000, u64::MAX] {
                let (mut groups, mut workgroups, mut operations) = (0, 0, 0);
                for (piece, cost) in round(&workload, kernel, allowance) {
                    match piece {
                        Piece::Generate { first, count } => {
                            assert!(first == groups && count > 0 && workgroups == 0);
                            groups += count;
                        }
                        Piece::Multiply { first, count } => {
                            assert!(first == workgroups && count > 0 && count <= MOST_WORKGROUPS);
                            workgroups += count;
                            operations += u128::from(cost);
                        }
                        Piece::Finish => {}
                    }
                }
                assert_eq!(groups, workload.k.div_ceil(512));
                assert_eq!(workgroups, kernel.workgroups(&workload));
                assert_eq!(operations, workload.operations());
            }
        }
    }

    #[test]
    fn pieces_keep_to_the_allowance() {
        let workload = Workload::new(16384, 16384, 4096);
        for (piece, cost) in round(&workload, Kernel::UNIVERSAL, 1_000_000_000) {
            // The end of a round is not cut: of the largest one, a millisecond on the
            // devices that finish one at all.
            assert!(cost <= 1_000_000_000 || piece == Piece::Finish);
        }
    }

    #[test]
    fn the_allowance_approaches_the_target_from_both_sides() {
        for operations_a_second in [1_000_000_000_u64, 60_000_000_000_000] {
            let mut allowance = Allowance::default();
            for _ in 0..20 {
                let operations = allowance.operations();
                allowance.learn(
                    operations,
                    Duration::from_nanos(operations * 1000 / (operations_a_second / 1_000_000)),
                );
            }
            let ideal = operations_a_second / 20;
            let error = allowance.operations().abs_diff(ideal);
            assert!(
                error < ideal / 50,
                "{} instead of {ideal}",
                allowance.operations()
            );
        }
    }

    #[test]
    fn no_measurement_stops_the_allowance_from_recovering() {
        let mut allowance = Allowance::default();
        for _ in 0..100 {
            allowance.learn(1, Duration::from_secs(100));
        }
        assert!(allowance.operations() >= 1);
        for _ in 0..40 {
            let operations = allowance.operations();
            allowance.learn(operations, Duration::from_nanos(operations / 2));
        }
        assert!(allowance.operations() > 50_000_000);
    }
}
