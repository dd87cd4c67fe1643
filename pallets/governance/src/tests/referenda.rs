// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whole referenda, from the submission to the enactment.

use crate::{Origin, Side, mock::*};
use frame_support::{assert_noop, traits::schedule::DispatchTime};
use frame_system::RawOrigin;
use pallet_referenda::{Error as ReferendaError, ReferendumInfo, ReferendumInfoFor};

#[test]
fn changes_a_parameter_after_its_enactment_period() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Aye);
        vote(CAROL, poll, Side::Nay);
        assert_eq!(tally(poll), (2 * STAKE, STAKE));
        let end = run_to_end(poll);
        assert!(approved(poll));
        run_to(end + MIN_ENACTMENT - 1);
        assert_eq!(governed_value(), 0, "it waits for its enactment");
        forward(1);
        assert_eq!(governed_value(), 7);
    });
}

#[test]
fn changes_nothing_when_the_nays_win() {
    build_and_execute(|| {
        let poll = propose(7);
        vote(ALICE, poll, Side::Aye);
        vote(BOB, poll, Side::Nay);
        vote(CAROL, poll, Side::Nay);
        let end = run_to_end(poll);
        assert!(!approved(poll));
        run_to(end + MAX_ENACTMENT);
        assert_eq!(governed_value(), 0);
    });
}
