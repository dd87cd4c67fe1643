// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What an auditor finds of a GPU in a window, and how.

#![allow(
    clippy::cast_possible_truncation,
    reason = "the codec's derive casts the variants' indices, which are few"
)]

use std::fmt::{self, Display};

use codec::{Decode, Encode};
use proof_of_gpu_primitives::{
    Hash,
    prover::{CpuEngine, RoundEngine},
};
use thiserror::Error;

use super::{
    committed::Gpu,
    recompute::{Contradiction, OpenedRound, opened_rounds},
    reveal::Revealed,
};

/// Most contradictions that are kept of one reveal. One is enough; there can be a
/// thousand.
pub const MOST_CONTRADICTIONS: usize = 64;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Finding {
    /// The chain accepted the reveal, and so does all that was computed again.
    Honest,
    /// The chain accepted the reveal, and it is wrong elsewhere.
    Dishonest(Vec<Contradiction>),
    /// The chain refused the reveal, rightly.
    Refused(String),
    /// Chain and verifier disagree about the reveal: one of them is at fault.
    Disputed(String),
    /// It was called and did not reveal.
    Missed,
    /// It was not looked at, and why.
    Skipped(String),
}

impl Finding {
    /// Its name in exports, logs and metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Dishonest(_) => "dishonest",
            Self::Refused(_) => "refused",
            Self::Disputed(_) => "disputed",
            Self::Missed => "missed",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Whether somebody has to be told at once.
    pub const fn is_alarming(&self) -> bool {
        matches!(self, Self::Dishonest(_) | Self::Disputed(_))
    }
}

/// What was found of one GPU in one window.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Verdict {
    /// The window.
    pub window: u32,
    /// The miner's hotkey.
    pub account: Hash,
    /// Its GPU.
    pub gpu: u32,
    /// The block of the reveal; of the window's end where there was none.
    pub block: u64,
    /// Rounds that it claims.
    pub rounds: u32,
    /// Rounds of which the reveal opens something.
    pub opened_rounds: u32,
    /// Opened tiles that were computed again, all 64 sub-tiles of each.
    pub checked_tiles: u32,
    /// Opened rounds that were computed again, all tiles of each.
    pub recomputed_rounds: u32,
    /// What was found.
    pub finding: Finding,
}

impl Verdict {
    /// The verdict on a commit that was called and never revealed, found at a block.
    pub fn missed(gpu: &Gpu, block: u64) -> Self {
        let Gpu {
            window,
            account,
            gpu,
        } = *gpu;
        let of = Revealed {
            window,
            account,
            gpu,
            block,
            ..Revealed::default()
        };
        Self::without_work(&of, Finding::Missed)
    }

    /// A verdict on what was not computed again.
    pub fn without_work(revealed: &Revealed, finding: Finding) -> Self {
        Self {
            window: revealed.window,
            account: revealed.account,
            gpu: revealed.gpu,
            block: revealed.block,
            rounds: revealed.rounds,
            opened_rounds: 0,
            checked_tiles: 0,
            recomputed_rounds: 0,
            finding,
        }
    }
}

/// Why there is no verdict.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JudgeError {
    /// The device could not compute.
    #[error("the device failed: {0}")]
    Device(String),
    /// The device computed something else than the CPU.
    #[error(
        "this device computes wrongly: it contradicts round {0}, which the CPU finds in order; \
         nobody is accused"
    )]
    Untrustworthy(u32),
    /// The system gives no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
}

