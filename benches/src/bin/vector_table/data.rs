//! Clustered vectors, queries from the same clusters, and exact answers.

use rayon::prelude::*;

/// Results that recall is measured over.
pub const K: usize = 10;
/// Queries of a data set.
const QUERIES: usize = 1_000;
/// Vectors a cluster.
const CLUSTER_ROWS: usize = 100;
/// Standard deviation of a component around its centre, whose own is 1.
const SPREAD: f32 = 0.8;

/// Vectors of length 1 with the exact nearest of each query.
pub struct Dataset {
    pub dimensions: usize,
    pub vectors: Vec<Vec<f32>>,
    pub queries: Vec<Vec<f32>>,
    /// Similarity of the tenth best vector of each query.
    tenth: Vec<f32>,
}

impl Dataset {
    pub fn new(rows: usize, dimensions: usize) -> Self {
        let mut random = Random(rows as u64 * 31 + dimensions as u64);
        let mut centre = || {
            (0..dimensions)
                .map(|_| random.normal())
                .collect::<Vec<f32>>()
        };
        let centres: Vec<Vec<f32>> = (0..rows.div_ceil(CLUSTER_ROWS)).map(|_| centre()).collect();
        let mut random = Random(7);
        let mut draw = || {
            let centre = &centres[random.next() as usize % centres.len()];
            unit(
                centre
                    .iter()
                    .map(|value| value + SPREAD * random.normal())
                    .collect(),
            )
        };
        let vectors: Vec<Vec<f32>> = (0..rows).map(|_| draw()).collect();
        let queries: Vec<Vec<f32>> = (0..QUERIES).map(|_| draw()).collect();
        let tenth = tenth_best(&vectors, &queries, |_| true);
        Self {
            dimensions,
            vectors,
            queries,
            tenth,
        }
    }

    /// Part of the exact ten best that `found` holds, over all queries.
    pub fn recall(&self, found: &[Vec<u32>]) -> f64 {
        self.recall_against(found, &self.tenth)
    }

    /// Like [`Self::recall`], when only some vectors are eligible.
    pub fn filtered_recall(
        &self,
        found: &[Vec<u32>],
        eligible: impl Fn(u32) -> bool + Sync,
    ) -> f64 {
        self.recall_against(found, &tenth_best(&self.vectors, &self.queries, eligible))
    }

    fn recall_against(&self, found: &[Vec<u32>], tenth: &[f32]) -> f64 {
        let hits = found
            .iter()
            .zip(&self.queries)
            .zip(tenth)
            .map(|((found, query), tenth)| {
                let near = |&&row: &&u32| dot(query, &self.vectors[row as usize]) >= tenth - 1e-6;
                found.iter().filter(near).count()
            });
        hits.sum::<usize>() as f64 / (K * self.queries.len()) as f64
    }
}

fn tenth_best(
    vectors: &[Vec<f32>],
    queries: &[Vec<f32>],
    eligible: impl Fn(u32) -> bool + Sync,
) -> Vec<f32> {
    let tenth = |query: &Vec<f32>| {
        let rows = (0u32..).zip(vectors).filter(|(row, _)| eligible(*row));
        let mut all: Vec<f32> = rows.map(|(_, vector)| dot(query, vector)).collect();
        *all.select_nth_unstable_by(K - 1, |left, right| right.total_cmp(left))
            .1
    };
    queries.par_iter().map(tenth).collect()
}

fn dot(left: &[f32], right: &[f32]) -> f32 {
    // Sixteen sums at once, in loops without iterators, so that vector instructions are used.
    let mut sums = [0f32; 16];
    let (left, left_rest) = left.as_chunks::<16>();
    let (right, right_rest) = right.as_chunks::<16>();
    for chunk in 0..left.len().min(right.len()) {
        for lane in 0..16 {
            sums[lane] += left[chunk][lane] * right[chunk][lane];
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

fn unit(vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.into_iter().map(|value| value / length).collect()
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    pub fn uniform(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.uniform()).sum::<f32>() - 6.0
    }
}
