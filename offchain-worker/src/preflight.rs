// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What must be in place before a worker can mine, looked at in order: each
//! check says that all is well, or what to do.

use std::{fmt, path::Path};

use ni_shaders::Adapter;
use serde_json::{Value, json};
use tracing::{info, warn};

use crate::{
    devices::{Card, DeviceChoice, every_gpu},
    environment,
    exit::{Exit, Failure, OrExit},
    miner::account,
};
use ni_client::{
    Chain, ChainError, View,
    amount::Amount,
    keys,
    types::{Bytes32, Role},
};

/// Age of the best block, in seconds, from which on the node counts as behind.
const BEHIND: u64 = 60;

/// What came of a check.
#[derive(Debug)]
pub enum Outcome {
    /// All is well.
    Well(String),
    /// A miner would run, and not do as well as it could.
    Doubtful(String),
    /// A miner would not run; the failure says what to do.
    Failed(Failure),
    /// Not looked at, since it builds on one that failed.
    Skipped,
}

/// One check.
#[derive(Debug)]
pub struct Line {
    /// What was looked at, in a word or two.
    pub what: &'static str,
    /// What came of it.
    pub outcome: Outcome,
}

impl Line {
    fn new(what: &'static str, outcome: Result<String, Failure>) -> Self {
        let outcome = match outcome {
            Ok(text) => Outcome::Well(text),
            Err(failure) => Outcome::Failed(failure),
        };
        Self { what, outcome }
    }

    fn doubtful(what: &'static str, text: impl Into<String>) -> Self {
        Self {
            what,
            outcome: Outcome::Doubtful(text.into()),
        }
    }

    fn skipped(what: &'static str) -> Self {
        Self {
            what,
            outcome: Outcome::Skipped,
        }
    }

    /// The line as `check --json` prints it.
    #[must_use]
    pub fn json(&self) -> Value {
        let (outcome, text, exit) = match &self.outcome {
            Outcome::Well(text) => ("ok", Some(text.clone()), None),
            Outcome::Doubtful(text) => ("doubtful", Some(text.clone()), None),
            Outcome::Failed(failure) => (
                "failed",
                Some(failure.to_string()),
                Some(failure.exit() as u8),
            ),
            Outcome::Skipped => ("skipped", None, None),
        };
        json!({ "check": self.what, "outcome": outcome, "text": text, "exit": exit })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        match &self.outcome {
            Outcome::Well(text) => write!(f, "ok    {what}: {text}"),
            Outcome::Doubtful(text) => write!(f, "?     {what}: {text}"),
            Outcome::Failed(failure) => write!(f, "FAIL  {what}: {failure}"),
            Outcome::Skipped => write!(f, "-     {what}: not looked at"),
        }
    }
}

/// What a miner would be started with.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The settings file, where one is in force.
    pub config: Option<&'a Path>,
    /// Addresses of nodes.
    pub urls: &'a [String],
    /// The devices that are named.
    pub devices: &'a [DeviceChoice],
    /// Whether the hotkey would be registered.
    pub register: bool,
    /// GPU slots that would be registered, where that is said.
    pub slots: Option<u32>,
}

/// Makes the checks that need neither a key nor a node: settings and devices.
#[must_use]
pub fn of_machine(plan: &Plan<'_>) -> Vec<Line> {
    let settings = plan.config.map_or_else(
        || "flags and environment; `ni-worker config init` writes a file for them".to_owned(),
        |path| format!("flags, environment and {}", path.display()),
    );
    let mut lines = vec![Line::new("settings", Ok(settings))];
    if !plan.devices.is_empty()
        && plan
            .devices
            .iter()
            .all(|device| *device == DeviceChoice::Cpu)
    {
        lines.push(Line::doubtful(
            "devices",
            "the CPU prover, which is for tests: a GPU earns many times as much",
        ));
        return lines;
    }
    match ni_shaders::adapters() {
        Err(error) => {
            let failed = Err(error).or_exit(Exit::Device, "no device can be listed");
            lines.push(Line::new("vulkan", failed.map(|(): ()| String::new())));
            lines.push(Line::skipped("devices"));
        }
        Ok(adapters) => {
            let found = match adapters.len() {
                1 => "loaded, one adapter".to_owned(),
                count => format!("loaded, {count} adapters"),
            };
            lines.push(Line::new("vulkan", Ok(found)));
            let described: Vec<_> = adapters.iter().map(Described::of).collect();
            lines.push(devices(plan.devices, &described, &Machine::here()));
        }
    }
    lines
}

