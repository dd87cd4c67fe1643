// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker status`.

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use proof_of_gpu_primitives::Workload;
use serde_json::{Value, json};

use crate::{
    amount::Amount,
    chain::{
        Chain, ChainError, View, keys,
        types::{Bytes32, Phase, Registration, Role, SupplyTotals, TierState, Window},
    },
    cli::StatusArgs,
    exit::{Exit, Failure, OrExit},
};

/// What 10¹⁸ths make of a fixed-point number.
const FIXED: f64 = 1e18;

/// Runs the command.
///
/// # Errors
/// No node, another chain, or a hotkey that is no address.
pub async fn run(args: StatusArgs) -> Result<(), Failure> {
    let hotkey = match (&args.hotkey, &args.key) {
        (Some(address), _) => {
            Some(keys::account(address).or_exit(Exit::Usage, "cannot take --hotkey")?)
        }
        (None, Some(uri)) => {
            let key = keys::development(uri).or_exit(Exit::Usage, "cannot take --key")?;
            Some(key.public_key().0)
        }
        (None, None) => None,
    };
    let chain = Chain::connect_to_any(&args.url)
        .await
        .or_exit(Exit::Node, "cannot show the chain")?;
    let status = Status::read(&chain, hotkey)
        .await
        .or_exit(Exit::Node, "cannot show the chain")?;
    if args.json {
        println!("{}", status.json());
    } else {
        println!("{}", status.tables());
    }
    Ok(())
}

/// One GPU of the hotkey.
struct GpuLine {
    gpu: u32,
    bond: u128,
    committed_in: Option<u32>,
    resolved: bool,
    last_verified: Option<u64>,
    pending_window: Option<u32>,
    /// Unknown until the round is settled.
    pending_pay: Option<u128>,
}

/// Everything that is shown.
struct Status {
    url: String,
    genesis: Bytes32,
    block: u64,
    window: Option<Window>,
    price: Option<u128>,
    issuance: u128,
    supply: SupplyTotals,
    tiers: Vec<TierState>,
    hotkey: Option<(Bytes32, Option<Registration>)>,
    gpus: Vec<GpuLine>,
}

impl Status {
    async fn read(chain: &Chain, hotkey: Option<Bytes32>) -> Result<Self, ChainError> {
        let view = chain.best().await?;
        let (hotkey, gpus) = match hotkey {
            None => (None, Vec::new()),
            Some(hotkey) => {
                let registration = view.registration(&hotkey).await?;
                let gpus = match &registration {
                    Some(registration) => gpus(&view, &hotkey, registration).await?,
                    None => Vec::new(),
                };
                (Some((hotkey, registration)), gpus)
            }
        };
        Ok(Self {
            url: chain.url().to_owned(),
            genesis: chain.genesis_hash(),
            block: view.number(),
            window: view.window().await?,
            price: view.quote(Role::Miner, 1).await?,
            issuance: view.total_issuance().await?,
            supply: view.supply().await?,
            tiers: view.tiers().await?,
            hotkey,
            gpus,
        })
    }

    /// The contract of `--json`: amounts are strings of the smallest unit.
    fn json(&self) -> Value {
        let units = |amount: u128| Value::String(amount.to_string());
        let window = self.window.as_ref().map(|window| {
            let (phase, until) = phase(window);
            json!({
                "id": window.id,
                "phase": phase,
                "until": until,
                "opened_at": window.opened_at,
                "deadline": window.deadline,
                "commits": window.commits,
                "workload": Workload::from(window.parameters.workload).to_string(),
            })
        });
        let tiers: Vec<_> = self
            .tiers
            .iter()
            .map(|state| {
                json!({
                    "floor_gops": state.tier.floor.gops,
                    "multiplier": fixed(state.tier.multiplier),
                    "availability": fixed(state.availability.factor),
                    "average_gops": state.availability.average.to_string(),
                    "target_gops": state.tier.target.to_string(),
                })
            })
            .collect();
        let gpus: Vec<_> = self
            .gpus
            .iter()
            .map(|line| {
                json!({
                    "gpu": line.gpu,
                    "bond": units(line.bond),
                    "committed_in": line.committed_in,
                    "resolved": line.resolved,
                    "last_verified_gops": line.last_verified,
                    "pending_window": line.pending_window,
                    "pending_pay": line.pending_pay.map(units),
                })
            })
            .collect();
        let registration = self
            .hotkey
            .as_ref()
            .and_then(|(_, registration)| registration.as_ref());
        json!({
            "url": self.url,
            "genesis": format!("0x{}", hex::encode(self.genesis)),
            "block": self.block,
            "window": window,
            "price": self.price.map(units),
            "supply": {
                "issuance": units(self.issuance),
                "minted": units(self.supply.minted()),
                "burned": units(self.supply.all.total_burned()),
                "recycled": units(self.supply.all.total_recycled()),
                "drawn": units(self.supply.all.drawn),
                "pool": units(self.supply.pool()),
            },
            "tiers": tiers,
            "hotkey": self.hotkey.as_ref().map(|(hotkey, _)| keys::address(hotkey)),
            "owner": registration.map(|registration| keys::address(&registration.owner)),
            "expires_at": registration.map(|registration| registration.expires_at),
            "gpus": gpus,
        })
    }

