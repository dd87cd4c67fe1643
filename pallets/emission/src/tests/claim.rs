// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{Error, Event, Results, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{
    DispatchError, Perbill, TokenError,
    traits::{BadOrigin, Dispatchable},
};

/// The miners' half of a round that earned everything.
const HALF: Balance = 150 * NI;

fn claim(hotkey: AccountId) -> Result<(), DispatchError> {
    Emission::claim(RuntimeOrigin::signed(ANYBODY), hotkey, 0)
}

#[test]
fn pays_the_owner_whoever_claims() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        events();
        assert_eq!(Emission::pending_pay(&7, 0), HALF - 1);
        assert_ok!(claim(7));
        // The rate is rounded down: one unit stays in the round.
        assert_eq!(earned(7), HALF - 1);
        assert_eq!(pot(), ED + 1);
        assert_eq!(
            events(),
            [Event::Paid {
                hotkey: 7,
                gpu: 0,
                owner: 1_007,
                window: 1,
                amount: HALF - 1
            }]
        );
        let round = Emission::round(1).unwrap();
        assert_eq!((round.credited, round.claimed), (HALF, HALF - 1));
        assert_eq!(Emission::pending_pay(&7, 0), 0);
    });
}

#[test]
fn pays_each_gpu_by_what_it_was_verified_at() {
    build_and_execute(|| {
        note(1, 1, 20_000);
        let second = crate::VerifiedResult {
            gpu: 1,
            ..revealed(1, 1, 60_000)
        };
        Emission::note_result(&second);
        note(2, 1, 40_000);
        Parameters::mutate(|parameters| parameters.reference_weight = 1);
        settle(1);
        assert_ok!(claim(1));
        assert_eq!(earned(1), HALF / 6);
        assert_ok!(Emission::claim(RuntimeOrigin::signed(ANYBODY), 1, 1));
        assert_eq!(earned(1), HALF / 6 + HALF / 2);
        assert_ok!(claim(2));
        assert!(HALF / 3 - earned(2) <= 1);
    });
}

#[test]
fn pays_once() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        assert_ok!(claim(7));
        assert_noop!(claim(7), Error::<Test>::NothingToClaim);
    });
}

#[test]
fn nothing_to_claim() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        assert_noop!(claim(8), Error::<Test>::NothingToClaim);
        assert_noop!(
            Emission::claim(RuntimeOrigin::signed(ANYBODY), 7, 1),
            Error::<Test>::NothingToClaim
        );
    });
}

#[test]
fn not_before_the_window_is_settled() {
    build_and_execute(|| {
        note(7, 1, 19_000);
        assert_eq!(Emission::pending_pay(&7, 0), 0);
        assert_noop!(claim(7), Error::<Test>::NotSettled);
        settle(1);
        assert_ok!(claim(7));
        assert!(earned(7) > 0);
    });
}

#[test]
fn needs_a_signature() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        assert_noop!(Emission::claim(RuntimeOrigin::none(), 7, 0), BadOrigin);
        let call = RuntimeCall::Emission(crate::Call::claim { hotkey: 7, gpu: 0 });
        assert!(call.clone().dispatch(RuntimeOrigin::root()).is_err());
        assert_ok!(call.dispatch(RuntimeOrigin::signed(ANYBODY)));
    });
}

#[test]
fn an_account_that_cannot_take_it_loses_nothing() {
    build_and_execute(|| {
        // A bond so small that the cap is below the minimum balance.
        Bond::set(16 * (ED - 1) * 100 / 45 + 1);
        settle_with_one(7, 1);
        assert_eq!(Emission::pending_pay(&7, 0), ED - 1);
        assert_noop!(claim(7), TokenError::BelowMinimum);
        let credit = <Balances as frame_support::traits::fungible::Mutate<_>>::mint_into;
        assert_ok!(credit(&1_007, ED));
        Minted::mutate(|minted| *minted += ED);
        assert_ok!(claim(7));
        assert_eq!(earned(7), 2 * ED - 1);
    });
}

