// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is read from the files is what the runtime was compiled with.

use frame_support::weights::{RuntimeDbWeight, Weight, constants::ParityDbWeight};
use ni_runtime::{Runtime, settings::defaults};
use runtime_report::{
    capacity::{self, demand, most},
    filled::fill,
    fits::{Cost, parse},
};

/// The compiled weight, less nothing: its database accesses are part of it.
fn weight(cost: Cost) -> Weight {
    let database: RuntimeDbWeight = ParityDbWeight::get();
    Weight::from_parts(cost.time, cost.proof)
        + database.reads(cost.reads)
        + database.writes(cost.writes)
}

#[test]
fn a_fit_is_the_compiled_weight() {
    use pallet_emission::WeightInfo as _;
    use pallet_proof_of_gpu::WeightInfo as _;
    use pallet_registration::WeightInfo as _;
    type Proof = <Runtime as pallet_proof_of_gpu::Config>::WeightInfo;
    type Emission = <Runtime as pallet_emission::Config>::WeightInfo;
    type Registration = <Runtime as pallet_registration::Config>::WeightInfo;

    let proof = parse(include_str!("../../../pallets/proof-of-gpu/src/weights.rs")).unwrap();
    assert_eq!(weight(proof["commit"].at(3)), Proof::commit(3));
    assert_eq!(weight(proof["reveal"].at(16)), Proof::reveal(16));
    assert_eq!(
        weight(proof["on_initialize_close"].at(0)),
        Proof::on_initialize_close()
    );
    let emission = parse(include_str!("../../../pallets/emission/src/weights.rs")).unwrap();
    assert_eq!(weight(emission["settle"].at(7)), Emission::settle(7));
    let registration = parse(include_str!("../../../pallets/registration/src/weights.rs")).unwrap();
    assert_eq!(
        weight(registration["register"].at(8)),
        Registration::register(8)
    );
    let commit = &proof["commit"].slopes[0];
    assert_eq!((commit.driver, commit.range), ('g', (1, 16)));
    assert!(commit.error > 0);
}

#[test]
fn a_file_that_is_not_as_the_template_writes_it_is_refused() {
    let file = include_str!("../../../pallets/supply/src/weights.rs");
    assert!(parse(file).is_ok());
    let broken = file.replace("Weight::from_parts(", "Weight::of(");
    assert!(parse(&broken).unwrap_err().contains("is no weight"));
    assert!(parse("fn commit() -> Weight {}").is_err());
}

#[test]
fn one_more_gpu_than_the_most_does_not_fit() {
    let window = defaults::window();
    for a_call in [1, 16] {
        let most = most(a_call, &window);
        assert!(demand(most, a_call, &window).fits(&window));
        assert!(!demand(most + 1, a_call, &window).fits(&window));
        assert!(most > u64::from(window.capacity), "{most}");
    }
}

#[test]
fn a_block_takes_as_many_commits_as_reckoned() {
    let filled = fill(&[10]);
    let [ten, all] = filled[..] else {
        panic!("{filled:?}");
    };
    assert_eq!(all.commits, capacity::commit(1).a_block);
    // Ten cost a tenth of a hundred, and no commit more than it declared.
    let each = ten.charged / 10.0;
    assert!((all.charged / f64::from(all.commits) / each - 1.0).abs() < 1e-6);
    let declared = capacity::commit(1).weight.ref_time();
    let declared = f64::from(u32::try_from(declared / 1_000).unwrap()) / 2e9;
    assert!(each < declared, "{each} of {declared}");
}