/// Makes all checks before `mine` does anything, and logs what came of them.
///
/// # Errors
/// The first that keeps a miner from running at all. A bond that was slashed or
/// an owner without funds does not: what was committed is still to be revealed.
/// Nor does a node that fails, since the miner turns to the next one.
pub async fn before_mining(
    plan: &Plan<'_>,
    hotkey: &Bytes32,
    owner: Option<Bytes32>,
) -> Result<(), Failure> {
    tell(tokio::task::block_in_place(|| of_machine(plan)))?;
    tell(of_chain(plan, Some(hotkey), owner.as_ref()).await)
}

fn tell(lines: Vec<Line>) -> Result<(), Failure> {
    for line in lines {
        let check = line.what;
        match line.outcome {
            Outcome::Well(text) => info!(check, "ok: {text}"),
            Outcome::Doubtful(text) => warn!(check, "{text}"),
            Outcome::Failed(failure)
                if matches!(check, "owner" | "bonds")
                    || (check != "chain" && failure.exit() == Exit::Node) =>
            {
                warn!(check, "{failure}");
            }
            Outcome::Failed(failure) => return Err(failure),
            Outcome::Skipped => {}
        }
    }
    Ok(())
}

/// What is known of an adapter without opening it.
struct Described {
    name: String,
    card: Card,
    missing: Option<String>,
}

impl Described {
    fn of(adapter: &Adapter) -> Self {
        let usable = adapter
            .kernels
            .iter()
            .any(|kernel| kernel.missing.is_none());
        let missing = || {
            adapter
                .kernels
                .iter()
                .find_map(|kernel| kernel.missing.clone())
        };
        Self {
            name: adapter.name.clone(),
            card: Card::of(adapter),
            missing: if usable { None } else { missing() },
        }
    }
}

/// What the machine shows of an NVIDIA GPU outside Vulkan.
struct Machine {
    /// The kernel driver is there.
    nvidia: bool,
    /// What the container was given.
    capabilities: Option<String>,
}

impl Machine {
    fn here() -> Self {
        let exists = |path: &str| Path::new(path).exists();
        Self {
            nvidia: exists("/proc/driver/nvidia/version") || exists("/dev/nvidiactl"),
            capabilities: environment::variable("NVIDIA_DRIVER_CAPABILITIES")
                .and_then(|value| value.into_string().ok()),
        }
    }

    /// What to do for Vulkan to show the GPU.
    fn hint(&self) -> String {
        let capabilities = self.capabilities.as_deref().unwrap_or_default();
        let graphics = capabilities
            .split(',')
            .any(|it| matches!(it.trim(), "graphics" | "all"));
        if graphics {
            "install the driver's Vulkan part (libnvidia-gl of the driver's version, with its \
             nvidia_icd.json)"
                .to_owned()
        } else {
            "in a container, start it with NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics; \
             elsewhere install the driver's Vulkan part (libnvidia-gl)"
                .to_owned()
        }
    }
}

