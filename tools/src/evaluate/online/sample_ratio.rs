//! Whether the arms hold as many users as they should: a mismatch says that the assignment or the log is broken, and then
//! no difference between the arms means anything (Fabijan et al., "Diagnosing sample ratio mismatch in online controlled
//! experiments", KDD 2019).

use serde::Serialize;

use super::tails::chi_square_above;

/// Below, the counts are not those of the shares.
pub const MISMATCH_P: f64 = 0.001;

/// The counts beside the shares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleRatio {
    pub arms: Vec<ArmCount>,
    /// Pearson's chi-square test.
    pub p: f64,
    pub is_mismatch: bool,
}

/// Users of an arm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArmCount {
    pub arm: String,
    pub users: usize,
    /// Of all users, 0 to 1.
    pub expected_share: f64,
}

/// Tests counts of users against shares, which add up to 1.
pub fn test(arms: Vec<ArmCount>) -> SampleRatio {
    let users: usize = arms.iter().map(|arm| arm.users).sum();
    let statistic: f64 = arms
        .iter()
        .map(|arm| {
            let expected = arm.expected_share * users as f64;
            (arm.users as f64 - expected).powi(2) / expected
        })
        .sum();
    let p = chi_square_above(statistic, arms.len() as u32 - 1);
    SampleRatio {
        arms,
        p,
        is_mismatch: p < MISMATCH_P,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(usize, f64)]) -> SampleRatio {
        let arm = |(users, expected_share): &(usize, f64)| ArmCount {
            arm: String::new(),
            users: *users,
            expected_share: *expected_share,
        };
        test(counts.iter().map(arm).collect())
    }

    #[test]
    fn counts_far_from_their_shares_are_a_mismatch() {
        assert!(!counts(&[(5_000, 0.5), (5_060, 0.5)]).is_mismatch);
        // 821,588 and 815,482 users of an even split: Kohavi, Tang and Xu 2020, chapter 21.
        let known = counts(&[(821_588, 0.5), (815_482, 0.5)]);
        assert!(known.is_mismatch && known.p < 2e-6, "{known:?}");
        assert!(!counts(&[(9_000, 0.9), (1_000, 0.1)]).is_mismatch);
        assert!(counts(&[(9_000, 0.5), (1_000, 0.5)]).is_mismatch);
        assert!(counts(&[(400, 1.0 / 3.0), (300, 1.0 / 3.0), (300, 1.0 / 3.0)]).is_mismatch);
    }
}
