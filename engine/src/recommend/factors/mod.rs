//! Matrix factorisation of implicit feedback: a vector for each item and shopper, whose product says how much the one
//! wants the other.
//!
//! Hu, Koren, Volinsky, "Collaborative Filtering for Implicit Feedback Datasets" (ICDM 2008), in the form of Rendle et al.,
//! "Revisiting the Performance of iALS on Item Recommendation Benchmarks" (RecSys 2022): minimise
//! Σ over observed c·(1 − x·v)² + α₀ · Σ over all pairs (x·v)² + λ · Σ over vectors (c + α₀·N)·|vector|².

pub mod seeded;
mod solve;
pub mod train;

use ndarray::ArrayView2;

use sampan_analyzers::memory::vec_bytes;

use super::{ItemIndex, neighbours::strongest};
use solve::Problem;

/// How vectors are learnt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactorOptions {
    /// Numbers a vector, 1 to 1,024.
    pub dimensions: usize,
    /// α₀: weight of a pair that was not observed; an observed one weighs about 1 more.
    pub unobserved: f32,
    /// λ.
    pub regularisation: f32,
    /// Passes over shoppers and items.
    pub iterations: usize,
    /// Steps of the solver for each vector and pass; it goes on from where the last pass left it.
    pub solver_steps: usize,
    /// Two runs of one seed give one result, on any number of threads.
    pub seed: u64,
}

impl Default for FactorOptions {
    fn default() -> Self {
        Self {
            dimensions: 128,
            unobserved: 0.01,
            regularisation: 0.01,
            iterations: 10,
            solver_steps: 4,
            seed: 1,
        }
    }
}

/// Vectors of items, with what it takes to find the vector of a shopper.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    dimensions: usize,
    unobserved: f32,
    regularisation: f32,
    vectors: Vec<f32>,
    /// α₀ · Σ v·vᵀ over all items.
    gramian: Vec<f32>,
}

/// Steps of the solver for a shopper, who has no earlier vector to go on from; it stops as soon as it is there.
const FOLD_IN_STEPS: usize = 32;

impl Factors {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        vec_bytes(&self.vectors) + vec_bytes(&self.gramian)
    }

    /// Of the vectors of all items, one after the other.
    pub fn new(vectors: Vec<f32>, options: &FactorOptions) -> Self {
        let gramian = gramian(&vectors, options.dimensions, options.unobserved);
        Self {
            dimensions: options.dimensions,
            unobserved: options.unobserved,
            regularisation: options.regularisation,
            vectors,
            gramian,
        }
    }

    /// Numbers a vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// α₀ and λ.
    pub fn weights(&self) -> (f32, f32) {
        (self.unobserved, self.regularisation)
    }

    /// Items that have a vector.
    pub fn len(&self) -> usize {
        self.vectors.len() / self.dimensions
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.vectors.is_empty()
    }

    /// All vectors, one after the other.
    pub fn vectors(&self) -> &[f32] {
        &self.vectors
    }

    /// The vector of an item of the table.
    pub fn vector(&self, item: ItemIndex) -> &[f32] {
        &self.vectors[item as usize * self.dimensions..][..self.dimensions]
    }

    /// How much a shopper of this vector wants an item of the table.
    pub fn score(&self, shopper: &[f32], item: ItemIndex) -> f32 {
        dot(shopper, self.vector(item))
    }

    /// The items that a shopper of this vector wants most, best first, of all in the table.
    pub fn nearest(&self, shopper: &[f32], count: usize) -> Vec<ItemIndex> {
        let scores = (0..).zip(self.vectors.chunks_exact(self.dimensions));
        let scores = scores.map(|(item, vector)| (item, dot(shopper, vector)));
        let best = strongest(scores.collect(), count);
        best.into_iter().map(|(item, _)| item).collect()
    }

    /// The vector of a shopper who took these items with these confidences, above 0; an item may be there twice.
    /// Linear in the number of items: below a millisecond for the last hundred.
    pub fn fold_in(&self, taken: &[(ItemIndex, f32)]) -> Vec<f32> {
        let mut vector = vec![0.0; self.dimensions];
        let problem = Problem {
            gramian: &self.gramian,
            others: &self.vectors,
            observed: taken,
            ridge: ridge(
                self.unobserved,
                self.regularisation,
                taken.len(),
                self.len(),
            ),
        };
        problem.solve(&mut vector, FOLD_IN_STEPS);
        vector
    }
}

/// What is added to the diagonal of a vector's equations.
fn ridge(unobserved: f32, regularisation: f32, observed: usize, others: usize) -> f32 {
    regularisation * (observed as f32 + unobserved * others as f32)
}

fn gramian(vectors: &[f32], dimensions: usize, unobserved: f32) -> Vec<f32> {
    let count = vectors.len() / dimensions;
    // The shape is that of the slice: it cannot fail.
    let product = ArrayView2::from_shape((count, dimensions), &vectors[..count * dimensions])
        .map(|vectors| vectors.t().dot(&vectors) * unobserved);
    product.map_or_else(|_| Vec::new(), |product| product.iter().copied().collect())
}

/// Product of two vectors of one length.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    // Eight sums at once, for the compiler may not reorder additions by itself.
    let (a_blocks, a_rest) = a.as_chunks::<8>();
    let (b_blocks, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for (x, y) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}