/// Whether what is named, or else what is there, can prove. A device that cannot, of
/// several, is left out: it stops no other.
fn devices(named: &[DeviceChoice], adapters: &[Described], machine: &Machine) -> Line {
    const WHAT: &str = "devices";
    let failed = |message: String| Line::new(WHAT, Err(Failure::new(Exit::Device, message)));
    let mut chosen = Vec::new();
    let mut left_out = Vec::new();
    for device in named {
        if let DeviceChoice::Index(index) = device {
            match adapters.get(*index) {
                Some(adapter) => chosen.push(adapter),
                None => left_out.push(format!(
                    "there is no device {index}: `ni-worker devices` lists those there are"
                )),
            }
        }
    }
    if named.is_empty() {
        let cards: Vec<_> = adapters
            .iter()
            .map(|adapter| adapter.card.clone())
            .collect();
        chosen = every_gpu(&cards)
            .into_iter()
            .filter_map(|index| adapters.get(index))
            .collect();
        if chosen.is_empty() && machine.nvidia {
            return failed(format!(
                "the machine has an NVIDIA GPU that Vulkan does not show: {}; or name a device \
                 with --device",
                machine.hint()
            ));
        }
        if chosen.is_empty() {
            chosen = adapters.iter().take(1).collect();
        }
    }
    chosen.retain(|adapter| match &adapter.missing {
        None => true,
        Some(missing) => {
            left_out.push(format!(
                "{} cannot prove: {missing}; update its driver, or name other devices with \
                 --device",
                adapter.name
            ));
            false
        }
    });
    let mut names: Vec<_> = chosen.iter().map(|adapter| adapter.name.as_str()).collect();
    if named.contains(&DeviceChoice::Cpu) {
        names.push("the CPU prover");
    }
    let left_out = left_out.join("; ");
    if names.is_empty() {
        return failed(left_out);
    }
    let names = names.join(", ");
    if !left_out.is_empty() {
        return Line::doubtful(WHAT, format!("{names}; left out: {left_out}"));
    }
    if chosen.iter().any(|adapter| adapter.card.software) {
        return Line::doubtful(
            WHAT,
            format!("{names}: software, for tests; where there is a GPU, install its driver"),
        );
    }
    Line::new(WHAT, Ok(names))
}

/// Makes the checks that need a node: of the node, the chain, and the accounts.
pub async fn of_chain(
    plan: &Plan<'_>,
    hotkey: Option<&Bytes32>,
    owner: Option<&Bytes32>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let chain = match Chain::connect_to_any(plan.urls).await {
        Ok(chain) => chain,
        Err(cause) => {
            let wrong = matches!(cause, ChainError::WrongChain(_));
            let failure = Err(Failure::new(Exit::Node, cause));
            if wrong {
                lines.push(Line::new("node", Ok("answers".into())));
                lines.push(Line::new("chain", failure));
            } else {
                lines.push(Line::new("node", failure));
                lines.push(Line::skipped("chain"));
            }
            lines.extend(["hotkey", "owner", "bonds"].map(Line::skipped));
            return lines;
        }
    };
    // That one node knows nothing of a hotkey is no verdict where another does.
    let chain = match hotkey {
        Some(hotkey) => account::node_that_knows(chain, hotkey).await,
        None => chain,
    };
    let view = match chain.best().await {
        Ok(view) => view,
        Err(cause) => {
            lines.push(Line::new("node", Err(Failure::new(Exit::Node, cause))));
            lines.extend(["chain", "hotkey", "owner", "bonds"].map(Line::skipped));
            return lines;
        }
    };
    lines.push(node(&chain, &view).await);
    let genesis = hex::encode(chain.genesis_hash());
    lines.push(Line::new(
        "chain",
        Ok(format!(
            "an NI chain of this worker's protocol, genesis 0x{genesis}"
        )),
    ));
    match hotkey {
        None => lines.extend(["hotkey", "owner", "bonds"].map(Line::skipped)),
        Some(hotkey) => {
            let accounts = Accounts {
                plan,
                view: &view,
                hotkey,
                owner,
            };
            match accounts.lines().await {
                Ok(found) => lines.extend(found),
                Err(cause) => {
                    lines.push(Line::new("hotkey", Err(Failure::new(Exit::Node, cause))));
                }
            }
        }
    }
    lines
}

async fn node(chain: &Chain, view: &View) -> Line {
    let url = chain.url();
    let number = view.number();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    match view.timestamp_ms().await {
        Err(cause) => Line::new("node", Err(Failure::new(Exit::Node, cause))),
        Ok(made) => {
            let age = now.saturating_sub(made / 1000);
            if age > BEHIND {
                return Line::doubtful(
                    "node",
                    format!(
                        "{url} is at block {number}, which is {age} s old: wait until it has \
                         caught up, and see that both clocks are right"
                    ),
                );
            }
            Line::new("node", Ok(format!("{url}, block {number}")))
        }
    }
}

