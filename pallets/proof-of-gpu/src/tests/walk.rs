// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Windows that ask for a memory walk before the product, and those that do not.

use core::convert::Infallible;

use frame_support::{
    assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::UnfilteredDispatchable,
};
use proof_of_gpu_primitives::{
    Hash, Opening, SoftwareSha256, VerifyError,
    prover::{CpuEngine, Folds, Proof, prove},
    walk::{
        Entry, WalkError, WalkParameters, entry, joined_challenge,
        prover::{BatchEngine, WalkProof, open_walk, prove_walk},
        walk, walk_challenge,
    },
};

use super::{draw_lots, hollow, hollow_walk};
use crate::{
    Call, Error, Event, GpuClaim, Gpus, Pallet, ParametersError, Reason, Score, VerifiedResult,
    WalkCommit, WalkRules, WindowParameters,
    mock::{claim as claim_of, *},
};

/// Ten rounds in the five milliseconds of a window are a MOPS.
const ROUNDS: u32 = 16;

/// Forty batches of 64 lanes of 16 hops in the same time are a GB/s.
const BATCHES: u32 = 64;

/// Two pages of a GiB each.
const PAGES: u32 = 2;

/// What a prover does instead of walking as it should.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lie {
    None,
    /// Takes entries that are not computed right.
    WrongEntry,
    /// Reads the entry beside the one it should.
    WrongIndex,
    /// Has filled half of what it claims.
    Shortened,
    /// Walks through the fill of another challenge.
    AnotherFill,
}

/// Walks without memory: entries are computed as they are read.
struct Walker {
    challenge: Hash,
    parameters: WalkParameters,
    lie: Lie,
}

impl Walker {
    fn read(&self, number: u32) -> Entry {
        let Self {
            challenge,
            parameters,
            lie,
        } = self;
        let right = |challenge: &Hash, number| entry(challenge, number, parameters.rounds);
        match lie {
            Lie::None => right(challenge, number),
            Lie::WrongEntry => {
                let mut wrong = right(challenge, number);
                wrong[31] ^= 1;
                wrong
            }
            Lie::WrongIndex => right(challenge, number ^ 1),
            Lie::Shortened => right(challenge, number % parameters.page_entries()),
            Lie::AnotherFill => right(&[9; 32], number),
        }
    }
}

impl BatchEngine for Walker {
    type Error = Infallible;

    fn walk_challenge(&self) -> Hash {
        self.challenge
    }

    fn parameters(&self) -> WalkParameters {
        self.parameters
    }

    fn batch(&mut self, key: &Hash, _: u32) -> Result<Vec<Folds>, Infallible> {
        let lanes: Vec<u32> = (0..self.parameters.lanes)
            .map(|lane| walk(key, lane, &self.parameters, |number| self.read(number)))
            .collect();
        Ok(lanes.as_chunks().0.to_vec())
    }
}

/// A walk and the product after it, by a GPU that lies or does not.
struct Both {
    gpu: u32,
    walker: Walker,
    walk: WalkProof,
    product: Proof,
}

impl Both {
    fn new(hotkey: &AccountId, gpu: u32, lie: Lie) -> Self {
        let window = window();
        let rules = window.parameters.walk.expect("the window asks for a walk");
        let challenge = Pallet::<Test>::challenge(hotkey, gpu, &window);
        let parameters = rules.parameters(PAGES);
        let mut walker = Walker {
            challenge: walk_challenge::<SoftwareSha256>(&challenge, &parameters),
            parameters,
            lie,
        };
        let walk = prove_walk(&mut walker, challenge, BATCHES, &mut |_| ()).expect("a valid size");
        let joined = joined_challenge::<SoftwareSha256>(&challenge, &walk.claim().root);
        let product = product(joined);
        Self {
            gpu,
            walker,
            walk,
            product,
        }
    }

