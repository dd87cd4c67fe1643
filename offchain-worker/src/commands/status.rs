// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker status`.

use std::collections::BTreeMap;

use proof_of_gpu_primitives::Workload;
use serde_json::{Map, Value, json};

use crate::{
    cli::StatusArgs,
    exit::{Exit, Failure, OrExit},
    files::Target,
    history::{self, Entry, History},
    keystore,
    miner::default_store,
    output,
};
use ni_client::{
    Chain, ChainError,
    amount::Amount,
    keys,
    reports::{
        AssetKind, BuybackReport, Due, GpuReport, RegistrationReport, RevenueReport, RoundRecord,
        RunningRound, SlotPrices, SupplyReport, TAO, TierReport, ValidatorReport,
    },
    types::{Bytes32, Phase, Score, Window, variant},
};

/// What 10¹⁸ths make of a fixed-point number.
const FIXED: f64 = 1e18;

/// Runs the command.
///
/// # Errors
/// No node, another chain, or a hotkey that is no address.
pub async fn run(args: StatusArgs) -> Result<(), Failure> {
    let hotkey = match (&args.hotkey, &args.key) {
        (Some(address), _) => Some(keystore::own_address(address)?),
        (None, Some(key)) => Some(keystore::account(key, args.dev)?),
        (None, None) => None,
    };
    let page = args.html.as_deref().map(|path| Target {
        path,
        what: "page of a history",
        is_ours: history::is_page,
        force: args.force,
    });
    if let Some(page) = &page {
        page.check()?;
    }
    let chain = Chain::connect_to_any(&args.chain.urls())
        .await
        .or_exit(Exit::Node, "cannot show the chain")?;
    let status = Status::read(&chain, hotkey)
        .await
        .or_exit(Exit::Node, "cannot show the chain")?;
    let history = if args.history || args.html.is_some() {
        Some(past(&args, &status)?)
    } else {
        None
    };
    if let (Some(page), Some(entries)) = (&page, &history) {
        let title = status.hotkey.as_ref().map_or_else(
            || "Windows of an NI worker".to_owned(),
            |(hotkey, _)| format!("Windows of {}", keys::address(hotkey)),
        );
        page.write(history::page(&title, entries).as_bytes())?;
    }
    let history = history.filter(|_| args.history);
    if args.json {
        let mut json = status.json();
        if let Some(entries) = &history {
            json["history"] = entries.iter().map(Entry::json).collect();
        }
        output::line(json);
        return Ok(());
    }
    output::line(status.tables());
    match history {
        None => {}
        Some(entries) if entries.is_empty() => {
            output::line("no window is over yet since `ni-worker mine` keeps this store");
        }
        Some(entries) => output::line(format_args!(
            "{}\n{}",
            history::table(&entries),
            history::chart(&entries)
        )),
    }
    Ok(())
}

/// What the worker of this hotkey has written down.
fn past(args: &StatusArgs, status: &Status) -> Result<Vec<Entry>, Failure> {
    let store = match (&args.store, &status.hotkey) {
        (Some(store), _) => store.clone(),
        (None, Some((hotkey, _))) => default_store(&status.genesis, hotkey)?,
        (None, None) => {
            return Err(Failure::new(
                Exit::Usage,
                "whose history? Name the worker's --hotkey, or its --store",
            ));
        }
    };
    let history = History::at(history::beside(&store));
    if !history.path().exists() {
        return Err(Failure::new(
            Exit::File,
            format!(
                "there is no history at {}: no worker has mined with this store on this machine, \
                 or no window was over yet; name its --store where it has another",
                history.path().display()
            ),
        ));
    }
    history
        .entries()
        .or_exit(Exit::File, "cannot read the history of windows")
}

/// Windows back that settled rounds are shown of.
const ROUNDS: u32 = 8;

/// Everything that is shown.
pub struct Status {
    url: String,
    genesis: Bytes32,
    block: u64,
    window: Option<Window>,
    prices: SlotPrices,
    supply: SupplyReport,
    running: Option<RunningRound>,
    rounds: Vec<RoundRecord>,
    tiers: Vec<TierReport>,
    validators: Vec<ValidatorReport>,
    buyback: BuybackReport,
    hotkey: Option<(Bytes32, Option<RegistrationReport>)>,
    gpus: Vec<GpuReport>,
}

