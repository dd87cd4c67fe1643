// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The page.

use crate::{
    arena::{BOUNTY, Verdict},
    authors::{HeadStarts, Part, censored, censored_reveal},
    findings::{Authors, Skippers, Tricks},
    orphans::Orphans,
    skipping::{Fate, Kind, Outcome, ni},
    theory::{Stakes, deviation},
};
use ni_runtime::{NI, settings::defaults};
use pallet_proof_of_gpu::Reason;
use std::fmt::{Result, Write};

/// Writes the page.
///
/// # Errors
///
/// None: a string takes everything.
pub fn page(
    skippers: &Skippers,
    tricks: &Tricks,
    authors: &Authors,
    made: &str,
) -> std::result::Result<String, std::fmt::Error> {
    let mut page = String::new();
    head(&mut page, skippers, made)?;
    detection(&mut page, skippers)?;
    profit(&mut page, skippers)?;
    gains(&mut page, skippers, tricks, authors)?;
    miners(&mut page, tricks)?;
    block_authors(&mut page, authors)?;
    weaknesses(&mut page, skippers, tricks)?;
    elsewhere(&mut page)?;
    Ok(page)
}

fn percent(part: f64) -> String {
    let percent = 100.0 * part;
    if percent.abs() < 0.1 && percent != 0.0 {
        format!("{percent:.3}%")
    } else if percent.abs() < 1.0 && percent != 0.0 {
        format!("{percent:.2}%")
    } else if percent.fract().abs() < 1e-9 {
        format!("{percent:.0}%")
    } else {
        format!("{percent:.1}%")
    }
}

fn head(page: &mut String, skippers: &Skippers, made: &str) -> Result {
    let windows = skippers.sub_tiles.first().map_or(0, |one| one.run.windows);
    write!(
        page,
        "# Adversaries\n\n\
         Dishonest miners and block authors, how often they are caught, and what they gain. Made by `make adversaries` on \
         {made}; by hand nothing here is written. Everything is played on the assembled runtime in memory, with its own blocks, \
         windows, accumulated randomness, bonds and pay, and proofs that are really made, on the CPU, of the smallest shapes; what \
         authors play for is drawn by the pallet's own accumulator. `cargo test -p adversaries` plays the same with fewer windows \
         and asserts it, and a few against the real node and worker.\n\n\
         Seeds are fixed: another run gives the same figures. Amounts are in parts of what an honest GPU is paid for the same \
         claim in the same windows.\n\n\
         ## Skipped work\n\n\
         {windows} windows for each number of samples q. In each an honest GPU and one liar for each share φ claim 25 rounds of \
         64×64×64, which have 1,600 sub-tiles of 8×8 entries. The liar makes up the folds of a random choice of φ · 1,600 of them, \
         among neighbours that are right; the chain draws the samples and verifies the reveals. z is how many standard \
         deviations of the binomial a count is off 1 − (1 − φ)^q; the tests take up to 4.\n\n\
         ![caught against theory](caught.svg)\n\n"
    )
}

fn detection(page: &mut String, skippers: &Skippers) -> Result {
    page.push_str("| φ | q | caught | theory | z |\n|---|---|---|---|---|\n");
    for outcome in &skippers.sub_tiles {
        for fate in &outcome.fates {
            caught(page, outcome, fate)?;
        }
    }
    page.push_str(
        "\nIt does not matter what is skipped: with four samples, of 100 rounds of one tile whole rounds, which are never \
         computed, and of 25 rounds of four tiles (128×128×64) whole tiles:\n\n\
         | φ | unit | caught | theory | z |\n|---|---|---|---|---|\n",
    );
    for outcome in &skippers.larger {
        for fate in outcome.fates.iter().filter(|fate| fate.kind == Kind::Bold) {
            let chance = outcome.chance(fate);
            let measured = f64::from(fate.caught) / f64::from(outcome.run.windows);
            writeln!(
                page,
                "| {} | {:?} | {} of {} ({}) | {} | {} |",
                percent(fate.fraction()),
                outcome.run.unit,
                fate.caught,
                outcome.run.windows,
                percent(measured),
                percent(chance),
                z(fate.caught, outcome.run.windows, chance),
            )?;
        }
    }
    page.push('\n');
    Ok(())
}

