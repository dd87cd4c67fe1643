// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What came of it, and whether it is what should.

use std::fmt;

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use ni_client::{
    amount::Amount,
    reports::{AssetKind, BuybackReport, TAO},
};
use test_network::{Follower, Ledger};

use crate::{
    acts,
    board::Board,
    economy::{Economy, Revenue},
};

/// What the chain itself says at the end.
pub(crate) struct State {
    /// Of revenue.
    pub(crate) buyback: BuybackReport,
    /// Of the base reward.
    pub(crate) base: Option<u128>,
}

/// What a miner got, and lost.
struct Pay {
    name: String,
    /// By window, with the throughput in MOPS that it was for.
    paid: Vec<(u32, u64, u128)>,
    slashed: u128,
}

/// The end of the demo.
pub(crate) struct Summary {
    ledger: Ledger,
    blocks: u64,
    pay: Vec<Pay>,
    economy: Economy,
    state: State,
    checks: Vec<(String, bool)>,
}

impl Summary {
    /// Sums up the first `rounds` full rounds. The follower has compared the
    /// supply with the chain's state at every block, or it would have failed.
    ///
    /// # Errors
    /// Where a well-known key cannot be derived.
    pub(crate) fn new(
        follower: &Follower,
        board: &Board,
        rounds: usize,
        state: State,
    ) -> anyhow::Result<Self> {
        let last = follower.last();
        let ledger = last.ledger.clone();
        let full: Vec<_> = board.full_rounds().into_iter().take(rounds).collect();
        let mut checks = vec![(format!("{} full rounds", full.len()), full.len() == rounds)];
        let mut pay = Vec::new();
        for row in &board.rows {
            let paid: Vec<_> = full
                .iter()
                .map(|window| {
                    let entry = row.windows.get(window);
                    let mops = entry.map_or(0, |entry| entry.verdict.mops());
                    (*window, mops, entry.map_or(0, |entry| entry.paid))
                })
                .collect();
            let name = &row.name;
            checks.push(if row.honest {
                (
                    format!("{name} is honest and was paid in each"),
                    paid.iter().all(|(_, _, amount)| *amount > 0),
                )
            } else {
                (
                    format!("{name} cheated, was refused, and slashed by more than it was paid"),
                    row.was_refused() && row.slashed > row.paid(),
                )
            });
            pay.push(Pay {
                name: name.clone(),
                paid,
                slashed: row.slashed,
            });
        }
        checks.push((
            "miners of one tier were paid in proportion to their throughput".to_owned(),
            full.iter().all(|window| in_proportion(board, *window)),
        ));
        let entries = || board.rows.iter().flat_map(|row| row.windows.values());
        checks.push((
            "every commit was of a memory walk and of the product after it".to_owned(),
            entries().count() > 0 && entries().all(|entry| entry.walked),
        ));
        let slashed: u128 = board.rows.iter().map(|row| row.slashed).sum();
        let burned = ledger.burned.get("Slashes").copied().unwrap_or_default();
        checks.push(("every slash was burned".to_owned(), slashed == burned));
        checks.push((
            "registration fees went to the recycle pool, and pay came from it".to_owned(),
            ledger.recycled.contains_key("RegistrationFees") && ledger.drawn > 0,
        ));
        checks.extend(economy_checks(
            &board.economy,
            &ledger,
            &state,
            &acts::delegator()?,
        ));
        checks.push((
            format!("the supply added up at each of {} blocks", last.number + 1),
            follower.blocks().len() as u64 == last.number + 1,
        ));
        Ok(Self {
            ledger,
            blocks: last.number,
            pay,
            economy: board.economy.clone(),
            state,
            checks,
        })
    }

    /// Whether everything held.
    pub(crate) fn holds(&self) -> bool {
        self.checks.iter().all(|(_, held)| *held)
    }
}

/// Whether those whose work counts in a window, and who share a tier, got the same for a
/// MOPS. Each share is rounded down by less than a unit.
fn in_proportion(board: &Board, window: u32) -> bool {
    let counts: Vec<_> = board
        .rows
        .iter()
        .filter_map(|row| row.windows.get(&window))
        .filter(|entry| entry.verdict.mops() > 0)
        .map(|entry| (entry.tier, u128::from(entry.verdict.mops()), entry.paid))
        .collect();
    counts.iter().all(|(tier, mops, paid)| {
        counts
            .iter()
            .filter(|(other, ..)| other == tier)
            .all(|(_, than, for_it)| (paid * than).abs_diff(for_it * mops) <= mops + than)
    })
}

