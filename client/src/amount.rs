// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Amounts of NI as people write them.

use std::{fmt, str::FromStr};

/// Decimals of NI.
const DECIMALS: u32 = 9;

/// The smallest units in one NI.
pub const NI: u128 = 10_u128.pow(DECIMALS);

/// An amount of NI, in its smallest unit; shown and read in NI, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub u128);

/// As `1234.5 NI`, without trailing zeros.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / NI, self.0 % NI);
        let mut text = whole.to_string();
        if fraction != 0 {
            let digits = format!("{fraction:09}");
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        f.pad(&format!("{text} NI"))
    }
}

/// From `1234.5`, with at most nine decimals.
impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("'{text}' is not an amount of NI, such as 12 or 0.5");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > DECIMALS as usize {
            return Err(wrong());
        }
        let whole: u128 = whole.parse().map_err(|_| wrong())?;
        let fraction: u128 = format!("{fraction:0<9}").parse().map_err(|_| wrong())?;
        whole
            .checked_mul(NI)
            .and_then(|units| units.checked_add(fraction))
            .map(Self)
            .ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_and_reads_exactly() {
        for (units, text) in [
            (0, "0"),
            (1, "0.000000001"),
            (NI, "1"),
            (1_500_000_000, "1.5"),
            (21_000_000 * NI, "21000000"),
        ] {
            assert_eq!(Amount(units).to_string(), format!("{text} NI"));
            assert_eq!(text.parse(), Ok(Amount(units)));
        }
    }

    #[test]
    fn refuses_what_it_cannot_hold() {
        let huge = format!("{}", u128::MAX);
        for wrong in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "1e3",
            "1.0000000001",
            "1 NI",
            &huge,
        ] {
            assert!(wrong.parse::<Amount>().is_err(), "{wrong} was taken");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_shows(units in 0..u128::MAX / 2) {
            let shown = Amount(units).to_string();
            let text = shown.strip_suffix(" NI").expect("the unit");
            prop_assert_eq!(text.parse(), Ok(Amount(units)));
        }
    }
}
