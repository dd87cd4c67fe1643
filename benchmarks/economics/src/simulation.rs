// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The loop: 24 blocks a round, and what is written down of them.

use crate::{
    PARTS, Pace, Scenario, Who, YEAR,
    accounts::{call, give, spendable},
    hardware::GENERATIONS,
    in_ni,
    market::{self, Prices, Whale},
    miners::{Fleet, Group, Outlook, Tally},
    ni_a_block,
    setting::{self, VALIDATOR, VALIDATOR_OWNER},
};
use ni_runtime::{
    Balance, Balances, Buyback, Emission, NI, Registration, Runtime, RuntimeEvent, Supply, System,
    configs::market::{AssetKind, TAO, USD},
    settings::defaults,
};
use pallet_buyback::Event as BuybackEvent;
use pallet_delegation::Call as StakeCall;
use pallet_emission::Event as EmissionEvent;
use pallet_proof_of_gpu::{CurrentWindow, Phase};
use pallet_registration::{Call as LeaseCall, Event as LeaseEvent, Hotkeys, Role};
use pallet_supply::Event as SupplyEvent;
use stateful::{
    Rng,
    chain::Chain,
    ledger::{Ledger, check_accounts},
    memory::Memory,
};
use std::collections::BTreeMap;

/// Days from one sample to the next.
const SAMPLED: u32 = 60;
/// Days from one claim of the stakers to the next.
const CLAIMED: u32 = 30;

/// Days of newcomers for which one executed block stands at most.
const DAYS_OF_ENTRY: u32 = 1;

/// NI in the dealer's hands below which it has nothing to sell.
const SOLD_OUT: f64 = 100.0;

/// What happened between two samples.
#[derive(Clone, Debug, Default)]
pub struct Interval {
    /// Minted by rounds.
    pub minted: Balance,
    /// Burned, whatever for.
    pub burned: Balance,
    /// Drawn from the recycle pool.
    pub drawn: Balance,
    /// Recycled.
    pub recycled: Balance,
    /// Of what was recycled, results that nobody could be paid for in full.
    pub expired: Balance,
    /// Paid to miners, by generation, in NI.
    pub paid: [f64; GENERATIONS],
    /// MOPS verified times days, by generation.
    pub mops_days: [f64; GENERATIONS],
    /// Dollars that the buyback spent, at the market's prices.
    pub spent: f64,
    /// NI that it bought.
    pub bought: f64,
    /// NI that the market would have given for the same.
    pub ideal: f64,
    /// The largest part lost in one slice.
    pub worst: f64,
    /// Slices bought and skipped.
    pub slices: [u32; 2],
}

/// The state of things, and what happened since the sample before.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Days since genesis.
    pub day: u32,
    /// What there is, by the currency.
    pub issuance: Balance,
    /// Ever minted, genesis included.
    pub minted: Balance,
    /// Ever burned.
    pub burned: Balance,
    /// Ever recycled.
    pub recycled: Balance,
    /// What the recycle pool holds.
    pub pool: Balance,
    /// Slots by generation.
    pub slots: [u32; GENERATIONS],
    /// Price of a slot, in NI.
    pub slot_price: f64,
    /// Dollars for an NI, outside and in the pool of dollars.
    pub price: [f64; 2],
    /// Dollars of revenue that wait.
    pub pending: f64,
    /// What happened.
    pub interval: Interval,
}

impl Sample {
    /// Years since genesis.
    #[must_use]
    pub fn year(&self) -> f64 {
        f64::from(self.day) / f64::from(YEAR)
    }

    /// The part of what was paid out that came from the recycle pool.
    #[must_use]
    pub fn self_funded(&self) -> Option<f64> {
        let (drawn, minted) = (in_ni(self.interval.drawn), in_ni(self.interval.minted));
        (drawn + minted > 0.0).then(|| drawn / (drawn + minted))
    }

    /// NI a day for a TOPS of a generation, where any was verified.
    #[must_use]
    pub fn pay(&self, generation: usize) -> Option<f64> {
        let verified = self.interval.mops_days[generation];
        (verified > 0.0).then(|| 1e6 * self.interval.paid[generation] / verified)
    }

    /// The part that the buyback lost to fee, depth and delay.
    #[must_use]
    pub fn slippage(&self) -> Option<f64> {
        let Interval { bought, ideal, .. } = self.interval;
        (ideal > 0.0).then(|| 1.0 - bought / ideal)
    }
}

