// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The least stake since a block, against a list of what was staked when.

use crate::{Balance, Staker, Stakers, mock::*};
use frame_support::assert_ok;
use proptest::prelude::*;

#[test]
fn stake_counts_from_the_block_after_and_while_it_stays() {
    build_and_execute(|| {
        forward(9);
        stake(ALICE, VAL_A, 500);
        assert_eq!(
            Delegation::voting_stake(&ALICE, 10),
            0,
            "in block 10 there was none"
        );
        assert_eq!(Delegation::voting_stake(&ALICE, 11), 500);
        forward(10);
        stake(ALICE, VAL_B, 200);
        assert_eq!(Delegation::voting_stake(&ALICE, 20), 500);
        assert_eq!(Delegation::voting_stake(&ALICE, 21), 700);
        forward(10);
        unstake(ALICE, VAL_A, 300);
        for (since, least) in [(10, 0), (11, 400), (20, 400), (21, 400), (31, 400)] {
            assert_eq!(
                Delegation::voting_stake(&ALICE, since),
                least,
                "since {since}"
            );
        }
        unstake(ALICE, VAL_A, 200);
        unstake(ALICE, VAL_B, 200);
        assert_eq!(
            Delegation::voting_stake(&ALICE, 100),
            0,
            "unbonding has no vote"
        );
        assert_eq!(Delegation::voting_stake(&BOB, 100), 0);
    });
}

#[test]
fn moving_stake_within_a_block_adds_none() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 500);
        forward(10);
        unstake(ALICE, VAL_A, 400);
        stake(ALICE, VAL_A, 400);
        assert_eq!(Delegation::voting_stake(&ALICE, 2), 100);
        assert_eq!(Delegation::voting_stake(&ALICE, 11), 100);
        assert_eq!(Delegation::voting_stake(&ALICE, 12), 500);
    });
}

#[test]
fn a_slash_reduces_the_vote() {
    build_and_execute(|| {
        assert_eq!(Delegation::voting_stake(&OWNER_A, 1), 1_000);
        Delegation::slash(&VAL_A, 0, sp_runtime::Perbill::from_percent(50));
        assert_eq!(Delegation::voting_stake(&OWNER_A, 1), 500);
    });
}

#[test]
fn with_more_changes_than_are_kept_the_answer_is_too_little_never_too_much() {
    build_and_execute(|| {
        for _ in 0..5 {
            forward(10);
            stake(ALICE, VAL_A, 100);
        }
        // Since blocks 12, 22, 32, 42 and 52 there were 100 to 500.
        assert_eq!(Stakers::<Test>::get(ALICE).checkpoints.len(), 3);
        assert_eq!(Delegation::voting_stake(&ALICE, 12), 100);
        assert_eq!(Delegation::voting_stake(&ALICE, 32), 100, "given up");
        assert_eq!(Delegation::voting_stake(&ALICE, 42), 400);
        assert_eq!(Delegation::voting_stake(&ALICE, 52), 500);
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The model keeps every stake of every moment; the checkpoints hold three. No
    /// answer is above the model's, and while three suffice all are the model's.
    #[test]
    fn never_above_the_model(
        changes in prop::collection::vec((0u64..3, 0u128..6), 1..30),
        room in any::<bool>(),
    ) {
        let mut staker = Staker::<Test>::default();
        let mut moments: Vec<(u64, Balance)> = vec![(0, 0)];
        let mut now = 1;
        let mut merged = false;
        for (blocks, stake) in changes {
            now += blocks;
            let full = staker.checkpoints.is_full();
            let last = staker.checkpoints.last().copied();
            let rises = last.is_none_or(|last| stake > last.stake && last.since != now + 1);
            if room && full && rises {
                continue;
            }
            merged |= full && rises;
            assert_ok!(staker.note_stake(stake, now));
            moments.push((now, stake));
            for since in 0..=now + 1 {
                // What was staked in the block of a change, before it, counts too.
                let held = moments.iter().rev().find(|(at, _)| *at < since).map(|(_, stake)| *stake);
                let model = moments
                    .iter()
                    .filter(|(at, _)| *at >= since)
                    .map(|(_, stake)| *stake)
                    .chain(held)
                    .min()
                    .unwrap_or(0);
                let answer = staker.voting_stake(since);
                prop_assert!(answer <= model, "since {}: {} above {}", since, answer, model);
                prop_assert!(merged || answer == model, "since {}: {} not {}", since, answer, model);
            }
        }
    }
}
