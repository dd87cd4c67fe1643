// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{Event, Results, mock::*};

#[test]
fn pays_what_is_due() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        Emission::pay_pending(&7, 0);
        assert_eq!(earned(7), 150 * NI - 1);
        assert!(!Results::<Test>::contains_key(7, 0));
        events();
        Emission::pay_pending(&7, 0);
        assert_eq!(events(), [], "nothing is due any more");
    });
}

#[test]
fn leaves_what_is_not_due() {
    build_and_execute(|| {
        note(7, 1, 19_000);
        events();
        Emission::pay_pending(&7, 0);
        assert!(Results::<Test>::contains_key(7, 0));
        assert_eq!(events(), []);
        settle(1);
        Emission::pay_pending(&7, 0);
        assert!(earned(7) > 0);
    });
}

#[test]
fn leaves_what_cannot_be_paid() {
    build_and_execute(|| {
        Bond::set(100);
        settle_with_one(7, 1);
        assert!(Emission::pending_pay(&7, 0) < ED);
        Emission::pay_pending(&7, 0);
        assert!(Results::<Test>::contains_key(7, 0));
        assert_eq!(Emission::round(1).unwrap().claimed, 0);
    });
}

#[test]
fn removes_what_is_never_due() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        for window in 2..=4 {
            settle(window);
        }
        events();
        Emission::pay_pending(&7, 0);
        assert_eq!(
            events(),
            [Event::Forfeited {
                hotkey: 7,
                gpu: 0,
                window: 1
            }]
        );
        assert!(!Results::<Test>::contains_key(7, 0));
    });
}