/// Whether the supply adds up at the end, three times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Genesis, and what the samples say was minted and burned since.
    pub by_samples: Option<Balance>,
    /// By `Supply`: ever minted less ever burned.
    pub by_supply: Option<Balance>,
    /// By `Balances`.
    pub issuance: Balance,
    /// What a second book of events, or the sum over all accounts, has against it.
    pub complaint: Option<String>,
    /// The most ever minted, over all samples.
    pub most_minted: Balance,
    /// The cap.
    pub cap: Balance,
}

impl Audit {
    /// Whether all agree to the last unit and the cap was never exceeded.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.complaint.is_none()
            && self.by_samples == Some(self.issuance)
            && self.by_supply == Some(self.issuance)
            && self.most_minted <= self.cap
    }
}

/// A run and what came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scenario.
    pub scenario: Scenario,
    /// NI at genesis.
    pub genesis: Balance,
    /// The samples, in order.
    pub samples: Vec<Sample>,
    /// Whether it adds up.
    pub audit: Audit,
    /// What each group had in each year.
    pub tallies: BTreeMap<(Group, u32), Tally>,
    /// What the whale did.
    pub whale: Whale,
    /// Blocks executed.
    pub blocks: u32,
}

/// What the events say.
struct Book {
    pace: Pace,
    /// The second book, held against the state at the end.
    ledger: Ledger,
    interval: Interval,
    /// NI a day for a MOPS that weighs one.
    unit: f64,
    /// NI a day that miners are paid when everything is earned.
    full: f64,
}

struct Simulation {
    scenario: Scenario,
    pace: Pace,
    chain: Chain,
    book: Book,
    rng: Rng,
    fleet: Fleet,
    whale: Whale,
    /// How far the price of the day is from the scenario's, as a logarithm.
    noise: [f64; 2],
    proved: Option<u32>,
    prices: Prices,
    day: u32,
    blocks: u32,
}

/// Runs so many years of a scenario.
///
/// # Panics
///
/// When the runtime refuses what it must take, such as revenue.
#[must_use]
pub fn run(scenario: Scenario, years: u32, pace: Pace) -> Outcome {
    run_with(scenario, years, pace, ni_a_block(), |_, _| ())
}

/// As [`run`], with so much scheduled a block before the first halving, and tells
/// `watch` the day at each round's beginning, within the chain's state.
///
/// # Panics
///
/// When the runtime refuses what it must take, such as revenue.
pub fn run_with(
    scenario: Scenario,
    years: u32,
    pace: Pace,
    base: Balance,
    mut watch: impl FnMut(u32, Scenario),
) -> Outcome {
    Memory::default().execute_with(|| {
        let mut simulation = Simulation::new(scenario, pace, base);
        let genesis = Balances::total_issuance();
        let mut samples = vec![simulation.sample()];
        let rounds = years * YEAR / pace.days;
        let every = (SAMPLED / pace.days).max(1);
        for round in 1..=rounds {
            watch(simulation.day, scenario);
            simulation.round();
            if round % every == 0 || round == rounds {
                samples.push(simulation.sample());
            }
        }
        let audit = simulation.audit(genesis, &samples);
        Outcome {
            scenario,
            genesis,
            samples,
            audit,
            tallies: simulation.fleet.tallies,
            whale: simulation.whale,
            blocks: simulation.blocks,
        }
    })
}

impl Simulation {
    fn new(scenario: Scenario, pace: Pace, base: Balance) -> Self {
        let chain = Chain::new(setting::genesis());
        setting::put_tiers();
        setting::compress(pace, base);
        let mut simulation = Self {
            scenario,
            pace,
            chain,
            book: Book {
                pace,
                ledger: Ledger::new(),
                interval: Interval::default(),
                unit: first_full(pace, base) / reference(),
                full: first_full(pace, base),
            },
            rng: Rng::new(1),
            fleet: Fleet::default(),
            whale: Whale::default(),
            noise: [0.0; 2],
            proved: None,
            prices: Prices {
                ni: scenario.price(0.0),
                tao: scenario.tao_price(0.0),
            },
            day: 0,
            blocks: 0,
        };
        simulation.chain.begin(1);
        market::provide();
        simulation.take_events();
        simulation
    }

    fn year(&self) -> f64 {
        f64::from(self.day) / f64::from(YEAR)
    }