impl Status {
    /// Reads it at the best block; of `hotkey` too, where one is given.
    ///
    /// # Errors
    /// As [`View::read`](ni_client::View::read).
    pub async fn read(chain: &Chain, hotkey: Option<Bytes32>) -> Result<Self, ChainError> {
        let view = chain.best().await?;
        let (hotkey, gpus) = match hotkey {
            None => (None, Vec::new()),
            Some(hotkey) => {
                let registration = view.registration_report(&hotkey).await?;
                let gpus = view.gpu_reports(&hotkey).await?;
                (Some((hotkey, registration)), gpus)
            }
        };
        Ok(Self {
            url: chain.url().to_owned(),
            genesis: chain.genesis_hash(),
            block: view.number(),
            window: view.window().await?,
            prices: view.slot_prices().await?,
            supply: view.supply_report().await?,
            running: view.running_round().await?,
            rounds: view.rounds(ROUNDS).await?,
            tiers: view.tiers().await?,
            validators: view.validators().await?,
            buyback: view.buyback().await?,
            hotkey,
            gpus,
        })
    }

    /// The contract of `--json`: amounts are strings of the smallest unit.
    pub fn json(&self) -> Value {
        let registration = self
            .hotkey
            .as_ref()
            .and_then(|(_, registration)| registration.as_ref());
        json!({
            "url": self.url,
            "genesis": format!("0x{}", hex::encode(self.genesis)),
            "block": self.block,
            "window": self.window.as_ref().map(window_json),
            "price": self.prices.miner.map(units),
            "validator_price": self.prices.validator.map(units),
            "bond": units(self.prices.bond),
            "supply": supply_json(&self.supply),
            "round": self.running.as_ref().map(|round| json!({
                "window": round.window,
                "mops": round.mops.iter().map(|mops| units(*mops)).collect::<Vec<_>>(),
            })),
            "rounds": self.rounds.iter().map(round_json).collect::<Vec<_>>(),
            "tiers": self.tiers.iter().map(tier_json).collect::<Vec<_>>(),
            "validators": self.validators.iter().map(validator_json).collect::<Vec<_>>(),
            "buyback": {
                "bought": units(self.buyback.totals.bought),
                "burned": units(self.buyback.totals.burned),
                "assets": self.buyback.assets.iter().map(revenue_json).collect::<Vec<_>>(),
            },
            "hotkey": self.hotkey.as_ref().map(|(hotkey, _)| keys::address(hotkey)),
            "owner": registration.map(|registration| keys::address(&registration.owner)),
            "expires_at": registration.map(|registration| registration.expires_at),
            "gpus": self.gpus.iter().map(gpu_json).collect::<Vec<_>>(),
        })
    }

    /// As tables, for people.
    pub fn tables(&self) -> String {
        let parts = [
            self.chain_table(),
            self.tier_table(),
            self.validator_table(),
            self.revenue_table(),
        ];
        let mut text = parts.join("\n");
        if let Some((hotkey, registration)) = &self.hotkey {
            text.push('\n');
            text.push_str(&self.hotkey_table(hotkey, registration.as_ref()));
        }
        text
    }

