//! What an item's own features say of its vector.
//!
//! A ridge regression learns on items that shoppers know how features become vectors; an item that n events speak for
//! gets (n · its own + k · that of its features) / (n + k) (the linear map of Gantner et al., ICDM 2010).

use ndarray::Array2;
use rayon::prelude::*;

use super::{
    ItemIndex, cholesky,
    factors::{FactorOptions, Factors},
};

/// Most features: the equations grow with the square, their solution with the cube. Longer lists must be hashed.
pub const FEATURES_MAX: usize = 2_048;

/// Features of every item, most of them 0.
#[derive(Debug, Clone, Default)]
pub struct Features {
    dimensions: usize,
    starts: Vec<usize>,
    values: Vec<(u32, f32)>,
}

/// Features that cannot be learnt from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeaturesError {
    #[error("{0} features an item, at most {FEATURES_MAX}")]
    TooMany(usize),
    #[error("item {item} has feature {feature}, which is not below {dimensions}")]
    Unknown {
        item: usize,
        feature: u32,
        dimensions: usize,
    },
    #[error("a feature of item {item} is not a number")]
    NotFinite { item: usize },
}

impl Features {
    /// Of each item's features that are not 0, in the order of items.
    ///
    /// # Errors
    /// There are more than [`FEATURES_MAX`], or an item has one that cannot be.
    pub fn new(
        dimensions: usize,
        rows: impl Iterator<Item = Vec<(u32, f32)>>,
    ) -> Result<Self, FeaturesError> {
        if dimensions > FEATURES_MAX {
            return Err(FeaturesError::TooMany(dimensions));
        }
        let (mut starts, mut values) = (vec![0], Vec::new());
        for (item, row) in rows.enumerate() {
            for (feature, value) in &row {
                if *feature as usize >= dimensions {
                    return Err(FeaturesError::Unknown {
                        item,
                        feature: *feature,
                        dimensions,
                    });
                }
                if !value.is_finite() {
                    return Err(FeaturesError::NotFinite { item });
                }
            }
            values.extend(row);
            starts.push(values.len());
        }
        Ok(Self {
            dimensions,
            starts,
            values,
        })
    }

    /// Items that have a row.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn row(&self, item: usize) -> &[(u32, f32)] {
        &self.values[self.starts[item]..self.starts[item + 1]]
    }

    /// A row with the constant feature that carries the mean.
    fn with_constant(&self, item: usize) -> impl Iterator<Item = (usize, f32)> {
        let constant = (self.dimensions, 1.0);
        let row = self.row(item).iter();
        row.map(|(feature, value)| (*feature as usize, *value))
            .chain([constant])
    }
}

/// How features become vectors.
#[derive(Debug, Clone)]
pub struct ContentMap {
    /// A row a feature, and one for the constant.
    map: Array2<f64>,
}

/// Added to the diagonal of the equations: what a feature must bring before it is believed.
pub const CONTENT_RIDGE: f64 = 2.0;

impl ContentMap {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        (self.map.len() * size_of::<f64>()) as u64
    }

    /// Learns from the items that `events` speak for: each weighs n / (n + k).
    pub fn learn(
        features: &Features,
        factors: &Factors,
        events: &[f32],
        k: f32,
        ridge: f64,
    ) -> Self {
        let width = features.dimensions + 1;
        let mut left = Array2::<f64>::zeros((width, width));
        let mut right = Array2::<f64>::zeros((width, factors.dimensions()));
        left.diag_mut().fill(ridge);
        let items = features.len().min(factors.len());
        for (item, n) in events.iter().enumerate().take(items) {
            let weight = f64::from(n / (n + k));
            if weight <= 0.0 {
                continue;
            }
            for (a, x) in features.with_constant(item) {
                let x = weight * f64::from(x);
                for (b, y) in features.with_constant(item).filter(|(b, _)| *b <= a) {
                    left[[a, b]] += x * f64::from(y);
                }
                let vector = factors.vector(item as ItemIndex);
                for (to, number) in right.row_mut(a).iter_mut().zip(vector) {
                    *to += x * f64::from(*number);
                }
            }
        }
        Self {
            map: cholesky::solve(left, right),
        }
    }

    /// What a shopper's vector wants of each feature, the constant last: its product with features is that of the vector
    /// with theirs.
    pub fn wanted(&self, shopper: &[f32]) -> Vec<f32> {
        let rows = self.map.rows().into_iter();
        let products = rows.map(|row| {
            let products = row.iter().zip(shopper);
            products
                .map(|(number, x)| number * f64::from(*x))
                .sum::<f64>() as f32
        });
        products.collect()
    }

    /// The vector that an item's features speak for.
    pub fn vector(&self, features: &Features, item: usize) -> Vec<f32> {
        let mut sums = vec![0.0; self.map.ncols()];
        for (feature, value) in features.with_constant(item) {
            for (sum, number) in sums.iter_mut().zip(self.map.row(feature)) {
                *sum += f64::from(value) * number;
            }
        }
        sums.into_iter().map(|sum| sum as f32).collect()
    }
}

