// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The kernel on cooperative matrices, generated for their size, the subgroup's size
//! and the tile of a workgroup.

use std::fmt::{self, Write};

use super::expand;

/// Entries along k that a workgroup holds at a time need so many vectors of four a line.
const fn vectors(depth: u32) -> u32 {
    depth / 4
}

/// Vectors of four f16 that pad a line in workgroup memory: 16 bytes.
const PADDING: u32 = 2;

/// Bytes of workgroup memory that hold finished fragments for folding.
const FINISHED: u32 = 8 << 10;

/// A tile of C on cooperative matrices: what each workgroup and each of its subgroups
/// computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coop {
    /// Rows, columns and depth of a fragment: 8 or 16.
    size: u32,
    /// Threads of a subgroup.
    subgroup: u32,
    /// Subgroups below and beside each other.
    subgroups: (u32, u32),
    /// Fragments of C of a subgroup, below and beside each other.
    fragments: (u32, u32),
    /// Entries along k between barriers.
    depth: u32,
}

/// What an adapter offers to cooperative kernels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CoopLimits {
    /// Whether a CPU runs the shaders, which compiles large kernels for minutes.
    pub(crate) cpu: bool,
    /// Bytes of workgroup memory.
    pub(crate) workgroup_memory: u32,
    /// Threads in a workgroup.
    pub(crate) threads: u32,
}

impl Coop {
    /// The tiles tried for fragments of a size (8 or 16) and subgroups of a size, of
    /// which an adapter within the limits can run these.
    pub(crate) fn variants(size: u32, subgroup: u32, limits: CoopLimits) -> Vec<Self> {
        let tile = |subgroups, fragments, depth| Self {
            size,
            subgroup,
            subgroups,
            fragments,
            depth,
        };
        let tiles = match (limits.cpu, size) {
            (true, _) => vec![tile((2, 2), (2, 2), 16)],
            // 64x64, a quarter a subgroup.
            (false, 8) => vec![tile((2, 2), (4, 4), 32)],
            // 128x128 in quarters, the same in eighths, and 256x128 in eighths.
            (false, _) => vec![
                tile((2, 2), (4, 4), 32),
                tile((4, 2), (2, 4), 32),
                tile((4, 2), (4, 4), 32),
            ],
        };
        tiles
            .into_iter()
            .filter(|coop| {
                let (rows, columns) = coop.tile();
                let even = |lines: u32| (lines * coop.depth / 8).is_multiple_of(coop.threads());
                coop.threads() <= limits.threads
                    && coop.workgroup_memory() <= limits.workgroup_memory
                    && even(rows)
                    && even(columns)
            })
            .collect()
    }

    pub(super) const fn tile(self) -> (u32, u32) {
        (
            self.size * self.fragments.0 * self.subgroups.0,
            self.size * self.fragments.1 * self.subgroups.1,
        )
    }

    const fn threads(self) -> u32 {
        self.subgroup * self.subgroups.0 * self.subgroups.1
    }

    /// Vectors of four f16 from one line in workgroup memory to the next.
    const fn stride(self) -> u32 {
        vectors(self.depth) + PADDING
    }

    /// Fragments that a subgroup stores for folding at a time: as many as fit, dividing
    /// all of them.
    const fn stored(self) -> u32 {
        let all = self.fragments.0 * self.fragments.1;
        let fragment = self.size * self.size * 4;
        let mut count = FINISHED / (fragment * self.subgroups.0 * self.subgroups.1);
        if count > all {
            count = all;
        }
        while count > 1 && !all.is_multiple_of(count) {
            count -= 1;
        }
        if count == 0 { 1 } else { count }
    }

    /// Entries of C that all subgroups store for folding at a time.
    const fn finished(self) -> u32 {
        self.stored() * self.size * self.size * self.subgroups.0 * self.subgroups.1
    }

    const fn workgroup_memory(self) -> u32 {
        let (rows, columns) = self.tile();
        (rows + columns) * self.stride() * 8 + self.finished() * 4
    }

    pub(super) fn text(self) -> String {
        expand(
            include_str!("../../wgsl/multiply_coop.wgsl"),
            |name| match name {
                "constants" => Some(self.constants()),
                "sums" => Some(self.sums()),
                "places" => Some(self.places()),
                "store" => Some(self.store()),
                "fetch" => Some(self.fetch()),
                "step" => Some(self.step()),
                "folds" => Some(self.folds()),
                _ => None,
            },
        )
    }

    fn constants(self) -> String {
        let (rows, columns) = self.tile();
        let sub_side = self.size / 8;
        [
            ("SIZE", self.size),
            ("SUBGROUP", self.subgroup),
            ("SUBGROUPS_ACROSS", self.subgroups.1),
            ("FRAGMENTS_DOWN", self.fragments.0),
            ("FRAGMENTS_ACROSS", self.fragments.1),
            ("FRAGMENTS_STORED", self.stored()),
            ("SUB_SIDE", sub_side),
            ("SUB_TILES", sub_side * sub_side),
            ("THREADS", self.threads()),
            ("ROWS", rows),
            ("COLUMNS", columns),
            ("DEPTH", self.depth),
            ("STRIDE", self.stride()),
            ("FINISHED", self.finished()),
        ]
        .into_iter()
        .map(|(name, value)| format!("const {name} = {value}u;\n"))
        .collect()
    }

