// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Rounds: what moved in one is told apart from what moved in the next.

use crate::{Event, Movements, Recycle, RecycleSource, RegistrationFees, Totals, mock::*};
use frame_support::{assert_ok, traits::OnUnbalanced};

#[test]
fn the_round_begins_at_zero_and_the_totals_go_on() {
    build_and_execute(|| {
        mint_to(ALICE, 3);
        Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, 20));
        let first = Supply::start_round();
        assert_eq!(first.emitted, 3);
        assert_eq!(first.recycled.registration_fees, 20);
        assert_eq!(Totals::<Test>::get().round, Movements::default());
        assert_eq!(Totals::<Test>::get().all, first);
        assert_eq!(
            events().last(),
            Some(&Event::RoundStarted { closed: first })
        );

        mint_to(ALICE, 4);
        let second = Supply::start_round();
        assert_eq!(
            second,
            Movements {
                emitted: 4,
                ..Default::default()
            }
        );
        assert_eq!(Totals::<Test>::get().all.emitted, 7);
        assert_eq!(Totals::<Test>::get().all.recycled.registration_fees, 20);
    });
}

#[test]
fn what_was_sent_to_the_pool_unasked_is_taken_in() {
    build_and_execute(|| {
        Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, 20));
        assert_ok!(Balances::transfer_keep_alive(
            RuntimeOrigin::signed(ALICE),
            Supply::pool_account(),
            NI
        ));
        events();
        let closed = Supply::start_round();
        assert_eq!(closed.recycled.donations, NI);
        assert_eq!(Supply::pool(), NI + 20);
        assert_eq!(
            events(),
            [
                Event::Recycled {
                    source: RecycleSource::Donations,
                    amount: NI
                },
                Event::RoundStarted { closed },
            ]
        );
        // Once.
        assert_eq!(Supply::start_round(), Movements::default());
        assert_eq!(Supply::pool(), NI + 20);
    });
}
