// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! libFuzzer on the target that `FUZZ_TARGET` names.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<&fuzz::Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    fuzz::target(&name).unwrap_or_else(|| panic!("FUZZ_TARGET={name} is no target"))
});

fuzz_target!(
    init: {
        // What a target needs once is made here: the engine times its inputs.
        (TARGET.run)(&[]);
        // The engine ends at every panic, caught or not. Those within the database
        // are the store's to catch: one that it does not ends the run all the same.
        let ends = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let within = panic.location().is_some_and(|at| at.file().contains("redb-"));
            if !within {
                ends(panic);
            }
        }));
    },
    |input: &[u8]| {
        (TARGET.run)(input);
    }
);
