// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! All that can happen, a file for each pallet.

mod balances;
pub(crate) mod buyback;
mod delegation;
mod emission;
mod governance;
pub mod proof;
mod registration;
pub mod settings;
mod time;

use crate::{Report, World};
use ni_runtime::{Runtime, RuntimeEvent, Supply};
use pallet_buyback::{Event as BuybackEvent, Skipped};
use pallet_delegation::Event as DelegationEvent;
use pallet_emission::Event as EmissionEvent;
use pallet_governance::Event as GovernanceEvent;
use pallet_proof_of_gpu::Event as ProofEvent;
use pallet_referenda::Event as PollEvent;
use pallet_registration::Event as RegistrationEvent;
use pallet_supply::{BurnSource, Event as SupplyEvent, RecycleSource};
use std::sync::LazyLock;
use tokenomics_primitives::schedule;

/// One thing that can happen.
pub struct Operation {
    /// What it is.
    pub name: &'static str,
    /// How often it is drawn, against the others.
    pub weight: u32,
    /// Does it, and says whether there was anything to do: if not, another one is
    /// drawn.
    pub run: fn(&mut World) -> bool,
}

/// Everything that can happen.
pub(crate) fn table() -> &'static [&'static Operation] {
    static TABLE: LazyLock<Vec<&'static Operation>> = LazyLock::new(|| {
        [
            balances::OPERATIONS,
            buyback::OPERATIONS,
            delegation::OPERATIONS,
            emission::OPERATIONS,
            governance::OPERATIONS,
            proof::OPERATIONS,
            registration::OPERATIONS,
            settings::OPERATIONS,
            time::OPERATIONS,
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    &TABLE
}

/// Notes which paths an event shows to be taken.
pub(crate) fn note_paths(report: &mut Report, event: &RuntimeEvent) {
    match event {
        RuntimeEvent::Emission(event) => note_emission(report, event),
        RuntimeEvent::ProofOfGpu(event) => note_proof(report, event),
        RuntimeEvent::Registration(event) => match event {
            RegistrationEvent::ToppedUp { .. } => report.reach("a bond is topped up"),
            RegistrationEvent::Withdrawn { returned, .. } if *returned > 0 => {
                report.reach("slots leave and the bonds return");
            }
            RegistrationEvent::Slashed { bounty, .. } if *bounty > 0 => {
                report.reach("a bounty is paid");
            }
            _ => {}
        },
        RuntimeEvent::Supply(SupplyEvent::Burned { source, .. }) => match source {
            BurnSource::Dust => report.reach("dust is burned"),
            BurnSource::TransactionFees => report.reach("a transaction's fee is burned"),
            _ => {}
        },
        RuntimeEvent::Supply(SupplyEvent::Recycled {
            source: RecycleSource::Donations,
            ..
        }) => report.reach("a gift to the pool is taken in"),
        RuntimeEvent::Buyback(event) => match event {
            BuybackEvent::SliceBought { .. } => report.reach("a slice is bought and burned"),
            BuybackEvent::NativeBurned { .. } => report.reach("revenue in NI is burned"),
            BuybackEvent::SliceSkipped { reason, .. } => match reason {
                Skipped::PriceOutsideTolerance { .. } => {
                    report.reach("a slice is skipped for its price");
                }
                Skipped::ReserveBelowMinimum { .. } | Skipped::NoReserves => {
                    report.reach("a slice is skipped for a drained pool");
                }
                _ => {}
            },
            _ => {}
        },
        RuntimeEvent::Delegation(event) => match event {
            DelegationEvent::Claimed { .. } => report.reach("a staker is paid"),
            DelegationEvent::CommissionClaimed { .. } => report.reach("a commission is paid"),
            DelegationEvent::Slashed { .. } => report.reach("an equivocation is slashed"),
            DelegationEvent::Withdrawn { .. } => report.reach("stake is unbonded"),
            DelegationEvent::ValidatorsChosen { .. } => {
                report.reach("another set of validators is chosen");
            }
            _ => {}
        },
        RuntimeEvent::Referenda(event) => match event {
            PollEvent::Confirmed { .. } => report.reach("a referendum is won"),
            PollEvent::Rejected { .. } => report.reach("a referendum is lost"),
            PollEvent::TimedOut { .. } => report.reach("a referendum times out"),
            _ => {}
        },
        RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched {
            id: Some(_),
            result,
            ..
        }) => match result {
            Ok(()) => report.reach("a referendum is enacted"),
            Err(_) => report.reach("what was enacted is refused"),
        },
        RuntimeEvent::Governance(GovernanceEvent::WeightReduced { .. }) => {
            report.reach("a slash makes a vote weigh less");
        }
        RuntimeEvent::Session(pallet_session::Event::NewSession { .. }) => {
            report.reach("a session ends");
        }
        _ => {}
    }
}

fn note_emission(report: &mut Report, event: &EmissionEvent<Runtime>) {
    match event {
        EmissionEvent::RoundSettled { drawn, minted, .. } => {
            match (*drawn > 0, *minted > 0) {
                (true, true) => report.reach("a fee displaces what would be minted"),
                (true, false) => report.reach("a round pays from the pool alone"),
                (false, true) => report.reach("a round mints"),
                (false, false) => report.reach("a round of nothing verified"),
            }
            let halvings = schedule::halvings(Supply::minted(), Supply::cap());
            if report
                .halvings
                .replace(halvings)
                .is_some_and(|before| before != halvings)
            {
                report.reach("the emission halves");
            }
        }
        EmissionEvent::RoundExpired { amount, .. } if *amount > 0 => {
            report.reach("a round expires with something left in it");
        }
        EmissionEvent::Forfeited { .. } => report.reach("an unpaid result is forfeited"),
        EmissionEvent::NotCredited { .. } => report.reach("a result earns nothing"),
        EmissionEvent::TiersReplaced { .. } => report.reach("a new tier table begins"),
        _ => {}
    }
}

fn note_proof(report: &mut Report, event: &ProofEvent<Runtime>) {
    match event {
        ProofEvent::Verified { .. } => report.reach("a reveal is verified"),
        ProofEvent::Confirmed { .. } => report.reach("a GPU is confirmed"),
        ProofEvent::Refused { slashed, .. } if *slashed > 0 => {
            report.reach("a reveal is refused, and the bond slashed");
        }
        ProofEvent::Missed { reporter, .. } => match reporter {
            Some(_) => report.reach("a missed reveal is reported"),
            None => report.reach("a missed reveal is settled by the next commit"),
        },
        _ => {}
    }
}