fn z(caught: u32, windows: u32, chance: f64) -> String {
    deviation(caught, windows, chance).map_or("impossible".into(), |z| format!("{z:+.1}"))
}

fn caught(page: &mut String, outcome: &Outcome, fate: &Fate) -> Result {
    if fate.kind == Kind::Silent {
        return Ok(());
    }
    let chance = outcome.chance(fate);
    let measured = f64::from(fate.caught) / f64::from(outcome.run.windows);
    writeln!(
        page,
        "| {} | {} | {} of {} ({}) | {} | {} |",
        percent(fate.fraction()),
        outcome.run.samples,
        fate.caught,
        outcome.run.windows,
        percent(measured),
        percent(chance),
        z(fate.caught, outcome.run.windows, chance),
    )
}

fn profit(page: &mut String, skippers: &Skippers) -> Result {
    page.push_str(
        "## What skipping gains\n\n\
         Pay and slashes of the same windows, by what the accounts hold afterwards, bonds included; a slashed bond is topped up. \
         The terms are the liar's best: the bond is the smallest that still backs the whole pay, so that a slash is q / 0.9 pays. \
         *Honest* is what it would earn by claiming what it does compute, which is the right comparison for who has the hardware; \
         the margin is honest less expected. *Silent* looks at the samples first, says nothing where they are bad, and has a \
         friend report it for the tenth of the slash.\n\n\
         | φ | q | who | gained a window | expected | honest | margin |\n|---|---|---|---|---|---|---|\n",
    );
    for outcome in &skippers.sub_tiles {
        for fate in &outcome.fates {
            let [expected, honest] = [outcome.expected(fate), outcome.honesty(fate)];
            let who = match fate.kind {
                Kind::Bold => "reveals",
                Kind::Silent => "silent",
                Kind::Edge => "just below a floor",
            };
            writeln!(
                page,
                "| {} | {} | {who} | {:+.3} | {expected:+.3} | {honest:+.3} | {:+.3} |",
                percent(fate.fraction()),
                outcome.run.samples,
                outcome.gain(fate),
                honest - expected,
            )?;
        }
    }
    page.push_str(
        "\nA larger bond adds to every margin. In a crowd, where the lottery calls some only, pay of those not called is \
         bounded by their chance to be called: `tests/stateful/tests/lottery.rs` has every share of lies from 1% to 100% in crowds of one, \
         ten and a hundred times the capacity.\n\n",
    );
    Ok(())
}

