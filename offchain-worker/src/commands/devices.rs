// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker devices`: every adapter, and what it can run.

use comfy_table::Table;
use ni_shaders::Adapter;
use serde::Serialize;

use crate::cli::DevicesArgs;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// An adapter as `--json` prints it.
#[derive(Serialize)]
struct Listed<'a> {
    index: usize,
    name: &'a str,
    /// Where the card is, where the driver tells.
    bus: Option<&'a str>,
    backend: &'a str,
    driver: &'a str,
    #[serde(rename = "type")]
    kind: String,
    /// Bytes, where the driver tells.
    memory: Option<u64>,
    kernels: Vec<Path>,
}

/// A kernel path, and why the adapter cannot run it where it cannot.
#[derive(Serialize)]
struct Path {
    kernel: &'static str,
    usable: bool,
    variants: Vec<String>,
    missing: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// [`Exit::Device`] if there is no adapter.
pub fn run(args: &DevicesArgs) -> Result<(), Failure> {
    let adapters = ni_shaders::adapters().or_exit(Exit::Device, "cannot list the devices")?;
    let listed: Vec<_> = adapters.iter().map(list).collect();
    if args.json {
        let json = serde_json::to_string_pretty(&listed);
        output::line(json.or_exit(Exit::Internal, "cannot write JSON")?);
    } else {
        output::line(table(&listed));
        output::line("--device takes a number from this list, or `cpu` for the CPU prover.");
    }
    Ok(())
}

fn list(adapter: &Adapter) -> Listed<'_> {
    Listed {
        index: adapter.index,
        name: &adapter.name,
        bus: adapter.bus.as_deref(),
        backend: &adapter.backend,
        driver: &adapter.driver,
        kind: adapter.kind.to_string(),
        memory: adapter.memory,
        kernels: adapter
            .kernels
            .iter()
            .map(|support| Path {
                kernel: support.path.name(),
                usable: support.missing.is_none(),
                variants: support.kernels.iter().map(ToString::to_string).collect(),
                missing: support.missing.clone(),
            })
            .collect(),
    }
}

/// Few columns, so that each has room on a narrow terminal.
fn table(adapters: &[Listed<'_>]) -> Table {
    let mut table = output::table(["device", "what it is", "memory", "kernels"]);
    for adapter in adapters {
        let kernels: Vec<_> = adapter
            .kernels
            .iter()
            .map(|path| match &path.missing {
                None => path.kernel.to_owned(),
                Some(missing) => format!("not {}: {missing}", path.kernel),
            })
            .collect();
        let bus = adapter
            .bus
            .map_or(String::new(), |bus| format!(" at {bus}"));
        let described = format!(
            "{}\n{}{bus}, by {}\n{}",
            adapter.name, adapter.kind, adapter.backend, adapter.driver
        );
        table.add_row([
            adapter.index.to_string(),
            described,
            adapter
                .memory
                .map_or("?".into(), |bytes| format!("{} MiB", bytes >> 20)),
            kernels.join("\n"),
        ]);
    }
    table
}
