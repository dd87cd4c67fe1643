// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The part of Binaryen's interface that the wasm builder uses, without Binaryen.
//!
//! The wasm builder asks for two passes: debug information removed, and the
//! sign-extension operators lowered to those of the first version of WebAssembly. The
//! target `wasm32v1-none` emits that version (with mutable globals) from the start, in
//! its standard library too, so there is nothing to lower. This crate checks that, by a
//! full validation against exactly that version, and fails the build where it is not so.
//! Binaryen itself, a quarter of a million lines of C++, was the dearest part of a build
//! from nothing.
//!
//! The root manifest puts this crate in the place of the published `wasm-opt`.
#![deny(missing_docs)]

use std::{fs, io, path::Path};

use wasmparser::{BinaryReaderError, Parser, Payload, Validator, WasmFeatures};

/// A pass of Binaryen's that the wasm builder asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Removes the DWARF sections.
    StripDwarf,
    /// Lowers the sign-extension operators: a check that there are none.
    SignextLowering,
}

/// Why a module was not written.
#[derive(Debug, thiserror::Error)]
pub enum OptimizationError {
    /// A file could not be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The module is not WebAssembly's first version with mutable globals.
    #[error("the module uses what a chain's executor does not promise: {0}")]
    NotMvp(#[from] BinaryReaderError),
}

/// The passes asked for, and how to run them.
#[derive(Clone, Debug, Default)]
pub struct OptimizationOptions {
    passes: Vec<Pass>,
}

impl OptimizationOptions {
    /// No optimisation: the passes added alone.
    pub fn new_opt_level_0() -> Self {
        Self::default()
    }

    /// The first version's features alone, which is what [`Self::run`] always checks.
    pub fn mvp_features_only(&mut self) -> &mut Self {
        self
    }

    /// Keeps the section of names, which is always kept.
    pub fn debug_info(&mut self, _keep: bool) -> &mut Self {
        self
    }

    /// Adds a pass.
    pub fn add_pass(&mut self, pass: Pass) -> &mut Self {
        self.passes.push(pass);
        self
    }

    /// Reads the module `from`, checks it, and writes it `to` (which may be the same file)
    /// after the passes.
    ///
    /// # Errors
    /// A file that cannot be read or written, and a module that uses anything but the
    /// first version of WebAssembly with mutable globals.
    pub fn run(
        &self,
        from: impl AsRef<Path>,
        to: impl AsRef<Path>,
    ) -> Result<(), OptimizationError> {
        let module = fs::read(from)?;
        Validator::new_with_features(WasmFeatures::WASM1).validate_all(&module)?;
        let module = if self.passes.contains(&Pass::StripDwarf) {
            without_dwarf(&module)?
        } else {
            module
        };
        Ok(fs::write(to, module)?)
    }
}

/// The module without its custom sections of DWARF, every other byte as it was.
fn without_dwarf(module: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let mut kept = Vec::with_capacity(module.len());
    let mut copied = 0;
    let mut before = 0;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let end = match &payload {
            Payload::Version { range, .. } => range.end,
            Payload::CodeSectionEntry(_) => continue,
            payload => match payload.as_section() {
                Some((_, range)) => range.end,
                None => continue,
            },
        };
        if let Payload::CustomSection(section) = &payload
            && section.name().starts_with(".debug_")
        {
            kept.extend_from_slice(&module[copied..before]);
            copied = end;
        }
        before = end;
    }
    kept.extend_from_slice(&module[copied..]);
    Ok(kept)
}

#[cfg(test)]
mod tests;