fn gains(page: &mut String, skippers: &Skippers, tricks: &Tricks, authors: &Authors) -> Result {
    let bounty = f64::from(BOUNTY.deconstruct()) / 1e9;
    let stakes = |samples: u32| Stakes {
        pay: 1.0,
        slash: f64::from(samples) / 0.9,
    };
    let edge = |samples| percent(stakes(samples).edge(samples));
    let silent_edge = |samples| percent(stakes(samples).silent(bounty).edge(samples));
    let fate = |samples: u32, kind: Kind, share: u32| {
        let outcome = skippers
            .sub_tiles
            .iter()
            .find(|outcome| outcome.run.samples == samples)?;
        let mut fates = outcome.fates.iter();
        let fate = fates.find(|fate| fate.kind == kind && fate.share == share)?;
        Some(outcome.gain(fate))
    };
    let shown = |gain: Option<f64>| gain.map_or("?".into(), |gain| format!("{gain:+.2}"));
    let window = defaults::window();
    let slots = f64::from(window.work + window.grace);
    let [passive, greedy] = authors.heads.each_ref().map(HeadStarts::mean);
    let reveal = censored_reveal(Part::THIRD, window.reveal_blocks());
    write!(
        page,
        "## Where an adversary gains\n\n\
         Nothing above or below is expected to gain more than honesty but these:\n\n\
         1. **A GPU just below a tier's floor.** Where honesty earns nothing, below the lowest floor, a lie of less than \
         {} pays with 16 samples ({} with four): it is seldom caught and wins a whole pay. Measured at 0.25%: {} a window. Who is \
         silent where the samples are bad, and has a friend who reports that, gains below {} ({}). {} At a \
         floor between two tiers, only what the higher tier pays more is won, and the band is as much narrower. It takes hardware \
         that is nearly there; a larger bond narrows the band.\n\
         2. **One sample.** With q = 1 a liar still earns ({} at 25%), though less than by honesty at every share; {} Production opens 16.\n\
         3. **More bonds for one GPU**: a GPU whose one bond backs 0.30 of its pay earns {:.2} in one slot and {:.2} in two, \
         with two bonds. To the NI bonded no more, and never more than its share.\n\
         4. **Authors know early.** Whoever authors the blocks before a window opens knows its beacon before the clock begins: a \
         third of the slots has a head start of {passive:.2} slots on average without doing anything, and of {greedy:.2} by \
         withholding blocks as well as can be; of the {slots:.0} slots of a production window that is {} and {} more rounds for \
         their own GPUs.\n\
         5. **Authors who censor** a third of the blocks keep an honest reveal out of all that are left for it in {} of windows, \
         and its report earns them {} of the slash; an honest commit that is sent with the first grace block is kept out in {}. \
         The victim loses the slash, or a window's pay.\n\n",
        edge(16),
        edge(4),
        shown(fate(16, Kind::Edge, 25)),
        silent_edge(16),
        silent_edge(4),
        edge_and_authors(authors, stakes(16), bounty),
        shown(fate(1, Kind::Bold, 2_500)),
        one_sample_and_authors(authors),
        tricks.presented.unbacked,
        tricks.presented.unbacked_sliced,
        percent(passive / slots),
        percent(greedy / slots),
        percent(reveal),
        percent(bounty),
        percent(censored(Part::THIRD, window.grace)),
    )
}

/// How near a third of the slots is to the smallest lie played, below the lowest floor.
fn edge_and_authors(authors: &Authors, stakes: Stakes, bounty: f64) -> String {
    let smallest = authors
        .samples
        .iter()
        .filter(|(_, samples, ..)| *samples == 16)
        .min_by_key(|(share, ..)| *share);
    smallest.map_or_else(String::new, |(share, _, _, draws)| {
        format!(
            "With a third of the slots on its side (below) a lie of {share}% passes in {} of windows, where {} is enough, or {} with \
             such a friend.",
            percent(draws.chance()),
            percent(stakes.even()),
            percent(stakes.silent(bounty).even()),
        )
    })
}

/// Whether one sample is too few where a third of the slots colludes.
fn one_sample_and_authors(authors: &Authors) -> String {
    let shares: Vec<String> = authors
        .samples
        .iter()
        .filter(|(_, samples, ..)| *samples == 1)
        .map(|(share, _, _, draws)| {
            let stakes = Stakes {
                pay: 1.0,
                slash: 1.0 / 0.9,
            };
            let gain = stakes.lying(1.0 - draws.chance());
            format!(
                "{:+.2} at {share}%",
                gain - stakes.honest(f64::from(*share) / 100.0)
            )
        })
        .collect();
    format!(
        "with a third of the slots on its side (below) it is {} against honesty.",
        shares.join(", ")
    )
}

/// A verdict in words.
fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Verified { mops } => format!("verified, {mops} MOPS"),
        Verdict::Refused { reason, slashed } => {
            let slashed = ni(i128::try_from(*slashed).unwrap_or(i128::MAX));
            match reason {
                Reason::Product(reason) => format!("slashed {slashed} NI: {reason}"),
                Reason::Walk(reason) => format!("slashed {slashed} NI for its walk: {reason}"),
            }
        }
        Verdict::NotTaken(why) => format!("not taken: {why}"),
    }
}

fn pooled(verdict: std::result::Result<(), u8>) -> String {
    match verdict {
        Ok(()) => "taken".into(),
        Err(code) => format!("refused ({code})"),
    }
}

