//! How unevenly something is spread.

/// Parts of a Lorenz curve: a point every hundredth.
const LORENZ_PARTS: usize = 100;

/// The spread of some amounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Inequality {
    /// [`gini`].
    pub gini: f64,
    /// What the least 0 %, 1 % … 100 % have of all, 0 to 1 (Lorenz 1905); between two amounts in proportion. Empty where there
    /// is nothing to spread.
    pub lorenz: Vec<f64>,
}

impl Inequality {
    /// Of amounts of at least 0.
    pub fn of(mut amounts: Vec<f64>) -> Self {
        amounts.sort_by(f64::total_cmp);
        Self {
            gini: gini_of_ascending(&amounts),
            lorenz: lorenz(&amounts),
        }
    }
}

/// Half the mean difference between two amounts, relative to the mean (Gini 1912), 0 (all alike) to nearly 1 (one has all); 0
/// where all are 0 or there are none.
pub fn gini(mut amounts: Vec<f64>) -> f64 {
    amounts.sort_by(f64::total_cmp);
    gini_of_ascending(&amounts)
}

fn gini_of_ascending(amounts: &[f64]) -> f64 {
    let count = amounts.len() as f64;
    let sum: f64 = amounts.iter().sum();
    if sum <= 0.0 {
        return 0.0;
    }
    let ranked: f64 = (1u32..)
        .zip(amounts)
        .map(|(rank, amount)| f64::from(rank) * amount)
        .sum();
    2.0 * ranked / (count * sum) - (count + 1.0) / count
}

fn lorenz(ascending: &[f64]) -> Vec<f64> {
    let sum: f64 = ascending.iter().sum();
    if sum <= 0.0 {
        return Vec::new();
    }
    let mut points = Vec::with_capacity(LORENZ_PARTS + 1);
    let (mut below, mut taken) = (0.0, 0);
    for part in 0..=LORENZ_PARTS {
        let place = ascending.len() * part;
        let whole = place / LORENZ_PARTS;
        below += ascending[taken..whole].iter().sum::<f64>();
        taken = whole;
        let rest = (place % LORENZ_PARTS) as f64 / LORENZ_PARTS as f64;
        let next = ascending.get(whole).copied().unwrap_or(0.0);
        points.push(((below + rest * next) / sum).min(1.0));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unevenness_is_nothing_among_equals_and_nearly_one_when_one_has_all() {
        assert_eq!(gini(vec![]), 0.0);
        assert!(gini(vec![0.25; 4]).abs() < 1e-12);
        assert!((gini(vec![0.0, 0.0, 0.0, 1.0]) - 0.75).abs() < 1e-12);
        // Half the mean of all differences: (0 + 1 + 2 + 1 + 0 + 1 + 2 + 1 + 0) / 9, beside twice the mean of 2.
        assert!((gini(vec![3.0, 1.0, 2.0]) - 8.0 / 9.0 / 4.0).abs() < 1e-12);
    }

    #[test]
    fn a_lorenz_curve_begins_with_those_that_have_least() {
        let curve = Inequality::of(vec![6.0, 0.0, 3.0, 1.0]).lorenz;
        assert_eq!(curve.len(), 101);
        for (part, expected) in [(0, 0.0), (25, 0.0), (50, 0.1), (75, 0.4), (100, 1.0)] {
            assert!(
                (curve[part] - expected).abs() < 1e-12,
                "{part}: {}",
                curve[part]
            );
        }
        assert!((curve[60] - (1.0 + 0.4 * 3.0) / 10.0).abs() < 1e-12);
        assert!(Inequality::of(vec![0.0; 3]).lorenz.is_empty());
    }

    #[test]
    fn twice_the_area_above_the_curve_is_the_coefficient() {
        let amounts: Vec<f64> = (0..200).map(|n| f64::from(n * n % 97)).collect();
        let of = Inequality::of(amounts);
        let below: f64 = of
            .lorenz
            .windows(2)
            .map(|pair| (pair[0] + pair[1]) / 200.0)
            .sum();
        assert!(
            (of.gini - (1.0 - 2.0 * below)).abs() < 1e-3,
            "{} and {below}",
            of.gini
        );
    }
}
