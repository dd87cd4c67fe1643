// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The stages' twins: each file computes, on the CPU, the bytes of the shader
//! of the same name; and [`engine`], the prover that needs no GPU.

pub mod advance;
pub mod engine;
pub mod fill;
pub mod generate;
pub mod leaves;
pub mod multiply;
pub mod tree;
pub mod walk;