fn miners(page: &mut String, tricks: &Tricks) -> Result {
    let Tricks {
        earlier,
        twice,
        copied,
        times,
        presented,
        pooled: cards,
        free,
        spam,
        crowd,
        ..
    } = tricks;
    let refused: u32 = spam.refused.values().sum();
    write!(
        page,
        "## Other miners\n\n\
         A lie that is slashed once loses {:.1} pays or more with 16 samples; the honest earn one. Tests are those of \
         `tests/adversaries/tests/tricks.rs`.\n\n\
         | who | what the chain made of it | against honesty |\n|---|---|---|\n\
         | reuses an earlier window's proof | {} | −(slash + pay) |\n\
         | binds an earlier window's rounds to this challenge | {} | −(slash + pay) |\n\
         | one GPU's rounds under two accounts | the second: {} | −(slash + pay) of the second |\n\
         | copies a rival's commitment and its reveal | the rival: {}; the copy: {} | −(slash + pay) |\n\
         | waits for the rival's reveal and commits to what it shows | not taken: {} | no pay |\n\
         | commits before the window opens | {} | no gain |\n\
         | commits after the deadline | {}; in time: {} | no pay |\n\
         | reveals before the samples are drawn | {} | no gain |\n\
         | reveals after the window | {}; in time: {}; all of these cost {} NI, but the missing reveal, once reported, {} NI | −(slash + pay) |\n\
         | two identities on one GPU | its time is shared | {:.2} of one |\n\
         | one GPU sliced into two slots | the same | {:.2} of one |\n\
         | throttled to half, a tier below | | {:.2} of one |\n\
         | two cards as one | {} | {:.2} of the two: without a measured memory all tiers have the same multiplier |\n\
         | garbage in place of a reveal | {}; of another size, not taken: {}; a second commit: {}, a second reveal: {} | −slash |\n\
         | {} calls that would fail, from registered and unknown hotkeys, in every phase | {refused} refused before the pool, {} taken, nothing changed: {} | no gain; the node checks a signature and a few values |\n\
         | the same within a batch | without a balance: {}; with one: a fee of {:.6} NI | −fee |\n\
         | fills the grace blocks with commits of its own | takes {} slots: {:.0} NI bonded, {:.0} NI for the leases at once; without as many GPUs {:.0} NI slashed a window | rivals lose a window's pay, nobody is slashed |\n\n\
         Numbers in brackets are the pool's reasons (`pallet_proof_of_gpu::extension`): {}.\n\n",
        16.0 / 0.9,
        said(&earlier[0]),
        said(&earlier[1]),
        said(twice),
        said(&copied.original),
        said(&copied.copy),
        copied.after.clone().err().unwrap_or_default(),
        pooled(times.commit_early),
        pooled(times.commit_late),
        pooled(times.commit_in_time),
        pooled(times.reveal_early),
        pooled(times.reveal_late),
        pooled(times.reveal_in_time),
        ni(times.cost),
        ni(times.missed),
        presented.two_identities,
        presented.sliced,
        presented.throttled,
        said(cards),
        presented.pooled,
        said(&free.0),
        free.1[2],
        free.1[0],
        free.1[1],
        spam.sent,
        spam.taken,
        !spam.changed,
        spam.in_a_batch,
        ni(i128::try_from(spam.fee).unwrap_or(i128::MAX)),
        crowd.gpus,
        crowd.bonds,
        crowd.leases,
        crowd.slashed,
        spam.refused
            .iter()
            .map(|(code, count)| format!("{code}: {count}"))
            .collect::<Vec<_>>()
            .join(", "),
    )
}