/// Judges a reveal. All of its opened tiles are computed again on the CPU; of its opened
/// rounds at most `rounds`, whole, on the engine. Which, is drawn from the system's
/// randomness, so that nobody can know it beforehand.
///
/// What an engine contradicts is computed once more on the CPU before it becomes an
/// accusation, unless `exact` says that the engine is the CPU.
///
/// # Errors
/// Where the engine fails or is found wrong itself. The reveal is then still to be judged.
pub fn judge<E: RoundEngine>(
    revealed: &Revealed,
    engine: &mut E,
    exact: bool,
    rounds: usize,
) -> Result<Verdict, JudgeError>
where
    E::Error: Display,
{
    let finding = match (revealed.accepted, revealed.verify()) {
        (true, Ok(())) => None,
        (false, Err(reason)) => Some(Finding::Refused(reason.to_string())),
        (true, Err(reason)) => Some(Finding::Disputed(format!(
            "the chain accepted it, this verifier refuses it: {reason}"
        ))),
        (false, Ok(())) => Some(Finding::Disputed(
            "the chain refused it, this verifier accepts it".into(),
        )),
    };
    if let Some(finding) = finding {
        return Ok(Verdict::without_work(revealed, finding));
    }
    let bundle = revealed.bundle();
    let opened = opened_rounds(&bundle);
    let chosen = choose(rounds, opened.len())?;
    let mut found = Vec::new();
    let mut tiles = 0;
    for round in &opened {
        found.extend(round.check_tiles(&revealed.workload));
        tiles += round.tiles();
    }
    for place in &chosen {
        let round = &opened[*place];
        found.extend(check(round, engine, exact, revealed)?);
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST_CONTRADICTIONS);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Verdict {
        opened_rounds: count(opened.len()),
        checked_tiles: count(tiles),
        recomputed_rounds: count(chosen.len()),
        ..Verdict::without_work(
            revealed,
            if found.is_empty() {
                Finding::Honest
            } else {
                Finding::Dishonest(found)
            },
        )
    })
}

fn check<E: RoundEngine>(
    round: &OpenedRound<'_>,
    engine: &mut E,
    exact: bool,
    revealed: &Revealed,
) -> Result<Vec<Contradiction>, JudgeError>
where
    E::Error: Display,
{
    let workload = &revealed.workload;
    let found = round
        .check_round(engine, workload)
        .map_err(JudgeError::Device)?;
    if exact || found.is_empty() {
        return Ok(found);
    }
    let by_cpu = round
        .check_round(&mut CpuEngine::new(), workload)
        .map_err(JudgeError::Device)?;
    if by_cpu.is_empty() {
        return Err(JudgeError::Untrustworthy(round.round));
    }
    Ok(by_cpu)
}

/// At most `wanted` different numbers below `of`, from the system's randomness.
fn choose(wanted: usize, of: usize) -> Result<Vec<usize>, JudgeError> {
    let mut left: Vec<_> = (0..of).collect();
    let mut chosen = Vec::new();
    while chosen.len() < wanted && !left.is_empty() {
        let place = below(left.len()).map_err(|error| JudgeError::Randomness(error.to_string()))?;
        chosen.push(left.swap_remove(place));
    }
    Ok(chosen)
}

/// A number below `bound`, which is not zero, from the system's randomness. Off uniform
/// by less than one part in 2³² for bounds below that.
pub(super) fn below(bound: usize) -> Result<usize, getrandom::Error> {
    let scaled = (u128::from(getrandom::u64()?) * (bound as u128)) >> 64;
    Ok(usize::try_from(scaled).unwrap_or_default())
}

