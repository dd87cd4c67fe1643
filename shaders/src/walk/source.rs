// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The text of the walk's shaders, written for a number of chunks.

use std::fmt::Write;

use super::Bindings;

/// The walk's shaders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shader {
    Fill,
    Walk,
}

impl Shader {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Walk => "walk",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Fill => include_str!("../../wgsl/fill.wgsl"),
            Self::Walk => include_str!("../../wgsl/walk.wgsl"),
        }
    }

    /// The complete WGSL for so many chunks.
    pub(super) fn wgsl(self, bindings: Bindings, chunks: u32) -> String {
        let mut wgsl = match bindings {
            Bindings::Array => "enable wgpu_binding_array;\n".to_owned(),
            Bindings::Switch => String::new(),
        };
        for line in self.text().lines() {
            wgsl.push_str(match line {
                "#import cubehash" => include_str!("../../wgsl/shared/cubehash.wgsl"),
                "#import fill" => include_str!("../../wgsl/shared/fill.wgsl"),
                line => line,
            });
            wgsl.push('\n');
        }
        wgsl.push_str(&match bindings {
            Bindings::Array => array(chunks),
            Bindings::Switch => switch(chunks),
        });
        wgsl
    }
}

const ROWS: [&str; 8] = ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"];

/// A statement that loads an entry from the rows of a chunk.
fn load(chunk: &str) -> String {
    let rows: Vec<_> = (0..ROWS.len())
        .map(|row| format!("{chunk}[row + {row}u]"))
        .collect();
    format!("return Block({});", rows.join(", "))
}

/// Statements that store an entry into the rows of a chunk.
fn store(chunk: &str) -> String {
    ROWS.iter()
        .enumerate()
        .map(|(row, name)| format!("{chunk}[row + {row}u] = entry.{name};"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// One array of bindings, indexed by the chunk.
fn array(chunks: u32) -> String {
    let (load, store) = (load("fill[chunk].rows"), store("fill[chunk].rows"));
    format!(
        "struct Chunk {{ rows: array<vec4<u32>> }}
@group(0) @binding(2) var<storage, read_write> fill: binding_array<Chunk, {chunks}>;
fn fill_load(chunk: u32, row: u32) -> Block {{ {load} }}
fn fill_store(chunk: u32, row: u32, entry: Block) {{ {store} }}
"
    )
}

/// One binding a chunk, chosen by a switch.
fn switch(chunks: u32) -> String {
    let (mut variables, mut loads, mut stores) = (String::new(), String::new(), String::new());
    for chunk in 0..chunks {
        let name = format!("fill_{chunk}");
        let binding = chunk + 2;
        let case = match chunk {
            0 => "default".to_owned(),
            chunk => format!("case {chunk}u"),
        };
        // Writing to a text cannot fail.
        let _ = writeln!(
            variables,
            "@group(0) @binding({binding}) var<storage, read_write> {name}: array<vec4<u32>>;"
        );
        let _ = writeln!(loads, "        {case}: {{ {} }}", load(&name));
        let _ = writeln!(stores, "        {case}: {{ {} }}", store(&name));
    }
    format!(
        "{variables}
fn fill_load(chunk: u32, row: u32) -> Block {{
    switch chunk {{
{loads}    }}
}}
fn fill_store(chunk: u32, row: u32, entry: Block) {{
    switch chunk {{
{stores}    }}
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chunk_has_its_binding_and_its_case() {
        let wgsl = Shader::Walk.wgsl(Bindings::Switch, 3);
        assert!(!wgsl.contains("#import"));
        assert_eq!(wgsl.matches("var<storage, read_write> fill_").count(), 3);
        assert_eq!(wgsl.matches("default: {").count(), 2);
        assert_eq!(wgsl.matches("case 2u: {").count(), 2);
        assert!(!wgsl.contains("fill_3"));
        let wgsl = Shader::Fill.wgsl(Bindings::Array, 3);
        assert!(!wgsl.contains("#import") && wgsl.contains("binding_array<Chunk, 3>"));
    }
}
