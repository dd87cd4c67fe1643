// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What several cards on one network reach together, by the shape of a round: the tables of
//! docs/what-is-proven.md, computed from the assumptions stated there.

use proof_of_gpu_primitives::Workload;

/// One small card and one large, in 10¹² operations a second.
const SMALL_TOPS: f64 = 69.0;
const LARGE_TOPS: f64 = 450.0;

/// Between two rounds of one card, in ms: launches, the tree's upper levels, the next key.
const GAP_MS: f64 = 0.1;

/// Round trips, in ms: one host, one rack, one city, one continent.
const ROUND_TRIPS_MS: [f64; 4] = [0.02, 0.2, 2.0, 20.0];

const CARDS: [u32; 4] = [2, 4, 8, 16];

const SHAPES: [Workload; 4] = [
    Workload::new(16_384, 16_384, 4_096),
    Workload::new(8_192, 8_192, 4_096),
    Workload::new(4_096, 4_096, 4_096),
    Workload::new(2_048, 2_048, 2_048),
];

/// Time of a round's operations at so many 10¹² a second, in ms.
fn round_ms(shape: &Workload, tops: f64) -> f64 {
    let [m, n, k] = [shape.m, shape.n, shape.k].map(f64::from);
    2.0 * m * n * k / (tops * 1e9)
}

/// What cards that share out every round's tiles reach of their sum: a round trip a round
/// is lost.
fn pooled(shape: &Workload, cards: u32, round_trip_ms: f64) -> f64 {
    let round = round_ms(shape, f64::from(cards) * SMALL_TOPS);
    round / (round + round_trip_ms)
}

/// What one large card reaches of its own throughput.
fn alone(shape: &Workload) -> f64 {
    let round = round_ms(shape, LARGE_TOPS);
    round / (round + GAP_MS)
}

fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

/// The rows by number of cards, at the shape of production.
fn by_cards() -> Vec<String> {
    CARDS
        .iter()
        .map(|cards| {
            let shares = ROUND_TRIPS_MS
                .map(|trip| percent(pooled(&SHAPES[0], *cards, trip)))
                .join(" | ");
            format!(
                "| {cards} | {:.0} | {shares} |",
                f64::from(*cards) * SMALL_TOPS
            )
        })
        .collect()
}

/// The rows by shape.
fn by_shape() -> Vec<String> {
    SHAPES
        .iter()
        .map(|shape| {
            let shares = CARDS
                .map(|cards| percent(pooled(shape, cards, 0.2)))
                .join(" | ");
            format!("| {shape} | {} | {shares} |", percent(alone(shape)))
        })
        .collect()
}

#[test]
fn the_page_has_these_tables() {
    let page = include_str!("../../../../docs/what-is-proven.md");
    for row in by_cards().into_iter().chain(by_shape()) {
        assert!(page.contains(&row), "{row}");
    }
}

/// What travels between the cards is no bound at any shape: a key down, and the root of an
/// aligned share of the tiles up.
#[test]
fn a_pool_moves_a_few_kilobytes_a_second() {
    let bytes = 32.0 + 32.0;
    for cards in CARDS {
        let rounds = 1_000.0 / round_ms(&SHAPES[0], f64::from(cards) * SMALL_TOPS);
        let kilobytes = bytes * rounds / 1_000.0;
        assert!(kilobytes < 40.0, "{cards} cards: {kilobytes}");
    }
}

/// Why the round is not made smaller to keep cards apart: a smaller round costs one large
/// card almost as much as it costs a pool on one network.
#[test]
fn no_shape_tells_a_pool_in_a_rack_from_one_card() {
    for shape in &SHAPES {
        let (pool, card) = (pooled(shape, 8, 0.2), alone(shape));
        assert!(pool > card / 2.5, "{shape}: {pool} beside {card}");
    }
    // Over a continent the largest round already does.
    assert!(pooled(&SHAPES[0], 8, 20.0) < 0.25);
}