fn block_authors(page: &mut String, authors: &Authors) -> Result {
    let window = defaults::window();
    let windows = authors.samples.first().map_or(0, |one| one.3.windows);
    let [alone, third] = authors.called;
    write!(
        page,
        "## Block authors\n\n\
         A third of the slots belongs to authors who collude with a miner, who know whose every slot is, and who withhold \
         blocks for nothing: {windows} windows each, by the pallet's own accumulator, over the {} blocks that the samples are drawn \
         from. *Alternatives* are the sampling beacons that they could choose among and knew, a window; without them the miner \
         passes by chance. What they gain by replacing the blocks of others is below.\n\n\
         | φ | q | passes by chance | with a third of the slots | alternatives | blocks withheld a window | gain | honest | margin |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        window.sampling,
    )?;
    for (share, samples, unseen, draws) in &authors.samples {
        let stakes = Stakes {
            pay: 1.0,
            slash: f64::from(*samples) / 0.9,
        };
        let gain = stakes.lying(1.0 - draws.chance());
        let honest = stakes.honest(f64::from(*share) / 100.0);
        let withheld = draws.withheld / f64::from(draws.windows);
        writeln!(
            page,
            "| {share}% | {samples} | {} | {} | {:.2} | {withheld:.2} | {gain:+.2} | {honest:+.2} | {:+.2} |",
            percent(*unseen),
            percent(draws.chance()),
            draws.alternatives(),
            honest - gain,
        )?;
    }
    let bond = defaults::registration().bond;
    #[allow(clippy::cast_precision_loss)]
    let slash = (window.slash_share * bond) as f64 / NI as f64;
    let [passive, greedy] = authors.heads.each_ref().map(|heads| &heads.windows);
    let rows: Vec<String> = (0..passive.len().max(greedy.len()))
        .map(|slots| {
            let of = |windows: &[u32]| windows.get(slots).copied().unwrap_or_default();
            format!("| {slots} | {} | {} |", of(passive), of(greedy))
        })
        .collect();
    write!(
        page,
        "\n- **Past the lottery**: where one in ten is called, {} of a miner's windows are called without them and {} with a third. Who does \
         nothing at all is paid at most a tenth of what a revealed result may be paid where it is not called: {:+.3} slashes a window.\n\
         - **Known early**: windows by the slots between the last block of somebody else and the start of the clock, in {} \
         windows of the production chain, doing nothing for it and withholding blocks for it. Known early, the sampling beacon \
         buys nothing: commitments are in blocks by then.\n\n\
         | slots | passive | greedy |\n|---|---|---|\n{}\n\n\
         - **Censoring**: all {} blocks that take commits after the work are theirs with {}, all {} that take reveals with \
         {:.1e}; a reveal that is sent when its account's hash says finds no other block in {}. At the production chain's bond \
         that costs an honest GPU {:.4} NI a window.\n\n",
        percent(alone),
        percent(third),
        (1.0 - third) * 0.1 * 0.9 / 16.0 - third,
        authors.heads[0].windows.iter().sum::<u32>(),
        rows.join("\n"),
        window.grace,
        percent(censored(Part::THIRD, window.grace)),
        window.reveal_blocks(),
        censored(Part::THIRD, window.reveal_blocks()),
        percent(censored_reveal(Part::THIRD, window.reveal_blocks())),
        censored_reveal(Part::THIRD, window.reveal_blocks()) * slash,
    )?;
    replaced_blocks(page, authors)
}

/// What a withheld primary slot buys, by how far finality lags.
fn replaced_blocks(page: &mut String, authors: &Authors) -> Result {
    let window = defaults::window();
    let orphans = Orphans::of(Part::THIRD);
    page.push_str(
        "### Blocks of others, replaced\n\n\
         The fork choice takes the chain with more primary slots. One primary slot of theirs, withheld and published late, \
         replaces the secondary blocks since, as far as these are not final. It buys a second draw of the sampling beacon, \
         an opening beacon known early, and a last block for their own commits. The chance is by window; the slots are on \
         average over all windows, of the slots of work and grace.\n\n\
         | finality lags, blocks | a second draw | slots early or late | of the window | a lie of 10%, 16 samples, passes | without |\n\
         |---|---|---|---|---|---|\n",
    );
    let once = authors
        .samples
        .iter()
        .find(|(share, samples, ..)| (*share, *samples) == (10, 16))
        .map_or(0.0, |(_, _, _, draws)| draws.chance());
    for lag in 1..=4 {
        let late = orphans.late_slots(lag);
        writeln!(
            page,
            "| {lag} | {} | {late:.2} | {} | {} | {} |",
            percent(orphans.second_draw(lag)),
            percent(late / f64::from(window.work + window.grace)),
            percent(orphans.passes(lag, once)),
            percent(once),
        )?;
    }
    page.push_str(
        "\nWhat lowers it: authors in more hands, finality that keeps up, and work much longer than the slots that can be won. \
         A sampling beacon over blocks that must be final first would end the second draw, and cost the lag in every window.\n\n",
    );
    Ok(())
}