/// The checks of the accounts, at one block.
struct Accounts<'a> {
    plan: &'a Plan<'a>,
    view: &'a View,
    hotkey: &'a Bytes32,
    owner: Option<&'a Bytes32>,
}

impl Accounts<'_> {
    async fn lines(&self) -> Result<Vec<Line>, ChainError> {
        let failed =
            |what, message: String| Line::new(what, Err(Failure::new(Exit::Account, message)));
        let address = keys::address(self.hotkey);
        let registration = self.view.registration(self.hotkey).await?;
        let Some(registration) = registration else {
            let line = if self.plan.register {
                Line::new("hotkey", Ok(format!("{address} will be registered")))
            } else {
                failed(
                    "hotkey",
                    format!(
                        "{address} is not registered: `ni-worker register --hotkey {address} \
                         --owner FILE`, or `ni-worker mine --register`"
                    ),
                )
            };
            return Ok(vec![line, self.price().await?, Line::skipped("bonds")]);
        };
        let mut lines = Vec::new();
        let now = self.view.number();
        let expires_at = u64::from(registration.expires_at);
        if registration.role != Role::Miner {
            lines.push(failed(
                "hotkey",
                format!("{address} is registered as a validator: mine with another"),
            ));
            lines.extend(["owner", "bonds"].map(Line::skipped));
            return Ok(lines);
        }
        lines.push(if expires_at <= now && !self.plan.register {
            failed(
                "hotkey",
                format!(
                    "the lease of {address} is over since block {expires_at}: `ni-worker \
                     register --hotkey {address} --owner FILE --renew`"
                ),
            )
        } else {
            let slots = registration.bonds.len();
            Line::new(
                "hotkey",
                Ok(format!(
                    "{address}, {slots} GPU slots until block {expires_at}"
                )),
            )
        });
        lines.push(self.owner(&registration.owner).await?);
        let short: Vec<_> = (0_u32..)
            .zip(&registration.bonds)
            .filter(|(_, bond)| **bond < registration.bond)
            .map(|(gpu, bond)| format!("slot {gpu} has {}", Amount(*bond)))
            .collect();
        lines.push(if short.is_empty() {
            let bond = Amount(registration.bond);
            Line::new("bonds", Ok(format!("{bond} for each GPU slot")))
        } else if self.plan.register && self.pays(&registration.owner) {
            Line::doubtful(
                "bonds",
                format!(
                    "{} of {}: restored from the owner's account, but after a reveal that was \
                     refused",
                    short.join(", "),
                    Amount(registration.bond)
                ),
            )
        } else {
            failed(
                "bonds",
                format!(
                    "{} of {}, and cannot prove: `ni-worker register --hotkey {address} --owner \
                     FILE --top-up` restores what was slashed",
                    short.join(", "),
                    Amount(registration.bond)
                ),
            )
        });
        Ok(lines)
    }

    /// Whether `mine --register` would pay in the name of who registered the hotkey.
    fn pays(&self, registered: &Bytes32) -> bool {
        self.owner.unwrap_or(self.hotkey) == registered
    }

    /// Whether the owner could pay for a registration.
    async fn price(&self) -> Result<Line, ChainError> {
        let payer = match self.owner {
            Some(owner) => owner,
            // `mine --register` takes the hotkey for its own owner.
            None if self.plan.register => self.hotkey,
            None => {
                let text = "not named, who pays for the registration: --owner FILE";
                return Ok(Line::doubtful("owner", text));
            }
        };
        let slots = self
            .plan
            .slots
            .unwrap_or_else(|| u32::try_from(self.plan.devices.len().max(1)).unwrap_or(u32::MAX));
        let fee = self.view.quote(Role::Miner, slots).await?;
        let prices = self.view.slot_prices().await?;
        let free = self.view.account(payer).await?.data.free;
        let Some(fee) = fee else {
            return Ok(Line::doubtful(
                "owner",
                format!("{slots} slots cannot be bought at once: ask for fewer with --slots"),
            ));
        };
        let bonds = prices.bond.saturating_mul(slots.into());
        let needed = fee.saturating_add(bonds);
        let text = format!(
            "{} has {}; registering {slots} GPU slots costs {} and binds {}",
            keys::address(payer),
            Amount(free),
            Amount(fee),
            Amount(bonds)
        );
        Ok(if free >= needed {
            Line::new("owner", Ok(text))
        } else {
            let message = format!("{text}: send NI to it, and a little for the transaction");
            Line::new("owner", Err(Failure::new(Exit::Account, message)))
        })
    }

    /// Whether the owner is the one that is named, and can pay for claims.
    async fn owner(&self, registered: &Bytes32) -> Result<Line, ChainError> {
        let address = keys::address(registered);
        if self.owner.is_some_and(|owner| owner != registered) {
            let message = format!(
                "the hotkey was registered by {address}, who is paid: name that account's key \
                 with --owner, or none"
            );
            return Ok(Line::new(
                "owner",
                Err(Failure::new(Exit::Account, message)),
            ));
        }
        let free = self.view.account(registered).await?.data.free;
        Ok(if free == 0 {
            Line::doubtful(
                "owner",
                format!(
                    "{address} has no NI to pay for claims and renewals: send it a little; what \
                     was earned comes with the next commit in any case"
                ),
            )
        } else {
            Line::new("owner", Ok(format!("{address} has {}", Amount(free))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(name: &str, software: bool) -> Described {
        Described {
            name: name.to_owned(),
            card: Card {
                software,
                bus: None,
                kernels: 1,
            },
            missing: None,
        }
    }

    fn machine(nvidia: bool, capabilities: Option<&str>) -> Machine {
        Machine {
            nvidia,
            capabilities: capabilities.map(str::to_owned),
        }
    }

    #[test]
    fn a_gpu_that_vulkan_does_not_show_is_told_of() {
        let software = [adapter("llvmpipe", true)];
        let bare = devices(&[], &software, &machine(true, Some("compute,utility"))).to_string();
        assert!(bare.starts_with("FAIL"), "{bare}");
        assert!(bare.contains("NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics"));
        for given in ["compute,utility,graphics", "all", "graphics"] {
            let line = devices(&[], &software, &machine(true, Some(given))).to_string();
            assert!(line.contains("nvidia_icd.json"), "{line}");
        }
        // Asked for by name, or without such a GPU, software will do.
        let named = [DeviceChoice::Index(0)];
        for line in [
            devices(&named, &software, &machine(true, None)),
            devices(&[], &software, &machine(false, None)),
        ] {
            assert!(matches!(line.outcome, Outcome::Doubtful(_)), "{line}");
        }
    }

    #[test]
    fn gpus_are_preferred_and_must_be_able_to_prove() {
        let both = [adapter("llvmpipe", true), adapter("a GPU", false)];
        let line = devices(&[], &both, &machine(true, None));
        assert_eq!(line.to_string(), "ok    devices: a GPU");

        let mut old = adapter("an old GPU", false);
        old.missing = Some("no 64-bit integers".into());
        let line = devices(&[], &[old], &machine(false, None)).to_string();
        assert!(
            line.starts_with("FAIL")
                && line.contains("an old GPU cannot prove: no 64-bit integers"),
            "{line}"
        );

        let none = DeviceChoice::Index(2);
        let line = devices(&[none], &both, &machine(false, None));
        let Outcome::Failed(failure) = line.outcome else {
            panic!("device 2 was taken");
        };
        assert_eq!(failure.exit(), Exit::Device);

        // What cannot prove stops no other.
        for (other, name) in [
            (DeviceChoice::Index(1), "a GPU"),
            (DeviceChoice::Cpu, "the CPU prover"),
        ] {
            let line = devices(&[other, none], &both, &machine(false, None));
            assert!(matches!(line.outcome, Outcome::Doubtful(_)), "{line}");
            let text = line.to_string();
            assert!(text.contains(name), "{text}");
            assert!(text.contains("left out: there is no device 2"), "{text}");
        }
    }
}