    fn claim(&self) -> GpuClaim {
        let claim = self.walk.claim();
        GpuClaim {
            walk: Some(WalkCommit {
                pages: claim.parameters.pages,
                batches: claim.batches,
                root: claim.root,
            }),
            ..claim_of(self.gpu, &self.product)
        }
    }

    fn walk_openings(&mut self) -> Vec<Opening> {
        let samples = window().parameters.walk.map_or(1, |walk| walk.samples);
        open_walk(&mut self.walker, &self.walk, &sampling_beacon(), samples).expect("it opens")
    }

    fn call(&mut self) -> Call<Test> {
        let (peaks, openings) = (self.walk.peaks().to_vec(), self.walk_openings());
        with_walk(reveal_call(self.gpu, &self.product), peaks, openings)
    }
}

fn product(challenge: Hash) -> Proof {
    let workload = window().parameters.workload;
    prove(
        &mut CpuEngine::new(),
        challenge,
        &workload,
        ROUNDS,
        &mut |_| (),
    )
    .expect("a valid shape")
}

/// A reveal that shows this of a walk.
fn with_walk(call: Call<Test>, peaks: Vec<Hash>, openings: Vec<Opening>) -> Call<Test> {
    let mut changed = call;
    if let Call::reveal {
        walk_peaks,
        walk_openings,
        ..
    } = &mut changed
    {
        *walk_peaks = peaks.try_into().expect("few enough peaks");
        *walk_openings = openings.try_into().expect("few enough openings");
    }
    changed
}

fn dispatch(hotkey: &AccountId, call: Call<Test>) {
    assert_ok!(call.dispatch_bypass_filter(RuntimeOrigin::signed(hotkey.clone())));
}

/// Has the windows to come ask for a walk.
fn ask(rules: WalkRules) {
    Parameters::mutate(|parameters| parameters.walk = Some(rules));
}

/// Commits Alice's GPU 0 to a walk and a product and goes on to the reveal phase.
fn committed(lie: Lie) -> Both {
    ask(RULES);
    run_to(OPENS);
    let both = Both::new(&ALICE, 0, lie);
    assert_ok!(commit_claims(&ALICE, vec![both.claim()]));
    run_to(REVEALS);
    both
}

/// Expects Alice's GPU 0 to be punished for this reveal.
fn punished(call: Call<Test>, reason: Reason) {
    events();
    dispatch(&ALICE, call.clone());
    assert_eq!(
        events(),
        vec![Event::Refused {
            hotkey: ALICE,
            gpu: 0,
            window: 0,
            reason,
            slashed: BOND / 2
        }]
    );
    assert!(resolved(&ALICE, 0));
    assert_eq!(bond(&ALICE, 0), BOND / 2);
    assert_eq!(last_score(&ALICE, 0), None);
    assert_eq!(Verified::get(), vec![]);
    assert_noop!(
        call.dispatch_bypass_filter(RuntimeOrigin::signed(ALICE)),
        Error::<Test>::AlreadyResolved
    );
}

/// Reveals an honest walk and product with the walk's part changed, to be punished.
fn changed(reason: WalkError, change: impl FnOnce(&mut Vec<Hash>, &mut Vec<Opening>)) {
    build_and_execute(|| {
        let mut both = committed(Lie::None);
        let (mut peaks, mut openings) = (both.walk.peaks().to_vec(), both.walk_openings());
        change(&mut peaks, &mut openings);
        let call = with_walk(reveal_call(0, &both.product), peaks, openings);
        punished(call, Reason::Walk(reason));
    });
}

/// Reveals the walk of a liar, every lane of which is wrong.
fn lied(lie: Lie) {
    build_and_execute(|| {
        let call = committed(lie).call();
        punished(call, Reason::Walk(WalkError::Mark { opening: 0 }));
    });
}