fn weaknesses(page: &mut String, skippers: &Skippers, tricks: &Tricks) -> Result {
    page.push_str(
        "## The reference network's weaknesses, here\n\n| its weakness | the same trick here |\n|---|---|\n",
    );
    for (name, verdict) in &tricks.ways {
        writeln!(page, "| {name} | {} |", said(verdict))?;
    }
    let half = |samples: u32| {
        let outcome = skippers
            .sub_tiles
            .iter()
            .find(|outcome| outcome.run.samples == samples);
        let fate = outcome.and_then(|outcome| {
            let mut fates = outcome.fates.iter();
            fates.find(|fate| fate.kind == Kind::Bold && fate.share == 5_000)
        });
        fate.map_or(0, |fate| fate.caught)
    };
    let windows = skippers.sub_tiles.first().map_or(0, |one| one.run.windows);
    let [[first, last], [slow, slower]] = tricks.clocks;
    write!(
        page,
        "| one sampled cell | half of the work skipped is caught {} of {windows} times by one sample, {} by sixteen |\n\
         | shapes chosen by the miner | a call names none; computed all the same: {}; bound to the right challenge: {} |\n\
         | times reported by the miner | a call names none: as many rounds committed first and last are {first} and {last} MOPS, with four empty slots {slow} and {slower} |\n\
         | rented machines skipped | a lie after ten honest windows: {}; a window without a commit pays {} NI |\n\n",
        half(1),
        half(16),
        said(&tricks.shapes[0]),
        said(&tricks.shapes[1]),
        said(&tricks.name.0),
        ni(tricks.name.1),
    )
}

fn elsewhere(page: &mut String) -> Result {
    page.push_str(
        "## Against the real node and worker\n\n\
         | trick | test |\n|---|---|\n\
         | skips half of its tiles; commits and vanishes; a pool full of tipped calls | `tests/end-to-end/tests/main_job` |\n\
         | copies a commitment and its reveal; commits late and reveals early; spams free calls while others prove | `tests/adversaries/tests/network` |\n\
         | makes up one sub-tile that is seldom sampled, found by a validator's own GPU | `tests/audit` |\n\n\
         ## Tests of the same elsewhere\n\n\
         | what | where |\n|---|---|\n\
         | every share of lies in crowds of one, ten and a hundred times the capacity | `tests/stateful/tests/lottery.rs` |\n\
         | dividing and throttling a GPU under any tier table, with bonds that bind and that do not | `pallets/emission/src/tests/no_gain.rs`, `primitives/tokenomics/tests/tiers.rs` |\n\
         | each way a reveal can be wrong | `pallets/proof-of-gpu/src/tests/reveal.rs`, `primitives/proof-of-gpu/tests/protocol` |\n\
         | beacons depend on every author up to the last | `pallets/proof-of-gpu/src/tests/randomness.rs` |\n\
         | matrices have full displacement rank | `primitives/proof-of-gpu/tests/protocol/matrices.rs` |\n\
         | a proof comes before any tip; nobody leaves with an open commit; reveals find room however many confirm | `runtime/src/tests/window.rs` |\n\
         | sandwiches around the buyback | `pallets/buyback/src/tests/attacks.rs` |\n\
         | whales, Sybils and colluding miners over twenty years | [`../economics`](../economics/README.md) |\n",
    );
    Ok(())
}
