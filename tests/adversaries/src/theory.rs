// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What should happen: how often a liar is caught, and what it gains.

/// Whether so many of so many is what a chance gives, within this many standard
/// deviations: by the binomial's deviance, which counts as they do where many are expected,
/// and holds where few are, whose distribution is skewed.
///
/// Where the chance is one or zero there is no deviation: all or none have to be.
#[must_use]
pub fn agrees(caught: u32, windows: u32, chance: f64, deviations: f64) -> bool {
    let part = f64::from(caught) / f64::from(windows);
    // What has not happened adds nothing, whatever its chance.
    let term = |part: f64, chance: f64| match part {
        0.0 => 0.0,
        part => part * (part / chance).ln(),
    };
    let deviance = 2.0 * f64::from(windows) * (term(part, chance) + term(1.0 - part, 1.0 - chance));
    deviance <= deviations * deviations
}

/// How many standard deviations of the binomial a count is above its mean; `None`
/// where it cannot be at all.
#[must_use]
pub fn deviation(caught: u32, windows: u32, chance: f64) -> Option<f64> {
    let windows = f64::from(windows);
    let off = f64::from(caught) - windows * chance;
    let variance = windows * chance * (1.0 - chance);
    if variance > 0.0 {
        return Some(off / variance.sqrt());
    }
    (off.abs() < 1e-9).then_some(0.0)
}

/// The chance to catch, by `samples`, who skips this share.
#[must_use]
pub fn detection(share: f64, samples: u32) -> f64 {
    1.0 - (1.0 - share).powf(f64::from(samples))
}

/// What is at stake in a window, in any currency.
#[derive(Clone, Copy, Debug)]
pub struct Stakes {
    /// What an honest GPU is paid for what the liar claims.
    pub pay: f64,
    /// What is slashed of who is caught.
    pub slash: f64,
}

impl Stakes {
    /// What a liar that is caught with this chance gains a window.
    #[must_use]
    pub fn lying(&self, caught: f64) -> f64 {
        (1.0 - caught) * self.pay - caught * self.slash
    }

    /// What it would gain by claiming what it does compute, a share less.
    #[must_use]
    pub fn honest(&self, share: f64) -> f64 {
        (1.0 - share) * self.pay
    }

    /// How often a lie has to pass whose honest alternative is paid nothing, as that of a
    /// GPU just below the lowest floor, to lose nothing.
    #[must_use]
    pub fn even(&self) -> f64 {
        self.slash / (self.pay + self.slash)
    }

    /// Below which share such a lie passes as often by chance.
    #[must_use]
    pub fn edge(&self, samples: u32) -> f64 {
        1.0 - self.even().powf(1.0 / f64::from(samples))
    }

    /// The same where one who would be caught is silent, and a friend's report of that
    /// earns this part of the slash.
    #[must_use]
    pub fn silent(self, bounty: f64) -> Self {
        Self {
            slash: self.slash * (1.0 - bounty),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_agrees_with_its_chance_and_not_with_another() {
        assert!(agrees(520, 1_000, 0.5, 2.0));
        assert!(!agrees(560, 1_000, 0.5, 3.0));
        assert!(agrees(1_000, 1_000, 1.0, 4.0));
        assert!(!agrees(999, 1_000, 1.0, 4.0));
        assert!(agrees(0, 1_000, 0.0, 4.0));
        assert!(!agrees(1, 1_000, 0.0, 4.0));
        // Eight where 1.6 are expected is one case in four thousand, and fourteen none.
        assert!(agrees(8, 40, 0.039, 4.0));
        assert!(!agrees(14, 40, 0.039, 4.0));
    }

    #[test]
    fn the_protocols_own_figures() {
        assert!((detection(0.1, 16) - 0.8147).abs() < 1e-4);
        // One reveal of 16 shows 83% at 95% confidence.
        assert!((detection(0.17, 16) - 0.95).abs() < 1e-2);
    }

    #[test]
    fn at_the_edge_a_lie_gains_nothing_and_below_it_something() {
        let stakes = Stakes {
            pay: 1.0,
            slash: 160.0 / 9.0,
        };
        let edge = stakes.edge(16);
        assert!(stakes.lying(detection(edge, 16)).abs() < 1e-9);
        assert!(stakes.lying(detection(0.9 * edge, 16)) > 0.0);
        assert!(stakes.lying(detection(1.1 * edge, 16)) < 0.0);
        assert!(edge > 0.003 && edge < 0.004);
        // With a friend 16 pays are at stake in place of 17.8, and there is more to gain.
        let silent = stakes.silent(0.1);
        assert!((silent.even() - 16.0 / 17.0).abs() < 1e-9);
        assert!(silent.edge(16) > edge);
    }
}