#[test]
fn pay_is_capped_by_the_bond_at_verification() {
    build_and_execute(|| {
        Bond::set(1_600 * NI);
        settle_with_one(7, 1);
        // What happens to the bond later changes nothing.
        Bond::set(0);
        assert_ok!(claim(7));
        // (50% − 10% of it) of 1600 NI, over 16 samples.
        assert_eq!(earned(7), 45 * NI);
        assert_eq!(pot(), ED + HALF - 45 * NI);
    });
}

#[test]
fn what_a_cap_cuts_off_waits_in_the_pot_and_is_recycled_when_its_round_expires() {
    build_and_execute(|| {
        Bond::set(1_600 * NI);
        settle_with_one(7, 1);
        assert_ok!(claim(7));
        let cut_off = HALF - 45 * NI;
        // It is nobody's: neither this miner's nor another's, for as long as any
        // result of the round can be claimed.
        for window in 2..=3 {
            settle(window);
            assert_eq!((pool(), pot()), (0, ED + cut_off));
            assert!(claim(7).is_err());
        }
        events();
        settle(4);
        assert!(events().contains(&Event::RoundExpired {
            window: 1,
            amount: cut_off
        }));
        assert_eq!((pool(), pot()), (cut_off, ED));
        // And pays a later round in place of what would be minted.
        Bond::set(1_000_000 * NI);
        settle_with_one(7, 5);
        let round = Emission::round(5).unwrap();
        assert_eq!((round.drawn, round.minted), (cut_off, 2 * HALF - cut_off));
    });
}

#[test]
fn a_confirmed_result_is_capped_by_its_chance_of_being_called() {
    build_and_execute(|| {
        Bond::set(1_600 * NI);
        let confirmed = crate::VerifiedResult {
            confirmed: true,
            ..revealed(7, 1, 19_000)
        };
        Emission::note_result(&confirmed);
        Parameters::mutate(|parameters| parameters.reference_weight = 1);
        settle(1);
        assert_ok!(claim(7));
        assert_eq!(
            earned(7),
            4_500_000_000,
            "a tenth: 100 of 1000 commits are called"
        );
    });
}

#[test]
fn the_owner_at_verification_is_paid() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        OwnersFrom::set(None);
        assert_ok!(claim(7));
        assert_eq!(earned(7), HALF - 1);
    });
}

#[test]
fn an_expired_result_is_removed_unpaid() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        settle(2);
        settle(3);
        assert!(
            Emission::pending_pay(&7, 0) > 0,
            "the last window in which it can be paid"
        );
        settle(4);
        assert_eq!(pool(), HALF, "it went back to the pool");
        events();
        assert_eq!(Emission::pending_pay(&7, 0), 0);
        assert_ok!(claim(7));
        assert_eq!(
            events(),
            [Event::Forfeited {
                hotkey: 7,
                gpu: 0,
                window: 1
            }]
        );
        assert_eq!(earned(7), 0);
        assert!(!Results::<Test>::contains_key(7, 0));
    });
}

#[test]
fn a_retired_tier_is_paid_nothing_and_counts_for_nothing() {
    let mut alone = 0;
    build_and_execute(|| {
        System::set_block_number(800 * u64::from(DAY));
        note(8, 1, 5_000);
        Parameters::mutate(|parameters| {
            parameters.reference_weight = 1;
            parameters.stakers_share = Perbill::zero();
        });
        settle(1);
        alone = Emission::round(1).unwrap().credited;
    });
    build_and_execute(|| {
        // The lowest row fades below a tenth before the others.
        System::set_block_number(800 * u64::from(DAY));
        note(7, 1, 1_000);
        note(8, 1, 5_000);
        Parameters::mutate(|parameters| {
            parameters.reference_weight = 1;
            parameters.stakers_share = Perbill::zero();
        });
        settle(1);
        events();
        assert_ok!(claim(7));
        assert_eq!(
            events(),
            [Event::Paid {
                hotkey: 7,
                gpu: 0,
                owner: 1_007,
                window: 1,
                amount: 0
            }]
        );
        assert_ok!(claim(8));
        let round = Emission::round(1).unwrap();
        assert_eq!(round.credited, alone, "as if the retired were not there");
        assert_eq!(round.reference, 5_000 * MOPS);
        assert!(earned(8) + 1 >= alone && alone < 61 * NI, "0.998^800 of it");
    });
}
