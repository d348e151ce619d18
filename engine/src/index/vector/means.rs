//! What is subtracted from vectors before they are compared.
//!
//! A sentence encoder puts everything it encodes into a narrow cone, and short queries into another
//! one than long titles, so that all cosines are high and alike. Without the common part, which says
//! nothing, they spread (Mu and Viswanath, "All-but-the-Top", 2018).
//!
//! A vector is scaled to length 1, its mean is subtracted, and the rest is scaled to length 1 again.
//! Only that direction is stored; because the original had length 1, [`Recentring`] can still compute
//! it, so new means need neither the store nor the encoder.

use super::error::VectorError;
use super::options::{DIMENSIONS_MAX, MEAN_LENGTH_MAX};

/// The means of items and of queries, each of vectors of length 1; empty: nothing is subtracted.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Means {
    pub item: Vec<f32>,
    pub query: Vec<f32>,
}

impl Means {
    /// Takes means of as many dimensions as the index has, or empty ones.
    pub fn new(
        item: &[f32],
        query: &[f32],
        dimensions: Option<usize>,
    ) -> Result<Self, VectorError> {
        let dimensions = dimensions.or([item, query].map(<[f32]>::len).into_iter().max());
        for mean in [item, query] {
            check_mean(mean, dimensions)?;
        }
        Ok(Self {
            item: item.to_vec(),
            query: query.to_vec(),
        })
    }

    /// Dimensions of the means; `None` when both are empty.
    pub fn dimensions(&self) -> Option<usize> {
        let longest = self.item.len().max(self.query.len());
        (longest > 0).then_some(longest)
    }
}

fn check_mean(mean: &[f32], dimensions: Option<usize>) -> Result<(), VectorError> {
    if mean.is_empty() {
        return Ok(());
    }
    check(mean, dimensions)?;
    let length = length_of(mean) as f32;
    if length > MEAN_LENGTH_MAX {
        return Err(VectorError::MeanTooLong { length });
    }
    Ok(())
}

/// Checks `vector`, scales it to length 1, subtracts `mean`, and scales what is left to length 1.
pub(super) fn direction(
    vector: &[f32],
    dimensions: Option<usize>,
    mean: &[f32],
) -> Result<Vec<f32>, VectorError> {
    check(vector, dimensions)?;
    let unit = scaled_to_one(vector.iter().copied().map(f64::from));
    let unit = unit.ok_or(VectorError::ZeroLength)?;
    if mean.is_empty() {
        return Ok(unit);
    }
    let rest = unit.iter().zip(mean).map(|(value, mean)| value - mean);
    // A mean is shorter than 1, so something of a vector of length 1 is always left.
    scaled_to_one(rest.map(f64::from)).ok_or(VectorError::ZeroLength)
}

/// From directions around one mean to directions around another.
pub(super) struct Recentring {
    from: Vec<f32>,
    to: Vec<f32>,
}

impl Recentring {
    /// Empty means are zeros.
    pub fn new(from: &[f32], to: &[f32], dimensions: usize) -> Self {
        let padded = |mean: &[f32]| {
            let mut mean = mean.to_vec();
            mean.resize(dimensions, 0.0);
            mean
        };
        Self {
            from: padded(from),
            to: padded(to),
        }
    }

    /// The direction around the new mean of what has the direction `old` around the old one.
    pub fn apply(&self, old: &[f32]) -> Vec<f32> {
        // The original is `from + t·old` for the one t ≥ 0 that gives it length 1.
        let along = dot(&self.from, old);
        let t = (along * along + 1.0 - dot(&self.from, &self.from)).sqrt() - along;
        let parts = old.iter().zip(&self.from).zip(&self.to);
        let moved =
            parts.map(|((&old, &from), &to)| f64::from(from) + t * f64::from(old) - f64::from(to));
        // As in `direction`, something is always left; if not, the old direction is as good as any.
        scaled_to_one(moved).unwrap_or_else(|| old.to_vec())
    }
}

