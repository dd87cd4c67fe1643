// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The kernel without barriers, generated for a number of rows and columns a thread.

use std::fmt::{self, Write};

use super::expand;

/// Side of a sub-tile, of which each thread holds some whole ones.
const SUB_TILE: u32 = 8;

/// Threads in a workgroup, side by side along a row of C: the lanes of one subgroup of
/// a CPU adapter.
const THREADS: u32 = 8;

/// Rows and columns of C that a thread holds in registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direct {
    rows: u32,
    columns: u32,
}

impl Direct {
    /// One sub-tile a thread: fits every shape.
    pub const SMALL: Self = Self {
        rows: 8,
        columns: 8,
    };

    /// Two sub-tiles, one above the other.
    pub const TALL: Self = Self {
        rows: 16,
        columns: 8,
    };

    /// Four sub-tiles: half the loads of [`Self::SMALL`] a multiplication.
    pub const LARGE: Self = Self {
        rows: 16,
        columns: 16,
    };

    pub(super) const fn tile(self) -> (u32, u32) {
        (self.rows, self.columns * THREADS)
    }

    pub(super) fn text(self) -> String {
        expand(
            include_str!("../../wgsl/multiply_direct.wgsl"),
            |name| match name {
                "constants" => Some(format!(
                    "const ROWS = {}u;\nconst COLUMNS = {}u;\n",
                    self.rows, self.columns
                )),
                "sums" => Some(self.sums()),
                "step" => Some(self.step()),
                "folds" => Some(self.folds()),
                _ => None,
            },
        )
    }

    /// A variable for each entry of C.
    fn sums(self) -> String {
        let mut text = String::new();
        for row in 0..self.rows {
            for column in 0..self.columns {
                line(&mut text, format_args!("    var c{row}_{column} = 0.0;"));
            }
        }
        text
    }

    /// Eight k: the columns' entries first, then row by row its own and their products.
    fn step(self) -> String {
        let mut text = String::new();
        for column in 0..self.columns {
            line(
                &mut text,
                format_args!("        let b{column} = b[b_place + {column}u];"),
            );
            unpack(&mut text, 'b', column);
        }
        for row in 0..self.rows {
            line(
                &mut text,
                format_args!("        let a{row} = a[a_place + {row}u];"),
            );
            unpack(&mut text, 'a', row);
            // A wide tile spills its sums: all eight k of one follow each other. A
            // narrow one keeps them, and has independent sums follow each other.
            let wide = self.columns > SUB_TILE;
            let (outer, inner) = if wide {
                (self.columns, 8)
            } else {
                (8, self.columns)
            };
            for first in 0..outer {
                for second in 0..inner {
                    let (column, k) = if wide {
                        (first, second)
                    } else {
                        (second, first)
                    };
                    let (pair, half) = (k / 2, ['x', 'y'][k as usize % 2]);
                    line(
                        &mut text,
                        format_args!(
                            "        c{row}_{column} = fma(a{row}_{pair}.{half}, \
                             b{column}_{pair}.{half}, c{row}_{column});"
                        ),
                    );
                }
            }
        }
        text
    }

    /// The fold of each sub-tile.
    fn folds(self) -> String {
        let mut text = String::new();
        for top in (0..self.rows).step_by(SUB_TILE as usize) {
            for left in (0..self.columns).step_by(SUB_TILE as usize) {
                line(
                    &mut text,
                    format_args!(
                        "    write_fold(row + {top}u, column + {left}u, array<vec4<f32>, 16>("
                    ),
                );
                for vector in 0..16 {
                    let (row, first) = (top + vector / 2, left + vector % 2 * 4);
                    let entries: Vec<_> =
                        (first..first + 4).map(|j| format!("c{row}_{j}")).collect();
                    line(
                        &mut text,
                        format_args!("        vec4({}),", entries.join(", ")),
                    );
                }
                line(&mut text, format_args!("    ));"));
            }
        }
        text
    }
}

/// The eight entries of a vector, in pairs.
fn unpack(text: &mut String, matrix: char, number: u32) {
    for (pair, component) in ['x', 'y', 'z', 'w'].into_iter().enumerate() {
        line(
            text,
            format_args!(
                "        let {matrix}{number}_{pair} = \
                 unpack2x16float({matrix}{number}.{component});"
            ),
        );
    }
}

fn line(text: &mut String, arguments: fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{arguments}");
}

impl fmt::Display for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.rows, self.columns)
    }
}