#[test]
fn an_honest_walk_and_product_are_credited_with_all_three() {
    build_and_execute(|| {
        let mut both = committed(Lie::None);
        events();
        dispatch(&ALICE, both.call());
        assert_eq!(
            events(),
            vec![Event::Verified {
                hotkey: ALICE,
                gpu: 0,
                window: 0,
                mops: 1_677,
                gib: 2,
                gbps: 1,
            }]
        );
        let score = Score {
            mops: 1_677,
            gib: 2,
            gbps: 1,
        };
        assert_eq!(last_score(&ALICE, 0), Some(score));
        assert_eq!(bond(&ALICE, 0), BOND);
        let VerifiedResult {
            mops, gib, gbps, ..
        } = Verified::get()[0];
        assert_eq!((mops, gib, gbps), (1_677, 2, 1));
    });
}

#[test]
fn a_window_that_asks_for_no_walk_takes_version_one() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_eq!(window().parameters.walk, None);
        let proof = proof(&ALICE, 0, ROUNDS);
        commit(&ALICE, 0, &proof);
        // Asked for from the next window on.
        ask(RULES);
        run_to(REVEALS);
        assert_ok!(reveal(&ALICE, 0, &proof));
        let score = Score {
            mops: 1_677,
            gib: 0,
            gbps: 0,
        };
        assert_eq!(last_score(&ALICE, 0), Some(score));

        // And the same proof is nothing where one is asked for.
        run_to(OPENS + PERIOD);
        assert_noop!(
            commit_claims(&ALICE, vec![claim_of(0, &proof)]),
            Error::<Test>::WalkMissing
        );
    });
}

#[test]
fn a_commit_keeps_what_it_says_of_the_walk() {
    build_and_execute(|| {
        ask(RULES);
        run_to(OPENS);
        let claims = vec![GpuClaim {
            walk: Some(hollow_walk()),
            ..hollow(0, 1)
        }];
        events();
        assert_ok!(commit_claims(&ALICE, claims));
        assert_eq!(
            events(),
            vec![Event::Committed {
                hotkey: ALICE,
                gpu: 0,
                window: 0,
                rounds: 1,
                walk: Some(hollow_walk()),
            }]
        );
        let commit = Gpus::<Test>::get(ALICE, 0).and_then(|state| state.commit);
        assert_eq!(commit.expect("committed").walk, Some(hollow_walk()));
    });
}

#[test]
fn a_commit_has_a_walk_if_and_only_if_one_is_asked_for() {
    build_and_execute(|| {
        let walked = GpuClaim {
            walk: Some(hollow_walk()),
            ..hollow(1, 1)
        };
        run_to(OPENS);
        // Of several claims one is enough.
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 1), walked]),
            Error::<Test>::WalkNotAsked
        );
        ask(RULES);
        run_to(OPENS + PERIOD);
        assert_noop!(
            commit_claims(&ALICE, vec![hollow(0, 1), walked]),
            Error::<Test>::WalkMissing
        );
        assert_ok!(commit_claims(&ALICE, vec![walked]));
    });
}

#[test]
fn a_commits_walk_is_of_a_size_and_of_batches_that_are_allowed() {
    build_and_execute(|| {
        // A batch reads 64 · 16 entries: half of what 16 entries, read 128 times, ask for.
        ask(WalkRules {
            page_bits: 4,
            passes: 2 * 64,
            ..RULES
        });
        run_to(OPENS);
        let with = |pages, batches| {
            let walk = WalkCommit {
                pages,
                batches,
                ..hollow_walk()
            };
            commit_claims(
                &ALICE,
                vec![GpuClaim {
                    walk: Some(walk),
                    ..hollow(0, 1)
                }],
            )
        };
        for (pages, batches) in [
            (0, BATCHES),
            (513, u32::MAX >> 1),
            (3, 0),
            (3, 1 << 31),
            // One below what three pages ask for.
            (3, 5),
        ] {
            assert_noop!(with(pages, batches), Error::<Test>::WalkOutOfRange);
        }
        assert_ok!(with(3, 6));
    });
}

#[test]
fn a_wrong_entry_is_slashed() {
    lied(Lie::WrongEntry);
}

#[test]
fn a_wrong_index_is_slashed() {
    lied(Lie::WrongIndex);
}

