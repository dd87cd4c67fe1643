// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker mine`.

use std::{path::PathBuf, sync::Arc};

use ni_shaders::{Adapter, adapters};

use crate::{
    cli::MineArgs,
    devices::{Card, Device, DeviceChoice, KernelChoice, every_gpu},
    exit::{Exit, Failure, OrExit},
    miner::{
        self, HANG_AFTER, Registering, Settings,
        memory::{Load, Memory},
        prover::{DeviceProver, EngineProver, Prover},
    },
    preflight,
    telemetry::server,
};

/// Runs the command.
///
/// # Errors
/// A key that is none, a device that cannot prove, and those of
/// [`miner::run`].
pub async fn run(args: MineArgs, config: Option<PathBuf>) -> Result<(), Failure> {
    let urls = args.chain.urls();
    let hotkey = args.key.open()?;
    let owner = args.owner.open(args.key.dev)?;
    let plan = preflight::Plan {
        config: config.as_deref(),
        urls: &urls,
        devices: &args.device,
        register: args.register,
        slots: args.slots,
    };
    let account = hotkey.public_key().0;
    preflight::before_mining(
        &plan,
        &account,
        owner.as_ref().map(|key| key.public_key().0),
    )
    .await?;
    let load = Load::percent(args.load);
    let (devices, kernel) = (args.device, args.kernel);
    let (walk_gib, walk_share) = (args.walk_gib, args.walk_share);
    let limit = move |memory: Memory| memory.limited(walk_gib, walk_share);
    // Opening a device compiles its shaders and tests them: not beside the
    // asynchronous tasks.
    let provers = tokio::task::spawn_blocking(move || provers(&devices, kernel, load, limit))
        .await
        .or_exit(Exit::Internal, "cannot open the devices")??;
    let settings = Settings {
        urls,
        hotkey,
        owner,
        register: args.register.then_some(Registering {
            slots: args.slots,
            max_price: args.max_price.map(|price| price.0),
        }),
        store: args.store,
        windows: args.windows,
        hang_after: HANG_AFTER,
        health: Arc::default(),
    };
    if let Some(address) = args.server.metrics {
        server::install(address, Arc::clone(&settings.health)).await?;
    }
    let report = miner::run(settings, provers).await?;
    tracing::info!(
        windows = report.windows,
        credited = report.credited,
        refused = report.refused,
        "mined"
    );
    Ok(())
}

/// Opens the devices, in the order of their GPU slots. One that cannot be opened stops
/// no other: it is left out, and the next takes its slot.
fn provers(
    devices: &[DeviceChoice],
    kernel: KernelChoice,
    load: Load,
    limit: impl Fn(Memory) -> Memory,
) -> Result<Vec<Box<dyn Prover>>, Failure> {
    let twice = (1..devices.len()).find(|index| devices[..*index].contains(&devices[*index]));
    if let Some(twice) = twice.map(|index| devices[index]) {
        return Err(Failure::new(
            Exit::Usage,
            format!("device {twice} is named twice: its two proofs would halve each other"),
        ));
    }
    if devices.len() > 1 {
        refuse_one_card_twice(devices)?;
    }
    let usual;
    let devices = if devices.is_empty() {
        usual = usual_devices()?;
        &usual
    } else {
        devices
    };
    let several = devices.len() > 1;
    let mut provers = Vec::with_capacity(devices.len());
    let mut failures = Vec::new();
    for device in devices {
        match Device::open(*device, kernel) {
            Ok(Device::Cpu(engine)) => {
                let memory = limit(Memory::host(load));
                provers.push(
                    Box::new(EngineProver::new("cpu", engine, load).with_memory(memory))
                        as Box<dyn Prover>,
                );
            }
            Ok(Device::Gpu(gpu, adapter)) => {
                let name = told_apart(&adapter, several);
                let memory = limit(Memory::of(*adapter, load));
                provers.push(Box::new(DeviceProver::new(name, *gpu, load, memory)));
            }
            Err(failure) => {
                tracing::error!(%device, "left out: {failure}");
                failures.push(failure);
            }
        }
    }
    match failures.into_iter().next() {
        Some(failure) if provers.is_empty() => Err(failure),
        _ => Ok(provers),
    }
}

/// A card's name in logs and in health: of several, with where it is.
fn told_apart(adapter: &Adapter, several: bool) -> String {
    match &adapter.bus {
        Some(bus) if several => format!("{} ({bus})", adapter.name),
        _ => adapter.name.clone(),
    }
}

/// The devices to use where none is named: every GPU, or where there is none
/// the first adapter, which is software.
fn usual_devices() -> Result<Vec<DeviceChoice>, Failure> {
    let adapters = adapters().or_exit(Exit::Device, "cannot mine")?;
    let cards: Vec<_> = adapters.iter().map(Card::of).collect();
    let mut gpus = every_gpu(&cards);
    if gpus.is_empty() {
        gpus.push(0);
    }
    Ok(gpus.into_iter().map(DeviceChoice::Index).collect())
}

/// Refuses two numbers of one card behind two drivers. What there is no adapter of is told
/// when it is opened.
fn refuse_one_card_twice(devices: &[DeviceChoice]) -> Result<(), Failure> {
    let cards: Vec<_> = adapters()
        .unwrap_or_default()
        .iter()
        .map(Card::of)
        .collect();
    let card = |device: &DeviceChoice| match device {
        DeviceChoice::Cpu => None,
        DeviceChoice::Index(index) => cards.get(*index),
    };
    for (later, second) in devices.iter().enumerate() {
        let same = devices[..later].iter().find(|first| {
            let both = card(first).zip(card(second));
            both.is_some_and(|(one, other)| one.is_that_of(other))
        });
        if let Some(first) = same {
            return Err(Failure::new(
                Exit::Usage,
                format!(
                    "devices {first} and {second} are one card behind two drivers: its two \
                     proofs would halve each other; name one of them"
                ),
            ));
        }
    }
    Ok(())
}