    /// The type of a fragment.
    fn fragment(self, scalar: &str, role: char) -> String {
        let size = self.size;
        format!("coop_mat{size}x{size}<{scalar}, {role}>")
    }

    /// Fragments of C: row, column.
    fn each_fragment(self) -> impl Iterator<Item = (u32, u32)> {
        let (down, across) = self.fragments;
        (0..down).flat_map(move |row| (0..across).map(move |column| (row, column)))
    }

    /// What a thread loads of each matrix: matrix, its length, lines of the tile, where
    /// the tile starts, number.
    fn each_load(self) -> Vec<(char, char, u32, &'static str, u32)> {
        let (rows, columns) = self.tile();
        [('a', 'm', rows, "top"), ('b', 'n', columns, "left")]
            .into_iter()
            .flat_map(|(matrix, length, lines, start)| {
                let count = lines * self.depth / 8 / self.threads();
                (0..count).map(move |number| (matrix, length, lines, start, number))
            })
            .collect()
    }

    fn sums(self) -> String {
        self.each_fragment()
            .map(|(i, j)| format!("    var c{i}_{j} = {}();\n", self.fragment("f32", 'C')))
            .collect()
    }

    /// Where each load comes from and goes to, and the first of each.
    fn places(self) -> String {
        let mut text = String::new();
        for (x, length, lines, start, i) in self.each_load() {
            let first = i * self.threads();
            // Writing to a string does not fail.
            let _ = write!(
                text,
                "    let {x}_unit{i} = thread + {first}u;
    let {x}_store{i} = ({x}_unit{i} % {lines}u) * STRIDE + ({x}_unit{i} / {lines}u) * 2u;
    var {x}_place{i} = 2u * (({x}_unit{i} / {lines}u) * parameters.{length} + {start} + {x}_unit{i} % {lines}u);
    var {x}_low{i} = {x}[{x}_place{i}];
    var {x}_high{i} = {x}[{x}_place{i} + 1u];
"
            );
        }
        text
    }

    fn store(self) -> String {
        self.each_load()
            .into_iter()
            .map(|(x, _, _, _, i)| {
                format!(
                    "        {x}_tile[{x}_store{i}] = {x}_low{i};
        {x}_tile[{x}_store{i} + 1u] = {x}_high{i};
"
                )
            })
            .collect()
    }

    fn fetch(self) -> String {
        self.each_load()
            .into_iter()
            .map(|(x, length, _, _, i)| {
                format!(
                    "            {x}_place{i} += (DEPTH / 4u) * parameters.{length};
            {x}_low{i} = {x}[{x}_place{i}];
            {x}_high{i} = {x}[{x}_place{i} + 1u];
"
                )
            })
            .collect()
    }

    /// The products of DEPTH entries along k.
    fn step(self) -> String {
        let mut text = String::new();
        let (down, across) = self.fragments;
        let size = self.size;
        for k in (0..self.depth).step_by(size as usize) {
            let mut load = |x: char, role: char, function: &str, count: u32, row: &str| {
                let fragment = self.fragment("f16", role);
                for i in 0..count {
                    let line = format!("({row} * {}u + {}u)", count * size, i * size);
                    let _ = writeln!(
                        text,
                        "        let {x}{k}_{i} = {function}<{fragment}>(&{x}_tile[{line} * STRIDE \
                         + {}u], STRIDE);",
                        vectors(k)
                    );
                }
            };
            // Rows of A and columns of B both lie one after the other.
            load('a', 'A', "coopLoadT", down, "subgroup_row");
            load('b', 'B', "coopLoad", across, "subgroup_column");
            for (i, j) in self.each_fragment() {
                let _ = writeln!(
                    text,
                    "        c{i}_{j} = coopMultiplyAdd(a{k}_{i}, b{k}_{j}, c{i}_{j});"
                );
            }
        }
        text
    }

    /// Some fragments of every subgroup at a time, none under a condition.
    fn folds(self) -> String {
        let mut text = String::new();
        let fragments: Vec<_> = self.each_fragment().collect();
        for (part, stored) in (0..).zip(fragments.chunks(self.stored() as usize)) {
            if part > 0 {
                text.push_str("    workgroupBarrier();\n");
            }
            for (slot, (i, j)) in stored.iter().enumerate() {
                let _ = writeln!(
                    text,
                    "    coopStoreT(c{i}_{j}, &finished[(subgroup * FRAGMENTS_STORED + {slot}u) * \
                     SIZE * SIZE], SIZE);"
                );
            }
            let _ = write!(
                text,
                "    workgroupBarrier();\n    fold_finished({}u, top, left, thread);\n",
                part * self.stored()
            );
        }
        text
    }
}

impl fmt::Display for Coop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, columns) = self.tile();
        let Self { size, subgroup, .. } = self;
        let subgroups = self.subgroups.0 * self.subgroups.1;
        write!(
            f,
            "{size}x{size}x{size}-{rows}x{columns}-{subgroups}x{subgroup}"
        )
    }
}
