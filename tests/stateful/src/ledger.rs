// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A second book of NI, kept from events alone and held against the state.

use frame_support::ensure;
use ni_runtime::{Balance, Balances, Runtime, RuntimeEvent, Supply};
use pallet_buyback::Event as BuybackEvent;
use pallet_delegation::Event as DelegationEvent;
use pallet_emission::Event as EmissionEvent;
use pallet_governance::Event as GovernanceEvent;
use pallet_registration::Event as RegistrationEvent;
use pallet_supply::{BurnSource, Event as SupplyEvent, RecycleSource};
use std::collections::BTreeMap;

/// What a closed window's miners have been credited with and paid.
#[derive(Clone, Debug, Default)]
struct Round {
    credited: Balance,
    paid: Balance,
}

/// What events say has moved since genesis.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    minted: Balance,
    burned: Balance,
    recycled: Balance,
    drawn: Balance,
    /// What those who cause a movement say of it, to be held against what `Supply`
    /// says.
    told: Told,
    rounds: BTreeMap<u32, Round>,
}

/// The same movements, twice: by who caused them and by `Supply`.
#[derive(Clone, Debug, Default)]
struct Told {
    fees: [Balance; 2],
    slashes: [Balance; 2],
    minted: [Balance; 2],
    drawn: [Balance; 2],
    bought: [Balance; 2],
    /// What the stakers' parts of rounds are, and what stakers and validators were
    /// paid.
    stakers: [Balance; 2],
}

impl Ledger {
    /// The book of a chain at its genesis.
    #[must_use]
    pub fn new() -> Self {
        Self {
            minted: Balances::total_issuance(),
            ..Self::default()
        }
    }

    /// Takes in one event.
    pub fn take(&mut self, event: &RuntimeEvent) {
        match event {
            RuntimeEvent::Supply(event) => self.take_supply(event),
            RuntimeEvent::Registration(
                RegistrationEvent::Registered { fee, .. } | RegistrationEvent::Renewed { fee, .. },
            ) => self.told.fees[0] += fee,
            RuntimeEvent::Registration(RegistrationEvent::Slashed { amount, bounty, .. }) => {
                self.told.slashes[0] += amount - bounty;
            }
            RuntimeEvent::Governance(GovernanceEvent::DepositsSettled { burned, .. }) => {
                self.told.slashes[0] += burned;
            }
            RuntimeEvent::Emission(event) => self.take_emission(event),
            RuntimeEvent::Buyback(
                BuybackEvent::SliceBought { bought: amount, .. }
                | BuybackEvent::NativeBurned { amount },
            ) => self.told.bought[0] += amount,
            RuntimeEvent::Delegation(
                DelegationEvent::Claimed { amount, .. }
                | DelegationEvent::CommissionClaimed { amount, .. },
            ) => self.told.stakers[1] += amount,
            _ => {}
        }
    }

    fn take_supply(&mut self, event: &SupplyEvent<Runtime>) {
        match event {
            SupplyEvent::Minted { amount } => {
                self.minted += amount;
                self.told.minted[1] += amount;
            }
            SupplyEvent::Burned { source, amount } => {
                self.burned += amount;
                match source {
                    BurnSource::Slashes => self.told.slashes[1] += amount,
                    BurnSource::Buyback => self.told.bought[1] += amount,
                    _ => {}
                }
            }
            SupplyEvent::Recycled { source, amount } => {
                self.recycled += amount;
                if *source == RecycleSource::RegistrationFees {
                    self.told.fees[1] += amount;
                }
            }
            SupplyEvent::Drawn { amount } => {
                self.drawn += amount;
                self.told.drawn[1] += amount;
            }
            _ => {}
        }
    }

    fn take_emission(&mut self, event: &EmissionEvent<Runtime>) {
        match event {
            EmissionEvent::RoundSettled {
                window,
                drawn,
                minted,
                miners,
                stakers,
                ..
            } => {
                self.told.stakers[0] += stakers;
                self.told.minted[0] += minted;
                self.told.drawn[0] += drawn;
                self.rounds.entry(*window).or_default().credited += miners;
            }
            EmissionEvent::Paid { window, amount, .. } => {
                self.rounds.entry(*window).or_default().paid += amount;
            }
            EmissionEvent::RoundExpired { window, amount } => {
                // What expires counts as paid: together never more than credited.
                self.rounds.entry(*window).or_default().paid += amount;
            }
            _ => {}
        }
    }

    /// Holds the book against the state.
    ///
    /// # Errors
    ///
    /// What does not agree.
    pub fn check(&mut self) -> Result<(), String> {
        let Self {
            minted,
            burned,
            recycled,
            drawn,
            ref told,
            ..
        } = *self;
        for (what, held, told) in [
            (
                "total issuance",
                Some(Balances::total_issuance()),
                minted.checked_sub(burned),
            ),
            ("minted", Some(Supply::minted()), Some(minted)),
            ("burned", Some(Supply::burned()), Some(burned)),
            ("recycled", Some(Supply::recycled()), Some(recycled)),
            (
                "the pool",
                Some(Supply::pool()),
                recycled.checked_sub(drawn),
            ),
        ] {
            ensure!(
                held == told && held.is_some(),
                format!("ledger: {what} is {held:?}, by the events {told:?}")
            );
        }
        ensure!(
            minted <= ni_runtime::configs::economy::CAP,
            "ledger: more minted than the cap"
        );
        for (what, [caused, supplied]) in [
            ("registration fees", told.fees),
            ("slashes", told.slashes),
            ("minted by rounds", told.minted),
            ("drawn by rounds", told.drawn),
            ("bought and burned", told.bought),
        ] {
            ensure!(
                caused == supplied,
                format!("ledger: {what} are {caused} by who caused them, {supplied} by Supply")
            );
        }
        let [stakers, paid] = told.stakers;
        ensure!(
            paid <= stakers,
            format!("ledger: stakers were paid {paid} of {stakers}")
        );
        for (window, round) in &self.rounds {
            ensure!(
                round.paid <= round.credited,
                format!(
                    "ledger: round {window} was credited {} and paid {}",
                    round.credited, round.paid
                )
            );
        }
        // Rounds that can be paid no more need no second look.
        while self.rounds.len() > 600 {
            self.rounds.pop_first();
        }
        Ok(())
    }
}

/// Holds the issuance against the sum over all accounts, which takes long.
///
/// # Errors
///
/// When they differ.
pub fn check_accounts() -> Result<(), String> {
    let held: Balance = frame_system::Account::<Runtime>::iter_values()
        .map(|account| account.data.free + account.data.reserved)
        .sum();
    let issuance = Balances::total_issuance();
    ensure!(
        held == issuance,
        format!("ledger: accounts hold {held} of an issuance of {issuance}")
    );
    Ok(())
}