#[test]
fn a_shortened_fill_is_slashed() {
    lied(Lie::Shortened);
}

#[test]
fn a_walk_through_another_fill_is_slashed() {
    lied(Lie::AnotherFill);
}

#[test]
fn the_walk_of_another_gpu_is_slashed() {
    build_and_execute(|| {
        ask(RULES);
        run_to(OPENS);
        // Honest, of GPU 1, and committed to by GPU 0.
        let mut both = Both::new(&ALICE, 1, Lie::None);
        both.gpu = 0;
        assert_ok!(commit_claims(&ALICE, vec![both.claim()]));
        run_to(REVEALS);
        let root = WalkError::Commitment(VerifyError::Root);
        punished(both.call(), Reason::Walk(root));
    });
}

#[test]
fn a_larger_size_than_was_walked_is_slashed() {
    build_and_execute(|| {
        ask(RULES);
        run_to(OPENS);
        let mut both = Both::new(&ALICE, 0, Lie::None);
        let mut claim = both.claim();
        if let Some(walk) = &mut claim.walk {
            walk.pages += 1;
        }
        assert_ok!(commit_claims(&ALICE, vec![claim]));
        run_to(REVEALS);
        let root = WalkError::Commitment(VerifyError::Root);
        punished(both.call(), Reason::Walk(root));
    });
}

/// What is missing or too much makes another size of it, and is refused before the pool.
#[test]
fn a_walk_of_another_size_is_refused_and_not_punished() {
    build_and_execute(|| {
        let mut both = committed(Lie::None);
        let (peaks, openings) = (both.walk.peaks().to_vec(), both.walk_openings());
        let mut spare = openings.clone();
        spare.push(openings[0].clone());
        let few = openings[1..].to_vec();
        let mut many = peaks.clone();
        many.push([0; 32]);
        for (peaks, openings) in [
            (vec![], vec![]),
            (peaks.clone(), few),
            (peaks.clone(), spare),
            (many, openings),
        ] {
            let call = with_walk(reveal_call(0, &both.product), peaks, openings);
            assert_noop!(
                call.dispatch_bypass_filter(RuntimeOrigin::signed(ALICE)),
                Error::<Test>::WrongSize
            );
        }
        dispatch(&ALICE, both.call());
        assert!(last_score(&ALICE, 0).is_some());
    });
}

#[test]
fn altered_marks_and_peaks_are_slashed() {
    let peak = WalkError::Commitment(VerifyError::Peak { opening: 2 });
    changed(peak, |_, openings| openings[2].folds[5] ^= 1);
    let root = WalkError::Commitment(VerifyError::Root);
    changed(root, |peaks, _| peaks[0][0] ^= 1);
}

/// An honest walk, and a product whose challenge is another than what follows from it.
fn unjoined(challenge: impl FnOnce(&Both, Hash) -> Hash) {
    build_and_execute(|| {
        ask(RULES);
        run_to(OPENS);
        let mut both = Both::new(&ALICE, 0, Lie::None);
        let own = Pallet::<Test>::challenge(&ALICE, 0, &window());
        both.product = product(challenge(&both, own));
        assert_ok!(commit_claims(&ALICE, vec![both.claim()]));
        run_to(REVEALS);
        punished(both.call(), Reason::Product(VerifyError::Root));
    });
}

#[test]
fn a_product_that_did_not_wait_for_the_walk_is_slashed() {
    unjoined(|_, own| own);
}

#[test]
fn a_product_after_another_walk_is_slashed() {
    unjoined(|_, own| joined_challenge::<SoftwareSha256>(&own, &[7; 32]));
}

#[test]
fn a_wrong_product_after_an_honest_walk_is_slashed() {
    build_and_execute(|| {
        let mut both = committed(Lie::None);
        let mut call = both.call();
        if let Call::reveal { openings, .. } = &mut call {
            openings.iter_mut().for_each(|one| one.folds[0] ^= 1);
        }
        let reason = Reason::Product(VerifyError::Peak { opening: 0 });
        punished(call, reason);
    });
}