fn check(vector: &[f32], dimensions: Option<usize>) -> Result<(), VectorError> {
    let got = vector.len();
    if got == 0 {
        return Err(VectorError::Empty);
    }
    if got > DIMENSIONS_MAX {
        return Err(VectorError::TooManyDimensions { got });
    }
    if let Some(expected) = dimensions
        && expected != got
    {
        return Err(VectorError::WrongDimension { expected, got });
    }
    match vector.iter().position(|value| !value.is_finite()) {
        Some(position) => Err(VectorError::NotFinite {
            position,
            value: vector[position],
        }),
        None => Ok(()),
    }
}

/// `None` when all are zero.
fn scaled_to_one(vector: impl Iterator<Item = f64> + Clone) -> Option<Vec<f32>> {
    // f64: the square of a finite f32 neither overflows nor vanishes in it.
    let length = vector
        .clone()
        .map(|value| value * value)
        .sum::<f64>()
        .sqrt();
    (length > 0.0).then(|| vector.map(|value| (value / length) as f32).collect())
}

fn length_of(vector: &[f32]) -> f64 {
    dot(vector, vector).sqrt()
}

fn dot(left: &[f32], right: &[f32]) -> f64 {
    let products = left
        .iter()
        .zip(right)
        .map(|(&a, &b)| f64::from(a) * f64::from(b));
    products.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: &[f32], right: &[f32]) -> bool {
        left.len() == right.len() && left.iter().zip(right).all(|(a, b)| (a - b).abs() < 1e-5)
    }

    #[test]
    fn extreme_lengths_are_scaled_to_one() {
        for scale in [f32::MAX, f32::MIN_POSITIVE, 1e-44] {
            let unit = direction(&[scale, 0.0, -scale], Some(3), &[]).unwrap();
            assert!((unit[0] - 0.5f32.sqrt()).abs() < 1e-6, "{scale}: {unit:?}");
        }
    }

    #[test]
    fn the_length_of_a_vector_does_not_change_its_direction_around_a_mean() {
        let mean = [0.3, 0.1, -0.2];
        let short = direction(&[0.1, 0.2, 0.2], None, &mean).unwrap();
        let long = direction(&[100.0, 200.0, 200.0], None, &mean).unwrap();
        assert!(close(&short, &long));
        // (1/3, 2/3, 2/3) minus the mean, by hand.
        let rest = [0.033_333, 0.566_667, 0.866_667];
        assert!(close(&short, &direction(&rest, None, &[]).unwrap()));
    }

    #[test]
    fn recentring_gives_what_the_original_gives_around_the_new_mean() {
        let (old, new) = ([0.5, -0.3, 0.1, 0.2], [-0.1, 0.6, 0.3, 0.0]);
        for vector in [
            [1.0, 0.0, 0.0, 0.0],
            [3.0, -1.0, 2.0, 0.5],
            [-1.0, -1.0, 0.1, 9.0],
        ] {
            for (from, to) in [(&old[..], &new[..]), (&[], &new), (&old, &[])] {
                let held = direction(&vector, None, from).unwrap();
                let moved = Recentring::new(from, to, 4).apply(&held);
                assert!(close(&moved, &direction(&vector, None, to).unwrap()));
            }
        }
    }

    #[test]
    fn a_mean_is_finite_of_the_right_dimension_and_shorter_than_one() {
        let refused = |item: &[f32], query: &[f32]| Means::new(item, query, Some(2)).unwrap_err();
        assert!(matches!(
            refused(&[0.1], &[]),
            VectorError::WrongDimension {
                expected: 2,
                got: 1
            }
        ));
        assert!(matches!(
            refused(&[], &[0.1, f32::NAN]),
            VectorError::NotFinite { position: 1, .. }
        ));
        let limit = MEAN_LENGTH_MAX;
        assert!(Means::new(&[limit, 0.0], &[0.0, limit], Some(2)).is_ok());
        assert!(matches!(
            refused(&[limit + 1e-4, 0.0], &[]),
            VectorError::MeanTooLong { .. }
        ));
        // Without vectors the means decide, and must agree with each other.
        assert!(matches!(
            Means::new(&[0.1], &[0.1, 0.2], None).unwrap_err(),
            VectorError::WrongDimension {
                expected: 2,
                got: 1
            }
        ));
        assert_eq!(Means::new(&[], &[], None).unwrap(), Means::default());
    }
}
