//! Tail probabilities.

use std::f64::consts::{PI, SQRT_2};

/// Probability that a standard normal number is as far from 0.
pub fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / SQRT_2)
}

/// Probability that a chi-square number of some degrees of freedom is as large. From one or two degrees upward by the
/// recurrence of the incomplete gamma function.
pub fn chi_square_above(x: f64, degrees: u32) -> f64 {
    if x <= 0.0 || degrees == 0 {
        return 1.0;
    }
    let half = x / 2.0;
    let (mut above, mut at, mut term) = match degrees % 2 {
        1 => (
            libm::erfc(half.sqrt()),
            1.0,
            2.0 * (half / PI).sqrt() * (-half).exp(),
        ),
        _ => ((-half).exp(), 2.0, half * (-half).exp()),
    };
    while at < f64::from(degrees) {
        above += term;
        at += 2.0;
        term *= half / (at / 2.0);
    }
    above.min(1.0)
}

/// Probability that a fair coin falls as unevenly as so many heads and tails: the sign test, exact, two-sided.
pub fn fair_coin_two_sided(heads: usize, tails: usize) -> f64 {
    let (count, fewer) = ((heads + tails) as f64, heads.min(tails));
    let of = |k: usize| {
        let k = k as f64;
        let ways =
            libm::lgamma(count + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(count - k + 1.0);
        (ways - count * 2f64.ln()).exp()
    };
    (2.0 * (0..=fewer).map(of).sum::<f64>()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-9, "{left} ≠ {right}");
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        close(normal_two_sided(1.959_963_984_540_054), 0.05);
        close(normal_two_sided(-1.959_963_984_540_054), 0.05);
        // The 95 % and 99.9 % points of chi-square tables.
        for (x, degrees, above) in [
            (3.841_458_820_694_124, 1, 0.05),
            (5.991_464_547_107_979, 2, 0.05),
            (7.814_727_903_251_179, 3, 0.05),
            (11.070_497_693_516_351, 5, 0.05),
            (10.827_566_170_662_733, 1, 0.001),
            (18.307_038_053_275_146, 10, 0.05),
        ] {
            close(chi_square_above(x, degrees), above);
        }
        close(chi_square_above(0.0, 3), 1.0);
    }

    #[test]
    fn a_coin_is_counted_exactly() {
        close(fair_coin_two_sided(5, 0), 2.0 / 32.0);
        close(fair_coin_two_sided(1, 4), 2.0 * 6.0 / 32.0);
        close(fair_coin_two_sided(3, 3), 1.0);
        close(fair_coin_two_sided(0, 0), 1.0);
    }
}