    fn tables(&self) -> String {
        let mut chain = Table::new();
        chain.load_style(UTF8_HORIZONTAL_ONLY);
        chain.set_header(["chain", ""]);
        let mut row = |name: &str, value: String| {
            chain.add_row([name.to_owned(), value]);
        };
        row("node", self.url.clone());
        row("block", self.block.to_string());
        match &self.window {
            None => row("window", "none; the next one opens at random".to_owned()),
            Some(window) => {
                let (phase, until) = phase(window);
                let until = until.map_or(String::new(), |until| format!(" until block {until}"));
                row("window", format!("{}, {phase}{until}", window.id));
                row("commits", window.commits.to_string());
                row(
                    "workload",
                    Workload::from(window.parameters.workload).to_string(),
                );
            }
        }
        let price = self
            .price
            .map_or("not for sale".to_owned(), |price| Amount(price).to_string());
        row("price of a GPU slot", price);
        row("issuance", Amount(self.issuance).to_string());
        row("minted ever", Amount(self.supply.minted()).to_string());
        row("burned", Amount(self.supply.all.total_burned()).to_string());
        row(
            "recycled",
            Amount(self.supply.all.total_recycled()).to_string(),
        );
        row("recycle pool", Amount(self.supply.pool()).to_string());

        let mut tiers = Table::new();
        tiers.load_style(UTF8_HORIZONTAL_ONLY);
        tiers.set_header(["tier", "from GOPS", "multiplier", "availability"]);
        for (number, state) in self.tiers.iter().enumerate() {
            tiers.add_row([
                number.to_string(),
                state.tier.floor.gops.to_string(),
                format!("{:.3}", fixed(state.tier.multiplier)),
                format!("{:.3}", fixed(state.availability.factor)),
            ]);
        }
        let mut text = format!("{chain}\n{tiers}");
        if let Some((hotkey, registration)) = &self.hotkey {
            text.push('\n');
            text.push_str(&self.hotkey_table(hotkey, registration.as_ref()));
        }
        text
    }

    fn hotkey_table(&self, hotkey: &Bytes32, registration: Option<&Registration>) -> String {
        let address = keys::address(hotkey);
        let Some(registration) = registration else {
            return format!(
                "{address} is not registered: `ni-worker mine --register` registers it"
            );
        };
        let mut gpus = Table::new();
        gpus.load_style(UTF8_HORIZONTAL_ONLY);
        gpus.set_header(["gpu", "bond", "last commit", "verified", "pay to come"]);
        for line in &self.gpus {
            let commit = line.committed_in.map_or("none".to_owned(), |window| {
                let state = if line.resolved {
                    "resolved"
                } else {
                    "unresolved"
                };
                format!("window {window}, {state}")
            });
            let pay = match (line.pending_window, line.pending_pay) {
                (None, _) => "none".to_owned(),
                (Some(window), Some(pay)) => format!("{}, window {window}", Amount(pay)),
                (Some(window), None) => format!("window {window}, not settled yet"),
            };
            gpus.add_row([
                line.gpu.to_string(),
                Amount(line.bond).to_string(),
                commit,
                line.last_verified
                    .map_or("never".to_owned(), |gops| format!("{gops} GOPS")),
                pay,
            ]);
        }
        format!(
            "hotkey {address}, owner {}, registered until block {}\n{gpus}",
            keys::address(&registration.owner),
            registration.expires_at
        )
    }
}

async fn gpus(
    view: &View,
    hotkey: &Bytes32,
    registration: &Registration,
) -> Result<Vec<GpuLine>, ChainError> {
    let mut lines = Vec::with_capacity(registration.bonds.len());
    for (gpu, bond) in (0..).zip(&registration.bonds) {
        let state = view.gpu(hotkey, gpu).await?;
        let pending = view.result(hotkey, gpu).await?;
        let pending_pay = match &pending {
            Some(result) => view
                .round(result.window)
                .await?
                .and_then(|round| round.pay(result)),
            None => None,
        };
        lines.push(GpuLine {
            gpu,
            bond: *bond,
            committed_in: state.commit.as_ref().map(|commit| commit.window),
            resolved: state.commit.as_ref().is_none_or(|commit| commit.resolved),
            last_verified: state.last_verified,
            pending_window: pending.map(|result| result.window),
            pending_pay,
        });
    }
    Ok(lines)
}

/// A window's phase and the last block of it, where that is known.
const fn phase(window: &Window) -> (&'static str, Option<u32>) {
    match &window.phase {
        Phase::Open => ("open", Some(window.deadline)),
        Phase::Sampling { .. } => ("sampling", None),
        Phase::Revealing { until, .. } => ("revealing", Some(*until)),
    }
}

/// A fixed-point number for people: digits past a double's are of no use there.
#[allow(clippy::cast_precision_loss)]
fn fixed(inner: u128) -> f64 {
    inner as f64 / FIXED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status() -> Status {
        Status {
            url: "ws://127.0.0.1:9944".to_owned(),
            genesis: [1; 32],
            block: 7,
            window: None,
            price: Some(2_500_000_000),
            issuance: 1,
            supply: SupplyTotals::default(),
            tiers: Vec::new(),
            hotkey: Some(([2; 32], None)),
            gpus: Vec::new(),
        }
    }

    #[test]
    fn the_json_has_every_key_always() {
        let json = status().json();
        let object = json.as_object().expect("an object");
        for key in [
            "url",
            "genesis",
            "block",
            "window",
            "price",
            "supply",
            "tiers",
            "hotkey",
            "owner",
            "expires_at",
            "gpus",
        ] {
            assert!(object.contains_key(key), "{key}");
        }
        assert_eq!(json["price"], "2500000000");
    }

    #[test]
    fn an_unregistered_hotkey_is_told_the_next_step() {
        let tables = status().tables();
        assert!(tables.contains("2.5 NI"), "{tables}");
        assert!(tables.contains("--register"), "{tables}");
    }
}
