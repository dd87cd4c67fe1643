// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Ceilings by the vendor's library, where a Python with PyTorch and CUDA is at hand.

use std::process::Command;

use proof_of_gpu_primitives::Workload;
use serde::Deserialize;

/// What the library reaches.
#[derive(Debug, Deserialize)]
pub(crate) struct Ceilings {
    pub(crate) software: String,
    pub(crate) device: String,
    /// GOPS of a product of f16.
    pub(crate) f16: f64,
    /// GOPS of a product of f32, TF32 off.
    pub(crate) f32: f64,
    /// GB read and written a second by a copy.
    pub(crate) copy: f64,
}

/// Why it cannot be measured, where it cannot.
#[derive(Deserialize)]
struct Missing {
    missing: Option<String>,
}

fn understand(answer: &[u8]) -> Result<Ceilings, String> {
    let unclear = |error| format!("python3 answered something else: {error}");
    let Missing { missing } = serde_json::from_slice(answer).map_err(unclear)?;
    match missing {
        Some(missing) => Err(missing),
        None => serde_json::from_slice(answer).map_err(unclear),
    }
}

/// Measures them on the first CUDA device, or tells why not.
pub(crate) fn ceilings(workload: &Workload) -> Result<Ceilings, String> {
    let output = Command::new("python3")
        .args(["-c", include_str!("vendor.py")])
        .args([workload.m, workload.n, workload.k].map(|side| side.to_string()))
        .output()
        .map_err(|error| format!("python3 does not start: {error}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        let last = error.lines().last().unwrap_or("without a word");
        return Err(format!("python3 failed: {last}"));
    }
    understand(&output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_understood_and_nothing_else() {
        let ceilings = r#"{"software":"s","device":"d","f16":2.5,"f32":1,"copy":3}"#;
        let parsed = understand(ceilings.as_bytes()).expect("parses");
        assert_eq!((parsed.f16, parsed.f32, parsed.copy), (2.5, 1.0, 3.0));
        let missing = understand(br#"{"missing":"no CUDA"}"#);
        assert_eq!(missing.err().as_deref(), Some("no CUDA"));
        for other in ["", "{}", "[1]", r#"{"software":"s"}"#] {
            let error = understand(other.as_bytes()).expect_err("refused");
            assert!(error.contains("something else"), "{other}: {error}");
        }
    }
}
