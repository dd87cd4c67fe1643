// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Random sequences of everything that moves the supply keep every identity, and
//! what a model outside the chain adds up from the events is what the chain says.

use crate::{
    Burn, Buyback, Event, ExpiredResults, MintReason, Recycle, RegistrationFees, Slashes, Totals,
    mock::*,
};
use frame_support::traits::{
    Imbalance, OnUnbalanced,
    fungible::{Balanced, Inspect},
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Mint(Balance),
    Draw(Balance),
    RecycleFee(Balance),
    RecycleExpired(Balance),
    BurnSlash(Balance),
    BurnBuyback(Balance),
    BurnVoluntary(Balance),
    /// A transfer that may leave dust behind.
    Transfer(Balance),
    Donate(Balance),
    StartRound,
}

/// Amounts from a unit to more than there is, with the edges in between.
fn amount() -> impl Strategy<Value = Balance> {
    prop_oneof![
        0..10u128,
        ED - 2..ED + 2,
        0..ENDOWED,
        ENDOWED - ED - 1..ENDOWED + 2,
        CAP - GENESIS - 1..CAP - GENESIS + 2,
        Just(Balance::MAX),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        amount().prop_map(Step::Mint),
        amount().prop_map(Step::Draw),
        amount().prop_map(Step::RecycleFee),
        amount().prop_map(Step::RecycleExpired),
        amount().prop_map(Step::BurnSlash),
        amount().prop_map(Step::BurnBuyback),
        amount().prop_map(Step::BurnVoluntary),
        amount().prop_map(Step::Transfer),
        amount().prop_map(Step::Donate),
        Just(Step::StartRound),
    ]
}

/// Takes what Alice has, up to `amount`, and may take her account's life.
fn credit(amount: Balance) -> crate::CreditOf<Test> {
    use frame_support::traits::tokens::{Fortitude, Preservation};
    let has = Balances::reducible_balance(&ALICE, Preservation::Expendable, Fortitude::Polite);
    credit_from(ALICE, amount.min(has))
}

fn pay_alice(credit: crate::CreditOf<Test>) {
    if let Err(credit) = Balances::resolve(&ALICE, credit) {
        // Her account may have died: what it cannot take is burned, not dropped.
        Burn::<Test, crate::Unresolved>::on_unbalanced(credit);
    }
}

fn apply(step: Step) {
    let alice = RuntimeOrigin::signed(ALICE);
    // Refusals are part of the sequence; what they leave behind is checked below.
    match step {
        Step::Mint(amount) => {
            if let Ok(credit) = Supply::mint(amount, MintReason::Emission) {
                assert_eq!(credit.peek(), amount);
                pay_alice(credit);
            }
        }
        Step::Draw(amount) => {
            let pool = Supply::pool();
            match Supply::draw(amount) {
                Ok(credit) => {
                    assert_eq!(credit.peek(), amount);
                    assert_eq!(Supply::pool(), pool - amount);
                    pay_alice(credit);
                }
                Err(_) => assert!(amount > pool),
            }
        }
        Step::RecycleFee(amount) => {
            Recycle::<Test, RegistrationFees>::on_unbalanced(credit(amount));
        }
        Step::RecycleExpired(amount) => {
            Recycle::<Test, ExpiredResults>::on_unbalanced(credit(amount));
        }
        Step::BurnSlash(amount) => Burn::<Test, Slashes>::on_unbalanced(credit(amount)),
        Step::BurnBuyback(amount) => Burn::<Test, Buyback>::on_unbalanced(credit(amount)),
        Step::BurnVoluntary(amount) => {
            let _ = Supply::burn(alice, amount);
        }
        Step::Transfer(amount) => {
            let _ = Balances::transfer_allow_death(alice, BOB, amount);
        }
        Step::Donate(amount) => {
            let _ = Balances::transfer_allow_death(alice, Supply::pool_account(), amount);
        }
        Step::StartRound => {
            let before = Totals::<Test>::get();
            let closed = Supply::start_round();
            let after = Totals::<Test>::get();
            assert_eq!(after.round, Default::default());
            // Only donations moved, and by the same in the round and since genesis.
            assert_eq!(
                closed.recycled.donations - before.round.recycled.donations,
                after.all.recycled.donations - before.all.recycled.donations
            );
            // From here until the next donation the pool's identity is exact.
            assert_eq!(
                Balances::balance(&Supply::pool_account()),
                after.endowment + Supply::recycled() - Supply::drawn()
            );
        }
    }
}

/// Minted, recycled, drawn and burned, added up from events alone.
#[derive(Debug, Default, PartialEq)]
struct Model {
    minted: Balance,
    recycled: Balance,
    drawn: Balance,
    burned: Balance,
}

impl Model {
    fn read(&mut self) {
        for event in events() {
            match event {
                Event::Minted { amount } => self.minted += amount,
                Event::Recycled { amount, .. } => self.recycled += amount,
                Event::Drawn { amount } => self.drawn += amount,
                Event::Burned { amount, .. } => self.burned += amount,
                _ => {}
            }
        }
    }
}

proptest! {
    #[test]
    fn every_sequence_keeps_every_identity(steps in prop::collection::vec(step(), 1..60)) {
        new_test_ext().execute_with(|| {
            let mut model = Model { minted: GENESIS, ..Default::default() };
            for step in steps {
                apply(step);
                model.read();
                Supply::do_try_state().expect("the invariants hold after every step");
                let chain = Model {
                    minted: Supply::minted(),
                    recycled: Supply::recycled(),
                    drawn: Supply::drawn(),
                    burned: Supply::burned(),
                };
                assert_eq!(model, chain);
                let accounts: Balance = frame_system::Account::<Test>::iter_values()
                    .map(|account| account.data.free + account.data.reserved)
                    .sum();
                assert_eq!(accounts, Balances::total_issuance());
            }
        });
    }
}
