//! Deterministic clustered vectors, and the exact answers to compare with.

use roaring::RoaringBitmap;

use super::super::{VectorOptions, VectorWriter};

/// Vectors around random centres, in row order of ordinals 0, 1, 2 …
pub struct Clustered {
    pub vectors: Vec<Vec<f32>>,
    pub queries: Vec<Vec<f32>>,
}

/// Length of the random offset from a centre, in units of the centre's length.
const SPREAD: f32 = 0.6;

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// xorshift64* (Vigna, 2016).
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }

    pub fn uniform(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Roughly normal, mean 0 and variance 1: a sum of twelve uniform numbers.
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.uniform()).sum::<f32>() - 6.0
    }

    pub fn vector(&mut self, dimensions: usize) -> Vec<f32> {
        (0..dimensions).map(|_| self.normal()).collect()
    }
}

impl Clustered {
    pub fn new(rows: usize, dimensions: usize, clusters: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let centres: Vec<Vec<f32>> = (0..clusters).map(|_| random.vector(dimensions)).collect();
        let mut draw = || {
            let centre = &centres[random.below(clusters as u64) as usize];
            centre
                .iter()
                .map(|value| value + SPREAD * random.normal())
                .collect::<Vec<f32>>()
        };
        let vectors = (0..rows).map(|_| draw()).collect();
        let queries = (0..100).map(|_| draw()).collect();
        Self { vectors, queries }
    }

    pub fn cosine(&self, query: &[f32], ordinal: u32) -> f32 {
        cosine(query, &self.vectors[ordinal as usize])
    }

    /// Cosine of the `k`-th best eligible vector.
    pub fn kth_cosine(&self, query: &[f32], k: usize, eligible: &RoaringBitmap) -> f32 {
        let mut all: Vec<f32> = eligible.iter().map(|o| self.cosine(query, o)).collect();
        all.sort_unstable_by(|left, right| right.total_cmp(left));
        all[k - 1]
    }

    pub fn fill(&self, writer: &mut VectorWriter) {
        for (ordinal, vector) in (0u32..).zip(&self.vectors) {
            writer.upsert(ordinal, vector).unwrap();
        }
    }
}

pub fn cosine(left: &[f32], right: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| f64::from(x * y)).sum::<f64>();
    (dot(left, right) / (dot(left, left) * dot(right, right)).sqrt()) as f32
}

pub fn all_below(rows: u32) -> RoaringBitmap {
    (0..rows).collect()
}

pub fn options(tail_rows_max: usize) -> VectorOptions {
    VectorOptions {
        tail_rows_max,
        build_threads: 2,
        ..VectorOptions::default()
    }
}
