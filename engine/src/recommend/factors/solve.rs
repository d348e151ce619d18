//! The least-squares problem of one vector, by conjugate gradients (Takács et al., RecSys 2011).
//!
//! Its matrix, α₀·Σ v·vᵀ + Σ observed c·v·vᵀ + ridge, is never formed: a product with it costs d² for all items together
//! and d for each observed one.

use super::{ItemIndex, dot};

/// The remainder below which a vector is found, as a share of the first.
const TOLERANCE: f32 = 1e-10;

/// What is known of one vector.
pub struct Problem<'a> {
    /// α₀ · Σ v·vᵀ over all of the other side.
    pub gramian: &'a [f32],
    /// Vectors of the other side.
    pub others: &'a [f32],
    /// Whom it was observed with, and the confidence of it.
    pub observed: &'a [(ItemIndex, f32)],
    /// Added to the diagonal, above 0.
    pub ridge: f32,
}

impl Problem<'_> {
    /// Brings `vector` nearer to the solution, in so many steps at most.
    pub fn solve(&self, vector: &mut [f32], steps: usize) {
        let mut wanted = vec![0.0; vector.len()];
        for (other, confidence) in self.observed {
            add(&mut wanted, self.other(*other, vector.len()), *confidence);
        }
        let mut product = vec![0.0; vector.len()];
        self.multiply(vector, &mut product);
        let mut rest: Vec<f32> = wanted.iter().zip(&product).map(|(a, b)| a - b).collect();
        let mut direction = rest.clone();
        let mut square = dot(&rest, &rest);
        let enough = TOLERANCE * dot(&wanted, &wanted);
        for _ in 0..steps {
            if square <= enough {
                return;
            }
            self.multiply(&direction, &mut product);
            let step = square / dot(&direction, &product);
            add(vector, &direction, step);
            add(&mut rest, &product, -step);
            let next = dot(&rest, &rest);
            let share = next / square;
            for (direction, rest) in direction.iter_mut().zip(&rest) {
                *direction = rest + share * *direction;
            }
            square = next;
        }
    }

    fn multiply(&self, vector: &[f32], product: &mut [f32]) {
        let rows = self.gramian.chunks_exact(vector.len());
        for ((product, x), row) in product.iter_mut().zip(vector).zip(rows) {
            *product = self.ridge * x + dot(row, vector);
        }
        for (other, confidence) in self.observed {
            let other = self.other(*other, vector.len());
            add(product, other, confidence * dot(other, vector));
        }
    }

    fn other(&self, other: ItemIndex, dimensions: usize) -> &[f32] {
        &self.others[other as usize * dimensions..][..dimensions]
    }
}

/// Adds `share` of a vector to another.
fn add(to: &mut [f32], vector: &[f32], share: f32) {
    for (to, number) in to.iter_mut().zip(vector) {
        *to += share * number;
    }
}