    fn chain_table(&self) -> String {
        let mut table = output::table(["chain", ""]);
        let mut row = |name: &str, value: String| {
            table.add_row([name.to_owned(), value]);
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
                let workload = Workload::from(window.parameters.workload);
                row("workload", workload.to_string());
            }
        }
        let price = |price: Option<u128>| {
            price.map_or("not for sale".to_owned(), |price| Amount(price).to_string())
        };
        row("price of a GPU slot", price(self.prices.miner));
        row("bond of a GPU slot", Amount(self.prices.bond).to_string());
        row("price of a validator's place", price(self.prices.validator));
        for (name, amount) in [
            ("issuance", self.supply.issuance),
            ("minted ever", self.supply.minted),
            ("of at most", self.supply.cap),
            ("burned", self.supply.burned),
            ("recycled", self.supply.recycled),
            ("recycle pool", self.supply.pool),
            ("bought with revenue and burned", self.buyback.totals.burned),
        ] {
            row(name, Amount(amount).to_string());
        }
        if let Some(round) = self.rounds.first() {
            let (credited, claimed) = (Amount(round.credited), Amount(round.claimed));
            row(
                "last round",
                format!(
                    "window {}: {credited} to miners, {claimed} of it paid",
                    round.window
                ),
            );
        }
        table.to_string()
    }

    fn tier_table(&self) -> String {
        let mut table = output::table([
            "tier",
            "from MOPS",
            "GiB",
            "GB/s",
            "multiplier",
            "availability",
            "a MOPS weighs",
        ]);
        for (number, TierReport { state, effective }) in self.tiers.iter().enumerate() {
            table.add_row([
                number.to_string(),
                state.tier.floor.mops.to_string(),
                state.tier.floor.gib.to_string(),
                state.tier.floor.gbps.to_string(),
                format!("{:.3}", fixed(state.tier.multiplier)),
                format!("{:.3}", fixed(state.availability.factor)),
                format!("{:.3}", fixed(*effective)),
            ]);
        }
        table.to_string()
    }

    fn validator_table(&self) -> String {
        let header = ["validator", "stake", "active", "commission", "elected"];
        let mut table = output::table(header);
        for validator in &self.validators {
            let tao = |amount| AssetKind::WithId(TAO).show(amount);
            table.add_row([
                keys::short_address(&validator.hotkey),
                tao(validator.total),
                tao(validator.active),
                format!("{:.1}%", percent(validator.commission)),
                if validator.elected { "yes" } else { "no" }.to_owned(),
            ]);
        }
        table.to_string()
    }

    fn revenue_table(&self) -> String {
        let mut table = output::table(["revenue", "spent", "pending", "bought", "next slice"]);
        for line in &self.buyback.assets {
            table.add_row([
                line.asset.show(line.ledger.received),
                line.asset.show(line.ledger.spent),
                line.asset.show(line.quote.pending),
                Amount(line.ledger.bought).to_string(),
                match &line.quote.slice {
                    Due::Ok(slice) => line.asset.show(slice.amount),
                    Due::Err(reason) => format!("none: {}", variant(reason)),
                },
            ]);
        }
        table.to_string()
    }

    fn hotkey_table(&self, hotkey: &Bytes32, registration: Option<&RegistrationReport>) -> String {
        let address = keys::address(hotkey);
        let Some(registration) = registration else {
            return format!(
                "{address} is not registered: `ni-worker mine --register` registers it"
            );
        };
        let mut gpus = output::table(["gpu", "bond", "last commit", "verified", "pay to come"]);
        for gpu in &self.gpus {
            let commit = gpu.commit.as_ref().map_or("none".to_owned(), |commit| {
                let state = if commit.resolved {
                    "resolved"
                } else {
                    "unresolved"
                };
                format!("window {}, {state}", commit.window)
            });
            let pay = gpu.pending.map_or("none".to_owned(), |pending| {
                let window = pending.window;
                pending.amount.map_or_else(
                    || format!("window {window}, not settled yet"),
                    |pay| format!("{}, window {window}", Amount(pay)),
                )
            });
            gpus.add_row([
                gpu.gpu.to_string(),
                Amount(gpu.bond).to_string(),
                commit,
                gpu.last_verified.map_or("never".to_owned(), show),
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

/// An amount in the smallest unit, which can be too large for a number of JSON.
fn units(amount: u128) -> Value {
    Value::String(amount.to_string())
}

fn window_json(window: &Window) -> Value {
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
}

fn supply_json(supply: &SupplyReport) -> Value {
    let by_source = |parts: &BTreeMap<String, u128>| -> Map<String, Value> {
        parts
            .iter()
            .map(|(source, amount)| (source.clone(), units(*amount)))
            .collect()
    };
    json!({
        "issuance": units(supply.issuance),
        "cap": units(supply.cap),
        "minted": units(supply.minted),
        "burned": units(supply.burned),
        "burned_by": by_source(&supply.burned_by),
        "recycled": units(supply.recycled),
        "recycled_by": by_source(&supply.recycled_by),
        "drawn": units(supply.drawn),
        "pool": units(supply.pool),
    })
}

fn round_json(round: &RoundRecord) -> Value {
    json!({
        "window": round.window,
        "blocks": round.blocks,
        "minted": units(round.minted),
        "drawn": units(round.drawn),
        "credited": units(round.credited),
        "claimed": units(round.claimed),
    })
}

fn tier_json(TierReport { state, effective }: &TierReport) -> Value {
    json!({
        "floor_mops": state.tier.floor.mops,
        "floor_gib": state.tier.floor.gib,
        "floor_gbps": state.tier.floor.gbps,
        "multiplier": fixed(state.tier.multiplier),
        "availability": fixed(state.availability.factor),
        "effective": fixed(*effective),
        "average_mops": state.availability.average.to_string(),
        "target_mops": state.tier.target.to_string(),
    })
}

fn validator_json(validator: &ValidatorReport) -> Value {
    json!({
        "hotkey": keys::address(&validator.hotkey),
        "owner": keys::address(&validator.owner),
        "stake": units(validator.total),
        "active": units(validator.active),
        "commission": percent(validator.commission),
        "elected": validator.elected,
    })
}

fn revenue_json(revenue: &RevenueReport) -> Value {
    let (slice, skipped) = match &revenue.quote.slice {
        Due::Ok(slice) => (Some(slice), None),
        Due::Err(reason) => (None, Some(variant(reason))),
    };
    json!({
        "asset": revenue.asset.name().0,
        "received": units(revenue.ledger.received),
        "spent": units(revenue.ledger.spent),
        "pending": units(revenue.quote.pending),
        "bought": units(revenue.ledger.bought),
        "burned": units(revenue.ledger.burned),
        "average_price": fixed(revenue.quote.average),
        "price": revenue.quote.price.map(fixed),
        "average_paid": revenue.average_paid.map(fixed),
        "next_slice": slice.map(|slice| units(slice.amount)),
        "next_slice_buys": slice.map(|slice| units(slice.expected)),
        "no_slice": skipped,
    })
}

fn gpu_json(gpu: &GpuReport) -> Value {
    json!({
        "gpu": gpu.gpu,
        "bond": units(gpu.bond),
        "can_prove": gpu.can_prove,
        "committed_in": gpu.commit.as_ref().map(|commit| commit.window),
        "resolved": gpu.commit.as_ref().is_none_or(|commit| commit.resolved),
        "last_verified_mops": gpu.last_verified.map(|score| score.mops),
        "last_verified_gib": gpu.last_verified.map(|score| score.gib),
        "last_verified_gbps": gpu.last_verified.map(|score| score.gbps),
        "pending_window": gpu.pending.map(|pending| pending.window),
        "pending_pay": gpu.pending.and_then(|pending| pending.amount).map(units),
    })
}

/// What a reveal has shown; of memory nothing, where no walk was asked for.
fn show(score: Score) -> String {
    let Score { mops, gib, gbps } = score;
    if (gib, gbps) == (0, 0) {
        return format!("{mops} MOPS");
    }
    format!("{mops} MOPS, {gib} GiB, {gbps} GB/s")
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

/// A part in billionths, in percent.
fn percent(parts: u32) -> f64 {
    f64::from(parts) / 1e7
}

#[cfg(test)]
mod tests {
    use ni_client::reports::{PendingPay, RevenueLedger, RevenueQuote, Slice, USD};

    use super::*;

    fn status() -> Status {
        Status {
            url: "ws://127.0.0.1:9944".to_owned(),
            genesis: [1; 32],
            block: 7,
            window: None,
            prices: SlotPrices {
                miner: Some(2_500_000_000),
                ..SlotPrices::default()
            },
            supply: SupplyReport::default(),
            running: None,
            rounds: Vec::new(),
            tiers: Vec::new(),
            validators: Vec::new(),
            buyback: BuybackReport::default(),
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
            "validator_price",
            "bond",
            "supply",
            "round",
            "rounds",
            "tiers",
            "validators",
            "buyback",
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
    fn the_json_says_what_the_api_said() {
        let mut status = status();
        status.gpus = vec![GpuReport {
            gpu: 3,
            bond: 5,
            can_prove: true,
            commit: None,
            last_verified: Some(Score {
                mops: 7,
                ..Score::default()
            }),
            pending: Some(PendingPay {
                window: 9,
                tier: 0,
                mops: 7,
                amount: Some(11),
            }),
        }];
        status.buyback.assets = vec![RevenueReport {
            asset: AssetKind::WithId(USD),
            ledger: RevenueLedger {
                received: 30,
                spent: 10,
                bought: 4,
                burned: 4,
            },
            average_paid: Some(400_000_000_000_000_000),
            quote: RevenueQuote {
                pending: 20,
                average: 500_000_000_000_000_000,
                price: None,
                slice: Due::Ok(Slice {
                    amount: 10,
                    expected: 5,
                }),
            },
        }];
        status.validators = vec![ValidatorReport {
            hotkey: [4; 32],
            owner: [5; 32],
            total: 20,
            active: 10,
            commission: 100_000_000,
            elected: true,
        }];
        let json = status.json();
        let gpu = &json["gpus"][0];
        assert_eq!((&gpu["gpu"], &gpu["bond"]), (&json!(3), &json!("5")));
        assert_eq!(
            (&gpu["pending_window"], &gpu["pending_pay"]),
            (&json!(9), &json!("11"))
        );
        assert_eq!(
            (&gpu["resolved"], &gpu["committed_in"]),
            (&json!(true), &json!(null))
        );
        let revenue = &json["buyback"]["assets"][0];
        assert_eq!(
            (&revenue["asset"], &revenue["pending"]),
            (&json!("USD"), &json!("20"))
        );
        assert_eq!(
            (&revenue["next_slice"], &revenue["no_slice"]),
            (&json!("10"), &json!(null))
        );
        assert_eq!(revenue["average_paid"], 0.4);
        assert_eq!(json["validators"][0]["commission"], 10.0);
        let tables = status.tables();
        assert!(tables.contains("0.00001 USD"), "{tables}");
        assert!(tables.contains("10.0%"), "{tables}");
    }

    #[test]
    fn an_unregistered_hotkey_is_told_the_next_step() {
        let tables = status().tables();
        assert!(tables.contains("2.5 NI"), "{tables}");
        assert!(tables.contains("--register"), "{tables}");
    }
}