impl Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.finding.name())?;
        match &self.finding {
            Finding::Dishonest(found) => match found.first() {
                Some(first) => write!(f, ": {first}"),
                None => Ok(()),
            },
            Finding::Refused(reason) | Finding::Disputed(reason) | Finding::Skipped(reason) => {
                write!(f, ": {reason}")
            }
            Finding::Honest | Finding::Missed => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proof_of_gpu_primitives::{Workload, prover::Folds};

    use super::*;
    use crate::audit::fabricated::{self, Lie};

    fn verdict(revealed: &Revealed, rounds: usize) -> Verdict {
        judge(revealed, &mut CpuEngine::new(), true, rounds).expect("the CPU does not fail")
    }

    #[test]
    fn honest_is_honest_whatever_the_effort() {
        let revealed = fabricated::revealed(Lie::None);
        for rounds in [0, 1, 100] {
            let verdict = verdict(&revealed, rounds);
            assert_eq!(verdict.finding, Finding::Honest);
            assert_eq!(verdict.checked_tiles, 8);
            let expected = rounds.min(verdict.opened_rounds as usize);
            assert_eq!(verdict.recomputed_rounds as usize, expected);
        }
    }

    #[test]
    fn a_wrong_sub_tile_is_found_without_any_whole_round() {
        let verdict = verdict(&fabricated::revealed(Lie::SubTile), 0);
        let Finding::Dishonest(found) = verdict.finding else {
            panic!("{verdict}");
        };
        assert!(matches!(found[0], Contradiction::SubTile { .. }));
    }

    #[test]
    fn a_wrong_tile_beside_the_opened_ones_is_found_by_the_whole_round() {
        let revealed = fabricated::revealed(Lie::Tile);
        assert_eq!(verdict(&revealed, 0).finding, Finding::Honest);
        let Finding::Dishonest(found) = verdict(&revealed, 1).finding else {
            panic!("it was not found");
        };
        assert!(matches!(found[0], Contradiction::Tiles { .. }));
    }

    #[test]
    fn chain_and_verifier_agree_or_it_is_told() {
        let honest = fabricated::revealed(Lie::None);
        let mut refused = honest.clone();
        refused.openings[0].folds[0] ^= 1;
        let mut wrongly_accepted = refused.clone();
        refused.accepted = false;
        wrongly_accepted.accepted = true;
        let mut wrongly_refused = honest;
        wrongly_refused.accepted = false;
        assert!(matches!(verdict(&refused, 1).finding, Finding::Refused(_)));
        for disputed in [wrongly_accepted, wrongly_refused] {
            let finding = verdict(&disputed, 1).finding;
            assert!(matches!(finding, Finding::Disputed(_)));
            assert!(finding.is_alarming());
        }
    }

    /// Computes every other entry of a round wrongly.
    struct Faulty;

    impl RoundEngine for Faulty {
        type Error = String;

        fn round_leaves(
            &mut self,
            _: &Hash,
            _: u32,
            workload: &Workload,
        ) -> Result<Vec<Folds>, String> {
            Ok(vec![[1; 64]; workload.tiles() as usize])
        }
    }

    /// Does not compute.
    struct Broken;

    impl RoundEngine for Broken {
        type Error = String;

        fn round_leaves(&mut self, _: &Hash, _: u32, _: &Workload) -> Result<Vec<Folds>, String> {
            Err("it is gone".into())
        }
    }

    #[test]
    fn a_faulty_device_accuses_nobody() {
        let honest = fabricated::revealed(Lie::None);
        let error = judge(&honest, &mut Faulty, false, 1).expect_err("it is found out");
        assert!(matches!(error, JudgeError::Untrustworthy(_)), "{error}");
        let error = judge(&honest, &mut Broken, false, 1).expect_err("it is broken");
        assert_eq!(error, JudgeError::Device("it is gone".into()));
        // What is wrong is found even by a faulty one: the CPU has the last word.
        let verdict = judge(&fabricated::revealed(Lie::Tile), &mut Faulty, false, 1);
        assert!(matches!(
            verdict.expect("the CPU decides").finding,
            Finding::Dishonest(_)
        ));
    }

    #[test]
    fn the_choice_is_of_different_rounds_and_differs() {
        let mut seen = BTreeSet::new();
        for _ in 0..64 {
            let chosen = choose(3, 16).expect("randomness");
            let different: BTreeSet<_> = chosen.iter().copied().collect();
            assert_eq!(different.len(), 3);
            assert!(different.iter().all(|number| *number < 16));
            seen.insert(chosen);
        }
        // Of 3360 ways, 64 times the same few: never, by a fair draw.
        assert!(seen.len() > 32, "{}", seen.len());
        assert_eq!(choose(9, 2).expect("randomness").len(), 2);
        assert_eq!(choose(2, 0), Ok(Vec::new()));
    }
}