    /// One round: a day, or as many as the pace says.
    fn round(&mut self) {
        let before = self.noise;
        self.walk();
        for part in 0..PARTS {
            self.chain.end();
            self.take_events();
            // Nothing is scheduled: the scheduler need not look at every block between.
            pallet_scheduler::IncompleteSince::<Runtime>::kill();
            self.chain.begin(self.pace.part());
            self.blocks += 1;
            self.take_events();

            let gone = f64::from(part + 1) / f64::from(PARTS);
            let year = self.year() + gone * f64::from(self.pace.days) / f64::from(YEAR);
            let [ni, tao] = [0, 1].map(|at| {
                let noise = before[at] + gone * (self.noise[at] - before[at]);
                noise.exp()
            });
            // Where nobody has NI to sell outside, the pool's price is the market's.
            let outside = self.scenario.price(year) * ni;
            let sold_out = market::dealers_stock() < SOLD_OUT;
            self.prices = Prices {
                ni: if sold_out {
                    outside.max(market::pool_price())
                } else {
                    outside
                },
                tao: self.scenario.tao_price(year) * tao,
            };
            let whale = self.scenario == Scenario::Whale;
            if whale {
                self.whale.after_slice();
            }
            self.prove();
            market::arbitrage(&self.prices, self.scenario.arbitrage());
            if whale {
                self.whale.act(year);
            }
            let days = |parts: u32| parts * self.pace.days / PARTS;
            for _ in days(part)..days(part + 1).min(days(part) + DAYS_OF_ENTRY) {
                let outlook = self.outlook();
                self.fleet.enter(&outlook);
            }
        }
        let revenue = self.scenario.revenue(self.year()) * f64::from(self.pace.days);
        market::bring_revenue(revenue, &self.prices);
        let outlook = self.outlook();
        self.fleet.decide(&outlook);
        self.stake();
        self.take_events();
        self.day += self.pace.days;
    }

    /// The day's noise: up to ±3% of NI and ±2% of TAO, and a thirtieth of it forgotten.
    fn walk(&mut self) {
        for (at, step) in [(0, 0.03), (1, 0.02)] {
            let drawn = f64::from(self.rng.within(0, 2_000)) / 1_000.0 - 1.0;
            self.noise[at] = self.noise[at] * (29.0 / 30.0) + step * drawn;
        }
    }

    /// Once a window, in its reveal phase.
    fn prove(&mut self) {
        let Some(window) = CurrentWindow::<Runtime>::get() else {
            return;
        };
        if !matches!(window.phase, Phase::Revealing { .. }) || self.proved == Some(window.id) {
            return;
        }
        self.proved = Some(window.id);
        let outlook = self.outlook();
        let mut fleet = std::mem::take(&mut self.fleet);
        let mut some = 0u32;
        let mut groups = Vec::new();
        let mops = fleet.prove(&window, &outlook, || {
            // A block's events are one value that grows: it is emptied now and then.
            some += 1;
            if some.is_multiple_of(16) {
                self.book.take(&fleet, &self.prices, &mut groups);
            }
        });
        self.book.take(&fleet, &self.prices, &mut groups);
        fleet.note(self.day / YEAR, groups);
        self.fleet = fleet;
        for (to, from) in self.book.interval.mops_days.iter_mut().zip(mops) {
            *to += from;
        }
    }

    fn outlook(&self) -> Outlook {
        let rates = Emission::tiers()
            .iter()
            .map(|(state, effective)| {
                (state.tier.floor.mops, self.book.unit * effective.to_float())
            })
            .collect();
        Outlook {
            scenario: self.scenario,
            pace: self.pace,
            day: self.day,
            price: self.prices.ni,
            rates,
            full: self.book.full,
        }
    }

    /// The validator's lease, and once a month what stakers claim and sell.
    fn stake(&self) {
        let (owner, hotkey) = (VALIDATOR_OWNER.to_account_id(), VALIDATOR.to_account_id());
        let leased = Hotkeys::<Runtime>::get(&hotkey).map_or(0, |lease| lease.expires_at);
        if leased < System::block_number() + 2 * self.pace.round() {
            let max_price = 10_000 * NI;
            let renewed = call(
                &owner,
                LeaseCall::renew {
                    hotkey: hotkey.clone(),
                    max_price,
                },
            );
            assert!(renewed, "the validator's lease is renewed");
        }
        if self.day.is_multiple_of(CLAIMED) {
            let validator = hotkey.clone();
            call(&owner, StakeCall::claim { validator });
            call(&owner, StakeCall::claim_commission { hotkey });
            let spare = spendable(&owner).saturating_sub(100_000 * NI);
            if spare > 0 {
                give(&owner, &Who::Maker.account(), spare);
            }
        }
    }

    fn take_events(&mut self) {
        let mut groups = Vec::new();
        self.book.take(&self.fleet, &self.prices, &mut groups);
        self.fleet.note(self.day / YEAR, groups);
    }

