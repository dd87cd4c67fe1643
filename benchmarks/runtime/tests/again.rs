// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is charged is compared with what was measured, and what is missing is named.

use std::slice::from_ref;

use runtime_report::{
    again::page,
    fits::{File, parse},
};

const REGISTRATION: &str = include_str!("../../../pallets/registration/src/weights.rs");

fn file(text: &str) -> File {
    let fits = parse(text).expect("the template wrote it");
    ("registration".into(), "then".into(), fits)
}

#[test]
fn what_was_measured_as_it_is_charged_holds() {
    let charged = file(REGISTRATION);
    let (page, problems) = page(from_ref(&charged), from_ref(&charged), "today");
    assert_eq!(problems, Vec::<String>::new());
    assert!(
        page.contains("1.00 in the median, from 1.00 to 1.00"),
        "{page}"
    );
    assert!(page.contains("Every count is charged"), "{page}");
}

#[test]
fn a_key_more_than_is_charged_is_named_and_one_less_is_not() {
    let (charged, mut measured) = (file(REGISTRATION), file(REGISTRATION));
    let leave = measured.2.get_mut("leave").expect("a call");
    leave.base.reads += 1;
    leave.base.time *= 3;
    let register = measured.2.get_mut("register").expect("a call");
    // At the most slots that were measured, 64.
    register.slopes[0].each.writes += 1;
    measured.2.get_mut("shrink").expect("a call").base.writes -= 1;
    let (text, problems) = page(&[charged], &[measured], "today");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(
        problems[0],
        "registration.leave reads 3 keys, and is charged for 2"
    );
    assert!(problems[1].contains("register writes"), "{problems:?}");
    assert!(text.contains("Not everything is charged"), "{text}");
    assert!(text.contains("from 1.00 to 3.00"), "{text}");
}

#[test]
fn a_call_of_one_side_alone_is_named() {
    let whole = file(REGISTRATION);
    let mut part = whole.clone();
    part.2.remove("leave");
    let (_, problems) = page(from_ref(&whole), from_ref(&part), "today");
    assert_eq!(problems, ["registration.leave was not measured"]);
    let (_, problems) = page(&[part], from_ref(&whole), "today");
    assert_eq!(problems, ["registration.leave is not charged"]);
    let (_, problems) = page(&[whole], &[], "today");
    assert!(problems.len() > 5, "{problems:?}");
}
