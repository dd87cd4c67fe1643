// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each invariant of the crate's documentation, broken by force: the check must
//! say so and name it.

use crate::{Recycle, RegistrationFees, Totals, mock::*};
use frame_support::traits::{OnUnbalanced, fungible::Unbalanced};
use sp_runtime::DispatchError;

/// Runs `break_it` on a chain in which every part of the ledger has moved and
/// returns what the check then says.
fn broken_by(break_it: impl FnOnce()) -> DispatchError {
    new_test_ext().execute_with(|| {
        mint_to(ALICE, NI);
        Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, NI));
        Supply::start_round();
        Supply::do_try_state().expect("the invariants hold before");
        break_it();
        Supply::do_try_state().expect_err("the check sees it")
    })
}

fn other(message: &'static str) -> DispatchError {
    DispatchError::Other(message)
}

#[test]
fn invariant_1_issuance_is_minted_less_burned() {
    let message = other("invariant 1: total issuance is not minted − burned");
    // Units from nowhere, units gone, a burn that did not happen.
    assert_eq!(
        broken_by(|| Balances::set_total_issuance(Balances::total_issuance() + 1)),
        message
    );
    assert_eq!(broken_by(|| drop(credit_from(ALICE, 1))), message);
    assert_eq!(
        broken_by(|| Totals::<Test>::mutate(|totals| totals.all.burned.slashes = 1)),
        message
    );
    assert_eq!(
        broken_by(|| Totals::<Test>::mutate(|totals| totals.all.burned.slashes = Balance::MAX)),
        message
    );
}

#[test]
fn invariant_2_minted_stays_under_the_cap() {
    let error = broken_by(|| {
        let over = CAP + 1 - Supply::minted();
        Totals::<Test>::mutate(|totals| totals.all.emitted += over);
        Balances::set_total_issuance(CAP + 1);
    });
    assert_eq!(error, other("invariant 2: minted exceeds the cap"));
}

#[test]
fn invariant_3_the_pool_holds_what_was_recycled_and_not_drawn() {
    let less = other("invariant 3: the pool holds less than its endowment + recycled − drawn");
    assert_eq!(
        broken_by(|| Totals::<Test>::mutate(|totals| totals.all.recycled.donations += 1)),
        less
    );
    assert_eq!(
        broken_by(|| {
            let moved = Balances::transfer_keep_alive(
                RuntimeOrigin::signed(Supply::pool_account()),
                ALICE,
                1,
            );
            assert_eq!(moved, Ok(()));
        }),
        less
    );
    assert_eq!(
        broken_by(|| Totals::<Test>::mutate(|totals| totals.all.drawn = CAP)),
        other("invariant 3: drawn exceeds recycled")
    );
}

#[test]
fn invariant_4_the_endowment_keeps_the_pool_alive() {
    let error = broken_by(|| Totals::<Test>::mutate(|totals| totals.endowment = ED - 1));
    assert_eq!(
        error,
        other("invariant 4: the pool's endowment is below the minimum balance")
    );
}

#[test]
fn invariant_5_a_round_is_part_of_the_whole() {
    let error = broken_by(|| Totals::<Test>::mutate(|totals| totals.round.burned.buyback = 1));
    assert_eq!(
        error,
        other("invariant 5: a part of the round exceeds the same part since genesis")
    );
}