    fn sample(&mut self) -> Sample {
        let totals = Supply::totals();
        let pending = [USD, TAO]
            .map(|asset| {
                let waits = Buyback::pending(&AssetKind::WithId(asset));
                market::float(waits) * self.prices.unit(asset)
            })
            .iter()
            .sum();
        Sample {
            day: self.day,
            issuance: Balances::total_issuance(),
            minted: Supply::minted(),
            burned: Supply::burned(),
            recycled: totals.all.recycled.total(),
            pool: Supply::pool(),
            slots: self.fleet.by_generation(),
            slot_price: Registration::price(Role::Miner).map_or(0.0, in_ni),
            price: [self.prices.ni, market::pool_price()],
            pending,
            interval: std::mem::take(&mut self.book.interval),
        }
    }

    fn audit(&mut self, genesis: Balance, samples: &[Sample]) -> Audit {
        let complaint = self
            .book
            .ledger
            .check()
            .and_then(|()| check_accounts())
            .err();
        let by_samples = samples.iter().try_fold(genesis, |sum, sample| {
            sum.checked_add(sample.interval.minted)?
                .checked_sub(sample.interval.burned)
        });
        Audit {
            by_samples,
            by_supply: Supply::minted().checked_sub(Supply::burned()),
            issuance: Balances::total_issuance(),
            complaint,
            most_minted: samples
                .iter()
                .map(|sample| sample.minted)
                .max()
                .unwrap_or(0),
            cap: Supply::cap(),
        }
    }
}

/// NI a day that miners are paid at first when everything is earned.
fn first_full(pace: Pace, base: Balance) -> f64 {
    in_ni(base) * f64::from(pace.round()) / 2.0 / f64::from(pace.days)
}

/// The weight that earns everything, in MOPS.
fn reference() -> f64 {
    market::float(defaults::emission().reference_weight) / 1e6
}

impl Book {
    /// Takes in the events since it was last asked, and adds to `groups` who was paid and
    /// who paid fees.
    fn take(&mut self, fleet: &Fleet, prices: &Prices, groups: &mut Vec<(Group, Tally)>) {
        let events: Vec<RuntimeEvent> = System::read_events_no_consensus()
            .map(|record| record.event)
            .collect();
        System::reset_events();
        for event in &events {
            self.ledger.take(event);
            match event {
                RuntimeEvent::Supply(event) => self.interval.take_supply(event),
                RuntimeEvent::Buyback(event) => self.interval.take_buyback(event, prices),
                RuntimeEvent::Emission(EmissionEvent::RoundSettled {
                    miners,
                    weight,
                    reference,
                    ..
                }) => {
                    let [weight, reference] = [*weight, *reference].map(market::float);
                    if weight > 0.0 {
                        let days = f64::from(self.pace.days);
                        self.full = in_ni(*miners) / days * reference / weight;
                    }
                    self.unit = self.full * 1e6 / reference;
                }
                RuntimeEvent::Emission(EmissionEvent::Paid { hotkey, amount, .. }) => {
                    if let Some((generation, group)) = fleet.of(hotkey) {
                        self.interval.paid[generation] += in_ni(*amount);
                        let paid = in_ni(*amount);
                        groups.push((
                            group,
                            Tally {
                                paid,
                                ..Tally::default()
                            },
                        ));
                    }
                }
                RuntimeEvent::Registration(
                    LeaseEvent::Registered { hotkey, fee, .. }
                    | LeaseEvent::Renewed { hotkey, fee, .. },
                ) => {
                    if let Some((_, group)) = fleet.of(hotkey) {
                        let fees = in_ni(*fee);
                        groups.push((
                            group,
                            Tally {
                                fees,
                                ..Tally::default()
                            },
                        ));
                    }
                }
                _ => {}
            }
        }
    }
}

impl Interval {
    fn take_supply(&mut self, event: &SupplyEvent<Runtime>) {
        match event {
            SupplyEvent::Minted { amount } => self.minted += amount,
            SupplyEvent::Burned { amount, .. } => self.burned += amount,
            SupplyEvent::Drawn { amount } => self.drawn += amount,
            SupplyEvent::Recycled { source, amount } => {
                self.recycled += amount;
                if *source == pallet_supply::RecycleSource::ExpiredResults {
                    self.expired += amount;
                }
            }
            _ => {}
        }
    }

    fn take_buyback(&mut self, event: &BuybackEvent<Runtime>, prices: &Prices) {
        match event {
            BuybackEvent::SliceBought {
                asset: AssetKind::WithId(asset),
                spent,
                bought,
                ..
            } => {
                let dollars = market::float(*spent) * prices.unit(*asset);
                let (bought, ideal) = (in_ni(*bought), dollars / prices.ni);
                self.spent += dollars;
                self.bought += bought;
                self.ideal += ideal;
                self.worst = self.worst.max(1.0 - bought / ideal);
                self.slices[0] += 1;
            }
            BuybackEvent::SliceSkipped { .. } => self.slices[1] += 1,
            _ => {}
        }
    }
}