#[test]
fn a_walk_that_was_not_asked_for_is_refused_and_not_punished() {
    build_and_execute(|| {
        run_to(OPENS);
        let proof = proof(&ALICE, 0, ROUNDS);
        commit(&ALICE, 0, &proof);
        run_to(REVEALS);
        let spare = openings(&proof)[..1].to_vec();
        for (peaks, openings) in [(vec![[0; 32]], vec![]), (vec![], spare)] {
            let call = with_walk(reveal_call(0, &proof), peaks, openings);
            assert_noop!(
                call.dispatch_bypass_filter(RuntimeOrigin::signed(ALICE)),
                Error::<Test>::WalkNotAsked
            );
        }
        assert_ok!(reveal(&ALICE, 0, &proof));
        assert_eq!(bond(&ALICE, 0), BOND);
    });
}

#[test]
fn who_is_not_called_is_credited_with_the_lower_of_each() {
    build_and_execute(|| {
        ask(RULES);
        let (_, [gpu, _]) = draw_lots_walked();
        Gpus::<Test>::mutate(ALICE, gpu, |state| {
            state.as_mut().expect("committed").last_verified = Some(Score {
                mops: 9_000,
                gib: 1,
                gbps: 9,
            });
        });
        events();
        assert_ok!(ProofOfGpu::confirm(
            RuntimeOrigin::signed(ALICE),
            0,
            vec![gpu].try_into().expect("one GPU"),
        ));
        assert_eq!(
            events(),
            vec![Event::Confirmed {
                hotkey: ALICE,
                gpu,
                window: 0,
                mops: 1_677,
                gib: 1,
                gbps: 1,
            }]
        );
        let result = &Verified::get()[0];
        assert_eq!((result.mops, result.gib, result.gbps), (1_677, 1, 1));
    });
}

/// As [`draw_lots`], with walks.
fn draw_lots_walked() -> (u32, [u32; 2]) {
    Parameters::mutate(|parameters| parameters.capacity = 3);
    run_to(OPENS);
    for hotkey in [ALICE, BOB] {
        let claims = (0..GPUS).map(|gpu| GpuClaim {
            walk: Some(hollow_walk()),
            ..hollow(gpu, ROUNDS)
        });
        assert_ok!(commit_claims(&hotkey, claims.collect()));
    }
    run_to(REVEALS);
    let (yes, no): (Vec<u32>, Vec<u32>) = (0..GPUS).partition(|gpu| super::called(&ALICE, *gpu));
    (yes[0], [no[0], no[1]])
}

#[test]
fn confirmed_without_a_walk_there_is_no_memory() {
    build_and_execute(|| {
        let (_, [gpu, _]) = draw_lots(ROUNDS);
        Gpus::<Test>::mutate(ALICE, gpu, |state| {
            state.as_mut().expect("committed").last_verified = Some(Score {
                mops: 9,
                gib: 9,
                gbps: 9,
            });
        });
        assert_ok!(ProofOfGpu::confirm(
            RuntimeOrigin::signed(ALICE),
            0,
            vec![gpu].try_into().expect("one GPU"),
        ));
        let result = &Verified::get()[0];
        assert_eq!((result.gib, result.gbps), (0, 0));
    });
}

#[test]
fn rules_are_the_protocols_and_open_something() {
    let with = |change: fn(&mut WalkRules)| {
        let mut rules = RULES;
        change(&mut rules);
        WindowParameters {
            walk: Some(rules),
            ..parameters()
        }
        .validate()
    };
    let refused = |error| Err(ParametersError::Walk(error));
    assert_eq!(with(|_| ()), Ok(()));
    assert_eq!(with(|r| r.page_bits = 24), refused(WalkError::PageBits));
    assert_eq!(with(|r| r.rounds = 7), refused(WalkError::Rounds));
    assert_eq!(with(|r| r.lanes = 96), refused(WalkError::Lanes));
    assert_eq!(with(|r| r.hops = 65), refused(WalkError::Hops));
    assert_eq!(with(|r| r.passes = 1_025), refused(WalkError::Passes));
    assert_eq!(with(|r| r.samples = 0), Err(ParametersError::NoSamples));
}

