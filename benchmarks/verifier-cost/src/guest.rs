// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Builds and runs the guest module, as the node's executor would.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};
use proof_of_gpu_primitives::{Sha256, SoftwareSha256};
use wasmtime::{
    Caller, Config, Engine, Extern, Linker, Memory, Module, OptLevel, Store, TypedFunc,
};

/// The verifier's module, instantiated.
pub(crate) struct Guest {
    store: Store<()>,
    memory: Memory,
    input: u32,
    product: TypedFunc<(u32, u32), u32>,
    walk: TypedFunc<(u32, u32), u32>,
}

/// What a reveal is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Proof {
    /// Rounds of the product.
    Product,
    /// Batches of the memory walk.
    Walk,
}

impl Guest {
    /// Compiles the guest for the runtime's target and instantiates it.
    pub(crate) fn build() -> Result<Self> {
        // Cargo tells where the package is. Not as it was compiled: a target folder that
        // several checkouts share holds one program for all of them.
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from("benchmarks/verifier-cost"), PathBuf::from);
        let manifest = here.join("guest/Cargo.toml");
        ensure!(
            manifest.is_file(),
            "there is no {}: start it in the checkout, by `make verifier-cost`",
            manifest.display()
        );
        // Beside this program's own profile folder, and with a lock of its own.
        let program = env::current_exe()?;
        let target = program
            .ancestors()
            .nth(2)
            .context("no target folder")?
            .join("verifier-cost");
        let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--release", "--target", "wasm32v1-none"])
            .arg("--manifest-path")
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&target)
            .status()
            .context("cargo does not start")?;
        ensure!(
            status.success(),
            "the guest does not build; is the target there? rustup target add wasm32v1-none"
        );
        Self::load(&target.join("wasm32v1-none/release/verifier_cost_guest.wasm"))
    }

    /// Instantiates a compiled guest.
    fn load(wasm: &Path) -> Result<Self> {
        let engine = Engine::new(&executor_settings())?;
        let module = Module::from_file(&engine, wasm)?;
        let mut linker = Linker::new(&engine);
        linker.func_wrap("host", "sha256", sha256)?;
        let mut store = Store::new(&engine, ());
        let instance = linker.instantiate(&mut store, &module)?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .context("no memory")?;
        let input = instance.get_typed_func::<(), u32>(&mut store, "input")?;
        let product = instance.get_typed_func(&mut store, "verify")?;
        let walk = instance.get_typed_func(&mut store, "verify_walk")?;
        let input = input.call(&mut store, ())?;
        Ok(Self {
            store,
            memory,
            input,
            product,
            walk,
        })
    }

    /// Verifies an encoded reveal so many times.
    pub(crate) fn verify(&mut self, proof: Proof, reveal: &[u8], times: u32) -> Result<()> {
        let length = u32::try_from(reveal.len())?;
        self.memory
            .write(&mut self.store, self.input as usize, reveal)?;
        let verify = match proof {
            Proof::Product => &self.product,
            Proof::Walk => &self.walk,
        };
        match verify.call(&mut self.store, (length, times))? {
            0 => Ok(()),
            1 => bail!("the reveal is refused"),
            _ => bail!("the reveal cannot be decoded"),
        }
    }
}

/// The settings of the node's executor that bear on the generated code.
fn executor_settings() -> Config {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::SpeedAndSize);
    config.wasm_reference_types(false);
    config.wasm_simd(false);
    config.wasm_relaxed_simd(false);
    config.wasm_bulk_memory(false);
    config.wasm_multi_value(false);
    config.wasm_tail_call(false);
    config.wasm_extended_const(false);
    config
}

/// SHA-256 for the guest: `length` bytes at `data` to 32 bytes at `digest`.
fn sha256(mut caller: Caller<'_, ()>, data: u32, length: u32, digest: u32) -> Result<()> {
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
        bail!("the guest has no memory");
    };
    let bytes = memory
        .data(&caller)
        .get(data as usize..)
        .and_then(|rest| rest.get(..length as usize))
        .context("the guest names bytes outside its memory")?;
    let hash = SoftwareSha256::hash(bytes);
    memory.write(&mut caller, digest as usize, &hash)?;
    Ok(())
}