/// What must hold of revenue, stake and the referendum: what the events add up to
/// against the supply's books, which are kept from other events, and against what
/// the chain says.
fn economy_checks(
    economy: &Economy,
    ledger: &Ledger,
    state: &State,
    delegator: &[u8; 32],
) -> Vec<(String, bool)> {
    let burned = ledger.burned.get("Buyback").copied().unwrap_or_default();
    let bought = economy.bought();
    let totals = state.buyback.totals;
    let kept = state.buyback.assets.iter().all(|report| {
        let noted = economy.revenue.get(&report.asset).copied();
        let Revenue {
            received,
            spent,
            bought,
            ..
        } = noted.unwrap_or_default();
        let on_chain = report.ledger;
        (on_chain.received, on_chain.spent, on_chain.bought) == (received, spent, bought)
            && received == spent + report.quote.pending
    });
    let staked = economy.staked.get(delegator).copied().unwrap_or_default();
    let earned = economy.claimed.get(delegator).copied().unwrap_or_default();
    vec![
        (
            "revenue in TAO and in USD bought NI".to_owned(),
            economy.has_bought() && bought > 0,
        ),
        (
            format!("all {} that it bought was burned", Amount(bought)),
            (bought, bought) == (burned, totals.burned) && totals.bought == bought,
        ),
        (
            "all revenue is spent or pending, in each asset".to_owned(),
            kept && state.buyback.assets.len() == economy.revenue.len(),
        ),
        (
            format!(
                "a delegator of {} earned {}",
                AssetKind::WithId(TAO).show(staked),
                Amount(earned)
            ),
            earned > 0,
        ),
        (
            format!(
                "a referendum made the base reward {} a block",
                Amount(acts::NEW_BASE)
            ),
            economy.enacted && economy.votes > 0 && state.base == Some(acts::NEW_BASE),
        ),
    ]
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ledger = &self.ledger;
        writeln!(f, "\nAfter {} blocks", self.blocks)?;
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY);
        table.set_header(["supply", "amount"]);
        let mut row = |what: String, amount: u128| {
            table.add_row([what, Amount(amount).to_string()]);
        };
        row("issued at genesis".into(), ledger.genesis);
        row("minted".into(), ledger.minted);
        row("paid from the recycle pool".into(), ledger.drawn);
        for (source, amount) in &ledger.recycled {
            row(format!("recycled, {source}"), *amount);
        }
        for (source, amount) in &ledger.burned {
            row(format!("burned, {source}"), *amount);
        }
        row(
            "issued now, as the chain and all balances say".into(),
            ledger.issuance(),
        );
        writeln!(f, "{table}")?;

        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY);
        table.set_header(["miner", "paid", "slashed"]);
        for pay in &self.pay {
            let paid: Vec<_> = pay
                .paid
                .iter()
                .map(|(window, mops, amount)| {
                    format!("window {window}: {} for {mops} MOPS", Amount(*amount))
                })
                .collect();
            table.add_row([
                pay.name.clone(),
                paid.join("\n"),
                Amount(pay.slashed).to_string(),
            ]);
        }
        writeln!(f, "{table}")?;

        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY);
        table.set_header(["revenue", "slices", "spent", "bought and burned", "pending"]);
        for (asset, revenue) in &self.economy.revenue {
            let pending = self
                .state
                .buyback
                .assets
                .iter()
                .find(|report| report.asset == *asset)
                .map_or(0, |report| report.quote.pending);
            table.add_row([
                asset.show(revenue.received),
                revenue.slices.to_string(),
                asset.show(revenue.spent),
                Amount(revenue.bought).to_string(),
                asset.show(pending),
            ]);
        }
        writeln!(f, "{table}")?;
        for (what, held) in &self.checks {
            writeln!(f, "{}  {what}", if *held { "ok    " } else { "FAILED" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ni_client::reports::{
        BuybackTotals, Due, RevenueLedger, RevenueQuote, RevenueReport, Slice, USD,
    };

    use super::*;
    use crate::board::{Entry, Row, Verdict};

    const WHO: [u8; 32] = [1; 32];

    /// Revenue of ten in each asset, eight of it spent on two NI.
    fn played() -> (Economy, Ledger, State) {
        let mut economy = Economy::default();
        for asset in [TAO, USD].map(AssetKind::WithId) {
            let revenue = Revenue {
                received: 10,
                spent: 8,
                slices: 1,
                bought: 2,
            };
            economy.revenue.insert(asset, revenue);
        }
        economy.staked.insert(WHO, 5);
        economy.claimed.insert(WHO, 1);
        economy.votes = 5;
        economy.enacted = true;
        let assets = [TAO, USD]
            .map(|asset| RevenueReport {
                asset: AssetKind::WithId(asset),
                ledger: RevenueLedger {
                    received: 10,
                    spent: 8,
                    bought: 2,
                    burned: 2,
                },
                average_paid: None,
                quote: RevenueQuote {
                    pending: 2,
                    average: 1,
                    price: None,
                    slice: Due::Ok(Slice {
                        amount: 1,
                        expected: 1,
                    }),
                },
            })
            .to_vec();
        let totals = BuybackTotals {
            bought: 4,
            burned: 4,
        };
        let state = State {
            buyback: BuybackReport { totals, assets },
            base: Some(acts::NEW_BASE),
        };
        let mut ledger = Ledger::new(100);
        ledger.burned.insert("Buyback".to_owned(), 4);
        (economy, ledger, state)
    }

    fn failed(change: impl FnOnce(&mut Economy, &mut Ledger, &mut State)) -> usize {
        let (mut economy, mut ledger, mut state) = played();
        change(&mut economy, &mut ledger, &mut state);
        economy_checks(&economy, &ledger, &state, &WHO)
            .iter()
            .filter(|(_, held)| !held)
            .count()
    }

    /// Two honest miners in one window: tier, MOPS and pay of each.
    fn paid(miners: [(u32, u64, u128); 2]) -> Board {
        let mut board = Board::new(&[]).expect("no miners");
        for (tier, mops, paid) in miners {
            let entry = Entry {
                rounds: 1,
                walked: true,
                verdict: Verdict::Counts(mops),
                tier: Some(tier),
                paid,
            };
            board.rows.push(Row {
                name: String::new(),
                device: String::new(),
                honest: true,
                account: [0; 32],
                windows: [(7, entry)].into(),
                slashed: 0,
            });
        }
        board
    }

    #[test]
    fn pay_is_in_proportion_within_a_tier_to_the_last_unit() {
        // 279 and 423 rounds of one window: both were "1 GOPS" once, and paid alike.
        let apart = [(0, 1_560, 7_800_000), (0, 2_365, 11_825_000)];
        assert!(in_proportion(&paid(apart), 7));
        let [one, other] = apart;
        assert!(in_proportion(&paid([one, (0, 2_365, 11_824_999)]), 7));
        assert!(!in_proportion(&paid([one, (0, 2_365, 11_824_000)]), 7));
        assert!(!in_proportion(&paid([one, (0, 2_365, one.2)]), 7));
        // Another tier, another price.
        assert!(in_proportion(&paid([one, (1, other.1, 2 * other.2)]), 7));
    }

    #[test]
    fn what_adds_up_holds() {
        assert_eq!(failed(|_, _, _| ()), 0);
    }

    #[test]
    fn whatever_is_amiss_is_noticed() {
        assert_eq!(failed(|_, ledger, _| ledger.burned.clear()), 1);
        assert_eq!(failed(|_, _, state| state.buyback.totals.burned -= 1), 1);
        assert_eq!(
            failed(|_, _, state| state.buyback.assets[0].quote.pending -= 1),
            1
        );
        assert_eq!(
            failed(|_, _, state| state.buyback.assets[1].ledger.spent -= 1),
            1
        );
        assert_eq!(failed(|economy, _, _| economy.claimed.clear()), 1);
        assert_eq!(failed(|economy, _, _| economy.enacted = false), 1);
        assert_eq!(failed(|_, _, state| state.base = Some(1)), 1);
        // Without the revenue in dollars more than one thing is missing.
        let without = failed(|economy, _, _| {
            economy.revenue.remove(&AssetKind::WithId(USD));
        });
        assert_eq!(without, 3);
    }
}