/// Gives each item (n · its own vector + k · that of its features) / (n + k).
pub fn blend_content(
    factors: &Factors,
    features: &Features,
    events: &[f32],
    k: f32,
    options: &FactorOptions,
) -> Factors {
    let map = ContentMap::learn(features, factors, events, k, CONTENT_RIDGE);
    let vectors = (0..factors.len()).into_par_iter().flat_map_iter(|item| {
        let own = factors.vector(item as ItemIndex);
        let n = events[item];
        let content = if item < features.len() {
            map.vector(features, item)
        } else {
            own.to_vec()
        };
        let blended = own.iter().zip(content);
        blended
            .map(|(own, content)| (n * own + k * content) / (n + k))
            .collect::<Vec<f32>>()
    });
    Factors::new(vectors.collect(), options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(items: usize) -> impl Iterator<Item = Vec<(u32, f32)>> {
        (0..items).map(|item| {
            vec![
                ((item % 3) as u32, 1.0 + (item % 5) as f32),
                (3, (item % 7) as f32),
            ]
        })
    }

    fn options() -> FactorOptions {
        FactorOptions {
            dimensions: 2,
            ..FactorOptions::default()
        }
    }

    /// A vector that is a linear map of the features, and a constant.
    fn linear(row: &[(u32, f32)]) -> [f32; 2] {
        let map = [[1.0, -2.0], [0.5, 0.0], [-1.0, 3.0], [0.25, 0.125]];
        let sum = |lane: usize| {
            row.iter()
                .map(|(f, x)| x * map[*f as usize][lane])
                .sum::<f32>()
        };
        [0.75 + sum(0), sum(1) - 1.0]
    }

    #[test]
    fn a_linear_map_is_found_and_serves_items_without_events() {
        let features = Features::new(4, rows(60)).unwrap();
        let truth: Vec<[f32; 2]> = rows(60).map(|row| linear(&row)).collect();
        let mut events = vec![10.0; 60];
        let mut vectors = truth.concat();
        for cold in 50..60 {
            events[cold] = 0.0;
            vectors[2 * cold..2 * cold + 2].fill(9.0);
        }
        let factors = Factors::new(vectors, &options());
        let map = ContentMap::learn(&features, &factors, &events, 3.0, 1e-9);
        for (item, truth) in truth.iter().enumerate() {
            let found = map.vector(&features, item);
            let off = (found[0] - truth[0]).abs() + (found[1] - truth[1]).abs();
            assert!(off < 1e-4, "item {item}: {found:?}, want {truth:?}");
            let wanted = map.wanted(&[2.0, -1.0]);
            let features = features.with_constant(item);
            let product: f32 = features
                .map(|(feature, value)| value * wanted[feature])
                .sum();
            let of_vector = 2.0 * found[0] - found[1];
            assert!((product - of_vector).abs() < 1e-3, "item {item}");
        }
    }

    #[test]
    fn the_fewer_events_the_more_content() {
        let features = Features::new(4, rows(60)).unwrap();
        let factors = Factors::new(rows(60).flat_map(|row| linear(&row)).collect(), &options());
        let mut strayed = factors.vectors().to_vec();
        let mut events = vec![1e6; 60];
        for (item, n) in [(0, 0.0), (1, 3.0), (2, 1e6)] {
            strayed[2 * item] += 1.0;
            events[item] = n;
        }
        let strayed = Factors::new(strayed, &options());
        let blended = blend_content(&strayed, &features, &events, 3.0, &options());
        let off = |item: u32| blended.vector(item)[0] - factors.vector(item)[0];
        assert!(off(0).abs() < 0.1, "{}", off(0));
        assert!((off(1) - 0.5).abs() < 0.1, "{}", off(1));
        assert!((off(2) - 1.0).abs() < 0.1, "{}", off(2));
    }

    #[test]
    fn features_that_cannot_be_are_refused() {
        let refused = |dimensions, row: Vec<(u32, f32)>| {
            Features::new(dimensions, [row].into_iter()).unwrap_err()
        };
        assert_eq!(
            refused(FEATURES_MAX + 1, Vec::new()),
            FeaturesError::TooMany(FEATURES_MAX + 1)
        );
        assert!(Features::new(FEATURES_MAX, std::iter::empty()).is_ok());
        let unknown = refused(4, vec![(4, 1.0)]).to_string();
        assert!(unknown.contains("feature 4"), "{unknown}");
        assert_eq!(
            refused(4, vec![(1, f32::NAN)]),
            FeaturesError::NotFinite { item: 0 }
        );
    }
}