#[test]
fn a_window_that_asks_for_more_lanes_than_a_reveal_holds_does_not_open() {
    build_and_execute(|| {
        ask(WalkRules {
            samples: 5,
            ..RULES
        });
        run_to(OPENS);
        assert!(crate::CurrentWindow::<Test>::get().is_none());
        ask(WalkRules {
            samples: 4,
            ..RULES
        });
        next_block();
        assert_eq!(window().parameters.walk.map(|walk| walk.samples), Some(4));
    });
}

#[test]
fn rules_changed_in_mid_window_do_not_touch_it() {
    build_and_execute(|| {
        ask(RULES);
        run_to(OPENS);
        let mut both = Both::new(&ALICE, 0, Lie::None);
        ask(WalkRules {
            rounds: 16,
            samples: 1,
            ..RULES
        });
        assert_ok!(commit_claims(&ALICE, vec![both.claim()]));
        Parameters::mutate(|parameters| parameters.walk = None);
        run_to(REVEALS);
        dispatch(&ALICE, both.call());
        assert_eq!(last_score(&ALICE, 0).map(|score| score.gib), Some(2));
    });
}

#[test]
fn gives_back_what_shorter_lanes_save() {
    build_and_execute(|| {
        let mut both = committed(Lie::None);
        let call = both.call();
        let declared = call.get_dispatch_info().call_weight;
        let post = call.dispatch_bypass_filter(RuntimeOrigin::signed(ALICE));
        let actual = post.expect("in order").actual_weight.expect("it says");
        let lane = <() as crate::WeightInfo>::reveal_lane;
        let columns = <() as crate::WeightInfo>::reveal_columns(64)
            - <() as crate::WeightInfo>::reveal_columns(1);
        // Lanes of 16 hops over entries of 8 rounds: 204 rounds, and so one block of them.
        assert_eq!(RULES.lane_rounds(), 204);
        assert_eq!(declared - actual, (lane(65) - lane(1)) * 3 + columns * 4);
    });
}

#[test]
fn more_and_longer_walk_openings_weigh_more() {
    build_and_execute(|| {
        let mut both = committed(Lie::None);
        let three = both.walk_openings();
        let weight = |openings: Vec<Opening>| {
            let call = with_walk(reveal_call(0, &both.product), vec![], openings);
            call.get_dispatch_info().call_weight.ref_time()
        };
        let mut four = three.clone();
        four.push(three[0].clone());
        let mut longer = three.clone();
        longer[0].tile_path = vec![[0; 32]; 16].try_into().expect("short enough");
        assert!(weight(vec![]) < weight(three.clone()));
        assert!(weight(four) > weight(three.clone()));
        assert!(weight(longer) > weight(three));
    });
}

#[test]
fn a_reveal_phase_holds_fewer_reveals_with_walks() {
    new_test_ext().execute_with(|| {
        MaxProofCalls::set(u32::MAX);
        let held = |walk, rounds| {
            let parameters = WindowParameters {
                walk,
                ..parameters()
            };
            ProofOfGpu::reveals_held(&parameters, rounds)
        };
        let samples = |samples| Some(WalkRules { samples, ..RULES });
        let none = held(None, 1_000);
        let one = held(samples(1), 1_000);
        let two = held(samples(2), 1_000);
        assert!(none > one && one > two && two > 0, "{none} {one} {two}");
        // Where their length is what bounds them too.
        MaxProofWeight::set(frame_support::weights::Weight::MAX);
        let none = held(None, 1_000);
        let one = held(samples(1), 1_000);
        let deep = held(samples(1), u32::MAX);
        assert!(none > one && one > deep && deep > 0, "{none} {one} {deep}");
    });
}
